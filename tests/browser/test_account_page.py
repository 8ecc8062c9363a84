# SPDX-License-Identifier: Apache-2.0
"""Setting up the second factor in a browser, without scripts; then signing in with it."""
import pytest
from selenium.webdriver.common.by import By

from harness import totp


@pytest.mark.parametrize("language", ["en", "fr"])
def test_the_second_factor_from_nothing_to_sign_in(site, plain_browser, language):
    officer = site.staff(number={"en": 80, "fr": 81}[language])
    browser, base = plain_browser, site.service.desk_url
    browser.open(f"{base}/account?lang={language}")
    browser.fill({"user": officer.user, "password": officer.password})
    browser.submit("form")
    browser.wait_for(lambda: not browser.driver.find_elements(By.NAME, "password"), "signed in")
    browser.open(f"{base}/account?lang={language}")
    browser.submit()
    secret = browser.wait_for(lambda: browser.driver.find_element(By.CSS_SELECTOR, "code.secret"), "the secret").text
    square = browser.driver.find_element(By.CSS_SELECTOR, "svg.qr").rect
    assert square["width"] == square["height"] > 150
    browser.picture(f"account-square-{language}")
    browser.fill({"code": totp.code(secret)})
    browser.submit()
    browser.wait_for(lambda: len(browser.driver.find_elements(By.CSS_SELECTOR, ".codes li")) == 10, "ten recovery codes")
    assert {"en": "Recovery codes", "fr": "Codes de secours"}[language] in browser.text()
    browser.picture(f"account-codes-{language}")
    assert not browser.overflows(360)
    browser.driver.delete_all_cookies()
    browser.open(f"{base}/sign-in")
    browser.fill({"user": officer.user, "password": officer.password})
    browser.submit("form")
    browser.wait_for_text("asks for the code from your phone")
    browser.fill({"user": officer.user, "password": officer.password, "totp": totp.code(secret, 1)})
    browser.submit("form")
    browser.wait_for(lambda: not browser.driver.find_elements(By.NAME, "password"), "signed in")
    browser.open(f"{base}/account")
    browser.wait_for_text("You are asked for a code at each sign-in")
    assert browser.complaints() == []
