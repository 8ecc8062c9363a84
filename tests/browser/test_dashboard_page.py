# SPDX-License-Identifier: Apache-2.0
"""The task force's screen: figures that are those of the lists behind them, plots with a table each."""
from selenium.webdriver.common.by import By

from harness import people
from harness.waiting import until
from test_broadcast_pages import one
from test_figures import figures
from test_map import cry


def open_dashboard(browser, site, language="en"):
    officer = site.staff(number=41)
    browser.driver.set_window_size(1280, 900)
    browser.open(f"{site.service.desk_url}/sign-in?lang={language}")
    browser.fill({"user": officer.user, "password": officer.password})
    browser.submit("form")
    browser.wait_for(lambda: browser.driver.find_elements(By.ID, "queues"), "the console")
    browser.open(f"{site.service.desk_url}/dashboard?lang={language}")
    browser.wait_for(lambda: browser.driver.find_elements(By.CSS_SELECTOR, "#people svg .series"), "a plot")


def test_figures_plots_tables_and_lists(site, browser, citizen):
    citizen.register(people.registration())
    cry(citizen, 13.52, 2.12, needs=["shelter"])
    until(lambda: any(need["need"] == "shelter" for need in figures(site.desk())["needs"]), "it is counted")
    open_dashboard(browser, site)
    told = figures(site.desk())
    tiles = {tile.find_element(By.TAG_NAME, "dt").text: tile.find_element(By.TAG_NAME, "dd").text for tile in browser.driver.find_elements(By.CSS_SELECTOR, "#now > div")}
    assert list(tiles) == ["Accounted for", "Not heard from", "Need help", "Departed", "Not confirmed for long", "Open cases", "Late cases"]
    assert tiles["Open cases"] == str(sum(queue["open"] for queue in told["queues"]))
    assert len(browser.driver.find_elements(By.CSS_SELECTOR, "#people svg .series")) == 5 and len(browser.driver.find_elements(By.CSS_SELECTOR, "#lateness svg .series")) == 3
    browser.picture("dashboard")
    one(browser, "#people summary").click()
    assert "Need help" in one(browser, "#people table").text
    for width in (1280, 360):
        assert not browser.overflows(width)
    link = browser.driver.find_element(By.CSS_SELECTOR, "#needs a[href*='need=shelter']")
    count = int(link.text.split()[-1])
    link.click()
    browser.wait_for(lambda: len(browser.driver.find_elements(By.CSS_SELECTOR, "#cases .row")) == count, "as many cases as the figure said")
    assert "a place to stay" in one(browser, "#only").text.lower()
    assert browser.complaints() == []


def test_in_french(site, browser):
    open_dashboard(browser, site, "fr")
    assert "Sans nouvelles" in one(browser, "#now").text and "Par besoin" in browser.text()
    assert browser.complaints() == []
