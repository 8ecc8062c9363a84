#!/usr/bin/python3
# SPDX-License-Identifier: Apache-2.0
"""A citizen's pages on the worst network: bytes on the wire, what a page costs an edge, and what a phone waits at 40 kbit/s and 800 ms.

The phone is Chromium with its own throttling (DevTools' Network.emulateNetworkConditions): it delays each request, not each round trip of
TCP and TLS, whose three (2.4 s) come on top for a first connection. BENCH_PAGES requests (2000) measure the CPU."""
import tempfile
import time
import urllib.parse

from selenium import webdriver
from selenium.webdriver.chrome.options import Options
from selenium.webdriver.chrome.service import Service

import bench_site as bench
from bench_site import row, say
from harness import people
from harness.waiting import until
from harness.wire import Wire

LANGUAGES = ("en", "fr", "ha", "dje", "ar")
FIRST_VISIT, USABLE_S, RECEIPT_S = 14_000, 5, 4
SPEED, LATENCY_MS = 40_000 // 8, 800
PHONE = {"Accept": "text/html", "Accept-Language": "fr-NE,fr;q=0.9", "Accept-Encoding": "gzip, deflate, br",
         "User-Agent": "Mozilla/5.0 (Linux; Android 9; one of many) AppleWebKit/537.36 Chrome/120.0.0.0 Mobile Safari/537.36"}


def connect(site):
    where = urllib.parse.urlsplit(site.service.public_url)
    return Wire(where.hostname, where.port)


def weigh(site):
    """Bytes both ways of each page in its heaviest language, and of the first visit; the handshake's."""
    rows, visits, wire = [], [], connect(site)
    cost = {}
    for language in LANGUAGES:
        for path in ("/", "/check-in", "/register", "/status", "/find", "/alerts", "/privacy", "/offline.js"):
            told = wire.request("GET", f"{path}?lang={language}", PHONE)
            cost[path, language] = told.sent + told.received
        visits.append(sum(cost[path, language] for path in ("/", "/offline.js")))
    for path in ("/", "/check-in", "/register", "/status", "/find", "/alerts", "/privacy", "/offline.js"):
        rows.append(row(f"{path}, heaviest language, both ways", max(cost[path, language] for language in LANGUAGES), "bytes"))
    rows.append(row("TLS handshake, sent and received, beside that", sum(wire.handshake), "bytes"))
    wire.close()
    return rows, max(visits), max(cost["/", language] for language in LANGUAGES)


def cpu_of_pages(site, count):
    rows, wire = [], connect(site)
    for label, path, more in (("home, kept in Brotli", "/", {}), ("home, not compressed", "/", {"Accept-Encoding": "identity"}),
                              ("check-in form, Brotli for each", "/check-in", {}),
                              ("check-in form, not compressed", "/check-in", {"Accept-Encoding": "identity"})):
        def ask(path=path, more=more):
            for _ in range(count):
                assert wire.request("GET", path, {**PHONE, **more}).status == 200
        _, cpu = bench.cpu_of(bench.edges(site), ask)
        rows.append(row(f"edges' CPU for one: {label}", cpu / count * 1e6, "us"))
    wire.close()
    return rows


def throttled():
    options = Options()
    options.binary_location = "/usr/bin/chromium"
    options.accept_insecure_certs = True
    options.page_load_strategy = "none"
    for argument in ("--headless=new", "--disable-gpu", "--disable-dev-shm-usage", "--no-first-run", "--no-sandbox",
                     f"--user-data-dir={tempfile.mkdtemp()}", "--disable-background-networking"):
        options.add_argument(argument)
    driver = webdriver.Chrome(service=Service("/usr/bin/chromedriver"), options=options)
    driver.execute_cdp_cmd("Network.enable", {})
    driver.execute_cdp_cmd("Network.emulateNetworkConditions", {
        "offline": False, "latency": LATENCY_MS, "downloadThroughput": SPEED, "uploadThroughput": SPEED})
    return driver


def wait_of(driver, act, selector):
    """Seconds from the act until what is looked for stands on the page."""
    began = time.monotonic()
    act()
    until(lambda: driver.execute_script("return document.querySelector(arguments[0]) !== null", selector), selector, 60)
    return time.monotonic() - began


def wait_on_the_phone(site):
    driver, url = throttled(), site.service.public_url
    try:
        home = wait_of(driver, lambda: driver.get(f"{url}/?lang=fr"), "a.act.help")
        form = wait_of(driver, lambda: driver.execute_script("document.querySelector('a.act.help').click()"), "[name=status]")
        until(lambda: driver.execute_script("return document.readyState") == "complete", "the form is whole", 60)
        driver.execute_script("document.querySelector('[name=phone]').value = arguments[0]", people.phone())
        receipt = wait_of(driver, lambda: driver.execute_script("document.querySelector('form .go').click()"), ".code.small")
    finally:
        driver.quit()
    return home, form, receipt


def main():
    count = bench.setting("PAGES", 2000)
    site = bench.Site({"edge": {"workers": 1}})
    try:
        site.start()
        say("bytes")
        rows, visit, first = weigh(site)
        say(f"CPU of {count:,} requests each")
        rows += cpu_of_pages(site, count)
        say(f"Chromium at {SPEED * 8 // 1000} kbit/s and {LATENCY_MS} ms")
        home, form, receipt = wait_on_the_phone(site)
    finally:
        site.close()
    bench.write_part("pages", {
        "title": "A citizen's pages at 40 kbit/s and 800 ms",
        "rows": [*rows, row("home usable after", home, "s"), row("its check-in form usable after", form, "s"),
                 row("receipt after", receipt, "s")],
        "ratios": [
            bench.ratio_at_most("bytes of a first visit in its one request: home with form and script, both ways, heaviest language", first, FIRST_VISIT),
            bench.ratio_at_most("bytes of a first visit with what comes once the phone is idle: the script as service worker", visit, FIRST_VISIT),
            bench.ratio_at_most("seconds to a usable home page", home, USABLE_S),
            bench.ratio_at_most("seconds to the receipt of a check-in", receipt, RECEIPT_S),
        ],
        "notes": ["Chromium's throttling delays each request, not the round trips of TCP and TLS: a first connection takes 2.4 s more"],
    })


if __name__ == "__main__":
    main()
