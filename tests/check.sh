#!/usr/bin/env bash
# SPDX-License-Identifier: Apache-2.0
# check.sh: what `make check` does once packages are there: builds with sanitizers and for release, lints, runs every test.
#
# Ends with one line, "N passed, N failed", over the unit tests (cmocka) and the tests from outside (pytest); each other step that
# fails (a build, lint, a fuzzer) counts as one failed. Status 0 only when something ran and nothing failed. What each step said is in
# build/check/.
set -euo pipefail
cd "$(dirname "${BASH_SOURCE[0]}")/.."

jobs=$(nproc)
logs=build/check
fuzz_seconds=${FUZZ_SECONDS:-10}
passed=0 failed=0
rm -rf "$logs"
mkdir -p "$logs"

say() { printf '[%4d s] %s\n' "$SECONDS" "$*"; }

finish() {
  echo
  say "what each step said is in $logs/"
  printf '%d passed, %d failed\n' "$passed" "$failed"
  [ "$failed" -eq 0 ] && [ "$passed" -gt 0 ]
  exit
}

# step NAME COMMAND...: runs it with its output in a file; shows the end of that when it fails.
step() {
  local name=$1
  shift
  say "$name"
  if "$@" >"$logs/$name.log" 2>&1; then
    return 0
  fi
  tail -n 40 "$logs/$name.log"
  say "$name FAILED"
  failed=$((failed + 1))
  return 1
}

# add_counts FILE: the "N passed, N failed" that a step left.
add_counts() {
  local line
  line=$(grep -E '^[0-9]+ passed, [0-9]+ failed$' "$1" | tail -n 1) || line='0 passed, 1 failed'
  say "  $line"
  passed=$((passed + ${line%% passed*}))
  line=${line#*, }
  failed=$((failed + ${line%% failed*}))
}

unit_tests() {
  local source
  for source in tests/unit/*/*_test.c; do
    source=${source#tests/unit/}
    echo "build/asan/tests/${source%.c}"
  done
}

run_unit() {
  say "unit tests"
  if tests/unit/pg_cluster.sh tests/unit.sh build/asan >"$logs/unit.log" 2>&1; then :; else
    grep -E '^(not ok|# .*error|.*ERROR: |FAILED )' "$logs/unit.log" | head -n 40 || tail -n 20 "$logs/unit.log"
  fi
  add_counts "$logs/unit.log"
}

# What each test says goes to the log; here the ones that fail, and a line for every fifty. Should the time run out, the log's last lines
# name the tests that it ran out in.
# run_pytest NAME LIMIT_S ARGUMENT...: the tests of those folders; what it says is in NAME.log.
run_pytest() {
  local name=$1 limit=$2 status=0 before=$failed
  shift 2
  say "tests from outside: $name"
  MUSTER_TEST_BUILD=build/asan timeout -k 20 "$limit" /usr/bin/python3 -B -m pytest -c tests/pytest.ini -v --durations=20 "$@" \
    --junitxml="$logs/$name.xml" 2>&1 | tee "$logs/$name.log" |
    awk '/^\[gw/ || /^tests\/.* (PASSED|FAILED|ERROR|SKIPPED)/ {
           if (/ (FAILED|ERROR) ?/) { print "  " $0; fflush() }
           if (/ (PASSED|FAILED|ERROR|SKIPPED) ?/ && ++done % 50 == 0) { print "  " done " done"; fflush() } }
         / FAILURES =/ { shown = 1 } / slowest .* durations =/ { shown = 0 } shown { print }
         END { print "  " done + 0 " done; last: " $0 }' || status=$?
  /usr/bin/python3 - "$logs/$name.xml" >"$logs/$name.counts" <<'PYTHON' || echo '0 passed, 1 failed' >"$logs/$name.counts"
import sys
import xml.etree.ElementTree

passed = failed = 0
for case in xml.etree.ElementTree.parse(sys.argv[1]).getroot().iter("testcase"):
    if case.find("failure") is not None or case.find("error") is not None:
        failed += 1
    elif case.find("skipped") is None:
        passed += 1
print(f"{passed} passed, {failed} failed")
PYTHON
  add_counts "$logs/$name.counts"
  if [ "$status" -ne 0 ] && [ "$failed" -eq "$before" ]; then # no test failed, and yet: a collection, a plugin, the time
    say "  pytest ended with status $status"
    failed=$((failed + 1))
  fi
}

mapfile -t tests < <(unit_tests)
step build-asan make --no-print-directory -j"$jobs" VARIANT=asan all fault-tools "${tests[@]}" || finish
step build-release make --no-print-directory -j"$jobs" all bench-tools || finish
step lint make --no-print-directory lint || true # step has counted it as failed; the tests still run, and say more
run_unit
# Most of these wait for a gateway, a courier or a browser: three files at a time, each with a deployment of its own.
run_pytest outside 1800 -n 3 --dist loadfile tests/integration tests/browser tests/scenario
# Those that overload the machine, or time what it does while something is gone, have it for themselves. The others are nearly all one file's.
alone=(tests/fault/test_{kill,outage,overload,power}.py)
run_pytest fault 1200 -n 2 --dist load tests/fault "${alone[@]/#/--ignore=}"
run_pytest fault-alone 1200 "${alone[@]}"
if step build-fuzz make --no-print-directory -j"$jobs" VARIANT=fuzz fuzzers; then
  step fuzz tests/fuzz/fuzz.sh "$fuzz_seconds" || true # step has counted it as failed; only the summary is left
fi
finish
