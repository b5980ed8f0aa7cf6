#!/usr/bin/env bash
# Authoring, not part of a build: installs the icon package and the browser driver, then draws (tools/icons.mjs).
set -euo pipefail
cd "$(dirname "$0")/.."
mkdir -p .tools/authoring
cp tools/authoring/package*.json .tools/authoring/
npm ci --prefix .tools/authoring --ignore-scripts --no-audit --no-fund
[ -d tests/e2e/node_modules/playwright-core ] || npm ci --prefix tests/e2e --ignore-scripts --no-audit --no-fund
node tools/icons.mjs
