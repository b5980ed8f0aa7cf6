#!/usr/bin/env bash
# Builds dist/ (the app, with Trunk) and target/release/dukandar (the server). Per package, never the
# workspace: leptos' csr and ssr features must not meet. Trunk is skipped when nothing it reads has changed.
# Usage: tools/build.sh [quick|app]. `quick` is for writing screens: the same app, large and hardly optimised; `app` leaves
# the server alone.
set -euo pipefail
cd "$(dirname "$0")/.."
. tools/env.sh
say() { printf '\033[1m· %s\033[0m\n' "$*"; }

profile=wasm-release stamp=.tools/app.stamp
if [ "${1:-}" = quick ]; then profile=wasm-quick stamp=.tools/app.quick.stamp; fi
changed() {
  [ -f dist/index.html ] && [ -f "$stamp" ] || return 0
  [ -n "$(find app core server style public Cargo.toml Cargo.lock Trunk.toml rust-toolchain.toml \
      tools/post_build.mjs -newer "$stamp" -print -quit)" ]
}
if changed; then
  say "building the app (page and worker, to dist/)"
  begun=.tools/app.begun
  touch "$begun"
  # Both at once: linking takes most of the time, each on one core. Trunk finds them built.
  cargo build --locked --offline --profile $profile --target wasm32-unknown-unknown -p dukandar-app --bins
  rm -f .tools/app*.stamp
  # Trunk understands only true and false here, and NO_COLOR=1 is common.
  env -u NO_COLOR DUKANDAR_PROFILE=$profile trunk build --release --cargo-profile $profile --log warn
  mv "$begun" "$stamp"   # with the time of the start: an edit during the build is not missed
else
  say "the app is up to date"
fi

[ "${1:-}" = app ] && exit
say "building the server"
cargo build --release --locked -p dukandar-server --features ssr
