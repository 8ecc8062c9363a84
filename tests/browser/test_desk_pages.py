# SPDX-License-Identifier: Apache-2.0
"""An officer at the console: signs in, sees who needs them next, opens the case, claims it and resolves it."""
import json
import uuid

from selenium.webdriver.common.by import By
from selenium.webdriver.common.keys import Keys
from selenium.webdriver.support.ui import Select

from harness import case_codes, gateways, people
from harness.fake_gateway import FakeGateway
from harness.service import CRISIS
from harness.waiting import until


def sign_in(browser, site):
    officer = site.staff(number=20)
    browser.open(f"{site.service.desk_url}/")
    browser.wait_for(lambda: browser.driver.find_elements(By.NAME, "password"), "the sign-in form")
    browser.fill({"user": officer.user, "password": officer.password})
    browser.picture("desk-sign-in")
    browser.submit("form")
    browser.wait_for_text("emergency")
    return officer


def test_from_sign_in_to_resolved(site, citizen, browser):
    sent = people.registration()
    code = citizen.register(sent).json()["case"]
    said = people.check_in(case=code, status="injured", needs=["medical_emergency"], message=people.words("bleeding, please come"))
    assert citizen.check_in(said).status_code == 201
    state = lambda: site.query("SELECT state FROM report.triage_case WHERE registration_id = %s", (case_codes.number(code),))[0][0]

    sign_in(browser, site)
    browser.picture("desk-queues")
    browser.press("emergency")
    browser.wait_for_text(code)
    browser.picture("desk-queue")
    browser.press(code)
    browser.wait_for_text(sent["party"][0]["family_name"])
    browser.wait_for_text(said["message"])
    browser.picture("desk-case")
    browser.press("claim")
    browser.wait_for(lambda: state() == "claimed", "claimed")
    browser.picture("desk-case-claimed")
    browser.driver.find_element(By.ID, "note").send_keys("Spoke to them; an ambulance is on its way.")
    browser.press("resolve")
    browser.wait_for(lambda: state() == "resolved", "resolved")
    browser.picture("desk-case-resolved")
    assert browser.complaints() == []


def test_an_officer_texts_back_from_the_case(site, citizen, browser):
    """The thread has both sides; a text says what became of it."""
    fake = FakeGateway(lambda number: (201, '{"sid":"SM1"}'))
    gateways.add(site, "twilio", CRISIS, name="thread", key="key-of-thread")
    account = site.directory / "thread.account"
    account.write_text(json.dumps({"base": fake.url, "user": "u", "password": "p", "from": "8888"}))
    site.service.muster("gateway", "account", "--name", "thread", "--account-file", account)
    code = citizen.register(people.registration()).json()["case"]
    said = people.check_in(case=code, status="injured", needs=["medical_emergency"], message=people.words("we hid in the school"))
    assert citizen.check_in(said).status_code == 201
    try:
        sign_in(browser, site)
        browser.press("emergency")
        browser.wait_for_text(code)
        browser.press(code)
        browser.wait_for_text(said["message"])
        words = people.words("Stay there. A car comes at four.")
        browser.driver.find_element(By.ID, "reply").send_keys(words)
        browser.press("Send text")
        browser.wait_for_text("The text is on its way.")
        browser.wait_for(lambda: fake.taken, "the gateway has it")
        assert fake.form(0)["Body"] == words
        browser.wait_for(lambda: site.query("SELECT state FROM register.message", role="muster")[-1][0] == "sent", "it is settled")
        browser.driver.refresh()
        browser.press(code)
        browser.wait_for_text("handed to the network")
        browser.wait_for_text(words)
        browser.picture("desk-thread")
    finally:
        site.query("UPDATE register.gateway SET sealed_account = NULL, account_epoch = NULL", role="muster")
        fake.close()


def test_an_officer_answers_the_phone_that_texted(site, citizen, browser):
    """The registered phone is dead; the officer sees that the text came from another, and chooses it by keyboard."""
    fake = FakeGateway(lambda number: (201, '{"sid":"SM1"}'))
    gateway = gateways.add(site, "twilio", CRISIS, name="choice", key="key-of-choice")
    account = site.directory / "choice.account"
    account.write_text(json.dumps({"base": fake.url, "user": "u", "password": "p", "from": "8888"}))
    site.service.muster("gateway", "account", "--name", "choice", "--account-file", account)
    sent = people.registration()
    registered, other = sent["contacts"][0]["value"], people.phone()
    code = citizen.register(sent).json()["case"]
    assert citizen.check_in(people.check_in(case=code, status="injured", needs=["medical_emergency"], message=people.words("my phone dies"))).status_code == 201
    until(lambda: gateways.KINDS["twilio"](gateway, other, f"{code} HELP", str(uuid.uuid4())).send(site).status_code == 200, "the gateway is known")
    to = lambda: Select(browser.driver.find_element(By.ID, "reply-to"))
    try:
        sign_in(browser, site)
        browser.press("emergency")
        browser.wait_for_text(code)
        browser.press(code)
        browser.wait_for_text(f"another number: {other}")
        assert registered in to().first_selected_option.text and "registered phone" in to().first_selected_option.text
        assert [other in option.text for option in to().options] == [False, True]
        browser.driver.find_element(By.ID, "reply").send_keys(Keys.SHIFT + Keys.TAB)
        focused = browser.driver.switch_to.active_element
        assert focused.get_attribute("id") == "reply-to" and focused.accessible_name == "To"
        focused.send_keys(Keys.ARROW_DOWN)
        assert other in to().first_selected_option.text
        browser.picture("desk-choice")
        assert not browser.overflows(360)
        browser.driver.find_element(By.ID, "reply").send_keys(people.words("We are on our way."))
        browser.press("Send text")
        browser.wait_for(lambda: fake.taken, "the gateway has it")
        assert fake.form(0)["To"] == other
        browser.wait_for_text(f"To: {other}, the phone that texted on")
        browser.wait_for(lambda: other in to().first_selected_option.text, "the choice stays as it was")
        browser.wait_for(lambda: [one.text for one in browser.driver.find_elements(By.CSS_SELECTOR, "#cases [aria-current] .due")] == ["answered"],
                         "the list does not call it late")
        browser.picture("desk-choice-sent")
        assert browser.complaints() == []
    finally:
        site.query("UPDATE register.gateway SET sealed_account = NULL, account_epoch = NULL", role="muster")
        fake.close()


def test_a_wrong_password_is_told_kindly(site, browser):
    browser.open(f"{site.service.desk_url}/")
    browser.wait_for(lambda: browser.driver.find_elements(By.NAME, "password"), "the sign-in form")
    browser.fill({"user": site.staff(number=20).user, "password": "not this one, sorry"})
    browser.submit("form")
    browser.wait_for(lambda: browser.driver.find_elements(By.CSS_SELECTOR, "[role='alert']")
                     and browser.driver.find_element(By.CSS_SELECTOR, "[role='alert']").text.strip(), "a message")
    assert browser.driver.find_elements(By.NAME, "password"), "and the form is still there"


def test_what_people_write_is_text(site, citizen, browser):
    """Names and messages reach the officer's page as text, whatever they hold."""
    evil = f"<img src=x onerror=\"document.title='owned'\">{people.name()}"
    sent = people.registration(party=[people.member(family_name=evil)])
    code = citizen.register(sent).json()["case"]
    citizen.check_in(people.check_in(case=code, status="in_danger", needs=["violence"], message=f"<script>document.title='owned'</script>{people.name()}"))
    sign_in(browser, site)
    browser.press("emergency")
    browser.wait_for_text(code)
    browser.press(code)
    browser.wait_for_text(evil[-8:])
    assert browser.driver.title != "owned"
    assert evil.lower() in browser.text().lower()


def test_the_console_fits_a_small_screen(site, browser):
    sign_in(browser, site)
    assert not browser.overflows(360)
    assert browser.complaints() == []
