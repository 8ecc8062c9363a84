# SPDX-License-Identifier: Apache-2.0
"""The console's own flows: a newcomer by keyboard alone, a case that waits or is passed on, several at once with undo, and how all of it looks."""
import json
import uuid

import pytest
from selenium.webdriver.common.action_chains import ActionChains
from selenium.webdriver.common.by import By
from selenium.webdriver.common.keys import Keys

from accessibility import assert_accessible
from harness import case_codes, gateways, people
from harness.fake_gateway import FakeGateway
from harness.service import CRISIS
from harness.waiting import until


def css(browser, selector):
    return browser.driver.find_element(By.CSS_SELECTOR, selector)


def all_of(browser, selector):
    return browser.driver.find_elements(By.CSS_SELECTOR, selector)


def sign_in(browser, site, number, path="/", role="officer"):
    officer = site.staff(role, number)
    browser.open(f"{site.service.desk_url}/")
    browser.wait_for(lambda: browser.driver.find_elements(By.NAME, "password"), "the sign-in form")
    browser.fill({"user": officer.user, "password": officer.password})
    browser.submit("form")
    browser.wait_for_text("emergency")
    if path != "/":
        browser.open(f"{site.service.desk_url}{path}")
        browser.wait_for(lambda: css(browser, "#queues").text, "the queues")
    return officer


def cry(citizen, status="need_help", needs=(), **said):
    code = citizen.register(people.registration()).json()["case"]
    assert citizen.check_in(people.check_in(case=code, status=status, needs=list(needs), **said)).status_code == 201
    return code


def type_keys(browser, *keys):
    ActionChains(browser.driver).send_keys(*keys).perform()


def press_keys_until(browser, key, condition, most=40):
    """Presses a key, as somebody without a mouse does, until they are where they want to be."""
    for _ in range(most):
        if condition(browser.driver.switch_to.active_element):
            return
        type_keys(browser, key)
    raise AssertionError(f"not reached by {most} keys")


def open_case(browser, code):
    browser.wait_for(lambda: all_of(browser, f"#cases [data-case='{code}']"), "listed")
    css(browser, f"#cases [data-case='{code}'] > button").click()
    browser.wait_for(lambda: code in css(browser, "#case").text, "open")


def state_of(site, code):
    return site.query("SELECT state, post_id, version FROM register.triage_case WHERE registration_id = %s", (case_codes.number(code),), role="muster")[0]


def empty_queue(site, queue):
    site.query("UPDATE register.triage_case SET state = 'resolved', claimed_by = NULL, resolved_at = now(), version = version + 1"
               " WHERE queue = %s AND state <> 'resolved' RETURNING 1", (queue,), role="muster")


@pytest.fixture
def sends(site):
    """A gateway that takes texts."""
    fake = FakeGateway(lambda number: (201, '{"sid":"SM1"}'))
    name = f"console{uuid.uuid4().hex[:6]}"
    gateway = gateways.add(site, "twilio", CRISIS, name=name, key=f"key-of-{name}")
    account = site.directory / f"{name}.account"
    account.write_text(json.dumps({"base": fake.url, "user": "u", "password": "p", "from": "8888"}))
    site.service.muster("gateway", "account", "--name", name, "--account-file", account)
    fake.gateway = gateway
    yield fake
    site.query("UPDATE register.gateway SET sealed_account = NULL, account_epoch = NULL RETURNING 1", role="muster")
    fake.close()


def test_a_newcomer_without_a_mouse(site, citizen, browser, sends):
    """Signs in, takes the most urgent, answers and closes it, by keys that the page itself tells."""
    empty_queue(site, "departure")
    code = citizen.register(people.registration(intent="wants_evacuation")).json()["case"]
    officer = site.staff(number=260)
    browser.open(f"{site.service.desk_url}/?queue=departure")
    browser.wait_for(lambda: browser.driver.find_elements(By.NAME, "password"), "the sign-in form")
    type_keys(browser, officer.user, Keys.TAB, officer.password, Keys.ENTER)
    browser.wait_for_text("How it goes")
    browser.open(f"{site.service.desk_url}/?queue=departure")
    browser.wait_for(lambda: all_of(browser, f"#cases [data-case='{code}']"), "the case is listed")
    assert_accessible(browser)
    browser.picture("console-start", (1280, 1024, 360))
    shown = css(browser, "#case").text
    assert all(key in shown for key in ("n", "a", "r", "?")), "the keys stand where a newcomer looks"
    type_keys(browser, "n")
    browser.wait_for_text("The case is yours.")
    browser.wait_for(lambda: code in css(browser, "#case").text, "it is open")
    type_keys(browser, "a")
    words = people.words("We have a seat for you. Come at six.")
    assert browser.driver.switch_to.active_element.get_attribute("id") == "reply"
    type_keys(browser, words)
    assert f"{160 - len(words)} characters left" in css(browser, "#reply-length").text
    ActionChains(browser.driver).key_down(Keys.CONTROL).send_keys(Keys.ENTER).key_up(Keys.CONTROL).perform()
    browser.wait_for_text("The text is on its way.")
    browser.wait_for(lambda: sends.taken, "the gateway has it")
    assert sends.form(0)["Body"] == words
    type_keys(browser, Keys.ESCAPE, "r")
    browser.wait_for(lambda: browser.driver.switch_to.active_element.get_attribute("id") == "note", "the note")
    type_keys(browser, "They have seats.")
    press_keys_until(browser, Keys.TAB, lambda focused: focused.text.startswith("Resolve"))
    type_keys(browser, Keys.ENTER)
    browser.wait_for_text("The case is closed.")
    assert state_of(site, code)[0] == "resolved"
    told = [one.text for one in all_of(browser, "#thread > li")]
    assert any(words in one for one in told) and any("They have seats." in one for one in told) and any("closed the case" in one for one in told)
    browser.picture("console-resolved")
    assert browser.complaints() == []


def test_a_case_waits_is_passed_on_and_opened_again(site, citizen, browser, second_browser):
    code = cry(citizen, message=people.words("please call"))
    other = sign_in(second_browser, site, 262, "/?queue=assistance")
    sign_in(browser, site, 261, "/?queue=assistance")
    open_case(browser, code)
    assert not all_of(browser, "#case [data-key='w']"), "what nobody holds does not wait"
    type_keys(browser, "c")
    browser.wait_for_text("The case is yours.")
    type_keys(browser, "w")
    browser.wait_for(lambda: css(browser, "#form").is_displayed(), "asked until when")
    assert_accessible(browser)
    browser.picture("console-wait", (1280, 360))
    browser.choose_option("form-on", "partner")
    css(browser, "#form-note").send_keys("The clinic calls back.")
    browser.submit("#form")
    browser.wait_for_text("The case waits.")
    browser.wait_for(lambda: "for a partner" in css(browser, f"#cases [data-case='{code}']").text, "the list tells for whom")
    assert state_of(site, code)[0] == "waiting" and "The clinic calls back." in css(browser, "#thread").text
    browser.press("take up again")
    browser.wait_for(lambda: state_of(site, code)[0] == "claimed", "taken up")
    second_browser.wait_for(lambda: f"held by {site.staff(number=261).user}" in css(second_browser, f"#cases [data-case='{code}']").text, "the other sees who has it")

    browser.wait_for(lambda: all_of(browser, "#case [data-key='t']"), "it may be passed on")
    type_keys(browser, "t")
    browser.wait_for(lambda: css(browser, "#form").is_displayed(), "asked to whom")
    assert_accessible(browser)
    browser.picture("console-pass", (1280, 360))
    browser.submit("#form")
    assert css(browser, "#form").is_displayed(), "not without anybody"
    browser.choose_option("form-to", f"to:{other.user}")
    css(browser, "#form-note").send_keys("You know the school.")
    browser.submit("#form")
    browser.wait_for_text("The case is passed on")
    second_browser.wait_for(lambda: "held by you" in css(second_browser, f"#cases [data-case='{code}']").text, "it is the other's")
    open_case(second_browser, code)
    second_browser.wait_for_text(f"passed it on to {other.user}")
    second_browser.picture("console-timeline", (1280, 1024, 360))
    assert_accessible(second_browser)

    css(second_browser, "#note").send_keys("Done.")
    second_browser.press("resolve")
    second_browser.wait_for_text("The case is closed.")
    second_browser.press("open again")
    second_browser.wait_for_text("The case is open again.")
    assert state_of(site, code)[0] == "open"
    for one in (browser, second_browser):
        assert one.complaints() == []


def test_one_post_up(site, citizen, browser):
    code = cry(citizen)
    assert site.desk().do(code, "transfer", {"post": "cotonou", "note": "x"}).status_code == 200
    sign_in(browser, site, 263, "/?queue=assistance")
    open_case(browser, code)
    type_keys(browser, "e")
    browser.wait_for(lambda: css(browser, "#form").is_displayed(), "asked what to tell them")
    assert "Niamey" in css(browser, "#form").text
    css(browser, "#form-note").send_keys("This needs the ambassador.")
    browser.submit("#form")
    browser.wait_for_text("with the post above")
    assert state_of(site, code)[1] == "niamey"
    browser.wait_for_text("passed it up to")


def test_several_at_once_with_undo(site, citizen, browser):
    codes = [cry(citizen, "need_help", ["shelter"]) for _ in range(3)]
    sign_in(browser, site, 264, "/?queue=assistance&need=shelter")
    browser.wait_for(lambda: all(all_of(browser, f"#cases [data-case='{code}']") for code in codes), "all are listed")
    order = [row.get_attribute("data-case") for row in all_of(browser, "#cases > li")]
    at = [order.index(code) for code in codes]
    css(browser, f"#cases [data-case='{order[min(at)]}'] > button").send_keys("x")
    type_keys(browser, "j" * (max(at) - min(at)), "X")
    chosen = [row.get_attribute("data-case") for row in all_of(browser, "#cases > li:has(:checked)")]
    assert chosen == order[min(at):max(at) + 1], "a range, by keys"
    for code in set(chosen) - set(codes):
        css(browser, f"#cases [data-case='{code}'] input").click()
    browser.wait_for(lambda: "3 chosen" in css(browser, "#bulk").text, "three are chosen")
    assert_accessible(browser)
    browser.picture("console-chosen", (1280, 1024, 360))
    before = [state_of(site, code) for code in codes]

    def note(words):
        css(browser, "#bulk").find_element(By.XPATH, ".//button[normalize-space()='Add note']").click()
        browser.wait_for(lambda: css(browser, "#form").is_displayed(), "asked for the note")
        css(browser, "#form-note").send_keys(words)
        browser.submit("#form")
        browser.wait_for(lambda: css(browser, "#undo").is_displayed(), "held for some seconds")

    note("The road is closed.")
    assert "Add note: 3, in" in css(browser, "#undo").text and not css(browser, "#bulk").is_displayed()
    assert_accessible(browser)
    browser.picture("console-undo", (1280, 360))
    type_keys(browser, "u")
    browser.wait_for_text("Nothing was done.")
    assert [state_of(site, code) for code in codes] == before and "3 chosen" in css(browser, "#bulk").text

    note("The road is open.")
    other = site.desk(number=265)
    assert other.do(codes[1], "claim").status_code == 200
    # what the list showed when it was decided is what is asked for
    browser.press("do it now")
    browser.wait_for_text("2 of 3 done.")
    failed = css(browser, "#bulk-failed").text
    assert codes[1] in failed and "Somebody else changed it first" in failed and codes[0] not in failed
    assert_accessible(browser)
    browser.picture("console-bulk-failed", (1280, 360))
    notes = lambda code: [one["text"] for one in other.case(code).json()["notes"]]
    assert [notes(code) for code in codes] == [["The road is open."], [], ["The road is open."]]
    audited = site.query("SELECT count(*) FROM register.audit WHERE action = 'case.note' AND registration_id = ANY(%s)", ([case_codes.number(code) for code in codes],), role="muster")
    assert audited == [(2,)], "each is on record, and nothing that was undone"

    browser.press("close")
    for code in (codes[0], codes[2]):
        css(browser, f"#cases [data-case='{code}'] input").click()
    css(browser, "#bulk").find_element(By.XPATH, ".//button[normalize-space()='Pass on']").click()
    browser.wait_for(lambda: css(browser, "#form").is_displayed(), "asked to whom")
    browser.choose_option("form-to", "post:cotonou")
    css(browser, "#form-note").send_keys("They crossed.")
    browser.submit("#form")
    browser.wait_for(lambda: css(browser, "#undo").is_displayed(), "held")
    browser.driver.get("about:blank") # who leaves meant it
    until(lambda: [state_of(site, code)[1] for code in codes] == ["cotonou", "niamey", "cotonou"], "what was held is done when the page is left")


def test_a_text_that_did_not_go_out_is_written_again(site, citizen, browser, sends):
    empty_queue(site, "departure")
    code = citizen.register(people.registration(intent="wants_evacuation")).json()["case"]
    sends.answer = lambda number: (400, '{"code":21211}')
    sign_in(browser, site, 260, "/?queue=departure")
    open_case(browser, code)
    words = people.words("Come to the gate. " + "x" * 150)
    css(browser, "#reply").send_keys(words)
    assert "goes as 2 texts" in css(browser, "#reply-length").text
    browser.press("send text")
    browser.wait_for_text("The text is on its way.")
    assert css(browser, "#reply").get_attribute("value") == ""
    until(lambda: site.query("SELECT state FROM register.message WHERE registration_id = %s", (case_codes.number(code),), role="muster") == [("failed",)], "refused")
    css(browser, f"#cases [data-case='{code}'] > button").click()
    browser.wait_for(lambda: "not sent" in css(browser, "#thread .is-failed").text, "it is told that it did not go out")
    assert_accessible(browser)
    browser.picture("console-failed-text", (1280, 360))
    browser.press("write it again")
    assert css(browser, "#reply").get_attribute("value") == words and "goes as 2 texts" in css(browser, "#reply-length").text
    css(browser, "#said-only").click()
    assert not any(one.is_displayed() for one in all_of(browser, "#thread .step")) and css(browser, "#thread .ours").is_displayed()


def test_a_stranger_may_be_searched_for_by_what_they_wrote(site, browser, sends):
    phone = people.phone()
    people.remember("Tchiroma", "Ousseini")
    answer = gateways.KINDS["twilio"](sends.gateway, phone, "Help please my name is Tchiroma Ousseini we are in the school at Dosso", str(uuid.uuid4()))
    until(lambda: answer.send(site).status_code == 200, "the gateway is known")
    sign_in(browser, site, 266, "/?queue=identification")
    row = browser.wait_for(lambda: all_of(browser, "#cases > li > button"), "somebody to identify")
    wanted = case_codes.code(site.query("SELECT registration_id FROM register.triage_case WHERE queue = 'identification' ORDER BY received_at DESC LIMIT 1", role="muster")[0][0])
    assert row
    open_case(browser, wanted)
    browser.wait_for_text("who may it be?")
    offered = [one.text for one in all_of(browser, ".who button")]
    assert any("Tchiroma Ousseini" in one for one in offered) and not any("Dosso" in one or "Help" in one for one in offered), offered
    assert_accessible(browser)
    browser.picture("console-stranger", (1280, 360))
    browser.press("Tchiroma Ousseini")
    browser.wait_for(lambda: css(browser, "#q").get_attribute("value") == "Tchiroma Ousseini" and css(browser, "#search-said").is_displayed(), "it is searched for")
    assert "Tchiroma" not in browser.driver.current_url


def test_light_dark_or_as_the_system(site, browser):
    sign_in(browser, site, 267)
    ground = lambda: browser.driver.execute_script("return getComputedStyle(document.body).backgroundColor")
    emulate = lambda scheme: browser.driver.execute_cdp_cmd("Emulation.setEmulatedMedia", {"features": [{"name": "prefers-color-scheme", "value": scheme}]})
    emulate("light")
    light = ground()
    emulate("dark")
    dark = ground()
    assert light != dark
    css(browser, "#theme").click() # light, against the system
    assert ground() == light and "light" in css(browser, "#theme").accessible_name
    for path in ("/map", "/dashboard", "/broadcasts", "/"):
        browser.open(f"{site.service.desk_url}{path}")
        assert ground() == light, path
        assert browser.driver.execute_script("return [...document.styleSheets].flatMap((sheet) => [...sheet.cssRules]).every((rule) => !/prefers-color-scheme/.test(rule.media?.mediaText ?? ''))")
    css(browser, "#theme").click()
    emulate("light")
    assert ground() == dark
    assert_accessible(browser)
    css(browser, "#theme").click()
    assert ground() == light
    assert browser.complaints() == []


def test_a_view_has_a_name(site, citizen, browser):
    code, other = cry(citizen, "need_help", ["detained"]), cry(citizen, "need_help", ["medication"])
    sign_in(browser, site, 268, "/?queue=emergency&need=detained")
    browser.wait_for(lambda: all_of(browser, f"#cases [data-case='{code}']"), "the view")
    css(browser, "#filters summary").click()
    css(browser, "#view-name").send_keys("Prisons", Keys.ENTER)
    browser.wait_for(lambda: css(browser, "#views").text.startswith("Prisons"), "kept")
    assert css(browser, "#views a").get_attribute("aria-current") == "true"
    assert_accessible(browser)
    browser.picture("console-views", (1280, 360))
    browser.open(f"{site.service.desk_url}/")
    browser.wait_for(lambda: all_of(browser, f"#cases [data-case='{other}']"), "everything")
    css(browser, "#filters summary").click()
    css(browser, "#views a").click()
    browser.wait_for(lambda: all_of(browser, f"#cases [data-case='{code}']") and not all_of(browser, f"#cases [data-case='{other}']"), "the view by its name")
    assert "need=detained" in browser.driver.current_url
    css(browser, "#views button").click()
    browser.wait_for(lambda: not css(browser, "#views").is_displayed(), "forgotten")


def test_a_case_on_paper_and_on_a_phone(site, citizen, browser):
    code = cry(citizen, "injured", ["medical_emergency", "infant"], message=people.words("my arm is broken"))
    assert site.desk().do(code, "notes", {"text": "Called, no answer."}).status_code == 201
    sign_in(browser, site, 269)
    open_case(browser, code)
    assert len(all_of(browser, "#case > .needs svg.icon")) == 2, "needs have their pictures"
    browser.picture("console-case", (1280, 1024))
    browser.driver.execute_cdp_cmd("Emulation.setEmulatedMedia", {"media": "print"})
    shown = lambda selector: any(one.is_displayed() for one in all_of(browser, selector))
    assert shown(".printed") and shown("#thread .quote") and not any(shown(one) for one in ("#list", "body > header", "#case button", "#case textarea"))
    browser.picture("console-paper", (1024,))
    browser.driver.execute_cdp_cmd("Emulation.setEmulatedMedia", {"media": ""})
    browser.driver.set_window_size(360, 740)
    try:
        assert shown("#case h2") and not shown("#list") and not browser.driver.execute_script("return document.documentElement.scrollWidth > document.documentElement.clientWidth + 1")
        browser.driver.save_screenshot(str(browser_pictures() / "console-case-phone.png"))
        assert_accessible(browser)
        browser.press("back to the queue")
        assert shown("#list") and not shown("#case h2")
        assert not browser.driver.execute_script("return document.documentElement.scrollWidth > document.documentElement.clientWidth + 1")
    finally:
        browser.driver.set_window_size(1280, 900)
    assert browser.complaints() == []


def browser_pictures():
    from conftest import PICTURES
    PICTURES.mkdir(parents=True, exist_ok=True)
    return PICTURES
