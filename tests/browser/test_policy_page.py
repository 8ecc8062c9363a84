# SPDX-License-Identifier: Apache-2.0
"""A lead changes the triage policy: sees what it would move before it is saved, what may not be, and what somebody else changed meanwhile."""
import pytest
from selenium.webdriver.common.by import By
from selenium.webdriver.common.keys import Keys

from accessibility import assert_accessible
from harness import people
from harness.service import CRISIS
from harness.waiting import until

PATH = f"/policy?crisis={CRISIS}"


def css(browser, selector):
    return browser.driver.find_element(By.CSS_SELECTOR, selector)


def open_policy(browser, site, role, number, language="en"):
    who = site.staff(role, number)
    browser.open(f"{site.service.desk_url}/sign-in?lang={language}")
    browser.fill({"user": who.user, "password": who.password})
    browser.submit("form")
    browser.wait_for(lambda: browser.driver.find_elements(By.ID, "queues"), "the console")
    browser.open(f"{site.service.desk_url}/policy?lang={language}")
    browser.wait_for(lambda: browser.driver.find_elements(By.ID, "reasons-moving"), "the table")
    return who


@pytest.fixture
def as_it_was(site):
    """The policy is the default again after the test; it is every test's of this site."""
    lead = site.desk("lead", 271)
    yield lead
    told = lead.act("GET", PATH)
    default = told.json()["default"]
    assert lead.act("PUT", PATH, json=default, headers={"If-Match": told.headers["ETag"]}).status_code == 200
    until(lambda: not lead.act("GET", PATH).json()["judging"], "all are judged")


def test_a_lead_changes_it_and_sees_what_moves(site, citizen, browser, as_it_was):
    code = citizen.register(people.registration()).json()["case"]
    assert citizen.check_in(people.check_in(case=code, status="moving")).status_code == 201
    preview = lambda: as_it_was.act("POST", "/policy/preview?crisis=" + CRISIS, json={"reasons": {"moving": 2}}).json()
    until(lambda: any((move["from"], move["to"]) == (3, 2) for move in preview()["moves"]), "the courier has counted it")
    open_policy(browser, site, "lead", 270)
    assert not css(browser, "#effect").is_displayed()
    assert_accessible(browser)
    browser.picture("policy", (1280, 1024, 360))
    browser.choose_option("reasons-moving", "2")
    css(browser, "#answer_minutes-4").send_keys(Keys.CONTROL, "a", Keys.NULL, "100", Keys.TAB)
    browser.wait_for(lambda: "from 3 Urgent to 2 Very urgent" in css(browser, "#moves").text, "what it would move")
    browser.wait_for(lambda: css(browser, "#save").is_enabled(), "it may be saved")
    assert "on the way: 3 Urgent becomes 2 Very urgent" in css(browser, "#changes").text and "120 min become 100 min" in css(browser, "#changes").text
    assert as_it_was.act("GET", PATH).json()["reasons"]["moving"] == 3, "nothing is changed by looking"
    assert_accessible(browser)
    browser.picture("policy-effect", (1280, 1024, 360))
    assert not browser.overflows(360) and not browser.overflows(1024)

    # somebody else is quicker
    assert as_it_was.act("PATCH", PATH, json={"reasons": {"overdue": 3}}, headers={"If-Match": as_it_was.act("GET", PATH).headers["ETag"]}).status_code == 200
    css(browser, "#save").click()
    browser.wait_for_text("silent past the check-in time: 4 Standard becomes 3 Urgent")
    assert f"{site.staff('lead', 271).user} was quicker" in css(browser, "#problem").text
    assert as_it_was.act("GET", PATH).json()["reasons"]["moving"] == 3 and css(browser, "#reasons-moving").get_attribute("value") == "2", "theirs holds, mine is still here"
    assert_accessible(browser)
    browser.picture("policy-conflict", (1280, 360))
    browser.wait_for(lambda: css(browser, "#save").is_enabled(), "it may be saved on top")
    css(browser, "#save").click()
    browser.wait_for_text("The policy is saved.")
    told = as_it_was.act("GET", PATH).json()
    assert (told["reasons"]["moving"], told["reasons"]["overdue"], told["answer_minutes"]["4"]) == (2, 3, 100)
    until(lambda: site.desk().case(code).json()["band"] == 2, "the open case is judged by it")
    history = css(browser, "#history").text
    assert "on the way: 3 Urgent becomes 2 Very urgent" in history and site.staff("lead", 270).user in history and site.staff("lead", 271).user in history
    assert browser.complaints() == []


def test_what_may_not_be_is_told_at_its_line(site, browser, as_it_was):
    open_policy(browser, site, "lead", 270)
    assert [option.get_attribute("value") for option in css(browser, "#reasons-trapped").find_elements(By.TAG_NAME, "option")] == ["1", "2", "3"], "a cry for help stays one"
    css(browser, "#answer_minutes-4").send_keys(Keys.CONTROL, "a", Keys.NULL, "30", Keys.TAB)
    browser.wait_for(lambda: browser.driver.find_elements(By.CSS_SELECTOR, "#row-answer_minutes-4 .fault"), "told at its line")
    assert "no sooner than a more urgent band" in css(browser, "#row-answer_minutes-4").text
    assert not css(browser, "#save").is_enabled() and css(browser, "#answer_minutes-4").get_attribute("aria-invalid") == "true"
    assert_accessible(browser)
    browser.picture("policy-fault", (1280, 360))
    css(browser, "#reset").click()
    browser.wait_for(lambda: not css(browser, "#effect").is_displayed() and css(browser, "#answer_minutes-4").get_attribute("value") == "120", "as it was")


def test_an_officer_reads_it(site, browser):
    open_policy(browser, site, "officer", 272, "fr")
    assert not css(browser, "#reasons-moving").is_enabled()
    browser.wait_for_text("Seul un responsable")
    assert_accessible(browser)
    browser.picture("policy-french", (1280, 360))
