#!/usr/bin/python3
# SPDX-License-Identifier: Apache-2.0
"""Ten times what the service takes, with one cry for help in a hundred: who is answered, when, and with what memory.

Ten times the speed of this machine cannot be offered from the same machine, so PostgreSQL is made slow first (a trigger that sleeps for each
check-in; one connection an edge), as one that is far away or on a poor disk would be: then ten times its capacity is a few thousand requests a
second, which the generator and the edges have CPU for. Capacity is measured in the same run, with clients that ask again as soon as they are
answered. A second scenario leaves PostgreSQL as it is and offers more than the machine has CPU for. BENCH_OVERLOAD_SECONDS (15),
BENCH_ROW_US (2000), BENCH_CONNECTIONS (2000)."""
import json
import pathlib
import re
import subprocess

from bench_site import (FOLDER, cpu_of, fill_register, quiet_site, ratio_at_least, ratio_at_most, row, say, setting,
                        write_part)
from harness import case_codes # found by what bench_site did to the path

PARTIES = 50_000 # enough that two statements seldom want the same party


def main():
    seconds, connections = setting("OVERLOAD_SECONDS", 15), setting("CONNECTIONS", 2000)
    slow = run(seconds, connections, setting("ROW_US", 2000), 1, 10)
    fast = run(seconds, 5 * connections, 0, 2, 3)
    rows = []
    for name, (capacity, over, cpu, grown, each) in (("slow database", slow), ("CPU", fast)):
        rows += [
            row(f"{name}: capacity, closed loop", capacity["accepted_rate"], "/s"), row(f"{name}: offered", over["offered_rate"], "/s"),
            row(f"{name}: stored", over["accepted_rate"], "/s"), row(f"{name}: of them by the journal", over["cries_journalled"] +
                                                                     over["routine_journalled"], ""),
            row(f"{name}: cries", over["cries"], ""), row(f"{name}: cries, median", over["cry_accepted_p50_ms"], "ms"),
            row(f"{name}: cries, p99", over["cry_accepted_p99_ms"], "ms"),
            row(f"{name}: cries, p99 from when the generator came to send them", over["cry_begun_p99_ms"], "ms"), row(f"{name}: cries refused", over["cry_refused"], ""),
            row(f"{name}: routine stored, p99", over["routine_accepted_p99_ms"], "ms"),
            row(f"{name}: refused", over["routine_refused"], ""), row(f"{name}: refused, median", over["routine_refused_p50_ms"], "ms"),
            row(f"{name}: refused, p99", over["routine_refused_p99_ms"], "ms"),
            row(f"{name}: the generator's own lateness, at most", over["lag_ms"], "ms"),
            row(f"{name}: edges' CPU", cpu / seconds * 100, "% of a core"),
            row(f"{name}: generator's CPU", over["cpu_seconds"] / seconds * 100, "% of a core"),
            row(f"{name}: an edge's memory grew by, at most", grown / 2**20, "MiB"),
        ]
        assert over["odd"] == over["lost"] == 0, over
    capacity, over, _, grown, each = slow
    write_part("overload", {"title": "Ten times capacity offered, one in a hundred a cry for help", "rows": rows, "ratios": [
        ratio_at_least("offered to capacity", over["offered_rate"] / capacity["accepted_rate"], 9.5),
        ratio_at_most("cries' p99, in seconds", over["cry_accepted_p99_ms"] / 1e3, 1),
        ratio_at_most("cries refused", over["cry_refused"], 0),
        ratio_at_least("stored to capacity", over["accepted_rate"] / capacity["accepted_rate"], 0.9),
        ratio_at_most("refusals' p99, in tenths of a second", over["routine_refused_p99_ms"] / 100, 1),
        ratio_at_most("an edge's memory growth to what its connections and queues may take", grown / each, 1),
        ratio_at_most("CPU scenario: cries refused", fast[1]["cry_refused"], 0),
    ], "notes": [f"open loop over {connections} keep-alive TLS 1.3 connections ({5 * connections} in the CPU scenario); each request is timed from when it was due, so what the generator "
        "is late counts against the service",
        f"slow database: a trigger sleeps {setting('ROW_US', 2000)} us for each row, one connection an edge; that is how ten times its capacity "
        "can be offered by a generator that shares the machine's two cores",
        "CPU scenario: three times the closed loop's rate is asked of the generator; what it could offer beside the edges and PostgreSQL on two "
        "cores is the figure 'offered'. It cannot keep its time there, so no claim is made on times: the last seconds of a cry are the generator's"]})


def run(seconds, connections, row_us, database_connections, times):
    site = quiet_site({"database": {"connections": database_connections}})
    try:
        fill_register(site, PARTIES)
        cases = site.directory / "cases"
        cases.write_text("".join(case_codes.code((n * 22906492245) & 35184372088831) + "\n" for n in range(1, PARTIES + 1))) # as register.h
        if row_us:
            site.query(f"CREATE FUNCTION register.take_time() RETURNS trigger LANGUAGE plpgsql AS "
                       f"$$ BEGIN PERFORM pg_sleep({row_us / 1e6}); RETURN NEW; END $$", role="muster")
            site.query("CREATE TRIGGER take_time BEFORE INSERT ON register.check_in FOR EACH ROW EXECUTE FUNCTION register.take_time()",
                       role="muster")
        edges = site.service.roles("edge")
        say("capacity")
        flood(site, cases, 64, 0, 3)
        capacity = flood(site, cases, 64 if row_us else 256, 0, max(5, seconds // 2))
        before = {pid: resident(pid) for pid in edges}
        rate = int(capacity["accepted_rate"] * times)
        say(f"{capacity['accepted_rate']:.0f} a second; now {rate}")
        over, cpu = cpu_of(edges, lambda: flood(site, cases, connections, rate, seconds))
        assert site.service.roles("edge") == edges, "an edge ended meanwhile"
        grown = max(resident(pid) - before[pid] for pid in edges)
    finally:
        site.close()
    # a connection: its TLS state, an input block, an answer; a record: itself, sealed, and what its statement copies of it
    return capacity, over, cpu, grown, connections * 40 * 1024 + 2 * 4096 * 4 * 1024 + 8 * 2**20


def flood(site, cases, connections, rate, seconds):
    done = subprocess.run([FOLDER / "flood", str(site.service.public_port), site.service.certificate, cases, str(connections), str(rate),
                           str(seconds), "100"], stdin=subprocess.DEVNULL, stdout=subprocess.PIPE, timeout=seconds + 150, check=True)
    return json.loads(done.stdout)


def resident(pid):
    return int(re.search(r"VmRSS:\s+(\d+) kB", pathlib.Path(f"/proc/{pid}/status").read_text())[1]) * 1024


if __name__ == "__main__":
    main()
