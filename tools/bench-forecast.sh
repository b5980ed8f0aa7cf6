#!/usr/bin/env bash
# Runs our models on the series of ../shared beside the peers' scores there and writes docs/bench-forecast.md.
set -euo pipefail
cd "$(dirname "$0")/.."
. tools/env.sh
[ -d ../shared/data/series ] || { echo "bench-forecast: skipped, as ../shared/data/series is absent"; exit 0; }
model() { sed -n 's/^model name[[:space:]]*: //p' /proc/cpuinfo 2>/dev/null | head -1; }
out=$(mktemp) wasm=$(mktemp -d)
trap 'rm -rf "$out" "$wasm"' EXIT
cargo build --profile wasm-release --locked --quiet --target wasm32-unknown-unknown -p dukandar-core --example forecast_wasm
built=${CARGO_TARGET_DIR:-target}/wasm32-unknown-unknown/wasm-release/examples/forecast_wasm.wasm
wasm-bindgen --target no-modules --out-dir "$wasm" "$built"
{
  echo "# Forecasts beside the peers"
  echo
  echo "\`make bench-forecast\`, $(date -u +%F), commit $(git rev-parse --short HEAD), $(nproc) × $(model)."
  echo "Scores are those of \`../shared/data/README.md\`, on the test parts of \`../shared/data/series\`; \`auto\` is advised by"
  echo "its whole panel, as in \`lab backtest\`. Differences are ours − theirs, by case, with a paired-bootstrap 95 % interval"
  echo "over series (2,000 resamples, seeded): below 0 is better. CPU is of one thread, natively, fit, means and bands"
  echo "together; the peers' is what their own tables say. Peers are those with scores by series; the best one was chosen"
  echo "in hindsight. Load average before the run: $(cut -d' ' -f1 /proc/loadavg); a busy machine shows in every time below."
  echo
  cargo run --release --locked --quiet -p dukandar-tests --bin bench_forecast
  cat <<'TABLE'

## New products

Online Retail's products that start within the data, all but their first weeks hidden; WAPE of the next eight weeks, and
paired 95 % intervals of the difference over products. LightGBM 4 on attributes was fitted once, in November 2026
(`tests/tests/models/lifecycle_cold_start.rs` says how); the other columns are of this run. The cold-start model is
the shipped file, trained on 40 invented shops and on Complete Journey (`tools/cold-start.sh`), never on Online Retail; it
corrects ours in a product's first eight weeks.

| own weeks | products | ours | mean of look-alikes | ours − that | LightGBM | ours − that | cold-start model | ours − that |
|---|---|---|---|---|---|---|---|---|
TABLE
  cargo test --release --locked --quiet -p dukandar-tests --test models lifecycle_cold_start:: -- --ignored --nocapture 2>/dev/null | grep '^| '
  node tests/bench/forecast.mjs "$wasm"
} > "$out"
cp "$out" docs/bench-forecast.md
cat docs/bench-forecast.md
