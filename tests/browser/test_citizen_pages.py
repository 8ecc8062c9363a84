# SPDX-License-Identifier: Apache-2.0
"""A citizen with an old phone: register, check in and ask for one's own record with JavaScript off."""
import re

import pytest

from harness import case_codes, people

CODE = r"\b[0-9A-HJKMNP-TV-Z]{5}-[0-9A-HJKMNP-TV-Z]{5}\b"
SECRET = r"\b(?:[0-9A-HJKMNP-TV-Z]{4}-){3}[0-9A-HJKMNP-TV-Z]{4}\b"


def test_register_check_in_and_status(site, plain_browser):
    browser, url = plain_browser, site.service.public_url
    family, given, phone = people.name(), people.name(), people.phone()
    browser.open(f"{url}/?lang=en")
    browser.picture("citizen-home")
    browser.open(f"{url}/register?lang=en")
    browser.picture("citizen-register")
    browser.fill({"party/0/family_name": family, "party/0/given_names": given, "contacts/0/value": phone})
    browser.press("save and finish now")
    browser.wait_for(lambda: re.search(CODE, browser.text()), "a case code")
    case = re.search(CODE, browser.text()).group()
    secret = re.search(SECRET, browser.text()).group()
    browser.picture("citizen-registered")
    assert site.query("SELECT state, channel FROM report.party WHERE registration_id = %s", (case_codes.number(case),)) == [
        ("registered", "web")]

    browser.open(f"{url}/check-in?lang=en")
    browser.fill({"case": case})
    browser.choose("status", "need_help")
    browser.fill({"message": people.words("we need water")})
    browser.picture("citizen-check-in")
    browser.submit()
    browser.wait_for(lambda: site.query("SELECT status FROM report.check_in WHERE registration_id = %s",
                                        (case_codes.number(case),)) == [("need_help",)], "the check-in in the register")
    browser.picture("citizen-checked-in")

    browser.open(f"{url}/status?lang=en")
    browser.fill({"case": case, "secret": secret})
    browser.submit()
    browser.wait_for_text(case)
    browser.picture("citizen-status")
    assert family.lower() not in browser.text().lower(), "the front door cannot open what it sealed"


def test_a_mistake_is_explained_beside_its_field(site, plain_browser):
    browser = plain_browser
    family = people.name()
    browser.open(f"{site.service.public_url}/register?lang=fr")
    browser.fill({"party/0/family_name": family, "contacts/0/value": "pas un numéro"})
    browser.press("continuer")
    browser.wait_for(lambda: browser.field("contacts/0/value").get_attribute("aria-invalid") == "true", "the field is marked")
    assert browser.field("party/0/family_name").get_attribute("value") == family
    told = browser.field("contacts/0/value").get_attribute("aria-describedby")
    assert told and browser.driver.find_element("id", told.split()[-1]).text.strip()
    browser.picture("citizen-mistake")


@pytest.mark.parametrize("path", ["/", "/register", "/register/all", "/place", "/check-in", "/status", "/find"])
def test_pages_fit_a_small_screen_and_break_no_rule(site, browser, path):
    browser.open(f"{site.service.public_url}{path}?lang=fr")
    assert not browser.overflows(360), path
    assert browser.complaints() == []
    labelled = browser.driver.execute_script(
        "return [...document.querySelectorAll('input:not([type=hidden]):not([type=submit]):not([type=image]), select, textarea')]"
        ".filter(e => !(e.labels && e.labels.length) && !e.ariaLabel).map(e => e.name)")
    assert labelled == [], "every field has a label"
    assert browser.driver.execute_script("return document.documentElement.lang") == "fr"


@pytest.mark.parametrize("language", ["en", "fr", "ha", "dje", "ar"])
def test_every_page_in_every_language_fits_the_smallest_screen(site, browser, language):
    """Pictures at 360 px for people to look at, and at 320 px nothing to be scrolled sideways (WCAG 2.2, 1.4.10)."""
    for page in ("", "check-in", "register", "register/all", "place", "status", "find", "alerts", "privacy"):
        browser.open(f"{site.service.public_url}/{page}?lang={language}")
        assert not browser.overflows(320), page
        direction, levels, unnamed = browser.driver.execute_script(
            "return [getComputedStyle(document.body).direction,"
            " [...document.querySelectorAll('h1, h2, h3')].filter(e => e.checkVisibility()).map(e => Number(e.tagName[1])),"
            " [...document.querySelectorAll('a, button')].filter(e => !e.textContent.trim()).length]")
        assert direction == ("rtl" if language == "ar" else "ltr")
        assert levels.count(1) == 1 and all(after - before <= 1 for before, after in zip([1, *levels], levels)), page
        assert unnamed == 0
        browser.picture(f"citizen-{page.replace('/', '-') or 'home'}-{language}", (360,))
    assert browser.complaints() == []
