#!/usr/bin/env bash
# Trunk with live reload on 3001, the server for /api on 3000. Debug build, no service worker.
set -euo pipefail
cd "$(dirname "$0")/.."
. tools/env.sh
cargo build --release --locked -p dukandar-server --features ssr
mkdir -p data .tools/dev-dist
"${CARGO_TARGET_DIR:-target}/release/dukandar" serve --addr 127.0.0.1:3000 --dist .tools/dev-dist --data data &
server=$!
trap 'kill "$server" 2>/dev/null' EXIT
env -u NO_COLOR trunk serve --dist .tools/dev-dist
