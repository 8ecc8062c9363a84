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
from harness.places import ROOT
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


# --- approved ---------------------------------------------------------------------------------------------------------------

def test_a_large_one_waits_for_a_second_officer(site, desk, lead, quarter):
    fake = FakeGateway(TAKEN)
    with connected(site, "cast", "twilio", fake), approval_above(site, 2):
        for _ in range(3):
            quarter.add()
        told = drafted(desk, quarter)
        assert told["needs_approval"] and told["approval_above"] == 2
        assert act(lead, told, "send").status_code == 409, "only its author sends it"
        assert act(desk, told, "send").json()["state"] == "proposed"
        assert act(desk, told, "approve").status_code == 409, "nobody approves their own"
        assert act(site.desk("viewer"), told, "approve").status_code == 403
        assert look(desk, told)["state"] == "proposed" and look(desk, told)["filled"] == 0 and not fake.taken
        approved = act(lead, told, "approve").json()
        assert approved["state"] == "running" and approved["approved_by"] == site.staff("lead", 3).user
        comes_to(desk, told, "finished")
        assert sent_to(fake) == sorted(quarter.phones)
        actions = site.query("SELECT action FROM register.audit WHERE detail ->> 'broadcast' = %s ORDER BY audit_id", (told["id"],), role="muster")
        assert [action for action, in actions] == ["broadcast.draft", "broadcast.send", "broadcast.approve"]


def test_the_register_itself_lets_nobody_approve_their_own(site, desk, quarter):
    """As a mistake in the desk would try it."""
    with connected(site, "cast", "twilio", FakeGateway(TAKEN)), approval_above(site, 0):
        quarter.add()
        told = drafted(desk, quarter)
        act(desk, told, "send")
        author, = site.query("SELECT staff_id FROM register.broadcast WHERE broadcast_id = %s", (told["id"],), role="muster")[0]
        running = "UPDATE register.broadcast SET state = 'running', started_at = now()"
        settings = "SELECT set_config('muster.staff', '%d', true); " % author
        for change in (running, running + f", approved_by = {author}", "UPDATE register.broadcast SET recipients = 0",
                       "UPDATE register.broadcast SET approval_above = 1000"):
            with pytest.raises(Exception, match="violates|permission denied"):
                site.query(f"{settings}{change} WHERE broadcast_id = '{told['id']}'", role="muster_desk")
        assert look(desk, told)["state"] == "proposed"


def test_two_who_press_at_once_have_one_effect(site, desk, lead, quarter):
    fake = FakeGateway(TAKEN)
    with connected(site, "cast", "twilio", fake), approval_above(site, 0):
        for _ in range(4):
            quarter.add()
        told = drafted(desk, quarter)
        act(desk, told, "send")
        seconds = [site.desk("lead", number) for number in (3, 4, 5, 6)]
        with concurrent.futures.ThreadPoolExecutor(len(seconds)) as pool:
            said = list(pool.map(lambda who: act(who, told, "approve").status_code, seconds))
        assert sorted(said) == [200, 409, 409, 409]
        comes_to(desk, told, "finished")
        assert sent_to(fake) == sorted(quarter.phones)


# --- paced, stopped, resumed ------------------------------------------------------------------------------------------------

def test_stopped_nobody_more_gets_it(site, desk, lead, quarter):
    fake = FakeGateway(TAKEN)
    with connected(site, "cast", "twilio", fake):
        for _ in range(30):
            quarter.add()
        told = drafted(desk, quarter, texts_a_second=1)
        act(desk, told, "send")
        until(lambda: fake.taken, "the first is sent", 20)
        stopped = act(lead, told, "stop").json()
        assert stopped["state"] == "stopped" and stopped["ended_by"] == site.staff("lead", 3).user
        until(lambda: not site.query("SELECT 1 FROM register.message WHERE broadcast_id = %s AND state IN ('queued', 'wired')",
                                     (told["id"],), role="muster"), "nothing is under way", 20)
        count, filled = len(fake.taken), look(desk, told)["filled"]
        assert 1 <= count <= filled < 30
        other = drafted(desk, quarter, audience=quarter.audience(languages=["en"]), texts_a_second=100) # later ones go out; of this no more
        act(desk, other, "send")
        comes_to(desk, other, "finished")
        assert len(fake.taken) == count + 30 and look(desk, told)["filled"] == filled


def test_what_was_put_off_when_it_was_stopped_is_not_tried_again(site, desk, quarter):
    fake = FakeGateway(lambda number: (503, "not now"))
    with connected(site, "cast", "twilio", fake):
        quarter.add()
        told = drafted(desk, quarter)
        fake.hold.clear() # the gateway has it in hand as the stop comes
        act(desk, told, "send")
        until(lambda: fake.taken, "it is under way", 20)
        act(desk, told, "stop")
        fake.hold.set()
        until(lambda: look(desk, told)["progress"] == {"failed": 1}, "it is given up", 30)
        assert len(fake.taken) == 1


def test_couriers_die_and_each_gets_it_once(site, desk, quarter):
    fake = FakeGateway(TAKEN)
    with connected(site, "cast", "twilio", fake):
        for _ in range(40):
            quarter.add()
        told = drafted(desk, quarter, texts_a_second=10)
        act(desk, told, "send")
        for least in (3, 12, 22):
            until(lambda least=least: len(fake.taken) >= least, "some were sent", 40)
            until(lambda: site.service.roles("courier"), "a courier runs", 20)
            site.service.kill_role("courier")
        site.service.excuse_failures()
        # What the dead ones had in hand is told as not known after two minutes, and never sent twice: those two minutes are over at once.
        def over():
            site.query("UPDATE register.message SET wired_at = now() - interval '3 minutes' WHERE broadcast_id = %s AND state = 'wired' "
                       "AND wired_at < now() - interval '5 seconds'", (told["id"],), role="muster")
            return look(desk, told)["state"] == "finished"
        until(over, "it is finished", 60)
        sent = sent_to(fake)
        assert len(sent) == len(set(sent)), "nobody got it twice"
        progress = look(desk, told)["progress"]
        assert sum(progress.values()) == 40 and set(progress) <= {"sent", "unsure"} and progress["sent"] <= len(sent)


def test_an_officers_words_go_before_it(site, desk, quarter):
    fake = FakeGateway(TAKEN)
    with connected(site, "cast", "twilio", fake):
        site.query("UPDATE register.gateway SET texts_a_second = 1 WHERE sends", role="muster")
        for _ in range(12):
            quarter.add()
        told = drafted(desk, quarter, texts_a_second=100)
        act(desk, told, "send")
        until(lambda: look(desk, told)["filled"] == 12, "all wait", 20)
        phone, code = quarter.phones[-1], quarter.codes[-1]
        assert quarter.citizen.check_in(people.check_in(case=code, status="need_help")).status_code == 201
        words = people.words("A car comes.")
        assert desk.do(code, "messages", {"text": words}).status_code == 201
        until(lambda: words in [fake.form(n)["Body"] for n in range(len(fake.taken))], "the officer's words are out", 30)
        assert len(fake.taken) < 13, "before the rest of the broadcast"
        act(desk, told, "stop")


# --- to whom ----------------------------------------------------------------------------------------------------------------

def test_who_is_in_an_audience(site, desk, quarter):
    helped = quarter.add(language="fr", intent="wants_evacuation")[1]
    infant = quarter.add(language="en", party=[people.member(needs=["infant"])])[1]
    silent = quarter.add(language="en")[1]
    quarter.citizen.check_in(people.check_in(case=helped, status="injured"))
    quarter.citizen.check_in(people.check_in(case=infant))
    site.query("UPDATE register.registration SET check_in_by = now() - interval '1 hour' WHERE registration_id = %s",
               (case_codes.number(silent),), role="muster")
    count = lambda **audience: drafted(desk, quarter, audience=quarter.audience(**audience))["recipients"]
    assert count() == 3
    assert count(languages=["fr"]) == 1 and count(languages=["fr", "en"]) == 3 and count(languages=["dje"]) == 0
    assert count(bands=[2]) == 1 and count(bands=[1, 3]) == 0
    assert count(needs=["infant", "pets"]) == 1 and count(needs=["pets"]) == 0
    assert count(intents=["wants_evacuation"]) == 1 and count(intents=["staying"]) == 2
    assert count(statuses=["none"]) == 1 and count(statuses=["safe", "injured"]) == 2
    assert count(overdue=True) == 1 and count(overdue=True, languages=["fr"]) == 0
    post, = site.query("SELECT post FROM report.party WHERE registration_id = %s", (case_codes.number(silent),))[0]
    assert count(posts=[post]) == 3 and count(posts=["nowhere"]) == 0
    cell, = site.query("SELECT cell FROM report.party WHERE registration_id = %s", (case_codes.number(silent),))[0]
    assert drafted(desk, quarter, audience={"cells": [cell]})["recipients"] == 3
    elsewhere = quarter.audience()["zone"] | {"lat": quarter.lat + 0.1}
    assert drafted(desk, quarter, audience={"zone": elsewhere})["recipients"] == 0


def test_parties_with_one_phone_get_it_once(site, desk, quarter):
    fake = FakeGateway(TAKEN)
    with connected(site, "cast", "twilio", fake):
        phone, _ = quarter.add()
        quarter.add(phone)
        quarter.add(phone)
        other, _ = quarter.add()
        told = drafted(desk, quarter, texts_a_second=1) # so that they come in different fills
        assert told["recipients"] == 2
        act(desk, told, "send")
        comes_to(desk, told, "finished")
        assert sent_to(fake) == sorted([phone, other])


def test_an_officer_of_one_post_texts_that_post(site, desk, quarter):
    quarter.add()
    user = f"post.officer{next(PLACES)}"
    password = site.directory / f"{user}.password"
    password.write_text("a-long-enough-password\n")
    site.service.muster("staff", "add", "--user", user, "--role", "officer", "--crisis", CRISIS, "--post", "cotonou", "--password-file", password)
    from harness.clients import Desk
    limited = Desk(site.service.desk_url, site.service.certificate, site.service.muster_json("staff", "token", "--user", user)["token"])
    own = drafted(limited, quarter)
    assert own["audience"]["posts"] == ["cotonou"] and own["recipients"] == 0
    refused = draft(limited, quarter, audience=quarter.audience(posts=["niamey"]))
    assert refused.status_code == 422 and refused.json()["errors"][0]["field"] == "audience/posts"
    theirs = drafted(desk, quarter)
    assert act(limited, theirs, "stop").status_code == 409, "it goes to posts that are not theirs"
    assert look(desk, theirs)["state"] == "draft"
    limited.close()


def test_exercises_and_relatives_questions_are_not_texted(site, desk, quarter):
    quarter.add(client_id="45584552-0001-8000-8000-" + uuid.uuid4().hex[:12])
    assert drafted(desk, quarter)["recipients"] == 0


# --- STOP, and answers ------------------------------------------------------------------------------------------------------

def text(site, gateway, phone, words):
    answer = gateways.KINDS["twilio"](gateway, phone, words, str(uuid.uuid4())).send(site)
    assert answer.status_code == 200, answer.text


def test_stop_ends_broadcasts_and_start_begins_them(site, desk, quarter):
    fake = FakeGateway(TAKEN)
    with connected(site, "cast", "twilio", fake) as gateway:
        phone, code = quarter.add()
        quarter.add(phone) # a second party with this phone: the number has the say
        other, _ = quarter.add()
        text(site, gateway, phone, "STOP")
        until(lambda: drafted(desk, quarter)["opted_out"] == 2, "the choice is kept", 30)
        told = drafted(desk, quarter)
        assert told["recipients"] == 1
        act(desk, told, "send")
        comes_to(desk, told, "finished")
        assert sent_to(fake) == [other]
        assert not site.query("SELECT 1 FROM report.triage_case WHERE registration_id = %s", (case_codes.number(code),)), "who says STOP needs nobody"
        text(site, gateway, phone, "UNSTOP")
        until(lambda: drafted(desk, quarter)["recipients"] == 2, "the choice is kept", 30)


def test_a_cry_is_answered_whatever_was_stopped(site, desk, quarter):
    with connected(site, "cast", "twilio", FakeGateway(TAKEN)) as gateway:
        phone, code = quarter.add()
        text(site, gateway, phone, "STOP")
        text(site, gateway, phone, "HELP")
        until(lambda: drafted(desk, quarter)["opted_out"] == 1, "the choice is kept", 30)
        assert desk.do(code, "messages", {"text": people.words("We come.")}).status_code == 201


def test_what_waits_for_who_says_stop_is_held_back(site, desk, quarter):
    fake = FakeGateway(lambda number: (503, "not now"))
    with connected(site, "cast", "twilio", fake) as gateway:
        phone, _ = quarter.add()
        told = drafted(desk, quarter)
        act(desk, told, "send")
        until(lambda: fake.taken, "it was tried", 20)
        text(site, gateway, phone, "ARRET")
        until(lambda: site.query("SELECT reason FROM register.message WHERE broadcast_id = %s AND state = 'failed'", (told["id"],), role="muster") == [("opted_out",)],
              "it is held back", 40)


def test_answers_land_as_check_ins(site, desk, quarter):
    fake = FakeGateway(TAKEN)
    with connected(site, "cast", "twilio", fake) as gateway:
        safe, cries, _ = quarter.add(), quarter.add(), quarter.add()
        told = drafted(desk, quarter, {"en": "How are you?"}, asks=True)
        act(desk, told, "send")
        comes_to(desk, told, "finished")
        text(site, gateway, safe[0], "1")
        text(site, gateway, cries[0], "2")
        assert look(desk, told)["answers"] == {"safe": 1, "need_help": 1}
        case = desk.case(cries[1]).json()
        assert case["band"] == 3 and case["last_status"] == "need_help"
        said, = [one for one in case["messages"] if one["origin"] == "broadcast"]
        assert said["text"].startswith("How are you?") and said["state"] == "sent"


# --- refused ----------------------------------------------------------------------------------------------------------------

def test_what_is_wrong_is_named_and_nothing_is_kept(site, desk, quarter):
    before = len(desk.act("GET", "/broadcasts").json()["broadcasts"])
    for body, field in (({"texts": {"en": "x" * 2000}}, "texts/en"), ({"crisis": "no-such"}, "crisis"), ({"hours": 0}, "hours"),
                        ({"audience": {"zone": {"lat": 1, "lon": 1, "km": 999}}}, "audience/zone/km")):
        answer = desk.act("POST", "/broadcasts", json={"crisis": CRISIS, "texts": {"en": "a"}} | body)
        assert answer.status_code == 422 and field in [error["field"] for error in answer.json()["errors"]], answer.text
    assert desk.act("POST", "/broadcasts", data="[]", headers={"Content-Type": "application/json"}).status_code == 400
    assert desk.act("GET", f"/broadcasts/{uuid.uuid4()}").status_code == 404 and desk.act("GET", "/broadcasts/x").status_code == 404
    assert desk.act("POST", f"/broadcasts/{uuid.uuid4()}/send").status_code == 404
    assert len(desk.act("GET", "/broadcasts").json()["broadcasts"]) == before
    for role, status in (("viewer", 403), ("warden", 403), ("admin", 403)):
        assert draft(site.desk(role), quarter).status_code == status


def test_a_draft_said_again_is_one(site, desk, quarter):
    quarter.add()
    key = {"Idempotency-Key": str(uuid.uuid4())}
    body = {"crisis": CRISIS, "audience": quarter.audience(), "texts": {"en": "Stay in"}}
    with concurrent.futures.ThreadPoolExecutor(4) as pool:
        said = list(pool.map(lambda _: site.desk().act("POST", "/broadcasts", json=body, headers=key), range(4)))
    assert {answer.status_code for answer in said} == {201} and {answer.json()["id"] for answer in said} == {key["Idempotency-Key"]}
    assert len(said[0].json()["texts"]) == 1


def test_nobody_is_texted_without_a_gateway_or_an_audience(site, desk, quarter):
    told = drafted(desk, quarter)
    assert act(desk, told, "send").status_code == 409
    with connected(site, "cast", "twilio", FakeGateway(TAKEN)):
        assert act(desk, told, "send").json()["detail"].startswith("Nobody of this audience")
        quarter.add()
        site.query("UPDATE register.broadcast SET counted_at = now() - interval '11 minutes' WHERE broadcast_id = %s", (told["id"],), role="muster")
        assert "counted" in act(desk, told, "send").json()["detail"]
        assert look(desk, told)["recipients"] == 1
        assert act(desk, told, "send").json()["state"] == "running"
        comes_to(desk, told, "finished")


def test_no_words_of_it_are_kept_in_clear(site, desk, quarter):
    words = people.words("The convoy meets at the old mill")
    drafted(desk, quarter, {"en": words})
    assert not people.traces(site.cluster.dump(), [words])


def test_a_large_audience_is_counted_by_the_courier(site, desk, quarter):
    code = quarter.add(language="en")[1]
    site.query("""WITH one AS (SELECT * FROM register.registration WHERE registration_id = %s),
      parties AS (INSERT INTO register.registration (registration_id, crisis_id, post_id, state, client_id, content_mac, secret_mac, language,
          channel, stored_via, received_at, cell)
        SELECT 1000 + i, crisis_id, post_id, state, gen_random_uuid(), content_mac, secret_mac, language, channel, stored_via, received_at, cell
        FROM one, generate_series(1, 20000) AS i RETURNING registration_id)
      INSERT INTO register.contact SELECT p.registration_id, 0, 'phone', true, k.epoch_id, k.sealed_value, int8send(p.registration_id)
      FROM parties AS p, register.contact AS k WHERE k.registration_id = %s AND k.ordinal = 0""", (case_codes.number(code),) * 2, role="muster")
    try:
        told = drafted(desk, quarter)
        assert told["counting"] and told["counted_at"] is None
        assert act(desk, told, "send").status_code == 409
        until(lambda: not look(desk, told)["counting"], "it is counted", 60)
        assert look(desk, told)["recipients"] == 20001 and look(desk, told)["texts"][0]["recipients"] == 20001
    finally:
        for table in ("contact", "registration"):
            site.query(f"DELETE FROM register.{table} WHERE registration_id BETWEEN 1001 AND 21000", role="muster")


def test_without_a_gateway_it_waits_and_skips_nobody(site, desk, quarter):
    fake = FakeGateway(TAKEN)
    with connected(site, "cast", "twilio", fake) as gateway:
        for _ in range(3):
            quarter.add()
        told = drafted(desk, quarter)
        account, epoch = site.query("SELECT sealed_account, account_epoch FROM register.gateway WHERE name = %s", (gateway["name"],), role="muster")[0]
        act(desk, told, "send")
        site.query("UPDATE register.gateway SET sealed_account = NULL, account_epoch = NULL WHERE name = %s", (gateway["name"],), role="muster")
        until(lambda: look(desk, told)["state"] == "running", "it runs", 10)
        site.query("UPDATE register.gateway SET sealed_account = %s, account_epoch = %s WHERE name = %s", (account, epoch, gateway["name"]), role="muster")
        comes_to(desk, told, "finished")
        assert sent_to(fake) == sorted(quarter.phones)


# --- what a reviewer found --------------------------------------------------------------------------------------------------

def test_a_phone_that_another_party_names_too_is_not_passed_over(site, desk, quarter):
    """A party that lists somebody's phone second has its text on its first: the other's phone must get its own."""
    fake = FakeGateway(TAKEN)
    with connected(site, "cast", "twilio", fake):
        phones = [people.phone() for _ in range(4)]
        for first in phones: # each names all the others, so whichever number comes first
            contacts = [{"kind": "phone", "value": phone, "primary": phone == first} for phone in phones]
            quarter.add(first, contacts=contacts)
        told = drafted(desk, quarter, texts_a_second=1)
        assert told["recipients"] == 4
        act(desk, told, "send")
        comes_to(desk, told, "finished", 60)
        assert sent_to(fake) == sorted(phones)


def test_what_is_not_counted_cannot_run(site, desk, quarter):
    quarter.add()
    told = drafted(desk, quarter)
    for uncounted in ("recipients = NULL", "expires_at = NULL"):
        with pytest.raises(Exception, match="violates"):
            site.query(f"UPDATE register.broadcast SET state = 'running', started_at = now(), expires_at = now(), {uncounted} WHERE broadcast_id = %s"
                       .replace("expires_at = now(), expires_at", "expires_at"), (told["id"],), role="muster")
    with pytest.raises(Exception, match="approved as it begins"):
        site.query("UPDATE register.broadcast SET approved_by = staff_id + 1 WHERE broadcast_id = %s", (told["id"],), role="muster")


def test_one_that_cannot_be_filled_stops_no_other(site, desk, quarter):
    fake = FakeGateway(TAKEN)
    with connected(site, "cast", "twilio", fake):
        quarter.add()
        broken, whole = drafted(desk, quarter), drafted(desk, quarter)
        site.query("DELETE FROM register.broadcast_text WHERE broadcast_id = %s", (broken["id"],), role="muster") # as nothing of ours does
        act(desk, broken, "send")
        act(desk, whole, "send")
        comes_to(desk, whole, "finished")
        assert comes_to(desk, broken, "stopped")["reason"] == "error"
        assert len(fake.taken) == 1
    site.service.excuse_failures()


def test_an_exercises_stop_is_nobodys_choice(site, desk, quarter):
    with connected(site, "cast", "twilio", FakeGateway(TAKEN)) as gateway:
        (played, _), (real, _) = quarter.add(), quarter.add()
        kannel = gateways.add(site, "kannel", CRISIS, name=f"cast-{next(PLACES)}-drill", key="key-of-the-drills-gateway")
        drill = "45584552-0001-8000-8000-" + uuid.uuid4().hex[:12]
        until(lambda: gateways.KINDS["kannel"](kannel, played, "STOP", drill).send(site).status_code == 200, "the gateway is known", 30)
        text(site, gateway, real, "STOP")
        until(lambda: drafted(desk, quarter)["opted_out"] >= 1, "the real one is kept", 30)
        assert drafted(desk, quarter)["opted_out"] == 1, "the exercise's is not"


def test_counted_anew_as_it_is_sent_it_takes_a_second_officer(site, desk, quarter):
    """The desk has looked, and decided to let it run; then the count rises above the limit, or the limit sinks below the count."""
    statement = (ROOT / "sql/queries/broadcast_step.sql").read_text()
    with connected(site, "cast", "twilio", FakeGateway(TAKEN)):
        quarter.add()
        told = drafted(desk, quarter)
        author, = site.query("SELECT staff_id FROM register.broadcast WHERE broadcast_id = %s", (told["id"],), role="muster")[0]
        def let_run():
            return site.query(f"SELECT set_config('muster.staff', '{author}', true); PREPARE step AS {statement}; "
                              f"EXECUTE step('{told['id']}', {author}, 'draft', 'running', '127.0.0.1', 'send')", role="muster_desk")
        site.query("UPDATE register.broadcast SET recipients = 201 WHERE broadcast_id = %s", (told["id"],), role="muster")
        assert let_run() == [] and look(desk, told)["state"] == "draft"
        site.query("UPDATE register.broadcast SET recipients = 1 WHERE broadcast_id = %s", (told["id"],), role="muster")
        with approval_above(site, 0):
            assert let_run() == [] and look(desk, told)["state"] == "draft"
        assert len(let_run()) == 1
        comes_to(desk, told, "finished")
