#!/usr/bin/env bash
# Runs every fuzz target for some seconds, two at a time: fuzz.sh SECONDS. A finding stays in fuzz/artifacts, with the
# command that repeats it; put its input into fuzz/seeds/TARGET once it is fixed.
set -euo pipefail
cd "$(dirname "$0")/../fuzz"
seconds=${1:-30}
# libFuzzer's coverage on the stable compiler.
flags="-Cpasses=sancov-module -Cllvm-args=-sanitizer-coverage-level=4"
flags+=" -Cllvm-args=-sanitizer-coverage-inline-8bit-counters -Cllvm-args=-sanitizer-coverage-pc-table"
flags+=" -Cllvm-args=-sanitizer-coverage-trace-compares -Ccodegen-units=1 --cfg fuzzing"
export CARGO_TARGET_DIR=../target/fuzz
host=$(rustc -vV | sed -n 's/^host: //p')
RUSTFLAGS="$flags" cargo build --quiet --locked --release --target "$host" --bins

run() {
  local target=$1
  mkdir -p "corpus/$target" "artifacts/$target" "seeds/$target"
  if "$CARGO_TARGET_DIR/$host/release/$target" "corpus/$target" "seeds/$target" -max_total_time="$seconds" \
    -artifact_prefix="artifacts/$target/" -print_final_stats=1 -verbosity=0 -timeout=10 -rss_limit_mb=1024 >"artifacts/$target.log" 2>&1; then
    printf 'fuzz: %s: %s runs, nothing found\n' "$target" "$(sed -n 's/^stat::number_of_executed_units: *//p' "artifacts/$target.log")"
  else
    tail -n 20 "artifacts/$target.log"
    printf 'fuzz: %s: a finding; repeat it with %s FILE from artifacts/%s\n' "$target" "$CARGO_TARGET_DIR/$host/release/$target" "$target"
    return 1
  fi
}
export -f run
export seconds host
printf '%s\n' fuzz_targets/*.rs | xargs -n1 basename -s .rs | xargs -P2 -I{} bash -c 'run {}'
