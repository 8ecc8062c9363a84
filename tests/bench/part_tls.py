#!/usr/bin/python3
# SPDX-License-Identifier: Apache-2.0
"""New TLS connections a second, beside `openssl s_server` with the same certificate: TLS 1.3, X25519, ECDSA P-256, no resumption.

One client for both: sixteen workers that connect, shake hands, wait for the server's ticket and close. The server, one process in either
case, has one core for itself and the client the other. The client's half of a handshake is the dearer one (it checks a signature, and the
certificate), so it is the client that is full, and the rates alone would flatter: the CPU time the server spends on a connection is
compared as well. The servers take turns, RUNS times, and the medians count. s_server is a tool for trying things out and spends more than it need;
so nginx, which is none, is measured as well.
Then resumption: connections a second with tickets, and with two edges whether a ticket of one is taken by the other.
BENCH_HANDSHAKES (5000 a run)."""
import os
import statistics

import bench_site as bench
from bench_site import row
from net_peers import Nginx, OpensslServer

WORKERS, RUNS = 16, 3
SERVER_CORE, CLIENT_CORE = 0, 1


def run(site, port, pids, count, kind, core=CLIENT_CORE):
    """The client's report, with the server's CPU time for a connection in microseconds."""
    report, seconds = bench.cpu_of(pids, lambda: bench.tool("handshakes", port, site.service.certificate, count, WORKERS, kind, core=core))
    return {**report, "cpu_us": seconds / count * 1e6}


def median(runs, key):
    return statistics.median(one[key] for one in runs)


def one_edge(count):
    """Runs of musterd and of s_server, by name and kind."""
    site = bench.quiet_site({"edge": {"workers": 1}})
    found = {(name, kind): [] for kind in ("full", "resumed") for name in ("musterd", "s_server", "nginx")}
    peers = []
    try:
        edges = bench.edges(site)
        os.sched_setaffinity(edges[0], {SERVER_CORE})
        openssl, nginx = peers = [OpensslServer(site, SERVER_CORE), Nginx(site)]
        os.sched_setaffinity(nginx.workers()[0], {SERVER_CORE})
        servers = {"musterd": (site.service.public_port, edges), "s_server": (openssl.port, [openssl.process.pid]),
                   "nginx": (nginx.port, nginx.workers())}
        for kind in ("full", "resumed"):
            for port, pids in servers.values():
                run(site, port, pids, count // 10, kind)
            for turn in range(RUNS):
                bench.say(f"{kind} handshakes, {count:,} with each server, run {turn + 1} of {RUNS}")
                for name, (port, pids) in servers.items():
                    found[name, kind].append(run(site, port, pids, count, kind))
        assert bench.edges(site) == edges, "the edge ended meanwhile"
    finally:
        for peer in peers:
            peer.close()
        site.close()
    return found


def two_edges(count):
    """Resumed connections over both edges, and each one's share of their CPU time."""
    site = bench.quiet_site()
    try:
        edges = bench.edges(site)
        before = [bench.cpu_seconds([pid]) for pid in edges]
        bench.say(f"{count:,} resumed handshakes over {len(edges)} edges")
        report = bench.tool("handshakes", site.service.public_port, site.service.certificate, count, WORKERS, "resumed")
        spent = [bench.cpu_seconds([pid]) - was for pid, was in zip(edges, before)]
    finally:
        site.close()
    return report, min(spent) / sum(spent)


def main():
    count = bench.setting("HANDSHAKES", 5000)
    found = one_edge(count)
    both, smaller = two_edges(count)
    ours, theirs, nginx = (found[name, "full"] for name in ("musterd", "s_server", "nginx"))
    assert all(one["reused"] == 0 for one in ours + theirs + nginx), "a full handshake was none"
    bench.write_part("tls", {
        "title": "New TLS connections, beside openssl s_server's",
        "rows": [
            *(row(f"{name}, {kind} handshakes", median(runs, "rate"), "/s") for (name, kind), runs in found.items()),
            *(row(f"{name}, CPU for a {kind} handshake", median(runs, "cpu_us"), "us") for (name, kind), runs in found.items()),
            row("musterd, resumed where asked", sum(one["reused"] for one in found["musterd", "resumed"]) / (RUNS * count) * 100, "%"),
            row("two edges, resumed connections", both["rate"], "/s"),
            row("two edges, the less busy one's share of their CPU time", smaller * 100, "%"),
        ],
        "ratios": [
            bench.ratio_at_least("new connections a second to s_server's", median(ours, "rate") / median(theirs, "rate"), 0.9),
            bench.ratio_at_least("new connections for a second of the server's CPU to s_server's", median(theirs, "cpu_us") / median(ours, "cpu_us"), 0.9),
            bench.ratio_at_least("new connections for a second of the server's CPU to nginx's", median(nginx, "cpu_us") / median(ours, "cpu_us"), 0.9),
            bench.ratio_at_least("tickets taken, whichever of two edges issued them", both["reused"] / count, 1),
        ],
        "notes": [
            f"{ours[0]['tls']}, {ours[0]['group']}, {ours[0]['cipher']}, key {ours[0]['signature']}; {WORKERS} at a time from as many addresses; "
            f"server on core {SERVER_CORE}, client on core {CLIENT_CORE}; s_server as quiet as it gets (-quiet -no_cache), one ticket as ours; nginx sends two",
            "s_server serves one connection after the other, and between two of them waits; the CPU time does not count its waiting",
        ],
    })


if __name__ == "__main__":
    main()
