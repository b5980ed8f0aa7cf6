#!/usr/bin/env bash
# Boosting and forest on the yardsticks of ../shared, LightGBM from PyPI in the same run where python3 can have it;
# writes docs/bench-learn.md. LightGBM serves this measurement only and lives in the ignored .tools/.
set -euo pipefail
cd "$(dirname "$0")/.."
. tools/env.sh
[ -d ../shared/data/tabular ] || { echo "bench-learn: skipped, as ../shared/data/tabular is absent"; exit 0; }
command -v python3 >/dev/null || { echo "bench-learn: skipped, as it needs python3 for its table"; exit 0; }
python=python3
venv=.tools/bench-learn
if [ -x "$venv/bin/python" ] && "$venv/bin/python" -c 'import lightgbm' 2>/dev/null; then
  python=$venv/bin/python
elif python3 -m venv "$venv" && "$venv/bin/pip" install --quiet lightgbm==4.6.0 numpy; then
  python=$venv/bin/python
else
  echo "bench-learn: LightGBM can't be installed: not compared" >&2
fi
model() { sed -n 's/^model name[[:space:]]*: //p' /proc/cpuinfo 2>/dev/null | head -1; }
ours=$(mktemp) out=$(mktemp)
trap 'rm -f "$ours" "$out"' EXIT
cargo run --release --locked --quiet -p dukandar-tests --bin bench_learn > "$ours"
{
  echo "# Boosting and forest beside LightGBM"
  echo
  echo "\`make bench-learn\`, $(date -u +%F), commit $(git rev-parse --short HEAD), $(nproc) × $(model)."
  echo "Yardsticks of \`../shared/data/tabular\`: friedman1 learns its first 10,000 rows, rossmann all but its last 42 days, by"
  echo "the logarithm. CPU seconds are of binning and fitting, one thread, both in the same run."
  echo
  "$python" tests/bench/learn.py "$ours"
} > "$out"
cp "$out" docs/bench-learn.md
cat docs/bench-learn.md
