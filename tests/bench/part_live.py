#!/usr/bin/python3
# SPDX-License-Identifier: Apache-2.0
"""How soon an arriving cry is on every console. CONSOLES (200) streams of server-sent events are open while check-ins arrive at
RATE (2000) a second, for SECONDS (20); ten times a second one of them asks for help. Its time runs from when it is answered until the last console has
heard of it. Beside it: what a browser loads to show the console for the first time, compressed as gzip would.
CONSOLES, RATE and SECONDS have BENCH_ before them."""
import concurrent.futures
import gzip
import re
import selectors
import socket
import ssl
import threading
import time

import bench_site as bench
from harness import people
from harness.waiting import until

CONSOLES, RATE, SECONDS = bench.setting("CONSOLES", 200), bench.setting("RATE", 2000), bench.setting("SECONDS", 20)
FIRST_LOAD_MAX = 150 * 1024


class Consoles(threading.Thread):
    """All streams, read by one thread; notes when each heard of which case first."""

    def __init__(self, site, token):
        super().__init__(daemon=True)
        self.selector, self.heard, self.open, self.over = selectors.DefaultSelector(), {}, 0, False
        context = ssl.create_default_context(cafile=str(site.service.certificate))
        host, port = re.fullmatch(r"https://(.*):(\d+)", site.service.desk_url).groups()
        for _ in range(CONSOLES):
            line = context.wrap_socket(socket.create_connection((host, int(port))), server_hostname=host)
            line.sendall(f"GET /api/v1/events HTTP/1.1\r\nHost: {host}:{port}\r\nAuthorization: Bearer {token}\r\n\r\n".encode())
            line.setblocking(False)
            self.selector.register(line, selectors.EVENT_READ, [b""])

    def run(self):
        while not self.over:
            for key, _ in self.selector.select(0.1):
                self.read(key.fileobj, key.data)

    def read(self, line, left):
        try:
            while True:
                got = line.recv(65536)
                if not got:
                    raise ConnectionError("a console was cut off")
                text, now = left[0] + got, time.monotonic()
                self.open += text.count(b"event: hello")
                for code in set(re.findall(rb'"case":"([^"]+)"', text)):
                    self.heard.setdefault(code.decode(), {}).setdefault(line.fileno(), now)
                left[0] = text[text.rfind(b"\n\n") + 2:] if b"\n\n" in text else text
        except (ssl.SSLWantReadError, BlockingIOError):
            pass


def first_load(site, token):
    """The page and what it names and imports."""
    desk = site.desk()
    seen, waiting, total = set(), ["/"], 0
    while waiting:
        path = waiting.pop()
        if path in seen:
            continue
        seen.add(path)
        body = desk.get(path, headers={"Cookie": f"__Host-muster={token}"} if path == "/" else {}).content
        total += len(gzip.compress(body))
        names = re.findall(rb'(?:src|href)="(/assets/[^"]+)"', body) + [b"/assets/" + name for name in re.findall(rb'from "\./([^"]+)"', body)]
        waiting += [name.decode() for name in names]
    return total, len(seen)


def cry_out(site, codes):
    """One after the other, ten a second; when each was answered."""
    citizen, answered, began = site.citizen(), {}, time.monotonic()
    for number, code in enumerate(codes):
        time.sleep(max(0, began + number / 10 - time.monotonic()))
        said = people.check_in(case=code, status="injured", needs=["medical_emergency"])
        assert citizen.check_in(said).status_code == 201
        answered[code] = time.monotonic()
    return answered


def measure(site, consoles):
    citizen = site.citizen()
    cases = bench.register_some(site, 1000)
    cries = [citizen.register(people.registration()).json()["case"] for _ in range(SECONDS * 10)]
    with concurrent.futures.ThreadPoolExecutor(1) as pool:
        load = pool.submit(bench.tool, "post_load", site.service.public_port, site.service.certificate, cases, 64, RATE * (SECONDS + 2), RATE)
        answered = cry_out(site, cries)
        report = load.result()
    until(lambda: all(len(consoles.heard.get(code, {})) == CONSOLES for code in cries), "every console has heard of every cry")
    return report, sorted(max(consoles.heard[code].values()) - answered[code] for code in cries)


def main():
    site = bench.bench_site()
    try:
        site.start()
        officer = site.staff()
        consoles = Consoles(site, officer.token)
        consoles.start()
        until(lambda: consoles.open == CONSOLES, f"{CONSOLES} consoles")
        report, times = measure(site, consoles)
        consoles.over = True
        browser = site.browser()
        assert browser.sign_in(officer.user, officer.password).ok
        size, files = first_load(site, browser.session.cookies["__Host-muster"])
    finally:
        site.close()
    p99 = times[min(len(times) - 1, int(len(times) * 0.99))]
    bench.write_part("live", {
        "title": f"{CONSOLES} consoles told as it happens, {RATE:,} check-ins a second arriving",
        "rows": [bench.row("from the answer to a cry until the last console has heard of it, p50", times[len(times) // 2] * 1e3, "ms"),
                 bench.row("the same, p99", p99 * 1e3, "ms"),
                 bench.row("first load of the console, compressed", size / 1024, "KiB"), bench.row("its files", files, "")],
        "ratios": [bench.ratio_at_most("a cry on every console, p99 to one second", p99, 1),
                   bench.ratio_at_most("first load of the console to 150 KB", size / FIRST_LOAD_MAX, 1)],
        "notes": [f"{len(times)} cries, ten a second, among the check-ins of {report.get('rate', 0):,.0f} a second that arrived; the consoles' reader "
                  "and the load generator share the machine"],
    })


if __name__ == "__main__":
    main()
