#!/usr/bin/python3
# SPDX-License-Identifier: Apache-2.0
"""An honest client beside 5,000 slow connections from its own address: slow heads, slow bodies, slow reads (slowhttptest), each for a while.

The honest client checks in at a fixed rate over connections that stay open. Its p99 with the slow ones there is held to that without them, measured
before and after each mode, of which the larger counts. BENCH_SLOW (5000), BENCH_SLOW_SECONDS (15), BENCH_SLOW_RATE (200 a second)."""
import contextlib
import json
import os
import shlex
import signal
import subprocess

import requests

from bench_site import FOLDER, quiet_site, ratio_at_most, register_some, row, say, setting, write_part
from harness.waiting import until

MODES = {
    "slow heads": ["-H", "-u", "/api/v1/crises"],
    "slow bodies": ["-B", "-u", "/api/v1/check-ins", "-s", "8192", "-f", "application/json"],
    "slow reads": ["-X", "-u", "/openapi.json", "-k", "3", "-w", "256", "-y", "512", "-n", "5", "-z", "32"],
}


def main():
    count, seconds, rate = setting("SLOW", 5000), setting("SLOW_SECONDS", 15), setting("SLOW_RATE", 200)
    site = quiet_site()
    rows, ratios = [], []
    try:
        cases = register_some(site, 500)
        honest(site, cases, rate, 3)
        for mode, arguments in MODES.items():
            before = honest(site, cases, rate, seconds)
            came = connections(site, "total")
            with slow_clients(site, arguments, count):
                until(lambda: connections(site, "total") - came >= 0.98 * count, f"{count} slow connections", 100)
                there = connections(site, "open")
                say(f"{mode}: {connections(site, 'total') - came} came, {there} are open")
                beside = honest(site, cases, rate, seconds)
                left = connections(site, "open")
            until(lambda: connections(site, "open") < 100, "they are gone", 100)
            after = honest(site, cases, rate, seconds)
            alone = max(before["routine_accepted_p99_ms"], after["routine_accepted_p99_ms"])
            rows += [row(f"{mode}: connections when measuring began", there, ""), row(f"{mode}: and when it ended", left, ""),
                     row(f"{mode}: honest p99 without them", alone, "ms"), row(f"{mode}: honest p99 beside them", beside["routine_accepted_p99_ms"], "ms"),
                     row(f"{mode}: honest requests not stored", beside["routine_refused"] + beside["cry_refused"] + beside["lost"], "")]
            ratios += [ratio_at_most(f"{mode}: honest p99 beside {count} to without", beside["routine_accepted_p99_ms"] / alone, 2),
                       ratio_at_most(f"{mode}: honest requests not stored", beside["routine_refused"] + beside["cry_refused"] + beside["lost"], 0)]
    finally:
        site.close()
    write_part("slow", {"title": f"An honest client beside {count} slow connections", "rows": rows, "ratios": ratios, "notes": [
           f"{rate} check-ins a second over 16 keep-alive connections, each timed from when it was due; slowhttptest from the same address "
           "and on the same two cores, where it gives way (nice): its own work is not the service's; an edge keeps 512 connections of one address that lag, and for 3 s those above: "
           "all came, the figures say how many were left open"]})


@contextlib.contextmanager
def slow_clients(site, arguments, count):
    """slowhttptest, which ends when the server has closed all that it opened: then it comes again, for as long as it is wanted."""
    attack = shlex.join(["nice", "-n", "19", "slowhttptest", *[a if a[0] != "/" else site.service.public_url + a for a in arguments], "-c", str(count),
                         "-r", "1000", "-i", "5", "-x", "8", "-l", "240", "-p", "10"])
    with subprocess.Popen(["sh", "-c", f"while :; do {attack}; done"], stdin=subprocess.DEVNULL, stdout=subprocess.DEVNULL,
                          stderr=subprocess.DEVNULL, cwd=site.directory, start_new_session=True) as slow:
        try:
            yield
            assert slow.poll() is None, "slowhttptest cannot be started"
        finally:
            os.killpg(slow.pid, signal.SIGKILL)


def connections(site, which):
    text = requests.get(f"{site.service.ops_url}/metrics", timeout=10).text
    return sum(int(float(line.split()[-1])) for line in text.splitlines() if line.startswith(f"muster_connections_{which}{{") and 'role="edge"' in line)


def honest(site, cases, rate, seconds):
    done = subprocess.run([FOLDER / "flood", str(site.service.public_port), site.service.certificate, cases, "16", str(rate), str(seconds),
                           "100"], stdin=subprocess.DEVNULL, stdout=subprocess.PIPE, timeout=seconds + 150, check=False)
    return json.loads(done.stdout)


if __name__ == "__main__":
    main()
