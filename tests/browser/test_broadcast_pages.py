# SPDX-License-Identifier: Apache-2.0
"""An officer texts many: writes, sees who gets it and what it costs, sends, watches, stops; a second officer approves what is large."""
import re
import uuid

import pytest
from selenium.webdriver.common.by import By

from harness import case_codes, gateways, people
from harness.fake_gateway import FakeGateway
from test_broadcasts import TAKEN, Quarter, approval_above, drafted
from test_outbox import connected


@pytest.fixture
def quarter(citizen):
    return Quarter(citizen)


def one(browser, css):
    return browser.driver.find_element(By.CSS_SELECTOR, css)


def open_page(browser, site, number=20, language="en", at=""):
    """Signs in and opens the broadcasts' page."""
    officer = site.staff(number=number)
    browser.driver.set_window_size(1280, 900)
    browser.open(f"{site.service.desk_url}/sign-in?lang={language}")
    browser.fill({"user": officer.user, "password": officer.password})
    browser.submit("form")
    browser.wait_for(lambda: browser.driver.find_elements(By.ID, "queues"), "the console")
    browser.open(f"{site.service.desk_url}/broadcasts?lang={language}{at}")
    browser.wait_for(lambda: one(browser, "#write").is_displayed(), "the page is alive")
    return officer


def write(browser, quarter, text, **texts):
    """A text to a quarter, in the page's language and in others."""
    one(browser, "#write").click()
    one(browser, "#zone summary").click()
    browser.fill({"lat": quarter.lat, "lon": quarter.lon, "km": 5})
    area = one(browser, "#texts textarea")
    area.clear()
    area.send_keys(text)
    for tag, words in texts.items():
        browser.choose_option("add-language", tag)
        one(browser, "#add").click()
        one(browser, f"#text-{tag}").send_keys(words)


def press(browser, css):
    browser.wait_for(lambda: one(browser, css).is_displayed(), f"{css} is there")
    one(browser, css).click()


def said(browser, words):
    browser.wait_for(lambda: words.lower() in one(browser, "#one").text.lower(), f"{words!r} in the broadcast")


def focused(browser):
    return browser.driver.switch_to.active_element.text


def test_written_counted_sent_and_watched_to_its_end(site, browser, quarter):
    fake = FakeGateway(TAKEN)
    with connected(site, "page", "twilio", fake) as gateway:
        site.query("UPDATE register.gateway SET segment_price = 0.045, price_currency = 'EUR' WHERE name = %s", (gateway["name"],), role="muster")
        english, french = quarter.add(language="en"), quarter.add(language="fr")
        quarter.add(contacts=[{"kind": "email", "value": "nobody@example.org", "primary": True}])
        open_page(browser, site)
        words = people.words("Stay inside tonight.")
        write(browser, quarter, f"{words} Your case: {{case}}", fr=people.words("Restez chez vous ce soir."))
        one(browser, "[name='asks']").find_element(By.XPATH, "ancestor::label").click()
        assert "1 text each" in one(browser, "#size-en").text and "At its end: Reply 1" in one(browser, "#size-en").text
        assert "{case} in a text becomes" in one(browser, "#draft").text
        browser.picture("broadcast-write")
        press(browser, "#count")
        said(browser, "2 people get this")
        said(browser, "1 more has no phone number")
        said(browser, "0.09")
        assert "Draft, not sent" in focused(browser), "who hears the page hears what came"
        browser.picture("broadcast-counted")
        assert not fake.taken, "counting sends nothing"
        browser.press("send to 2 people")
        browser.wait_for_text("Send this to 2 people?")
        assert focused(browser) == "No, not yet", "a key pressed too often sends nothing"
        browser.picture("broadcast-sure")
        browser.press("yes, send to 2 people")
        said(browser, "It has gone to everybody.")
        said(browser, "2 of 2 people done")
        bodies = {form["To"]: form["Body"] for form in map(fake.form, range(len(fake.taken)))}
        assert bodies[english[0]].startswith(words) and english[1] in bodies[english[0]] and "Répondez 1" in bodies[french[0]]
        assert not re.search(r"\[object|undefined|NaN|null|\{[a-z]+\}", browser.text().replace("{case}", ""))
        browser.picture("broadcast-finished")
        assert gateways.KINDS["twilio"](gateway, english[0], "1", str(uuid.uuid4())).send(site).status_code == 200
        browser.wait_for(lambda: "safe\n1" in one(browser, "#one").text, "the answer has landed")
        one(browser, "#write").click()
        assert one(browser, "#texts textarea").get_attribute("value") == "", "what has gone out is not there to be sent again"
        assert browser.complaints() == []


def test_many_wait_for_a_second_officer(site, browser, second_browser, quarter):
    fake = FakeGateway(TAKEN)
    with connected(site, "page", "twilio", fake), approval_above(site, 1):
        quarter.add(), quarter.add()
        author = open_page(browser, site)
        write(browser, quarter, people.words("Buses leave at six."))
        press(browser, "#count")
        said(browser, "A second officer must approve it: more than 1")
        browser.press("ask for approval to send to 2 people")
        browser.press("yes, ask for approval")
        said(browser, "It waits for a second officer")
        assert "pprove and send" not in browser.text(), "nobody approves their own"
        address = browser.driver.current_url.partition("#")[2]

        open_page(second_browser, site, number=21, at=f"#{address}")
        said(second_browser, f"{author.user} asks you to approve this")
        second_browser.picture("broadcast-proposed")
        assert not fake.taken
        second_browser.press("approve and send to 2 people")
        second_browser.press("yes, approve and send to 2 people")
        said(second_browser, "It has gone to everybody.")
        said(browser, "It has gone to everybody.")
        assert len(fake.taken) == 2 and browser.complaints() == [] and second_browser.complaints() == []


def test_stop_stops_at_once_and_says_what_is_out(site, browser, quarter):
    fake = FakeGateway(TAKEN)
    with connected(site, "page", "twilio", fake):
        for _ in range(6):
            quarter.add()
        open_page(browser, site)
        write(browser, quarter, people.words("Do not use the bridge."))
        browser.fill({"rate": 1})
        press(browser, "#count")
        browser.press("send to 6 people")
        browser.press("yes, send to 6 people")
        browser.wait_for(lambda: fake.taken, "the first is out")
        browser.wait_for(lambda: float(one(browser, "progress").get_attribute("value")) > 0, "the bar moves by itself")
        browser.picture("broadcast-running")
        press(browser, "button.stop")
        said(browser, f"Stopped by {site.staff(number=20).user}")
        said(browser, "cannot be called back")
        assert "Stopped" in focused(browser)
        browser.picture("broadcast-stopped")
        told = site.query("SELECT m.state, count(*) FROM register.message AS m JOIN register.broadcast AS b USING (broadcast_id)"
                          " WHERE b.zone_lat = %s AND m.state = 'queued' GROUP BY m.state", (quarter.lat,), role="muster")
        assert told == [] and len(fake.taken) < 6


def test_lost_on_the_way_a_send_is_looked_after_and_a_stop_is_tried_again(site, browser, quarter):
    fake = FakeGateway(TAKEN)
    with connected(site, "page", "twilio", fake):
        for _ in range(40):
            quarter.add()
        open_page(browser, site)
        write(browser, quarter, people.words("Boil the water."))
        browser.fill({"rate": 1})
        press(browser, "#count")
        said(browser, "40 people get this")
        browser.driver.execute_script(
            "const real = window.fetch; window.posts = []; window.away = false;"
            "window.fetch = async (...a) => { if (a[1].method !== 'POST') { return real(...a); } const name = a[0].split('/').pop().split('?')[0];"
            " window.posts.push(name); if (name === 'stop' && window.away) { throw new TypeError('never got there'); }"
            " const answer = await real(...a); if (name === 'send') { throw new TypeError('its answer was lost'); } return answer; }")
        browser.press("send to 40 people")
        browser.press("yes, send to 40 people")
        browser.wait_for_text("we do not know whether that was heard")
        said(browser, "Being sent")
        browser.wait_for(lambda: not one(browser, "#problem").is_displayed(), "it is known")
        browser.driver.execute_script("window.away = true")
        press(browser, "button.stop")
        browser.wait_for_text("NOT stopped yet")
        browser.picture("broadcast-not-stopped")
        browser.driver.execute_script("window.away = false")
        said(browser, f"Stopped by {site.staff(number=20).user}")
        posts = browser.driver.execute_script("return window.posts")
        assert posts.count("send") == 1 and posts.count("stop") > 1
        assert len({form["To"] for form in map(fake.form, range(len(fake.taken)))}) == len(fake.taken), "nobody twice"


def test_a_fault_is_told_beside_its_field_and_nothing_typed_is_lost(site, browser, quarter):
    open_page(browser, site)
    long = "a" * 930
    write(browser, quarter, people.words("Good words"))
    browser.choose_option("add-language", "fr")
    one(browser, "#add").click()
    browser.driver.execute_script("const t = document.getElementById('text-fr'); t.value = arguments[0]; t.dispatchEvent(new Event('input', {bubbles: true}))", long)
    assert "too long" in one(browser, "#size-fr").text
    browser.fill({"km": 900})
    press(browser, "#count")
    browser.wait_for(lambda: one(browser, "#errors").is_displayed(), "what is wrong")
    for name, message in (("#text-fr", "characters or fewer"), ("#zone-km", "cannot be right")):
        field = one(browser, name)
        assert field.get_attribute("aria-invalid") == "true"
        assert message in one(browser, f"#{field.get_attribute('aria-describedby').split()[-1]}").text, "beside the field"
        assert message in one(browser, "#errors").text, "and above"
    assert "French: use" in one(browser, "#errors").text and focused(browser) == one(browser, "#errors").text
    assert one(browser, "#text-fr").get_attribute("value") == long and one(browser, "[name='lat']").get_attribute("value") == str(quarter.lat)
    browser.picture("broadcast-fault")
    one(browser, "#errors a").click()
    assert browser.driver.switch_to.active_element.get_attribute("id") in ("text-fr", "zone-km")


def test_without_the_desk_it_says_so_and_counts_when_asked_again(site, browser, quarter):
    quarter.add()
    open_page(browser, site)
    write(browser, quarter, people.words("Stay where you are."))
    before = site.query("SELECT count(*) FROM register.broadcast", role="muster")
    browser.driver.execute_script("window.real = window.fetch; let lost = 0;"
                                  "window.fetch = async (...a) => { const answer = await window.real(...a);" # done, and its answer lost
                                  " if (a[1].method === 'POST') { window.keys = [...(window.keys ?? []), a[1].headers['Idempotency-Key']]; }"
                                  " if (a[1].method === 'POST' && lost++ === 0) { throw new TypeError('lost'); } return answer; }")
    press(browser, "#count")
    browser.wait_for_text("What you typed is still here; press again.")
    press(browser, "#count")
    said(browser, "1 person gets this")
    keys = browser.driver.execute_script("return window.keys")
    assert len(keys) == 2 and keys[0] == keys[1]
    assert site.query("SELECT count(*) FROM register.broadcast", role="muster")[0][0] == before[0][0] + 1, "one draft, not two"
    browser.driver.execute_script("window.fetch = async () => { throw new TypeError('away') }")
    browser.wait_for_text("The desk cannot be reached. Trying again")
    browser.driver.execute_script("window.fetch = window.real")
    browser.wait_for(lambda: not one(browser, "#problem").is_displayed(), "and there it is again")


def test_counted_again_after_a_change_the_first_draft_is_nobodys(site, browser, quarter):
    quarter.add()
    open_page(browser, site)
    words = people.words("Bring water.")
    write(browser, quarter, words)
    press(browser, "#count")
    said(browser, "1 person gets this")
    first = browser.driver.current_url.partition("#")[2]
    browser.press("change it")
    assert one(browser, "#texts textarea").get_attribute("value") == words and one(browser, "[name='km']").get_attribute("value") == "5"
    one(browser, "#filter-statuses summary").click()
    browser.driver.find_element(By.CSS_SELECTOR, "input[name='statuses'][value='none']").find_element(By.XPATH, "..").click()
    browser.driver.find_element(By.CSS_SELECTOR, "input[name='statuses'][value='injured']").find_element(By.XPATH, "..").click()
    assert "were never heard from, or last told us: “Someone is hurt or ill”" in one(browser, "#who-words").text
    press(browser, "#count")
    browser.wait_for(lambda: first not in browser.driver.current_url and "never heard from" in one(browser, "#one").text, "another draft")
    state = lambda: site.query("SELECT state FROM register.broadcast WHERE broadcast_id = %s", (first,), role="muster")
    browser.wait_for(lambda: state() == [("stopped",)], "the first is thrown away")


def test_a_session_that_ends_takes_nothing_with_it(site, browser, quarter):
    quarter.add()
    officer = open_page(browser, site)
    words = people.words("Come to the gate.")
    write(browser, quarter, words)
    browser.driver.delete_all_cookies()
    press(browser, "#count")
    browser.wait_for_text("Your session has ended. What you typed is still here.")
    page = browser.driver.current_window_handle
    browser.press("sign in again")
    browser.driver.switch_to.window(next(handle for handle in browser.driver.window_handles if handle != page))
    browser.wait_for(lambda: browser.driver.find_elements(By.NAME, "password"), "the sign-in form")
    browser.fill({"user": officer.user, "password": officer.password})
    browser.submit("form")
    browser.wait_for(lambda: browser.driver.find_elements(By.ID, "queues"), "the console")
    browser.driver.close()
    browser.driver.switch_to.window(page)
    assert one(browser, "#texts textarea").get_attribute("value") == words
    press(browser, "#count")
    said(browser, "1 person gets this")


def test_what_a_text_takes_is_counted_as_the_desk_counts(site, browser, desk, quarter):
    """Live in the page, and by the desk: the same for each alphabet, its extension, pairs that are not split, and what is filled in."""
    open_page(browser, site)
    one(browser, "#write").click()
    sample = ["a", "a" * 160, "a" * 161, "é€" * 54, "a" * 306, "a" * 307, "€" * 76 + "a" + "€" * 76 + "b", "ê" * 70, "ê" * 71, "😀" * 35, "ê" + "😀" * 66,
              "{case}" * 14, "{case}" * 15, "{cas}" * 20, "ŋ" * 134, "ŋ" * 135, "x\ny" * 53]
    for asks in (False, True):
        for text in sample:
            told = drafted(desk, quarter, {"en": text}, asks=asks)["texts"][0]["segments"]
            shown = browser.driver.execute_async_script(
                "const [text, asks, done] = arguments; import('/assets/broadcast_words.js').then((m) => done(m.sizeOf(text, 'en', asks).segments))", text, asks)
            assert shown == told, (text[:20], len(text), asks)


def test_in_french(site, browser, quarter):
    fake = FakeGateway(TAKEN)
    with connected(site, "page", "twilio", fake):
        quarter.add(language="fr")
        open_page(browser, site, language="fr")
        write(browser, quarter, people.words("Restez à l'intérieur, s'il vous plaît"))
        assert "« î »" in one(browser, "#size-fr").text
        browser.fill({"km": "beaucoup"})
        press(browser, "#count")
        browser.wait_for(lambda: one(browser, "#errors").is_displayed(), "what is wrong")
        assert not re.search(r"\b(the|this|number|answers?)\b", one(browser, "#errors").text)
        browser.fill({"km": "4,5"})
        press(browser, "#count")
        said(browser, "1 personne le reçoit")
        browser.picture("broadcast-french")
        browser.press("envoyer à 1 personne")
        browser.press("oui, envoyer à 1 personne")
        said(browser, "Elle est partie à tous.")
        english = [word for word in ("broadcast.", "people", "person ", "sent", "waiting") if word in browser.text().replace("broadcast-", "")]
        assert english == [] and browser.driver.execute_script("return document.documentElement.lang") == "fr"
        assert browser.complaints() == []


def test_it_fits_a_small_screen_and_every_field_has_a_label(site, browser, quarter):
    open_page(browser, site, language="fr")
    write(browser, quarter, people.words("Restez"), ar=people.words("ابقوا"))
    for details in browser.driver.find_elements(By.CSS_SELECTOR, "#draft details"):
        browser.driver.execute_script("arguments[0].open = true", details)
    assert not browser.overflows(320)
    labelled = browser.driver.execute_script(
        "return [...document.querySelectorAll('input, select, textarea, progress')].filter(e => !(e.labels && e.labels.length)).map(e => e.name)")
    assert labelled == [], "every field has a label"
    browser.picture("broadcast-filters")
    assert browser.complaints() == []


def test_the_console_leads_there_and_back(site, browser):
    open_page(browser, site, language="fr")
    browser.open(f"{site.service.desk_url}/?lang=fr")
    browser.press("diffusions")
    browser.wait_for(lambda: browser.driver.find_elements(By.ID, "broadcasts"), "the broadcasts")
    one(browser, "header nav a").click()
    browser.wait_for(lambda: browser.driver.find_elements(By.ID, "queues"), "the console")
    assert browser.driver.execute_script("return document.documentElement.lang") == "fr"


def test_a_post_is_chosen_by_its_name(site, browser, quarter):
    code = quarter.add()[1]
    post, name = site.query("SELECT p.post_id, p.name FROM register.registration AS r JOIN register.post AS p USING (post_id) "
                            "WHERE r.registration_id = %s", (case_codes.number(code),), role="muster")[0]
    open_page(browser, site)
    write(browser, quarter, people.words("Stay inside tonight."))
    one(browser, "#filter-posts summary").click()
    one(browser, f"[name='posts'][value='{post}']").find_element(By.XPATH, "ancestor::label").click()
    assert f"belong to the post {name}".lower() in one(browser, "#who-words").text.lower()
    press(browser, "#count")
    said(browser, f"belong to the post {name}")
    assert site.query("SELECT posts, recipients FROM register.broadcast ORDER BY created_at DESC LIMIT 1", role="muster") == [([post], 1)]
