# SPDX-License-Identifier: Apache-2.0
"""An officer looks for somebody whose name is spelt otherwise, and opens their case; all by keys."""
from selenium.webdriver.common.by import By
from selenium.webdriver.common.keys import Keys

from harness import people
from test_desk_pages import sign_in


def test_search_from_the_keyboard(site, citizen, browser):
    people.remember("Haoualéré")
    sent = people.registration(party=[people.member(given_names="Haoualéré", family_name="Soumaïla")], intent="wants_evacuation")
    code = citizen.register(sent).json()["case"]
    sign_in(browser, site)
    find = lambda css: browser.driver.find_element(By.CSS_SELECTOR, css)
    find("body").send_keys("/")
    box = browser.driver.switch_to.active_element
    assert box.get_attribute("id") == "q"
    box.send_keys("hawalere sumaila")
    browser.wait_for_text("Haoualéré Soumaïla")
    browser.wait_for_text("name sounds alike")
    browser.wait_for_text("One found.")
    browser.picture("desk-search")
    browser.driver.set_window_size(360, 740)
    browser.picture("desk-search-360")
    browser.driver.set_window_size(1280, 900)
    box.send_keys(Keys.ARROW_DOWN)
    browser.driver.switch_to.active_element.send_keys(Keys.ENTER)
    browser.wait_for(lambda: code in find("#case").text and "Soumaïla" in find("#case").text, "the case is open")
    assert "sumaila" not in browser.driver.current_url
    box.send_keys(Keys.ESCAPE)
    browser.wait_for(lambda: not find("#found").is_displayed() and box.get_attribute("value") == "", "the search is over")
    box.send_keys("zzzzz qqqqq")
    browser.wait_for_text("Nobody found.")


def test_who_may_be_the_same(site, citizen, browser):
    phone = people.phone()
    contacts = [{"kind": "phone", "value": phone, "primary": True}]
    one, other = (citizen.register(people.registration(party=[people.member(given_names=given, family_name="Dandobbi")], contacts=contacts,
                                                       intent="wants_evacuation")).json()["case"] for given in ("Fatouma", "Fatima"))
    sign_in(browser, site)
    find = lambda css: browser.driver.find_element(By.CSS_SELECTOR, css)
    find("#q").send_keys(one)
    browser.wait_for_text("One found.")
    find("#found button").click()
    browser.wait_for(lambda: other in find("#alike").text, "the other is proposed")
    assert "same phone, same birth date, name sounds alike" in find("#alike").text.replace("same birth date, same phone", "same phone, same birth date")
    browser.picture("desk-alike")
    browser.press("Keep apart")
    browser.wait_for(lambda: "Kept apart by" in find("#alike").text, "it is kept apart")
    browser.press("May be the same after all")
    browser.wait_for(lambda: "same phone" in find("#alike").text, "it may be the same")
    browser.driver.set_window_size(360, 740)
    browser.picture("desk-alike-360")
