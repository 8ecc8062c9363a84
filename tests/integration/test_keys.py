# SPDX-License-Identifier: Apache-2.0
"""Idempotency-Keys at the desk: one that is none is refused before anything is done, and none makes a fault of the service, whatever it is used for."""
import json
import uuid

import pytest

from harness import people
from harness.fake_gateway import FakeGateway
from harness.service import CRISIS
from test_outbox import connected

OFFICER = 403
MALFORMED = ("nonsense", "1", '"', "{}", "0" * 36, f"{uuid.UUID(int=7)}0", "x" * 3000, "' OR 1=1 --")


@pytest.fixture
def officer(site):
    return site.desk("officer", OFFICER)


@pytest.fixture
def code(site):
    told = site.citizen().register(people.registration()).json()["case"]
    assert site.citizen().check_in(people.check_in(case=told, status="need_help")).status_code == 201
    return told


def noted(desk, code):
    return sorted(note["text"] for note in desk.case(code).json()["notes"])


def keyed(key):
    return {"Idempotency-Key": key}


@pytest.mark.parametrize("key", MALFORMED)
def test_one_that_is_none_is_refused_and_nothing_is_done(site, officer, code, key):
    before = site.query("SELECT count(*) FROM register.broadcast", role="muster")
    for action in ("notes", "messages"):
        answer = officer.do(code, action, {"text": people.words("hello")}, headers=keyed(key))
        assert answer.status_code == 400 and "Idempotency-Key" in answer.json()["detail"], answer.text
    assert officer.act("POST", "/hand-over", json={"note": "over"}, headers=keyed(key)).status_code == 400
    draft = {"crisis": CRISIS, "audience": {}, "texts": {"en": "Stay in"}}
    assert site.desk("lead", OFFICER + 1).act("POST", "/broadcasts", json=draft, headers=keyed(key)).status_code == 400
    assert noted(officer, code) == [] and officer.case(code).json()["messages"] == []
    assert site.query("SELECT count(*) FROM register.broadcast", role="muster") == before


def test_one_beyond_what_a_header_may_be_is_refused(officer, code):
    assert officer.do(code, "notes", {"text": "hello"}, headers=keyed("0" * 100_000)).status_code in (400, 431)
    assert noted(officer, code) == []


def test_notes_are_never_lost_to_it(site, officer, code):
    """What notes are is told apart by who reads them: said twice it stands there twice; another text, another case and another officer are kept."""
    key, said = keyed(str(uuid.uuid4())), [people.words(text) for text in ("first", "second", "third")]
    other = site.citizen().register(people.registration()).json()["case"]
    answers = [officer.do(code, "notes", {"text": said[0]}, headers=key), officer.do(code, "notes", {"text": said[1]}, headers=key),
               site.desk("officer", OFFICER + 2).do(code, "notes", {"text": said[2]}, headers=key), officer.do(other, "notes", {"text": said[0]}, headers=key)]
    assert [answer.status_code for answer in answers] == [201] * 4 and len({answer.json()["id"] for answer in answers}) == 4
    assert noted(officer, code) == sorted(said) and noted(officer, other) == [said[0]]
    assert officer.do(code, "claim", headers=key).status_code == 200
    assert officer.do(code, "resolve", {"note": said[0]}, headers=key).status_code == 200
    assert noted(officer, code) == sorted([*said, said[0]])


def test_of_a_text_the_first_counts(site, officer, code):
    """The page never uses one for two texts: the words belong to it. Quoted it is the same key."""
    fake, key = FakeGateway(lambda number: (201, json.dumps({"sid": f"SM{number:032d}"}))), str(uuid.uuid4())
    with connected(site, "out-keys", "twilio", fake):
        answers = [officer.do(code, "messages", {"text": text}, headers=keyed(sent)) for text, sent in (("hello", key), ("hello", f'"{key}"'), ("good bye", key))]
        assert [answer.status_code for answer in answers] == [201] * 3 and {answer.json()["id"] for answer in answers} == {key}
        assert [message["text"] for message in officer.case(code).json()["messages"]] == ["hello"]
        elsewhere = site.citizen().register(people.registration(intent="wants_evacuation")).json()["case"]
        assert officer.do(elsewhere, "messages", {"text": "hello"}, headers=keyed(key)).status_code < 500
        assert site.desk("officer", OFFICER + 2).do(code, "messages", {"text": "hello"}, headers=keyed(key)).status_code < 500
