# SPDX-License-Identifier: Apache-2.0
"""A registered party that has no case, found by search: it is texted, and merged with the same people's other registration."""
from selenium.webdriver.common.by import By

from accessibility import assert_accessible
from harness import people
from test_console_page import all_of, css, sends, sign_in # noqa: F401: a fixture

OFFICER = 434


def open_found(browser, code):
    box = css(browser, "#q")
    box.clear()
    box.send_keys(code)
    browser.wait_for(lambda: [one for one in all_of(browser, "#found button") if code in one.text], "found")[0].click()
    browser.wait_for(lambda: f"Registered: {code}" in css(browser, "#case").text, "open")


def test_it_is_texted_and_the_text_is_in_its_thread(site, citizen, browser, sends): # noqa: F811
    sent = people.registration(intent="staying")
    code = citizen.register(sent).json()["case"]
    officer = sign_in(browser, site, OFFICER)
    open_found(browser, code)
    assert_accessible(browser)
    css(browser, "#reply").send_keys("Is all well with you?")
    browser.press("Send text")
    browser.wait_for(lambda: "Is all well with you?" in css(browser, "#thread").text, "in the thread")
    assert officer.user in css(browser, "#thread").text and css(browser, "#reply").get_attribute("value") == ""
    browser.wait_for(lambda: sends.taken, "the gateway has it")
    assert sends.form(0)["To"] == sent["contacts"][0]["value"]
    assert_accessible(browser)
    browser.picture("desk-no-case-texted")
    css(browser, "#theme").click()
    css(browser, "#theme").click()
    assert_accessible(browser)
    browser.picture("desk-no-case-texted-dark")
    css(browser, "#theme").click()
    assert browser.complaints() == []


def test_two_registrations_of_the_same_people_are_one_and_two_again(site, citizen, browser):
    one = people.registration(intent="staying")
    other = people.registration(intent="staying", party=one["party"], contacts=one["contacts"])
    here, there = [citizen.register(sent).json()["case"] for sent in (one, other)]
    if not all_of(browser, "#queues"):
        sign_in(browser, site, OFFICER)
    open_found(browser, here)
    browser.wait_for(lambda: there in css(browser, "#alike").text, "proposed")
    browser.driver.find_element(By.XPATH, f"//*[@id='alike']//button[contains(@aria-label, '{there}') and contains(., 'Merge')]").click()
    browser.wait_for(lambda: all_of(browser, "#merge .main"), "side by side")
    assert_accessible(browser)
    css(browser, "#merge .main").click()
    browser.wait_for(lambda: all_of(browser, "#case .merges") and there in css(browser, "#case .merges").text, "they are one")
    assert f"Registered: {here}" in css(browser, "#case").text
    assert_accessible(browser)
    browser.picture("desk-no-case-merged")
    browser.press("Undo the merge")
    browser.wait_for(lambda: not all_of(browser, "#case .merges"), "they are two")
    assert browser.complaints() == []
