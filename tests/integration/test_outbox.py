# SPDX-License-Identifier: Apache-2.0
"""Texts to people: handed over once, settled whatever happens in between, and told truthfully to the officer who wrote them."""
import contextlib
import itertools
import json
import urllib.parse
import uuid

import pytest

from harness import case_codes, gateways, people
from harness.fake_gateway import FakeGateway
from harness.service import CRISIS
from harness.waiting import free_ports, until

NUMBERS = itertools.count()
PROBE = people.phone() # whoever it is, it is safe
PASSWORD = "the-operators-password-there"


@contextlib.contextmanager
def connected(site, name, kind, fake, fallback=None, base=None):
    """A gateway of this kind that sends through `fake`, and only it; afterwards it sends no more."""
    name = f"{name}-{next(NUMBERS)}" # the courier may still have the account of one that was there
    gateway = gateways.add(site, kind, CRISIS, name=name, key=f"key-of-{name}")
    until(lambda: all(gateways.KINDS[kind](gateway, PROBE, "SAFE", str(uuid.uuid4())).send(site).status_code == 200
                      for _ in range(8)), f"{name} is known to every edge")
    account = site.directory / f"{name}.account"
    account.write_text(json.dumps({"base": base or fake.url, "user": "operator", "password": PASSWORD, "from": "8888"}))
    site.service.muster("gateway", "account", "--name", name, "--account-file", account, "--texts-a-second", "100",
                        *(("--fallback", fallback) if fallback else ()))
    try:
        yield gateway
    finally:
        site.query("UPDATE register.message SET state = 'failed', reason = 'test over' WHERE state IN ('queued', 'wired')", role="muster")
        site.query("UPDATE register.gateway SET sealed_account = NULL, account_epoch = NULL, fallback = NULL WHERE name = %s", (name,), role="muster")
        fake.close()


@pytest.fixture
def cry(citizen):
    """A registered party that asked for help: its phone and its case."""
    def make():
        sent = people.registration()
        told = citizen.register(sent).json()
        said = people.check_in(case=told["case"], status="need_help", message=people.words("please come"))
        assert citizen.check_in(said).status_code == 201
        return sent["contacts"][0]["value"], told["case"]
    return make


def write(desk, case, text=None):
    answer = desk.do(case, "messages", {"text": text or people.words("Stay inside. A car comes at four.")})
    assert answer.status_code == 201, answer.text
    return answer.json()["id"]


def thread(desk, case):
    return desk.case(case).json()["messages"]


def state_of(site, message):
    return site.query("SELECT state, reason, attempts, gateway, gateway_id FROM register.message WHERE message_id = %s", (message,), role="muster")[0]


def is_state(site, message, state):
    until(lambda: state_of(site, message)[0] == state, f"the text is {state}", 25)
    return state_of(site, message)


def receipt(site, url, **fields):
    """What the gateway tells at the address that it was given."""
    address = urllib.parse.urlsplit(url)
    client = site.citizen()
    try:
        return client.post(f"{address.path}?{address.query}", data=fields)
    finally:
        client.close()


def replies_to(fake, phone):
    return [form for form in map(fake.form, range(len(fake.taken))) if form["to"] == phone]


def replies_follow(site, gateway):
    """Eight strangers text, and each gets a reply: each edge takes some of them."""
    count = lambda: site.query("SELECT count(*) FROM register.message WHERE origin = 'reply'", role="muster")[0][0]
    before = count()
    for _ in range(8):
        assert gateways.KINDS["africastalking"](gateway, people.phone(), "SAFE", str(uuid.uuid4())).send(site).status_code == 200
    return count() == before + 8 # each edge puts its replies into the outbox before it takes the next text


# --- handed over ------------------------------------------------------------------------------------------------------------

def test_an_officers_text_reaches_the_gateway_once_and_is_told_delivered(site, desk, cry):
    fake = FakeGateway(lambda number: (201, json.dumps({"sid": f"SM{number:032d}"})))
    with connected(site, "out-twilio", "twilio", fake):
        phone, case = cry()
        words = people.words("Réponse: a car comes at 4 & stops once")
        message = write(desk, case, words)
        assert is_state(site, message, "sent")[4] == f"SM{0:032d}"
        form = fake.form(0)
        assert form["To"] == phone and form["From"] == "8888" and form["Body"] == words
        said, = thread(desk, case)
        assert said["text"] == form["Body"] and said["state"] == "sent" and said["author"] == site.staff().user and said["origin"] == "officer"
        assert said["sent_at"] and said["delivered_at"] is None
        assert receipt(site, form["StatusCallback"], MessageSid=f"SM{0:032d}", MessageStatus="delivered").status_code == 200
        said, = thread(desk, case)
        assert said["state"] == "delivered" and said["delivered_at"]
        assert receipt(site, form["StatusCallback"], MessageSid=f"SM{0:032d}", MessageStatus="failed").status_code == 200
        assert thread(desk, case)[0]["state"] == "delivered", "what was delivered stays delivered"
        assert len(fake.taken) == 1
        assert site.query("SELECT action FROM register.audit WHERE registration_id = %s AND action = 'case.message'",
                          (case_codes.number(case),), role="muster")


def test_an_officers_text_answers_the_case(site, desk, cry):
    with connected(site, "out-twilio", "twilio", FakeGateway(lambda number: (201, '{"sid":"SM1"}'))):
        _, case = cry()
        row = lambda: next(one for one in desk.act("GET", "/queues/assistance/cases?limit=200").json()["cases"] if one["case"] == case)
        assert desk.case(case).json()["acknowledgement"]["acted_at"] is None and row()["answered_at"] is None
        write(desk, case)
        told = desk.case(case).json()
        assert told["acknowledgement"]["acted_at"] is not None
        assert told["answered_at"] == row()["answered_at"] == told["acknowledgement"]["acted_at"]


def test_a_stranger_is_answered_through_a_gateway_whose_answer_carries_nothing(site, desk):
    fake = FakeGateway(lambda number: (201, json.dumps({"SMSMessageData": {"Recipients": [{"statusCode": 101, "status": "Success", "messageId": f"ATX{number}"}]}})))
    with connected(site, "out-at", "africastalking", fake) as gateway:
        until(lambda: replies_follow(site, gateway), "every edge knows that it sends")
        phone, message_id = people.phone(), str(uuid.uuid4())
        for _ in range(3): # the gateway's copies are one message, and have one reply
            assert gateways.KINDS["africastalking"](gateway, phone, "AIDE", message_id).send(site).status_code == 200
        until(lambda: replies_to(fake, phone), "the reply is handed over")
        replies = replies_to(fake, phone)
        assert len(replies) == 1 and replies[0]["message"]
        row, = site.query("SELECT m.origin FROM register.message AS m JOIN register.check_in AS c USING (registration_id) "
                          "WHERE m.gateway = %s AND c.status = 'need_help' AND m.message_id = c.client_id", (gateway["name"],), role="muster")
        assert row[0] == "reply"


def test_an_officer_answers_a_stranger_at_the_number_that_texted(site, desk):
    fake = FakeGateway(lambda number: (201, '{"sid":"SM1"}'))
    with connected(site, "out-twilio", "twilio", fake) as gateway:
        phone = people.phone()
        assert gateways.KINDS["twilio"](gateway, phone, "HELP", str(uuid.uuid4())).send(site).status_code == 200
        row, = site.query("SELECT registration_id FROM register.check_in WHERE channel = 'sms' ORDER BY received_at DESC LIMIT 1", role="muster")
        case = case_codes.code(row[0])
        message = write(desk, case)
        is_state(site, message, "sent")
        assert [fake.form(n)["To"] for n in range(len(fake.taken)) if "Stay inside" in fake.form(n)["Body"]] == [phone]


# --- when it does not go well -------------------------------------------------------------------------------------------------

def due(site, message):
    """Its delay is over."""
    site.query("UPDATE register.message SET due_at = now() WHERE message_id = %s AND state = 'queued'", (message,), role="muster")


def test_a_gateway_that_is_away_gets_it_when_it_is_back(site, desk, cry):
    port, = free_ports(1)
    late = []
    with connected(site, "out-twilio", "twilio", FakeGateway(), base=f"http://127.0.0.1:{port}"):
        _, case = cry()
        message = write(desk, case)
        until(lambda: state_of(site, message)[:2] == ("queued", "gateway_away"), "it is tried in vain")
        fake = FakeGateway(lambda number: (201, '{"sid":"SM1"}'), port=port)
        late.append(fake)
        due(site, message)
        is_state(site, message, "sent")
        assert len(fake.taken) == 1 and state_of(site, message)[2] >= 2
    late[0].close()


def test_a_gateway_that_fails_is_asked_again(site, desk, cry):
    fake = FakeGateway(lambda number: (503, "") if number == 0 else (201, '{"sid":"SM1"}'))
    with connected(site, "out-twilio", "twilio", fake):
        message = write(desk, cry()[1])
        until(lambda: state_of(site, message)[:2] == ("queued", "gateway_away"), "it is put off")
        due(site, message)
        assert is_state(site, message, "sent")[2] == 2 and len(fake.taken) == 2


def test_a_text_that_may_have_been_taken_is_not_sent_twice(site, desk, cry):
    fake = FakeGateway(lambda number: None)
    with connected(site, "out-twilio", "twilio", fake):
        _, case = cry()
        message = write(desk, case)
        assert is_state(site, message, "unsure")[1] == "no_answer"
        url = fake.form(0)["StatusCallback"]
        assert thread(desk, case)[0]["state"] == "unsure"
        assert receipt(site, url, MessageSid="SM9", MessageStatus="delivered").status_code == 200
        assert is_state(site, message, "delivered")[4] == "SM9", "the receipt tells that it was"
        assert len(fake.taken) == 1


def test_where_the_gateway_knows_our_reference_it_is_handed_over_again(site, desk, cry):
    fake = FakeGateway(lambda number: None if number == 0 else (202, '{"id":"x"}'))
    with connected(site, "out-android", "android", fake):
        message = write(desk, cry()[1])
        until(lambda: state_of(site, message)[:2] == ("queued", "no_answer"), "it is put off")
        due(site, message)
        is_state(site, message, "sent")
        references = [json.loads(taken.body)["id"] for taken in fake.taken]
        assert references == [message, message]


def test_what_one_gateway_does_not_take_goes_to_its_fallback(site, desk, cry):
    second = FakeGateway(lambda number: (202, '{"id":"x"}'))
    with connected(site, "out-android", "android", second) as other:
        first = FakeGateway(lambda number: (401, '{"code":20003}'))
        with connected(site, "out-a-twilio", "twilio", first, fallback=other["name"]) as gateway:
            _, case = cry()
            site.query("UPDATE register.gateway SET created_at = '2020-01-01' WHERE name = %s", (gateway["name"],), role="muster") # the crisis's first
            message = write(desk, case)
            row = is_state(site, message, "sent")
            assert row[3] == other["name"] and len(first.taken) == 1 and len(second.taken) == 1


def test_a_number_that_is_refused_is_told(site, desk, cry):
    with connected(site, "out-twilio", "twilio", FakeGateway(lambda number: (400, '{"code":21211}'))):
        _, case = cry()
        message = write(desk, case)
        assert is_state(site, message, "failed")[1] == "refused"
        assert thread(desk, case)[0]["reason"] == "refused"


def test_a_courier_that_dies_with_a_text_in_hand(site, desk, cry):
    fake = FakeGateway(lambda number: (201, '{"sid":"SM1"}'))
    with connected(site, "out-twilio", "twilio", fake):
        _, case = cry()
        fake.hold.clear()
        message = write(desk, case)
        until(lambda: fake.taken, "the gateway has it, and has not answered")
        site.service.kill_role("courier")
        fake.hold.set()
        assert state_of(site, message)[0] == "wired"
        later = write(desk, cry()[1])
        is_state(site, later, "sent")
        assert state_of(site, message)[0] == "wired", "the next courier does not send it"
        site.query("UPDATE register.message SET wired_at = wired_at - interval '3 minutes' WHERE message_id = %s", (message,), role="muster")
        is_state(site, message, "unsure")
        assert len(fake.taken) == 2


def test_a_text_that_waited_too_long_is_not_sent(site, desk, cry):
    port, = free_ports(1)
    with connected(site, "out-twilio", "twilio", FakeGateway(), base=f"http://127.0.0.1:{port}"):
        message = write(desk, cry()[1])
        until(lambda: state_of(site, message)[0] == "queued" and state_of(site, message)[2] > 0, "it waits")
        site.query("UPDATE register.message SET expires_at = now() WHERE message_id = %s", (message,), role="muster")
        assert is_state(site, message, "failed")[1] == "expired"


# --- receipts ------------------------------------------------------------------------------------------------------------------

def test_a_receipt_from_anybody_else_is_refused(site, desk, cry):
    fake = FakeGateway(lambda number: (201, '{"sid":"SM1"}'))
    with connected(site, "out-twilio", "twilio", fake):
        message = write(desk, cry()[1])
        is_state(site, message, "sent")
        url = fake.form(0)["StatusCallback"]
        other = url.replace(message, str(uuid.uuid4()))
        for wrong in (url[:-1] + ("0" if url[-1] != "0" else "1"), other, url.split("?")[0], url.replace("/gateway/", "/gateway/x"), url.split("&sign")[0]):
            assert receipt(site, wrong, MessageStatus="delivered").status_code == 403, wrong
        assert state_of(site, message)[0] == "sent"


def test_a_receipt_at_the_address_that_the_provider_was_given(site, desk, cry):
    """Africa's Talking is told one address for all; its receipts carry its own id alone."""
    fake = FakeGateway(lambda number: (201, json.dumps({"SMSMessageData": {"Recipients": [{"statusCode": 101, "status": "Success", "messageId": f"ATX{uuid.uuid4()}"}]}})))
    with connected(site, "out-at", "africastalking", fake) as gateway:
        message = write(desk, cry()[1])
        theirs = is_state(site, message, "sent")[4]
        assert receipt(site, gateway["messages_url"].replace("/messages", "/receipts"), id=theirs, status="Failed", failureReason="UserInBlacklist").status_code == 200
        assert is_state(site, message, "failed")[1] == "UserInBlacklist"


# --- who may -------------------------------------------------------------------------------------------------------------------

def test_a_viewer_writes_to_nobody(site, desk, cry):
    with connected(site, "out-twilio", "twilio", FakeGateway()):
        _, case = cry()
        assert site.desk("viewer").do(case, "messages", {"text": "hello"}).status_code == 403
        assert thread(desk, case) == []


def test_without_a_way_the_officer_is_told(desk, cry):
    answer = desk.do(cry()[1], "messages", {"text": "hello"})
    assert answer.status_code == 409 and "gateway" in answer.json()["detail"], answer.text


def test_nothing_is_sent_for_a_stale_page(site, desk, cry):
    with connected(site, "out-twilio", "twilio", FakeGateway()):
        _, case = cry()
        assert desk.do(case, "messages", {"text": "hello"}, headers={"If-Match": '"999"'}).status_code == 412
        assert thread(desk, case) == []


def test_said_again_with_its_key_it_is_one_text(site, desk, cry):
    fake = FakeGateway(lambda number: (201, '{"sid":"SM1"}'))
    with connected(site, "out-twilio", "twilio", fake):
        _, case = cry()
        key = str(uuid.uuid4())
        answers = [desk.do(case, "messages", {"text": "hello"}, headers={"Idempotency-Key": key}) for _ in range(3)]
        assert [answer.status_code for answer in answers] == [201] * 3
        assert {answer.json()["id"] for answer in answers} == {key} and len({answer.json()["version"] for answer in answers}) == 1
        is_state(site, key, "sent")
        assert len(thread(desk, case)) == 1 and len(fake.taken) == 1


def test_a_text_from_a_phone_that_knows_the_code_does_not_turn_answers_to_it(site, desk, cry):
    fake = FakeGateway(lambda number: (201, '{"sid":"SM1"}'))
    with connected(site, "out-twilio", "twilio", fake) as gateway:
        phone, case = cry()
        assert gateways.KINDS["twilio"](gateway, people.phone(), f"{case} HELP", str(uuid.uuid4())).send(site).status_code == 200
        is_state(site, write(desk, case), "sent")
        assert fake.form(len(fake.taken) - 1)["To"] == phone


# --- to which number ------------------------------------------------------------------------------------------------------------

@pytest.fixture
def two_phones(site, desk, cry):
    """A party whose phone is dead, and who texts from another's: gateway, what it was handed, both numbers, the case, and the text's receipt."""
    fake = FakeGateway(lambda number: (201, '{"sid":"SM1"}'))
    with connected(site, "out-twilio", "twilio", fake) as gateway:
        phone, case = cry()
        other = people.phone()
        assert gateways.KINDS["twilio"](gateway, other, f"{case} HELP", str(uuid.uuid4())).send(site).status_code == 200
        heard, = [one["receipt"] for one in desk.case(case).json()["check_ins"] if one["sender"] == other]
        yield fake, phone, other, case, heard


def handed_to(site, desk, fake, case, **way):
    """The number that the gateway was given, and what the thread says of it."""
    answer = desk.do(case, "messages", {"text": people.words("a car comes"), **way})
    assert answer.status_code == 201, answer.text
    is_state(site, answer.json()["id"], "sent")
    said, = [one for one in thread(desk, case) if one["id"] == answer.json()["id"]]
    return fake.form(len(fake.taken) - 1)["To"], said["contact"], said["in_answer_to"]


def test_an_officer_chooses_the_number(site, desk, two_phones):
    fake, phone, other, case, heard = two_phones
    contact, = desk.case(case).json()["contacts"]
    assert contact["e164"] == phone
    assert handed_to(site, desk, fake, case) == (phone, contact["contact"], None), "nothing is chosen: the phone that was registered"
    assert handed_to(site, desk, fake, case, in_answer_to=heard) == (other, None, heard)
    assert handed_to(site, desk, fake, case, contact=contact["contact"], in_answer_to=None) == (phone, contact["contact"], None)


def test_only_a_number_of_this_party_is_texted(site, desk, citizen, two_phones):
    fake, phone, other, case, heard = two_phones
    sent = people.registration()
    sent["contacts"] = [sent["contacts"][0], {"kind": "email", "value": "someone@example.org"}]
    told = citizen.register(sent).json()
    said = people.check_in(case=told["case"], status="need_help", message=people.words("please come"))
    assert citizen.check_in(said).status_code == 201
    wrong = [({"in_answer_to": heard}, "in_answer_to"),  # another party's
             ({"in_answer_to": said["client_id"]}, "in_answer_to"),  # came over the web, from no number
             ({"in_answer_to": str(uuid.uuid4())}, "in_answer_to"), ({"contact": 1}, "contact"), ({"contact": 7}, "contact")]
    for way, field in wrong:
        answer = desk.do(told["case"], "messages", {"text": "hello", **way})
        assert answer.status_code == 422, answer.text
        assert [(one["field"], one["code"]) for one in answer.json()["errors"]] == [(field, "not_a_value")]
    assert thread(desk, told["case"]) == [] and desk.case(told["case"]).json()["acknowledgement"]["acted_at"] is None
    assert desk.do(told["case"], "messages", {"text": "hello", "contact": 7}, headers={"If-Match": '"999"'}).status_code == 412


@pytest.mark.parametrize("way, field, code", [
    ({"contact": 0, "in_answer_to": str(uuid.uuid4())}, "in_answer_to", "either_or"), ({"contact": -1}, "contact", "out_of_range"),
    ({"contact": 32768}, "contact", "out_of_range"), ({"contact": "0"}, "contact", "wrong_type"), ({"in_answer_to": "x"}, "in_answer_to", "not_a_uuid")])
def test_a_bad_choice_names_its_field(desk, cry, way, field, code):
    answer = desk.do(cry()[1], "messages", {"text": "hello", **way})
    assert answer.status_code == 422, answer.text
    assert [(one["field"], one["code"]) for one in answer.json()["errors"]] == [(field, code)]


def test_a_note_goes_to_nobody(desk, cry):
    answer = desk.do(cry()[1], "notes", {"text": "called", "contact": 0})
    assert answer.status_code == 422 and answer.json()["errors"][0]["field"] == "contact"


def test_what_may_have_been_taken_goes_to_no_other_gateway(site, desk, cry):
    second = FakeGateway(lambda number: (201, '{"sid":"SM1"}'))
    with connected(site, "out-twilio", "twilio", second) as other:
        first = FakeGateway(lambda number: None if number == 0 else (503, ""))
        with connected(site, "out-android", "android", first, fallback=other["name"]) as gateway:
            site.query("UPDATE register.gateway SET created_at = '2020-01-01' WHERE name = %s", (gateway["name"],), role="muster")
            message = write(desk, cry()[1])
            for attempts in range(1, 5):
                until(lambda attempts=attempts: state_of(site, message)[0] == "queued" and state_of(site, message)[2] == attempts, "it is put off")
                due(site, message)
            assert second.taken == [] and state_of(site, message)[3] == gateway["name"]


def test_the_edge_cannot_have_a_text_sent_again(site, desk, cry):
    fake = FakeGateway(lambda number: (201, '{"sid":"SM1"}'))
    with connected(site, "out-twilio", "twilio", fake) as gateway:
        message = write(desk, cry()[1])
        is_state(site, message, "sent")
        for state in ("queued", "wired", "unsure"):
            assert site.query("SELECT edge.store_receipts(%s, %s::uuid[], ARRAY[NULL]::text[], %s, ARRAY[NULL]::text[], ARRAY[NULL]::timestamptz[])",
                              (gateway["name"], [message], [state]), role="muster_edge") == [(0,)]
        assert state_of(site, message)[0] == "sent"


def test_a_late_failure_of_a_gateway_that_it_left_is_not_believed(site, desk, cry):
    second = FakeGateway(lambda number: (202, '{"id":"x"}'))
    with connected(site, "out-android", "android", second) as other:
        first = FakeGateway(lambda number: (401, ""))
        with connected(site, "out-twilio", "twilio", first, fallback=other["name"]) as gateway:
            site.query("UPDATE register.gateway SET created_at = '2020-01-01' WHERE name = %s", (gateway["name"],), role="muster")
            message = write(desk, cry()[1])
            is_state(site, message, "sent")
            url = first.form(0)["StatusCallback"]
            assert receipt(site, url, MessageSid="SM1", MessageStatus="failed").status_code == 200
            assert state_of(site, message)[0] == "sent"
            assert receipt(site, url, MessageSid="SM1", MessageStatus="delivered").status_code == 200
            assert state_of(site, message)[0] == "delivered"


def test_free_words_of_a_gateway_are_not_kept(site, desk, cry):
    fake = FakeGateway(lambda number: (201, '{"sid":"SM1"}'))
    with connected(site, "out-twilio", "twilio", fake):
        message = write(desk, cry()[1])
        is_state(site, message, "sent")
        assert receipt(site, fake.form(0)["StatusCallback"], MessageSid="SM1", MessageStatus="failed", ErrorCode="to +22790 said: come").status_code == 200
        assert state_of(site, message)[:2] == ("failed", "failed")


def test_an_account_that_is_taken_away_sends_no_more(site, desk, cry):
    with connected(site, "out-twilio", "twilio", FakeGateway(lambda number: (201, '{"sid":"SM1"}'))) as gateway:
        site.service.muster("gateway", "account", "--name", gateway["name"], "--remove")
        assert desk.do(cry()[1], "messages", {"text": "hello"}).status_code == 409


@pytest.mark.parametrize("body", [{}, {"text": ""}, {"text": "x" * 919}, {"text": "\u0257" * 403}, {"text": 1}, {"words": "x"}])
def test_a_bad_text_names_its_field(site, desk, cry, body):
    answer = desk.do(cry()[1], "messages", body)
    assert answer.status_code == 422 and answer.json()["errors"][0]["field"] in ("text", "words"), answer.text


# --- what is kept ----------------------------------------------------------------------------------------------------------------

def test_neither_the_account_nor_the_number_nor_the_text_is_in_the_database(site, desk, cry):
    fake = FakeGateway(lambda number: (201, '{"sid":"SM1"}'))
    with connected(site, "out-twilio", "twilio", fake):
        phone, case = cry()
        words = people.words("only for your eyes")
        is_state(site, write(desk, case, words), "sent")
        dump = site.cluster.dump()
        for secret in (PASSWORD, phone, words):
            assert secret.encode() not in dump
        assert b"out-twilio" in dump


@pytest.mark.parametrize("account, field", [
    ({"base": "ftp://x", "from": "1"}, "base"), ({"base": "https://x/", "from": "1"}, "base"), ({"form": "1"}, "form"),
    ({"user": 7}, "user"), ({"password": "a\nb"}, "password")])
def test_a_bad_account_names_its_field(site, account, field):
    gateways.add(site, "twilio", CRISIS, name="out-twilio", key="key-of-out-twilio")
    path = site.directory / "bad.account"
    path.write_text(json.dumps(account))
    done = site.service.muster("gateway", "account", "--name", "out-twilio", "--account-file", path, check=False)
    assert done.returncode == 1 and field in done.stderr.decode(), done.stderr
