#!/usr/bin/env bash
# Builds the static binaries: dist.sh TARGET FOLDER. The C library is linked in; no path of this machine stays inside.
set -euo pipefail
cd "$(dirname "$0")/.."
target=$1
folder=$2
remap="--remap-path-prefix=$PWD=mesh --remap-path-prefix=${CARGO_HOME:-$HOME/.cargo}=cargo"
RUSTFLAGS="-C target-feature=+crt-static $remap" \
  cargo build --quiet --locked --profile dist --target "$target" --package mesh-appliance --package mesh-agent
mkdir -p "$folder"
install -m 755 "target/$target/dist/mesh-appliance" "target/$target/dist/mesh" "$folder/"
