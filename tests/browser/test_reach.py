# SPDX-License-Identifier: Apache-2.0
"""A phone that dies, a phone whose clock is wrong by years, a Wi-Fi that answers in our place: what was told arrives once, and nothing else is called a
receipt. And the home page, which has the form in it."""
import base64
import contextlib
import datetime
import hashlib
import http.server
import json
import os
import pathlib
import signal
import ssl
import subprocess
import threading
import urllib.parse

import pytest
import requests

from conftest import Browser
from harness import people
from harness.waiting import until
from test_offline import lines, now, told_by, tunnel  # noqa: F401  (a fixture)

OURS = "default-src 'none'"


class Liar:
    """Answers everything in the service's place, as sign-in pages of Wi-Fis do, and worse."""

    def __init__(self, service):
        self.mode, self.heard, liar = "page", [], self

        class Handler(http.server.BaseHTTPRequestHandler):
            protocol_version = "HTTP/1.1"

            def answer(self, status, media_type, body, **headers):
                self.send_response(status)
                for name, value in {"Content-Type": media_type, "Content-Length": len(body), **headers}.items():
                    self.send_header(name.replace("_", "-"), str(value))
                self.end_headers()
                self.wfile.write(body)

            def do_GET(self):
                self.answer(200, "text/html", b"<!doctype html><title>Free Wi-Fi</title><h1>Sign in to go on</h1>")

            def do_POST(self):
                body = self.rfile.read(int(self.headers["Content-Length"]))
                liar.heard.append(body)
                name = dict(urllib.parse.parse_qsl(body.decode()))["client_id"]
                if liar.mode == "page":
                    self.answer(200, "text/html", b"<h1>Sign in to go on</h1>")
                elif liar.mode == "redirect":
                    self.answer(302, "text/html", b"", Location="/sign-in")
                elif liar.mode == "forbidden":
                    self.answer(403, "text/html", b"<h1>Not on this network</h1>")
                elif liar.mode == "another's receipt":
                    self.answer(201, "application/json", json.dumps({"receipt": "5f1c3c1e-0000-4000-8000-000000000000", "page": "x"}).encode(),
                                Content_Security_Policy=OURS)
                elif liar.mode == "unsigned receipt":
                    self.answer(201, "application/json", json.dumps({"receipt": name, "page": "x"}).encode())
                elif liar.mode == "heard, not answered":
                    told = requests.post(service.public_url + self.path, data=body, verify=False, headers={
                        name: self.headers[name] for name in ("Content-Type", "Accept", "Idempotency-Key")}, timeout=20)
                    liar.heard.append(told.status_code)
                    self.close_connection = True

            def log_message(self, *_):
                pass

        self.server = http.server.ThreadingHTTPServer(("127.0.0.1", 0), Handler)
        context = ssl.SSLContext(ssl.PROTOCOL_TLS_SERVER)
        context.load_cert_chain(service.certificate, service.private_key)
        self.server.socket = context.wrap_socket(self.server.socket, server_side=True)
        threading.Thread(target=self.server.serve_forever, daemon=True).start()

    @property
    def to(self):
        return ("127.0.0.1", self.server.server_address[1])

    def close(self):
        self.server.shutdown()
        self.server.server_close()


def ready(browser, tunnel, language="en"):  # noqa: F811
    browser.open(f"{tunnel.url}/?lang={language}")
    browser.wait_for(lambda: browser.driver.execute_async_script(
        "const done = arguments[1]; caches.match(`/?lang=${arguments[0]}`).then((it) =>"
        " done(Boolean(it && navigator.serviceWorker.controller)))", language), "the page is kept for later")
    return browser


@pytest.fixture
def phone(phone_browser, tunnel):  # noqa: F811
    return ready(phone_browser, tunnel)


@pytest.fixture
def liar(site):
    made = Liar(site.service)
    yield made
    made.close()


def through(tunnel, to):  # noqa: F811
    tunnel.cut()
    tunnel.to = to
    tunnel.mend()


def tell(browser, tunnel, status, number):  # noqa: F811
    """From the home page, without leaving it."""
    browser.open(f"{tunnel.url}/?lang=en")
    browser.press("I am safe" if status == "safe" else "I need help")
    browser.fill({"phone": number})
    browser.submit()


@pytest.mark.parametrize("mode", ["page", "redirect", "forbidden", "another's receipt", "unsigned receipt"])
def test_only_our_own_receipt_is_one(site, tunnel, phone, liar, mode):  # noqa: F811
    since, number, service = now(site), people.phone(), tunnel.to
    liar.mode = mode
    phone.press("I need help")
    phone.fill({"phone": number})
    through(tunnel, liar.to)
    phone.submit()
    until(lambda: liar.heard, "the liar heard it")
    phone.wait_for(lambda: len(lines(phone, "waiting")) == 1, "it waits")
    if mode != "another's receipt":
        phone.wait_for_text("answers in our place")
    assert told_by(site, since) == []
    through(tunnel, service)
    phone.open(f"{tunnel.url}/?lang=en")
    phone.wait_for(lambda: told_by(site, since) == ["need_help"], "in the register")
    phone.open(f"{tunnel.url}/?lang=en")
    phone.wait_for(lambda: not lines(phone, "waiting"), "nothing waits")
    assert told_by(site, since) == ["need_help"]


def test_a_sign_in_page_is_shown_and_not_kept(tunnel, phone, liar):  # noqa: F811
    through(tunnel, liar.to)
    phone.open(f"{tunnel.url}/?lang=en")
    phone.wait_for_text("Sign in to go on")
    kept = phone.driver.execute_async_script(
        "const done = arguments[0]; caches.match('/?lang=en').then((it) => it.text()).then(done)")
    assert "Sign in to go on" not in kept and "I am safe" in kept
    tunnel.cut()
    phone.open(f"{tunnel.url}/?lang=en")
    phone.wait_for_text("I am safe")


def chromium_of(browser):
    """The browser's own process: the child of its driver."""
    driver = browser.driver.service.process.pid
    for entry in pathlib.Path("/proc").iterdir():
        with contextlib.suppress(OSError, ValueError, IndexError):
            if entry.name.isdigit() and int((entry / "stat").read_text().rsplit(") ", 1)[1].split()[1]) == driver:
                return int(entry.name)
    raise AssertionError("no browser")


def kill(browser):
    os.kill(chromium_of(browser), signal.SIGKILL)
    with contextlib.suppress(Exception):
        browser.quit()


def test_a_phone_that_died_sends_it_once_and_in_order(site, tmp_path, tunnel, liar):  # noqa: F811
    since, number, service = now(site), people.phone(), tunnel.to
    browser = Browser(tmp_path / "profile", scripts=True, arguments=("--ignore-certificate-errors",))
    try:
        ready(browser, tunnel)
        tunnel.cut()
        tell(browser, tunnel, "need_help", number)
        browser.wait_for(lambda: len(lines(browser, "waiting")) == 1, "the first waits")
        tell(browser, tunnel, "safe", number)
        browser.wait_for(lambda: len(lines(browser, "waiting")) == 2, "both wait")
        liar.mode = "heard, not answered"
        through(tunnel, liar.to)
        browser.driver.execute_script("tend()")
        until(lambda: 201 in liar.heard, "the first was stored, and its answer lost")
    finally:
        kill(browser)
    through(tunnel, service)
    browser = Browser(tmp_path / "profile", scripts=True, arguments=("--ignore-certificate-errors",))
    try:
        browser.open(f"{tunnel.url}/?lang=en")
        browser.wait_for(lambda: told_by(site, since) == ["need_help", "safe"], "both in the register, in order")
        browser.open(f"{tunnel.url}/?lang=en")
        browser.wait_for(lambda: not lines(browser, "waiting"), "nothing waits")
        assert told_by(site, since) == ["need_help", "safe"]
    finally:
        browser.quit()


@pytest.mark.parametrize("year", [2001, 2040])
def test_a_clock_wrong_by_years_breaks_nothing(site, tunnel, phone_browser, year):  # noqa: F811
    since, number = now(site), people.phone()
    offset = (datetime.datetime(year, 3, 1) - datetime.datetime.now()).total_seconds() * 1000
    phone_browser.driver.execute_cdp_cmd("Page.addScriptToEvaluateOnNewDocument", {"source": f"""
        const Real = Date; Date = class extends Real {{
          constructor(...given) {{ super(...(given.length ? given : [Real.now() + {offset}])); }}
          static now() {{ return Real.now() + {offset}; }} }};"""})
    phone = ready(phone_browser, tunnel)
    tunnel.cut()
    tell(phone, tunnel, "safe", number)
    waits = phone.wait_for(lambda: [line.text for line in lines(phone, "waiting")], "it waits")
    assert not any(sign.isdigit() for sign in waits[0]), "no time that would be a lie"
    tunnel.mend()
    phone.driver.execute_script("tend()")
    phone.wait_for(lambda: lines(phone, "sent"), "it was sent")
    shown = phone.driver.execute_script("return new Date(arguments[0]).toLocaleTimeString('en', { hour: '2-digit', minute: '2-digit' })",
                                        phone.driver.execute_async_script("const done = arguments[0]; all().then((them) => done(them[0].at))"))
    assert shown in lines(phone, "sent")[0].text
    (at, received), = site.query("SELECT at, received_at FROM report.check_in WHERE received_at > %s", (since,))
    assert at.year == year and abs((received - now(site)).total_seconds()) < 600, "both clocks are kept, ours counts"
    drawn = phone.driver.execute_async_script("const done = arguments[0]; all().then((them) => done(them[0].at))")
    assert abs(drawn / 1000 - received.timestamp()) < 60, "the time that is shown is the service's"


def test_home_has_the_form_in_it(site, tunnel, phone):  # noqa: F811
    since = now(site)
    asked = phone.driver.execute_script("return performance.getEntriesByType('resource').filter((one) => one.name.includes('/check-in')).length")
    phone.press("I need help")
    assert phone.driver.execute_script("return location.pathname + location.search") .startswith("/check-in?")
    assert phone.driver.execute_script("return document.querySelector('[name=status]:checked').value") == "need_help"
    phone.driver.back()
    phone.wait_for_text("It takes a minute")
    phone.press("I am safe")
    phone.fill({"phone": people.phone()})
    phone.submit()
    phone.wait_for_text("Thank you. We know you are safe")
    assert told_by(site, since) == ["safe"] and asked == 0 and phone.complaints() == []


def test_a_first_visit_asks_once_for_the_page_and_later_for_the_script(site, tmp_path, tunnel):  # noqa: F811
    """The certificate is known by its key here: to one that is wrong the browser's own memory is closed."""
    key = subprocess.run(["openssl", "x509", "-in", site.service.certificate, "-noout", "-pubkey"], stdout=subprocess.PIPE, check=True).stdout
    der = subprocess.run(["openssl", "pkey", "-pubin", "-outform", "der"], input=key, stdout=subprocess.PIPE, check=True).stdout
    known = base64.b64encode(hashlib.sha256(der).digest()).decode()
    browser = Browser(tmp_path / "profile", scripts=True, arguments=(f"--ignore-certificate-errors-spki-list={known}",))
    try:
        ready(browser, tunnel)
        browser.wait_for(lambda: browser.driver.execute_async_script(
            "const done = arguments[0]; caches.match('/offline.js?lang=').then((it) => done(Boolean(it)))"), "the script is kept")
        asked = browser.driver.execute_script(
            "return performance.getEntriesByType('resource').map((one) => [new URL(one.name).pathname, one.transferSize])")
        assert sorted(asked) == [["/", 0], ["/offline.js", 0]], "what is kept was already there"
    finally:
        browser.quit()
