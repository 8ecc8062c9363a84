# SPDX-License-Identifier: Apache-2.0
"""Smart cards as an officer's Chromium shows them. Their certificates lie in an NSS database under a home of its own, where Chromium finds a reader's too; which
of them it shows, without asking in a window that nobody could press here, is told by what the policy AutoSelectCertificateForUrls becomes in a profile.
Nothing of the machine's own /etc or home is touched, and no right is needed. Chromium believes the desk's certificate by that database, and no other."""
import json
import os
import subprocess

import pytest

from accessibility import assert_accessible
from test_cards import Authority, carded, linked, ministry  # noqa: F401  (fixtures: a site that asks for cards)
from test_console_page import all_of, cry, css


class Reader:
    """What a computer with a card reader knows: the desk's certificate, and the cards that are put in."""

    def __init__(self, home, site):
        self.home, self.site, self.store = home, site, f"sql:{home}/.pki/nssdb"
        (home / ".pki" / "nssdb").mkdir(parents=True)
        self._run("certutil", "-d", self.store, "-N", "--empty-password")
        self._run("certutil", "-d", self.store, "-A", "-n", "desk", "-t", "C,,", "-i", site.service.certificate)

    def put_in(self, card):
        wrapped = self.home / "card.p12"
        self._run("openssl", "pkcs12", "-export", "-in", card[0], "-inkey", card[1], "-name", card[0].stem, "-passout", "pass:way", "-out", wrapped)
        self._run("pk12util", "-d", self.store, "-i", wrapped, "-W", "way", "-K", "")
        wrapped.unlink()

    def _run(self, *arguments):
        subprocess.run([str(one) for one in arguments], check=True, capture_output=True, env=os.environ | {"HOME": str(self.home)})


@pytest.fixture
def reader(carded, browser_at, tmp_path_factory):  # noqa: F811
    """Makes a Chromium, with cards in."""
    def make(*cards):
        reader = Reader(tmp_path_factory.mktemp("home"), carded)
        for card in cards:
            reader.put_in(card)
        shown = {"profile.managed_auto_select_certificate_for_urls": [json.dumps({"pattern": carded.service.desk_url, "filter": {}})]}
        return browser_at(reader.home, shown)
    return make


def press_card(browser, site):
    browser.open(f"{site.service.desk_url}/?lang=en")
    browser.press("sign in with your smart card")


def is_refused(browser, site, words):
    """In the page's own words, with no session, and the password still there for who has one."""
    browser.wait_for_text(words)
    assert browser.driver.execute_script("return fetch('/api/v1/me').then((answer) => answer.status)") == 401
    assert_accessible(browser)
    assert browser.field("user").is_displayed() and browser.field("password").is_displayed()
    assert browser.complaints() == []


def sessions_of(site, user):
    return site.query("SELECT count(*) FROM register.staff_session JOIN register.staff USING (staff_id) WHERE staff.name = %s AND kind = 'browser'", (user,),
                      role="muster")[0][0]


def test_one_press_and_the_console_is_there(carded, linked, ministry, reader):  # noqa: F811
    officer, card = linked(500)
    code = cry(carded.citizen(), needs=("medication",))
    browser = reader(card)
    browser.open(f"{carded.service.desk_url}/?lang=en")
    browser.wait_for_text("Put the card in")
    assert_accessible(browser)
    browser.press("sign in with your smart card")
    browser.wait_for(lambda: officer.user in css(browser, "header").text, "the console, with her name")
    browser.wait_for(lambda: all_of(browser, f"#cases [data-case='{code}']"), "who waits")
    assert_accessible(browser)
    browser.picture("real-card-console")
    assert carded.query("SELECT detail ->> 'by' FROM register.audit JOIN register.staff USING (staff_id) WHERE staff.name = %s AND action = 'session.open'",
                        (officer.user,), role="muster") == [("certificate",)]

    browser.press("Take the most urgent")
    browser.wait_for_text("The case is yours.")
    browser.wait_for(lambda: code in css(browser, "#case").text, "open")
    later = cry(carded.citizen(), needs=("medication",))
    browser.wait_for(lambda: all_of(browser, f"#cases [data-case='{later}']"), "the stream of what is new comes by the card too")
    assert browser.complaints() == []


def test_a_card_is_as_good_as_its_account(carded, linked, ministry, reader):  # noqa: F811
    officer, card = linked(501)
    carded.service.muster("staff", "disable", "--user", officer.user)
    browser = reader(card)
    press_card(browser, carded)
    is_refused(browser, carded, "This card is not linked to an account. Ask whoever runs the system.")
    browser.picture("real-card-unknown")
    browser = reader(ministry.card("officer.nobody"))
    press_card(browser, carded)
    is_refused(browser, carded, "This card is not linked to an account.")
    assert sessions_of(carded, officer.user) == 0


def test_a_revoked_card(carded, linked, ministry, reader):  # noqa: F811
    """It ends a console that stands open, which comes back to the sign-in page by itself."""
    officer, card = linked(502)
    browser = reader(card)
    press_card(browser, carded)
    browser.wait_for_text("Take the most urgent")
    browser.wait_for(lambda: css(browser, "#line").text == "Live", "it hears what is new")
    ministry.revoke(card)
    carded.service.reload()
    browser.wait_for(lambda: all_of(browser, "[name='password']"), "signed out")
    assert "smart card" in browser.text()
    assert_accessible(browser)
    browser.press("sign in with your smart card")
    is_refused(browser, carded, "it has expired, was revoked, or is not of the ministry")
    browser.picture("real-card-revoked")
    assert sessions_of(carded, officer.user) == 1, "no second one"


def test_what_chromium_does_not_show(carded, linked, ministry, reader, tmp_path):  # noqa: F811
    """An expired card, and one of another authority: the browser keeps them back, and the page says so to who sees their card stick in the reader."""
    officer, expired = linked(503, "-startdate", "20200101000000Z", "-enddate", "20200201000000Z")
    abroad = Authority(tmp_path, "abroad").card("officer.abroad")
    browser = reader(expired, abroad)
    press_card(browser, carded)
    is_refused(browser, carded, "No card was shown.")
    assert "expired" in browser.text() and "not of the ministry" in browser.text()
    browser.picture("real-card-none")
    assert sessions_of(carded, officer.user) == 0


def test_without_a_card_the_password_opens(carded, reader):  # noqa: F811
    officer = carded.staff("officer", 504)
    browser = reader()
    press_card(browser, carded)
    is_refused(browser, carded, "No card was shown.")
    browser.fill({"user": officer.user, "password": officer.password})
    browser.submit("form")
    browser.wait_for(lambda: officer.user in css(browser, "header").text, "the console")
