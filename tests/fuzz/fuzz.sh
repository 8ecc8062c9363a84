#!/usr/bin/env bash
# SPDX-License-Identifier: Apache-2.0
# fuzz.sh SECONDS: runs each fuzzer of build/fuzz for so long, one on each core; what it found is left in build/fuzz/found/.
# Seeds are in tests/fuzz/seeds/NAME/, dictionaries in tests/fuzz/NAME.dict; the corpus grows in build/fuzz/corpus/NAME/.
set -euo pipefail
cd "$(dirname "${BASH_SOURCE[0]}")/../.."
seconds=${1:-60}
found=build/fuzz/found
mkdir -p "$found"

run_one() {
  local name=$1 corpus=build/fuzz/corpus/$1 options=(-max_total_time="$2" -timeout=10 -rss_limit_mb=2048 -print_final_stats=1)
  mkdir -p "$corpus"
  [ ! -f "tests/fuzz/$name.dict" ] || options+=(-dict="tests/fuzz/$name.dict")
  local folders=("$corpus")
  [ ! -d "tests/fuzz/seeds/$name" ] || folders+=("tests/fuzz/seeds/$name")
  if "build/fuzz/$name" "${options[@]}" -artifact_prefix="build/fuzz/found/$name-" "${folders[@]}" >"build/fuzz/$name.log" 2>&1; then
    printf '%-32s %s runs\n' "$name" "$(sed -n 's/^stat::number_of_executed_units: *//p' "build/fuzz/$name.log")"
  else
    tail -n 40 "build/fuzz/$name.log"
    printf '%-32s FAILED; its log is build/fuzz/%s.log\n' "$name" "$name"
    return 1
  fi
}
export -f run_one

names=()
for source in tests/fuzz/*_fuzz.c; do
  [ ! -f "$source" ] || names+=("$(basename "$source" .c)")
done
[ ${#names[@]} -gt 0 ] || {
  echo "fuzz: there are no fuzzers" >&2
  exit 1
}
printf '%s\0' "${names[@]}" | xargs -0 -P "$(nproc)" -I NAME bash -c 'run_one "$1" "$2"' fuzz NAME "$seconds"
