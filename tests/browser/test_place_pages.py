# SPDX-License-Identifier: Apache-2.0
"""Places by name, seen: the question which one is meant, the map that is tapped, the desk's map and the place of a case."""
import pytest
from selenium.webdriver.common.by import By

from accessibility import assert_accessible
from harness import people
from test_broadcast_pages import one
from test_map_page import open_map

CELL = "s43mp" # where Yantala is


@pytest.fixture(scope="module")
def helped(site):
    """Somebody in Yantala, and somebody who is only somewhere in Niamey."""
    citizen = site.citizen()
    codes = []
    for location in ({"lat": 13.5381, "lon": 2.0835, "accuracy_m": 20}, {"lat": 13.5381, "lon": 2.0835, "accuracy_m": 5000}):
        code = citizen.register(people.registration(location=location)).json()["case"]
        assert citizen.check_in(people.check_in(case=code, status="need_help", location=location)).status_code == 201
        codes.append(code)
    return codes


@pytest.mark.parametrize("width", [360, 1280])
def test_the_map_that_is_tapped_shows_crossings(site, browser, width):
    browser.driver.set_window_size(width, 900)
    browser.open(f"{site.service.public_url}/place?lang=en")
    assert "Border crossings" in one(browser, "main, body").text
    assert "Labbezanga (Mali)" in one(browser, "#_choice").text and not browser.overflows(width)
    assert_accessible(browser)
    browser.picture(f"place-map-{width}")


def test_which_plateau(site, browser):
    browser.driver.set_window_size(360, 900)
    browser.open(f"{site.service.public_url}/check-in?lang=en")
    browser.fill({"location/place": "aéroport", "phone": people.phone()})
    one(browser, "input[name=status][value=safe]").click()
    browser.submit("form[action^='/check-in']")
    browser.wait_for_text("Which place do you mean?")
    assert "Aéroport, Niamey" in one(browser, "body").text and "Diori Hamani Airport, Niamey" in one(browser, "body").text
    assert_accessible(browser)
    browser.picture("place-choices")


@pytest.mark.parametrize("theme", ["light", "dark"])
def test_the_map_of_the_desk(site, browser, helped, theme):
    open_map(browser, site, number=362)
    browser.driver.execute_script("localStorage.setItem('muster.theme', arguments[0])", theme)
    browser.driver.refresh()
    marks = lambda kind: [mark.text for mark in browser.driver.find_elements(By.CSS_SELECTOR, f".place-mark.{kind}")] # noqa: E731
    browser.wait_for(lambda: "Labbezanga (Mali)" in marks("crossing"), "crossings, from afar")
    assert marks("landmark") == marks("quarter") == [], "a country is not full of quarters"
    browser.picture(f"place-desk-far-{theme}")
    browser.driver.execute_async_script("import('/assets/map.js').then((it) => { it.map.setView([13.52, 2.11], 12.5, { animate: false }); arguments[0](); })")
    browser.wait_for(lambda: "Yantala" in marks("quarter") and "Kennedy Bridge" in marks("landmark"), "a town has quarters and landmarks")
    browser.picture(f"place-desk-near-{theme}")
    assert_accessible(browser)
    assert browser.complaints() == []


def test_a_case_says_which_quarter(site, browser, helped):
    open_map(browser, site, number=363)
    browser.open(f"{site.service.desk_url}/?lang=en&queue=assistance&cell={CELL}")
    browser.wait_for(lambda: {mark.text for mark in browser.driver.find_elements(By.CSS_SELECTOR, "#cases .where")} == {"5 km north-west of Niamey"}, "each row says where")
    for code, wanted in zip(helped, ("At Yantala, Niamey", "Niamey")):
        browser.wait_for(lambda code=code: one(browser, f"#cases [data-case='{code}'] > button").click() is None, "its row")
        browser.wait_for(lambda code=code: code in one(browser, "#case").text and one(browser, "muster-place p").text, "where the case is, in words")
        words = one(browser, "muster-place p").text
        assert words == wanted or (wanted == "Niamey" and "Niamey" in words and "Yantala" not in words), words
        browser.picture(f"place-case-{wanted.split()[-1]}")
    assert browser.complaints() == []
