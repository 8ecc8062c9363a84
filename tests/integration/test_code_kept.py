# SPDX-License-Identifier: Apache-2.0
"""What is asked and changed while PostgreSQL is away: CODE by text is answered, once, when it is back; a form sent again with another status is another message."""
import json
import uuid

from harness import case_codes, gateways, people
from harness.fake_gateway import FakeGateway
from harness.waiting import until
from test_code_again import texts_to
from test_outbox import connected


def queued(site, case):
    return site.query("SELECT count(*) FROM register.message WHERE registration_id = %s AND origin = 'reply' AND to_contact IS NOT NULL",
                      (case_codes.number(case),), role="muster")[0][0]


def test_the_code_comes_once_when_the_database_is_back(lone_site):
    fake = FakeGateway(lambda number: (201, json.dumps({"sid": f"SM{number:032d}"})))
    sent, stranger = people.registration(), people.phone()
    told = lone_site.citizen().register(sent).json()
    number = sent["contacts"][0]["value"]
    with connected(lone_site, "code-kept", "twilio", fake) as gateway:
        def ask(phone, message_id, words="CODE"):
            return gateways.KINDS["twilio"](gateway, phone, words, message_id).send(lone_site)

        ids = [str(uuid.uuid4()) for _ in range(2)]
        lone_site.cluster.stop("immediate")
        answers = [until(lambda one=one, phone=phone: (lambda answer: answer if answer.status_code == 200 else None)(ask(phone, one)), "the text is taken")
                   for phone, one in ((number, ids[0]), (stranger, ids[1]))]
        for answer in answers:
            assert "we have your request" in answer.text and told["case"] not in answer.text, "the same for who is registered and who is not"
        assert ask(number, ids[0]).status_code == 200, "the gateway's copy"
        kept = b"".join(path.read_bytes() for path in (lone_site.service.state / "journal").rglob("*") if path.is_file())
        assert people.traces(kept) == [], "the journal holds nothing in the clear"
        lone_site.cluster.start()
        until(lambda: any(told["case"] in text for text in texts_to(fake, number)), "the code", 30)
        lone_site.service.wait_ready()
        assert ask(number, ids[0]).status_code == 200, "a copy once the database is back"
        assert ask(number, str(uuid.uuid4()), "SAFE").status_code == 200
        until(lambda: lone_site.query("SELECT count(*) FROM register.check_in WHERE registration_id = %s", (case_codes.number(told["case"]),), role="muster") == [(2,)],
              "the question and what came behind the copy are stored")
        assert queued(lone_site, told["case"]) == 1 and texts_to(fake, stranger) == []
        assert not list((lone_site.service.state / "journal").glob("*.refused"))


def test_a_copy_that_is_kept_brings_nothing_to_who_registered_the_number_since(lone_site):
    """It asked once, and was answered; whose the telephone is since, nobody asked for."""
    fake = FakeGateway(lambda number: (201, json.dumps({"sid": f"SM{number:032d}"})))
    citizen, number, another, asked = lone_site.citizen(), people.phone(), people.phone(), str(uuid.uuid4())
    register = lambda phone: citizen.register(people.registration(contacts=[{"kind": "phone", "value": phone, "primary": True}])).json()["case"]
    first, behind = register(number), register(another)
    with connected(lone_site, "code-since", "twilio", fake) as gateway:
        ask = lambda phone, message_id: gateways.KINDS["twilio"](gateway, phone, "CODE", message_id).send(lone_site).status_code == 200
        assert ask(number, asked)
        until(lambda: len(texts_to(fake, number)) == 1, "the code")
        since = register(number)
        lone_site.cluster.stop("immediate")
        until(lambda: ask(number, asked), "the gateway's copy is kept")
        until(lambda: ask(another, str(uuid.uuid4())), "and what comes behind it")
        lone_site.cluster.start()
        until(lambda: any(behind in text for text in texts_to(fake, another)), "the code of who came behind", 30)
        lone_site.service.wait_ready()
        assert queued(lone_site, first) == 1 and queued(lone_site, since) == 0 and len(texts_to(fake, number)) == 1


def test_a_form_that_was_changed_meanwhile_is_another_message(lone_site):
    """By a browser that went back to it, without script; sent twice as it was it is one."""
    citizen = lone_site.citizen()
    code = citizen.register(people.registration()).json()["case"]
    form = {"client_id": str(uuid.uuid4()), "case": code}
    lone_site.cluster.stop("immediate")
    for status in ("safe", "safe", "in_danger"):
        until(lambda status=status: citizen.post("/check-in", data=form | {"status": status}).status_code in (200, 201, 202), f"{status} is taken")
    lone_site.cluster.start()
    said = lambda: sorted(status for status, in lone_site.query("SELECT status FROM register.check_in WHERE registration_id = %s", (case_codes.number(code),), role="muster"))
    until(lambda: said() == ["in_danger", "safe"], "both are there", 30)
    lone_site.service.wait_ready()
    assert citizen.post("/check-in", data=form | {"status": "in_danger"}).status_code in (200, 201, 202)
    assert said() == ["in_danger", "safe"] and not list((lone_site.service.state / "journal").glob("*.refused"))
