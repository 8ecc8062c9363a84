# SPDX-License-Identifier: Apache-2.0
"""Registering one thing a page and saying where one is, in Chromium: every question in every language, by keyboard, without style, with and
without script; what is typed stays on the phone until it is sent or forgotten."""
import re

import pytest
from selenium.webdriver.common.action_chains import ActionChains
from selenium.webdriver.common.by import By
from selenium.webdriver.common.keys import Keys

from accessibility import assert_accessible
from harness import case_codes, people

LANGUAGES = ("en", "fr", "ha", "dje", "ar")
STEPS = ["name", "where", "with-1", "needs", "plan", "birth", "papers", "reach", "emergency", "consent", "check"]
CODE = r"\b[0-9A-HJKMNP-TV-Z]{5}-[0-9A-HJKMNP-TV-Z]{5}\b"


def step_of(browser):
    return browser.driver.find_element(By.NAME, "_step").get_attribute("value")


def go_on(browser, to):
    browser.driver.find_element(By.CSS_SELECTOR, "#steps button.act.go").click()
    if to is not None:
        browser.wait_for(lambda: step_of(browser) == to, f"question {to}")


def begin(browser, url, language="en"):
    browser.open(f"{url}/register?lang={language}")
    browser.fill({"party/0/family_name": people.name(), "contacts/0/value": people.phone()[4:]})


@pytest.mark.parametrize("language", LANGUAGES)
def test_every_question(site, browser, language):
    """Its marks are the same in all languages, so axe-core looks at one; pictures are taken in all."""
    begin(browser, site.service.public_url, language)
    for step, after in zip(STEPS, [*STEPS[1:], None]):
        assert step_of(browser) == step
        assert not browser.overflows(320), step
        assert browser.driver.execute_script("return getComputedStyle(document.body).direction") == ("rtl" if language == "ar" else "ltr")
        browser.picture(f"citizen-register-{step}-{language}", (360,))
        if language == "en":
            assert_accessible(browser)
        go_on(browser, after)
    browser.wait_for(lambda: re.search(CODE, browser.text()), "a case code")
    browser.picture(f"citizen-registered-{language}", (360,))
    assert not browser.overflows(320)
    assert browser.complaints() == []


def test_pages_states_and_mistakes_break_no_rule(site, browser):
    url, language = site.service.public_url, "ar" # whose direction is the other one
    for page in ("", "check-in", "register/all", "place", "status", "find", "alerts", "privacy", "nowhere"):
        browser.open(f"{url}/{page}?lang={language}")
        assert_accessible(browser)
    browser.open(f"{url}/check-in?lang={language}")
    browser.fill({"case": "K7M2Q-9QXD5"})
    browser.submit("form[action^='/check-in']")
    browser.wait_for(lambda: browser.driver.find_elements(By.CSS_SELECTOR, "[role=alert]"), "what is wrong")
    assert_accessible(browser)
    browser.picture(f"citizen-check-in-wrong-{language}", (360,))
    browser.open(f"{url}/status?lang={language}")
    browser.fill({"case": "K7M2Q-9QXD4", "secret": "x"})
    browser.submit()
    browser.wait_for(lambda: browser.driver.find_elements(By.CSS_SELECTOR, "[role=alert]"), "nothing found")
    assert_accessible(browser)
    begin(browser, url, language)
    browser.fill({"contacts/0/value": "call me"})
    go_on(browser, "name")
    first = browser.driver.find_element(By.CSS_SELECTOR, "[role=alert] a")
    assert_accessible(browser)
    browser.picture(f"citizen-register-wrong-{language}", (360,))
    first.click()
    assert browser.driver.switch_to.active_element.get_attribute("name") == "contacts/0/value"


@pytest.mark.parametrize("language", LANGUAGES)
def test_what_became_of_a_message(site, citizen, browser, language):
    told = citizen.register(people.registration()).json()
    assert citizen.check_in(people.check_in(case=told["case"], status="need_help")).status_code == 201
    url = site.service.public_url
    browser.open(f"{url}/status?lang={language}")
    browser.fill({"case": told["case"], "secret": told["secret"]})
    browser.submit()
    browser.wait_for_text(told["case"])
    if language == "en":
        said = browser.text()
        assert re.search(r"We have you\. Last heard \d\d:\d\d (today|yesterday) \(Niamey time\)\.", said)
        assert re.search(r"Next check-in by (tomorrow \d\d:\d\d|.*\d\d:\d\d)\.", said) and "No officer has read it yet." in said
        officer = site.desk(number=300)
        assert officer.get(f"/api/v1/cases/{told['case']}").status_code == 200
        browser.open(f"{url}/status?lang=en")
        browser.fill({"case": told["case"], "secret": told["secret"]})
        browser.submit()
        browser.wait_for_text("An officer has read it.")
        assert_accessible(browser)
    assert not browser.overflows(320)
    browser.picture(f"citizen-status-told-{language}", (360,))


def test_enter_goes_on_and_the_keyboard_is_enough(site, browser):
    browser.open(f"{site.service.public_url}/register?lang=en")
    browser.field("party/0/family_name").send_keys(people.name(), Keys.ENTER)
    browser.wait_for(lambda: step_of(browser) == "where", "the next question, not the one before")
    browser.field("location/place").send_keys("Birni", Keys.ENTER)
    browser.wait_for_text("Which place do you mean?")
    browser.picture("citizen-place-which-en", (360,))
    assert_accessible(browser)
    browser.driver.find_element(By.CSS_SELECTOR, "[name=_choice]").send_keys(Keys.SPACE, Keys.ENTER)
    browser.wait_for(lambda: step_of(browser) == "with-1", "the question after it")
    reached = []
    for _ in range(12):
        browser.driver.switch_to.active_element.send_keys(Keys.TAB)
        reached.append(browser.driver.execute_script("const e = document.activeElement; return e.name || e.textContent"))
    assert "_go" in reached and "party/1/family_name" in reached
    assert not browser.driver.execute_script("return document.activeElement.matches('.skip[aria-hidden]')")


def test_answers_stay_on_the_phone_until_sent(site, browser):
    url = site.service.public_url
    kept = "return localStorage.getItem('muster-register')"
    begin(browser, url)
    family = browser.field("party/0/family_name").get_attribute("value")
    go_on(browser, "where")
    go_on(browser, "with-1")
    browser.fill({"party/1/given_names": people.name()})
    browser.open(f"{url}/register?lang=en") # as after a flat battery
    browser.wait_for(lambda: browser.driver.find_element(By.ID, "resume").is_displayed(), "the offer to go on")
    assert_accessible(browser)
    browser.picture("citizen-register-resume-en", (360,))
    browser.press("go on where you stopped")
    browser.wait_for(lambda: step_of(browser) == "with-1", "where it stopped")
    assert browser.field("party/1/given_names").get_attribute("value")
    assert family in browser.driver.page_source
    assert "?" not in browser.driver.current_url.split("?lang=en")[-1] and family not in browser.driver.current_url
    browser.press("save and finish now")
    browser.wait_for(lambda: re.search(CODE, browser.text()), "a case code")
    number = case_codes.number(re.search(CODE, browser.text()).group())
    assert site.query("SELECT size FROM report.party WHERE registration_id = %s", (number,)) == [(2,)]
    browser.wait_for(lambda: browser.driver.execute_script(kept) is None, "forgotten once it is sent")

    browser.open(f"{url}/register/all?lang=en")
    browser.open(f"{url}/register?lang=en")
    assert not browser.driver.find_element(By.ID, "resume").is_displayed(), "nothing was said yet"
    begin(browser, url)
    assert browser.driver.execute_script(kept)
    browser.open(f"{url}/register?lang=en")
    browser.press("delete it and start again")
    assert browser.driver.execute_script(kept) is None
    begin(browser, url)
    browser.open(f"{url}/privacy?lang=en")
    browser.press("forget me on this phone")
    browser.wait_for_text("forgotten")
    browser.open(f"{url}/alerts?lang=en")
    assert browser.driver.execute_script(kept) is None


def test_the_position_of_the_phone(site, browser):
    """Told only when the button is pressed, with how near it is; refused, words do."""
    url, driver = site.service.public_url, browser.driver
    phone = people.phone()
    driver.execute_cdp_cmd("Browser.grantPermissions", {"origin": url, "permissions": ["geolocation"]})
    driver.execute_cdp_cmd("Emulation.setGeolocationOverride", {"latitude": 13.5137, "longitude": 2.1098, "accuracy": 40})
    browser.open(f"{url}/check-in?lang=en&status=safe")
    browser.wait_for(lambda: driver.find_element(By.ID, "locate").is_displayed(), "the button")
    assert browser.field("location/lat").get_attribute("value") == ""
    browser.press("use my phone")
    browser.wait_for_text("within 40 m")
    assert_accessible(browser)
    browser.picture("citizen-check-in-position-en", (360,))
    browser.fill({"phone": phone})
    browser.submit("form[action^='/check-in']")
    browser.wait_for(lambda: driver.find_elements(By.CSS_SELECTOR, ".code.small"), "a receipt")
    receipt = driver.find_element(By.CSS_SELECTOR, ".code.small").text
    assert site.query("SELECT cell FROM report.check_in WHERE client_id = %s", (receipt,))[0][0] is not None
    assert "We will text " in browser.text()
    driver.execute_cdp_cmd("Browser.setPermission", {"origin": url, "permission": {"name": "geolocation"}, "setting": "denied"})
    browser.open(f"{url}/register?lang=en")
    browser.fill({"party/0/family_name": people.name()})
    go_on(browser, "where")
    browser.press("use my phone")
    browser.wait_for_text("No position. Tell us in words.")


def test_a_place_is_asked_after_once_the_message_is_stored(site, browser):
    driver = browser.driver
    browser.open(f"{site.service.public_url}/check-in?lang=en&status=need_help")
    browser.fill({"phone": people.phone(), "location/place": people.words("near Zindre,")})
    browser.submit("form[action^='/check-in']")
    browser.wait_for_text("Which place do you mean?")
    first = driver.find_element(By.CSS_SELECTOR, ".code.small").text
    assert site.query("SELECT status, cell FROM report.check_in WHERE client_id = %s", (first,)) == [("need_help", None)]
    assert_accessible(browser)
    browser.picture("citizen-checked-in-which-en", (360,))
    browser.choose("_choice", "Zinder")
    browser.press("send the place")
    browser.wait_for(lambda: driver.find_element(By.CSS_SELECTOR, ".code.small").text != first, "another receipt")
    second = driver.find_element(By.CSS_SELECTOR, ".code.small").text
    (status, cell), = site.query("SELECT status, cell FROM report.check_in WHERE client_id = %s", (second,))
    assert status == "need_help" and cell is not None
    assert "Which place do you mean?" not in browser.text() and browser.complaints() == []


def test_a_tap_on_the_map_without_script(site, plain_browser):
    browser = plain_browser
    driver = browser.driver
    begin(browser, site.service.public_url)
    go_on(browser, "where")
    assert not driver.find_element(By.ID, "locate").is_displayed()
    browser.press("show me a map")
    picture = browser.wait_for(lambda: driver.find_element(By.CSS_SELECTOR, "input[type=image]"), "the map")
    assert driver.find_element(By.CSS_SELECTOR, "input[type=image]").size == {"width": 288, "height": 230}
    browser.picture("citizen-place-map-en", (360,))
    ActionChains(driver).move_to_element_with_offset(picture, 61 - 144, 198 - 115).click().perform()
    browser.wait_for_text("Which place is nearest to you?")
    browser.picture("citizen-place-near-en", (360,))
    browser.choose("_choice", "Dosso")
    browser.submit()
    browser.wait_for(lambda: browser.field("location/place").get_attribute("value") == "Dosso", "the town in the form")
    browser.press("save and finish now")
    browser.wait_for(lambda: re.search(CODE, browser.text()), "a case code")
    number = case_codes.number(re.search(CODE, browser.text()).group())
    assert site.query("SELECT cell FROM report.party WHERE registration_id = %s", (number,)) == [("s4660",)]


def test_without_style_and_with_colours_of_ones_own(site, browser):
    """Text alone reads in the order that is meant; forced colours leave every control an edge; nothing moves."""
    url, driver = site.service.public_url, browser.driver
    for page, first in (("", "I am safe"), ("check-in", "I am in danger"), ("register", "Continue")):
        browser.open(f"{url}/{page}?lang=en")
        driver.execute_script("document.querySelectorAll('style').forEach((one) => one.remove())")
        words = browser.text()
        assert first in words and not browser.overflows(360), page
        if page == "":
            assert words.index("suspended") < words.index("I am safe") < words.index("I need help") < words.index("Travel advice")
        browser.picture(f"citizen-{page or 'home'}-text-only", (360,))
    driver.execute_cdp_cmd("Emulation.setEmulatedMedia", {"features": [{"name": "forced-colors", "value": "active"},
                                                                       {"name": "prefers-reduced-motion", "value": "reduce"}]})
    for page in ("", "check-in", "register"):
        browser.open(f"{url}/{page}?lang=en")
        bare = driver.execute_script(
            "return [...document.querySelectorAll('.act, input:not([type=hidden]), select, textarea, .pick')].filter(e => e.checkVisibility())"
            ".filter(e => !e.matches('[type=radio], [type=checkbox]') && getComputedStyle(e).borderTopWidth === '0px').map(e => e.outerHTML.slice(0, 80))")
        assert bare == [], page
        browser.picture(f"citizen-{page or 'home'}-forced-colours", (360,))
    driver.execute_cdp_cmd("Emulation.setEmulatedMedia", {"features": []})


def test_a_message_that_waits_breaks_no_rule(site, browser):
    driver = browser.driver
    browser.open(f"{site.service.public_url}/check-in?lang=en&status=safe")
    driver.execute_cdp_cmd("Network.enable", {})
    driver.execute_cdp_cmd("Network.emulateNetworkConditions", {"offline": True, "latency": 0, "downloadThroughput": 0, "uploadThroughput": 0})
    browser.fill({"phone": people.phone()})
    browser.submit("form[action^='/check-in']")
    browser.wait_for(lambda: driver.find_element(By.ID, "outbox").is_displayed(), "what waits")
    browser.wait_for_text("waits on this phone")
    assert_accessible(browser)
    browser.picture("citizen-check-in-waits-en", (360,))
    driver.execute_cdp_cmd("Network.emulateNetworkConditions", {"offline": False, "latency": 0, "downloadThroughput": -1, "uploadThroughput": -1})
