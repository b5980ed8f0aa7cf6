#!/usr/bin/env bash
# The trial behind docs/make-run-debootstrap.log: a bare Debian with nothing but what README names, a fresh clone
# of this repo's HEAD, `make run`, the page asked for, and `make run` once more. Needs root and debootstrap.
# Usage: tools/bare-root.sh FOLDER [SUITE]
set -euo pipefail
cd "$(dirname "$0")/.."
root=${1:?a folder for the bare root} suite=${2:-trixie} port=${PORT:-3917}
log=docs/make-run-debootstrap.log
raw=$(mktemp)

[ -x "$root/bin/bash" ] || debootstrap --variant=minbase --include=ca-certificates "$suite" "$root"
cp /etc/resolv.conf "$root/etc/"
cp /etc/ssl/certs/ca-certificates.crt "$root/etc/ssl/certs/"
mountpoint -q "$root/proc" || mount -t proc proc "$root/proc"
server=
trap '[ -z "$server" ] || kill -- -"$server" 2>/dev/null; umount "$root/proc"' EXIT

inside() { # what a machine with its own registries' certificates sets, and nothing else of this machine
  chroot "$root" env -i HOME=/root LANG=C.UTF-8 PATH=/usr/local/sbin:/usr/local/bin:/usr/sbin:/usr/bin:/sbin:/bin \
    SSL_CERT_FILE=/etc/ssl/certs/ca-certificates.crt NODE_EXTRA_CA_CERTS=/etc/ssl/certs/ca-certificates.crt \
    PORT="$port" bash -c "$1"
}
run() { # starts make run, waits for the page, stops it
  local from=$SECONDS
  echo "\$ make run"
  set -m
  inside 'cd /root/dukandar && exec make --no-print-directory run' 2>&1 &
  server=$!
  set +m
  until curl -sf -o /dev/null "http://127.0.0.1:$port/"; do
    kill -0 "$server" 2>/dev/null || { echo "make run ended before it served"; return 1; }
    sleep 1
  done
  echo "# the page answers after $(((SECONDS - from) / 60)) min $(((SECONDS - from) % 60)) s"
  echo "\$ curl -sI http://127.0.0.1:$port/ | head -1; curl -s http://127.0.0.1:$port/ | grep '<title>'"
  curl -sI "http://127.0.0.1:$port/" | head -1
  curl -s "http://127.0.0.1:$port/" | grep -o '<title>.*</title>'
  kill -- -"$server" 2>/dev/null
  wait "$server" 2>/dev/null || true
  server=
}

{
  echo "# $(. "$root/etc/os-release" && echo "$PRETTY_NAME"), bare debootstrap, $(nproc) cores; $(git log -1 --format='%h %s')"
  echo '$ apt-get install make git curl gcc libc6-dev rustup nodejs npm'
  inside 'apt-get update -qq && DEBIAN_FRONTEND=noninteractive apt-get install -y -qq --no-install-recommends make git curl gcc libc6-dev rustup nodejs npm' >/dev/null 2>&1
  inside 'make --version | head -1; git --version; gcc --version | head -1; rustup --version 2>/dev/null; echo node $(node --version), npm $(npm --version)'
  rm -rf "$root/root/dukandar"
  git clone -q --no-hardlinks . "$root/root/dukandar"
  echo '$ git clone … dukandar && cd dukandar'
  run
  echo "# and once more, nothing changed"
  run
} 2>&1 | tee "$raw"
# Terminal colours go, and so does whatever names a machine or a mirror.
sed -E 's/\x1b\[[0-9;]*m//g; s#https?://[a-zA-Z0-9.:-]*(static|index|registry|artifactory|deb)[^ ]*#<registry>#g; s/\r//g' "$raw" >"$log"
rm "$raw"
