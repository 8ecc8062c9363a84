# SPDX-License-Identifier: Apache-2.0
"""The desk's finer promises: notes, reopening, what cannot be read, pages without JavaScript, and saying no in the caller's language."""
import concurrent.futures
import re

import pytest
import requests

from harness import case_codes, people
from harness.raw import RawConnection
from harness.waiting import until


@pytest.fixture
def cry(citizen):
    """A party that asked for help: what was registered, its code, and the check-in."""
    def make(status="need_help", **changes):
        sent = people.registration(**changes)
        code = citizen.register(sent).json()["case"]
        said = people.check_in(case=code, status=status, message=people.words("please come"))
        assert citizen.check_in(said).status_code == 201
        return sent, code, said
    return make


def problem(answer, status):
    assert answer.status_code == status, answer.text
    assert answer.headers["Content-Type"] == "application/problem+json"
    assert answer.json()["status"] == status and answer.json()["title"] and answer.json()["detail"]
    return answer.json()


# --- working a case --------------------------------------------------------------------------------------------------------

def test_notes_are_kept_with_their_author(site, desk, cry):
    _, code, _ = cry()
    first, second = people.words("called, no answer"), people.words("called again, is safe")
    assert desk.do(code, "notes", {"text": first}).status_code == 201
    assert desk.do(code, "claim").status_code == 200
    assert desk.do(code, "resolve", {"note": second}).status_code == 200
    case = desk.case(code).json()
    assert [(note["author"], note["text"]) for note in case["notes"]] == [(site.staff().user, first), (site.staff().user, second)]
    assert case["state"] == "resolved" and case["acknowledgement"]["acted_at"]
    kept = site.query("SELECT sealed_text FROM register.case_note WHERE registration_id = %s", (case_codes.number(code),), role="muster")
    assert len(kept) == 2 and people.traces(b"".join(bytes(row[0]) for row in kept)) == []


@pytest.mark.parametrize(("body", "field"), [
    ({}, "text"), ({"text": ""}, "text"), ({"text": 7}, "text"), ({"text": "x" * 2001}, "text"), ({"text": "a", "more": 1}, "more"),
])
def test_a_note_that_is_none(desk, cry, body, field):
    _, code, _ = cry()
    faults = problem(desk.act("POST", f"/cases/{code}/notes", json=body), 422)["errors"]
    assert [fault["field"] for fault in faults] == [field] and faults[0]["code"] and faults[0]["message"]


def test_a_refused_resolution_leaves_no_note(site, desk, cry):
    _, code, _ = cry()
    assert desk.do(code, "claim").status_code == 200
    assert site.desk(number=2).do(code, "resolve", {"note": people.words("not mine")}).status_code == 412
    assert desk.case(code).json()["notes"] == []


def test_reopening(desk, cry):
    _, code, _ = cry()
    assert desk.do(code, "reopen").status_code == 409, "it is open"
    assert desk.do(code, "release").status_code == 409, "nobody holds it"
    desk.do(code, "claim")
    desk.do(code, "resolve")
    assert desk.do(code, "claim").status_code == 409, "a resolved case is first reopened"
    told = desk.do(code, "reopen")
    assert told.status_code == 200 and told.json()["state"] == "open"
    assert desk.case(code).headers["ETag"] == told.headers["ETag"] == f'"{told.json()["version"]}"'
    assert code in {case["case"] for case in desk.cases("assistance")}


def test_a_lead_may_take_over(site, desk, cry):
    _, code, _ = cry()
    assert desk.do(code, "claim").status_code == 200
    lead = site.desk("lead", number=3)
    assert lead.do(code, "release").status_code == 200
    assert desk.case(code).json()["state"] == "open"


def test_the_same_officer_twice_gets_two_cases(desk, cry):
    for _ in range(2):
        cry(status="in_danger")
    first, second = desk.claim_next("emergency"), desk.claim_next("emergency")
    assert first.status_code == second.status_code == 200
    assert first.json()["case"] != second.json()["case"]
    assert first.json()["claimed_by"] and first.json()["party"] and first.headers["ETag"]
    for answer in (first, second):
        assert desk.do(answer.json()["case"], "release").status_code == 200


def test_what_does_not_open_hides_nothing_else(site, desk, cry):
    sent, code, said = cry()
    number = case_codes.number(code)
    site.query("UPDATE register.contact SET sealed_value = set_byte(sealed_value, 40, get_byte(sealed_value, 40) # 1)"
               " WHERE registration_id = %s RETURNING 1", (number,), role="muster")
    case = desk.case(code).json()
    assert case["party"][0]["family_name"] == sent["party"][0]["family_name"]
    assert case["check_ins"][0]["message"] == said["message"]
    assert case["contacts"] and all(one["value"] is None and one["unreadable"] for one in case["contacts"])


def test_check_ins_of_no_case(desk):
    assert desk.act("GET", f"/cases/{case_codes.code(4242)}/check-ins").status_code == 404


# --- saying no ---------------------------------------------------------------------------------------------------------------

def test_each_bad_parameter_is_named(desk):
    told = problem(desk.act("GET", "/queues/emergency/cases?limit=0&band=9&after=x&cell=a&colour=red"), 400)
    assert sorted(fault["field"] for fault in told["errors"]) == ["after", "band", "cell", "colour", "limit"]


def test_in_french(desk, cry):
    english = problem(desk.act("GET", "/queues/none/cases"), 404)
    french = problem(desk.act("GET", "/queues/none/cases", headers={"Accept-Language": "fr-NE, en;q=0.5"}), 404)
    assert english["title"] != french["title"]


def test_a_mistyped_code(desk, cry):
    _, code, _ = cry()
    wrong = code[:-1] + ("2" if code[-1] != "2" else "3")
    assert problem(desk.case(wrong), 404)["detail"] != problem(desk.case(case_codes.code(4242)), 404)["detail"]
    problem(desk.do(code, "no-such-action"), 404)


def test_401_says_how(site):
    assert problem(site.browser().act("GET", "/me"), 401)
    assert site.browser().act("GET", "/me").headers["WWW-Authenticate"].startswith("Bearer")


def test_another_sites_page_is_refused(site, cry):
    _, code, _ = cry()
    officer, browser = site.staff(), site.browser()
    assert browser.sign_in(officer.user, officer.password).ok
    for headers in ({"Origin": "https://elsewhere.example"}, {"Sec-Fetch-Site": "cross-site"}, {"Origin": "null"}):
        problem(browser.do(code, "claim", headers=headers), 403)
    told = site.browser().post("/api/v1/session", json={"user": officer.user, "password": officer.password},
                               headers={"Origin": "https://elsewhere.example"})
    problem(told, 403)


# --- pages -------------------------------------------------------------------------------------------------------------------

def test_sign_in_without_javascript(site):
    officer, browser = site.staff(), site.browser()
    page = browser.get("/")
    assert page.status_code == 200 and 'name="password"' in page.text
    told = browser.post("/sign-in", data={"user": officer.user, "password": "not this one"})
    assert told.status_code == 401 and 'role="alert"' in told.text and officer.user in told.text
    answer = browser.post("/sign-in", data={"user": officer.user, "password": officer.password, "csrf": ""},
                          headers={"Origin": "null", "Sec-Fetch-Site": "same-origin"})
    assert answer.status_code == 303 and answer.headers["Location"] == "/"
    console = browser.get("/")
    assert console.status_code == 200 and officer.user in console.text and 'name="password"' not in console.text
    for asset in re.findall(r'(?:src|href)="(/assets/[^"]+)"', console.text):
        first = browser.get(asset)
        assert first.status_code == 200
        assert browser.get(asset, headers={"If-None-Match": first.headers["ETag"]}).status_code == 304
    assert browser.get("/assets/none.js").status_code == 404


def test_a_session_is_no_token(site):
    officer, browser = site.staff(), site.browser()
    cookie = browser.sign_in(officer.user, officer.password).headers["Set-Cookie"].split(";")[0].split("=", 1)[1]
    assert site.browser().get("/api/v1/me", headers={"Authorization": f"Bearer {cookie}"}).status_code == 401
    token = site.desk().session.headers["Authorization"].split()[1]
    assert site.browser().get("/api/v1/me", headers={"Cookie": f"__Host-muster={token}"}).status_code == 401
    assert "csrf" not in site.desk().act("GET", "/me").json()


# --- trouble -----------------------------------------------------------------------------------------------------------------

def test_callers_who_hang_up(site, cry):
    """Whatever was under way for them (a password's check, a statement, a page) ends without them, and nobody else notices."""
    _, code, _ = cry()
    officer = site.staff(number=30)
    for patience in (0.001, 0.01, 0.03, 0.1) * 4:
        for ask in (lambda browser: browser.post("/api/v1/session", json={"user": officer.user, "password": "hangs up"}, timeout=patience),
                    lambda browser: site.desk().get(f"/api/v1/cases/{code}", timeout=patience)):
            try:
                ask(site.browser())
            except requests.Timeout:
                pass
    assert site.desk().case(code).status_code == 200
    other = site.staff(number=31)
    assert site.browser().sign_in(other.user, other.password).status_code == 200


def test_lists_of_a_case_that_nobody_waits_for(lone_site):
    """They are read beside each other: who leaves meanwhile, or a server that ends sessions under them, leaves nothing behind, and the next look is whole."""
    citizen, desk = lone_site.citizen(), lone_site.desk()
    code = citizen.register(people.registration()).json()["case"]
    assert citizen.check_in(people.check_in(case=code, status="need_help")).status_code == 201
    whole = desk.case(code).json()
    assert list(whole)[-8:] == ["party", "contacts", "check_ins", "notes", "messages", "steps", "merges", "warden_words"], "in their order"
    request = f"GET /api/v1/cases/{code} HTTP/1.1\r\nHost: desk\r\nAuthorization: Bearer {lone_site.staff().token}\r\n\r\n".encode()

    def look_and_leave(number):
        with RawConnection(lone_site.service.desk_port, lone_site.service.certificate) as connection:
            connection.send(request * 3)
            if number % 2:
                connection.answer()
        return True

    def look(number):
        if number % 16 == 0:
            lone_site.query("SELECT pg_terminate_backend(pid) FROM pg_stat_activity WHERE usename = session_user AND pid <> pg_backend_pid()", role="muster_desk")
        return desk_of[number % 4].case(code).status_code

    desk_of = [lone_site.desk(number=1 + each) for each in range(4)]
    with concurrent.futures.ThreadPoolExecutor(8) as pool:
        assert all(pool.map(look_and_leave, range(80)))
    with concurrent.futures.ThreadPoolExecutor(4) as pool:
        assert set(pool.map(look, range(64))) <= {200, 503}
    until(lambda: desk.case(code).status_code == 200, "it is shown")
    assert {name: desk.case(code).json()[name] for name in ("party", "contacts", "check_ins")} == {name: whole[name] for name in ("party", "contacts", "check_ins")}


def test_without_postgresql_the_desk_says_so(lone_site):
    desk, officer = lone_site.desk(), lone_site.staff()
    assert desk.act("GET", "/queues").status_code == 200
    lone_site.cluster.stop("immediate")
    for answer in (desk.act("GET", "/queues"), desk.claim_next("emergency"), lone_site.browser().sign_in(officer.user, officer.password)):
        problem(answer, 503)
        assert int(answer.headers["Retry-After"]) > 0
    assert lone_site.browser().get("/sign-in").status_code == 200
    lone_site.cluster.start()
    until(lambda: desk.act("GET", "/queues").status_code == 200, "the desk is back", 20)
