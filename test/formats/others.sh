#!/usr/bin/env bash
# What we write for other programs is read by them: each in a folder of its own, so that nobody who only uses
# orderlab has to install them. One function a format.
set -euo pipefail
root=$(cd "$(dirname "$0")/../.." && pwd)
folder=$(mktemp -d)
trap 'rm -rf "$folder"' EXIT
cd "$folder"
echo '{"private":true,"type":"module"}' >package.json

orderlab() { env -u ORDERLAB_STORE node "$root/bin/orderlab.js" "$@"; }

# A log of each type of event there is; each line a CloudEvent by the strict rules of its own package.
cloudevents() {
  npm i --no-save --ignore-scripts --no-audit --no-fund --silent cloudevents@10.0.0
  orderlab --keep-going >/dev/null 2>&1 <<'LINES' || true
place alice keyboard cable:2 --key k-1
add-item mouse
pay
ship --carrier "Müller & Söhne"
place bob mouse
cancel --reason "too late"
saga
saga --fail=shipping
saga --fail=shipping --fail-compensation=payment
saga --crash-after=payment
saga resume
export log.jsonl
LINES
  node "$root/test/formats/cloudevents.mjs" log.jsonl
}

cloudevents
