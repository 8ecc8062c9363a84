# SPDX-License-Identifier: Apache-2.0
"""Wardens' lists as the desk works them: households given and taken one by one, how they stand, and who on them is overdue."""
import uuid

import pytest

from harness import case_codes, people
from harness.service import CRISIS

LEAD = 330
EVERYTHING = {"households": 0, "heard": 0, "not_found": 0, "to_visit": 0, "overdue": 0}


@pytest.fixture
def lead(site):
    return site.desk("lead", LEAD)


@pytest.fixture
def warden(site):
    """Who has nothing on their list yet."""
    number = site.__dict__.setdefault("_listed", 330) + 1
    site.__dict__["_listed"] = number
    desk = site.desk("warden", number)
    desk.user = site.staff("warden", number).user
    return desk


def household(site, **more):
    return site.citizen().register(people.registration(**more)).json()["case"]


def path(user, code=None):
    return f"/wardens/{user}/households{f'/{code}' if code else ''}"


def add(desk, user, *codes):
    return desk.act("POST", path(user), json={"cases": list(codes)})


def errors_of(answer):
    assert answer.status_code == 422, answer.text
    return {error["field"]: error["code"] for error in answer.json()["errors"]}


def figures(desk, user, **asked):
    answer = desk.act("GET", "/wardens", params=asked)
    assert answer.status_code == 200, answer.text
    return {name: value for name, value in next(one for one in answer.json()["wardens"] if one["user"] == user).items() if name != "user"}


def listed(desk, user):
    return desk.act("GET", path(user)).json()["households"]


def say(desk, code, word):
    assert desk.act("POST", f"/warden/{code}/words", json={"client_id": str(uuid.uuid4()), "word": word}).status_code == 201


def wait_in_vain(site, code, since="2 hours"):
    """They were to be heard from, and were not."""
    site.query("UPDATE register.registration SET check_in_by = now() - %s::interval WHERE registration_id = %s", (since, case_codes.number(code)), role="muster")


def left(site, code, action):
    return site.query("SELECT s.name FROM register.audit AS a JOIN register.staff AS s USING (staff_id) WHERE a.registration_id = %s AND a.action = %s",
                      (case_codes.number(code), action), role="muster")


def test_households_are_added_and_taken_one_by_one(site, lead, warden):
    one, other = household(site), household(site)
    assert add(lead, warden.user, one).status_code == 204 and add(lead, warden.user, other.lower(), one).status_code == 204
    assert {item["case"] for item in listed(lead, warden.user)} == {one, other} == {item["case"] for item in warden.act("GET", "/warden").json()["households"]}
    assert left(site, one, "warden.give") == [(site.staff("lead", LEAD).user,)] == left(site, other, "warden.give"), "each once"
    for _ in range(2):
        assert lead.act("DELETE", path(warden.user, one)).status_code == 204
    assert [item["case"] for item in listed(lead, warden.user)] == [other] and len(left(site, one, "warden.take")) == 1
    assert lead.act("DELETE", path(warden.user, "nonsense")).status_code == 404 and lead.act("DELETE", path("nobody.here", other)).status_code == 404


def test_what_cannot_be_given_is_named_and_nothing_is(site, lead, warden):
    one = household(site)
    mistyped = one[:-1] + ("0" if one[-1] != "0" else "1")
    assert errors_of(add(lead, warden.user, one, mistyped, "nobody")) == {"cases/1": "case_mistyped", "cases/2": "not_a_case"}
    assert errors_of(add(lead, warden.user, one, case_codes.code(12345))) == {"cases/1": "not_a_case"}
    assert errors_of(lead.act("POST", path(warden.user), json={"so": 1})) == {"so": "unknown", "cases": "missing"}
    assert add(lead, "nobody.here", one).status_code == 404 and add(lead, site.staff("officer", 332).user, one).status_code == 404
    assert listed(lead, warden.user) == [] and left(site, one, "warden.give") == []


def test_a_list_has_an_end(site, lead, warden):
    """Five hundred, as the warden is shown; a list that two leads fill is counted as one."""
    one = household(site)
    site.query("INSERT INTO register.warden_list (registration_id, staff_id) SELECT r.registration_id, s.staff_id FROM register.staff AS s, "
               "(SELECT registration_id FROM register.registration WHERE registration_id <> %s LIMIT 3) AS r WHERE s.name = %s", (case_codes.number(one), warden.user), role="muster")
    me, = site.query("SELECT staff_id FROM register.staff WHERE name = %s", (site.staff("lead", LEAD).user,), role="muster")[0]
    connection = site.cluster.connect("muster_desk", site.service.password_of("muster_desk"))
    try:
        with connection.cursor() as cursor:
            cursor.execute("SELECT set_config('muster.staff', %s, false)", (str(me),))
            cursor.execute("SELECT is_full, bad FROM desk.add_to_warden_list(%s, ARRAY[%s], 3, '')", (warden.user, case_codes.number(one)))
            assert cursor.fetchall() == [(True, [])]
    finally:
        connection.close()
    assert one not in {item["case"] for item in listed(lead, warden.user)}
    assert errors_of(add(lead, warden.user, *[case_codes.code(number) for number in range(1000, 1501)])) == {"cases": "too_many"}


def test_how_households_stand(site, lead, warden):
    citizen = site.citizen()
    heard, safe, absent, silent, fresh = (household(site) for _ in range(5))
    assert figures(lead, warden.user) == EVERYTHING
    assert add(lead, warden.user, heard, safe, absent, silent, fresh).status_code == 204
    assert figures(lead, warden.user) == {**EVERYTHING, "households": 5, "to_visit": 5}
    assert citizen.check_in(people.check_in(case=heard, status="moving")).status_code == 201
    say(warden, safe, "safe")
    say(warden, absent, "not_found")
    assert figures(lead, warden.user) == {**EVERYTHING, "households": 5, "heard": 2, "not_found": 1, "to_visit": 2}
    wait_in_vain(site, heard)
    wait_in_vain(site, silent)
    assert figures(lead, warden.user) == {"households": 5, "heard": 1, "not_found": 1, "to_visit": 3, "overdue": 2}, "who was heard from too long ago is to be visited"
    lines = {item["case"]: item for item in listed(lead, warden.user)}
    assert [item["overdue"] for item in lines.values()] == [True, True, False, False, False] and set(list(lines)[:2]) == {heard, silent}, "first"
    assert lines[absent]["stands"] == "not_found" and lines[absent]["word"] == "not_found" and lines[absent]["last_heard_at"] is None
    assert lines[safe]["stands"] == "heard" and lines[safe]["last_heard_at"] and lines[heard]["stands"] == "to_visit"
    assert citizen.check_in(people.check_in(case=absent, status="safe")).status_code == 201
    assert {item["case"]: item for item in listed(lead, warden.user)}[absent]["stands"] == "heard", "they were found elsewhere"
    site.query("UPDATE register.registration SET last_status = 'departed' WHERE registration_id = %s", (case_codes.number(silent),), role="muster")
    assert figures(lead, warden.user)["overdue"] == 1, "who has left is waited for no more"


def test_whose_list_has_a_case(site, lead, warden):
    one, other = household(site), household(site)
    assert add(lead, warden.user, one).status_code == 204
    assert "has_case" not in figures(lead, warden.user)
    assert figures(lead, warden.user, case=one)["has_case"] is True and figures(lead, warden.user, case=other)["has_case"] is False
    assert lead.act("GET", "/wardens", params={"case": "nonsense"}).status_code == 400


def test_a_merged_household_stands_as_one(site, lead, warden):
    one, other = household(site), household(site, intent="wants_evacuation")
    assert add(lead, warden.user, one, other).status_code == 204 and lead.do(other, "merge", {"with": one}).status_code == 200
    say(warden, other, "not_found")
    assert figures(lead, warden.user) == {**EVERYTHING, "households": 1, "not_found": 1}
    assert {item["case"]: item["stands"] for item in listed(lead, warden.user)} == {one: "not_found", other: "not_found"}
    assert figures(lead, warden.user, case=one)["has_case"] is True
    assert lead.act("DELETE", path(warden.user, one)).status_code == 204
    assert listed(lead, warden.user) == [] and warden.act("GET", "/warden").json()["households"] == [], "with what became part of it"


def test_giving_is_no_look(site, lead, warden):
    """Who gave a case to a warden owes the reason for opening it as before."""
    code = household(site)
    assert site.citizen().check_in(people.check_in(case=code, status="injured")).status_code == 201
    number, me = case_codes.number(code), site.query("SELECT staff_id FROM register.staff WHERE name = %s", (site.staff("lead", LEAD).user,), role="muster")[0][0]
    owes = lambda: site.query("SELECT set_config('muster.staff', %s, true), desk.owes_why(%s)", (str(me), number), role="muster")[0][1]
    site.query("UPDATE register.triage_case SET state = 'resolved', resolved_at = now() WHERE registration_id = %s RETURNING 1", (number,), role="muster")
    kept = site.query("SELECT ask_why FROM register.crisis WHERE crisis_id = %s", (CRISIS,), role="muster")[0]
    site.query("UPDATE register.crisis SET ask_why = ARRAY['resolved'] WHERE crisis_id = %s RETURNING 1", (CRISIS,), role="muster")
    try:
        assert owes() and add(lead, warden.user, code).status_code == 204 and owes()
    finally:
        site.query("UPDATE register.crisis SET ask_why = %s WHERE crisis_id = %s RETURNING 1", (*kept, CRISIS), role="muster")


def test_whose_households_count(site, lead, warden):
    """A lead of another post sees the warden, and of the list nothing; and changes nothing."""
    code = household(site)
    assert add(lead, warden.user, code).status_code == 204
    site.service.muster("staff", "add", "--user", "lead.lists.cotonou", "--role", "lead", "--crisis", CRISIS, "--post", "cotonou")
    there = site.browser()
    there.session.headers["Authorization"] = "Bearer " + site.service.muster_json("staff", "token", "--user", "lead.lists.cotonou")["token"]
    assert figures(there, warden.user) == EVERYTHING and figures(there, warden.user, case=code)["has_case"] is False
    assert errors_of(add(there, warden.user, code)) == {"cases/0": "not_a_case"} and there.act("DELETE", path(warden.user, code)).status_code == 404
    for desk, look in ((site.desk("officer", 332), 200), (site.desk("viewer", 333), 200), (warden, 403), (site.desk("admin", 334), 403)):
        assert (desk.act("GET", "/wardens").status_code, add(desk, warden.user, code).status_code, desk.act("DELETE", path(warden.user, code)).status_code) == (look, 403, 403)
    assert [item["case"] for item in listed(lead, warden.user)] == [code]


def test_the_warden_sees_who_is_overdue(site, lead, warden):
    never, once, well = (household(site) for _ in range(3))
    assert add(lead, warden.user, never, once, well).status_code == 204
    assert site.citizen().check_in(people.check_in(case=once, status="safe")).status_code == 201
    for code in (never, once):
        wait_in_vain(site, code)
    mine = lambda: {item["case"]: item for item in warden.act("GET", "/warden").json()["households"]}
    assert {code: item["overdue"] for code, item in mine().items()} == {never: True, once: True, well: False}
    assert mine()[never]["last_heard_at"] is None and mine()[once]["last_heard_at"] and mine()[never]["check_in_by"]
    say(warden, once, "safe")
    say(warden, never, "not_found")
    assert {code: item["overdue"] for code, item in mine().items()} == {never: True, once: False, well: False}, "nobody was heard from"
