# SPDX-License-Identifier: Apache-2.0
"""The map: cells on it and in the list beside it, by keyboard as by mouse, and from a cell to its cases."""
import pytest
from selenium.common.exceptions import WebDriverException
from selenium.webdriver.common.by import By
from selenium.webdriver.common.keys import Keys

from harness.waiting import until
from test_broadcast_pages import one
from test_map import cells, cry

LAT, LON = 22.02, 12.02 # the north-east: nobody else's
BOX = "11.9,21.9,12.3,22.2"


@pytest.fixture(scope="module")
def desert(site):
    citizen = site.citizen()
    codes = [cry(citizen, LAT, LON), cry(citizen, LAT, LON, "injured"), cry(citizen, LAT, LON + 0.1)]
    until(lambda: sum(cell["open"] for cell in cells(site.desk(), bbox=BOX).values()) == 3, "the courier has counted them")
    return codes


def open_map(browser, site, number=40, language="en"):
    officer = site.staff(number=number)
    browser.driver.set_window_size(1280, 900)
    browser.open(f"{site.service.desk_url}/sign-in?lang={language}")
    browser.fill({"user": officer.user, "password": officer.password})
    browser.submit("form")
    browser.wait_for(lambda: browser.driver.find_elements(By.ID, "queues"), "the console")
    browser.open(f"{site.service.desk_url}/map?lang={language}")
    browser.wait_for(lambda: rows(browser), "cells in the list")


def rows(browser):
    return browser.driver.find_elements(By.CSS_SELECTOR, "#cells .row")


def row_of(browser, cell):
    return next((row for row in rows(browser) if cell.startswith(row.get_attribute("data-cell"))), None)


def test_cells_on_the_map_and_in_the_list(site, browser, desert):
    near = cells(site.desk(), bbox=BOX, zoom=10)
    cell, = [name for name, facts in near.items() if facts["open"] == 2]
    open_map(browser, site)
    assert len(browser.driver.find_elements(By.CSS_SELECTOR, "path.country")) == 8 and browser.driver.find_elements(By.CSS_SELECTOR, "path.region")
    assert len(browser.driver.find_elements(By.CSS_SELECTOR, "path.cell")) == len(rows(browser)), "each is drawn, and said"
    said = browser.wait_for(lambda: row_of(browser, cell).text, "the row of the cell") # drawn anew now and then
    assert "Very urgent" in said and "3 open" in said and "people" in said
    browser.picture("map")
    for width in (1280, 360):
        assert not browser.overflows(width)

    def nearer(): # goes there by key, until the cell stands alone
        found = row_of(browser, cell)
        if found.get_attribute("data-cell") == cell:
            return True
        try:
            found.find_element(By.TAG_NAME, "button").send_keys(Keys.ENTER)
        except WebDriverException: # the list was drawn anew between the two
            pass
        return False

    browser.wait_for(nearer, "the cell by itself")
    assert "chosen" in row_of(browser, cell).get_attribute("class") and "2 open" in row_of(browser, cell).text
    browser.picture("map-near")
    assert browser.complaints() == []


def test_from_a_cell_to_its_cases_and_their_place(site, browser, desert):
    open_map(browser, site)
    cell = next(iter(cells(site.desk(), bbox=BOX, zoom=6)))
    browser.wait_for(lambda: row_of(browser, cell) is not None and row_of(browser, cell).find_element(By.PARTIAL_LINK_TEXT, "Assistance: 2").click() is None, "its link")
    browser.wait_for(lambda: len(browser.driver.find_elements(By.CSS_SELECTOR, "#cases .row")) == 2, "its two cases, and no others")
    assert cell in one(browser, "#only").text
    listed = {code.text for code in browser.driver.find_elements(By.CSS_SELECTOR, "#cases .code")}
    assert listed == {desert[0], desert[2]}
    one(browser, "#cases button").click()
    browser.wait_for(lambda: browser.driver.find_elements(By.CSS_SELECTOR, "muster-place svg .here"), "where the case is, drawn")
    assert "km" in one(browser, "muster-place p").text
    browser.picture("map-case")
    browser.press("show all")
    browser.wait_for(lambda: not one(browser, "#only").is_displayed(), "all of the queue again")
    assert browser.complaints() == []


def test_in_french_and_by_mouse(site, browser, desert):
    open_map(browser, site, language="fr")
    assert "ouverts" in one(browser, "#cells").text and "Assistance" in one(browser, "#cells").text
    marked = lambda: browser.driver.find_elements(By.CSS_SELECTOR, ".count-mark")
    browser.wait_for(lambda: marked() and sorted(mark.text.split("\n")[0] for mark in marked())
                     == sorted(row.find_element(By.CSS_SELECTOR, ".band").text for row in rows(browser)), "a mark for each row")
    browser.wait_for(lambda: browser.driver.execute_script("arguments[0].click()", marked()[0]) is None, "clicked")
    browser.wait_for(lambda: browser.driver.find_elements(By.CSS_SELECTOR, "#cells .chosen"), "the list says which")
    assert browser.complaints() == []
