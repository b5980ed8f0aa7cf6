#!/usr/bin/env bash
# Runs core's tests as wasm in a worker of a headless Chromium: the same arithmetic as on a phone.
set -euo pipefail
cd "$(dirname "$0")/.."
. tools/env.sh
export CARGO_TARGET_WASM32_UNKNOWN_UNKNOWN_RUNNER=wasm-bindgen-test-runner
export CHROMEDRIVER=${CHROMEDRIVER:-$(command -v chromedriver)}
export WASM_BINDGEN_TEST_WEBDRIVER_JSON=$PWD/tools/webdriver.json
export WASM_BINDGEN_USE_DEDICATED_WORKER=1 WASM_BINDGEN_TEST_TIMEOUT=${WASM_BINDGEN_TEST_TIMEOUT:-900}
node tools/wasm-tests.mjs --check
exec cargo test --locked -p dukandar-core --target wasm32-unknown-unknown --lib
