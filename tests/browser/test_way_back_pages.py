# SPDX-License-Identifier: Apache-2.0
"""What an officer whose session ended, or whose page was loaded again, does not lose: where they were, and what they were taking down by phone."""
from selenium.webdriver.common.by import By

from accessibility import assert_accessible
from test_console_page import all_of, cry, css, open_case, sign_in

OFFICER = 431
FILTERS = "/?queue=assistance&need=pets&lang=en"


def end_session(site, officer):
    site.query("DELETE FROM register.staff_session WHERE kind = 'browser' AND staff_id = (SELECT staff_id FROM register.staff WHERE name = %s) RETURNING 1",
               (officer.user,), role="muster")


def sign_in_again(browser, officer, password=None):
    browser.wait_for(lambda: browser.driver.find_elements(By.NAME, "password"), "the sign-in form")
    browser.fill({"user": officer.user, "password": password or officer.password})
    browser.submit("form")


def here(browser, site):
    return browser.driver.current_url.removeprefix(site.service.desk_url)


def heard(browser):
    return {box: css(browser, f"#heard-{box}").get_attribute("value") for box in ("words", "people", "place", "who", "phone")}


def ticked(browser):
    return {one.get_attribute("value") for one in all_of(browser, "#heard input:checked")}


def write(browser, values):
    for box, text in values.items():
        css(browser, f"#heard-{box}").send_keys(text)


def test_a_session_that_ended_leads_back_to_the_same_list(site, citizen, browser):
    case = cry(citizen, needs=["pets"])
    officer = sign_in(browser, site, OFFICER, FILTERS)
    end_session(site, officer)
    browser.open(f"{site.service.desk_url}{FILTERS}")
    browser.wait_for_text("Your session is over")
    assert_accessible(browser)
    browser.picture("desk-session-ended")
    sign_in_again(browser, officer, "mistyped")
    browser.wait_for_text("wrong")
    sign_in_again(browser, officer)
    browser.wait_for(lambda: all_of(browser, f"#cases [data-case='{case}']"), "the case")
    assert here(browser, site) == FILTERS and css(browser, "#filter-need").get_attribute("value") == "pets"

    browser.open(f"{site.service.desk_url}/map?lang=en")
    end_session(site, officer)
    browser.driver.refresh()
    sign_in_again(browser, officer)
    browser.wait_for(lambda: all_of(browser, "#map"), "the map")
    assert here(browser, site) == "/map?lang=en" and browser.complaints() == []


def test_what_was_heard_stays_until_it_is_sent_or_they_sign_out(site, citizen, browser):
    case, other = cry(citizen, needs=["pets"]), cry(citizen, needs=["pets"])
    browser.open(f"{site.service.desk_url}/")
    browser.driver.delete_all_cookies()
    officer = sign_in(browser, site, OFFICER, FILTERS)
    open_case(browser, case)
    css(browser, "#heard summary").click()
    css(browser, "#heard-status input[value='injured']").click()
    css(browser, "#heard-needs input[value='money']").click()
    said = {"words": "the road is cut", "people": "3", "place": "behind the mill", "who": "a cousin", "phone": "+22790112233"}
    write(browser, said)

    browser.driver.refresh()
    open_case(browser, case)
    assert heard(browser) == said and ticked(browser) == {"injured", "money"} and css(browser, "#heard").get_attribute("open"), "loaded again"
    assert_accessible(browser)
    browser.picture("desk-heard-kept")
    open_case(browser, other)
    assert set(heard(browser).values()) == {""} and ticked(browser) == set(), "of the other case nothing was heard"
    assert "Typed, not sent" in css(browser, f"#cases [data-case='{case}']").text

    end_session(site, officer)
    browser.open(f"{site.service.desk_url}{FILTERS}")
    sign_in_again(browser, officer)
    open_case(browser, case)
    assert heard(browser) == said, "signed in again"
    browser.press("Keep what I heard")
    browser.wait_for(lambda: "the road is cut" in css(browser, "#thread").text, "kept")
    assert set(heard(browser).values()) == {""} and browser.driver.execute_script("return sessionStorage.length") == 0
    assert len([one for one in site.desk().case(case).json()["check_ins"] if "the road is cut" in (one["message"] or "")]) == 1

    css(browser, "#heard summary").click()
    write(browser, {"words": "not for who sits here next"})
    assert "not for who" in browser.driver.execute_script("return sessionStorage.getItem('muster.drafts')")
    css(browser, "#sign-out").click()
    sign_in_again(browser, officer)
    browser.wait_for(lambda: all_of(browser, "#queues"), "the console")
    assert browser.driver.execute_script("return sessionStorage.length") == 0
    assert browser.complaints() == []
