#!/usr/bin/python3
# SPDX-License-Identifier: Apache-2.0
"""What an idle keep-alive TLS connection costs in memory, beside nginx's: each has made one request and waits.

One edge, one nginx worker, the same certificate, TLS 1.3, the same client. Measured is what the process holds for itself (Pss of its
anonymous memory) with all connections open, less what it held before, by their number; a first wave comes and goes before, so that what
either keeps for good is not counted as the connections'. The kernel's memory for the sockets is the same for both and not in it.
BENCH_IDLE (15000)."""
import json
import os
import pathlib
import subprocess

import bench_site as bench
from bench_site import row
from harness.waiting import until
from net_peers import Nginx

PATH = "/.well-known/security.txt"


def held(pid):
    """Octets of anonymous memory."""
    for line in pathlib.Path(f"/proc/{pid}/smaps_rollup").read_text().splitlines():
        if line.startswith("Pss_Anon:"):
            return int(line.split()[1]) * 1024
    raise AssertionError("no Pss_Anon in smaps_rollup")


def descriptors(pid):
    return len(os.listdir(f"/proc/{pid}/fd"))


def hold(site, port, pid, count):
    """Opens `count`, and returns what the process then holds and the client's two reports."""
    before = descriptors(pid)
    client = subprocess.Popen([bench.FOLDER / "idle", str(port), site.service.certificate, str(count), PATH], stdin=subprocess.PIPE,
                              stdout=subprocess.PIPE, text=True)
    try:
        opened = json.loads(client.stdout.readline())
        octets = held(pid)
        client.stdin.close()
        closed = json.loads(client.stdout.readline())["closed"]
        assert client.wait(60) == 0
    finally:
        client.kill()
    assert closed == 0, f"{closed} of {count} were closed meanwhile"
    until(lambda: descriptors(pid) <= before, "its sockets closed", 60)
    return octets, opened


def measure(site, port, pid, count):
    hold(site, port, pid, 100)
    before = held(pid)
    octets, opened = hold(site, port, pid, count)
    return (octets - before) / count, before, opened


def main():
    count = bench.setting("IDLE", 15_000)
    bench.raise_descriptors()
    site = bench.quiet_site({"edge": {"workers": 1}})
    try:
        [edge] = bench.edges(site)
        body = site.citizen().get(PATH).text
        bench.say(f"musterd: {count:,} connections")
        ours, our_start, our_report = measure(site, site.service.public_port, edge, count)
        nginx = Nginx(site, body.replace("\n", "\\n").replace("'", ""), connections=count + 1024, status=200)
        try:
            [worker] = nginx.workers()
            bench.say(f"nginx: {count:,} connections")
            theirs, their_start, their_report = measure(site, nginx.port, worker, count)
        finally:
            nginx.close()
        assert bench.edges(site) == [edge], "the edge ended meanwhile"
    finally:
        site.close()
    bench.write_part("idle", {
        "title": f"{count:,} idle keep-alive TLS connections, beside nginx's",
        "rows": [
            row("musterd, memory of an idle connection", ours / 1024, "KiB"), row("nginx, memory of an idle connection", theirs / 1024, "KiB"),
            row("musterd's edge without connections", our_start / 2**20, "MiB"), row("nginx's worker without connections", their_start / 2**20, "MiB"),
            row("musterd, time to open them all, one after the other", our_report["seconds"], "s"),
            row("nginx, time to open them all, one after the other", their_report["seconds"], "s"),
        ],
        "ratios": [bench.ratio_at_most("memory of an idle connection to nginx's", ours / theirs, 1)],
        "notes": [f"{our_report['tls']}, {our_report['cipher']}; each answered one GET ({our_report['answer_octets']} octets, nginx's "
                  f"{their_report['answer_octets']}); anonymous memory by /proc/PID/smaps_rollup; nginx with its default buffers; its table of "
                  "connections is made at the start and so not in its figure"],
    })


if __name__ == "__main__":
    main()
