# SPDX-License-Identifier: Apache-2.0
"""The phone bank's form in a browser: by keyboard alone, with who may already be registered beside it."""
from selenium.webdriver.common.by import By
from selenium.webdriver.common.keys import Keys

from harness import people


def one(browser, selector):
    return browser.driver.find_element(By.CSS_SELECTOR, selector)


def opened(site, browser, officer, language="en"):
    browser.open(f"{site.service.desk_url}/sign-in")
    browser.fill({"user": officer.user, "password": officer.password})
    browser.submit("form")
    browser.wait_for(lambda: browser.driver.find_elements(By.ID, "who"), "somebody signed in")
    browser.open(f"{site.service.desk_url}/intake?lang={language}")
    browser.wait_for(lambda: one(browser, "#crisis").get_attribute("value"), "the crisis")


def typed(browser, *keys):
    for key in keys:
        browser.driver.switch_to.active_element.send_keys(key)


def test_a_call_by_keyboard_alone(site, browser, citizen):
    opened(site, browser, site.staff(number=401))
    phone, given, family = people.phone(), people.name(), people.name()
    typed(browser, phone, Keys.TAB, Keys.TAB, given, Keys.TAB, family, Keys.TAB, "1980-02-31")
    browser.driver.switch_to.active_element.send_keys(Keys.CONTROL, Keys.ENTER)
    browser.wait_for(lambda: one(browser, "#errors").is_displayed(), "the fault named")
    born = one(browser, "#party-0-birth_date")
    assert born.get_attribute("aria-invalid") == "true"
    assert one(browser, "#party-0-family_name").get_attribute("value") == family, "nothing that was typed is lost"
    browser.picture("intake-fault")
    born.clear()
    born.send_keys("1980-02-29")
    one(browser, "#needs input[value='medication']").send_keys(Keys.SPACE)
    browser.driver.switch_to.active_element.send_keys(Keys.CONTROL, Keys.ENTER)
    browser.wait_for(lambda: one(browser, "#taken").is_displayed(), "the code to read aloud")
    code = one(browser, "#taken-code").text
    browser.picture("intake-taken")
    found = site.desk().act("POST", "/search", json={"q": phone}).json()["results"]
    assert [result["case"] for result in found] == [code]
    typed(browser, Keys.ENTER)
    browser.wait_for(lambda: one(browser, "#party").is_displayed(), "the next call")
    assert one(browser, "#party-0-family_name").get_attribute("value") == ""
    assert browser.complaints() == []


def test_who_calls_again_is_known(site, browser, citizen):
    sent = people.registration(party=[people.member(needs=["medical_emergency"])])
    code = citizen.register(sent).json()["case"]
    opened(site, browser, site.staff(number=402), "fr")
    one(browser, "#phone").send_keys(sent["contacts"][0]["value"])
    browser.wait_for(lambda: code in one(browser, "#known").text, "who has that number")
    browser.picture("intake-known")
    assert code not in browser.driver.current_url
    one(browser, "#phone").clear()
    one(browser, "#known button").click()
    browser.wait_for(lambda: browser.driver.find_elements(By.CSS_SELECTOR, "#case h2") and code in one(browser, "#case h2").text, "the case in the console")
    assert code not in browser.driver.current_url
    assert not browser.overflows(360)
    assert browser.complaints() == []
