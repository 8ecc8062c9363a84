# SPDX-License-Identifier: Apache-2.0
"""A phone with SMSSync asks for its texts: it is given each once, and sends what it was told to send."""
import contextlib
import json
import urllib.parse
import uuid

import pytest

from harness import gateways, people
from harness.service import CRISIS
from harness.waiting import until


class Phone:
    """The app with its Message Results API switched on, as its source has it: the secret goes in the query, but with task=sent not at all."""

    def __init__(self, site, gateway):
        self.site, self.gateway, self.sent = site, gateway, []
        self.path = urllib.parse.urlsplit(gateway["messages_url"]).path

    def call(self, method, task, document=None, secret=None):
        client = self.site.citizen()
        query = {"task": task} | ({"secret": secret} if secret else {})
        options = {} if document is None else {"json": document}
        try:
            return getattr(client, method)(f"{self.path}?{urllib.parse.urlencode(query)}", **options)
        finally:
            client.close()

    def ask(self):
        answer = self.call("get", "send", secret=self.gateway["secret"])
        assert answer.status_code == 200, answer.text
        payload = answer.json()["payload"]
        assert payload["task"] == "send" and payload["secret"] == self.gateway["secret"]
        return payload["messages"]

    def take(self, messages):
        answer = self.call("post", "sent", {"queued_messages": [one["uuid"] for one in messages]})
        assert answer.status_code == 200, answer.text
        self.sent += [one for one in messages if one["uuid"] in answer.json()["message_uuids"]]
        return answer.json()["message_uuids"]

    def perform(self):
        self.take(self.ask())
        return self.sent


@contextlib.contextmanager
def switched_on(site):
    gateway = gateways.add(site, "smssync", CRISIS, name="phone-" + uuid.uuid4().hex[:8])
    account = site.directory / "phone.account"
    account.write_text("{}")
    site.service.muster("gateway", "account", "--name", gateway["name"], "--account-file", account, "--texts-a-second", "100")
    phone = Phone(site, gateway)
    until(lambda: all(phone.call("get", "send", secret=gateway["secret"]).status_code == 200 for _ in range(8)), "every edge knows it")
    try:
        yield phone
    finally:
        site.query("UPDATE register.message SET state = 'failed', reason = 'test over', parcel = NULL WHERE gateway = %s AND state IN ('queued', 'wired')",
                   (gateway["name"],), role="muster")
        site.query("UPDATE register.gateway SET sealed_account = NULL, account_epoch = NULL WHERE name = %s", (gateway["name"],), role="muster")


@pytest.fixture
def phone(site):
    with switched_on(site) as on:
        yield on


@pytest.fixture
def write(citizen, desk):
    """An officer writes to a party that has asked for help: its phone, its case, the words, the text's id."""
    def make():
        sent = people.registration()
        told = citizen.register(sent).json()
        assert citizen.check_in(people.check_in(case=told["case"], status="need_help", message=people.words("please come"))).status_code == 201
        words = people.words('Stay "inside". Ça va')
        answer = desk.do(told["case"], "messages", {"text": words})
        assert answer.status_code == 201, answer.text
        return sent["contacts"][0]["value"], told["case"], words, answer.json()["id"]
    return make


def row_of(site, message):
    return site.query("SELECT state, reason, parcel IS NOT NULL, gateway_id FROM register.message WHERE message_id = %s", (message,), role="muster")[0]


def waits(site, message):
    until(lambda: row_of(site, message)[2], "it waits for the phone", 25)
    return row_of(site, message)


def swept(site, message, before):
    until(lambda: row_of(site, message)[3] != before or row_of(site, message)[0] != "wired", "the courier swept", 25)


def aged(site, message, column, interval):
    site.query(f"UPDATE register.message SET {column} = {column} - interval '{interval}' WHERE message_id = %s", (message,), role="muster")


def test_a_phone_fetches_a_text_once(site, desk, phone, write):
    to, case, words, message = write()
    assert waits(site, message)[0] == "wired"
    assert desk.case(case).json()["messages"][0]["state"] == "wired"
    until(phone.perform, "it is fetched")
    assert [(one["to"], one["message"]) for one in phone.sent] == [(to, words)] and phone.sent[0]["uuid"] != message
    assert row_of(site, message) == ("sent", None, False, phone.sent[0]["uuid"])
    said, = desk.case(case).json()["messages"]
    assert said["state"] == "sent" and said["sent_at"]
    assert phone.ask() == [], "it is not listed again"
    assert phone.take(phone.sent[:1]) == [phone.sent[0]["uuid"]], "an answer that was lost is given again"
    aged(site, message, "sent_at", "3 minutes")
    assert phone.take(phone.sent[:1]) == []


def test_the_phone_tells_that_it_failed(site, phone, write):
    _, _, _, message = write()
    waits(site, message)
    until(phone.perform, "it is fetched")
    listed = phone.call("get", "result", secret=phone.gateway["secret"]).json()["message_uuids"]
    assert listed == [phone.sent[0]["uuid"]]
    result = {"uuid": listed[0], "sent_result_code": 0, "sent_result_message": "x", "delivered_result_code": -1, "delivered_result_message": ""}
    assert phone.call("post", "result", {"message_result": [result]}, phone.gateway["secret"]).status_code == 200
    assert row_of(site, message)[0] == "sent"
    assert phone.call("post", "result", {"message_result": [result | {"sent_result_code": 4}]}, phone.gateway["secret"]).status_code == 200
    assert row_of(site, message)[:2] == ("failed", "4")
    assert phone.call("get", "result", secret=phone.gateway["secret"]).json() == {"message_uuids": []}


def test_from_anybody_else_nothing_is_given(site, phone, write):
    _, _, _, message = write()
    waits(site, message)
    for secret in ("wrong", None):
        for method, task, document in (("get", "send", None), ("get", "result", None), ("post", "result", {"message_result": []})):
            assert phone.call(method, task, document, secret).status_code == 403, (task, secret)
    assert phone.call("post", "sent", {"queued_messages": [message]}, "wrong").status_code == 403
    for guess in ([message], [str(uuid.uuid4())], ["x", 7], [row_of(site, message)[3]]): # even the right one: the phone was not told of it
        answer = phone.call("post", "sent", {"queued_messages": guess})
        assert (answer.status_code, answer.json()) == (200, {"message_uuids": []})
    for document in ({}, {"queued_messages": "x"}, {"queued_messages": [str(uuid.uuid4())] * 65}):
        assert phone.call("post", "sent", document).status_code == 400
    assert phone.call("get", "dance", secret=phone.gateway["secret"]).status_code == 400
    with switched_on(site) as other:
        assert other.ask() == []
    assert row_of(site, message)[0] == "wired" and row_of(site, message)[2]
    assert until(phone.perform, "its own phone has it")


def test_where_the_phone_says_what_it_takes_a_lost_list_is_given_again(site, phone, write):
    _, _, _, first = write()
    waits(site, first)
    until(phone.perform, "the phone says what it takes")
    to, _, words, message = write()
    before = waits(site, message)[3]
    lost = until(phone.ask, "it is listed")
    aged(site, message, "listed_at", "3 minutes")
    swept(site, message, before)
    assert phone.take(lost) == [], "the list that was lost is void"
    waits(site, message)
    phone.sent.clear()
    until(phone.perform, "it is fetched")
    assert [(one["to"], one["message"]) for one in phone.sent] == [(to, words)]


def test_where_it_does_not_it_is_not_known_and_not_sent_twice(site, desk, phone, write):
    _, case, _, message = write()
    before = waits(site, message)[3]
    assert len(until(phone.ask, "it is listed")) == 1
    assert phone.ask() == [], "it is told once"
    aged(site, message, "listed_at", "3 minutes")
    swept(site, message, before)
    assert row_of(site, message)[:3] == ("unsure", "no_answer", False) and phone.ask() == []
    assert desk.case(case).json()["messages"][0]["state"] == "unsure"


def test_while_no_phone_asks_nothing_is_opened(site, phone, write):
    site.query("UPDATE register.gateway SET asked_at = now() - interval '1 hour' WHERE name = %s", (phone.gateway["name"],), role="muster")
    _, _, _, message = write()
    site.query("UPDATE register.message SET state = 'wired', wired_at = now() - interval '1 hour', parcel = 'x', gateway_id = 'x' WHERE message_id = %s"
               " AND state = 'queued'", (message,), role="muster")
    until(lambda: row_of(site, message)[0] == "queued" and not row_of(site, message)[2], "what was not fetched is put back", 25)
    phone.ask()
    waits(site, message)


def test_what_waits_tells_nothing(site, phone, write):
    to, _, words, message = write()
    waits(site, message)
    dump = site.cluster.dump()
    assert to.encode() not in dump and words.encode() not in dump and json.dumps(words).encode() not in dump
