# SPDX-License-Identifier: Apache-2.0
"""Who did not check in when it was time: asked, asked otherwise, then an officer's; and out of it at the first word."""
import contextlib
import json

import pytest

from harness import case_codes, people
from harness.fake_gateway import FakeGateway
from harness.service import CRISIS
from harness.waiting import until
from test_outbox import connected

TAKEN = lambda number: (201, json.dumps({"sid": f"SM{number:032d}"}))
NUMBERS = iter(range(220, 240))


@pytest.fixture(scope="module")
def gate(site):
    """One gateway for all of them; whom they text is told by number."""
    fake = FakeGateway(TAKEN)
    with connected(site, "ladder", "twilio", fake):
        yield fake


class Party:
    """A registered party, moved in time by its rows."""

    def __init__(self, site, **changes):
        self.site = site
        sent = people.registration(**changes)
        sent = {member: value for member, value in sent.items() if value is not None}
        self.phones = [contact["value"] for contact in sent["contacts"] if contact["kind"] != "email"]
        self.relative = sent["emergency_contact"]["phone"] if "emergency_contact" in sent else None
        self.code = site.citizen().register(sent).json()["case"]
        self.number = case_codes.number(self.code)

    def ask(self, statement):
        return self.site.query(statement, (self.number,), role="muster")

    def falls_silent(self, since="1 minute"):
        self.ask(f"UPDATE register.registration SET check_in_by = now() - interval '{since}' WHERE registration_id = %s")

    def time_passes(self):
        self.ask("UPDATE register.overdue SET due_at = now() WHERE registration_id = %s")

    def rung(self):
        rows = self.ask("SELECT rung FROM register.overdue WHERE registration_id = %s")
        return rows[0][0] if rows else None

    def comes_to(self, rung, seconds=20):
        until(lambda: self.rung() == rung, lambda: f"it is at {rung}, not {self.rung()}", seconds)

    def goes_on_to(self, rung):
        self.time_passes()
        self.comes_to(rung)

    def texts(self):
        return self.ask("SELECT state, reason, to_contact FROM register.message WHERE registration_id = %s AND origin = 'overdue' ORDER BY created_at")

    def case(self):
        rows = self.ask("SELECT queue, band, state, reasons, claimed_by IS NOT NULL, answered_at FROM register.triage_case WHERE registration_id = %s")
        return rows[0] if rows else None

    def says(self, **said):
        answer = self.site.citizen().check_in(people.check_in(case=self.code, **said))
        assert answer.status_code == 201, answer.text


def to(fake, phone):
    return [form["Body"] for form in map(fake.form, range(len(fake.taken))) if form["To"] == phone]


def arrives(fake, phone, count=1):
    until(lambda: len(to(fake, phone)) == count, lambda: f"{count} texts, not {len(to(fake, phone))}")
    return to(fake, phone)[-1]


def two_phones():
    return [{"kind": "phone", "value": people.phone(), "primary": True}, {"kind": "whatsapp", "value": people.phone(), "primary": False}]


def test_asked_asked_elsewhere_the_contact_then_an_officer(site, desk, gate):
    party = Party(site, language="fr", contacts=two_phones())
    party.falls_silent()
    asked = arrives(gate, party.phones[0])
    assert party.code in asked and "sans nouvelles de vous" in asked
    assert party.rung() == "asked" and not to(gate, party.phones[1]), "one step at a time"
    party.goes_on_to("asked_elsewhere")
    assert arrives(gate, party.phones[1]) == asked
    party.goes_on_to("contact_asked")
    told = arrives(gate, party.relative)
    assert "Niger" in told and party.code not in told and people.traces(told.encode()) == [], "who it is about is nobody's but theirs"
    assert party.case() is None
    party.goes_on_to("case_raised")
    assert party.case()[:3] == ("overdue", 4, "open")
    seen = desk.case(party.code).json()
    assert seen["reasons"] == ["overdue"] and [text["origin"] for text in seen["messages"]] == ["overdue"] * 3
    assert [len(to(gate, phone)) for phone in party.phones + [party.relative]] == [1, 1, 1], "each once"
    assert party.ask("SELECT action FROM register.audit WHERE registration_id = %s AND action = 'case.overdue'") == [("case.overdue",)]


def test_what_has_no_way_is_stepped_over(site, gate):
    unreachable = Party(site, contacts=[{"kind": "email", "value": "nobody@example.org", "primary": True}], consent={"family": False, "partners": False})
    unreachable.falls_silent()
    unreachable.comes_to("case_raised")
    assert unreachable.texts() == [] and not to(gate, unreachable.relative), "they did not want family told"
    alone = Party(site, emergency_contact=None)
    alone.falls_silent()
    arrives(gate, alone.phones[0])
    alone.goes_on_to("case_raised")


def test_a_check_in_ends_it_at_each_step(site, gate):
    for rung in ("asked", "contact_asked", "case_raised"):
        party = Party(site)
        party.falls_silent()
        party.comes_to("asked")
        for step in ("contact_asked", "case_raised"):
            if party.rung() != rung:
                party.goes_on_to(step)
        assert party.rung() == rung
        party.says()
        until(lambda: party.rung() is None, "it has left the ladder")
        assert party.case() is None or party.case()[2:] == ("resolved", party.case()[3], False, None), "closed, and nobody says that it was answered"
        assert not [text for text in party.texts() if text[0] == "queued"]


def test_a_cry_for_help_stays_when_the_silence_ends(site, gate):
    party = Party(site, contacts=[], emergency_contact=None)
    party.falls_silent()
    party.comes_to("case_raised")
    party.says(status="need_help", message=people.words("the road is closed"))
    until(lambda: party.rung() is None and party.case()[0] == "assistance", lambda: f"it is help that they ask for: {party.case()}")
    assert party.case()[1:3] == (3, "open") and party.case()[3] & 131072 == 0, "and silence is no reason any more"


def test_a_case_that_is_worked_on_has_one_reason_more_and_stays_its_officers(site, desk, gate):
    party = Party(site, contacts=[], emergency_contact=None)
    party.says(status="need_help")
    assert desk.do(party.code, "claim").status_code == 200
    party.falls_silent()
    party.comes_to("case_raised")
    seen = desk.case(party.code).json()
    assert set(seen["reasons"]) == {"help_asked", "overdue"} and seen["state"] == "claimed" and seen["band"] == 3
    party.says(status="safe")
    until(lambda: desk.case(party.code).json()["reasons"] == ["help_asked"], "the silence is over, the question is not")
    assert desk.case(party.code).json()["state"] == "claimed"


def test_what_an_officer_holds_is_theirs_to_close(site, desk, gate):
    party = Party(site, contacts=[], emergency_contact=None)
    party.falls_silent()
    party.comes_to("case_raised")
    assert desk.do(party.code, "claim").status_code == 200
    party.says()
    ended = site.query("SELECT ended FROM register.end_overdue(%s, 1)", (party.number - 1,), role="muster_courier")
    assert ended == [(0,)] and party.case()[2] == "claimed"
    assert desk.do(party.code, "release").status_code == 200
    until(lambda: party.case()[2] == "resolved" and party.rung() is None, "given back, it is closed")


def test_in_a_band_by_needs(site, gate):
    party = Party(site, contacts=[], emergency_contact=None, party=[people.member(needs=["medication"])])
    party.ask("DELETE FROM register.triage_case WHERE registration_id = %s")
    party.falls_silent()
    party.comes_to("case_raised")
    assert party.case()[:2] == ("emergency", 2)


def test_stop_is_heard_by_the_ladder_too(site, gate):
    party = Party(site, contacts=two_phones())
    site.query("INSERT INTO register.opt_choice SELECT registration_id, gen_random_uuid(), value_index, true, now() FROM register.contact"
               " WHERE registration_id = %s AND is_primary", (party.number,), role="muster")
    party.falls_silent()
    arrives(gate, party.phones[1])
    party.goes_on_to("contact_asked")
    assert not to(gate, party.phones[0])


def test_an_emergency_contact_of_many_is_asked_once(site, gate):
    relative = {"name": people.name(), "relation": "employer", "phone": people.phone()}
    first, second = (Party(site, contacts=[], emergency_contact=relative) for _ in range(2))
    first.falls_silent()
    first.comes_to("contact_asked")
    arrives(gate, relative["phone"])
    second.falls_silent()
    second.comes_to("case_raised")
    assert second.texts() == [("failed", "asked_already", None)] and len(to(gate, relative["phone"])) == 1


def test_an_exercise_texts_nobody(site, gate):
    party = Party(site, client_id="45584552-1234-8000-8000-00000000c0de")
    party.falls_silent()
    party.comes_to("asked")
    party.goes_on_to("contact_asked")
    party.goes_on_to("case_raised")
    assert party.texts() == [("failed", "exercise", 0), ("failed", "exercise", None)]
    assert not to(gate, party.phones[0]) and not to(gate, party.relative)


def test_who_departed_is_not_asked_nor_who_only_texted(site, gate):
    departed, other = Party(site), Party(site)
    departed.says(status="departed")
    departed.falls_silent()
    other.falls_silent()
    other.comes_to("asked")
    site.query("SELECT register.find_overdue(1000000)", role="muster_courier")
    site.query("SELECT register.find_overdue(1000000)", role="muster_courier")
    assert departed.rung() is None and not to(gate, departed.phones[0])


def test_stale_is_asked_again_and_counted_apart(site, desk, gate):
    party = Party(site, contacts=[{"kind": "phone", "value": people.phone(), "primary": True}], emergency_contact=None)
    party.ask("UPDATE register.registration SET received_at = now() - interval '9 days' WHERE registration_id = %s")
    party.falls_silent("8 days")
    arrives(gate, party.phones[0])
    party.goes_on_to("case_raised")
    party.goes_on_to("asked_again")
    assert "for days" in arrives(gate, party.phones[0], 2)
    party.time_passes()
    assert "for days" in arrives(gate, party.phones[0], 3)
    assert site.query("SELECT stale FROM report.party WHERE registration_id = %s", (party.number,)) == [(True,)]

    def counted():
        series = desk.act("GET", "/figures").json()["series"]
        rows = site.query("SELECT count(*) FROM report.party WHERE stale AND state = 'registered' AND NOT exercise AND coalesce(last_status, '')"
                          " NOT IN ('need_help', 'injured', 'in_danger', 'departed')")
        return series and series[-1]["stale"] == rows[0][0] >= 1
    until(counted, "the dashboard counts the stale")
    party.says()
    until(lambda: party.rung() is None, "heard after all")
    assert site.query("SELECT stale FROM report.party WHERE registration_id = %s", (party.number,)) == [(False,)]


# --- nothing is lost, nothing twice ---------------------------------------------------------------------------------------------

CLIMB = ("SELECT moved, texted, raised FROM register.climb_overdue(ARRAY[%(id)s::bigint], ARRAY[%(since)s::timestamptz], ARRAY[%(was)s], ARRAY[0::smallint], ARRAY[%(to)s],"
         " ARRAY[now() + interval '1 hour'], ARRAY[now() + interval '1 hour'], ARRAY[gen_random_uuid()], ARRAY[NULL::smallint], ARRAY[NULL::bytea], ARRAY[NULL::bytea],"
         " ARRAY[NULL::bytea], ARRAY[NULL::smallint], ARRAY[0], ARRAY['overdue'], ARRAY[now()], NULL, NULL, '{}', '{}')")


def test_a_step_is_taken_once_from_where_it_was_found_and_of_who_is_silent(site, gate):
    party = Party(site)
    party.falls_silent()
    party.comes_to("asked")
    since = party.ask("SELECT since FROM register.overdue WHERE registration_id = %s")[0][0]
    climb = lambda **more: site.query(CLIMB, {"id": party.number, "since": since} | more, role="muster_courier")
    assert climb(was="found", to="asked") == [(0, 0, 0)], "another courier was there already"
    assert climb(was="asked", to="contact_asked") == [(1, 0, 0)]
    assert climb(was="asked", to="contact_asked") == [(0, 0, 0)]
    party.says()
    assert climb(was="contact_asked", to="case_raised") == [(0, 0, 0)], "heard in the meantime"


def test_the_walk_goes_on_after_a_crash(site, gate):
    """The courier is killed over and over while parties become overdue: each is found, and asked once. What it had in hand when it died may be with the
    gateway or not, and is for an officer to decide (test_outbox.py)."""
    def dies():
        until(lambda: site.service.roles("courier"), "there is a courier")
        site.service.kill_role("courier")
    parties = [Party(site) for _ in range(6)]
    for party in parties:
        party.falls_silent()
        if party in parties[::2]:
            dies()
    for party in parties:
        party.comes_to("asked", 60)
    for party in parties:
        party.time_passes()
        if party in parties[::2]:
            dies()
    for party in parties:
        party.comes_to("contact_asked", 60)
    site.service.excuse_failures()
    # what the dead ones had in hand is told as not known after two minutes: those are over at once
    site.query("UPDATE register.message SET wired_at = now() - interval '3 minutes' WHERE origin = 'overdue' AND state = 'wired'", role="muster")
    settled = lambda: all(state in ("sent", "unsure") for party in parties for state, _, _ in party.texts())
    until(settled, "each text is settled", 60)
    for party in parties:
        assert [contact for _, _, contact in party.texts()] == [0, None], "one text a step"
        assert len(to(gate, party.phones[0])) <= 1 and len(to(gate, party.relative)) <= 1, "none twice"


def test_a_cry_of_who_was_merged_outlives_the_silence(site, desk, gate):
    """It stands under its own number; the case is the one."""
    silent = Party(site, contacts=[], emergency_contact=None, party=[people.member(needs=["medication"])])
    silent.ask("DELETE FROM register.triage_case WHERE registration_id = %s")
    other = Party(site)
    silent.falls_silent()
    silent.comes_to("case_raised")
    seen = desk.case(silent.code).headers["ETag"]
    assert desk.do(silent.code, "merge", {"with": other.code}, headers={"If-Match": seen}).status_code == 200
    other.says(status="need_help", needs=["medication"])
    until(lambda: silent.rung() is None, "the silence is over")
    queue, band, state, *_ = silent.case()
    assert (queue, band, state) == ("emergency", 2, "open")
    reasons = desk.case(silent.code).json()["reasons"]
    assert "medication" in reasons and "overdue" not in reasons


def test_the_silence_of_who_was_merged_ends_too(site, desk, gate):
    kept, silent = Party(site), Party(site, contacts=[], emergency_contact=None)
    silent.falls_silent()
    silent.comes_to("case_raised")
    kept.says(status="need_help")
    seen = desk.case(kept.code).headers["ETag"]
    assert desk.do(kept.code, "merge", {"with": silent.code}, headers={"If-Match": seen}).status_code == 200
    silent.says(status="safe")
    until(lambda: "overdue" not in desk.case(kept.code).json()["reasons"], "it is no reason any more")
    assert kept.case()[2] == "open" and "help_asked" in desk.case(kept.code).json()["reasons"]
