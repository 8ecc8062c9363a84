# SPDX-License-Identifier: Apache-2.0
"""A lead draws zones on the map: by mouse and by keys alone; changes, removes, takes back; and what others see of it."""
import pytest
from selenium.webdriver.common.action_chains import ActionChains
from selenium.webdriver.common.by import By
from selenium.webdriver.common.keys import Keys

from accessibility import assert_accessible
from harness import people
from harness.service import CRISIS
from harness.waiting import until
from test_broadcast_pages import one
from test_map import cry

LAT, LON = 18.02, 8.02 # the Aïr: nobody else's
CENTRE = f"{LAT}, {LON}"


@pytest.fixture(scope="module")
def lead(site):
    return site.desk("lead", 250)


@pytest.fixture(autouse=True)
def no_zones_after(lead):
    yield
    for zone in lead.act("GET", "/zones", params={"crisis": CRISIS}).json()["features"]:
        lead.act("DELETE", f"/zones/{zone['id']}", headers={"If-Match": f'"{zone["properties"]["version"]}"'})


@pytest.fixture(scope="module")
def inside(site):
    return cry(site.citizen(), LAT, LON, "safe", message=people.words("a question"))


def sign_in(browser, site, role, number, path, language="en"):
    staff = site.staff(role, number) if role != "officer" else site.staff(number=number)
    browser.driver.set_window_size(1280, 900)
    browser.open(f"{site.service.desk_url}/sign-in?lang={language}")
    browser.fill({"user": staff.user, "password": staff.password})
    browser.submit("form")
    browser.wait_for(lambda: browser.driver.find_elements(By.ID, "queues"), "the console")
    browser.open(f"{site.service.desk_url}{path}?lang={language}")


def open_map(browser, site, language="en"):
    sign_in(browser, site, "lead", 251, "/map", language)
    browser.wait_for(lambda: not one(browser, "#zone-new").get_attribute("hidden"), "a lead may draw")


def open_form(browser):
    if not one(browser, "#zones-panel").get_attribute("open"):
        one(browser, "#zones-panel summary").click()
    browser.wait_for(lambda: one(browser, "#zone-new").is_displayed(), "the button")
    one(browser, "#zone-new").click()
    browser.wait_for(lambda: one(browser, "#zone-name").is_displayed(), "the form")


def zone_rows(browser):
    return browser.driver.find_elements(By.CSS_SELECTOR, "#zones .zone-row")


def standing(lead):
    return {zone["properties"]["name"]: zone for zone in lead.act("GET", "/zones", params={"crisis": CRISIS}).json()["features"]}


def count_inside(browser):
    return browser.wait_for(lambda: one(browser, "#zone-inside").text.startswith("Inside") and one(browser, "#zone-inside").text, "what would be inside")


def test_a_circle_by_keys_alone(site, browser, lead, inside):
    open_map(browser, site)
    until(lambda: lead.act("POST", "/zones/preview", json={"type": "Feature", "geometry": {"type": "Point", "coordinates": [LON, LAT]}, "properties": {
        "crisis": CRISIS, "kind": "danger", "name": "x", "radius_m": 3000}}).json()["open"] == 1, "the courier has counted the case")
    one(browser, "#zones-panel summary").send_keys(Keys.ENTER)
    browser.wait_for(lambda: one(browser, "#zone-new").is_displayed(), "the button")
    one(browser, "#zone-new").send_keys(Keys.ENTER)
    browser.wait_for(lambda: browser.driver.switch_to.active_element.get_attribute("id") == "zone-name", "the form has the focus")
    browser.driver.switch_to.active_element.send_keys("Tabelot")
    one(browser, "#zone-middle").send_keys(CENTRE)
    one(browser, "#zone-radius").send_keys("3")
    assert "open cases: 1" in count_inside(browser)
    assert browser.driver.find_elements(By.CSS_SELECTOR, "path.zone.danger.drawn") and browser.driver.find_elements(By.CSS_SELECTOR, "path.zone-touched")
    assert_accessible(browser)
    browser.driver.execute_script("document.querySelector('#zone-save').scrollIntoView({block: 'center'})")
    browser.picture("zone-form")
    one(browser, "#zone-radius").send_keys(Keys.ENTER)
    browser.wait_for(lambda: "Tabelot" in one(browser, "#zone-said").text, "it was saved")
    assert standing(lead)["Tabelot"]["properties"]["radius_m"] == 3000
    browser.wait_for(lambda: zone_rows(browser) and "1 open" in zone_rows(browser)[0].text, "what is inside is in the list")
    assert "Danger zone" in zone_rows(browser)[0].text and browser.driver.find_elements(By.CSS_SELECTOR, "path.zone.danger")
    assert "Tabelot" in "".join(mark.text for mark in browser.driver.find_elements(By.CSS_SELECTOR, ".zone-name"))
    until(lambda: lead.case(inside).json()["band"] == 3, "the case is more urgent")
    one(browser, "#zones .zone-row .where").send_keys(Keys.ENTER)
    browser.wait_for(lambda: one(browser, "path.zone").size["width"] > 100, "the map has gone there")
    panes = {name: int(one(browser, f".leaflet-{name}-pane").value_of_css_property("z-index")) for name in ("overlay", "zones", "marker")}
    assert panes["overlay"] < panes["zones"] < panes["marker"], "neither land nor cells are drawn over it"
    assert_accessible(browser)
    browser.picture("zone-shown")
    for width in (1280, 360):
        assert not browser.overflows(width)
    one(browser, "#zones .queues a").click()
    browser.wait_for(lambda: len(browser.driver.find_elements(By.CSS_SELECTOR, "#cases .row")) == 1, "the list of the zone")
    browser.wait_for(lambda: "Tabelot" in one(browser, "#only").text, "the list says which zone")
    assert browser.complaints() == []


def test_an_outline_by_mouse_changed_removed_and_brought_back(site, browser, lead):
    open_map(browser, site)
    open_form(browser)
    one(browser, "#zone-name").send_keys("Camp")
    one(browser, "[name=zone-kind][value=assembly_point]").click()
    one(browser, "[name=zone-shape][value=outline]").click()
    map_ = one(browser, "#map")
    for x, y in ((-40, -40), (40, -40), (40, 40), (-40, 40)):
        ActionChains(browser.driver).move_to_element_with_offset(map_, x, y).click().perform()
    assert len(one(browser, "#zone-points").get_attribute("value").split("\n")) == 4
    one(browser, "#zone-back").click()
    assert len(one(browser, "#zone-points").get_attribute("value").split("\n")) == 3
    count_inside(browser)
    corner = browser.driver.find_elements(By.CSS_SELECTOR, ".zone-corner")[0]
    before = one(browser, "#zone-points").get_attribute("value")
    ActionChains(browser.driver).drag_and_drop_by_offset(corner, -15, -10).perform()
    browser.wait_for(lambda: one(browser, "#zone-points").get_attribute("value") != before, "the corner has moved")
    count_inside(browser)
    browser.picture("zone-outline")
    one(browser, "#zone-save").click()
    browser.wait_for(lambda: "Camp" in one(browser, "#zone-said").text, "it was saved")
    kept = standing(lead)["Camp"]
    assert kept["properties"]["kind"] == "assembly_point" and len(kept["geometry"]["coordinates"][0]) == 4
    # changed, and back
    browser.wait_for(lambda: zone_rows(browser), "it is in the list")
    browser.press("change")
    browser.wait_for(lambda: one(browser, "#zone-name").get_attribute("value") == "Camp", "the form has what it was")
    one(browser, "#zone-name").send_keys(" West")
    one(browser, "#zone-save").click()
    browser.wait_for(lambda: "Camp West" in one(browser, "#zone-said").text, "it was changed")
    one(browser, "#zone-undo").click()
    browser.wait_for(lambda: "Camp" in standing(lead), "it has its name again")
    # removed, and back
    browser.wait_for(lambda: zone_rows(browser) and "Camp West" not in zone_rows(browser)[0].text, "the list too")
    browser.press("remove")
    browser.wait_for(lambda: not zone_rows(browser) and standing(lead) == {}, "it is gone")
    assert_accessible(browser)
    one(browser, "#zone-undo").click()
    browser.wait_for(lambda: zone_rows(browser) and "Camp" in standing(lead), "it is back")
    assert browser.complaints() == []


def test_what_cannot_be_drawn_is_said(site, browser, lead):
    open_map(browser, site)
    open_form(browser)
    one(browser, "[name=zone-shape][value=outline]").click()
    one(browser, "#zone-points").send_keys("18, 8\n19, 9\nhere")
    browser.wait_for(lambda: "Line 3" in one(browser, "#zone-inside").text, "which line is none")
    one(browser, "#zone-points").clear()
    one(browser, "#zone-points").send_keys("18, 8\n19, 9\n18, 9\n19, 8")
    browser.wait_for(lambda: "crosses" in one(browser, "#zone-problem").text, "that it crosses itself")
    assert_accessible(browser)
    one(browser, "#zone-points").clear()
    one(browser, "#zone-points").send_keys("18, 8\n18.1, 8\n18.1, 8.1")
    count_inside(browser)
    one(browser, "#zone-save").click()
    browser.wait_for(lambda: "name" in one(browser, "#zone-problem").text, "that it has no name")
    one(browser, "#zone-cancel").send_keys(Keys.ESCAPE)
    browser.wait_for(lambda: not one(browser, "#zone-form").is_displayed() and one(browser, "#zone-new").is_displayed(), "the list again")
    assert standing(lead) == {} and not browser.driver.find_elements(By.CSS_SELECTOR, "path.zone")
    assert browser.complaints() == []


def test_who_does_not_lead_sees_and_draws_nothing(site, browser, lead, inside):
    made = lead.act("POST", "/zones", json={"type": "Feature", "geometry": {"type": "Point", "coordinates": [LON, LAT]}, "properties": {
        "crisis": CRISIS, "kind": "danger", "name": "Tabelot", "radius_m": 3000}}).json()
    sign_in(browser, site, "officer", 252, "/map", "fr")
    browser.wait_for(lambda: zone_rows(browser) and "Zone dangereuse" in zone_rows(browser)[0].text, "the zone, in French")
    assert one(browser, "#zone-new").get_attribute("hidden") and not browser.driver.find_elements(By.CSS_SELECTOR, "#zones .tools")
    until(lambda: sum(standing(lead)["Tabelot"]["properties"]["queues"].values()) == 1, "it is counted")
    browser.open(f"{site.service.desk_url}/dashboard?lang=en")
    row = browser.wait_for(lambda: [r for r in browser.driver.find_elements(By.CSS_SELECTOR, "#zones tbody tr") if "Tabelot" in r.text], "its figures")[0]
    link = row.find_element(By.CSS_SELECTOR, f"a[href*='zone={made['id']}']")
    count = int(link.text.split()[-1])
    assert_accessible(browser)
    browser.driver.execute_script("document.querySelector('#zones').scrollIntoView()")
    browser.picture("zone-dashboard")
    for width in (1280, 360):
        assert not browser.overflows(width)
    browser.driver.find_element(By.CSS_SELECTOR, f"#zones a[href*='zone={made['id']}']").click()
    browser.wait_for(lambda: len(browser.driver.find_elements(By.CSS_SELECTOR, "#cases .row")) == count, "as many as the figure said")
    assert browser.complaints() == []
