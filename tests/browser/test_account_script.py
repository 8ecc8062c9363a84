# SPDX-License-Identifier: Apache-2.0
"""The account page with its script: where one is signed in, tokens, a new password; and two admins who let somebody in again."""
from selenium.webdriver.common.by import By

from accessibility import assert_accessible
from harness.clients import Desk


def sign_in(browser, site, user, password, language="en"):
    browser.driver.delete_all_cookies()
    browser.driver.set_window_size(1280, 900)
    browser.open(f"{site.service.desk_url}/sign-in?lang={language}")
    browser.fill({"user": user, "password": password})
    browser.submit("form")
    browser.wait_for(lambda: not browser.driver.find_elements(By.NAME, "password"), "signed in")
    browser.open(f"{site.service.desk_url}/account?lang={language}")
    browser.wait_for(lambda: lines(browser, "sessions"), "the sessions")


def lines(browser, list_id):
    return browser.driver.find_elements(By.CSS_SELECTOR, f"#{list_id} li")


def fill(browser, **values):
    for field, value in values.items():
        element = browser.driver.find_element(By.ID, field.replace("_", "-"))
        element.clear()
        element.send_keys(value)


def look(browser, name):
    assert_accessible(browser)
    browser.picture(name)
    for width in (1280, 360):
        assert not browser.overflows(width)
    browser.driver.set_window_size(1280, 900)


def test_sessions_tokens_and_a_new_password(site, browser):
    officer = site.staff("officer", 299)
    other = site.browser()
    assert other.sign_in(officer.user, officer.password).status_code == 200
    sign_in(browser, site, officer.user, officer.password)
    browser.wait_for(lambda: len(lines(browser, "sessions")) == 2, "both sessions")
    look(browser, "account")
    ground = lambda: browser.driver.execute_script("return getComputedStyle(document.body).backgroundColor")
    light, theme = ground(), browser.driver.find_element(By.ID, "theme")
    theme.click() # light, as it was
    theme.click()
    assert ground() != light and "dark" in theme.accessible_name, "dark, against the system"
    look(browser, "account-dark")
    theme.click()
    assert ground() == light
    not_this = next(line for line in lines(browser, "sessions") if "this one" not in line.text)
    not_this.find_element(By.TAG_NAME, "button").click()
    browser.wait_for(lambda: len(lines(browser, "sessions")) == 1, "the other is ended")
    assert other.act("GET", "/me").status_code == 401
    browser.driver.find_element(By.CSS_SELECTOR, "#token-make summary").click()
    fill(browser, token_name="figures for the task force", token_days="7")
    browser.driver.find_element(By.CSS_SELECTOR, "#token button").click()
    token = browser.wait_for(lambda: browser.driver.find_element(By.CSS_SELECTOR, "#made code").text, "the token")
    program = site._keep(Desk(site.service.desk_url, site.service.certificate, token))
    assert program.act("GET", "/queues").status_code == 200 and program.claim_next("inquiry").status_code == 403, "it may look"
    browser.wait_for(lambda: any("figures for the task force" in line.text for line in lines(browser, "tokens")), "it is listed")
    look(browser, "account-token")
    fill(browser, old=officer.password, new="three unrelated words", again="three unrelated word")
    browser.press("Change the password")
    browser.wait_for_text("are not the same")
    fill(browser, old="not the old one", again="three unrelated words")
    browser.press("Change the password")
    browser.wait_for_text("Nothing was changed")
    fill(browser, old=officer.password)
    browser.press("Change the password")
    browser.wait_for_text("signed out everywhere else")
    assert site.browser().sign_in(officer.user, "three unrelated words").status_code == 200


def test_two_admins_let_somebody_in_again(site, browser):
    one, two, lost = site.staff("admin", 284), site.staff("admin", 298), site.staff("officer", 298)
    sign_in(browser, site, one.user, one.password, "fr")
    browser.wait_for(lambda: lines(browser, "resets"), "the resets")
    fill(browser, reset_user=lost.user)
    browser.press("Demander une")
    browser.wait_for(lambda: any(lost.user in line.text for line in lines(browser, "resets")), "it is listed")
    mine = next(line for line in lines(browser, "resets") if lost.user in line.text)
    assert "Approuver" not in mine.text and "Un autre administrateur" in mine.text
    look(browser, "account-reset-fr")
    sign_in(browser, site, two.user, two.password)
    theirs = browser.wait_for(lambda: next(line for line in lines(browser, "resets") if lost.user in line.text), "it waits for the second")
    theirs.find_element(By.TAG_NAME, "button").click()
    once = browser.wait_for(lambda: browser.driver.find_element(By.CSS_SELECTOR, "#once code").text, "the password for once")
    look(browser, "account-once")
    sign_in(browser, site, lost.user, once)
    assert "Set your own before you can work" in browser.text()
    look(browser, "account-due")
    fill(browser, old=once, new="three unrelated words", again="three unrelated words")
    browser.press("Change the password")
    browser.wait_for_text("Your password is changed")
    browser.open(f"{site.service.desk_url}/")
    browser.wait_for(lambda: browser.driver.find_elements(By.ID, "queues"), "the console")
