# SPDX-License-Identifier: Apache-2.0
"""The button for who has a smart card: there where the desk asks for cards, and what it sends is what opens a session beside a card. Chromium itself has none here."""
import pathlib
import tempfile

import pytest
from selenium.webdriver.common.by import By

from accessibility import assert_accessible
from harness.site import Site
from test_cards import Authority, with_card

ASKED = "return [...document.forms].map((form) => [new URL(form.action).pathname + new URL(form.action).search, form.method, [...new FormData(form)].length])"


@pytest.fixture(scope="module")
def ministry():
    with tempfile.TemporaryDirectory(prefix="muster-cards-") as folder:
        pathlib.Path(folder).chmod(0o755)  # the desk reads it as its own user
        yield Authority(pathlib.Path(folder))


@pytest.fixture(scope="module")
def carded(ministry):
    running = Site(settings={"desk": {"client_ca_file": ministry.certificate, "client_crl_file": ministry.revoked}})
    try:
        yield running.start()
    finally:
        running.close()


def test_the_button_sends_what_opens_a_session(carded, ministry, browser):
    browser.open(f"{carded.service.desk_url}/sign-in?lang=en")
    (_, _, _), (path, method, fields) = browser.driver.execute_script(ASKED)
    assert path.startswith("/sign-in/card") and method == "post" and fields == 0
    assert_accessible(browser)
    browser.picture("sign-in-card")
    browser.press("smart card")
    browser.wait_for_text("No card was shown") # and not that the page is a stranger's, or asks for what the button does not send
    assert browser.driver.find_elements(By.NAME, "password"), "who forgot the card signs in otherwise"
    assert_accessible(browser)
    assert browser.complaints() == []

    officer = carded.staff("officer", 345)
    card = ministry.card(officer.user)
    carded.service.muster("staff", "certificate", "--user", officer.user, "--add", card[0])
    holder = with_card(carded, card)
    answer = holder.post(path, headers={"Origin": carded.service.desk_url, "Content-Type": "application/x-www-form-urlencoded"})
    assert answer.status_code == 303 and answer.headers["Location"] == "/", answer.text
    assert holder.act("GET", "/me").json()["user"] == officer.user


def test_no_button_where_no_card_is_asked_for(site, browser):
    browser.open(f"{site.service.desk_url}/sign-in")
    assert "card" not in browser.text().lower() and len(browser.driver.execute_script(ASKED)) == 1
