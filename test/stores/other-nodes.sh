#!/usr/bin/env bash
# The file store on other versions of Node than the one at hand, each brought by npm into a temporary folder:
# those whose own SQLite is used, and one whose SQLite is not sound, with the package and without it.
set -euo pipefail
root=$(cd "$(dirname "$0")/../.." && pwd)
folder=$(mktemp -d)
trap 'rm -rf "$folder"' EXIT

# Everything that is here but the package: a place where Node's own SQLite is all there is.
alone=$folder/alone
mkdir -p "$alone/node_modules"
cp -r "$root/src" "$root/test" "$root/package.json" "$root/tsconfig.json" "$alone"
find "$root/node_modules" -mindepth 1 -maxdepth 1 ! -name @photostructure \
  -exec ln -s -t "$alone/node_modules" {} +

# stores VERSION PLACE [TEST...]: the tests of the file store, and these, on this Node, in this folder.
stores() {
  local node=$folder/$1/node_modules/node/bin/node
  local place=$2
  if [ ! -x "$node" ]; then
    mkdir -p "$folder/$1"
    npm install --no-save --silent --prefix "$folder/$1" "node@$1"
  fi
  shift 2
  echo "the file store on Node $("$node" --version), in $place"
  (cd "$place" && "$node" node_modules/vitest/vitest.mjs run --config test/vitest.config.ts \
    test/contract/sqlite-store.test.ts test/stores/sqlite-file.test.ts "$@")
}

stores 24 "$root" test/stores/sqlite-crash.test.ts test/contract/postgres-store.test.ts
stores 22 "$root"
# The first of 22: its SQLite is not sound. With the package that one is taken, without it there is no
# write-ahead log.
stores 22.13.0 "$root"
stores 22.13.0 "$alone"
