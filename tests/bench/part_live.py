#!/usr/bin/python3
# SPDX-License-Identifier: Apache-2.0
"""The desk at its full size: 5,000,000 open cases, 200 consoles that listen and look as the console does, 2,000 check-ins a second arriving, one in ten a
cry that opens a case. How long the first page of a queue and a claim take, of all queues in turn at ten rounds a second, beside the same with nothing
else going on; how soon a cry is on every console, from when it is answered until the last has heard of it; what a browser loads to show the console for
the first time, compressed as it is sent.
Everything shares the machine's cores: the load generator, the consoles, PostgreSQL, the service.
BENCH_CASES (5000000), BENCH_CONSOLES (200), BENCH_RATE (2000), BENCH_SECONDS (60). Small: BENCH_CASES=20000 BENCH_CONSOLES=50 BENCH_RATE=300 BENCH_SECONDS=15."""
import concurrent.futures
import json
import re
import statistics
import subprocess
import time

import bench_site as bench
from harness import case_codes, people
from harness.service import CRISIS
from harness.waiting import until
from part_million import CpuWatch

CASES, CONSOLES, RATE, SECONDS = (bench.setting(name, default) for name, default in
                                  (("CASES", 5_000_000), ("CONSOLES", 200), ("RATE", 2000), ("SECONDS", 60)))
OFFICERS, ROUNDS_A_SECOND, CRIES_A_SECOND, WARM_SECONDS = 4, 10, 5, 3
REAL, CALM = 480, 100_000 # people whose names can be opened, at the heads of the queues; parties without a case, who check in
POST = "algiers"
FIRST_LOAD_MAX = 150 * 1024
# The fill writes tables that it emptied in the same transaction: with wal_level minimal they need no write-ahead log.
POSTGRESQL = {"wal_level": "minimal", "max_wal_senders": "0"}


def hire(site):
    """A file of officers' tokens, four of the whole crisis to each of one post."""
    password, tokens = site.directory / "password", []
    password.write_text("correct horse battery staple\n")
    for number in range(20):
        place = ["--post", POST] if number % 5 == 4 else []
        user = f"console.{number}"
        site.service.muster("staff", "add", "--user", user, "--role", "officer", "--crisis", CRISIS, *place, "--password-file", password)
        tokens.append(site.service.muster_json("staff", "token", "--user", user)["token"])
    every, whole = site.directory / "consoles", site.directory / "officers"
    every.write_text("\n".join(tokens) + "\n")
    whole.write_text("\n".join(tokens[:OFFICERS]) + "\n")
    return every, whole


def fill(site):
    """With the service stopped, which would wait for the tables' locks. The codes of the parties without a case."""
    citizen = site.citizen()
    for _ in range(REAL):
        assert citizen.register(people.registration()).status_code == 201
    site.service.stop()
    bench.say(f"{CASES:,} open cases")
    began = time.monotonic()
    bench.run_sql(site, bench.ROOT / "tests/bench/queue.sql", superuser=True, cases=CASES, post=POST, heads="all", calm=CALM)
    bench.say(f"filled in {time.monotonic() - began:.0f} s")
    site.service.start()
    until(lambda: site.query("SELECT count(*) FROM register.case_count_mark", role="muster")[0][0] == 1, "all cases are counted", seconds=300)
    return [case_codes.code((n * 22906492245) & 35184372088831) for n in range(CASES + 1, CASES + CALM + 1)]


def look(site, desk, path, times=20):
    """The median of so many, in milliseconds."""
    took = []
    for _ in range(times):
        began = time.monotonic()
        answer = desk.get(path)
        took.append((time.monotonic() - began) * 1e3)
        assert answer.status_code == 200, answer.text
    return statistics.median(took)


def officers(site, tokens, name, seconds):
    """What each step took, in milliseconds, in order."""
    path = site.directory / name
    bench.tool("officers", site.service.desk_port, site.service.certificate, "all", tokens, seconds * ROUNDS_A_SECOND, path, ROUNDS_A_SECOND,
               timeout=60 + 20 * seconds)
    lines = [line.split() for line in path.read_text().splitlines()]
    return {step: sorted(int(line[column]) / 1e3 for line in lines) for column, step in enumerate(("list", "claim"))}


def percentile(ordered, share):
    return ordered[min(len(ordered) - 1, int(len(ordered) * share))]


def cry_out(site, codes):
    """One after the other; when each was answered."""
    citizen, answered, began = site.citizen(), {}, time.monotonic()
    for number, code in enumerate(codes):
        time.sleep(max(0, began + number / CRIES_A_SECOND - time.monotonic()))
        assert citizen.check_in(people.check_in(case=code, status="injured", needs=["medical_emergency"])).status_code == 201
        answered[code] = time.monotonic()
    return answered


def loaded(site, consoles_tokens, officers_tokens, codes):
    """All of it at once."""
    cries, others = codes[:CRIES_A_SECOND * SECONDS], codes[CRIES_A_SECOND * SECONDS:]
    cry_file, case_file = site.directory / "cries", site.directory / "cases"
    cry_file.write_text("\n".join(cries) + "\n")
    case_file.write_text("\n".join(others[:len(others) // 10 * 10]) + "\n")
    consoles = subprocess.Popen([bench.FOLDER / "consoles", str(site.service.desk_port), site.service.certificate, consoles_tokens, str(CONSOLES), cry_file],
                                stdin=subprocess.PIPE, stdout=subprocess.PIPE)
    try:
        assert json.loads(consoles.stdout.readline())["open"] == CONSOLES
        began = time.monotonic()
        with concurrent.futures.ThreadPoolExecutor(3) as pool:
            load = pool.submit(bench.tool, "post_load", site.service.public_port, site.service.certificate, case_file, 64,
                               RATE * (SECONDS + 2 * WARM_SECONDS), RATE, "wordless")
            time.sleep(WARM_SECONDS)
            cpu = CpuWatch(site)
            crying = pool.submit(cry_out, site, cries)
            steps = officers(site, officers_tokens, "loaded", SECONDS)
            answered, spent = crying.result(), cpu.spent()
            desk = site.desk()
            figures = {path: look(site, desk, path) for path in ("/api/v1/queues", "/api/v1/figures", "/api/v1/map?zoom=10")}
            report = load.result()
        time.sleep(2) # what is under way is heard
        told = json.loads(consoles.communicate(timeout=60)[0])
        told["seconds"] = time.monotonic() - began
    finally:
        consoles.kill()
        consoles.wait()
    heard = told.pop("cries")
    deaf = [code for code in cries if heard[code][0] < CONSOLES * 4 // 5] # a post's officers hear of their post alone
    assert not deaf, f"{len(deaf)} cries were not heard of by every console that may"
    times = sorted(heard[code][1] / 1e6 - answered[code] for code in cries)
    return steps, times, told, report, figures, spent


def first_load(site, officer):
    """The page and what it names and imports: bytes as they are sent, and files."""
    browser = site.browser()
    assert browser.sign_in(officer.user, officer.password).ok
    seen, waiting, total = set(), ["/"], 0
    while waiting:
        path = waiting.pop()
        if path in seen:
            continue
        seen.add(path)
        plain = browser.get(path, headers={"Accept-Encoding": "identity"}).content
        total += int(browser.get(path, headers={"Accept-Encoding": "gzip, br"}, stream=True).headers["Content-Length"])
        names = re.findall(rb'(?:src|href)="(/assets/[^"]+)"', plain) + [b"/assets/" + name for name in re.findall(rb'from "\./([^"]+)"', plain)]
        waiting += [name.decode() for name in names]
    return total, len(seen)


def rows_of(idle, busy, quiet, figures, times, told, spent, size, files):
    for step, words in (("list", "the first page of a queue"), ("claim", "a claim")):
        for name, found in (("idle", idle), ("loaded", busy)):
            for share in (0.5, 0.99):
                yield bench.row(f"{words}, {name}, p{share * 100:.0f}", percentile(found[step], share), "ms")
    for path, took in quiet.items():
        yield bench.row(f"GET {path}, idle, median", took, "ms")
        yield bench.row(f"GET {path}, loaded, median", figures[path], "ms")
    yield bench.row("from the answer to a cry until the last console has heard of it, p50", percentile(times, 0.5) * 1e3, "ms")
    yield bench.row("the same, p99", percentile(times, 0.99) * 1e3, "ms")
    yield bench.row("the consoles' looks at their lists, a second", told["list"]["count"] / told["seconds"], "/s")
    yield bench.row("their looks, p99", told["list"]["p99_ms"], "ms")
    yield bench.row("events they were told, a second", told["events"] / told["seconds"], "/s")
    for kind, seconds in spent.items():
        yield bench.row(f"CPU, {kind}", seconds / SECONDS * 100, "% of a core")
    yield bench.row("first load of the console, compressed", size / 1024, "KiB")
    yield bench.row("its files", files, "")


def main():
    # as docs/operating.md has it for a machine that is short of processors
    site = bench.bench_site({"edge": {"workers": 1}, "database": {"connections": 1}, "desk": {"connections": 4}}, POSTGRESQL)
    try:
        site.start()
        officer = site.staff()
        consoles_tokens, officers_tokens = hire(site)
        codes = fill(site)
        desk = site.desk()
        officers(site, officers_tokens, "warm", 10)
        quiet = {path: look(site, desk, path) for path in ("/api/v1/queues", "/api/v1/figures", "/api/v1/map?zoom=10")}
        bench.say("idle")
        idle = officers(site, officers_tokens, "idle", SECONDS)
        bench.say(f"{CONSOLES} consoles, {RATE:,} check-ins a second")
        busy, times, told, report, figures, spent = loaded(site, consoles_tokens, officers_tokens, codes)
        size, files = first_load(site, officer)
    finally:
        site.close()
    page, claim, cry = percentile(busy["list"], 0.99), percentile(busy["claim"], 0.99), percentile(times, 0.99)
    bench.write_part("live", {
        "title": f"{CASES:,} open cases, {CONSOLES} consoles told as it happens, {RATE:,} check-ins a second arriving",
        "rows": [*rows_of(idle, busy, quiet, figures, times, told, spent, size, files)],
        "ratios": [bench.ratio_at_most("first page of a queue under load, p99 to 50 ms", page / 50, 1),
                   bench.ratio_at_most("a claim under load, p99 to 50 ms", claim / 50, 1),
                   bench.ratio_at_most("first page of a queue, p99 under load to idle", page / percentile(idle["list"], 0.99), 2),
                   bench.ratio_at_most("a claim, p99 under load to idle", claim / percentile(idle["claim"], 0.99), 2),
                   bench.ratio_at_most("a cry on every console, p99 to one second", cry, 1),
                   bench.ratio_at_most("first load of the console to 150 KB", size / FIRST_LOAD_MAX, 1),
                   bench.ratio_at_least("check-ins stored a second to those offered", report["rate"] / RATE, 0.98)],
        "notes": [f"{len(busy['list']):,} rounds of page, claim and release, {ROUNDS_A_SECOND} a second over all queues; {len(times)} cries that are timed, "
                  f"{CRIES_A_SECOND} a second, among {RATE // 10:,} others; {told['many']} times a console was told of many changes at once, "
                  f"{told['resets']} times to begin anew, {told['cuts']} times cut off, {told['refused']} looks refused"],
    })


if __name__ == "__main__":
    main()
