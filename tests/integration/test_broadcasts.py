# SPDX-License-Identifier: Apache-2.0
"""A text to many: counted before, approved by a second officer, paced, stoppable, and to each once whatever dies in between."""
import concurrent.futures
import contextlib
import itertools
import json
import uuid

import pytest

from harness import case_codes, gateways, people
from harness.fake_gateway import FakeGateway
from harness.service import CRISIS
from harness.waiting import until
from test_outbox import connected

PLACES = itertools.count()
TAKEN = lambda number: (201, json.dumps({"sid": f"SM{number:032d}"}))


class Quarter:
    """A place of its own in the desert, so that a test's audience is its own, and who is registered there."""

    def __init__(self, citizen):
        self.citizen = citizen
        self.lat, self.lon = 18.0 + next(PLACES) * 0.2, 9.5
        self.phones, self.codes = [], []

    def add(self, phone=None, **changes):
        """Registers a party here; its phone and case code."""
        phone = phone or people.phone()
        sent = people.registration(**({"location": {"lat": self.lat, "lon": self.lon, "accuracy_m": 10},
                                       "contacts": [{"kind": "phone", "value": phone, "primary": True}]} | changes))
        code = self.citizen.register(sent).json()["case"]
        self.phones.append(phone)
        self.codes.append(code)
        return phone, code

    def audience(self, **more):
        return {"zone": {"lat": self.lat, "lon": self.lon, "km": 5}} | more


@pytest.fixture
def quarter(citizen):
    return Quarter(citizen)


@pytest.fixture
def lead(site):
    return site.desk("lead", 3)


def draft(desk, quarter, texts=None, **changes):
    audience = changes.pop("audience", quarter.audience())
    return desk.act("POST", "/broadcasts", json={"crisis": CRISIS, "audience": audience,
                                                 "texts": texts or {"en": people.words("Stay inside tonight.")}} | changes)


def drafted(desk, quarter, texts=None, **changes):
    answer = draft(desk, quarter, texts, **changes)
    assert answer.status_code == 201, answer.text
    return answer.json()


def act(desk, broadcast, action):
    return desk.act("POST", f"/broadcasts/{broadcast['id']}/{action}")


def look(desk, broadcast):
    answer = desk.act("GET", f"/broadcasts/{broadcast['id']}")
    assert answer.status_code == 200, answer.text
    return answer.json()


def comes_to(desk, broadcast, state, seconds=30):
    until(lambda: look(desk, broadcast)["state"] == state, f"the broadcast is {state}", seconds)
    return look(desk, broadcast)


@contextlib.contextmanager
def approval_above(site, count):
    site.service.muster("crisis", "approval", "--id", CRISIS, "--above", str(count))
    try:
        yield
    finally:
        site.service.muster("crisis", "approval", "--id", CRISIS, "--above", "200")


def sent_to(fake):
    return sorted(fake.form(number)["To"] for number in range(len(fake.taken)))


# --- counted ----------------------------------------------------------------------------------------------------------------

def test_a_draft_is_counted_by_language_and_sends_nothing(site, desk, quarter):
    fake = FakeGateway(TAKEN)
    with connected(site, "cast", "twilio", fake) as gateway:
        site.query("UPDATE register.gateway SET segment_price = 0.045, price_currency = 'EUR' WHERE name = %s", (gateway["name"],), role="muster")
        quarter.add(language="en")
        quarter.add(language="fr")
        quarter.add(language="ha") # there is no text for it: the first
        quarter.add(contacts=[{"kind": "email", "value": "nobody@example.org", "primary": True}])
        told = drafted(desk, quarter, {"fr": people.words("Restez à l'intérieur"), "en": "x" * 170})
        assert told["state"] == "draft" and told["recipients"] == 3 and told["no_number"] == 1 and told["opted_out"] == 0
        assert [(text["language"], text["segments"], text["recipients"]) for text in told["texts"]] == [("fr", 1, 2), ("en", 2, 1)]
        assert told["segments"] == 4 and told["cost"] == {"amount": "0.18", "currency": "EUR"} and told["gateway"] == gateway["name"]
        assert told["mine"] and not told["needs_approval"] and told["audience"]["zone"]["km"] == 5
        assert told["id"] in [one["id"] for one in desk.act("GET", "/broadcasts").json()["broadcasts"]]
        assert look(desk, told)["state"] == "draft" and not fake.taken


def test_it_goes_to_each_once_in_their_language_with_their_case(site, desk, quarter):
    fake = FakeGateway(TAKEN)
    with connected(site, "cast", "twilio", fake):
        english, french = quarter.add(language="en"), quarter.add(language="fr")
        told = drafted(desk, quarter, {"en": "Stay inside. Your case: {case}", "fr": "Restez chez vous. Dossier {case}"}, asks=True)
        assert act(desk, told, "send").json()["state"] == "running"
        done = comes_to(desk, told, "finished")
        said = {form["To"]: form["Body"] for form in map(fake.form, range(len(fake.taken)))}
        assert said == {english[0]: f"Stay inside. Your case: {english[1]} Reply 1 if you are safe, 2 if you need help.",
                        french[0]: f"Restez chez vous. Dossier {french[1]} Répondez 1 si vous allez bien, 2 s'il vous faut de l'aide."}
        assert len(fake.taken) == 2 and done["filled"] == 2 and done["progress"] == {"sent": 2} and done["ended_by"] is None
        assert act(desk, told, "send").status_code == 409 and act(desk, told, "stop").status_code == 409
