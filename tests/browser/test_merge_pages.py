# SPDX-License-Identifier: Apache-2.0
"""The same people registered twice: an officer sees them side by side, makes one case of them and takes them apart again; and what they say by phone is taken down."""
from selenium.webdriver.common.by import By
from selenium.webdriver.common.keys import Keys

from accessibility import assert_accessible
from harness import people
from test_desk_pages import sign_in


def pair(citizen):
    phone = people.phone()
    contacts = [{"kind": "phone", "value": phone, "primary": True}]
    return [citizen.register(people.registration(party=[people.member(given_names=given, family_name="Dandobbi")], contacts=contacts, intent="wants_evacuation")).json()["case"]
            for given in ("Fatouma", "Fatima")]


def finder(browser):
    return lambda css: browser.driver.find_element(By.CSS_SELECTOR, css)


def open_case(browser, code):
    find = finder(browser)
    find("#q").clear()
    find("#q").send_keys(code)
    browser.wait_for(lambda: find("#found").is_displayed() and "case code" in find("#found").text, "it is found")
    find("#found button").click()
    browser.wait_for(lambda: find("#case .case-head h2").is_displayed(), "a case is open")
    find("#q").send_keys(Keys.ESCAPE)
    browser.wait_for(lambda: not find("#found").is_displayed(), "the search is over")


def test_merged_and_taken_apart_again(site, citizen, browser):
    one, other = pair(citizen)
    assert citizen.check_in(people.check_in(case=other, status="in_danger")).status_code == 201
    sign_in(browser, site)
    find = finder(browser)
    open_case(browser, one)
    browser.wait_for(lambda: other in find("#alike").text, "the other is proposed")
    find("#alike [aria-label^=Merge]").click()
    browser.wait_for(lambda: find("#merge table").is_displayed(), "both are side by side")
    shown = find("#merge").text
    assert "Fatouma Dandobbi" in shown and "Fatima Dandobbi" in shown and one in shown and other in shown and "I am in danger" in shown
    assert_accessible(browser)
    browser.picture("desk-merge")
    browser.driver.switch_to.active_element.send_keys(Keys.ESCAPE)
    browser.wait_for(lambda: not browser.driver.find_elements(By.ID, "merge"), "nothing was done")
    assert one in find("#case h2").text and "Merge" in find("#alike").text
    find("#alike [aria-label^=Merge]").click()
    browser.wait_for(lambda: find("#merge-note").is_displayed(), "both are side by side")
    find("#merge-note").send_keys("told so by the sister")
    find("#merge .main").click()
    browser.wait_for(lambda: f"{other} is part of this case" in find("#case .merges").text, "they are one")
    browser.wait_for_text("Merged: one case now.")
    case = find("#case").text
    assert "Very urgent" in case and "told so by the sister" in case and f"merged {other} into {one}" in case and f"Told under {other}" in case
    assert_accessible(browser)
    browser.picture("desk-merged")
    find("#case .back").click() if find("#case .back").is_displayed() else find("body").send_keys(Keys.ESCAPE)
    open_case(browser, other) # the search knows it as the one
    browser.wait_for(lambda: one in find("#case h2").text, "the one is open")
    browser.driver.execute_script("document.dispatchEvent(new CustomEvent('muster:open', { detail: arguments[0] }))", other) # as a list that is a moment old has it
    browser.wait_for(lambda: f"{other} was merged into this case" in find("#case .merges").text, "its code leads to the one, and says so")
    assert one in find("#case h2").text
    browser.press("Undo the merge")
    browser.wait_for_text("Two cases again.")
    browser.wait_for(lambda: not browser.driver.find_elements(By.CSS_SELECTOR, "#case .merges"), "they are two")
    assert f"took {other} out of {one} again" in find("#case").text and f"Told under {other}" not in find("#case").text
    open_case(browser, other)
    browser.wait_for(lambda: other in find("#case h2").text and "I am in danger" in find("#case").text, "the other is a case again")
    assert browser.complaints() == []


def test_heard_by_phone(site, citizen, browser):
    code = citizen.register(people.registration(intent="wants_evacuation")).json()["case"]
    sign_in(browser, site)
    find = finder(browser)
    open_case(browser, code)
    find("#heard summary").click()
    browser.press("Keep what I heard")
    browser.wait_for(lambda: "Choose how they are" in find("#heard-fault").text, "it says what is missing")
    assert_accessible(browser)
    browser.picture("desk-heard")
    find("#heard-status input[value='injured']").click()
    find("#heard-needs input[value='medication']").click()
    people.remember("the insulin is gone")
    find("#heard-words").send_keys("the insulin is gone")
    find("#heard-who").send_keys("a neighbour")
    find("#heard-people").send_keys("2")
    find("#heard-place").send_keys("behind the stadium")
    browser.press("Keep what I heard")
    browser.wait_for_text("Kept: it is in the timeline.")
    shown = find("#case .timeline").text
    for words in ("hurt or ill", "Medicine", "the insulin is gone", "Told by: a neighbour", "behind the stadium", "2 people"):
        assert words.lower() in shown.lower(), (words, shown)
    browser.picture("desk-heard-kept")
    assert browser.complaints() == []
