#!/usr/bin/env bash
# Installs what the build needs, pinned, into the repo's own ignored .tools/ (the Rust toolchain goes where
# rustup keeps toolchains). Whatever is already there in the right version is left alone, so a second run
# takes a moment. Usage: tools/setup.sh [build|test]
set -euo pipefail
cd "$(dirname "$0")/.."
. tools/env.sh

TRUNK=0.21.14
WASM_BINDGEN=0.2.130     # the same as wasm-bindgen in Cargo.toml, to the digit
BINARYEN=132             # the major of binaryen in tools/package.json
WASM_SPLIT=0.2.4         # by the makers of Leptos' `wasm_split`, which app/src/page/lazy.rs is cut with
MACHETE=0.9.2
DENY=0.19.9

say() { printf '\033[1m· %s\033[0m\n' "$*"; }

missing=()
for need in git curl cc rustup node npm; do command -v "$need" >/dev/null || missing+=("$need"); done
if [ ${#missing[@]} -gt 0 ]; then
  echo "dukandar needs these first: ${missing[*]}" >&2
  echo "On Debian or Ubuntu: apt-get install make git curl gcc libc6-dev rustup nodejs npm" >&2
  echo "(where there is no rustup package: https://rustup.rs; node must be 20 or newer)" >&2
  exit 1
fi
node -e 'process.exit(+process.versions.node.split(".")[0] >= 20 ? 0 : 1)' || {
  echo "dukandar needs node 20 or newer; this is $(node --version)" >&2; exit 1; }

# rustup may be told not to install toolchains by itself, so it is asked outright.
channel=$(sed -n 's/^channel *= *"\(.*\)"/\1/p' rust-toolchain.toml)
have() { rustup toolchain list | grep -q "^$channel-"; }
part() { rustup component list --toolchain "$channel" --installed 2>/dev/null | grep -q "^$1"; }
if ! have || ! part rustfmt || ! part clippy; then
  say "Rust $channel"
  rustup toolchain install "$channel" --profile minimal -c rustfmt -c clippy
fi
rustup target list --toolchain "$channel" --installed | grep -q '^wasm32-unknown-unknown$' || {
  say "the wasm32 target"; rustup target add --toolchain "$channel" wasm32-unknown-unknown; }

mkdir -p .tools
version_of() { "$@" --version 2>/dev/null | grep -oE '[0-9]+(\.[0-9]+)+' | head -1; }

# Cargo's own tools share a folder to be built in, so that what they have in common is compiled once; unoptimised, since they
# read a few files and their own speed is no matter. wasm-bindgen works through megabytes: it is optimised a little, and
# as it is of another profile it is built meanwhile.
cargo_tool() { # cargo_tool <name> <version> <option…>
  say "$1 $2 (about a minute, once)"
  CARGO_TARGET_DIR=$PWD/.tools/build CARGO_PROFILE_DEV_DEBUG=0 cargo install "$1" --version "$2" --locked --debug \
    --root .tools --quiet "${@:3}"
}
bindgen=
if [ "$(version_of .tools/bin/wasm-bindgen)" != "$WASM_BINDGEN" ]; then
  say "wasm-bindgen-cli $WASM_BINDGEN (about two minutes, once)"
  CARGO_TARGET_DIR=$PWD/.tools/build CARGO_PROFILE_RELEASE_LTO=off CARGO_PROFILE_RELEASE_CODEGEN_UNITS=16 \
    CARGO_PROFILE_RELEASE_OPT_LEVEL=1 \
    cargo install wasm-bindgen-cli --version "$WASM_BINDGEN" --root .tools --quiet &
  bindgen=$!
fi
# Without its downloader: what it would fetch is installed here.
[ "$(version_of .tools/bin/trunk)" = "$TRUNK" ] || cargo_tool trunk "$TRUNK" --no-default-features
# It does not tell its version, so a stamp does.
if [ "$(cat .tools/wasm-split.version 2>/dev/null)" != "$WASM_SPLIT" ]; then
  cargo_tool wasm_split_cli_support "$WASM_SPLIT" --features build-binary
  echo "$WASM_SPLIT" >.tools/wasm-split.version
fi
if [ "${1:-build}" = test ]; then
  [ "$(version_of .tools/bin/cargo-machete)" = "$MACHETE" ] || cargo_tool cargo-machete "$MACHETE"
  # Its advisories are not used here.
  [ "$(version_of .tools/bin/cargo-deny)" = "$DENY" ] || cargo_tool cargo-deny "$DENY" --no-default-features
fi
[ -z "$bindgen" ] || wait "$bindgen"
rm -rf .tools/build

# npm packages by their lock file; the stamp is the lock they were installed from.
npm_into() { # npm_into <folder with package.json and lock> <folder to install in>
  cmp -s "$1/package-lock.json" "$2/node_modules/.installed.lock" && return
  say "npm packages of $1"
  mkdir -p "$2"
  [ "$1" -ef "$2" ] || cp "$1/package.json" "$1/package-lock.json" "$2/"
  (cd "$2" && npm ci --ignore-scripts --no-audit --no-fund --loglevel=error)
  cp "$1/package-lock.json" "$2/node_modules/.installed.lock"
}
npm_into tools .tools/npm
node .tools/npm/node_modules/binaryen/bin/wasm-opt --version | grep -q "version $BINARYEN" || {
  echo "wasm-opt is not version $BINARYEN: remove .tools/npm and run again" >&2; exit 1; }

# Trunk builds with --offline, so that the crates are here before it starts.
cargo fetch --locked --quiet

[ "${1:-build}" = test ] || exit 0

npm_into tests/e2e tests/e2e

packages=()
command -v chromium >/dev/null || packages+=(chromium)
command -v chromedriver >/dev/null || packages+=(chromium-driver)
ls /usr/lib/postgresql/*/bin/initdb >/dev/null 2>&1 || packages+=(postgresql)
if [ ${#packages[@]} -gt 0 ]; then
  as=()
  [ "$(id -u)" = 0 ] || as=(sudo -n)
  if [ "$(id -u)" = 0 ] || sudo -n true 2>/dev/null; then
    say "apt packages: ${packages[*]}"
    "${as[@]}" apt-get update -qq
    DEBIAN_FRONTEND=noninteractive "${as[@]}" apt-get install -y -qq --no-install-recommends "${packages[@]}"
  else
    echo "The tests need these packages, and installing them takes root: ${packages[*]}" >&2
    exit 1
  fi
fi
