# SPDX-License-Identifier: Apache-2.0
"""What a party says by phone or radio, taken down by an officer: the same record and triage as the citizen's own, once, and on record who took it."""
import pytest

from harness import case_codes, people
from harness.waiting import until

STAFF = 202


@pytest.fixture
def officer(site):
    return site.desk(number=STAFF)


@pytest.fixture
def code(site):
    told = site.citizen().register(people.registration(intent="wants_evacuation"))
    assert told.status_code == 201, told.text
    return told.json()["case"]


def heard(desk, code, **changes):
    return desk.do(code, "check-ins", people.check_in(**changes))


def errors_of(answer):
    assert answer.status_code == 422, answer.text
    return {error["field"]: error["code"] for error in answer.json()["errors"]}


def test_it_is_a_check_in(site, officer, code):
    words, phone = people.words("her leg is broken, no water"), people.phone()
    sent = people.check_in(status="injured", needs=["medical_emergency", "food_water"], people=3, message=words, phone=phone, location=people.location())
    answer = officer.do(code, "check-ins", sent)
    assert answer.status_code == 201, answer.text
    assert answer.json() == {"receipt": sent["client_id"], "stored": "database", "band": 1}
    case = officer.case(code).json()
    assert (case["band"], case["queue"], case["last_status"], case["people"]) == (1, "emergency", "injured", 3)
    (said,) = case["check_ins"]
    assert (said["channel"], said["message"], said["sender"], said["location"]["place"]) == ("staff", words, phone, sent["location"]["place"])
    assert said["cell"] is not None and people.traces(site.cluster.dump()) == []
    left = site.query("SELECT s.name, a.detail FROM register.audit AS a JOIN register.staff AS s USING (staff_id) WHERE registration_id = %s AND action = 'check_in.take'",
                      (case_codes.number(code),), role="muster")
    assert left == [(site.staff(number=STAFF).user, {"client_id": sent["client_id"]})]


def test_the_same_as_by_the_citizen(site, officer, code):
    """One triage: what the citizen's own form would have made of it."""
    other = site.citizen().register(people.registration(intent="wants_evacuation")).json()["case"]
    told = {"status": "need_help", "needs": ["pregnant"], "message": people.words("we are trapped in the cellar")}
    assert heard(officer, code, **told).status_code == 201
    assert site.citizen().check_in(people.check_in(case=other, **told)).status_code == 201
    here, there = (officer.case(one).json() for one in (code, other))
    for key in ("band", "queue", "reasons", "needs", "last_status", "state"):
        assert here[key] == there[key], key


def test_once(site, officer, code):
    sent = people.check_in(status="need_help")
    for _ in range(3):
        assert officer.do(code, "check-ins", sent).status_code == 201
    assert officer.do(code, "check-ins", sent | {"status": "safe"}).status_code == 409
    other = site.citizen().register(people.registration(intent="wants_evacuation")).json()["case"]
    assert officer.do(other, "check-ins", sent).status_code == 409, "it is another party's"
    assert len(officer.case(code).json()["check_ins"]) == 1
    assert site.query("SELECT count(*) FROM register.audit WHERE action = 'check_in.take' AND registration_id = %s", (case_codes.number(code),), role="muster") == [(1,)]


def test_safe_closes_nothing(site, officer, code):
    assert heard(officer, code, status="in_danger").status_code == 201
    assert heard(officer, code, status="safe").status_code == 201
    case = officer.case(code).json()
    assert (case["state"], case["band"], case["last_status"]) == ("open", 2, "safe"), "an officer closes it, with a word why"


def test_what_is_wrong_is_named(officer, code):
    assert errors_of(officer.do(code, "check-ins", {"status": "fine", "phone": "x", "case": code, "needs": ["cake"], "so": 1, "people": 0})) == {
        "client_id": "missing", "status": "not_a_value", "phone": "not_a_phone", "case": "unknown", "needs/0": "not_a_value", "so": "unknown", "people": "out_of_range"}
    assert officer.act("POST", f"/cases/{code}/check-ins", data="{").status_code in (400, 415)
    assert heard(officer, case_codes.code(12345)).status_code == 404


def test_who_may(site, code):
    assert heard(site.desk("viewer"), code).status_code == 403
    assert heard(site.desk("admin", STAFF), code).status_code == 403
    site.service.muster("staff", "add", "--user", "officer.heard.cotonou", "--role", "officer", "--crisis", "ner-2023", "--post", "cotonou")
    there = site.browser()
    there.session.headers["Authorization"] = "Bearer " + site.service.muster_json("staff", "token", "--user", "officer.heard.cotonou")["token"]
    assert heard(there, code).status_code == 404
    assert site.query("SELECT count(*) FROM register.check_in WHERE registration_id = %s", (case_codes.number(code),), role="muster") == [(0,)]
    until(lambda: heard(site.desk(number=STAFF), code).status_code == 201, "its own officer may")


def test_what_is_merged_is_heard_of_in_the_one_case(site, officer, code):
    other = site.citizen().register(people.registration(intent="wants_evacuation")).json()["case"]
    assert officer.do(code, "merge", {"with": other}).status_code == 200
    assert heard(officer, other, status="injured").status_code == 201
    case = officer.case(code).json()
    assert case["band"] == 2 and case["check_ins"][0]["case"] == other
