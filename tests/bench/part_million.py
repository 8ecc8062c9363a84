#!/usr/bin/python3
# SPDX-License-Identifier: Apache-2.0
"""A million check-ins over HTTPS, beside what pgbench and ready-made statements reach in the same PostgreSQL in the same run.

The register holds a million parties, and each checks in once. Everything shares the machine's cores: load generator, edges, PostgreSQL.
fsync, synchronous_commit and full_page_writes are on. The peer is a prepared transaction that inserts one row as wide as a check-in, with
the same indexes, and updates its party's row: what a service without batching would do, with neither TLS, HTTP, sealing nor triage.
The limit is edge.store_check_ins itself, sent 512 rows at a time, encoded before the clock starts.
BENCH_PARTIES, BENCH_CHECK_INS (1000000 each), BENCH_CONNECTIONS (256), BENCH_SECONDS (15, the peer's)."""
import os
import re
import subprocess
import time

import bench_site as bench

PARTIES = int(os.environ.get("BENCH_PARTIES", "1000000"))
CHECK_INS = int(os.environ.get("BENCH_CHECK_INS", "1000000"))
CONNECTIONS = int(os.environ.get("BENCH_CONNECTIONS", "256"))
ALONE = 3000 # check-ins one after the other, a turn
SECONDS = int(os.environ.get("BENCH_SECONDS", "15"))
LIMIT_CHECK_INS = max(10_000, CHECK_INS // 5)

# As wide as a check-in, its party as wide as a party, with the indexes that a service without batching needs for exactly-once.
PEER_TABLES = """
CREATE SCHEMA bench;
CREATE TABLE bench.party AS SELECT registration_id, crisis_id, post_id, state, client_id, content_mac, secret_mac, language, party_size, needs,
  intent, cell, consent_family, consent_partners, epoch_id, sealed_location, channel, stored_via, received_at, check_in_by, last_status,
  last_check_in_at FROM register.registration;
ALTER TABLE bench.party ADD PRIMARY KEY (registration_id);
CREATE TABLE bench.check_in (LIKE register.check_in INCLUDING INDEXES);
"""
PEER_SCRIPT = """
\\set n random(1, {parties})
\\set id (:n * 22906492245) & 35184372088831
BEGIN;
INSERT INTO bench.check_in (registration_id, client_id, content_mac, status, needs, reasons, channel, cell, epoch_id, sealed_location,
    received_at, stored_via)
  VALUES (:id, gen_random_uuid(), decode(repeat('ab', 32), 'hex'), 'safe', 0, 0, 'api', 's1z0g', '00000000-0000-4000-8000-000000000000',
  decode(repeat('ef', 105), 'hex'), now(), 'database');
UPDATE bench.party SET last_status = 'safe', last_check_in_at = now(), check_in_by = now() + interval '24 hours', cell = 's1z0g'
  WHERE registration_id = :id;
COMMIT;
"""


class CpuWatch:
    """CPU seconds by kind of process since it was made."""

    def __init__(self, site):
        self.site = site
        self.edges = bench.edges(site)
        self.others = [pid for pid in bench.roles(site) if pid not in self.edges]
        self.before = self.read()

    def read(self):
        return {"edges": bench.cpu_seconds(self.edges), "PostgreSQL": bench.postgres_cpu_seconds(self.site),
                "courier, desk, ops": bench.cpu_seconds(self.others)}

    def spent(self):
        return {name: after - self.before[name] for name, after in self.read().items()}


def pgbench(site):
    bench.say(f"the peer: pgbench, 64 clients, {SECONDS} s")
    bench.statement(site, PEER_TABLES)
    bench.statement(site, "VACUUM (ANALYZE) bench.party")
    bench.statement(site, "CHECKPOINT", superuser=True)
    script = site.directory / "peer.sql"
    script.write_text(PEER_SCRIPT.format(parties=PARTIES))
    done = subprocess.run([site.cluster.binaries / "pgbench", "--no-vacuum", "--protocol", "prepared", "--client", "64", "--jobs", "2",
                           "--time", str(SECONDS), "--file", script, site.cluster.url()], stdin=subprocess.DEVNULL, capture_output=True,
                          text=True, timeout=SECONDS + 120, check=True)
    bench.statement(site, "DROP SCHEMA bench CASCADE")
    return float(re.search(r"tps = ([0-9.]+) \(without", done.stdout).group(1))


def counted(site, since):
    """What the register holds of this run: rows, distinct client ids, parties that cried, those of them whose open case shows it, and
    check-ins that their party does not show. A case that an earlier part of the bench opened stays open: it counts, as its party's one."""
    rows, ids, cries = site.query("SELECT count(*), count(DISTINCT client_id), count(DISTINCT registration_id) FILTER (WHERE status = 'need_help') "
                                  "FROM register.check_in WHERE received_at >= %s", (since,), role="muster")[0]
    cases, behind = site.query("""SELECT
        (SELECT count(*) FROM register.triage_case AS t WHERE t.state = 'open' AND t.last_status = 'need_help' AND EXISTS (
           SELECT FROM register.check_in AS c
           WHERE c.registration_id = t.registration_id AND c.received_at >= %s AND c.status = 'need_help' AND c.received_at >= t.received_at)),
        (SELECT count(*) FROM register.check_in AS c JOIN register.registration AS r USING (registration_id)
         WHERE c.received_at >= %s AND (r.last_check_in_at < c.received_at OR r.last_check_in_at IS NULL))""", (since, since), role="muster")[0]
    return rows, ids, cries, cases, behind


def latency(site):
    """One check-in at a time on an idle server, beside one bare commit at a time of the same statement; medians, in milliseconds. And where its
    time goes: CPU a check-in, in microseconds, by process."""
    bench.say("one check-in at a time, in turns with the bare statement")
    spent = {}
    courier = site.cluster.url("muster_courier", site.service.password_of("muster_courier"))
    ours, bare = [], []
    for turn in range(3):
        cpu = CpuWatch(site)
        load = bench.tool("load", site.service.public_port, site.service.certificate, 1, PARTIES, ALONE, 10_000_001 + turn * ALONE)
        ours.append(load["p50_ms"])
        for name, seconds in (cpu.spent() | {"load generator": load["cpu_seconds"]}).items():
            spent[name] = spent.get(name, 0) + seconds * 1e6 / (3 * ALONE)
        bare.append(bench.tool("limit", courier, 1, 1, 1000, PARTIES)["p50_ms"])
    return sorted(ours)[1], sorted(bare)[1], spent


def main():
    site = bench.bench_site({"edge": {"workers": 2}, "database": {"connections": os.environ.get("BENCH_DATABASE_CONNECTIONS", "1")}})
    try:
        site.start()
        huge_pages = bench.statement(site, "SHOW huge_pages")[0][0]
        bench.fill_register(site, PARTIES)
        peer = pgbench(site)
        bench.statement(site, "CHECKPOINT", superuser=True)
        alone, bare, alone_spent = latency(site)
        bench.say(f"{CHECK_INS:,} check-ins over {CONNECTIONS} TLS connections")
        since = site.query("SELECT clock_timestamp()", role="muster")[0][0]
        cpu, began = CpuWatch(site), time.monotonic()
        load = bench.tool("load", site.service.public_port, site.service.certificate, CONNECTIONS, PARTIES, CHECK_INS, timeout=900)
        seconds, spent = time.monotonic() - began, cpu.spent()
        bench.say("counting them in the database")
        rows, ids, cries, cases, behind = counted(site, since)
        courier = site.cluster.url("muster_courier", site.service.password_of("muster_courier"))
        bench.statement(site, "CHECKPOINT", superuser=True)
        bench.say(f"the limit: {LIMIT_CHECK_INS:,} check-ins in ready-made statements of 512")
        limit = bench.tool("limit", courier, 2, 512, LIMIT_CHECK_INS, PARTIES)
    finally:
        site.close()
    each = {name: value * 1e6 / CHECK_INS for name, value in spent.items()}
    bench.write_part("million", {
        "title": f"{CHECK_INS:,} check-ins over HTTPS on {os.cpu_count()} cores, load generator and PostgreSQL among them",
        "rows": [
            {"label": "time to the last answer", "value": load["seconds"], "unit": "s"},
            {"label": "check-ins a second", "value": load["rate"], "unit": "/s"},
            {"label": "latency, median", "value": load["p50_ms"], "unit": "ms"},
            {"label": "latency, p99", "value": load["p99_ms"], "unit": "ms"},
            {"label": "rows in the register", "value": rows, "unit": ""},
            {"label": "distinct client ids among them", "value": ids, "unit": ""},
            {"label": "parties that asked for help", "value": cries, "unit": ""},
            {"label": "open cases of those parties", "value": cases, "unit": ""},
            {"label": "check-ins that their party does not show", "value": behind, "unit": ""},
            {"label": "answered 202, from the journal", "value": load["journalled"], "unit": ""},
            *({"label": f"CPU a check-in, {name}", "value": value, "unit": "us"} for name, value in each.items()),
            {"label": "CPU a check-in, load generator", "value": load["cpu_seconds"] * 1e6 / CHECK_INS, "unit": "us"},
            {"label": "pgbench, insert and update, 64 clients", "value": peer, "unit": "/s"},
            {"label": "the limit: ready-made statements of 512 rows", "value": limit["rate"], "unit": "/s"},
            {"label": "one check-in on an idle server, median", "value": alone, "unit": "ms"},
            {"label": "the bare statement and commit, median", "value": bare, "unit": "ms"},
            *({"label": f"CPU of one check-in alone, {name}", "value": value, "unit": "us"} for name, value in alone_spent.items()),
        ],
        "ratios": [
            bench.ratio_at_most("seconds for the million, of 60", load["seconds"] * (1e6 / CHECK_INS) / 60, 1),
            {"claim": "effects for each check-in, in the database", "value": ids / CHECK_INS, "at_least": 1,
             "met": rows == ids == CHECK_INS and cases == cries and behind == 0},
            bench.ratio_at_least("to pgbench's transactions", load["rate"] / peer, 5),
            bench.ratio_at_least("to ready-made statements of 512 rows", load["rate"] / limit["rate"], 0.5),
            bench.ratio_at_most("one check-in's latency to the bare commit's", alone / bare, 1.1),
        ],
        "notes": [f"wall time with start and connections {seconds:.1f} s; PostgreSQL {', '.join(f'{k} {v}' for k, v in bench.POSTGRESQL.items())}, "
                  f"huge_pages {huge_pages}"],
    })


if __name__ == "__main__":
    main()
