# SPDX-License-Identifier: Apache-2.0
"""Wardens: a lead gives them households, they say at each door how it is, once however often it is sent, and see nothing else of the register."""
import uuid

import pytest

from harness import case_codes, people
from harness.service import CRISIS

LEAD = 204


@pytest.fixture
def lead(site):
    return site.desk("lead", LEAD)


@pytest.fixture
def household(site):
    sent = people.registration()
    return site.citizen().register(sent).json()["case"], sent


def path(user):
    return f"/wardens/{user}/households"


@pytest.fixture
def warden(site, lead, household):
    """One with that household on their list, who is nobody else's."""
    number = site.__dict__.setdefault("_wardens", 204) + 1
    site.__dict__["_wardens"] = number
    desk = site.desk("warden", number)
    desk.user = site.staff("warden", number).user
    assert lead.act("PUT", path(desk.user), json={"cases": [household[0]]}).status_code == 204
    return desk


def mine(desk):
    answer = desk.act("GET", "/warden")
    assert answer.status_code == 200, answer.text
    return {one["case"]: one for one in answer.json()["households"]}


def say(desk, code, word, client_id=None):
    return desk.act("POST", f"/warden/{code}/words", json={"client_id": client_id or str(uuid.uuid4()), "word": word})


def row(site, code, columns, table="registration"):
    found = site.query(f"SELECT {columns} FROM register.{table} WHERE registration_id = %s", (case_codes.number(code),), role="muster")
    return found[0] if found else None


def errors_of(answer):
    assert answer.status_code == 422, answer.text
    return {error["field"]: error["code"] for error in answer.json()["errors"]}


def test_what_is_needed_at_the_door(site, warden, household):
    code, sent = household
    (one,) = mine(warden).values()
    member = sent["party"][0]
    assert one["case"] == code and one["names"] == [f"{member['given_names']} {member['family_name']}"]
    assert one["phones"] == [sent["contacts"][0]["value"]] and one["location"]["place"] == sent["location"]["place"]
    assert one["word"] is None and one["last_status"] is None and one["people"] == 1
    text = warden.act("GET", "/warden").text
    assert member["document"]["number"] not in text and member["birth_date"] not in text and sent["emergency_contact"]["name"] not in text
    left = site.query("SELECT a.detail FROM register.audit AS a JOIN register.staff AS s USING (staff_id) WHERE s.name = %s AND action = 'warden.look'", (warden.user,), role="muster")
    assert left and left[0][0] == {"households": 1}


def test_each_word(site, warden, household):
    code, _ = household
    officer = site.desk(number=205)
    assert say(warden, code, "not_found").status_code == 201
    assert mine(warden)[code]["word"]["word"] == "not_found" and row(site, code, "last_check_in_at") == (None,), "nobody was heard from"
    assert say(warden, code, "need_help").status_code == 201
    case = officer.case(code).json()
    assert (case["band"], case["queue"], case["last_status"]) == (3, "assistance", "need_help") and case["check_ins"][0]["channel"] == "staff"
    assert [(one["word"], one["by"]) for one in case["warden_words"]] == [("not_found", warden.user), ("need_help", warden.user)]
    assert say(warden, code, "safe").status_code == 201
    one = mine(warden)[code]
    assert (one["word"]["word"], one["last_status"]) == ("safe", "safe")
    assert officer.case(code).json()["state"] == "open", "an officer closes it"
    actions = site.query("SELECT detail ->> 'word' FROM register.audit WHERE registration_id = %s AND action = 'warden.word' ORDER BY audit_id", (case_codes.number(code),), role="muster")
    assert actions == [("not_found",), ("need_help",), ("safe",)]


def test_said_again_it_is_one(site, warden, household):
    code, _ = household
    for word in ("safe", "not_found"):
        client_id = str(uuid.uuid4())
        for _ in range(3):
            answer = say(warden, code, word, client_id)
            assert answer.status_code == 201 and answer.json() == {"receipt": client_id, "word": word}, answer.text
        assert say(warden, code, "need_help", client_id).status_code == 409
    assert len(site.query("SELECT 1 FROM register.check_in WHERE registration_id = %s", (case_codes.number(code),), role="muster")) == 1
    taken = people.check_in(case=code, status="safe")
    assert site.citizen().check_in(taken).status_code == 201
    assert say(warden, code, "safe", taken["client_id"]).status_code == 409, "it is the citizen's own"


def test_a_word_is_taken_back(site, warden, household):
    """The party is as if it had not been said; and what comes late of it stays taken back."""
    code, _ = household
    assert site.citizen().check_in(people.check_in(case=code, status="moving")).status_code == 201
    before = row(site, code, "last_status, last_check_in_at, check_in_by")
    client_id = str(uuid.uuid4())
    assert say(warden, code, "safe", client_id).status_code == 201
    undo = f"/warden/{code}/words/{client_id}"
    for _ in range(2):
        assert warden.act("DELETE", undo).status_code == 204
    assert row(site, code, "last_status, last_check_in_at, check_in_by") == before and mine(warden)[code]["word"] is None
    assert say(warden, code, "safe", client_id).status_code == 201
    assert row(site, code, "last_status") == ("moving",), "a copy that was under way changes nothing"
    assert warden.act("DELETE", f"/warden/{code}/words/{uuid.uuid4()}").status_code == 404
    assert [one["undone_at"] is not None for one in site.desk(number=205).case(code).json()["warden_words"]] == [True]


def test_what_is_wrong_is_named(warden, household):
    code, _ = household
    say_raw = lambda body: warden.act("POST", f"/warden/{code}/words", json=body)
    assert errors_of(say_raw({})) == {"client_id": "missing", "word": "missing"}
    assert errors_of(say_raw({"client_id": "x", "word": "fine", "at": "soon", "so": 1})) == {
        "client_id": "not_a_uuid", "word": "not_a_value", "at": "not_a_time", "so": "unknown"}


def test_a_lead_gives_and_takes(site, lead, warden, household):
    code, _ = household
    other = site.citizen().register(people.registration()).json()["case"]
    listed = lambda: [one["case"] for one in lead.act("GET", path(warden.user)).json()["households"]]
    assert listed() == [code]
    assert lead.act("PUT", path(warden.user), json={"cases": [code.lower(), other]}).status_code == 204
    assert set(mine(warden)) == {code, other} == set(listed())
    assert lead.act("PUT", path(warden.user), json={"cases": [other]}).status_code == 204
    assert set(mine(warden)) == {other} and say(warden, code, "safe").status_code == 404
    bad = lead.act("PUT", path(warden.user), json={"cases": [code, case_codes.code(12345), "nobody"]})
    assert errors_of(bad) == {"cases/2": "not_a_case"}
    assert errors_of(lead.act("PUT", path(warden.user), json={"cases": [code, case_codes.code(12345)]})) == {"cases/1": "not_a_case"}
    assert set(mine(warden)) == {other}, "all or none"
    assert errors_of(lead.act("PUT", path(warden.user), json={"cases": "x"})) == {"cases": "wrong_type"}
    assert errors_of(lead.act("PUT", path(warden.user), json={"so": 1})) == {"so": "unknown", "cases": "missing"}
    assert lead.act("PUT", path("nobody.here"), json={"cases": []}).status_code == 404
    assert lead.act("PUT", path(site.staff(number=205).user), json={"cases": []}).status_code == 404, "an officer is no warden"
    assert lead.act("DELETE", path(warden.user)).status_code == 204
    assert mine(warden) == {} and listed() == []


def test_who_may_give(site, warden, household):
    code, _ = household
    for desk, statuses in ((site.desk(number=205), (200, 403, 403)), (site.desk("viewer"), (200, 403, 403)), (warden, (403, 403, 403)), (site.desk("admin", 204), (403, 403, 403))):
        assert (desk.act("GET", path(warden.user)).status_code, desk.act("PUT", path(warden.user), json={"cases": []}).status_code,
                desk.act("DELETE", path(warden.user)).status_code) == statuses
    site.service.muster("staff", "add", "--user", "lead.warden.cotonou", "--role", "lead", "--crisis", CRISIS, "--post", "cotonou")
    there = site.browser()
    there.session.headers["Authorization"] = "Bearer " + site.service.muster_json("staff", "token", "--user", "lead.warden.cotonou")["token"]
    assert errors_of(there.act("PUT", path(warden.user), json={"cases": [code]})) == {"cases/0": "not_a_case"}
    assert there.act("GET", path(warden.user)).json()["households"] == []
    assert there.act("DELETE", path(warden.user)).status_code == 204
    assert set(mine(warden)) == {code}, "what is not theirs to see is not theirs to take away"


def test_everything_that_a_warden_must_not_do(site, warden, household):
    """Their own household's case, too: what they have is a list."""
    code, _ = household
    assert site.citizen().check_in(people.check_in(case=code, status="need_help")).status_code == 201
    for method, where, body in (
            ("GET", "/queues", None), ("GET", "/queues/assistance/cases", None), ("POST", "/queues/assistance/claim", {}), ("GET", f"/cases/{code}", None),
            ("GET", f"/cases/{code}/check-ins", None), ("GET", f"/cases/{code}/duplicates", None), ("POST", f"/cases/{code}/claim", {}),
            ("POST", f"/cases/{code}/notes", {"text": "x"}), ("POST", f"/cases/{code}/messages", {"text": "x"}), ("POST", f"/cases/{code}/check-ins", people.check_in()),
            ("POST", f"/cases/{code}/merge", {"with": code}), ("POST", f"/cases/{code}/unmerge", {"with": code}), ("GET", "/search?q=abcdef", None),
            ("POST", "/search", {"q": "abcdef"}), ("POST", "/registrations", people.registration()), ("GET", "/map", None), ("GET", "/figures", None),
            ("GET", "/policy?crisis=ner-2023", None), ("GET", "/broadcasts", None), ("GET", "/events", None)):
        answer = warden.act(method, where, **({} if body is None else {"json": body}))
        assert answer.status_code == 403, (method, where, answer.status_code)
    other = site.citizen().register(people.registration()).json()["case"]
    assert say(warden, other, "safe").status_code == 404 and say(warden, case_codes.code(12345), "safe").status_code == 404
    assert warden.act("DELETE", f"/warden/{other}/words/{uuid.uuid4()}").status_code == 404
    colleague = site.desk("warden", 204)
    assert mine(colleague) == {} and say(colleague, code, "safe").status_code == 404, "a list is one warden's"
    for role in ("officer", "viewer", "lead", "admin"):
        assert site.desk(role, 205).act("GET", "/warden").status_code == 403
        assert say(site.desk(role, 205), code, "safe").status_code == 403


def test_the_database_shows_them_nothing_else(site, warden, household):
    """Below the service: as the desk's role, for this warden, each table of the register is empty; the views have the list."""
    me, = site.query("SELECT staff_id FROM register.staff WHERE name = %s", (warden.user,), role="muster")[0]
    connection = site.cluster.connect("muster_desk", site.service.password_of("muster_desk"))
    try:
        with connection.cursor() as cursor:
            cursor.execute("SELECT set_config('muster.staff', %s, false)", (str(me),))
            for table in ("registration", "party_member", "contact", "check_in", "triage_case", "case_note", "message", "sms_piece", "kept_apart", "merged",
                          "warden_list", "warden_word", "case_count", "figure", "broadcast", "triage_policy"):
                cursor.execute(f"SELECT count(*) FROM (SELECT crisis_id FROM register.{table}) AS t" if table in ("registration", "triage_case", "case_count", "figure", "broadcast", "triage_policy")
                               else f"SELECT count(*) FROM (SELECT registration_id FROM register.{table}) AS t")
                assert cursor.fetchone() == (0,), table
            for view in ("my_household", "my_household_member", "my_household_phone"):
                cursor.execute(f"SELECT count(*) FROM desk.{view}")
                assert cursor.fetchone() == (1,), view
            cursor.execute("SELECT * FROM desk.find_parties('{}', '{}', '{}', '{}', '{}', 10)")
            assert cursor.fetchall() == []
            cursor.execute("SELECT set_config('muster.staff', '', false)")
            cursor.execute("SELECT count(*) FROM desk.my_household")
            assert cursor.fetchone() == (0,)
    finally:
        connection.close()


def test_a_merged_household_is_one(site, lead, warden, household):
    code, _ = household
    other = site.citizen().register(people.registration(intent="wants_evacuation")).json()["case"]
    assert lead.act("PUT", path(warden.user), json={"cases": [code, other]}).status_code == 204
    assert lead.do(other, "merge", {"with": code}).status_code == 200
    (one,) = mine(warden).values()
    assert one["case"] == other and len(one["names"]) == 2 and len(one["phones"]) == 2
    assert say(warden, other, "safe").status_code == 201 and row(site, other, "last_status") == ("safe",)


def test_an_account_that_is_no_more(site, warden):
    site.service.muster("staff", "disable", "--user", warden.user)
    assert warden.act("GET", "/warden").status_code == 401
