# SPDX-License-Identifier: Apache-2.0
"""Without network, in Chromium: what was told is kept, shown truthfully, and reaches the register once and in order."""
import select
import socket
import threading
import urllib.parse

import pytest

from harness import people


class Tunnel:
    """The network between the phone and the service; cut, it refuses and drops."""

    def __init__(self, host, port):
        self.to, self.up, self.open = (host, port), True, set()
        self.listener = socket.create_server(("127.0.0.1", 0))
        self.url = f"https://127.0.0.1:{self.listener.getsockname()[1]}"
        threading.Thread(target=self._accept, daemon=True).start()

    def _accept(self):
        while True:
            try:
                near, _ = self.listener.accept()
            except OSError:
                return
            if self.up:
                threading.Thread(target=self._carry, args=(near,), daemon=True).start()
            else:
                near.close()

    def _carry(self, near):
        try:
            with near, socket.create_connection(self.to) as far:
                self.open |= {near, far}
                ends = {near.fileno(): (near, far), far.fileno(): (far, near)}
                waiting = select.poll() # select() takes no descriptor above 1,023
                for number in ends:
                    waiting.register(number, select.POLLIN)
                while True:
                    for number, _ in waiting.poll():
                        one, other = ends[number]
                        data = one.recv(65536)
                        if not data:
                            return
                        other.sendall(data)
        except OSError:
            pass

    def cut(self):
        self.up = False
        for one in self.open:
            try:
                one.shutdown(socket.SHUT_RDWR)
            except OSError:
                pass
        self.open = set()

    def mend(self):
        self.up = True

    def close(self):
        self.cut()
        self.listener.close()


@pytest.fixture
def tunnel(site):
    where = urllib.parse.urlsplit(site.service.public_url)
    made = Tunnel(where.hostname, where.port)
    yield made
    made.close()


@pytest.fixture
def phone(phone_browser, tunnel):
    """A phone that has been to the home page once, with network."""
    phone_browser.open(f"{tunnel.url}/?lang=en")
    phone_browser.wait_for(lambda: phone_browser.driver.execute_async_script(
        "const done = arguments[0]; caches.match('/?lang=en').then((it) =>"
        " done(Boolean(it && navigator.serviceWorker.controller)))"), "the form is kept for later")
    return phone_browser


def tell(browser, tunnel, status, number):
    browser.open(f"{tunnel.url}/check-in?lang=en&status={status}")
    browser.fill({"phone": number})
    browser.submit()


def lines(browser, state):
    return browser.driver.find_elements("css selector", f"#outbox li.{state}")


def told_by(site, since):
    return [row[0] for row in site.query("SELECT status FROM report.check_in WHERE received_at > %s ORDER BY received_at", (since,))]


def now(site):
    return site.query("SELECT clock_timestamp()")[0][0]


def test_what_was_told_without_network_arrives_once_and_in_order(site, tunnel, phone):
    since, number = now(site), people.phone()
    tunnel.cut()
    tell(phone, tunnel, "need_help", number)
    phone.wait_for(lambda: len(lines(phone, "waiting")) == 1, "the first waits")
    assert "not reached us" in phone.text()
    phone.picture("citizen-offline")
    tell(phone, tunnel, "safe", number)
    phone.wait_for(lambda: len(lines(phone, "waiting")) == 2, "both wait")
    assert told_by(site, since) == []
    tunnel.mend()
    phone.open(f"{tunnel.url}/?lang=en")
    phone.wait_for(lambda: told_by(site, since) == ["need_help", "safe"], "both in the register, in order")
    phone.open(f"{tunnel.url}/?lang=en")
    phone.wait_for(lambda: not lines(phone, "waiting"), "nothing waits any more")
    assert told_by(site, since) == ["need_help", "safe"]


def test_with_network_the_receipt_is_the_services_own(site, tunnel, phone):
    since = now(site)
    tell(phone, tunnel, "safe", people.phone())
    phone.wait_for_text("Thank you. We know you are safe")
    assert told_by(site, since) == ["safe"] and not lines(phone, "waiting")
    assert phone.complaints() == []


def test_what_is_missing_is_asked_for_and_nothing_waits(site, tunnel, phone):
    phone.open(f"{tunnel.url}/check-in?lang=en")
    phone.submit()
    phone.wait_for(lambda: phone.driver.find_element("css selector", "[role=alert]"), "the list of what is wrong")
    assert not lines(phone, "waiting")
    phone.choose("status", "safe")
    phone.fill({"phone": people.phone()})
    phone.submit()
    phone.wait_for_text("Thank you. We know you are safe")


def test_forgotten_is_gone(site, tunnel, phone):
    since = now(site)
    tunnel.cut()
    tell(phone, tunnel, "safe", people.phone())
    phone.wait_for(lambda: lines(phone, "waiting"), "it waits")
    left = phone.driver.execute_async_script(
        "const done = arguments[0]; forget().then(() => all()).then((waiting) => caches.keys().then((kept) =>"
        " done([waiting.length, kept.length])))")
    assert left == [0, 0]
    tunnel.mend()
    phone.open(f"{tunnel.url}/?lang=en")
    phone.wait_for_text("I am safe")
    assert not lines(phone, "waiting") and told_by(site, since) == []
