#!/usr/bin/env bash
# Builds dist/ (the app, with Trunk) and target/release/dukandar (the server). Per package, never the
# workspace: leptos' csr and ssr features must not meet. Trunk is skipped when nothing it reads has changed.
set -euo pipefail
cd "$(dirname "$0")/.."
. tools/env.sh
say() { printf '\033[1m· %s\033[0m\n' "$*"; }

stamp=.tools/app.stamp
changed() {
  [ -f dist/index.html ] && [ -f "$stamp" ] || return 0
  [ -n "$(find app core server style public Cargo.toml Cargo.lock Trunk.toml rust-toolchain.toml \
      tools/post_build.mjs -newer "$stamp" -print -quit)" ]
}
if changed; then
  say "building the app (page and worker, to dist/)"
  begun=.tools/app.begun
  touch "$begun"
  # Trunk understands only true and false here, and NO_COLOR=1 is common.
  env -u NO_COLOR trunk build --release --log warn
  mv "$begun" "$stamp"   # with the time of the start: an edit during the build is not missed
else
  say "the app is up to date"
fi

say "building the server"
cargo build --release --locked -p dukandar-server --features ssr
