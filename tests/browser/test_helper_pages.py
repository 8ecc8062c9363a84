# SPDX-License-Identifier: Apache-2.0
"""Who tells of others: without script, one by one and by a list; and that these pages, and those that only inform, can be used by everybody."""
import re

import pytest

from accessibility import assert_accessible
from harness import case_codes, people

CODE = r"\b[0-9A-HJKMNP-TV-Z]{5}-[0-9A-HJKMNP-TV-Z]{5}\b"
LANGUAGES = ("en", "fr", "ha", "dje", "ar")


def write_list(folder, rows):
    path = folder / "list.csv"
    path.write_text("family_name;given_names;phone\r\n" + "".join(";".join(row) + "\r\n" for row in rows), encoding="utf-8-sig")
    return path


def codes(browser):
    return list(dict.fromkeys(one for one in re.findall(CODE, browser.text()) if one != "K7M2Q-9QXD4"))


def test_two_people_and_a_list_without_script(site, plain_browser, tmp_path):
    browser, url = plain_browser, site.service.public_url
    me, first, second = people.name(), people.name(), people.name()
    browser.open(f"{url}/helper?lang=en")
    browser.fill({"reporter/name": me, "party/0/given_names": first})
    browser.choose("status", "safe")
    browser.submit()
    browser.wait_for_text("Whom you have told us about")
    assert browser.field("reporter/name").get_attribute("value") == me
    browser.fill({"party/0/given_names": second})
    browser.submit()
    browser.wait_for(lambda: len(codes(browser)) == 2, "both codes")
    assert first.lower() in browser.text().lower() and second.lower() in browser.text().lower()
    browser.picture("citizen-helped")
    rows = [[people.name(), people.name(), people.phone()], [people.name(), people.name(), "no number"]]
    browser.open(f"{url}/list?lang=en")
    browser.fill({"reporter/name": me})
    browser.field("file").send_keys(str(write_list(tmp_path, rows)))
    browser.submit()
    browser.wait_for_text("People who can be sent now: 1")
    assert "row 3" in browser.text() and "Phone: " in browser.text()
    browser.picture("citizen-list-read")
    browser.press("Send these")
    browser.wait_for_text("People registered: 1")
    (case,) = codes(browser)
    browser.picture("citizen-list-sent")
    assert site.query("SELECT channel FROM report.party WHERE registration_id = %s", (case_codes.number(case),)) == [("list",)]


@pytest.mark.parametrize("language", LANGUAGES)
def test_every_language_fits_the_smallest_screen(site, browser, language, tmp_path):
    """Pictures at 360 px for people to look at, and at 320 px nothing to be scrolled sideways."""
    url = site.service.public_url
    for page in ("helper", "list", "code"):
        browser.open(f"{url}/{page}?lang={language}")
        assert not browser.overflows(320), page
        browser.picture(f"citizen-{page}-{language}", (360,))
    browser.open(f"{url}/list?lang={language}")
    browser.fill({"reporter/name": people.name()})
    browser.field("file").send_keys(str(write_list(tmp_path, [[people.name(), people.name(), "no number"], [people.name(), "", people.phone()]])))
    browser.submit()
    browser.wait_for(lambda: browser.driver.find_elements("css selector", "[role=alert]"), "what was read")
    assert not browser.overflows(320)
    browser.picture(f"citizen-list-read-{language}", (360,))
    browser.open(f"{url}/?lang={language}")
    browser.driver.find_element("css selector", "a.act.help").click()
    browser.wait_for(lambda: browser.driver.find_elements("name", "status"), "the form in the home page")
    assert not browser.overflows(320)
    browser.picture(f"citizen-quick-{language}", (360,))
    assert browser.complaints() == []


@pytest.mark.parametrize("language", ["en", "ar"])
def test_everybody_can_use_them(site, browser, language, tmp_path):
    url = site.service.public_url
    for page in ("", "alerts", "privacy", "find", "helper", "list", "code"):
        browser.open(f"{url}/{page}?lang={language}")
        assert_accessible(browser)
    browser.open(f"{url}/?lang={language}")
    browser.driver.find_element("css selector", "a.act.help").click()
    browser.wait_for(lambda: browser.driver.find_elements("name", "status"), "the form in the home page")
    assert_accessible(browser)
    browser.open(f"{url}/code?lang={language}")
    browser.fill({"phone": people.phone()})
    browser.submit()
    browser.wait_for(lambda: browser.driver.find_elements("css selector", "[role=status].ok"), "asked for")
    assert_accessible(browser)
    browser.open(f"{url}/find?lang={language}")
    browser.fill({"about/family_name": people.name(), "asker/name": people.name(), "asker/phone": people.phone()})
    browser.submit()
    browser.wait_for(lambda: browser.driver.find_elements("css selector", ".code"), "the number of the question")
    assert_accessible(browser)
    browser.open(f"{url}/helper?lang={language}")
    browser.submit()
    browser.wait_for(lambda: browser.driver.find_elements("css selector", "[role=alert]"), "what is missing")
    assert_accessible(browser)
    browser.fill({"reporter/name": people.name(), "party/0/given_names": people.name()})
    browser.submit()
    browser.wait_for(lambda: browser.driver.find_elements("id", "done"), "whom was told of")
    assert_accessible(browser)
    browser.open(f"{url}/list?lang={language}")
    browser.fill({"reporter/name": people.name()})
    browser.field("file").send_keys(str(write_list(tmp_path, [[people.name(), "", "no number"], [people.name(), "", people.phone()]])))
    browser.submit()
    browser.wait_for(lambda: browser.driver.find_elements("id", "faulty"), "what was read")
    assert_accessible(browser)
    browser.driver.find_element("css selector", ".go").click()
    browser.wait_for(lambda: browser.driver.find_elements("css selector", ".code"), "the codes")
    assert_accessible(browser)
    browser.open(f"{url}/privacy?lang={language}")
    browser.submit()
    browser.wait_for(lambda: not browser.driver.find_elements("css selector", "form"), "forgotten")
    assert_accessible(browser)
