#!/usr/bin/env bash
# Again and again for SOAK_MINUTES (10): the property tests with new cases each time, the convergence of devices from
# other seeds each time, and the browser scenarios. Stops at the first failure. Loopback only. A round that has begun is
# played to its end.
set -euo pipefail
cd "$(dirname "$0")/.."
. tools/env.sh
echo "make soak, $(date -u +%FT%TZ), commit $(git rev-parse --short HEAD), at least ${SOAK_MINUTES:-10} minutes"
until=$((SECONDS + ${SOAK_MINUTES:-10} * 60))
round=0
while [ $SECONDS -lt $until ]; do
  round=$((round + 1))
  echo "round $round, second $SECONDS"
  # In the release profile, as `make test` builds it; with it comes the helper that the scenarios ask.
  PROPTEST_CASES=1024 FIRST_SEED=$((round * 1000)) cargo test --release --locked --quiet -p dukandar-tests --bins \
    --test house --test models --test served -- fold_properties:: forecast_properties:: reorder_by_hand:: rfm_scores:: sync_convergence::
  # A round tells the stories on the phone in English and the tablet in Urdu, the next one the other way round.
  PAIRS=$([ $((round % 2)) = 1 ] || echo swapped) node --test --test-concurrency=1 --test-timeout=900000 --test-reporter=tap tests/e2e/scenarios/*.test.mjs |
    grep -vE '^ *(---|\.\.\.|TAP version|1\.\.|duration_ms:|type:|# Subtest)'
done
echo "$round rounds passed, 0 failed, $SECONDS seconds"
