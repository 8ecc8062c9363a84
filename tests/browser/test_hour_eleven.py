# SPDX-License-Identifier: Apache-2.0
"""The console in the eleventh hour: answers that come late, keys that are held, a line that breaks, a session that ends, and a colleague who was quicker. Nothing
typed is lost, nothing is done to another case than the one that is meant, and it is said who did what."""
import pytest
from selenium.webdriver.common.by import By
from selenium.webdriver.common.keys import Keys

from accessibility import assert_accessible
from conftest import Browser
from harness import case_codes, people
from harness.service import CRISIS
from harness.waiting import until
from test_console_page import all_of, cry, css, sign_in, state_of, type_keys

FIRST = 390


@pytest.fixture(scope="module")
def pair_of_browsers(site, tmp_path_factory):
    """Two officers, who stay signed in from test to test."""
    browsers = [Browser(tmp_path_factory.mktemp("chromium"), scripts=True) for _ in range(2)]
    try:
        for number, browser in enumerate(browsers, FIRST):
            browser.user = sign_in(browser, site, number, "/?queue=assistance").user
        yield browsers
    finally:
        for browser in browsers:
            browser.quit()


@pytest.fixture
def ada(pair_of_browsers, request):
    yield from at_rest(pair_of_browsers[0], request)


@pytest.fixture
def bela(pair_of_browsers):
    yield from at_rest(pair_of_browsers[1])


def at_rest(browser, request=None):
    browser.wait_for(lambda: css(browser, "#line").text == "Live", "live")
    yield browser
    if request is not None:
        browser.picture(f"{request.node.name}-last", (1280,))
    browser.driver.execute_script("document.querySelectorAll('dialog[open]').forEach((one) => one.close()); document.querySelectorAll('textarea').forEach((box) => {"
                                  " box.value = ''; box.dispatchEvent(new Event('input', { bubbles: true })); }); window.letGo?.()")
    assert browser.complaints() == []


# Answers that fit are kept back until window.letGo(); with `lost` they never come.
HOLD = """
const [method, fits, lost] = arguments;
window.real ??= window.fetch;
window.held = [];
window.sent = [];
window.fetch = async (url, options) => {
  if (options?.method !== method || !new RegExp(fits).test(url)) {
    return window.real(url, options);
  }
  window.sent.push(options.headers);
  if (lost) {
    throw new TypeError("Failed to fetch");
  }
  const answer = await window.real(url, options);
  await new Promise((resolve) => window.held.push(resolve));
  return answer;
};
window.letGo = () => {
  window.fetch = window.real;
  window.held.splice(0).forEach((one) => one());
};
"""


def hold(browser, method, fits, lost=False):
    browser.driver.execute_script(HOLD, method, fits, lost)


def held(browser):
    browser.wait_for(lambda: browser.driver.execute_script("return window.held.length"), "an answer is kept back")


def let_go(browser):
    """Returns when what came is drawn: the server answered once more since."""
    browser.driver.execute_async_script("const done = arguments[0]; window.letGo(); window.real('/api/v1/me').then((one) => one.json()).then(() => setTimeout(done))")


def told(browser, id="problem"):
    return browser.driver.execute_script("return document.getElementById(arguments[0]).innerText.trim()", id)


def box(browser, id):
    return browser.driver.execute_script("return document.getElementById(arguments[0]).value", id)


def write(browser, selector, *words):
    browser.wait_for(lambda: css(browser, selector).send_keys(*words) is None, selector)


def push(browser, selector):
    """Clicks it, where it is drawn anew meanwhile once more."""
    def click():
        browser.driver.execute_script("arguments[0].scrollIntoView({ block: 'center' })", css(browser, selector))
        css(browser, selector).click()
        return True
    browser.wait_for(click, selector)


def press(browser, words):
    browser.wait_for(lambda: browser.press(words) is None, words)


def open_case(browser, code):
    push(browser, f"#cases [data-case='{code}'] > button")
    browser.wait_for(lambda: code in css(browser, "#case h2").text, "open")


def alike(citizen):
    """Two cases of the same phone."""
    contacts = [{"kind": "phone", "value": people.phone(), "primary": True}]
    codes = [citizen.register(people.registration(contacts=contacts)).json()["case"] for _ in range(2)]
    for code in codes:
        assert citizen.check_in(people.check_in(case=code, status="need_help")).status_code == 201
    return codes


def test_a_late_answer_draws_no_other_case(citizen, ada):
    first, twin = alike(citizen)
    second = cry(citizen)
    for fits in (f"/cases/{first}(\\?|$)", f"/cases/{first}/duplicates"):
        open_case(ada, second)
        hold(ada, "GET", fits)
        push(ada, f"#cases [data-case='{first}'] > button")
        held(ada)
        push(ada, f"#cases [data-case='{second}'] > button")
        ada.wait_for(lambda: second in css(ada, "#case h2").text, "the second is open")
        let_go(ada)
        assert second in css(ada, "#case h2").text and not all_of(ada, "#alike") and twin not in css(ada, "#case").text
    open_case(ada, first)
    write(ada, "#note", "The bus has gone.")
    hold(ada, "POST", f"/cases/{first}/notes")
    press(ada, "add note")
    held(ada)
    push(ada, f"#cases [data-case='{second}'] > button")
    ada.wait_for(lambda: second in css(ada, "#case h2").text, "another is open")
    write(ada, "#note", "The other")
    let_go(ada)
    ada.wait_for(lambda: told(ada, "said") == f"{first}: The note is kept.", "it is said of which case")
    assert second in css(ada, "#case h2").text and box(ada, "note") == "The other"
    open_case(ada, first)
    assert box(ada, "note") == "" and css(ada, "#thread").text.count("The bus has gone.") == 1


def test_a_held_key_claims_one_case(site, citizen, ada):
    codes = [cry(citizen) for _ in range(4)]
    mine = lambda: site.query("SELECT count(*) FROM register.triage_case JOIN register.staff ON staff_id = claimed_by WHERE name = %s AND state = 'claimed'",
                              (ada.user,), role="muster")[0][0]
    assert mine() == 0
    ada.wait_for(lambda: all(all_of(ada, f"#cases [data-case='{code}']") for code in codes), "listed")
    push(ada, "body")
    key = {"key": "n", "code": "KeyN", "text": "n", "windowsVirtualKeyCode": 78}
    press = lambda **more: ada.driver.execute_cdp_cmd("Input.dispatchKeyEvent", key | more)
    hold(ada, "POST", "/claim")
    press(type="keyDown")
    for _ in range(3):
        press(type="keyDown", autoRepeat=True)
    held(ada)
    press(type="keyUp")
    press(type="keyDown") # an impatient second press, before the first is answered
    press(type="keyUp")
    let_go(ada)
    ada.wait_for(lambda: told(ada, "said") == "The case is yours.", "claimed")
    for _ in range(3):
        press(type="keyDown", autoRepeat=True)
    press(type="keyUp")
    let_go(ada)
    assert mine() == 1


def test_drafts_are_kept_of_each_case(citizen, ada):
    first, second = cry(citizen), cry(citizen)
    open_case(ada, first)
    write(ada, "#note", "They said that")
    write(ada, "#reply", "We are sending")
    open_case(ada, second)
    assert box(ada, "note") == box(ada, "reply") == ""
    write(ada, "#note", "Not the same")
    ada.wait_for(lambda: "Typed, not sent" in css(ada, f"#cases [data-case='{first}']").text, "the list tells of it")
    assert "Typed, not sent" not in css(ada, f"#cases [data-case='{second}']").text
    assert_accessible(ada)
    ada.picture("hour-draft", (1280, 360))
    open_case(ada, first)
    assert (box(ada, "note"), box(ada, "reply")) == ("They said that", "We are sending")
    ada.driver.refresh()
    open_case(ada, second)
    assert box(ada, "note") == "Not the same"
    ada.wait_for(lambda: "Typed, not sent" in css(ada, f"#cases [data-case='{first}']").text, "the list tells of it still")
    open_case(ada, first)
    assert (box(ada, "note"), box(ada, "reply")) == ("They said that", "We are sending")
    hold(ada, "POST", "/notes")
    press(ada, "add note")
    held(ada)
    write(ada, "#note", ", and more") # while the first is under way
    let_go(ada)
    ada.wait_for(lambda: "They said that" in css(ada, "#thread").text, "noted")
    assert (box(ada, "note"), box(ada, "reply")) == ("They said that, and more", "We are sending")
    push(ada, "#heard summary")
    write(ada, "#heard-words", "heard by phone")
    open_case(ada, second)
    assert box(ada, "heard-words") == ""
    open_case(ada, first)
    assert box(ada, "heard-words") == "heard by phone"


def test_a_text_whose_answer_was_lost_is_one_text(citizen, ada):
    """Sent again, even after the page was loaded again, it has the same key; said again on purpose it has another."""
    code = cry(citizen)
    open_case(ada, code)
    write(ada, "#reply", "Come at six.")
    keys = []
    for again in (False, True):
        hold(ada, "POST", "/messages", lost=True)
        write(ada, "#reply", Keys.CONTROL, Keys.ENTER)
        ada.wait_for(lambda: told(ada).startswith("There was no answer"), "it is said that nobody knows")
        keys += [one["Idempotency-Key"] for one in ada.driver.execute_script("return window.sent")]
        ada.wait_for(lambda: box(ada, "reply") == "Come at six.", "what was typed is there")
        if not again:
            assert_accessible(ada)
            ada.picture("hour-no-answer", (1280, 360))
            ada.driver.refresh()
            open_case(ada, code)
    assert len(keys) == 2 and keys[0] == keys[1]


def open_merge(browser, code, note):
    open_case(browser, code)
    browser.wait_for(lambda: all_of(browser, "#alike [aria-label^=Merge]"), "the other is proposed")
    push(browser, "#alike [aria-label^=Merge]")
    browser.wait_for(lambda: all_of(browser, "#merge-note"), "side by side")
    write(browser, "#merge-note", note)


def test_two_decide_about_the_same_pair(site, citizen, ada, bela):
    one, other = alike(citizen)
    for browser in (ada, bela):
        browser.wait_for(lambda browser=browser: all_of(browser, f"#cases [data-case='{one}']"), "listed")
    open_merge(bela, one, "the sister says so")
    open_case(ada, one)
    press(ada, "keep apart")
    ada.wait_for(lambda: f"Kept apart by {ada.user}" in css(ada, "#alike").text, "kept apart")
    push(bela, "#merge .main")
    fault = lambda: css(bela, "#merge .problem").text
    bela.wait_for(lambda: fault() == f"{ada.user} was quicker, and keeps the two apart. Nothing was changed: ask them, or look again.", "told who was quicker")
    assert box(bela, "merge-note") == "the sister says so" and bela.driver.switch_to.active_element is not None
    assert_accessible(bela)
    bela.picture("hour-apart", (1280, 360))
    push(bela, "#merge .buttons button:not(.main)")

    press(ada, "may be the same after all")
    ada.wait_for(lambda: all_of(ada, "#alike [aria-label^=Merge]"), "to be decided again")
    open_merge(bela, other, "and their papers")
    open_merge(ada, one, "same papers")
    push(ada, "#merge .main")
    ada.wait_for(lambda: "is part of this case" in css(ada, "#case .merges").text, "they are one")
    push(bela, "#merge .main")
    bela.wait_for(lambda: fault() == f"{ada.user} was quicker: {other} is part of {one} now. Nothing else was changed.", "told who was quicker")
    assert box(bela, "merge-note") == "and their papers"
    push(bela, "#merge .buttons button:not(.main)")

    # undoing it, after somebody else did
    open_case(bela, one)
    bela.wait_for(lambda: all_of(bela, "#case .merges"), "bela sees that they are one")
    write(bela, "#note", "half a")
    push(ada, "#case .merges button")
    ada.wait_for(lambda: not all_of(ada, "#case .merges"), "they are two")
    assert all_of(bela, "#case .merges"), "what is being typed in is not drawn anew"
    push(bela, "#case .merges button")
    bela.wait_for(lambda: told(bela) == f"{ada.user} was quicker: they are two cases again.", "told who was quicker")
    bela.wait_for(lambda: not all_of(bela, "#case .merges") and box(bela, "note") == "half a", "and nothing typed is lost")
    assert state_of(site, other)[0] == "open"


def test_keeping_apart_what_was_merged_meanwhile(site, citizen, ada):
    one, other = alike(citizen)
    open_case(ada, one)
    ada.wait_for(lambda: all_of(ada, "#alike button"), "proposed")
    write(ada, "#note", "I think")
    bela = site.desk(number=FIRST + 1)
    assert bela.do(one, "merge", {"with": other}).status_code == 200
    press(ada, "keep apart")
    ada.wait_for(lambda: told(ada) == f"{site.staff(number=FIRST + 1).user} was quicker: {other} is part of {one} now. Nothing else was changed.", "told who was quicker")
    ada.wait_for(lambda: all_of(ada, "#case .merges") and box(ada, "note") == "I think", "as it is now, with what was typed")
    assert bela.do(one, "keep-apart", {"with": other}).status_code == 409


def test_undone_after_somebody_else_has_touched_it(site, citizen, ada):
    """Nothing had been done, so nothing of theirs is undone; and decided again it goes by the case as it is now."""
    codes = [cry(citizen, "need_help", ["pets"]) for _ in range(2)]
    number = FIRST + 1
    colleague = site.desk(number=number)

    def note(words):
        css(ada, "#bulk").find_element(By.XPATH, ".//button[normalize-space()='Add note']").click()
        write(ada, "#form-note", words)
        ada.submit("#form")
        ada.wait_for(lambda: css(ada, "#undo").is_displayed(), "held")

    for code in codes:
        ada.wait_for(lambda code=code: all_of(ada, f"#cases [data-case='{code}']"), "listed")
        push(ada, f"#cases [data-case='{code}'] input")
    note("The bridge is closed.")
    assert colleague.do(codes[0], "claim").status_code == 200
    ada.wait_for(lambda: site.staff(number=number).user in css(ada, f"#cases [data-case='{codes[0]}']").text, "the list tells who has it")
    type_keys(ada, "u")
    ada.wait_for_text("Nothing was done.")
    assert [state_of(site, code)[0] for code in codes] == ["claimed", "open"] and "2 chosen" in css(ada, "#bulk").text
    note("The bridge is open.")
    press(ada, "do it now")
    ada.wait_for_text("2 of 2 done.")
    assert [[one["text"] for one in colleague.case(code).json()["notes"]] for code in codes] == [["The bridge is open."]] * 2
    assert colleague.case(codes[0]).json()["claimed_by"] == site.staff(number=number).user


def test_a_lease_that_lapsed_while_one_wrote(site, citizen, ada, bela):
    code = cry(citizen)
    open_case(ada, code)
    type_keys(ada, "c")
    ada.wait_for_text("The case is yours.")
    write(ada, "#note", "They are at the school.")
    site.query("UPDATE register.triage_case SET lease_until = now() - interval '1 second' WHERE registration_id = %s", (case_codes.number(code),), role="muster")
    until(lambda: state_of(site, code)[0] == "open", "it went back")
    press(ada, "resolve")
    ada.wait_for(lambda: told(ada).startswith("The case is not yours any more: nothing was done in it for 15 minutes"), "it is said why")
    assert box(ada, "note") == "They are at the school."
    assert_accessible(ada)
    ada.picture("hour-lapsed", (1280, 360))
    open_case(bela, code)
    press(bela, "claim")
    bela.wait_for_text("The case is yours.")
    ada.wait_for(lambda: f"held by {bela.user}" in css(ada, f"#cases [data-case='{code}']").text, "the other has it")
    press(ada, "add note")
    ada.wait_for(lambda: "They are at the school." in css(ada, "#thread").text and box(ada, "note") == "", "a note is anybody's, on what they have seen")


def test_the_line_breaks_and_comes_back(citizen, ada):
    """What was on the screen is marked as old; what happened meanwhile is there when the line is, without the page being loaded again."""
    code = cry(citizen)
    open_case(ada, code)
    write(ada, "#reply", "We are")
    ada.driver.execute_script("window.notReloaded = true")
    line = lambda offline: ada.driver.execute_cdp_cmd("Network.emulateNetworkConditions", {"offline": offline, "latency": 0, "downloadThroughput": -1, "uploadThroughput": -1})
    ada.driver.execute_cdp_cmd("Network.enable", {})
    line(True)
    try:
        ada.wait_for(lambda: told(ada, "line").startswith("Not live since"), "it is marked")
        missed = cry(citizen)
        press(ada, "add note") # with nothing in it: nothing is asked for
        write(ada, "#note", "Called them.")
        press(ada, "add note")
        ada.wait_for(lambda: told(ada).startswith(("There was no answer", "No connection")), "it is said that it did not get through")
        assert box(ada, "note") == "Called them." and box(ada, "reply") == "We are"
        assert_accessible(ada)
        ada.picture("hour-offline", (1280, 360))
    finally:
        line(False)
    ada.wait_for(lambda: told(ada, "line") == "Live" and all_of(ada, f"#cases [data-case='{missed}']"), "what was missed is there")
    ada.wait_for(lambda: "No connection" not in told(ada), "it is old no more")
    assert box(ada, "note") == "Called them." and box(ada, "reply") == "We are" and ada.driver.execute_script("return window.notReloaded")
    press(ada, "add note")
    ada.wait_for(lambda: css(ada, "#thread").text.count("Called them.") == 1 and box(ada, "note") == "", "noted once")
    after = cry(citizen)
    ada.wait_for(lambda: all_of(ada, f"#cases [data-case='{after}']"), "and it is live again")
    ada.driver.get_log("browser") # that there was no line


def end_session(site, browser):
    site.query("DELETE FROM register.staff_session WHERE kind = 'browser' AND staff_id = (SELECT staff_id FROM register.staff WHERE name = %s) RETURNING 1",
               (browser.user,), role="muster")


def sign_in_here(browser, officer):
    browser.wait_for(lambda: browser.driver.find_elements(By.NAME, "password"), "the sign-in form")
    browser.fill({"user": officer.user, "password": officer.password})
    browser.submit("form")


def test_a_session_that_ends_in_the_middle_of_a_reply(site, citizen, ada):
    first, second = cry(citizen), cry(citizen)
    officer = site.staff(number=FIRST)
    open_case(ada, first)
    write(ada, "#reply", "Wait at the")
    end_session(site, ada)
    ada.wait_for_text("Your session has ended. What you typed is still here.")
    assert_accessible(ada)
    page = ada.driver.current_window_handle
    press(ada, "sign in") # in a tab of its own
    ada.wait_for(lambda: len(ada.driver.window_handles) == 2, "another tab")
    ada.driver.switch_to.window(next(one for one in ada.driver.window_handles if one != page))
    sign_in_here(ada, officer)
    ada.wait_for_text("emergency")
    ada.driver.close()
    ada.driver.switch_to.window(page)
    ada.wait_for(lambda: told(ada) == "" and told(ada, "line") == "Live", "it goes on by itself")
    assert box(ada, "reply") == "Wait at the"
    write(ada, "#note", "Signed in again.")
    press(ada, "add note")
    ada.wait_for(lambda: "Signed in again." in css(ada, "#thread").text, "and works")

    # what nobody types in at the moment is loaded again by itself, to the sign-in page at the same address
    open_case(ada, second)
    end_session(site, ada)
    again = f"{site.service.desk_url}/?queue=assistance"
    sign_in_here(ada, officer)
    ada.wait_for(lambda: all_of(ada, "#queues"), "the console")
    ada.open(again)
    open_case(ada, first)
    assert box(ada, "reply") == "Wait at the"

    # signed out it is forgotten, as for whoever sits there next
    push(ada, "#sign-out")
    sign_in_here(ada, officer)
    ada.wait_for(lambda: all_of(ada, "#queues"), "the console")
    ada.open(again)
    open_case(ada, first)
    assert box(ada, "reply") == "" and ada.driver.execute_script("return sessionStorage.length") == 0


def test_a_session_that_ends_while_the_policy_is_changed(site, bela):
    lead = site.staff("lead", FIRST + 2)
    bela.driver.delete_all_cookies()
    bela.open(f"{site.service.desk_url}/policy")
    sign_in_here(bela, lead)
    bela.wait_for(lambda: all_of(bela, "#queues, #reasons-moving"), "signed in")
    bela.open(f"{site.service.desk_url}/policy")
    bela.wait_for(lambda: all_of(bela, "#reasons-moving"), "the table")
    bela.choose_option("reasons-moving", "2")
    bela.wait_for(lambda: css(bela, "#save").is_enabled(), "it may be saved")
    bela.user = lead.user
    end_session(site, bela)
    push(bela, "#save")
    bela.wait_for_text("Your session has ended. What you changed is still here, and is not saved.")
    assert_accessible(bela)
    bela.picture("hour-policy", (1280, 360))
    page = bela.driver.current_window_handle
    press(bela, "sign in again")
    bela.wait_for(lambda: len(bela.driver.window_handles) == 2, "another tab")
    bela.driver.switch_to.window(next(one for one in bela.driver.window_handles if one != page))
    sign_in_here(bela, lead)
    bela.wait_for_text("emergency")
    bela.driver.close()
    bela.driver.switch_to.window(page)
    assert css(bela, "#reasons-moving").get_attribute("value") == "2"
    bela.choose_option("reasons-moving", "3")
    bela.choose_option("reasons-moving", "2")
    bela.wait_for(lambda: css(bela, "#save").is_enabled() and told(bela) == "", "it goes on, and may be saved")
    push(bela, "#reset")
    assert site.desk("lead", FIRST + 2).act("GET", f"/policy?crisis={CRISIS}").json()["reasons"]["moving"] == 3
