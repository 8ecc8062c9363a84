# SPDX-License-Identifier: Apache-2.0
"""A party that registered and has no case is texted and merged as one that has."""
import uuid

import pytest

from harness import case_codes, people
from harness.fake_gateway import FakeGateway
from test_outbox import connected, is_state

OFFICER = 432


@pytest.fixture(scope="module")
def fake(site):
    """What the crisis's gateway is handed."""
    taker = FakeGateway(lambda number: (201, '{"sid":"SM1"}'))
    with connected(site, "nocase-twilio", "twilio", taker):
        yield taker


@pytest.fixture
def officer(site):
    return site.desk("officer", OFFICER)


@pytest.fixture
def register(site):
    def make(**changes):
        sent = people.registration(**({"intent": "staying"} | changes))
        return site.citizen().register(sent).json()["case"], sent
    return make


def cases_of(site, *codes):
    return site.query("SELECT count(*) FROM register.triage_case WHERE registration_id = ANY (%s)", ([case_codes.number(code) for code in codes],), role="muster")[0][0]


def audited(site, code, action):
    return site.query("SELECT count(*) FROM register.audit WHERE registration_id = %s AND action = %s", (case_codes.number(code), action), role="muster")[0][0]


def merged(officer, here, there, **options):
    answer = officer.do(here, "merge", {"with": there}, **options)
    assert answer.status_code == 200, answer.text
    return answer


def test_a_text_goes_out_is_in_the_thread_and_on_record(site, officer, register, fake):
    code, sent = register()
    key, text = str(uuid.uuid4()), people.words("did the bus come")
    answers = [officer.do(code, "messages", {"text": text}, headers={"Idempotency-Key": key}) for _ in range(2)]
    assert [one.status_code for one in answers] == [201, 201] and {one.json()["id"] for one in answers} == {key} and answers[0].json()["version"] == 0
    assert all("ETag" not in one.headers for one in answers)
    is_state(site, key, "sent")
    handed = fake.form(len(fake.taken) - 1)
    assert (handed["To"], handed["Body"]) == (sent["contacts"][0]["value"], text)
    one = officer.case(code).json()
    assert [(item["text"], item["author"], item["state"]) for item in one["messages"]] == [(text, site.staff("officer", OFFICER).user, "sent")]
    assert one["state"] == "none" and cases_of(site, code) == 0, "nobody cried"
    assert audited(site, code, "case.message") == 1
    assert site.citizen().check_in(people.check_in(case=code, status="need_help")).status_code == 201
    one = officer.case(code).json()
    assert one["state"] == "open" and [item["text"] for item in one["messages"]] == [text], "the case has it"


def test_to_a_number_of_theirs(officer, register, fake):
    code, _ = register()
    assert officer.do(code, "messages", {"text": "hello", "contact": 7}).status_code == 422
    assert officer.do(code, "messages", {"text": "hello", "in_answer_to": str(uuid.uuid4())}).status_code == 422
    nobodys, _ = register(contacts=[{"kind": "email", "value": "someone@example.org"}])
    answer = officer.do(nobodys, "messages", {"text": "hello"})
    assert answer.status_code == 409 and "no number to text" in answer.json()["detail"]
    assert officer.case(code).json()["messages"] == officer.case(nobodys).json()["messages"] == []


def test_who_may_not_see_or_write_does_not(site, register, fake):
    code, _ = register()
    site.service.muster("staff", "add", "--user", "officer.textless.cotonou", "--role", "officer", "--crisis", "ner-2023", "--post", "cotonou")
    there = site.browser()
    there.session.headers["Authorization"] = "Bearer " + site.service.muster_json("staff", "token", "--user", "officer.textless.cotonou")["token"]
    assert there.do(code, "messages", {"text": "x"}).status_code == 404
    for role in ("viewer", "warden", "admin"):
        assert site.desk(role, 433).do(code, "messages", {"text": "x"}).status_code == 403
    assert audited(site, code, "case.message") == 0


def test_merged_from_either_side_the_case_is_kept(site, officer, register):
    for asked_of_the_case in (True, False):
        (plain, _), (crying, _) = register(), register()
        assert site.citizen().check_in(people.check_in(case=crying, status="need_help")).status_code == 201
        answer = merged(officer, *((crying, plain) if asked_of_the_case else (plain, crying)))
        assert (answer.json()["case"], answer.json()["merged"]) == (crying, plain) and answer.headers["ETag"]
        one = officer.case(plain).json()
        assert (one["case"], one["state"], len(one["party"])) == (crying, "open", 2) and cases_of(site, plain) == 0
        assert officer.do(crying, "unmerge", {"with": plain}).status_code == 200
        assert officer.case(plain).json()["state"] == "none" and officer.case(crying).json()["state"] == "open"


def test_two_without_a_case_are_one_party(site, officer, register, fake):
    (here, sent), (there, also) = register(), register()
    answer = merged(officer, here, there)
    assert (answer.json()["case"], answer.json()["version"]) == (here, 0) and "ETag" not in answer.headers
    one = officer.case(there).json()
    assert (one["case"], one["state"], len(one["party"]), cases_of(site, here, there)) == (here, "none", 2, 0)
    assert audited(site, here, "case.merge") == audited(site, there, "case.merge") == 1
    assert officer.do(here, "messages", {"text": "hello", "contact": one["contacts"][-1]["contact"]}).status_code == 201
    assert officer.do(there, "messages", {"text": "hello"}).status_code == 409, "it is part of another"
    assert officer.do(here, "merge", {"with": there}, headers={"If-Match": '"3"'}).status_code == 412, "it was seen as a case"

    # a cry to either code is the one's, and goes with who cried
    assert site.citizen().check_in(people.check_in(case=there, status="in_danger")).status_code == 201
    one = officer.case(here).json()
    assert (one["state"], one["last_status"], cases_of(site, here, there)) == ("open", "in_danger", 1)
    assert officer.do(here, "unmerge", {"with": there}).status_code == 200
    assert officer.case(there).json()["last_status"] == "in_danger" and officer.case(there).json()["state"] == "open"
    assert officer.case(here).json()["state"] in ("none", "resolved") and officer.case(here).json()["last_status"] is None


def test_two_without_a_case_taken_apart_are_as_they_were(site, officer, register):
    (here, _), (there, _) = register(), register()
    before = [officer.case(code).json() for code in (here, there)]
    merged(officer, here, there)
    answer = officer.do(here, "unmerge", {"with": there})
    assert answer.status_code == 200 and "ETag" not in answer.headers, answer.text
    after = [officer.case(code).json() for code in (here, there)]
    assert [{**one, "merges": None, "check_in_by": None, "now": None} for one in after] == [{**one, "merges": None, "check_in_by": None, "now": None} for one in before]
    assert officer.do(here, "unmerge", {"with": there}).status_code == 409
