# SPDX-License-Identifier: Apache-2.0
"""The rules of check-ins on the policy's page, assembly points on the map and the citizen's pages, and who looked at a case."""
import pytest
from selenium.webdriver.common.by import By
from selenium.webdriver.common.keys import Keys

from accessibility import assert_accessible
from harness import people
from harness.service import CRISIS
from harness.waiting import until
from test_assembly import Citizen
from test_policy_page import css, open_policy
from test_zone_page import open_form, sign_in, zone_rows
from test_zones import circle, remove

LAT, LON = 21.3, 12.4 # Djado: nobody else's


@pytest.fixture(scope="module")
def lead(site):
    return site.desk("lead", 350)


@pytest.fixture
def nothing_left(lead):
    yield
    for zone in lead.act("GET", "/zones", params={"crisis": CRISIS}).json()["features"]:
        remove(lead, zone["id"])
    told = lead.act("GET", f"/policy?crisis={CRISIS}")
    lead.act("PATCH", f"/policy?crisis={CRISIS}", json={"check_ins": {"danger_minutes": None, "texts_at_night": False}}, headers={"If-Match": told.headers["ETag"]})


def test_a_lead_sets_how_soon_and_whether_at_night(site, browser, lead, nothing_left):
    open_policy(browser, site, "lead", 351)
    minutes = css(browser, "#check_ins-danger_minutes")
    assert minutes.get_attribute("placeholder") == "720" and not css(browser, "#check_ins-texts_at_night").is_selected()
    assert_accessible(browser)
    minutes.send_keys("90", Keys.TAB)
    css(browser, "#check_ins-texts_at_night").click()
    browser.wait_for(lambda: css(browser, "#save").is_enabled(), "it may be saved")
    assert "half: 720 min → 90 min" in css(browser, "#changes").text and "no → yes" in css(browser, "#changes").text
    assert_accessible(browser)
    browser.picture("policy-check-ins")
    assert not browser.overflows(360)
    css(browser, "#save").click()
    until(lambda: lead.act("GET", f"/policy?crisis={CRISIS}").json()["check_ins"] == {"danger_minutes": 90, "texts_at_night": True}, "it is kept")
    browser.wait_for(lambda: "half: 720 min → 90 min" in css(browser, "#history").text, "in the history")
    css(browser, "#check_ins-danger_minutes").send_keys(Keys.CONTROL, "a", Keys.NULL, "5", Keys.TAB)
    browser.wait_for(lambda: css(browser, "#check_ins-danger_minutes").get_attribute("aria-invalid") == "true", "five minutes are too few")
    assert not css(browser, "#save").is_enabled()
    assert_accessible(browser)


def test_a_lead_shows_an_assembly_point_and_a_citizen_sees_it(site, browser, lead, nothing_left):
    one = Citizen(site, location={"lat": LAT, "lon": LON})
    sign_in(browser, site, "lead", 351, "/map")
    browser.wait_for(lambda: not css(browser, "#zone-new").get_attribute("hidden"), "a lead may draw")
    open_form(browser)
    assert not css(browser, "#zone-tell-line").is_displayed(), "of danger nothing is told this way"
    css(browser, "[name='zone-kind'][value='assembly_point']").click()
    browser.wait_for(lambda: css(browser, "#zone-tell-line").is_displayed(), "the box")
    css(browser, "#zone-name").send_keys("Djado, the well")
    css(browser, "#zone-middle").send_keys(f"{LAT + 0.4}, {LON}")
    css(browser, "#zone-radius").send_keys("0.5")
    css(browser, "#zone-tell").click()
    assert_accessible(browser)
    browser.picture("map-assembly-form")
    css(browser, "#zone-save").click()
    browser.wait_for(lambda: zone_rows(browser) and "citizens are told" in zone_rows(browser)[0].text, "it is told")
    one.is_told("Djado, the well")
    browser.picture("map-assembly")

    for lang in ("en", "ar"):
        browser.open(f"{site.service.public_url}/status?lang={lang}")
        browser.fill({"case": one.told["case"], "secret": one.told["secret"]})
        browser.submit()
        browser.wait_for_text("Djado, the well")
        assert_accessible(browser)
        browser.picture(f"citizen-assembly-{lang}")
        assert not browser.overflows(360)
    browser.open(f"{site.service.public_url}/?lang=en")
    browser.wait_for_text("Assembly points")
    assert_accessible(browser)
    browser.picture("citizen-home-assembly")
    assert not browser.overflows(360)
    danger = circle(LAT + 0.4, LON, 500)
    assert lead.act("POST", "/zones", json=danger).status_code == 201
    sign_in(browser, site, "lead", 351, "/map")
    browser.wait_for(lambda: any("citizens are not told" in row.get_attribute("textContent") for row in zone_rows(browser)), "and not any more in danger")


def test_who_looked_at_a_case(site, browser, citizen):
    code = citizen.register(people.registration()).json()["case"]
    assert citizen.check_in(people.check_in(case=code, status="need_help")).status_code == 201
    for _ in range(2):
        assert site.desk("officer", 352).case(code).status_code == 200
    count = lambda: site.query("SELECT count(*) FROM register.audit WHERE action = 'audit.read' AND staff_id = (SELECT staff_id FROM register.staff WHERE name = 'lead.353')", role="muster")[0][0]
    sign_in(browser, site, "lead", 353, f"/#case={code}")
    browser.open(f"{site.service.desk_url}/?lang=en")
    css(browser, "#q").send_keys(code, Keys.ENTER)
    browser.wait_for(lambda: browser.driver.find_elements(By.CSS_SELECTOR, "#found button"), "it is found")
    css(browser, "#found button").click()
    browser.wait_for(lambda: browser.driver.find_elements(By.ID, "looks"), "the case")
    assert count() == 0, "only when it is asked for"
    css(browser, "#looks summary").click()
    browser.wait_for(lambda: "officer.352" in css(browser, "#looks").text, "who looked")
    assert "2 times" in css(browser, "#looks").text and "lead.353" in css(browser, "#looks").text
    assert_accessible(browser)
    browser.driver.execute_script("document.getElementById('looks').scrollIntoView({ block: 'center' })")
    browser.picture("case-looks")
    assert not browser.overflows(360)
    # something comes: what was opened stays open, and is not asked for again
    assert citizen.check_in(people.check_in(case=code, status="injured")).status_code == 201
    browser.wait_for(lambda: "injured" in css(browser, "#case .why").text.lower(), "the case is drawn anew")
    assert css(browser, "#looks").get_attribute("open") and "officer.352" in css(browser, "#looks").text and count() == 1
    sign_in(browser, site, "officer", 354, "/")
    css(browser, "#q").send_keys(code, Keys.ENTER)
    browser.wait_for(lambda: browser.driver.find_elements(By.CSS_SELECTOR, "#found button"), "it is found")
    css(browser, "#found button").click()
    browser.wait_for(lambda: browser.driver.find_elements(By.CSS_SELECTOR, "#case .columns"), "the case")
    assert not browser.driver.find_elements(By.ID, "looks"), "a lead's alone"
