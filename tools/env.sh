# Sourced by the other scripts: the repo's own tools come first on PATH.
export PATH="$PWD/.tools/bin:$HOME/.cargo/bin:$PATH"
export CARGO_TERM_COLOR=${CARGO_TERM_COLOR:-auto}
