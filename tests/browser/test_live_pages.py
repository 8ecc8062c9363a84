# SPDX-License-Identifier: Apache-2.0
"""Two officers at once: each sees what the other does as it is done; and views that the address keeps."""
from selenium.webdriver.common.by import By

from harness import people


def sign_in(browser, site, number, path="/"):
    officer = site.staff(number=number)
    browser.open(f"{site.service.desk_url}/")
    browser.wait_for(lambda: browser.driver.find_elements(By.NAME, "password"), "the sign-in form")
    browser.fill({"user": officer.user, "password": officer.password})
    browser.submit("form")
    browser.wait_for_text("emergency")
    if path != "/":
        browser.open(f"{site.service.desk_url}{path}")
    browser.wait_for(lambda: browser.driver.find_element(By.ID, "line").text == "Live", "live")
    return officer


def cry(citizen, status="injured", needs=("medical_emergency",)):
    code = citizen.register(people.registration()).json()["case"]
    assert citizen.check_in(people.check_in(case=code, status=status, needs=list(needs), message=people.words("please come"))).status_code == 201
    return code


def row(browser, code):
    found = browser.driver.find_elements(By.CSS_SELECTOR, f"#cases [data-case='{code}']")
    return found[0].text if found else None


def test_two_officers_see_each_other(site, citizen, browser, second_browser):
    ada, bela = sign_in(browser, site, 31), sign_in(second_browser, site, 32)
    code = cry(citizen)
    for one in (browser, second_browser):
        one.wait_for(lambda one=one: row(one, code), "the cry is on the console without a reload")
        one.driver.execute_script("window.notReloaded = true")
    for one in (browser, second_browser):
        one.driver.find_element(By.CSS_SELECTOR, f"#cases [data-case='{code}'] button").click()
    presence = lambda one: one.driver.find_element(By.ID, "presence").text
    browser.wait_for(lambda: presence(browser) == f"{bela.user} is looking at this", "who else looks")
    second_browser.wait_for(lambda: presence(second_browser) == f"{ada.user} is looking at this", "and the other way round")
    second_browser.driver.find_element(By.ID, "note").send_keys("I think we should")
    browser.wait_for(lambda: presence(browser) == f"{bela.user} is writing", "who writes")
    browser.picture("live-presence")
    stale = second_browser.driver.execute_script("return import('/assets/console_words.js').then((m) => m.state.etag)")
    browser.press("claim")
    browser.wait_for_text("The case is yours.")
    second_browser.wait_for(lambda: f"held by {ada.user}" in (row(second_browser, code) or ""), "the claim is seen by the other")
    assert second_browser.driver.find_element(By.ID, "note").get_attribute("value") == "I think we should", "and what they type stays"
    # they claim what they last saw
    second_browser.driver.execute_script("import('/assets/console_words.js').then((m) => { m.state.etag = arguments[0]; })", stale)
    second_browser.driver.execute_script("document.activeElement.blur()")
    second_browser.driver.find_element(By.TAG_NAME, "body").send_keys("c")
    second_browser.wait_for_text(f"{ada.user} was quicker")
    second_browser.driver.find_element(By.ID, "note").clear()
    browser.driver.execute_script("document.activeElement.blur()")
    browser.driver.find_element(By.ID, "note").send_keys("A car is on its way.")
    browser.press("resolve")
    second_browser.wait_for(lambda: row(second_browser, code) is None, "a closed case leaves the other's list")
    for one in (browser, second_browser):
        assert one.driver.execute_script("return window.notReloaded"), "no page was loaded again"
        assert one.complaints() == []


def test_a_view_is_kept_in_the_address(site, citizen, browser):
    medication, pets = cry(citizen, "need_help", ["medication"]), cry(citizen, "need_help", ["detained"])
    sign_in(browser, site, 31, "/?queue=emergency&need=medication")
    browser.wait_for(lambda: row(browser, medication), "what the view has")
    assert row(browser, pets) is None
    browser.driver.find_element(By.CSS_SELECTOR, "#filters summary").click()
    browser.choose_option("filter-need", "detained")
    browser.wait_for(lambda: row(browser, pets) and not row(browser, medication), "the other view")
    assert "need=detained" in browser.driver.current_url and "queue=emergency" in browser.driver.current_url
    browser.picture("live-filters")
    assert not browser.overflows(360) and not browser.overflows(1024)
    browser.driver.back()
    browser.wait_for(lambda: row(browser, medication) and not row(browser, pets), "back to the first")
    assert browser.complaints() == []


def test_a_session_that_ends_keeps_what_was_typed(site, citizen, browser):
    code = cry(citizen)
    officer = sign_in(browser, site, 33)
    browser.wait_for(lambda: row(browser, code), "listed")
    browser.driver.find_element(By.CSS_SELECTOR, f"#cases [data-case='{code}'] button").click()
    browser.wait_for(lambda: browser.driver.find_elements(By.ID, "note"), "opened")
    browser.driver.find_element(By.ID, "note").send_keys("They said that")
    site.query("DELETE FROM register.staff_session WHERE kind = 'browser' AND staff_id = (SELECT staff_id FROM register.staff WHERE name = %s)"
               " RETURNING 1", (officer.user,), role="muster")
    browser.wait_for_text("Your session has ended.")
    assert browser.driver.find_element(By.ID, "note").get_attribute("value") == "They said that"
    browser.picture("live-session-over")
