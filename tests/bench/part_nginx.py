#!/usr/bin/python3
# SPDX-License-Identifier: Apache-2.0
"""Edge CPU for one check-in beside nginx's for answering the same POST with a fixed 201: TLS 1.3, keep-alive, the same client.

nginx reads the request's body and throws it away (`return` discards it; the client goes on with the next request on the same connection,
which it could not if the body stayed unread). nginx has as many workers
as there are edges, and the connections are as many as in the million: BENCH_CONNECTIONS (256), BENCH_NGINX_COUNT (150000 requests each)."""
import bench_site as bench
from bench_site import row, say
from net_peers import Nginx


def main():
    connections, count = bench.setting("CONNECTIONS", 256), bench.setting("NGINX_COUNT", 150_000)
    site = bench.quiet_site()
    try:
        cases = bench.register_some(site, 200)
        edges = site.service.roles("edge")
        body = site.citizen().check_in({"client_id": "0b7a8e0c-6a8e-4b43-9a60-0c7a3bb1a0f1", "case": cases.read_text().split()[0],
                                        "status": "safe", "location": {"lat": 13.51, "lon": 2.11},
                                        "message": "we are at home and well"}).text
        say(f"musterd: {count} check-ins on {connections} connections, {len(edges)} edges")
        ours, our_cpu = measure(site, site.service.public_port, edges, cases, connections, count)
        nginx = Nginx(site, body, workers=len(edges))
        try:
            say(f"nginx: {count} POSTs on {connections} connections, as many a second as it can, then as many as musterd stored")
            theirs, their_cpu = measure(site, nginx.port, nginx.workers(), cases, connections, count)
            paced, paced_cpu = measure(site, nginx.port, nginx.workers(), cases, connections, count, int(ours["rate"]))
        finally:
            nginx.close()
        assert site.service.roles("edge") == edges, "an edge ended meanwhile"
    finally:
        site.close()
    bench.write_part("nginx", {
        "title": "Edge CPU for one check-in, beside nginx's for a fixed answer",
        "rows": [
            row("nginx, CPU for one POST answered 201, at full speed", their_cpu, "us"), row("nginx, POSTs a second", theirs["rate"], "/s"),
            row("nginx, CPU for one POST, offered at musterd's rate", paced_cpu, "us"), row("nginx, POSTs a second then", paced["rate"], "/s"),
            row("musterd's edges, CPU for one check-in stored", our_cpu, "us"), row("musterd, check-ins a second", ours["rate"], "/s"),
            row("musterd, answered by the journal", ours["journalled"], "of " + str(count)),
            row("answer's body, nginx", theirs["body_octets"], "octets"), row("answer's body, musterd", ours["body_octets"], "octets"),
        ],
        "ratios": [
            bench.ratio_at_most("edge CPU for one check-in to nginx's for the same POST with a fixed 201, both at full speed", our_cpu / their_cpu, 1.5),
            bench.ratio_at_most("edge CPU for one check-in to nginx's for the same POST, both at musterd's rate", our_cpu / paced_cpu, 1.5),
        ],
        "notes": [
            f"{connections} keep-alive connections, {theirs['tls']} with {ours['cipher']}, one certificate (ECDSA P-256); "
            f"CPU is user and system time of {len(edges)} workers, and of as many edges, from /proc; PostgreSQL's is not in it",
            "a busy server finds many requests at each look at its sockets: at its own full speed nginx spends less on one than at musterd's rate",
            "nginx reads the body and discards it (ngx_http_discard_request_body); its answer carries no security headers",
        ],
    })


def measure(site, port, pids, cases, connections, count, rate=0):
    """The client's report, and CPU microseconds a request; the first requests warm up."""
    def post(number):
        return bench.tool("post_load", port, site.service.certificate, cases, connections, number, rate)
    post(max(1000, count // 20))
    report, seconds = bench.cpu_of(pids, lambda: post(count))
    return report, seconds / count * 1e6


if __name__ == "__main__":
    main()
