#!/usr/bin/env bash
# The diagrams as Mermaid itself understands them. It is brought by npm into a temporary folder, with the DOM
# that it wants under Node: nobody else needs them.
set -euo pipefail
cd "$(dirname "$0")/../.."
folder=$(mktemp -d)
trap 'rm -rf "$folder"' EXIT

npm install --no-save --silent --no-audit --no-fund --prefix "$folder" mermaid@11.17.2 jsdom@29.1.1
node_modules/.bin/tsx test/formats/parse-diagrams.ts "$folder"
