#!/usr/bin/python3
# SPDX-License-Identifier: Apache-2.0
"""Text messages through one gateway, each signed as Twilio signs and verified: 2,000 a second offered, and as many as come in a closed loop.

They come from registered numbers, one in ten a cry; each is read by the grammar, sealed, stored and answered with the reply's words.
The gateway's connections are BENCH_CONNECTIONS (64); BENCH_TEXTS (60000 offered, half as many in the closed loop)."""
import bench_site as bench
from bench_site import row, say
from harness import gateways, people
from harness.service import CRISIS
from harness.waiting import until

RATE = 2000


def register_phones(site, count):
    """A file of the numbers of people who registered, without their plus."""
    citizen, phones = site.citizen(), []
    for _ in range(count):
        sent = people.registration()
        assert citizen.register(sent).status_code == 201
        phones.append(sent["contacts"][0]["value"].lstrip("+"))
    path = site.directory / "phones"
    path.write_text("\n".join(phones) + "\n")
    return path


def main():
    connections, count = bench.setting("CONNECTIONS", 64), bench.setting("TEXTS", 60_000)
    site = bench.bench_site({"edge": {"workers": 2}})
    try:
        site.start()
        phones = register_phones(site, 1000)
        gateway = gateways.add(site, "twilio", CRISIS)
        until(lambda: all(gateways.twilio(gateway, people.phone(), "SAFE", f"first {number}").send(site).status_code == 200
                          for number in range(16)), "every edge knows the gateway", 20)
        edges = site.service.roles("edge")

        def load(number, rate):
            return bench.tool("post_load", site.service.public_port, site.service.certificate, phones, connections, number, rate,
                              gateway["messages_url"], gateway["key"])
        load(2000, 0)
        say(f"{count:,} texts, {RATE:,} a second")
        before = site.query("SELECT count(*) FROM register.check_in", role="muster")[0][0]
        paced, cpu = bench.cpu_of(edges, lambda: load(count, RATE))
        stored = site.query("SELECT count(*) FROM register.check_in", role="muster")[0][0] - before
        say(f"{count // 2:,} texts, as many as come")
        full, full_cpu = bench.cpu_of(edges, lambda: load(count // 2, 0))
        assert site.service.roles("edge") == edges, "an edge ended meanwhile"
    finally:
        site.close()
    bench.write_part("texts", {
        "title": "Text messages through one gateway, signatures verified",
        "rows": [
            row("offered", RATE, "/s"), row("answered", paced["rate"], "/s"), row("answered, median", paced["p50_ms"], "ms"),
            row("answered, p99", paced["p99_ms"], "ms"), row("edges' CPU for one text", cpu / count * 1e6, "us"),
            row("in a closed loop: answered", full["rate"], "/s"), row("in a closed loop: p99", full["p99_ms"], "ms"),
            row("in a closed loop: edges' CPU for one text", full_cpu / (count // 2) * 1e6, "us"),
        ],
        "ratios": [
            bench.ratio_at_least(f"texts answered a second to the {RATE:,} offered", paced["rate"] / RATE, 0.99),
            bench.ratio_at_least("texts in the register to those answered", stored / count, 1),
        ],
        "notes": [f"{connections} connections, TLS 1.3; HMAC-SHA1 of address and form, made and verified for each; the load generator, the edges and "
                  "PostgreSQL share two cores"],
    })


if __name__ == "__main__":
    main()
