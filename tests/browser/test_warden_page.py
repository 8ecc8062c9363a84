# SPDX-License-Identifier: Apache-2.0
"""A warden in the street: their list on a phone, one tap a household; without network the taps stay on the phone, say so, and are sent once when there is some."""
from selenium.webdriver.common.by import By

from accessibility import assert_accessible
from harness import people
from harness.waiting import until


def make(site, citizen, number, count=2):
    warden = site.staff("warden", number)
    codes = [citizen.register(people.registration()).json()["case"] for _ in range(count)]
    assert site.desk("lead", 204).act("PUT", f"/wardens/{warden.user}/households", json={"cases": codes}).status_code == 204
    return warden, codes


def sign_in(browser, site, warden):
    browser.open(f"{site.service.desk_url}/")
    browser.wait_for(lambda: browser.driver.find_elements(By.NAME, "password"), "the sign-in form")
    browser.fill({"user": warden.user, "password": warden.password})
    browser.submit("form")
    browser.wait_for(lambda: browser.driver.current_url.endswith("/warden"), "their list, and nothing else")


def words(site, warden):
    return [row[0] for row in site.query("SELECT w.word FROM register.warden_word AS w JOIN register.staff AS s USING (staff_id) WHERE s.name = %s AND w.undone_at IS NULL "
                                         "ORDER BY w.received_at", (warden.user,), role="muster")]


def tools(browser):
    find = lambda css: browser.driver.find_element(By.CSS_SELECTOR, css)
    return find, lambda code, word: find(f"[id='{code}'] .{word}").click(), lambda code: find(f"[id='{code}']").text


def offline(browser, is_off):
    browser.driver.execute_cdp_cmd("Network.enable", {})
    browser.driver.execute_cdp_cmd("Network.emulateNetworkConditions", {"offline": is_off, "latency": 0, "downloadThroughput": -1, "uploadThroughput": -1})


def test_one_tap_a_household(site, citizen, browser):
    warden, (one, other) = make(site, citizen, 216)
    browser.driver.set_window_size(360, 740)
    sign_in(browser, site, warden)
    find, tap, card = tools(browser)
    browser.wait_for(lambda: one in card(one) and other in card(other), "both households")
    assert_accessible(browser)
    browser.picture("warden")
    assert not browser.overflows(360)
    tap(one, "safe")
    browser.wait_for(lambda: "Seen, safe: reached us" in card(one), "it is told")
    tap(other, "need_help")
    browser.wait_for(lambda: "Needs help: reached us" in card(other) and "Everything you tapped has reached us" in find("#untold").text, "all is told")
    assert words(site, warden) == ["safe", "need_help"] and find(f"[id='{one}'] .safe").get_attribute("aria-pressed") == "true"
    assert_accessible(browser)
    browser.picture("warden-told")
    find(f"[id='{other}'] .said-of button").click()
    browser.wait_for(lambda: "reached us" not in card(other), "it is taken back")
    until(lambda: words(site, warden) == ["safe"], "by the register, too")
    assert site.desk(number=205).case(other).json()["last_status"] is None
    tap(other, "not_found")
    browser.wait_for(lambda: "Not found: reached us" in card(other), "nobody was there")
    browser.driver.refresh()
    browser.wait_for(lambda: "Seen, safe: reached us" in card(one) and "Not found: reached us" in card(other), "as the register has it")
    assert browser.complaints() == []


def test_without_network(site, citizen, browser):
    warden, (one, other) = make(site, citizen, 217)
    sign_in(browser, site, warden)
    find, tap, card = tools(browser)
    browser.wait_for(lambda: one in card(one), "the list")
    offline(browser, True)
    tap(one, "safe")
    tap(other, "need_help")
    browser.wait_for(lambda: "not sent yet" in card(one) and "2 taps have not reached us yet" in find("#untold").text, "it says what has not reached us")
    assert_accessible(browser)
    browser.driver.set_window_size(360, 740)
    browser.picture("warden-offline")
    assert words(site, warden) == []
    find(f"[id='{other}'] .said-of button").click()
    browser.wait_for(lambda: "1 tap has not reached us yet" in find("#untold").text and "not sent yet" not in card(other), "what was not sent is just forgotten")
    find("#sign-out").click()
    browser.wait_for_text("Not everything has reached us")
    offline(browser, False)
    browser.driver.refresh() # as after the phone was off
    browser.wait_for(lambda: "Seen, safe: reached us" in card(one) and "Everything you tapped has reached us" in find("#untold").text, "it is sent")
    assert words(site, warden) == ["safe"]
    assert site.query("SELECT count(*) FROM register.check_in AS c JOIN register.warden_word AS w USING (registration_id, client_id) JOIN register.staff AS s USING (staff_id) "
                      "WHERE s.name = %s", (warden.user,), role="muster") == [(1,)]


def test_an_answer_that_was_lost(site, citizen, browser):
    """The register has it, the phone does not know: sent again it is the same."""
    warden, (one, _) = make(site, citizen, 218)
    sign_in(browser, site, warden)
    find, tap, card = tools(browser)
    browser.wait_for(lambda: one in card(one), "the list")
    browser.driver.execute_script("""
      const real = window.fetch;
      window.fetch = async (...asked) => {
        const answer = await real(...asked);
        if (asked[1]?.method === "POST" && !window.lost) {
          window.lost = true;
          throw new TypeError("lost");
        }
        return answer;
      };""")
    tap(one, "need_help")
    browser.wait_for(lambda: browser.driver.execute_script("return window.lost === true"), "an answer was lost")
    browser.wait_for(lambda: "Needs help: reached us" in card(one), "it is told again by itself")
    assert words(site, warden) == ["need_help"] and len(site.desk(number=205).case(one).json()["check_ins"]) == 1


def test_who_is_no_warden(site, browser):
    officer = site.staff(number=205)
    browser.open(f"{site.service.desk_url}/warden")
    browser.wait_for(lambda: browser.driver.find_elements(By.NAME, "password"), "the sign-in form")
    browser.fill({"user": officer.user, "password": officer.password})
    browser.submit("form")
    browser.wait_for_text("This page is for wardens")
    assert browser.driver.current_url.endswith("/warden"), "where they were before they signed in"
