# SPDX-License-Identifier: Apache-2.0
"""A list with families, as it is shown before it is sent and after: who goes together stands together, with one case code."""
import pytest

from accessibility import assert_accessible
from harness import people
from test_helper_pages import codes

HEADING = "given_names;family_name;phone;place;family\r\n"


def write(folder, rows):
    path = folder / "families.csv"
    path.write_text(HEADING + "".join(";".join(row) + "\r\n" for row in rows), encoding="utf-8-sig")
    return path


@pytest.mark.parametrize("language", ["en", "ar"])
def test_families_stand_together(site, browser, language, tmp_path):
    family, phone = people.name(), people.phone()
    rows = [[people.name(), family, phone, "Dosso", "12"], [people.name(), people.name(), people.phone(), "Maradi", ""],
            [people.name(), family, "", "", "12"], [people.name(), family, "", "", "12"], [people.name(), people.name(), "no number", "", "13"],
            [people.name(), people.name(), people.phone(), "", "13"]]
    browser.open(f"{site.service.public_url}/list?lang={language}")
    assert_accessible(browser)
    browser.picture(f"citizen-list-form-{language}")
    browser.fill({"reporter/name": people.name()})
    browser.field("file").send_keys(str(write(tmp_path, rows)))
    browser.submit()
    browser.wait_for(lambda: browser.driver.find_elements("css selector", "[role=alert]"), "what was read")
    browser.driver.find_element("css selector", "summary").click()
    assert [len(one.find_elements("css selector", "li")) for one in browser.driver.find_elements("css selector", "li:has(.list)")] == [2, 3]
    assert_accessible(browser)
    assert not browser.overflows(320)
    browser.picture(f"citizen-list-families-{language}")
    browser.driver.find_element("css selector", "main button.go").click()
    browser.wait_for(lambda: len(codes(browser)) == 2, "a code for the family, and one for who is alone")
    assert_accessible(browser)
    assert not browser.overflows(320)
    browser.picture(f"citizen-list-families-sent-{language}")
    assert browser.complaints() == []
