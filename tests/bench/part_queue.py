#!/usr/bin/python3
# SPDX-License-Identifier: Apache-2.0
"""Reading the head of a queue and claiming from it, with 5,000 and with 5,000,000 cases open, through the desk as officers use it.

Eight officers at once, each with a token, over HTTPS, row-level security in force: GET the first twenty, POST a claim, put the case back.
Once all eight work the whole crisis, once all eight are of one post that has a hundredth of the cases. Then twenty thousand claims and
releases at the head of the same queue, and the same again: what they leave behind in the indexes is what slows queues in PostgreSQL.
Each figure is the median of three runs. BENCH_CASES (5000000), BENCH_ROUNDS (1000 a run), BENCH_CHURN (20000)."""
import statistics
import time

import bench_site as bench
import queue_plot
from harness import people
from harness.service import CRISIS

FEW, QUEUE, POST, OFFICERS, RUNS, REAL = 5000, "assistance", "algiers", 8, 3, 160
# The fill writes tables that it emptied in the same transaction: with wal_level minimal they need no write-ahead log.
POSTGRESQL = {"wal_level": "minimal", "max_wal_senders": "0", "max_wal_size": "4GB"}
WHO = {"crisis": "officers of the whole crisis", "post": "officers of one post"}


def hire(site, who):
    """A file of the officers' tokens."""
    tokens = []
    for number in range(OFFICERS):
        password = site.directory / "password"
        password.write_text("correct horse battery staple\n")
        user = f"{who}.officer{number}"
        place = ["--post", POST] if who == "post" else []
        site.service.muster("staff", "add", "--user", user, "--role", "officer", "--crisis", CRISIS, *place, "--password-file", password)
        tokens.append(site.service.muster_json("staff", "token", "--user", user)["token"])
    path = site.directory / f"{who}.tokens"
    path.write_text("\n".join(tokens) + "\n")
    return path


def register_real(site):
    """People whose names can be opened; the fill puts them at the heads."""
    citizen = site.citizen()
    for _ in range(REAL):
        answer = citizen.register(people.registration())
        assert answer.status_code == 201, answer.text


def fill(site, cases):
    """With the service stopped, which would wait for the tables' locks."""
    bench.say(f"{cases:,} open cases")
    site.service.stop()
    began = time.monotonic()
    bench.run_sql(site, bench.ROOT / "tests/bench/queue.sql", superuser=True, cases=cases, post=POST, heads=QUEUE, calm=0)
    bench.say(f"filled in {time.monotonic() - began:.0f} s")
    site.service.start()


def run(site, tokens, rounds, latencies):
    return bench.tool("officers", site.service.desk_port, site.service.certificate, QUEUE, tokens, rounds, latencies, timeout=900)


def measure(site, tokens, name, rounds):
    """The median of the runs, by step; the latencies of all runs are kept for the plot."""
    found = {}
    for who, path in tokens.items():
        bench.say(f"{name}: {OFFICERS} {WHO[who]}, {RUNS} runs of {rounds:,} rounds")
        run(site, path, rounds // 4, site.directory / "warm")
        runs = [run(site, path, rounds, site.directory / f"{name}.{who}.{turn}") for turn in range(RUNS)]
        found[who] = {step: {key: statistics.median(one[step][key] for one in runs) for key in ("p50_ms", "p99_ms", "max_ms")}
                      for step in ("list", "claim", "release")}
        found[who]["rate"] = statistics.median(one["rate"] for one in runs)
        lines = [line.split() for turn in range(RUNS) for line in (site.directory / f"{name}.{who}.{turn}").read_text().splitlines()]
        found[who]["latencies"] = {step: sorted(int(line[column]) for line in lines) for column, step in enumerate(("list", "claim", "release"))}
    found["queues_ms"] = counting(site, tokens)
    return found


def counting(site, tokens):
    """GET /queues, which counts: the median of seven, in milliseconds."""
    desk = site.browser()
    desk.session.headers["Authorization"] = "Bearer " + tokens["crisis"].read_text().split()[0]
    took = []
    for _ in range(7):
        began = time.monotonic()
        answer = desk.get("/api/v1/queues")
        took.append((time.monotonic() - began) * 1e3)
        assert answer.status_code in (200, 503), answer.text # 503: past the statement's deadline of five seconds
    return statistics.median(took)


def churn(site, tokens, rounds):
    bench.say(f"{rounds:,} claims and releases at the head of {QUEUE}")
    return run(site, tokens["crisis"], rounds, site.directory / "churn")


def rows_of(name, found):
    for who, words in WHO.items():
        for step in ("list", "claim"):
            for key in ("p50_ms", "p99_ms"):
                yield bench.row(f"{name}, {words}: {step}, {key[:3]}", found[who][step][key], "ms")
        yield bench.row(f"{name}, {words}: rounds", found[who]["rate"], "/s")
    yield bench.row(f"{name}: GET /queues, which counts", found["queues_ms"], "ms")


def ratios_of(small, big, words):
    for who in WHO:
        for step, doing in (("list", "reading the head"), ("claim", "claiming")):
            yield bench.ratio_at_most(f"{doing}, {WHO[who]}, p99 {words} to p99 at {FEW:,}", big[who][step]["p99_ms"] / small[who][step]["p99_ms"], 1.5)


def main():
    many, rounds, churns = bench.setting("CASES", 5_000_000), bench.setting("ROUNDS", 1000), bench.setting("CHURN", 20_000)
    site = bench.bench_site({"edge": {"workers": 1}}, POSTGRESQL)
    try:
        site.start()
        register_real(site)
        tokens = {who: hire(site, who) for who in WHO}
        fill(site, FEW)
        small = measure(site, tokens, f"{FEW:,} cases", rounds)
        fill(site, many)
        big = measure(site, tokens, f"{many:,} cases", rounds)
        churned = churn(site, tokens, churns)
        after = measure(site, tokens, f"{many:,} cases, after {churns:,} claims", rounds)
        assert site.query("SELECT count(*) FROM register.triage_case WHERE state <> 'resolved'", role="muster")[0][0] == many
    finally:
        site.close()
    names = [f"{FEW:,} cases", f"{many:,} cases", f"{many:,} cases, after {churns:,} claims"]
    (bench.FOLDER / "queue.svg").write_text(queue_plot.draw(dict(zip(names, (small, big, after))), WHO))
    bench.write_part("queue", {
        "title": f"The head of a queue with {FEW:,} and with {many:,} cases open",
        "rows": [line for name, found in zip(names, (small, big, after)) for line in rows_of(name, found)]
                + [bench.row(f"{churns:,} rounds of claim and release: rounds", churned["rate"], "/s")],
        "ratios": [*ratios_of(small, big, f"at {many:,}"), *ratios_of(small, after, f"after {churns:,} claims")],
        "notes": [f"{OFFICERS} officers in a closed loop without pauses: the machine is full in every run; the load generator, the desk and "
                  "PostgreSQL share its cores",
                  f"a round reads the first 20 of {QUEUE}, claims its most urgent case, and puts it back; the names at the head are opened",
                  f"one officer in {OFFICERS} has a case at a time; of all cases one in fifty is held and one in fifty waits for the citizen"],
    })


if __name__ == "__main__":
    main()
