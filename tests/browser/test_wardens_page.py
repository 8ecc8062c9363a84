# SPDX-License-Identifier: Apache-2.0
"""A lead gives wardens their households and takes them away, from their page and from the open case; and a warden sees who is overdue."""
import uuid

from selenium.webdriver.common.by import By
from selenium.webdriver.common.keys import Keys

from accessibility import assert_accessible
from harness import case_codes, people
from harness.waiting import until

LEAD = 340


def css(browser, selector):
    return browser.driver.find_element(By.CSS_SELECTOR, selector)


def sign_in(browser, site, role, number, language="en"):
    who = site.staff(role, number)
    browser.driver.delete_all_cookies()
    browser.open(f"{site.service.desk_url}/sign-in?lang={language}")
    browser.fill({"user": who.user, "password": who.password})
    browser.submit("form")
    browser.wait_for(lambda: not browser.driver.find_elements(By.NAME, "password"), "signed in")
    return who


def register(citizen, count):
    return [citizen.register(people.registration()).json()["case"] for _ in range(count)]


def choose(browser, user):
    button = browser.wait_for(lambda: [one for one in browser.driver.find_elements(By.CSS_SELECTOR, "#people button") if user in one.text], "the warden")[0]
    button.click()
    browser.wait_for(lambda: f"List of {user}" in css(browser, "#one-list").text, "their list")


def wait_in_vain(site, code):
    site.query("UPDATE register.registration SET check_in_by = now() - interval '2 hours' WHERE registration_id = %s", (case_codes.number(code),), role="muster")


def test_a_lead_gives_and_takes(site, citizen, browser):
    warden, desk = site.staff("warden", 341), site.desk("warden", 341)
    one, other, third = register(citizen, 3)
    sign_in(browser, site, "lead", LEAD)
    browser.open(f"{site.service.desk_url}/dashboard")
    css(browser, ".pages a[href^='/wardens']").click()
    choose(browser, warden.user)
    assert "No household of yours" in css(browser, "#one-list").text
    assert_accessible(browser)
    codes = css(browser, "#codes")
    codes.send_keys(f"{one}, {other.replace('-', ' ').lower()}", Keys.ENTER, "K7M2Q-9QXD5")
    browser.submit("#give")
    browser.wait_for(lambda: "K7M2Q-9QXD5: one letter or digit is wrong" in css(browser, "#faults").text, "the one that is mistyped is named")
    assert one in codes.get_attribute("value") and desk.act("GET", "/warden").json()["households"] == [], "nothing was given, and nothing is lost"
    assert_accessible(browser)
    browser.picture("wardens-fault")
    codes.clear()
    codes.send_keys(case_codes.code(4242))
    browser.submit("#give")
    browser.wait_for(lambda: f"{case_codes.code(4242)} cannot be given to {warden.user}" in css(browser, "#faults").text, "the one that is not there is named")
    codes.clear()
    codes.send_keys(f"{one} {other.replace('-', ' ').lower()};{third}")
    browser.submit("#give")
    browser.wait_for(lambda: "3 households are on the list" in css(browser, "#said").text and "3 not yet visited" in css(browser, "#people").text, "all are on it")
    assert desk.act("POST", f"/warden/{one}/words", json={"client_id": str(uuid.uuid4()), "word": "safe"}).status_code == 201
    assert desk.act("POST", f"/warden/{other}/words", json={"client_id": str(uuid.uuid4()), "word": "not_found"}).status_code == 201
    wait_in_vain(site, third)
    browser.driver.refresh()
    choose(browser, warden.user)
    browser.wait_for(lambda: third in css(browser, "#households li").text and "overdue since" in css(browser, "#households li").text, "who is overdue stands first")
    told = css(browser, "#people [aria-current]").text
    assert all(words in told for words in ("3 households", "1 heard from", "1 not found", "1 not yet visited", "1 overdue")), told
    assert "the warden said “seen, safe”" in css(browser, "#households").text
    assert_accessible(browser)
    browser.picture("wardens", (1280, 360))
    browser.driver.execute_cdp_cmd("Emulation.setEmulatedMedia", {"features": [{"name": "prefers-color-scheme", "value": "dark"}]})
    browser.picture("wardens-dark", (1280, 360))
    browser.driver.execute_cdp_cmd("Emulation.setEmulatedMedia", {"features": []})
    assert not browser.overflows(360)
    css(browser, f"[aria-label='Take away: {third}']").click()
    browser.wait_for(lambda: f"{third} is off the list" in css(browser, "#said").text and third not in css(browser, "#households").text, "it is off")
    assert {item["case"] for item in desk.act("GET", "/warden").json()["households"]} == {one, other}
    css(browser, "#said button").click()
    browser.wait_for(lambda: third in css(browser, "#households").text, "and on it again")
    css(browser, f"[aria-label='Open the case: {third}']").click()
    browser.wait_for(lambda: third in css(browser, "#case").text and "no case" in css(browser, "#case").text, "it opens in the console")
    assert third not in browser.driver.current_url and browser.complaints() == []


def test_from_the_open_case(site, citizen, browser):
    warden, desk = site.staff("warden", 342), site.desk("warden", 342)
    code, = register(citizen, 1)
    assert citizen.check_in(people.check_in(case=code, status="need_help")).status_code == 201
    sign_in(browser, site, "lead", LEAD)
    browser.wait_for(lambda: browser.driver.find_elements(By.ID, "queues"), "the console")
    css(browser, "#q").send_keys(code)
    browser.wait_for_text("One found.")
    css(browser, "#found button").click()
    browser.wait_for(lambda: css(browser, "#to-warden").is_displayed(), "the case")
    css(browser, "#to-warden").click()
    browser.wait_for(lambda: css(browser, "#give-to").is_displayed(), "whom to give it to")
    assert_accessible(browser)
    browser.picture("console-warden", (1280, 360))
    browser.choose_option("give-to", warden.user)
    browser.submit("#give-warden form")
    browser.wait_for(lambda: f"on the list of {warden.user}" in css(browser, "#said").text, "it is given")
    assert [item["case"] for item in desk.act("GET", "/warden").json()["households"]] == [code]
    css(browser, "#to-warden").click()
    browser.wait_for(lambda: css(browser, f"[aria-label='Take away: {warden.user}']").is_displayed(), "it says who has it")
    assert_accessible(browser)
    css(browser, f"[aria-label='Take away: {warden.user}']").click()
    browser.wait_for(lambda: f"off the list of {warden.user}" in css(browser, "#said").text, "it is taken away")
    assert desk.act("GET", "/warden").json()["households"] == [] and browser.complaints() == []


def test_who_is_no_lead(site, browser):
    officer = sign_in(browser, site, "officer", 343)
    warden = site.staff("warden", 344)
    browser.wait_for(lambda: browser.driver.find_elements(By.ID, "queues"), "the console")
    assert "/wardens" not in browser.driver.page_source, officer.user
    browser.open(f"{site.service.desk_url}/wardens")
    choose(browser, warden.user)
    assert not css(browser, "#give").is_displayed() and "Only a lead" in css(browser, "main").text


def test_the_warden_sees_who_is_overdue_first(site, citizen, browser):
    warden = site.staff("warden", 345)
    well, never, once = register(citizen, 3)
    assert site.desk("lead", LEAD).act("POST", f"/wardens/{warden.user}/households", json={"cases": [well, never, once]}).status_code == 204
    assert citizen.check_in(people.check_in(case=once, status="safe")).status_code == 201
    for code in (never, once):
        wait_in_vain(site, code)
    sign_in(browser, site, "warden", 345)
    card = lambda code: css(browser, f"[id='{code}']")
    browser.wait_for(lambda: card(well).text, "the list")
    first, second, last = [one.get_attribute("id") for one in browser.driver.find_elements(By.CSS_SELECTOR, "#households > li")]
    assert {first, second} == {never, once} and last == well
    assert "Overdue: not heard from since" in card(once).text and "Overdue: never heard from; due" in card(never).text and "Overdue" not in card(well).text
    assert_accessible(browser)
    browser.picture("warden-overdue", (1280, 360))
    assert not browser.overflows(360)
    card(never).find_element(By.CSS_SELECTOR, ".not_found").click()
    browser.wait_for(lambda: "Not found: reached us" in card(never).text, "it is told")
    assert "Overdue" in card(never).text, "nobody was heard from"
    card(once).find_element(By.CSS_SELECTOR, ".safe").click()
    browser.wait_for(lambda: "Seen, safe: reached us" in card(once).text, "it is told")
    assert "Overdue" not in card(once).text
    browser.driver.refresh()
    browser.wait_for(lambda: "reached us" in card(once).text and "Overdue" not in card(once).text and "Overdue" in card(never).text, "as the register has it")


def test_who_has_no_case_opens(site, citizen, browser):
    people.remember("Bintarou")
    code = citizen.register(people.registration(party=[people.member(given_names="Bintarou", family_name="Garbalé")], intent="staying")).json()["case"]
    sign_in(browser, site, "officer", 343)
    browser.wait_for(lambda: browser.driver.find_elements(By.ID, "queues"), "the console")
    css(browser, "#q").send_keys(code)
    browser.wait_for_text("One found.")
    assert "no case" in css(browser, "#found").text
    css(browser, "#found button").click()
    browser.wait_for(lambda: code in css(browser, "#case").text and "Garbalé" in css(browser, "#case").text, "the party is open")
    shown = css(browser, "#case").text
    assert "no case" in shown and "it stands in no queue" in shown and "null" not in shown.lower() and "undefined" not in shown, shown
    assert not browser.driver.find_elements(By.CSS_SELECTOR, "#case [data-key='c']"), "nothing to claim"
    assert browser.driver.find_elements(By.ID, "reply"), "and yet they can be texted"
    assert_accessible(browser)
    browser.picture("console-no-case", (1280, 360))
    css(browser, "#note").send_keys("their neighbour called")
    browser.press("Add note")
    browser.wait_for(lambda: "their neighbour called" in css(browser, "#thread").text, "it is noted")
    css(browser, "#heard summary").click()
    css(browser, "#heard-status input[value='need_help']").click()
    css(browser, "#heard .main").click()
    browser.wait_for(lambda: css(browser, "#case [data-key='c']").is_displayed() and "their neighbour called" in css(browser, "#thread").text, "it is a case now")
    until(lambda: site.desk("officer", 343).case(code).json()["state"] == "open", "open")
    assert browser.complaints() == []


def test_in_french(site, browser):
    """Where words are longer."""
    sign_in(browser, site, "lead", LEAD, "fr")
    browser.open(f"{site.service.desk_url}/wardens?lang=fr")
    warden = site.staff("warden", 341)
    browser.wait_for(lambda: warden.user in css(browser, "#people").text, "the wardens")
    assert "Listes des chefs d’îlot" in css(browser, "h1").text
    assert_accessible(browser)
    assert not browser.overflows(360)
