#!/usr/bin/env bash
# Again and again for SOAK_MINUTES (10): the browser scenarios and, with a new seed each time, the property tests.
# Stops at the first failure. Loopback only.
set -euo pipefail
cd "$(dirname "$0")/.."
. tools/env.sh
until=$((SECONDS + ${SOAK_MINUTES:-10} * 60))
round=0
while [ $SECONDS -lt $until ]; do
  round=$((round + 1))
  echo "round $round"
  PROPTEST_CASES=1024 cargo test --locked --quiet -p dukandar-tests
  node --test --test-concurrency=1 tests/e2e/scenarios/*.test.mjs
done
echo "$round rounds passed, 0 failed"
