# SPDX-License-Identifier: Apache-2.0
"""A relative asks after someone: it reaches an officer, and tells the relative nothing."""
import uuid

import pytest

from harness import people


def inquiry(**changes):
    return {"crisis": "ner-2023", "client_id": str(uuid.uuid4()),
            "about": {"family_name": people.name(), "given_names": people.name(), "place": people.words("last seen at the bus station")},
            "asker": {"name": people.name(), "relation": "sister", "phone": people.phone()},
            "message": people.words("she takes medicine every day")} | changes


def test_it_reaches_the_inquiry_queue(citizen, desk):
    sent = inquiry()
    answer = citizen.post("/api/v1/inquiries", json=sent)
    assert answer.status_code == 201, answer.text
    assert answer.json() == {"inquiry": sent["client_id"], "stored": "database"}
    listed = [case for case in desk.cases("inquiry") if case["name"] and sent["about"]["family_name"] in case["name"]]
    assert len(listed) == 1, desk.cases("inquiry")
    assert listed[0]["band"] == 5 and listed[0]["reasons"] == ["inquiry"]
    case = desk.case(listed[0]["case"]).json()
    assert case["party"][0]["family_name"] == sent["about"]["family_name"]
    assert sent["message"] in case["party"][0]["needs_note"]
    assert case["emergency_contact"]["name"] == sent["asker"]["name"]
    assert case["location"]["place"] == sent["about"]["place"]


def test_it_is_the_same_for_someone_registered(citizen, registered):
    """Neither words nor status tell whether the register knows the person."""
    sent, _ = registered
    person = sent["party"][0]
    known = citizen.post("/api/v1/inquiries", json=inquiry(about={"family_name": person["family_name"]}))
    unknown = citizen.post("/api/v1/inquiries", json=inquiry())
    assert (known.status_code, set(known.json())) == (unknown.status_code, set(unknown.json())) == (201, {"inquiry", "stored"})


def test_sent_again_it_is_one(site, citizen):
    sent = inquiry()
    first, again = (citizen.post("/api/v1/inquiries", json=sent) for _ in range(2))
    assert (first.status_code, first.json()) == (again.status_code, again.json())
    assert citizen.post("/api/v1/inquiries", json=sent | {"message": people.words("something else")}).status_code == 409
    assert site.query("SELECT count(*) FROM register.registration WHERE client_id = %s", (sent["client_id"],), role="muster") == [(1,)]


def test_the_askers_phone_is_not_the_persons(citizen, desk):
    """A text from the asker's phone is the asker's, not a sign of life of the one who is sought."""
    sent = inquiry()
    citizen.post("/api/v1/inquiries", json=sent)
    citizen.check_in(people.check_in(phone=sent["asker"]["phone"], status="safe"))
    case = next(case for case in desk.cases("inquiry") if case["name"] and sent["about"]["family_name"] in case["name"])
    assert desk.case(case["case"]).json()["check_ins"] == []


@pytest.mark.parametrize(("change", "field", "code"), [
    ({"about": {}}, "about/family_name", "missing"), ({"about": {"family_name": "X", "birth_date": "1999-02-30"}}, "about/birth_date", "not_a_date"),
    ({"asker": {"phone": "12"}}, "asker/phone", "not_a_phone"), ({"about": {"family_name": "X", "nick": "Y"}}, "about/nick", "unknown"),
    ({"message": "x" * 3000}, "message", "too_long"), ({"crisis": "xyz-1900"}, "crisis", "not_a_crisis"),
])
def test_faults_are_named_as_the_asker_sent_them(citizen, change, field, code):
    answer = citizen.post("/api/v1/inquiries", json=inquiry(**change))
    assert answer.status_code == 422
    assert {error["field"]: error["code"] for error in answer.json()["errors"]} == {field: code}
