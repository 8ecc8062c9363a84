# SPDX-License-Identifier: Apache-2.0
"""More than PostgreSQL takes, more than a client should hold open: cries are stored, the rest is refused at once or stored, nothing in between.

Nothing here is timed: how fast is measured by the bench (tests/bench/part_overload.py, part_slow.py). The short form floods for a few
seconds; MUSTER_FAULT_FULL=1 for longer and with 5,000 slow connections."""
import collections
import contextlib
import json
import os
import pathlib
import re
import subprocess

import pytest
import requests

from citizens import insist
from harness import people
from harness.places import BUILD, ROOT
from harness.raw import RawConnection, request
from harness.site import Site
from harness.waiting import until

FULL = bool(os.environ.get("MUSTER_FAULT_FULL"))
SECONDS = 30 if FULL else 4
SLOW_CONNECTIONS = 5000 if FULL else 300
CONNECTIONS = 1500 if FULL else 300
PARTIES = 100
QUEUE_MAX = 4096 # EDGE_QUEUE_MAX: records waiting, by class
# What an edge may grow by, in bytes: each connection with its TLS state, an input block and an answer; each record waiting. A sanitizer's
# build keeps what is freed for a while, and pads what it gives.
CONNECTION_BYTES, RECORD_BYTES, SLACK = 64 << 10, 8 << 10, 32 << 20
SANITIZED = 6 if "asan" in BUILD.name else 1


@pytest.fixture(scope="module")
def slow_site():
    """PostgreSQL takes four milliseconds for each check-in, over one connection an edge: four hundred a second in all at most, so that the connections of the
    short form wait longer than anybody is let wait."""
    running = Site({"musterd": {"log_level": "info"}, "database": {"connections": 1}})
    try:
        running.start()
        running.query("CREATE FUNCTION register.take_time() RETURNS trigger LANGUAGE plpgsql AS "
                      "$$ BEGIN PERFORM pg_sleep(0.004); RETURN NEW; END $$", role="muster")
        running.query("CREATE TRIGGER take_time BEFORE INSERT ON register.check_in FOR EACH ROW EXECUTE FUNCTION register.take_time()",
                      role="muster")
        yield running
    finally:
        running.close()


@pytest.fixture(scope="module")
def cases(slow_site):
    citizen = slow_site.citizen()
    codes = [insist(lambda sent=people.registration(): citizen.register(sent)).json()["case"] for _ in range(PARTIES)]
    path = slow_site.directory / "cases"
    path.write_text("\n".join(codes) + "\n")
    return path


def flood(site, cases, rate, cry_every=100, addresses=0, connections=CONNECTIONS):
    """What the generator counted, and each answer: client_id -> (class, status)."""
    tool, ledger = ROOT / "build" / "bench" / "flood", site.directory / "flood.ledger"
    assert tool.exists(), "the generator is not built: make bench-tools"
    done = subprocess.run([tool, str(site.service.public_port), site.service.certificate, cases, str(connections), str(rate), str(SECONDS),
                           str(cry_every), ledger, str(addresses)], stdin=subprocess.DEVNULL, capture_output=True, text=True,
                          timeout=SECONDS + 150, check=False)
    assert done.returncode == 0, f"an answer that nobody should get, or none: {done.stdout} {done.stderr}"
    answers = {}
    for line in ledger.read_text().splitlines():
        client_id, kind, status = line.split()
        answers[client_id] = (kind, int(status))
    counted = json.loads(done.stdout)
    assert len(answers) == counted["offered"] > 0
    return counted, answers


def metric(site, name, **labels):
    """Summed over the edges, and over what labels are not told."""
    total = 0
    for line in requests.get(f"{site.service.ops_url}/metrics", timeout=10).text.splitlines():
        found = re.fullmatch(r"(\w+)\{(.*)\} (\S+)", line)
        if found and found[1] == name and 'role="edge"' in found[2] and all(f'{key}="{value}"' in found[2] for key, value in labels.items()):
            total += float(found[3])
    return int(total)


def resident(pid):
    return int(re.search(r"VmRSS:\s+(\d+) kB", pathlib.Path(f"/proc/{pid}/status").read_text())[1]) << 10


def expect_kept(site, answers):
    """What was answered with a 2xx is in the register once; what was refused is not there, with nothing else."""
    stored = {client_id for client_id, (_, status) in answers.items() if status in (201, 202)}
    def counted():
        rows = site.query("SELECT client_id::text, count(*) FROM report.check_in WHERE client_id = ANY (%s::uuid[]) GROUP BY 1", (list(answers),))
        return dict(rows)
    until(lambda: len(counted()) >= len(stored), "all that was answered is in the register", 120, 0.3)
    rows = counted()
    assert rows.keys() == stored and set(rows.values()) <= {1}


@pytest.mark.parametrize("addresses", [0, 200])
def test_cries_are_stored_and_the_rest_is_refused_or_stored(slow_site, cases, addresses):
    edges = slow_site.service.roles("edge")
    before = {pid: resident(pid) for pid in edges}
    sheds = {name: metric(slow_site, "muster_sheds_total", **{"class": name}) for name in ("help", "check_in")}
    counted, answers = flood(slow_site, cases, 3000, 50, addresses)
    grown = max(resident(pid) - before[pid] for pid in edges)
    assert slow_site.service.roles("edge") == edges
    fates = collections.Counter((kind, status) for kind, (status) in answers.values())
    cries = {status for kind, status in answers.values() if kind == "c"}
    assert cries and cries <= {201, 202}, fates
    assert {status for kind, status in answers.values() if kind == "r"} <= {201, 202, 503}, fates
    assert fates[("r", 503)] > 0, f"it was no overload: {fates} {counted}"
    ceiling = (CONNECTIONS * CONNECTION_BYTES + 4 * QUEUE_MAX * RECORD_BYTES) * SANITIZED + SLACK
    assert grown < ceiling, f"{grown} bytes more, of at most {ceiling}"
    until(lambda: metric(slow_site, "muster_sheds_total", **{"class": "check_in"}) - sheds["check_in"] == fates[("r", 503)],
          "the figures say what was refused", 10)
    assert metric(slow_site, "muster_sheds_total", **{"class": "help"}) == sheds["help"]
    assert counted["lost"] == counted["odd"] == 0
    expect_kept(slow_site, answers)
    until(lambda: metric(slow_site, "muster_batch_waiting") == 0, "nothing waits any more", 10)


def test_nothing_but_cries_and_more_than_postgresql_takes(slow_site, cases):
    """None can give way to another: what PostgreSQL has no room for goes to the journal."""
    spilled = metric(slow_site, "muster_cries_spilled_total")
    _, answers = flood(slow_site, cases, 2500, 1)
    assert {status for _, status in answers.values()} == {201, 202}
    assert metric(slow_site, "muster_sheds_total", **{"class": "help"}) == 0
    until(lambda: metric(slow_site, "muster_cries_spilled_total") > spilled, "some went straight to the journal", 10)
    expect_kept(slow_site, answers)


SLOWLY = {
    "heads": ["-H", "-u", "/api/v1/crises"],
    "bodies": ["-B", "-u", "/api/v1/check-ins", "-s", "8192", "-f", "application/json"],
    "reads": ["-X", "-u", "/openapi.json", "-k", "3", "-w", "256", "-y", "512", "-n", "5", "-z", "32"],
}


@contextlib.contextmanager
def slow_clients(site, mode, seconds):
    arguments = [argument if not argument.startswith("/") else site.service.public_url + argument for argument in SLOWLY[mode]]
    running = subprocess.Popen(["slowhttptest", *arguments, "-c", str(SLOW_CONNECTIONS), "-r", str(min(SLOW_CONNECTIONS, 1000)), "-i", "2", "-x", "8",
                                "-l", str(seconds), "-p", "5"], stdin=subprocess.DEVNULL, stdout=subprocess.DEVNULL,
                               stderr=subprocess.DEVNULL, cwd=site.directory)
    try:
        yield running
    finally:
        running.kill()
        running.wait()


@pytest.mark.parametrize("mode", list(SLOWLY))
def test_slow_clients_hold_up_nobody(slow_site, cases, mode):
    """From the same address as they, new connections and old ones are answered, all of them; then the slow ones are gone."""
    case = cases.read_text().split()[0]
    edges = slow_site.service.roles("edge")
    before = {pid: resident(pid) for pid in edges}
    old = slow_site.citizen()
    assert old.get("/api/v1/crises").status_code == 200
    came = metric(slow_site, "muster_connections_total")
    cut = metric(slow_site, "muster_timeouts_total") + metric(slow_site, "muster_connections_evicted_total")
    with slow_clients(slow_site, mode, 120):
        until(lambda: metric(slow_site, "muster_connections_total") - came >= SLOW_CONNECTIONS * 0.9, "they came", 90)
        for number in range(100 if FULL else 20):
            status = "need_help" if number % 2 else "safe"
            assert insist(lambda status=status: old.check_in(people.check_in(case=case, status=status))).status_code in (201, 202)
            body = json.dumps(people.check_in(case=case, status=status)).encode()
            with RawConnection(slow_site.service.public_port, slow_site.service.certificate) as fresh:
                fresh.send(request("POST", "/api/v1/check-ins", body))
                assert fresh.answer().status in (201, 202)
        grown = max(resident(pid) - before[pid] for pid in edges)
        if FULL or mode == "heads": # the others' deadlines are 30 s and more
            until(lambda: metric(slow_site, "muster_timeouts_total") + metric(slow_site, "muster_connections_evicted_total") > cut,
                  "a deadline, or the want of room, cuts them", 90)
    ceiling = SLOW_CONNECTIONS * 2 * CONNECTION_BYTES * SANITIZED + SLACK
    assert grown < ceiling, f"{grown} bytes more, of at most {ceiling}"
    assert slow_site.service.roles("edge") == edges
    until(lambda: metric(slow_site, "muster_connections_open") < 50, "they are gone", 60)
