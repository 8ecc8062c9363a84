# SPDX-License-Identifier: Apache-2.0
"""The end of a shift at the console: one officer leaves a note and their cases, the next finds both."""
from selenium.webdriver.common.by import By

from accessibility import assert_accessible
from harness import people
from test_live_pages import cry, row, sign_in


def test_a_shift_ends_and_the_next_begins(site, citizen, browser, second_browser):
    ada = sign_in(browser, site, 225)
    code = cry(citizen)
    browser.wait_for(lambda: row(browser, code), "the cry")
    browser.driver.find_element(By.CSS_SELECTOR, f"#cases [data-case='{code}'] button").click()
    browser.wait_for_text("Claim")
    browser.press("claim")
    browser.wait_for_text("The case is yours.")

    browser.driver.find_element(By.ID, "shift-end").click()
    browser.wait_for_text("Note for the next shift")
    assert_accessible(browser)
    browser.driver.find_element(By.CSS_SELECTOR, "#shift .main").click()
    browser.wait_for_text("Write a note for who comes next.")
    text = people.words("The ambulance was called at 14:02, it has not come.")
    browser.driver.find_element(By.ID, "shift-note").send_keys(text)
    browser.driver.find_element(By.ID, "shift-to").send_keys("nobody.here")
    browser.driver.find_element(By.CSS_SELECTOR, "#shift .main").click()
    browser.wait_for_text("There is no officer nobody.here in your crisis.")
    assert_accessible(browser)
    browser.picture("shift-end")
    assert not browser.overflows(360)
    site.staff(number=226)
    browser.driver.find_element(By.ID, "shift-to").clear()
    browser.driver.find_element(By.ID, "shift-to").send_keys("officer.226")
    browser.driver.find_element(By.CSS_SELECTOR, "#shift .main").click()
    browser.wait_for_text("Your shift is over; the note is left. · 1 case given")
    browser.wait_for_text("Notes of the last three days")

    bela = sign_in(second_browser, site, 226)
    second_browser.wait_for_text(text)
    shown = second_browser.driver.find_element(By.CSS_SELECTOR, ".shift-note").text
    assert f"From {ada.user}" in shown and "for you" in shown and "Read by nobody yet" in shown
    second_browser.wait_for(lambda: "held by you" in (row(second_browser, code) or ""), "the case is theirs")
    assert_accessible(second_browser)
    second_browser.picture("shift-note")
    assert not second_browser.overflows(360)
    second_browser.press("I have read it")
    second_browser.wait_for(lambda: not [one for one in second_browser.driver.find_elements(By.CSS_SELECTOR, "#shift-notes > .shift-note") if text in one.text],
                            "it stands with the earlier ones")
    browser.driver.refresh()
    browser.wait_for_text("Notes of the last three days")
    browser.driver.find_element(By.CSS_SELECTOR, "#shift-notes summary").click()
    browser.wait_for_text(f"Read by {bela.user}")
    assert_accessible(browser)
    browser.driver.execute_cdp_cmd("Emulation.setEmulatedMedia", {"features": [{"name": "prefers-color-scheme", "value": "dark"}]})
    browser.driver.find_element(By.ID, "shift-end").click()
    browser.wait_for_text("Note for the next shift")
    browser.picture("shift-dark")
    assert_accessible(browser)
    for one in (browser, second_browser):
        assert one.complaints() == []
