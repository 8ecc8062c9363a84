# SPDX-License-Identifier: Apache-2.0
"""Citizens say how they are: by case or phone, known or not, once or often; and which band that gives."""
import concurrent.futures
import random
import uuid

import pytest

from harness import case_codes, people

# Status, needs, and the band of the domain page (None: nobody need look).
BANDS = [
    ("safe", [], None),
    ("departed", [], None),
    ("moving", [], 3),
    ("need_help", [], 3),
    ("need_help", ["transport"], 3),
    ("need_help", ["medication"], 2),
    ("need_help", ["pregnant"], 2),
    ("need_help", ["unaccompanied_minor"], 2),
    ("need_help", ["detained"], 2),
    ("injured", [], 2),
    ("in_danger", [], 2),
    ("injured", ["medical_emergency"], 1),
    ("in_danger", ["violence"], 1),
    ("in_danger", ["unaccompanied_minor"], 1),
    ("safe", ["medical_emergency"], 2),
    ("safe", ["documents"], 4),
    ("moving", ["documents"], 3),
    ("safe", ["pets"], 5),
]


def errors_of(answer):
    assert answer.status_code == 422, answer.text
    return {error["field"]: error["code"] for error in answer.json()["errors"]}


@pytest.mark.parametrize(("status", "needs", "band"), BANDS)
def test_bands(site, citizen, registered, status, needs, band):
    _, told = registered
    sent = people.check_in(case=told["case"], status=status, needs=needs)
    answer = citizen.check_in(sent)
    assert answer.status_code == 201, answer.text
    assert answer.json()["receipt"] == sent["client_id"] and answer.json()["stored"] == "database"
    assert answer.json()["band"] == band
    assert site.check_ins_of(sent["client_id"]) == [(case_codes.number(told["case"]), status, band, "database")]
    cases = site.query("SELECT queue, band, state FROM report.triage_case WHERE registration_id = %s",
                       (case_codes.number(told["case"]),))
    queue = "emergency" if band in (1, 2) else "assistance"
    assert cases == ([] if band is None else [(queue, band, "open")])


def test_by_case_in_any_spelling(site, citizen, registered):
    _, told = registered
    plain = told["case"].replace("-", "")
    for spelling in (plain, plain.lower(), " ".join(plain), plain.replace("0", "O").replace("1", "I"),
                     plain.replace("0", "o").replace("1", "l")):
        sent = people.check_in(case=spelling)
        assert citizen.check_in(sent).status_code == 201, spelling
        assert site.check_ins_of(sent["client_id"])[0][0] == case_codes.number(told["case"])


def test_by_phone_in_any_spelling(site, citizen, registered):
    registration, told = registered
    national = registration["contacts"][0]["value"].removeprefix("+227")
    for spelling in (f"+227{national}", national, f"00227{national}", f"+227 {national[:2]} {national[2:5]}-{national[5:]}"):
        sent = people.check_in(phone=spelling)
        assert citizen.check_in(sent).status_code == 201, spelling
        assert site.check_ins_of(sent["client_id"])[0][0] == case_codes.number(told["case"])


def test_an_unknown_case_is_kept_for_identification(site, citizen):
    unknown = random.Random(41).randrange(2**45)
    sent = people.check_in(case=case_codes.code(unknown), status="need_help", message=people.words("we are at the school"))
    answer = citizen.check_in(sent)
    assert answer.status_code == 201, answer.text
    assert site.check_ins_of(sent["client_id"])[0][0] == unknown
    assert site.query("SELECT queue, state FROM report.triage_case WHERE registration_id = %s", (unknown,)) == [
        ("identification", "open")]


def test_an_unknown_phone_is_kept_for_identification(site, citizen):
    phone = people.phone()
    first, second = people.check_in(phone=phone, status="need_help"), people.check_in(phone=phone, status="safe")
    assert citizen.check_in(first).status_code == 201 and citizen.check_in(second).status_code == 201
    rows = site.check_ins_of(first["client_id"]) + site.check_ins_of(second["client_id"])
    assert len({row[0] for row in rows}) == 1, "one unknown sender is one party"
    assert site.query("SELECT queue FROM report.triage_case WHERE registration_id = %s", (rows[0][0],)) == [("identification",)]


def test_whether_someone_is_known_is_not_told(citizen, registered):
    registration, _ = registered
    known = citizen.check_in(people.check_in(phone=registration["contacts"][0]["value"], status="need_help"))
    unknown = citizen.check_in(people.check_in(phone=people.phone(), status="need_help"))
    strip = lambda answer: (answer.status_code, {key: value for key, value in answer.json().items() if key != "receipt"})
    assert strip(known) == strip(unknown)


def test_every_mistyped_code_is_refused(citizen, registered):
    _, told = registered
    spoilt = list(case_codes.wrong_symbols(told["case"]))
    for code in random.Random(7).sample(spoilt, 40):
        assert errors_of(citizen.check_in(people.check_in(case=code))) == {"case": "case_mistyped"}, code


@pytest.mark.parametrize(("change", "errors"), [
    ({"case": "K7M2"}, {"case": "not_a_case"}),
    ({"case": "UUUUU-UUUUU"}, {"case": "not_a_case"}),
    ({"phone": "no phone"}, {"phone": "not_a_phone"}),
    ({}, {"case": "either_or"}),
    ({"phone": "+22790000001", "status": "fine"}, {"status": "not_a_value"}),
    ({"phone": "+22790000001", "status": None}, {"status": "missing"}),
    ({"phone": "+22790000001", "people": 0}, {"people": "out_of_range"}),
    ({"phone": "+22790000001", "people": 2.5}, {"people": "out_of_range"}),
    ({"phone": "+22790000001", "people": "two"}, {"people": "wrong_type"}),
    ({"phone": "+22790000001", "needs": ["rescue"]}, {"needs/0": "not_a_value"}),
    ({"phone": "+22790000001", "at": "yesterday"}, {"at": "not_a_time"}),
    ({"phone": "+22790000001", "location": {"lat": 13.5}}, {"location/lon": "either_or"}),
    ({"phone": "+22790000001", "message": "x" * 2001}, {"message": "too_long"}),
    ({"phone": "+22790000001", "shoe_size": 43}, {"shoe_size": "unknown"}),
])
def test_bad_fields(citizen, change, errors):
    assert errors_of(citizen.check_in(people.check_in(**change))) == errors


def test_case_and_phone_together_are_too_much(citizen, registered):
    registration, told = registered
    sent = people.check_in(case=told["case"], phone=registration["contacts"][0]["value"])
    assert errors_of(citizen.check_in(sent)) == {"case": "either_or"}


def test_the_senders_clock_may_be_wrong_by_years(citizen, registered):
    _, told = registered
    for at in ("1999-12-31T23:59:59Z", "2091-01-01T00:00:00+01:00"):
        assert citizen.check_in(people.check_in(case=told["case"], at=at)).status_code == 201


def test_the_same_again_is_the_same_answer(site, citizen, registered):
    _, told = registered
    sent = people.check_in(case=told["case"], status="need_help", needs=["medication"], people=3)
    answers = [citizen.check_in(sent) for _ in range(4)]
    assert {(answer.status_code, answer.text) for answer in answers} == {(201, answers[0].text)}
    assert len(site.check_ins_of(sent["client_id"])) == 1


def test_the_same_at_the_same_moment(site, registered):
    _, told = registered
    sent = people.check_in(case=told["case"], status="injured")
    with concurrent.futures.ThreadPoolExecutor(16) as pool:
        answers = list(pool.map(lambda _: site.citizen().check_in(sent), range(32)))
    assert {(answer.status_code, answer.text) for answer in answers} == {(201, answers[0].text)}
    assert len(site.check_ins_of(sent["client_id"])) == 1


def test_other_content_under_the_same_id_is_refused(citizen, registered):
    _, told = registered
    sent = people.check_in(case=told["case"], status="safe")
    assert citizen.check_in(sent).status_code == 201
    assert citizen.check_in(sent | {"status": "in_danger"}).status_code == 409
    assert citizen.check_in(sent).status_code == 201


def test_idempotency_key_that_is_not_the_client_id(citizen, registered):
    _, told = registered
    answer = citizen.check_in(people.check_in(case=told["case"]), headers={"Idempotency-Key": str(uuid.uuid4())})
    assert answer.status_code == 422


def test_a_party_has_one_case_which_only_becomes_more_urgent(site, citizen, registered):
    _, told = registered
    number = case_codes.number(told["case"])
    seen = []
    for status, needs in (("moving", []), ("need_help", ["medication"]), ("need_help", []), ("in_danger", ["violence"]), ("safe", [])):
        assert citizen.check_in(people.check_in(case=told["case"], status=status, needs=needs)).status_code == 201
        seen += site.query("SELECT band, queue, state FROM report.triage_case WHERE registration_id = %s", (number,))
    assert seen == [(3, "assistance", "open"), (2, "emergency", "open"), (2, "emergency", "open"), (1, "emergency", "open"),
                    (1, "emergency", "open")]


def test_many_at_once_all_arrive(site, registered):
    _, told = registered
    sent = [people.check_in(case=told["case"], status=status) for status in ("safe", "moving", "need_help", "injured") * 25]

    def send(part):
        citizen = site.citizen()
        return [citizen.check_in(one).status_code for one in part]

    with concurrent.futures.ThreadPoolExecutor(10) as pool:
        statuses = sum(pool.map(send, [sent[i::10] for i in range(10)]), [])
    assert statuses == [201] * len(sent)
    stored = site.query("SELECT client_id::text, status FROM report.check_in WHERE client_id = ANY (%s::uuid[])",
                        ([one["client_id"] for one in sent],))
    assert dict(stored) == {one["client_id"]: one["status"] for one in sent} and len(stored) == len(sent)
