#!/usr/bin/env bash
# Installs what Mesh needs and this machine lacks: Debian packages, cargo-nextest, the web client's packages.
# `setup.sh run` leaves out what only tests need. Quick and silent when everything is there.
set -euo pipefail
cd "$(dirname "$0")/.."
purpose=${1:-test}

say() { printf 'setup: %s\n' "$*"; }
as_root() { if [ "$(id -u)" = 0 ]; then "$@"; else sudo "$@"; fi; }

command -v cargo >/dev/null || { say "Rust is missing: install it with rustup, then try again."; exit 1; }
command -v node >/dev/null || { say "Node.js 20 or newer is missing: install it, then try again."; exit 1; }

packages=()
need() { command -v "$1" >/dev/null || packages+=("$2"); }
need cc build-essential
need g++ build-essential
need git git
if [ "$purpose" = test ]; then
  need file file
  need chromium chromium
  dpkg -s fonts-noto-core >/dev/null 2>&1 || packages+=(fonts-noto-core)
  dpkg -s fonts-noto-color-emoji >/dev/null 2>&1 || packages+=(fonts-noto-color-emoji)
fi
if [ "${#packages[@]}" -gt 0 ]; then
  say "installing Debian packages: ${packages[*]}"
  as_root apt-get update -q
  as_root env DEBIAN_FRONTEND=noninteractive apt-get install -qy --no-install-recommends "${packages[@]}"
fi

if [ "$purpose" = test ] && ! cargo nextest --version >/dev/null 2>&1; then
  say "installing cargo-nextest, the test runner"
  # It only starts processes: built quickly is better than built for speed.
  CARGO_PROFILE_RELEASE_LTO=off CARGO_PROFILE_RELEASE_OPT_LEVEL=1 CARGO_PROFILE_RELEASE_CODEGEN_UNITS=16 \
    cargo install --quiet --locked cargo-nextest
fi

if [ ! -e webui/node_modules/.made ] || [ webui/package-lock.json -nt webui/node_modules/.made ]; then
  say "installing the web client's packages"
  (cd webui && npm ci --silent)
  touch webui/node_modules/.made
fi
