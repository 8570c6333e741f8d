#!/usr/bin/env bash
# Says what was built, and fails unless it is static, stripped and within its size: verify-static.sh APPLIANCE AGENT
set -euo pipefail
most=$((10 * 1024 * 1024))
for binary in "$@"; do
  kind=$(file -b "$binary")
  linked=$(ldd "$binary" 2>&1 || true)
  size=$(stat -c %s "$binary")
  printf '%s: %d bytes, %s\n' "$binary" "$size" "$kind"
  [[ $kind == *static* ]] || { echo "$binary is not static"; exit 1; }
  [[ $kind != *"not stripped"* ]] || { echo "$binary is not stripped"; exit 1; }
  [[ $linked == *"statically linked"* || $linked == *"not a dynamic executable"* ]] || { echo "$binary needs libraries: $linked"; exit 1; }
  [ "$size" -le "$most" ] || { echo "$binary is larger than 10 MiB"; exit 1; }
done
