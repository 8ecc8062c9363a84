# SPDX-License-Identifier: Apache-2.0
"""axe-core finds nothing on the desk's pages, and would if there were something."""
from selenium.webdriver.common.by import By

from accessibility import assert_accessible, violations
from harness import people


def test_the_desks_pages(site, citizen, browser):
    code = citizen.register(people.registration()).json()["case"]
    assert citizen.check_in(people.check_in(case=code, status="injured", needs=["medical_emergency"], message=people.words("my arm"))).status_code == 201
    officer = site.staff(number=34)
    browser.open(f"{site.service.desk_url}/")
    browser.wait_for(lambda: browser.driver.find_elements(By.NAME, "password"), "the sign-in form")
    assert_accessible(browser)
    browser.fill({"user": officer.user, "password": officer.password})
    browser.submit("form")
    browser.wait_for_text(code)
    browser.driver.find_element(By.CSS_SELECTOR, "#filters summary").click()
    browser.wait_for(lambda: len(browser.driver.find_elements(By.CSS_SELECTOR, "#filter-post option")) > 1, "the posts")
    assert_accessible(browser)
    browser.press(code)
    browser.wait_for(lambda: browser.driver.find_elements(By.ID, "note"), "opened")
    assert_accessible(browser)
    browser.press("claim")
    browser.wait_for_text("The case is yours.")
    assert_accessible(browser)
    browser.driver.find_element(By.ID, "help").click()
    assert_accessible(browser)
    browser.open(f"{site.service.desk_url}/broadcasts")
    browser.wait_for(lambda: browser.driver.find_element(By.ID, "write").is_displayed(), "the broadcasts")
    assert_accessible(browser)
    browser.driver.find_element(By.ID, "write").click()
    browser.wait_for(lambda: browser.driver.find_element(By.ID, "draft").is_displayed(), "the draft")
    assert_accessible(browser)
    browser.driver.execute_script("document.getElementById('write').textContent = ''; document.body.style.color = '#eee'")
    assert any(one.startswith("button-name") for one in violations(browser)), "it sees what is wrong"
