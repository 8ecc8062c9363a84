# SPDX-License-Identifier: Apache-2.0
"""The browser's own Back and Forward, with and without script: between the questions of a registration, and around a check-in. Nothing typed is lost,
nothing is sent twice, and no browser asks whether to send a form again."""
import base64
import hashlib
import re
import subprocess

import pytest
from selenium.common.exceptions import WebDriverException
from selenium.webdriver.common.by import By

from conftest import Browser
from harness import case_codes, people
from test_register_pages import CODE, go_on, step_of

ANSWERS = "return localStorage.getItem('muster-register')"


def keeps_pages(site, request, tmp_path_factory, scripts):
    """With a certificate that it holds for good: of another Chromium keeps no page."""
    key = subprocess.run(["openssl", "x509", "-in", site.service.certificate, "-noout", "-pubkey"], check=True, capture_output=True).stdout
    spki = subprocess.run(["openssl", "pkey", "-pubin", "-outform", "DER"], input=key, check=True, capture_output=True).stdout
    digest = base64.b64encode(hashlib.sha256(spki).digest()).decode()
    browser = Browser(tmp_path_factory.mktemp("chromium"), scripts, (f"--ignore-certificate-errors-spki-list={digest}",))
    browser.scripts = scripts
    try:
        yield browser
        browser.picture(f"{request.node.name}-last")
    finally:
        browser.quit()


@pytest.fixture(params=[True, False], ids=["script", "plain"])
def any_browser(site, request, tmp_path_factory):
    yield from keeps_pages(site, request, tmp_path_factory, request.param)


@pytest.fixture
def browser_with_script(site, request, tmp_path_factory):
    yield from keeps_pages(site, request, tmp_path_factory, True)


@pytest.fixture
def browser_without_script(site, request, tmp_path_factory):
    yield from keeps_pages(site, request, tmp_path_factory, False)


def move(browser, way, step):
    getattr(browser.driver, way)()
    browser.wait_for(lambda: step_of(browser) == step, f"{way} to {step}: {browser.text()[:80]}")


def value(browser, name):
    return browser.field(name).get_attribute("value")


def code_shown(browser):
    browser.wait_for(lambda: re.search(CODE, browser.text()), "a case code")
    return re.search(CODE, browser.text()).group()


def test_between_the_questions(site, any_browser):
    browser = any_browser
    family, phone, child, later = people.name(), people.phone()[4:], people.name(), people.name()
    browser.open(f"{site.service.public_url}/?lang=en")
    browser.press("register")
    browser.wait_for(lambda: step_of(browser) == "name", "the first question")
    browser.fill({"party/0/family_name": family, "contacts/0/value": phone})
    go_on(browser, "where")
    browser.fill({"location/place": "Dosso"})
    go_on(browser, "with-1")
    browser.fill({"party/1/given_names": child})
    go_on(browser, "needs")
    move(browser, "back", "with-1")
    assert value(browser, "party/1/given_names") == child
    move(browser, "back", "where")
    assert value(browser, "location/place") == "Dosso"
    move(browser, "back", "name")
    assert value(browser, "party/0/family_name") == family and value(browser, "contacts/0/value") == phone
    for step in ("where", "with-1", "needs"):
        move(browser, "forward", step)
    if browser.scripts: # going on from an earlier page keeps what was said on later ones
        for step in ("with-1", "where", "name"):
            move(browser, "back", step)
        browser.fill({"party/0/given_names": later})
        go_on(browser, "where")
        assert value(browser, "location/place") == "Dosso"
        go_on(browser, "with-1")
        assert value(browser, "party/1/given_names") == child
        go_on(browser, "needs")
    browser.press("save and finish now")
    code = code_shown(browser)
    size, names = site.query("SELECT size, channel FROM report.party WHERE registration_id = %s", (case_codes.number(code),))[0]
    assert (size, names) == (2, "web")


def test_back_from_the_receipt_registers_nobody_again(site, any_browser):
    browser = any_browser
    browser.open(f"{site.service.public_url}/register?lang=en")
    browser.fill({"party/0/family_name": people.name(), "contacts/0/value": people.phone()[4:]})
    go_on(browser, "where")
    browser.press("save and finish now")
    code = code_shown(browser)
    if browser.scripts:
        browser.wait_for(lambda: browser.driver.execute_script(ANSWERS) is None, "forgotten once it is sent")
    move(browser, "back", "where")
    if browser.scripts:
        assert browser.driver.execute_script(ANSWERS) is None, "seen again it is not kept again"
    browser.press("save and finish now")
    assert code_shown(browser) == code


def test_an_answer_changed_on_an_earlier_page_goes_forward_with_it(site, browser_with_script):
    browser, changed = browser_with_script, people.name()
    browser.open(f"{site.service.public_url}/register?lang=en")
    browser.fill({"party/0/family_name": people.name(), "contacts/0/value": people.phone()[4:]})
    go_on(browser, "where")
    move(browser, "back", "name")
    browser.fill({"party/0/family_name": changed})
    move(browser, "forward", "where")
    browser.wait_for(lambda: value(browser, "party/0/family_name") == changed, "the name as it was changed")


def leave(browser):
    try:
        browser.driver.find_element(By.CSS_SELECTOR, ".leave").click()
    except WebDriverException as gone: # the other site is not there
        assert "ERR_" in str(gone), gone
    browser.wait_for(lambda: not re.search("/(register|check-in|privacy)", browser.driver.current_url), "away")


def test_who_leaves_in_a_hurry_leaves_nothing_typed_behind(site, browser_with_script):
    """However often somebody presses Back."""
    browser, name, phone = browser_with_script, people.name(), people.phone()
    browser.open(f"{site.service.public_url}/check-in?lang=en")
    browser.fill({"phone": phone})
    browser.driver.find_element(By.CSS_SELECTOR, "a[href^='/privacy']").click()
    browser.wait_for_text("forget me")
    browser.open(f"{site.service.public_url}/register?lang=en")
    browser.fill({"party/0/family_name": name, "contacts/0/value": phone[4:]})
    go_on(browser, "where")
    go_on(browser, "with-1")
    leave(browser)
    for _ in range(2):
        browser.driver.back()
        browser.wait_for(lambda: step_of(browser) == "name" and value(browser, "party/0/family_name") == "", "the first question, empty")
        assert name not in browser.driver.page_source and browser.driver.find_element(By.TAG_NAME, "body").is_displayed()
    browser.driver.back()
    browser.wait_for_text("forget me")
    browser.driver.back()
    browser.wait_for(lambda: value(browser, "phone") == "" and browser.field("phone").is_displayed(), "the form, empty")


def receipts(site, receipt):
    return site.query("SELECT status FROM report.check_in WHERE client_id = %s", (receipt,))


def receipt_of(browser):
    return browser.wait_for(lambda: browser.driver.find_element(By.CSS_SELECTOR, ".code.small").text, "a receipt")


def count_since(site, since):
    return site.query("SELECT count(*) FROM report.check_in WHERE received_at > %s", (since,))[0][0]


def test_a_check_in_without_script(site, browser_without_script):
    browser, since, phone = browser_without_script, site.query("SELECT clock_timestamp()")[0][0], people.phone()
    browser.open(f"{site.service.public_url}/?lang=en")
    browser.press("i am safe")
    browser.wait_for(lambda: browser.field("phone"), "the form")
    browser.fill({"phone": phone, "people": "3"})
    browser.driver.find_element(By.CSS_SELECTOR, "a[href^='/privacy']").click()
    browser.wait_for_text("forget me")
    browser.driver.back()
    browser.wait_for(lambda: value(browser, "phone") == phone and value(browser, "people") == "3", "what was typed is there")
    browser.submit("form[action^='/check-in']")
    first = receipt_of(browser)
    browser.driver.back()
    browser.wait_for(lambda: value(browser, "phone") == phone, "the form as it was sent")
    browser.driver.forward()
    assert receipt_of(browser) == first, "the receipt again, and nobody asks whether to send again"
    assert count_since(site, since) == 1
    browser.driver.back()
    browser.wait_for(lambda: value(browser, "phone") == phone, "the form")
    browser.submit("form[action^='/check-in']")
    assert receipt_of(browser) == first and count_since(site, since) == 1, "sent again it is the same message"
    browser.driver.back()
    browser.wait_for(lambda: value(browser, "phone") == phone, "the form")
    browser.fill({"people": "4"})
    browser.submit("form[action^='/check-in']")
    second = receipt_of(browser)
    assert second != first and count_since(site, since) == 2, "with something changed it is another message"


def test_a_mistake_and_then_back(site, any_browser):
    browser, since, phone = any_browser, site.query("SELECT clock_timestamp()")[0][0], people.phone()
    browser.open(f"{site.service.public_url}/check-in?lang=en")
    browser.fill({"phone": phone})
    browser.submit("form[action^='/check-in']")
    browser.wait_for(lambda: browser.driver.find_elements(By.CSS_SELECTOR, "[role=alert]"), "what is wrong")
    assert value(browser, "phone") == phone
    browser.choose("status", "safe")
    browser.submit("form[action^='/check-in']")
    first = receipt_of(browser)
    browser.driver.back()
    browser.wait_for(lambda: "muster" in browser.driver.title.lower() or browser.driver.current_url.startswith(("https:", "data:", "chrome:")), "a page")
    assert "ERR_" not in browser.text() and receipts(site, first) == [("safe",)] and count_since(site, since) == 1


def test_a_check_in_with_script(site, browser_with_script):
    browser, since, phone = browser_with_script, site.query("SELECT clock_timestamp()")[0][0], people.phone()
    browser.open(f"{site.service.public_url}/?lang=en")
    browser.press("i am safe")
    browser.wait_for(lambda: browser.driver.current_url.split("?")[0].endswith("/check-in"), "the form")
    browser.fill({"phone": phone})
    browser.driver.back()
    browser.wait_for_text("I need help")
    browser.driver.forward()
    browser.wait_for(lambda: value(browser, "phone") == phone, "what was typed is there")
    browser.submit("form[action^='/check-in']")
    first = receipt_of(browser)
    browser.driver.back()
    browser.wait_for_text("I need help")
    assert browser.driver.find_elements(By.CSS_SELECTOR, ".code.small") == []
    browser.driver.forward()
    assert receipt_of(browser) == first
    leave(browser)
    browser.driver.back()
    browser.wait_for(lambda: browser.driver.find_elements(By.CSS_SELECTOR, "#quick, form[action^='/check-in']") and browser.driver.find_element(By.TAG_NAME, "body").is_displayed(), "a page")
    assert first not in browser.driver.page_source and phone not in browser.driver.page_source, "who leaves from the receipt leaves none behind"
    browser.open(f"{site.service.public_url}/?lang=en")
    browser.press("i need help")
    browser.wait_for(lambda: browser.field("phone"), "another form")
    assert value(browser, "phone") == "" and browser.driver.find_elements(By.CSS_SELECTOR, "[value=need_help]:checked")
    assert count_since(site, since) == 1 and browser.complaints() == []
