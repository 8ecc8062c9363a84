# SPDX-License-Identifier: Apache-2.0
"""Officers at their desk: who may do what, in which order they are given work, and that no two are given the same."""
import concurrent.futures
import datetime
import threading

import pytest

from harness import case_codes, people

REASONED = {"band", "reasons", "respond_by", "waiting_s", "claimed_by"}


@pytest.fixture
def cry(site, citizen):
    """Makes a party that has asked for help; returns what was registered, its code, and the check-in."""
    def make(status="need_help", needs=(), **changes):
        sent = people.registration(**changes)
        told = citizen.register(sent).json()
        said = people.check_in(case=told["case"], status=status, needs=list(needs), message=people.words("please come"))
        assert citizen.check_in(said).status_code == 201
        return sent, told["case"], said
    return make


def read(desk, code):
    answer = desk.case(code)
    assert answer.status_code == 200, answer.text
    return answer.json()


def audited(site, code, action=None):
    rows = site.query("SELECT action FROM register.audit WHERE registration_id = %s ORDER BY audit_id",
                      (case_codes.number(code),), role="muster")
    return [row[0] for row in rows if action in (None, row[0])]


# --- signing in -----------------------------------------------------------------------------------------------------------

def test_sign_in_and_out(site):
    officer = site.staff()
    browser = site.browser()
    answer = browser.sign_in(officer.user, officer.password)
    assert answer.status_code in (200, 201), answer.text
    cookie = answer.headers["Set-Cookie"]
    assert cookie.startswith("__Host-muster=")
    for attribute in ("Secure", "HttpOnly", "SameSite=Strict", "Path=/"):
        assert attribute in cookie, cookie
    assert "Domain" not in cookie
    me = browser.act("GET", "/me")
    assert me.status_code == 200 and me.json()["user"] == officer.user and me.json()["role"] == "officer"
    assert browser.act("DELETE", "/session").status_code in (200, 204)
    assert browser.act("GET", "/me").status_code == 401
    stolen = {"Cookie": cookie.split(";")[0]}
    assert site.browser().get("/api/v1/me", headers=stolen).status_code == 401, "a session that was left is over"


@pytest.mark.parametrize(("user", "password"), [
    (None, "wrong password here"), (None, ""), ("no.such.officer", "wrong password here"), ("officer.1'--", "x"), ("", ""),
])
def test_a_wrong_password_looks_like_an_unknown_user(site, user, password):
    answer = site.browser().sign_in(user or site.staff(number=7).user, password)
    assert answer.status_code in (400, 401, 429), answer.text
    assert "Set-Cookie" not in answer.headers


def test_guessing_is_slowed_down(site):
    officer = site.staff(number=8)
    browser = site.browser()
    statuses = [browser.sign_in(officer.user, f"guess number {i}").status_code for i in range(30)]
    assert 429 in statuses and 200 not in statuses
    assert statuses[:3] == [401, 401, 401], "a few mistakes are human"


def test_a_form_without_its_token_is_refused(site, cry):
    """A session's cookie alone, as another site's page could make a browser send it, changes nothing."""
    _, code, _ = cry()
    officer = site.staff()
    browser = site.browser()
    assert browser.sign_in(officer.user, officer.password).ok
    browser.csrf = None
    assert browser.do(code, "claim").status_code == 403
    browser.csrf = "0" * 32
    assert browser.do(code, "claim").status_code == 403
    assert read(site.desk(), code)["state"] == "open"


def test_without_a_session_there_is_nothing(site, cry):
    _, code, _ = cry()
    nobody = site.browser()
    for method, path in (("GET", "/me"), ("GET", "/queues"), ("GET", "/queues/emergency/cases"), ("GET", f"/cases/{code}"),
                         ("POST", "/queues/emergency/claim"), ("POST", f"/cases/{code}/claim")):
        answer = nobody.act(method, path)
        assert answer.status_code == 401, (method, path, answer.status_code)
        assert people.traces(answer.content) == []
    nobody.session.headers["Authorization"] = "Bearer " + "0" * 64
    assert nobody.act("GET", "/queues").status_code == 401


# --- who may --------------------------------------------------------------------------------------------------------------

def test_a_viewer_looks_and_touches_nothing(site, cry):
    sent, code, _ = cry(status="in_danger")
    viewer = site.desk("viewer")
    assert read(viewer, code)["party"][0]["family_name"] == sent["party"][0]["family_name"]
    for action in ("claim", "release", "resolve", "notes"):
        assert viewer.do(code, action, {"text": "a note"} if action == "notes" else {}).status_code == 403, action
    assert viewer.claim_next("emergency").status_code == 403
    assert read(site.desk(), code)["state"] == "open"


@pytest.mark.parametrize("role", ["admin", "warden"])
def test_who_reads_no_register(site, cry, role):
    _, code, _ = cry()
    desk = site.desk(role)
    answer = desk.case(code)
    assert answer.status_code in (403, 404)
    listed = desk.act("GET", "/queues/assistance/cases")
    assert listed.status_code == 403 or listed.json()["cases"] == []
    assert people.traces(answer.content + listed.content) == []


# --- queues ---------------------------------------------------------------------------------------------------------------

def test_a_case_says_why_it_is_where_it_is(site, desk, cry):
    _, code, said = cry(status="injured", needs=["medical_emergency"])
    listed = next(case for case in desk.cases("emergency") if case["case"] == code)
    assert REASONED <= set(listed)
    assert listed["band"] == 1 and "injured_life_threat" in listed["reasons"] and listed["claimed_by"] is None
    respond_by = datetime.datetime.fromisoformat(listed["respond_by"].replace("Z", "+00:00"))
    received = site.query("SELECT received_at FROM report.check_in WHERE client_id = %s", (said["client_id"],))[0][0]
    assert abs((respond_by - received).total_seconds()) < 1, "band 1 is answered now"


def test_queues_are_in_answer_order(desk, cry):
    for status, needs in (("need_help", ()), ("injured", ()), ("in_danger", ("violence",)), ("injured", ("medical_emergency",))):
        cry(status=status, needs=needs)
    for queue in ("emergency", "assistance"):
        cases = desk.cases(queue)
        order = [(case["band"] > 1, case["respond_by"]) for case in cases]
        assert order == sorted(order)
        assert len({case["case"] for case in cases}) == len(cases)


def test_pages_are_whole_and_without_repeats(desk, cry):
    for _ in range(5):
        cry()
    whole = [case["case"] for case in desk.cases("assistance")]
    in_twos = [case["case"] for case in desk.cases("assistance", limit=2)]
    assert in_twos == whole and len(whole) >= 5


def test_queue_figures(desk, cry):
    before = desk.queues()["assistance"]
    cry()
    after = desk.queues()["assistance"]
    assert after["open"] == before["open"] + 1 and after["unclaimed"] == before["unclaimed"] + 1


def test_filters(desk, cry):
    _, code, _ = cry(status="need_help", needs=["medication"])
    assert code in {case["case"] for case in desk.cases("emergency", need="medication")}
    assert code not in {case["case"] for case in desk.cases("emergency", need="pets")}
    assert code in {case["case"] for case in desk.cases("emergency", band=2)}
    assert code not in {case["case"] for case in desk.cases("emergency", band=1)}
    assert desk.act("GET", "/queues/no-such-queue/cases").status_code == 404
    assert desk.act("GET", "/queues/emergency/cases", params={"need": "helicopter"}).status_code == 400


# --- one case -------------------------------------------------------------------------------------------------------------

def test_claim_release_and_resolve(site, desk, cry):
    sent, code, said = cry(status="need_help", needs=["medication"])
    claimed = desk.do(code, "claim")
    assert claimed.status_code == 200, claimed.text
    case = read(desk, code)
    assert case["state"] == "claimed" and case["claimed_by"] == site.staff().user
    person = case["party"][0]
    assert person["family_name"] == sent["party"][0]["family_name"]
    assert person["document"]["number"] == sent["party"][0]["document"]["number"]
    assert sent["contacts"][0]["value"] in {contact["value"] for contact in case["contacts"]}
    listed = desk.act("GET", f"/cases/{code}/check-ins").json()["check_ins"]
    assert [(one["receipt"], one["status"], one["message"]) for one in listed] == [
        (said["client_id"], "need_help", said["message"])]
    assert listed[0]["stored_via"] == "database"

    assert desk.do(code, "notes", {"text": people.words("called back, medicine arranged")}).status_code in (200, 201)
    assert desk.do(code, "release").status_code == 200
    assert read(desk, code)["state"] == "open"
    assert desk.do(code, "claim").status_code == 200
    assert desk.do(code, "resolve").status_code == 200
    assert read(desk, code)["state"] == "resolved"
    assert code not in {case["case"] for case in desk.cases("emergency")}
    row = site.query("SELECT state, answered_at IS NOT NULL, resolved_at IS NOT NULL FROM report.triage_case"
                     " WHERE registration_id = %s", (case_codes.number(code),))
    assert row == [("resolved", True, True)]
    for action in ("case.claim", "case.release", "case.resolve"):
        assert audited(site, code, action), action


def test_what_another_officer_claimed_is_theirs(site, desk, cry):
    _, code, _ = cry()
    other = site.desk(number=2)
    assert desk.do(code, "claim").status_code == 200
    for action in ("claim", "release", "resolve"):
        assert other.do(code, action).status_code in (409, 412), action
    assert read(other, code)["claimed_by"] == site.staff().user


def test_if_match(desk, cry):
    _, code, _ = cry()
    stale = desk.case(code).headers["ETag"]
    assert desk.do(code, "claim", headers={"If-Match": stale}).status_code == 200
    assert desk.do(code, "release", headers={"If-Match": stale}).status_code == 412
    assert desk.do(code, "release", headers={"If-Match": desk.case(code).headers["ETag"]}).status_code == 200


def test_a_new_cry_reopens_the_one_case(site, citizen, desk, cry):
    _, code, _ = cry()
    assert desk.do(code, "claim").status_code == 200 and desk.do(code, "resolve").status_code == 200
    assert citizen.check_in(people.check_in(case=code, status="in_danger")).status_code == 201
    case = read(desk, code)
    assert (case["state"], case["band"], case["claimed_by"]) == ("open", 2, None)
    assert site.query("SELECT count(*) FROM report.triage_case WHERE registration_id = %s", (case_codes.number(code),)) == [(1,)]


def test_received_read_and_acted_on_are_three_facts(site, citizen, desk):
    sent = people.registration()
    told = citizen.register(sent).json()
    citizen.check_in(people.check_in(case=told["case"], status="need_help"))
    own = lambda: citizen.own_record(told["case"], told["secret"]).json()
    assert own()["acknowledgement"]["received_at"] and own()["acknowledgement"]["read_at"] is None and own()["acknowledgement"]["acted_at"] is None
    desk.cases("assistance")
    assert own()["acknowledgement"]["read_at"] is None, "opening a list reads nothing"
    read(desk, told["case"])
    assert own()["acknowledgement"]["read_at"] is not None and own()["acknowledgement"]["acted_at"] is None
    desk.do(told["case"], "claim")
    desk.do(told["case"], "resolve")
    assert own()["acknowledgement"]["acted_at"] is not None


def test_every_look_is_audited(site, desk, cry):
    _, code, _ = cry()
    before = len(audited(site, code))
    read(desk, code)
    assert len(audited(site, code)) == before + 1
    assert people.traces(repr(site.query("SELECT * FROM register.audit", role="muster")).encode()) == []


def test_a_case_that_is_not_there(desk):
    assert desk.case(case_codes.code(4242)).status_code == 404
    assert desk.case("not-a-code").status_code in (400, 404)
    assert desk.do(case_codes.code(4242), "claim").status_code == 404


# --- many at once ---------------------------------------------------------------------------------------------------------

def test_thirty_two_claimers_never_share_a_case(site, cry):
    for _ in range(40):
        cry(status="in_danger")
    desks = [site.desk(number=1 + i % 4) for i in range(32)]
    together = threading.Barrier(32)

    def claim(desk):
        together.wait()
        return desk.claim_next("emergency")

    with concurrent.futures.ThreadPoolExecutor(32) as pool:
        answers = list(pool.map(claim, desks))
    assert {answer.status_code for answer in answers} == {200}, [answer.text for answer in answers if answer.status_code != 200][:2]
    codes = [answer.json()["case"] for answer in answers]
    assert len(set(codes)) == 32
    for desk, code in zip(desks, codes):
        assert desk.do(code, "release").status_code == 200


def test_one_case_and_thirty_two_claimers(site, cry):
    _, code, _ = cry()
    together = threading.Barrier(32)

    def claim(number):
        desk = site.desk(number=1 + number % 4)
        together.wait()
        return number % 4, desk.do(code, "claim").status_code

    site.desk(number=4) # accounts are made before the race
    for number in range(1, 4):
        site.staff(number=number)
    with concurrent.futures.ThreadPoolExecutor(32) as pool:
        answers = list(pool.map(claim, range(32)))
    winners = {officer for officer, status in answers if status == 200}
    assert len(winners) == 1, answers
    assert {status for officer, status in answers if officer not in winners} <= {409, 412}


def test_the_queue_empties_and_says_so(site, desk):
    """Claims `identification` to its end: each once, most urgent first, then 204."""
    for number in (101, 102, 103):
        site.citizen().check_in(people.check_in(case=case_codes.code(number), status="need_help"))
    unclaimed = [case["case"] for case in desk.cases("identification") if case["claimed_by"] is None]
    claimed = []
    for _ in range(len(unclaimed) + 1):
        answer = desk.claim_next("identification")
        if answer.status_code == 204:
            break
        claimed.append(answer.json()["case"])
    assert claimed == unclaimed
    assert desk.claim_next("identification").status_code == 204
    for code in claimed:
        desk.do(code, "release")
