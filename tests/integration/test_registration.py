# SPDX-License-Identifier: Apache-2.0
"""A party registers: whole, half, twice, wrongly."""
import concurrent.futures
import datetime
import re
import uuid

import pytest

from harness import case_codes, people

# What is wrong, where it is named, and with which code. Each row spoils one field of a whole registration.
BAD_FIELDS = [
    ("crisis", lambda r: r.update(crisis="no-such-crisis"), "not_a_crisis"),
    ("client_id", lambda r: r.update(client_id="not-a-uuid"), "not_a_uuid"),
    ("language", lambda r: r.update(language="english please"), "not_a_language"),
    ("party/0/family_name", lambda r: r["party"][0].update(family_name="A" * 121), "too_long"),
    ("party/0/given_names", lambda r: r["party"][0].update(given_names=17), "wrong_type"),
    ("party/0/birth_date", lambda r: r["party"][0].update(birth_date="2023-02-30"), "not_a_date"),
    ("party/0/citizenships/0", lambda r: r["party"][0].update(citizenships=["Freedonia"]), "not_a_country"),
    ("party/0/category", lambda r: r["party"][0].update(category="ambassador"), "not_a_value"),
    ("party/0/document/country", lambda r: r["party"][0]["document"].update(country="ZZ"), "not_a_country"),
    ("party/0/needs/0", lambda r: r["party"][0].update(needs=["helicopter"]), "not_a_value"),
    ("contacts/0/kind", lambda r: r["contacts"][0].update(kind="telegraph"), "not_a_value"),
    ("contacts/1/value", lambda r: r["contacts"].append({"kind": "email", "value": "nobody at home"}), "not_an_email"),
    ("location/lat", lambda r: r["location"].update(lat=91.5), "out_of_range"),
    ("intent", lambda r: r.update(intent="perhaps"), "not_a_value"),
    ("emergency_contact/phone", lambda r: r["emergency_contact"].update(phone="call me"), "not_a_phone"),
    ("consent/family", lambda r: r["consent"].update(family="yes"), "wrong_type"),
    ("colour", lambda r: r.update(colour="blue"), "unknown"),
]


def spoilt():
    """One registration with every row's fault at once."""
    body = people.registration()
    for _, spoil, _ in BAD_FIELDS:
        spoil(body)
    return body


def named_errors(answer):
    assert answer.status_code == 422, answer.text
    assert answer.headers["Content-Type"].startswith("application/problem+json")
    problem = answer.json()
    assert problem["status"] == 422 and problem["title"] and problem["detail"] and problem["type"]
    return {error["field"]: error for error in problem["errors"]}


def test_every_field(site, citizen):
    sent = people.registration(party=[people.member(needs=["medication", "mobility"], needs_note=people.words("insulin")),
                                      people.member(category="immediate_family", citizenships=["US", "NE"])],
                               contacts=[{"kind": "phone", "value": people.phone(), "primary": True},
                                         {"kind": "whatsapp", "value": people.phone()},
                                         {"kind": "email", "value": f"{people.name().lower()}@example.org"}],
                               intent="leaving_by_own_means")
    answer = citizen.register(sent)
    assert answer.status_code == 201, answer.text
    told = answer.json()
    assert re.fullmatch(r"[0-9A-HJKMNP-TV-Z]{5}-[0-9A-HJKMNP-TV-Z]{5}", told["case"])
    assert told["stored"] == "database" and told["secret"]
    due = datetime.datetime.fromisoformat(told["check_in_by"].replace("Z", "+00:00"))
    assert due > datetime.datetime.now(datetime.timezone.utc)
    rows = site.query("SELECT crisis, post, size, intent, needs, state, stored_via FROM report.party WHERE registration_id = %s",
                      (case_codes.number(told["case"]),))
    assert len(rows) == 1
    crisis, post, size, intent, needs, state, stored_via = rows[0]
    assert (crisis, size, intent, state, stored_via) == ("ner-2023", 2, "leaving_by_own_means", "registered", "database")
    assert set(needs) == {"medication", "mobility"} and post


def test_a_name_is_enough(citizen):
    sent = {"crisis": "ner-2023", "client_id": str(uuid.uuid4()), "party": [{"given_names": people.name()}]}
    assert citizen.register(sent).status_code == 201


def test_half_empty_fields_are_as_absent(citizen):
    sent = people.registration(party=[{"family_name": people.name(), "given_names": None, "birth_date": None}], contacts=[],
                               location=None, emergency_contact=None, consent=None, language=None)
    assert citizen.register(sent).status_code == 201


@pytest.mark.parametrize("missing", ["crisis", "client_id", "party"])
def test_what_is_required(citizen, missing):
    sent = people.registration()
    del sent[missing]
    assert named_errors(citizen.register(sent))[missing]["code"] == "missing"


def test_a_party_without_any_name(citizen):
    sent = people.registration(party=[{"birth_date": "1980-01-01"}, {"family_name": "  "}])
    assert named_errors(citizen.register(sent))["party/0/family_name"]["code"] == "missing"


def test_the_same_again_is_the_same_answer(site, citizen):
    sent = people.registration()
    first = citizen.register(sent)
    again = [citizen.register(sent) for _ in range(3)]
    assert first.status_code == 201
    assert {(answer.status_code, answer.text) for answer in again} == {(first.status_code, first.text)}
    assert site.query("SELECT count(*) FROM report.party WHERE registration_id = %s",
                      (case_codes.number(first.json()["case"]),)) == [(1,)]


def test_the_same_at_the_same_moment(site):
    sent = people.registration()
    with concurrent.futures.ThreadPoolExecutor(16) as pool:
        answers = list(pool.map(lambda _: site.citizen().register(sent), range(32)))
    assert {answer.status_code for answer in answers} == {201}
    assert len({(answer.json()["case"], answer.json()["secret"]) for answer in answers}) == 1
    assert site.query("SELECT count(*) FROM report.party WHERE registration_id = %s",
                      (case_codes.number(answers[0].json()["case"]),)) == [(1,)]


def test_another_order_of_members_is_the_same_content(citizen):
    sent = people.registration()
    first = citizen.register(sent)
    turned = dict(reversed(sent.items()))
    assert citizen.register(turned).text == first.text


def test_other_content_under_the_same_id_is_refused(citizen):
    sent = people.registration()
    assert citizen.register(sent).status_code == 201
    assert citizen.register(sent | {"intent": "wants_evacuation"}).status_code == 409
    assert citizen.register(sent).status_code == 201, "the first stands"


def test_idempotency_key_is_the_client_id(citizen):
    sent = people.registration()
    key = sent.pop("client_id")
    first = citizen.register(sent, headers={"Idempotency-Key": key})
    assert first.status_code == 201
    assert citizen.register(sent | {"client_id": key}).json()["case"] == first.json()["case"]


@pytest.mark.parametrize("language", ["en", "fr"])
def test_every_fault_is_named_at_once(citizen, language):
    errors = named_errors(citizen.register(spoilt(), headers={"Accept-Language": language}))
    wanted = {field: code for field, _, code in BAD_FIELDS}
    # the crisis is looked up once the record itself can be read, so it may come in a second answer
    wanted.pop("crisis")
    assert {field: error["code"] for field, error in errors.items() if field in wanted} == wanted
    assert all(error["message"].strip() for error in errors.values())


def test_the_faults_are_told_in_the_callers_language(citizen):
    english = named_errors(citizen.register(spoilt(), headers={"Accept-Language": "en"}))
    french = named_errors(citizen.register(spoilt(), headers={"Accept-Language": "fr"}))
    assert english.keys() == french.keys()
    assert all(english[field]["message"] != french[field]["message"] for field in english)


@pytest.mark.parametrize(("field", "spoil", "code"), BAD_FIELDS, ids=[row[0] for row in BAD_FIELDS])
def test_one_bad_field(site, citizen, field, spoil, code):
    before = site.query("SELECT count(*) FROM report.party")
    sent = people.registration()
    spoil(sent)
    errors = named_errors(citizen.register(sent))
    assert {name: error["code"] for name, error in errors.items()} == {field: code}
    assert site.query("SELECT count(*) FROM report.party") == before


def test_birth_dates_that_cannot_be(citizen):
    for date, code in (("2999-01-01", "date_in_future"), ("1850-01-01", "date_too_old"), ("1980-13-01", "not_a_date"),
                       ("01/02/1980", "not_a_date"), ("1900-02-29", "not_a_date"), ("0000-00-00", "not_a_date")):
        errors = named_errors(citizen.register(people.registration(party=[people.member(birth_date=date)])))
        assert errors["party/0/birth_date"]["code"] == code, date


def test_own_record(citizen, registered):
    sent, told = registered
    answer = citizen.own_record(told["case"], told["secret"])
    assert answer.status_code == 200, answer.text
    record = answer.json()
    assert record["case"] == told["case"] and record["crisis"] == sent["crisis"]
    assert people.traces(answer.content) == [], "the front door cannot open what it sealed"
    loose = told["case"].lower().replace("-", " ").replace("0", "o").replace("1", "l")
    assert citizen.own_record(loose, told["secret"].lower()).status_code == 200


def test_a_wrong_secret_and_an_unknown_case_look_the_same(citizen, registered):
    _, told = registered
    unknown = case_codes.code((case_codes.number(told["case"]) + 12345) % 2**45)
    wrong = ("0" if told["secret"][0] != "0" else "2") + told["secret"][1:]
    answers = [citizen.own_record(told["case"], wrong), citizen.own_record(unknown, told["secret"]),
               citizen.own_record(unknown, "short"), citizen.get(f"/api/v1/registrations/{told['case']}")]
    assert len({(answer.status_code, answer.text) for answer in answers[:3]}) == 1
    assert answers[0].status_code in (401, 403, 404) and answers[3].status_code in (401, 403, 404)


def test_the_second_secret_of_one_id_is_the_first(citizen):
    sent = people.registration()
    assert citizen.register(sent).json()["secret"] == citizen.register(sent).json()["secret"]
    assert citizen.register(people.registration()).json()["secret"] != citizen.register(sent).json()["secret"]
