# SPDX-License-Identifier: Apache-2.0
"""A list narrowed to a place by its name, with the queues' counts beside it; and names on the map that no count of a cell lies upon."""
import pytest
from selenium.webdriver.common.by import By
from selenium.webdriver.common.keys import Keys

from accessibility import assert_accessible
from harness import people
from harness.waiting import until
from test_console_page import all_of, css, sign_in

OFFICER = 436
GATE = (11.87, 3.4) # Gaya - Malanville (Benin), of the sample
CROSSINGS = [GATE, (13.75, 5.29), (13.15, 7.22), (19.35, 5.77), (12.65, 1.55), (14.96, 0.7), (14.3, 13.5)]
# Texts of names that can be seen, and what lies upon them: counts of cells, other names.
NAMES = """const shown = [...document.querySelectorAll('.place-mark > span')].filter((one) => getComputedStyle(one).visibility === 'visible');
const seen = document.getElementById('map').getBoundingClientRect();
const box = (one) => one.getBoundingClientRect();
const inside = (a) => a.right > seen.left && a.left < seen.right && a.bottom > seen.top && a.top < seen.bottom;
const meet = (a, b) => a.left < b.right && b.left < a.right && a.top < b.bottom && b.top < a.bottom;
const upon = [...document.querySelectorAll('.count-mark, .count-mark *')].map(box).filter((one) => one.width > 0);
const names = shown.filter((one) => inside(box(one)));
return { names: names.map((one) => one.textContent), counts: document.querySelectorAll('.count-mark').length,
  covered: names.filter((one) => upon.some((count) => meet(count, box(one)))).map((one) => one.textContent),
  crossed: names.filter((one) => names.some((other) => other !== one && meet(box(other), box(one)))).map((one) => one.textContent) }"""


def cry(citizen, lat, lon, **said):
    code = citizen.register(people.registration(location={"lat": lat, "lon": lon, "accuracy_m": 10})).json()["case"]
    assert citizen.check_in(people.check_in(case=code, status="need_help", location={"lat": lat, "lon": lon}, **said)).status_code == 201
    return code


@pytest.fixture(scope="module")
def crowd(site):
    """Somebody at each crossing, and around it."""
    citizen = site.citizen()
    codes = [cry(citizen, lat, lon) for lat, lon in CROSSINGS]
    for lat, lon in CROSSINGS:
        for step in (0.4, 0.9):
            cry(citizen, lat + step, lon)
            cry(citizen, lat, lon + step)
    until(lambda: site.desk().act("GET", "/map", params={"zoom": 13, "bbox": "-5,5,20,25"}).json()["features"], "counted")
    return codes


def listed(browser):
    return {row.get_attribute("data-case") for row in all_of(browser, "#cases .row")}


def test_a_place_is_chosen_by_its_name(site, browser, crowd):
    at_gate = crowd[0]
    sign_in(browser, site, OFFICER, "/?queue=assistance&lang=en")
    browser.wait_for(lambda: at_gate in listed(browser) and len(listed(browser)) > 10, "everybody")
    css(browser, "#filters summary").click()
    box = css(browser, "#filter-place")
    box.click()
    browser.wait_for(lambda: len(all_of(browser, "#filter-places option")) > 50, "names are offered")
    assert {"Niamey", "Yantala, Niamey", "Gaya - Malanville (Benin)"} <= {one.get_attribute("value") for one in all_of(browser, "#filter-places option")}
    box.send_keys("Atlantis", Keys.TAB)
    browser.wait_for(lambda: "no such place" in css(browser, "#filter-place-fault").text, "it is said")
    assert_accessible(browser)
    browser.picture("desk-place-unknown")
    css(browser, "#filter-place").clear()
    css(browser, "#filter-place").send_keys("gaya - malanville (benin)", Keys.TAB)
    browser.wait_for(lambda: listed(browser) == {at_gate}, "who is there alone")
    assert "place=Gaya" in browser.driver.current_url and "in and around Gaya - Malanville (Benin)" in css(browser, "#only").text
    browser.wait_for(lambda: [one.text for one in all_of(browser, "#queues button") if "Assistance" in one.text][0].split("\n")[0].endswith("1/1"), "its count is of the place")
    assert_accessible(browser)
    browser.picture("desk-place")
    css(browser, "#theme").click()
    css(browser, "#theme").click()
    assert_accessible(browser)
    browser.picture("desk-place-dark")
    css(browser, "#theme").click()
    assert not browser.overflows(360)
    browser.driver.refresh()
    browser.wait_for(lambda: listed(browser) == {at_gate}, "the address says it, too")
    browser.press("Show all")
    browser.wait_for(lambda: len(listed(browser)) > 10, "everybody again")
    assert browser.complaints() == []


def test_names_are_not_under_the_counts(site, browser, crowd):
    if not all_of(browser, "#queues"):
        sign_in(browser, site, OFFICER)
    browser.open(f"{site.service.desk_url}/map?lang=en")
    seen = lambda: browser.driver.execute_script(NAMES) # noqa: E731
    clear = lambda told: told["counts"] > 5 and told["names"] and not told["covered"] and not told["crossed"] # noqa: E731
    browser.wait_for(lambda: clear(seen()), "names that can be read")
    assert len([name for name in seen()["names"] if " - " in name or "(" in name]) >= 4, "crossings are named from afar"
    assert_accessible(browser)
    browser.picture("map-names")
    css(browser, "#theme").click()
    css(browser, "#theme").click()
    assert_accessible(browser)
    browser.picture("map-names-dark")
    css(browser, "#theme").click()
    for _ in range(3):
        css(browser, ".leaflet-control-zoom-in").click()
    browser.wait_for(lambda: not seen()["covered"] and not seen()["crossed"] and seen()["names"], "nearer, too")
    assert browser.complaints() == []
