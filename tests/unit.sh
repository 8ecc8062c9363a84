#!/usr/bin/env bash
# SPDX-License-Identifier: Apache-2.0
# unit.sh BUILD: runs each unit test program of BUILD/tests and counts. A program that ends without having given every result it
# announced (a crash, a sanitizer report) counts one failed for each that is missing, and at least one.
set -euo pipefail
cd "$(dirname "${BASH_SOURCE[0]}")/.."

passed=0 failed=0
for source in tests/unit/*/*_test.c; do
  program=$1/tests/${source#tests/unit/}
  program=${program%.c}
  echo "== $program"
  status=0
  output=$(CMOCKA_MESSAGE_OUTPUT=TAP timeout -k 5 180 "$program" 2>&1) || status=$?
  printf '%s\n' "$output"
  # "1..N" announces; a test may have written to the same line before its result, so a result need not begin one.
  read -r ok wrong missing < <(awk '
    /^1\.\.[0-9]+$/ { announced += substr($0, 4); next }
    /not ok [0-9]+ # SKIP/ { announced--; next }
    /not ok [0-9]+ - / { wrong++; next }
    /ok [0-9]+ - / { ok++ }
    END { missing = announced - ok - wrong; print ok + 0, wrong + 0, (missing > 0 ? missing : 0) }' <<<"$output")
  if [ "$status" -ne 0 ] && [ $((wrong + missing)) -eq 0 ]; then
    missing=1
  fi
  [ $((wrong + missing)) -eq 0 ] || echo "FAILED $program: status $status, $wrong failed, $missing without a result"
  passed=$((passed + ok))
  failed=$((failed + wrong + missing))
done
echo "$passed passed, $failed failed"
[ "$failed" -eq 0 ]
