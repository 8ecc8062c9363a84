# SPDX-License-Identifier: Apache-2.0
"""Parties taken down by an officer at the phone or the radio: the same record, the same rules, once, and only where they work."""
import pytest

from harness import case_codes, people


def take(desk, body, **options):
    return desk.act("POST", "/registrations", json=body, **options)


def test_taken_down_it_is_a_registration_like_any(site, desk):
    sent = people.registration()
    answer = take(desk, sent)
    assert answer.status_code == 201, answer.text
    told = answer.json()
    assert told["stored"] == "database" and case_codes.number(told["case"]) >= 0
    own = site.citizen().own_record(told["case"], told["secret"])
    assert own.status_code == 200, "the caller can go on by themselves with what they were read"
    row = site.query("SELECT channel, stored_via, post_id FROM register.registration WHERE registration_id = %s",
                     (case_codes.number(told["case"]),), role="muster")[0]
    assert row == ("staff", "database", "niamey")
    actions = site.query("SELECT action FROM register.audit WHERE registration_id = %s", (case_codes.number(told["case"]),), role="muster")
    assert [action for (action,) in actions].count("registration.take") == 1


def test_the_edge_and_the_desk_make_the_same_of_the_same(site, desk, citizen):
    """A caller who then sends the form all the same, with the same client_id, is one party with one code."""
    sent = people.registration()
    at_desk = take(desk, sent).json()
    again = take(desk, sent)
    assert again.status_code == 201 and again.json() == at_desk
    by_form = citizen.register(sent)
    assert by_form.status_code == 201 and by_form.json()["case"] == at_desk["case"] and by_form.json()["secret"] == at_desk["secret"]
    other = take(desk, {**sent, "party": [people.member()]})
    assert other.status_code == 409
    assert site.query("SELECT count(*) FROM register.registration WHERE client_id = %s", (sent["client_id"],), role="muster") == [(1,)]
    assert site.query("SELECT count(*) FROM register.audit WHERE action = 'registration.take' AND registration_id = %s",
                      (case_codes.number(at_desk["case"]),), role="muster") == [(1,)], "said again it is not taken again"


def test_a_cry_on_the_phone_is_a_case_at_once(desk):
    sent = people.registration(party=[people.member(needs=["medical_emergency"])])
    told = take(desk, sent).json()
    one = desk.case(told["case"]).json()
    assert one["queue"] == "emergency" and one["band"] <= 2


@pytest.mark.parametrize(("change", "field"), [
    ({"crisis": "nowhere-1999"}, "crisis"), ({"crisis": None}, "crisis"), ({"client_id": "7"}, "client_id"), ({"party": []}, "party"),
    ({"party": [{"birth_date": "1990-02-31", "family_name": "X"}]}, "party/0/birth_date"),
    ({"contacts": [{"kind": "phone", "value": "123"}]}, "contacts/0/value"), ({"shoe_size": 43}, "shoe_size"),
])
def test_each_fault_is_named(desk, change, field):
    answer = take(desk, {**people.registration(), **change})
    assert answer.status_code == 422, answer.text
    assert field in [error["field"] for error in answer.json()["errors"]]


def test_what_is_no_json(desk):
    assert desk.act("POST", "/registrations", data="{", headers={"Content-Type": "application/json"}).status_code == 400
    assert desk.act("POST", "/registrations", data="{}", headers={"Content-Type": "text/plain"}).status_code == 415


@pytest.mark.parametrize("role", ["viewer", "warden", "admin"])
def test_who_may_not_take_anybody_down(site, role):
    sent = people.registration()
    assert take(site.desk(role), sent).status_code == 403
    assert site.query("SELECT count(*) FROM register.registration WHERE client_id = %s", (sent["client_id"],), role="muster") == [(0,)]


HELPER = 141


@pytest.fixture
def helper(site):
    """An officer of a helping post alone."""
    name = (site.staff(number=HELPER).user,)
    site.query("UPDATE register.staff_access SET post_id = 'cotonou' WHERE staff_id = (SELECT staff_id FROM register.staff WHERE name = %s) "
               "RETURNING 1", name, role="muster")
    return site.desk(number=HELPER)


def test_a_helping_post_sees_whom_it_took_down(site, helper):
    told = take(helper, people.registration(party=[people.member(needs=["detained"])]))
    assert told.status_code == 201, told.text
    assert helper.case(told.json()["case"]).status_code == 200
    assert site.query("SELECT r.post_id, t.post_id FROM register.registration AS r JOIN register.triage_case AS t USING (registration_id) "
                      "WHERE registration_id = %s", (case_codes.number(told.json()["case"]),), role="muster") == [("cotonou", "cotonou")]


def test_the_database_itself_refuses_a_stranger(site):
    """Were the desk's own check gone, the function would store nothing for who does not work the crisis."""
    sent = people.registration()
    columns = ("ARRAY[5]::bigint[], ARRAY['{id}']::uuid[], ARRAY['{crisis}'], ARRAY['\\x00'::bytea], ARRAY['\\x00'::bytea], ARRAY['en'], ARRAY[0::smallint], "
               "ARRAY[0], ARRAY[NULL::text], ARRAY[NULL::text], ARRAY[NULL::boolean], ARRAY[NULL::boolean], ARRAY[NULL::uuid], ARRAY[NULL::bytea], "
               "ARRAY[NULL::bytea], ARRAY['staff'], ARRAY[now()], ARRAY['database'], ARRAY[NULL::smallint], ARRAY[0], ARRAY[NULL::text], "
               "ARRAY[NULL::timestamptz], '{{}}'::integer[], '{{}}'::smallint[], '{{}}'::text[], '{{}}'::integer[], '{{}}'::bytea[], '{{}}'::bytea[], '{{}}'::integer[], "
               "'{{}}'::smallint[], '{{}}'::text[], '{{}}'::boolean[], '{{}}'::bytea[], '{{}}'::bytea[], '{{}}'::uuid[], '{{}}'::text[], '{{}}'::timestamptz[], "
               "'{{}}'::uuid[], '{{}}'::text[], '{{}}'::bytea[], '{{}}'::text[], 'test'").format(id=sent["client_id"], crisis=sent["crisis"])
    for staff in ("", "999999"):
        rows = site.query(f"SELECT s.* FROM set_config('muster.staff', %s, true), LATERAL desk.store_registration({columns}) AS s", (staff,), role="muster")
        assert rows == [], "nobody in particular, and somebody without access"
    assert site.query("SELECT count(*) FROM register.registration WHERE registration_id = 5", role="muster") == [(0,)]
