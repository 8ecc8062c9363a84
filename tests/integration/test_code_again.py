# SPDX-License-Identifier: Apache-2.0
"""The case code once more, by text: to the number that a party registered, to no other, and nobody learns whether there is one."""
import json
import re
import uuid

import pytest

from harness import case_codes, gateways, people
from harness.fake_gateway import FakeGateway
from harness.waiting import until
from test_outbox import connected

ASKED = "sms.code_asked"


def ask(citizen, number, language="en"):
    return citizen.post(f"/code?lang={language}", data={"crisis": "ner-2023", "phone": number})


def texts_to(fake, number):
    return [form["Body"] for form in map(fake.form, range(len(fake.taken))) if form["To"] == number]


def bare(answer):
    return answer.status_code, re.sub(r"\d", "", answer.text)


@pytest.fixture
def fake():
    return FakeGateway(lambda number: (201, json.dumps({"sid": f"SM{number:032d}"})))


def test_by_the_page_it_is_texted_to_who_registered_the_number(site, citizen, fake):
    sent, stranger = people.registration(), people.phone()
    told = citizen.register(sent).json()
    number = sent["contacts"][0]["value"]
    with connected(site, "code-page", "twilio", fake):
        known, unknown = ask(citizen, number, "fr"), ask(citizen, stranger, "fr")
        assert known.status_code == 200 and bare(known) == bare(unknown) and told["case"] not in known.text
        until(lambda: texts_to(fake, number), "the text")
        (text,) = texts_to(fake, number)
        assert told["case"] in text and "code de dossier" in text and told["secret"] not in text and "{case}" not in text
        for _ in range(4):
            ask(citizen, number)
        until(lambda: len(texts_to(fake, number)) == 3, "two more, and then no more within the hour")
        assert texts_to(fake, stranger) == []
        assert site.query("SELECT count(*) FROM register.message WHERE registration_id = %s", (case_codes.number(told["case"]),), role="muster") == [(3,)]


def test_by_text_it_comes_to_the_asker_and_raises_no_case(site, citizen, fake):
    sent, stranger = people.registration(), people.phone()
    told = citizen.register(sent).json()
    number = sent["contacts"][0]["value"]
    with connected(site, "code-sms", "twilio", fake) as gateway:
        for phone in (number, stranger):
            assert gateways.KINDS["twilio"](gateway, phone, "Code!", str(uuid.uuid4())).send(site).status_code == 200
        until(lambda: any(told["case"] in text for text in texts_to(fake, number)), "the code")
        assert not any(told["case"] in text for text in texts_to(fake, stranger))
        numbers = site.query("SELECT registration_id FROM register.check_in WHERE channel = 'sms' AND registration_id = %s",
                             (case_codes.number(told["case"]),), role="muster")
        assert len(numbers) == 1, "the question itself is kept like any text"
        assert site.query("SELECT count(*) FROM register.triage_case WHERE registration_id = %s", (case_codes.number(told["case"]),), role="muster") == [(0,)]


def test_brought_twice_it_is_answered_once_whoever_registered_the_number_since(site, citizen, fake):
    """A gateway brings a text again that it was not told of in time; who shares the telephone asks with a text of their own."""
    sent = people.registration()
    number = sent["contacts"][0]["value"]
    told = citizen.register(sent).json()
    with connected(site, "code-twice", "twilio", fake) as gateway:
        ask_by_text = lambda one: gateways.KINDS["twilio"](gateway, number, "CODE", one).send(site).status_code
        first = str(uuid.uuid4())
        assert ask_by_text(first) == 200
        until(lambda: len(texts_to(fake, number)) == 1, "the code")
        other = citizen.register(people.registration(contacts=[{"kind": "phone", "value": number, "primary": True}])).json()
        replies = lambda: [site.query("SELECT count(*) FROM register.message WHERE registration_id = %s AND origin = 'reply' AND to_contact IS NOT NULL",
                                      (case_codes.number(one["case"]),), role="muster")[0][0] for one in (told, other)]
        assert [ask_by_text(first) for _ in range(2)] == [200, 200]
        assert ask_by_text(str(uuid.uuid4())) == 200
        until(lambda: len(texts_to(fake, number)) == 3, "both codes, asked for anew")
        assert replies() == [2, 1] and sum(other["case"] in text for text in texts_to(fake, number)) == 1, "the copies brought nothing"


def test_what_is_no_number_is_said(citizen):
    answer = ask(citizen, "not a number")
    assert answer.status_code == 422 and 'href="#phone"' in answer.text
    assert ask(citizen, "").status_code == 422


def test_an_address_that_asks_too_often_is_told_so(site, citizen):
    """Each edge counts for itself; a connection stays with one."""
    answers = [ask(citizen, people.phone()).status_code for _ in range(14)]
    assert 429 in answers and answers.index(429) <= 10 and answers[-1] == 429
