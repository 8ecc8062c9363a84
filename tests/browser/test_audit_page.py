# SPDX-License-Identifier: Apache-2.0
"""The audit's page, and the question why a case is opened: one press, at three in the morning, too."""
from selenium.webdriver.common.by import By
from selenium.webdriver.common.keys import Keys

from accessibility import assert_accessible
from harness import people
from harness.waiting import until


def sign_in(browser, site, role, number, language="en"):
    officer = site.staff(role, number)
    browser.driver.set_window_size(1280, 900)
    browser.open(f"{site.service.desk_url}/sign-in?lang={language}")
    browser.fill({"user": officer.user, "password": officer.password})
    browser.submit("form")
    browser.wait_for(lambda: browser.driver.find_elements(By.ID, "queues"), "the console")


def resolved(site, citizen):
    code = citizen.register(people.registration()).json()["case"]
    assert citizen.check_in(people.check_in(case=code, status="need_help")).status_code == 201
    officer = site.desk("officer", 281)
    assert officer.do(code, "claim").status_code == 200 and officer.do(code, "resolve").status_code == 200
    return code


def rows(browser):
    return [[cell.text for cell in row.find_elements(By.TAG_NAME, "td")] for row in browser.driver.find_elements(By.CSS_SELECTOR, "#entries tbody tr")]


def test_why_is_one_press_and_a_lead_sees_it(site, browser, citizen):
    code = resolved(site, citizen)
    sign_in(browser, site, "lead", 297)
    search = browser.driver.find_element(By.ID, "q")
    search.send_keys(code, Keys.ENTER)
    browser.wait_for(lambda: browser.driver.find_elements(By.CSS_SELECTOR, "#found button"), "it is found")
    browser.driver.find_element(By.CSS_SELECTOR, "#found button").click()
    browser.wait_for(lambda: browser.driver.find_elements(By.ID, "why"), "the question")
    assert_accessible(browser)
    browser.picture("why")
    for width in (1280, 360):
        assert not browser.overflows(width)
    browser.picture("why-360")
    browser.driver.set_window_size(1280, 900)
    browser.driver.switch_to.active_element.send_keys("5")
    browser.wait_for(lambda: browser.driver.find_elements(By.CSS_SELECTOR, "#case .columns"), "the case")
    browser.driver.find_element(By.CSS_SELECTOR, "#looks summary").click()
    link = browser.driver.find_element(By.CSS_SELECTOR, "#case a[href^='/audit']")
    assert link.get_attribute("href").endswith(f"#case={code}")
    link.click()
    browser.wait_for(lambda: rows(browser), "entries")
    assert ["lead.297", "Opened the case", code, "Because: Checking earlier work."] in [row[1:5] for row in rows(browser)]
    assert {row[1] for row in rows(browser)} >= {"officer.281", "lead.297"}
    assert_accessible(browser)
    browser.picture("audit")
    browser.choose_option("action", "audit")
    browser.press("Show")
    browser.wait_for(lambda: rows(browser) and rows(browser)[0][2] == "Looked at the audit", "the look itself")
    browser.driver.find_element(By.ID, "user").send_keys("nobody.280")
    browser.press("Show")
    browser.wait_for_text("No entry.")
    for width in (1280, 360):
        assert not browser.overflows(width)
    browser.driver.find_element(By.ID, "user").clear()
    browser.press("Show")
    browser.wait_for(lambda: rows(browser), "entries")
    browser.picture("audit-360")
    before = site.query("SELECT count(*) FROM register.audit WHERE action = 'audit.export'", role="muster")
    browser.press("CSV")
    browser.wait_for_text("The file is made.")
    assert site.query("SELECT count(*) FROM register.audit WHERE action = 'audit.export'", role="muster") > before


def test_it_is_not_for_everybody(site, browser):
    sign_in(browser, site, "officer", 281, "fr")
    assert not browser.driver.find_elements(By.CSS_SELECTOR, "a[href^='/audit']")
    browser.open(f"{site.service.desk_url}/audit?lang=fr")
    browser.wait_for_text("réservé aux responsables")
    assert_accessible(browser)


def test_an_admin_reads_of_no_case(site, browser):
    sign_in(browser, site, "admin", 284)
    browser.open(f"{site.service.desk_url}/audit")
    browser.wait_for(lambda: rows(browser), "entries")
    assert not browser.driver.find_element(By.ID, "case-code").is_displayed() and {row[3] for row in rows(browser)} == {""}
    until(lambda: site.query("SELECT count(*) > 0 FROM register.audit WHERE action = 'audit.read'", role="muster") == [(True,)], "on record")
