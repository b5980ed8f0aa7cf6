#!/usr/bin/env bash
# Everything that must hold before a change lands. Prints each step with its seconds and ends with
# "N passed, N failed": every test counts one, and so does every step that is not a test runner.
# Usage: tools/test.sh [all|lint|helper|e2e]…
set -uo pipefail
cd "$(dirname "$0")/.."
. tools/env.sh
[ -z "${CI:-}" ] || export CARGO_INCREMENTAL=0
export CARGO_TERM_PROGRESS_WHEN=never
wasm=wasm32-unknown-unknown
logs=.tools/test-logs
mkdir -p "$logs"
# One line a step: passed, failed, name and log. Two lanes of steps write here.
results=$logs/results
: >"$results"

count() { sed -nE "$1" "$2" | awk '{ sum += $1 } END { print sum + 0 }'; }

# step <name> <command…>: runs it, keeps its output, counts what it says it ran.
step() {
  local name=$1
  local log="$logs/${name//[^a-z0-9]/-}.log" from=$SECONDS code ok bad
  shift
  "$@" >"$log" 2>&1
  code=$?
  # cargo test: "test result: ok. 12 passed; 0 failed"; node --test: "# pass 12", "# fail 0" (or with an ℹ)
  ok=$(count 's/^test result: .* ([0-9]+) passed;.*/\1/p; s/^(#|ℹ) pass ([0-9]+)$/\2/p' "$log")
  bad=$(count 's/^test result: .* ([0-9]+) failed;.*/\1/p; s/^(#|ℹ) (fail|cancelled) ([0-9]+)$/\3/p' "$log")
  if [ "$code" = 0 ] && [ $((ok + bad)) = 0 ]; then ok=1; fi
  # A runner that failed without counting a failure (it did not compile, it crashed) has failed once.
  if [ "$code" != 0 ] && [ "$bad" = 0 ]; then bad=1; fi
  echo "$ok $bad $name ($log)" >>"$results"
  if [ "$code" = 0 ]; then
    printf '  ok    %-44s %4d s  %s\n' "$name" $((SECONDS - from)) "$([ "$ok" -gt 1 ] && echo "$ok passed")"
  else
    # What failed may stand far above the end.
    printf '  FAIL  %-44s %4d s\n' "$name" $((SECONDS - from))
    { grep -E -A 30 '^(not ok|# not ok|---- .* stdout ----|error(\[|:))' "$log" | head -n 200; echo …; tail -n 30 "$log"; } |
      sed 's/^/        /'
  fi
}

format() {
  step "format" cargo fmt --all --check
  step "unused dependencies" cargo-machete --skip-target-dir app core server tests
  step "licences, bans, sources" cargo-deny --log-level error --offline check --hide-inclusion-graph bans licenses sources
}

lint_native() {
  step "clippy core, native" cargo clippy --locked -p dukandar-core --all-targets -- -D warnings
  step "clippy tests, native" cargo clippy --locked -p dukandar-tests --all-targets -- -D warnings
  step "clippy server, native" cargo clippy --locked -p dukandar-server --features ssr --all-targets -- -D warnings
}

lint_wasm() {
  # Together, as the app is built of all three: one by one, each has Leptos checked anew with other features.
  step "clippy core, server stubs, app, wasm" \
    cargo clippy --locked -p dukandar-core -p dukandar-server -p dukandar-app --target $wasm -- -D warnings
}

unit_release() {
  # In the release profile, which shares its dependencies with the server that the browser tests start.
  step "house tests" cargo test --release --locked --no-fail-fast -p dukandar-tests
  step "server" cargo test --release --locked --no-fail-fast -p dukandar-server --features ssr
}

# Two lanes, for two cores: rustc, linkers and many a test work for minutes on one core alone. Cargo lets one command at a
# time into a profile, so that while one lane is in `release` the other is in `dev`, and in `wasm-release` after that.
checks() {
  format
  { lint_wasm; step "core, in the browser" tools/test-wasm.sh; step "release build, app" tools/build.sh app; } &
  unit_release
  lint_native
  step "core, native" cargo test --locked -p dukandar-core
  wait
  step "release build, server" tools/build.sh
}

e2e() {
  local run=(node --test --test-timeout=900000 --test-reporter=tap)
  # Scenarios that keep every core busy, or measure what a page is left of one, go one by one; the others wait for
  # browsers more than they compute.
  local all=(tests/e2e/scenarios/*.test.mjs) busy=(tests/e2e/scenarios/{65,66,67,68,70}-*.test.mjs) light=()
  for file in "${all[@]}"; do [[ " ${busy[*]} " == *" $file "* ]] || light+=("$file"); done
  step "browser scenarios" "${run[@]}" --test-concurrency=2 "${light[@]}"
  step "browser scenarios that take all cores" "${run[@]}" --test-concurrency=1 "${busy[@]}"
  step "budgets" node tools/budgets.mjs
}

# What the scenarios ask core natively; `cargo test` of the house tests builds it too.
helper() {
  step "the scenarios' native helper" cargo build --release --locked -p dukandar-tests --bins
}

for part in "${@:-all}"; do
  case "$part" in
    lint) format; lint_native; lint_wasm ;;
    helper) helper ;;
    e2e) e2e ;;
    all)
      tools/setup.sh test || { echo "0 passed, 1 failed"; exit 1; }
      checks
      e2e
      ;;
    *) echo "usage: tools/test.sh [all|lint|helper|e2e]…" >&2; exit 2 ;;
  esac
done

# Once more at the end, by name: whoever reads only the last lines is to know what to look for.
sed -nE 's/^[0-9]+ [1-9][0-9]* (.*) \((.*)\)$/\1\t\2/p' "$results" | while IFS=$'\t' read -r name log; do
  echo "failed: $name ($log)"
  grep -hE '^(not ok|test .* FAILED$)' "$log" | head -n 20 | sed 's/^/  /'
done
printf '%d minutes %d seconds\n' $((SECONDS / 60)) $((SECONDS % 60))
read -r passed failed < <(awk '{ ok += $1; bad += $2 } END { print ok + 0, bad + 0 }' "$results")
echo "$passed passed, $failed failed"
[ "$failed" = 0 ]
