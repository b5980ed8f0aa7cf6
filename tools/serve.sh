#!/usr/bin/env bash
# Starts the built server: SQLite in ./data, or the Postgres that DATABASE_URL names.
set -euo pipefail
cd "$(dirname "$0")/.."
. tools/env.sh
port=${PORT:-3000}
mkdir -p data
printf '\n  Dukandar: http://127.0.0.1:%s   (Ctrl+C stops it)\n' "$port"
if [ -n "${DATABASE_URL:-}" ]; then echo "  Data: the database in DATABASE_URL"; else echo "  Data: SQLite in ./data"; fi
printf '  For phones in the shop, with TLS: %s serve --lan\n\n' "${CARGO_TARGET_DIR:-target}/release/dukandar"
exec "${CARGO_TARGET_DIR:-target}/release/dukandar" serve --addr "127.0.0.1:$port" --dist dist --data data
