#!/usr/bin/env bash
# Real demand of ../shared lived through by policies of ordering; writes docs/bench-stock.md and its pictures.
set -euo pipefail
cd "$(dirname "$0")/.."
. tools/env.sh
series=../shared/data/series
[ -d "$series" ] || { echo "bench-stock: skipped, as $series is absent"; exit 0; }
command -v node >/dev/null || { echo "bench-stock: skipped, as it needs node for its tables"; exit 0; }
model() { sed -n 's/^model name[[:space:]]*: //p' /proc/cpuinfo 2>/dev/null | head -1; }
out=$(mktemp -d)
trap 'rm -rf "$out"' EXIT
# DUKANDAR names a binary that is built already
lab=${DUKANDAR:-${CARGO_TARGET_DIR:-target}/release/dukandar}
[ -n "${DUKANDAR:-}" ] || cargo build --release --locked --quiet -p dukandar-server --features ssr
run() { # name, file, options…
  local name=$1 file=$2
  shift 2
  "$lab" lab simulate-stock --input "$series/$file" --runs 5 --frontier "$out/$name.frontier" \
    --compare "$out/$name.compare" --plot "docs/bench-stock-$name.svg" "$@" > "$out/$name.csv" 2> "$out/$name.err"
}
days=(--step-days 1 --review 7 --season 7 --learn-until 2011-08-19)
months=(--step-days 30.4375 --review 1 --season 12 --learn-until 38)
run days-7 or_daily_top200.csv.gz "${days[@]}" --lead-mean 7 --lead-std 2.1
run days-2 or_daily_top200.csv.gz "${days[@]}" --lead-mean 2 --lead-std 0.8
run months-7 carparts.csv.gz "${months[@]}" --lead-mean 7 --lead-std 2.1
run months-45 carparts.csv.gz "${months[@]}" --lead-mean 45 --lead-std 15
node tests/bench/stock.mjs "$out" "$(date -u +%F)" "$(git rev-parse --short HEAD)" "$(nproc) × $(model)" > "$out/page.md"
cp "$out/page.md" docs/bench-stock.md
cat docs/bench-stock.md
