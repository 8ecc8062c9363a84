# SPDX-License-Identifier: Apache-2.0
"""When a party is asked: sooner where there is danger, not at night; and a stranger is answered as the crisis's policy says."""
import contextlib
import datetime

import pytest

from harness import case_codes, people
from harness.fake_gateway import FakeGateway
from harness.service import CRISIS, zone_where_it_is
from harness.waiting import until
from test_openapi import api, assert_as_described # noqa: F401: a fixture
from test_outbox import connected
from test_overdue import TAKEN, Party, arrives, to, two_phones
from test_policy import PATH, change, errors_of, policy
from test_zones import circle, remove

LAT, LON = 18.9, 12.9 # the Djado plateau: nobody else's
HOUR = datetime.timedelta(hours=1)


@pytest.fixture(scope="module")
def lead(lone_site):
    return lone_site.desk("lead", 346)


@pytest.fixture(scope="module")
def gate(lone_site):
    fake = FakeGateway(TAKEN)
    with connected(lone_site, "asked", "twilio", fake):
        yield fake


@pytest.fixture
def draw(lead):
    made = []

    def do(feature):
        answer = lead.act("POST", "/zones", json=feature)
        assert answer.status_code == 201, answer.text
        made.append(answer.json()["id"])
        return answer.json()["id"]
    yield do
    for zone in made:
        remove(lead, zone)


@pytest.fixture
def rules(lead):
    """Changes the policy, and takes the change back."""
    def do(**check_ins):
        answer = change(lead, {"check_ins": check_ins})
        assert answer.status_code == 200, answer.text
        return answer
    yield do
    change(lead, {"check_ins": {"danger_minutes": None, "texts_at_night": False}, "answer_minutes": {"5": 240}})


@contextlib.contextmanager
def clocks(site, hour):
    """What the clocks show where the crisis is."""
    try:
        site.service.muster("crisis", "zone", "--id", CRISIS, "--name", zone_where_it_is(hour))
        yield
    finally:
        site.service.muster("crisis", "zone", "--id", CRISIS, "--name", zone_where_it_is(12))


class Known:
    """A party that looks at its own record."""

    def __init__(self, site, **changes):
        self.site, self.citizen = site, site.citizen()
        self.told = self.citizen.register(people.registration(**changes)).json()
        self.number = case_codes.number(self.told["case"])

    def due(self):
        return instant(self.citizen.own_record(self.told["case"], self.told["secret"]).json()["check_in_by"])

    def heard(self):
        return self.site.query("SELECT coalesce(last_check_in_at, received_at) FROM register.registration WHERE registration_id = %s", (self.number,), role="muster")[0][0]

    def waits_for(self, hours):
        return abs(self.due() - self.heard() - hours * HOUR) < datetime.timedelta(seconds=1)

    def was_heard_ago(self, hours):
        self.site.query("UPDATE register.registration SET received_at = received_at - %s * interval '1 hour', check_in_by = check_in_by - %s * interval '1 hour',"
                        " last_check_in_at = last_check_in_at - %s * interval '1 hour' WHERE registration_id = %s", (hours, hours, hours, self.number), role="muster")

    def rung(self):
        rows = self.site.query("SELECT rung FROM register.overdue WHERE registration_id = %s", (self.number,), role="muster")
        return rows[0][0] if rows else None


def instant(text):
    return datetime.datetime.fromisoformat(text.replace("Z", "+00:00"))


def at(lat):
    return {"lat": lat, "lon": LON}


def test_in_danger_the_next_check_in_is_due_sooner_and_elsewhere_not(lone_site, lead, draw, rules):
    inside, outside = Known(lone_site, location=at(LAT)), Known(lone_site, location=at(LAT + 0.5))
    assert inside.waits_for(24) and outside.waits_for(24)
    zone = draw(circle(LAT, LON, 3000))
    assert inside.waits_for(12) and outside.waits_for(24)
    rules(danger_minutes=180)
    assert inside.waits_for(3) and outside.waits_for(24)
    assert outside.citizen.check_in(people.check_in(case=outside.told["case"], status="safe", location=at(LAT))).status_code == 201
    assert inside.citizen.check_in(people.check_in(case=inside.told["case"], status="safe", location=at(LAT + 0.5))).status_code == 201
    assert outside.waits_for(3) and inside.waits_for(24), "one came in, the other has left"
    remove(lead, zone)
    assert outside.waits_for(24), "and what is undone leaves nothing behind"


def test_who_registers_there_is_told_so_at_once(lone_site, draw):
    draw(circle(LAT + 1, LON, 3000))
    one = Known(lone_site, location=at(LAT + 1))
    assert one.waits_for(12) and abs(instant(one.told["check_in_by"]) - one.due()) < datetime.timedelta(seconds=1)


def test_who_is_silent_there_is_overdue_sooner_until_the_zone_is_gone(lone_site, lead, desk_of, draw):
    one = Known(lone_site, location=at(LAT + 2), contacts=[], emergency_contact=None)
    far = Known(lone_site, location=at(LAT + 2.5), contacts=[], emergency_contact=None)
    zone = draw(circle(LAT + 2, LON, 3000))
    one.was_heard_ago(13)
    far.was_heard_ago(13)
    until(lambda: one.rung() == "case_raised", "it is an officer's")
    case = desk_of.case(one.told["case"]).json()
    assert {"overdue", "overdue_in_danger_zone"} <= set(case["reasons"]) and instant(case["check_in_by"]) == one.due()
    assert far.rung() is None
    warden = lone_site.desk("warden", 347)
    listed = {"cases": [one.told["case"], far.told["case"]]}
    assert lead.act("POST", f"/wardens/{lone_site.staff('warden', 347).user}/households", json=listed).status_code == 204
    overdue = lambda: {item["case"]: item["overdue"] for item in warden.act("GET", "/warden").json()["households"]}
    assert overdue() == {one.told["case"]: True, far.told["case"]: False}, "wardens hear of it as officers do"
    user = lone_site.staff("warden", 347).user
    shown = lead.act("GET", f"/wardens/{user}/households").json()["households"]
    assert {item["case"]: item["overdue"] for item in shown} == overdue(), "and the lead sees the same of the list"
    assert [one["overdue"] for one in lead.act("GET", "/wardens").json()["wardens"] if one["user"] == user] == [1]
    remove(lead, zone)
    until(lambda: one.rung() is None, "elsewhere it is not due yet")
    told = lone_site.query("SELECT action FROM register.audit WHERE registration_id = %s AND action IN ('case.not_due', 'case.heard_from')", (one.number,), role="muster")
    assert told == [("case.not_due",)] and desk_of.case(one.told["case"]).json()["state"] == "resolved"
    assert lone_site.query("SELECT next_check_in > now() FROM report.party WHERE registration_id = %s", (one.number,)) == [(True,)]


def test_a_silence_goes_on_whatever_is_drawn(lone_site, lead, draw):
    """Who is overdue by the usual time is not asked once more because a zone came and went."""
    one = Known(lone_site, location=at(LAT + 3), contacts=[], emergency_contact=None)
    one.was_heard_ago(25)
    until(lambda: one.rung() == "case_raised", "it is an officer's")
    other = Known(lone_site, location=at(LAT + 3), contacts=[], emergency_contact=None)
    other.was_heard_ago(13)
    zone = draw(circle(LAT + 3, LON, 3000))
    until(lambda: other.rung() == "case_raised", "the ladder was looked through with the zone")
    remove(lead, zone)
    until(lambda: other.rung() is None, "and without it")
    number = lone_site.query("SELECT count(*) FROM register.audit WHERE registration_id = %s AND action = 'case.overdue'", (one.number,), role="muster")
    assert one.rung() == "case_raised" and number == [(1,)]


@pytest.mark.parametrize(("said", "faults"), [
    ({"danger_minutes": 59}, {"check_ins/danger_minutes": "out_of_range"}), ({"danger_minutes": "60"}, {"check_ins/danger_minutes": "wrong_type"}),
    ({"texts_at_night": 1}, {"check_ins/texts_at_night": "wrong_type"}), ({"weather": 1}, {"check_ins/weather": "unknown"}), ([], {"check_ins": "wrong_type"})])
def test_what_a_lead_may_not_make_of_it(lead, said, faults):
    assert errors_of(change(lead, {"check_ins": said})) == faults


def test_a_change_of_the_rules_is_kept_and_audited(lone_site, lead, rules, api): # noqa: F811
    answer = rules(danger_minutes=90, texts_at_night=True)
    assert_as_described(api, "patch", "/api/v1/policy", answer)
    assert answer.json()["check_ins"] == {"danger_minutes": 90, "texts_at_night": True} and answer.json()["check_in_minutes"] == 1440
    assert answer.json()["default"]["check_ins"] == {"danger_minutes": None, "texts_at_night": False}
    history = lead.act("GET", f"/policy/history?crisis={CRISIS}")
    assert_as_described(api, "get", "/api/v1/policy/history", history)
    assert history.json()["history"][0]["check_ins"] == answer.json()["check_ins"]
    detail, = lone_site.query("SELECT detail FROM register.audit WHERE action = 'policy.change' ORDER BY audit_id DESC LIMIT 1", role="muster")[0]
    assert detail["new"]["danger_check_in_minutes"] == 90 and detail["old"]["texts_at_night"] is False and detail["new"]["texts_at_night"] is True
    told, etag = policy(lead)
    whole = lead.act("PUT", PATH, json={"reasons": told["reasons"], "answer_minutes": told["answer_minutes"]}, headers={"If-Match": etag})
    assert whole.json()["check_ins"] == told["check_ins"], "what is not said stays"


def test_nobody_is_texted_at_night_and_all_are_in_the_morning(lone_site, gate):
    with clocks(lone_site, 2):
        party = Party(lone_site, contacts=[{"kind": "phone", "value": people.phone(), "primary": True}])
        party.falls_silent()
        until(lambda: party.ask("SELECT waits FROM register.overdue WHERE registration_id = %s") == [(True,)], "it waits for the morning")
        hours, = party.ask("SELECT extract(epoch FROM due_at - now()) / 3600 FROM register.overdue WHERE registration_id = %s")[0]
        assert 2.9 < hours < 5.1 and party.rung() == "found" and party.texts() == []
        number = Party(lone_site, contacts=[], emergency_contact=None)
        number.falls_silent()
        number.comes_to("case_raised") # an officer is awake
    party.time_passes() # the morning has come
    arrives(gate, party.phones[0])
    assert party.rung() == "asked" and party.ask("SELECT waits FROM register.overdue WHERE registration_id = %s") == [(False,)]


def test_in_danger_and_where_a_lead_says_so_they_are_texted_at_night(lone_site, gate, draw, rules):
    with clocks(lone_site, 23):
        there = Party(lone_site, location=at(LAT - 1), contacts=[{"kind": "phone", "value": people.phone(), "primary": True}])
        there.falls_silent()
        elsewhere = Party(lone_site, contacts=[{"kind": "phone", "value": people.phone(), "primary": True}])
        elsewhere.falls_silent()
        for party in (there, elsewhere):
            until(lambda party=party: party.ask("SELECT waits FROM register.overdue WHERE registration_id = %s") == [(True,)], "it waits")
        draw(circle(LAT - 1, LON, 3000))
        arrives(gate, there.phones[0])
        assert not to(gate, elsewhere.phones[0])
        rules(texts_at_night=True)
        arrives(gate, elsewhere.phones[0])


@pytest.mark.parametrize("needs", [["medication"], ["pregnant"], ["medical_emergency", "pets"]])
def test_who_may_need_a_doctor_is_woken_and_who_may_not_is_not(lone_site, gate, needs):
    """Also for each further step, while it is night."""
    with clocks(lone_site, 1):
        calm = Party(lone_site, contacts=[{"kind": "phone", "value": people.phone(), "primary": True}],
                     party=[{"family_name": people.name(), "needs": ["pets"]}])
        urgent = Party(lone_site, contacts=two_phones(), party=[{"family_name": people.name(), "needs": needs}])
        for party in (calm, urgent):
            party.falls_silent()
        assert urgent.code in arrives(gate, urgent.phones[0])
        until(lambda: calm.ask("SELECT waits FROM register.overdue WHERE registration_id = %s") == [(True,)], "it waits for the morning")
        urgent.time_passes()
        arrives(gate, urgent.phones[1])
        assert calm.rung() == "found" and calm.texts() == [] and not to(gate, calm.phones[0])
    calm.time_passes() # the morning has come
    arrives(gate, calm.phones[0])


def test_a_time_zone_that_is_none_is_refused(lone_site):
    refused = lone_site.service.muster("crisis", "zone", "--id", CRISIS, "--name", "Africa/Atlantis", check=False)
    assert refused.returncode != 0 and b"Africa/Atlantis" in refused.stderr
    assert lone_site.service.muster("crisis", "zone", "--id", "no-such", check=False).returncode != 0
    try:
        assert lone_site.service.muster_json("crisis", "zone", "--id", CRISIS)["time_zone"] == "Africa/Niamey", "a country with one has it"
    finally:
        lone_site.service.muster("crisis", "zone", "--id", CRISIS, "--name", zone_where_it_is(12))


def test_a_stranger_is_answered_within_what_the_policy_says(lone_site, lead, rules):
    def minutes():
        phone = people.phone()
        answer = lone_site.citizen().check_in(people.check_in(phone=phone, status="safe"))
        assert answer.status_code == 201
        return lone_site.query("SELECT extract(epoch FROM t.respond_by - t.received_at)::int / 60, t.queue, t.band FROM register.triage_case AS t"
                               " JOIN register.check_in AS c USING (registration_id) WHERE c.client_id = %s", (answer.json()["receipt"],), role="muster")[0]
    assert minutes() == (240, "identification", 5)
    assert change(lead, {"answer_minutes": {"5": 200}}).status_code == 200
    # long enough ago that nothing is judged again for it: what is raised has the policy's time from the first
    lone_site.query("UPDATE register.triage_policy SET changed_at = now() - interval '1 hour', judging = false", role="muster")
    assert minutes() == (200, "identification", 5)


@pytest.fixture(scope="module")
def desk_of(lone_site):
    return lone_site.desk("officer", 347)
