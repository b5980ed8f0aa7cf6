#!/usr/bin/env bash
# Runs the measurements of tests/bench and writes docs/bench.md and docs/bench.json.
set -euo pipefail
cd "$(dirname "$0")/.."
. tools/env.sh
[ -d tests/bench/node_modules/@duckdb ] || npm ci --prefix tests/bench --ignore-scripts --no-audit --no-fund
exec node tests/bench/run.mjs
