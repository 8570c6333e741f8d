#!/bin/sh
# What a chat message costs a flash card (security.md R21): bytes written to a device with ext4 on it, counted
# by the kernel, per message alone, in tens and in fifties. Needs root for the loop device.
# Usage: bench/store_writes.sh [messages already in the store]
set -eu
cd "$(dirname "$0")/.."
base=${1:-0}
cargo build -q -p mesh-appliance --example store_writes
bin=$(cargo metadata --format-version 1 --no-deps | sed 's/.*"target_directory":"\([^"]*\)".*/\1/')/debug/examples/store_writes
dir=$(mktemp -d)
loop=
clean() {
    umount "$dir/mount" 2>/dev/null || true
    [ -z "$loop" ] || losetup -d "$loop" || true
    rm -rf "$dir"
}
trap clean EXIT INT TERM
truncate -s 1G "$dir/disk"
mkfs.ext4 -q -F -E lazy_itable_init=0,lazy_journal_init=0 "$dir/disk"
loop=$(losetup --find --show "$dir/disk")
mkdir "$dir/mount"
mount "$loop" "$dir/mount"
written() { awk '{ print $7 }' "/sys/block/${loop#/dev/}/stat"; }
measure() { # name count group pause
    sync -f "$dir/mount"
    before=$(written)
    line=$("$bin" "$dir/mount/mesh.redb" "$2" "$3" "$4")
    after=$(written)
    echo "$line: $(( (after - before) * 512 / $2 )) bytes written per message ($1)"
}
"$bin" "$dir/mount/mesh.redb" 0 1 0 >/dev/null
[ "$base" -eq 0 ] || "$bin" "$dir/mount/mesh.redb" "$base" 64 0 >/dev/null
measure alone 200 1 20
measure "in tens" 1000 10 20
measure "in fifties" 5000 50 0
ls -l "$dir/mount/mesh.redb" | awk '{ print "file:", $5, "bytes" }'
