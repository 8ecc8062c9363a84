# SPDX-License-Identifier: Apache-2.0
"""Long texts that come in pieces, as Vonage passes them on: joined in the register, whatever their order, and never into what nobody said."""
import itertools
import random
import uuid

import pytest

from harness import case_codes, gateways, people
from harness.service import CRISIS
from harness.waiting import until

JOINED = 40 # seconds: quiet, a sweep, and a slow machine


@pytest.fixture(scope="module")
def gateway(site):
    made = gateways.add(site, "vonage", CRISIS, name="pieces", key="test-signing-key-of-pieces")
    until(lambda: all(deliver(site, made, people.phone(), ["SAFE"], [1], 0) == {200} for _ in range(8)), "every edge knows it", 20)
    return made


def deliver(site, gateway, phone, texts, numbers, reference, total=None, ids=None):
    """Pieces by their numbers; returns the answers' statuses."""
    answers = set()
    for number in numbers:
        parts = {"concat": "true", "concat-ref": str(reference), "concat-total": str(total or len(texts)), "concat-part": str(number)}
        if len(texts) == 1 and total is None:
            parts = {}
        message_id = ids[number] if ids else str(uuid.uuid4())
        answers.add(gateways.vonage(gateway, phone, texts[number - 1], message_id, **parts).send(site).status_code)
    return answers


def said(site, case):
    return site.query("SELECT status, band FROM report.check_in WHERE registration_id = %s ORDER BY received_at, status NULLS FIRST",
                      (case_codes.number(case),))


def listed(desk, case):
    return desk.act("GET", f"/cases/{case}/check-ins").json()["check_ins"]


def words(desk, case):
    return [one["message"] for one in listed(desk, case)]


def party(site, case):
    return site.query("SELECT last_status FROM report.party WHERE registration_id = %s", (case_codes.number(case),))[0][0]


def settled(site, case):
    """The courier has dealt with each piece that the party has."""
    return site.query("SELECT count(*) > 0 AND bool_and(due_at IS NULL) FROM register.sms_piece WHERE registration_id = %s",
                      (case_codes.number(case),), role="muster")[0][0]


def pass_time(site, case, minutes):
    """As if the party's pieces had come so long before, and were looked at now where they wait."""
    site.query("UPDATE register.sms_piece SET received_at = received_at - make_interval(mins => %s),"
               " due_at = CASE WHEN due_at IS NOT NULL THEN now() END WHERE registration_id = %s",
               (minutes, case_codes.number(case)), role="muster")


def register(citizen):
    sent = people.registration()
    return sent["contacts"][0]["value"], citizen.register(sent).json()["case"]


# --- whole ----------------------------------------------------------------------------------------------------------------------

def test_every_order_and_copies_give_one_message(site, gateway, citizen, desk):
    texts = ["we are all 4 of us ", "sa", "fe in Niamey"]
    chance, parties = random.Random(20230726), []
    for order in itertools.permutations([1, 2, 3]):
        phone, case = register(citizen)
        ids = {number: str(uuid.uuid4()) for number in order}
        numbers = list(order)
        numbers.insert(chance.randrange(4), chance.choice(order)) # the same request once more
        assert deliver(site, gateway, phone, texts, numbers, 17, ids=ids) == {200}
        assert deliver(site, gateway, phone, texts, [chance.choice(order)], 17) == {200} # the same piece under another id
        assert "safe" not in [status for status, _ in said(site, case)], "no piece says so"
        parties.append(case)
    for case in parties:
        until(lambda case=case: party(site, case) == "safe", "the whole says so", JOINED)
        until(lambda case=case: settled(site, case), "all are dealt with", JOINED)
        assert [status for status, _ in said(site, case)].count("safe") == 1
        whole, = listed(desk, case)
        assert whole["message"] == "".join(texts) and whole["people"] == 4 and whole["part"] is None


def test_a_need_and_a_place_that_were_cut_in_two_are_understood(site, gateway, citizen, desk):
    phone, case = register(citizen)
    assert deliver(site, gateway, phone, ["We have no insu", "lin, we are in Zin", "der"], [3, 1, 2], 4) == {200}
    until(lambda: len(words(desk, case)) == 1 and words(desk, case)[0].endswith("Zinder"), "it is one message", JOINED)
    whole, = listed(desk, case)
    assert whole["status"] == "need_help" and "medication" in whole["needs"] and whole["location"]["place"] == "Zinder"
    assert desk.case(case).json()["band"] == whole["band"] == 2


def test_a_case_code_that_was_cut_in_two_finds_its_party(site, gateway, citizen, desk):
    _, case = register(citizen)
    phone = people.phone()
    code = case.replace("-", "")
    assert deliver(site, gateway, phone, [f"HELP we are trapped, our case is {code[:4]}", f"{code[4:]} come soon"], [1, 2], 5) == {200}
    until(lambda: [status for status, _ in said(site, case)] != [], "it has the message", JOINED)
    whole, = listed(desk, case)
    assert f"{code} come soon" in whole["message"] and whole["band"] <= 2 and whole["part"] is None
    stranger, = site.query("SELECT DISTINCT registration_id FROM register.sms_piece WHERE whole_party = %s", (case_codes.number(case),), role="muster")[0]
    assert stranger != case_codes.number(case)
    told = listed(desk, case_codes.code(stranger))
    assert sorted(one["part"]["number"] for one in told) == [1, 2] and {one["part"]["case"] for one in told} == {case}


def test_the_whole_lowers_no_cry(site, gateway, citizen, desk):
    """A cry in one piece stays a case, as urgent as it was."""
    phone, case = register(citizen)
    assert deliver(site, gateway, phone, ["they are shooting at us ", "no, that was yesterday, we are safe now"], [1], 6) == {200}
    before = desk.case(case).json()
    assert before["band"] <= 2
    assert deliver(site, gateway, phone, ["they are shooting at us ", "no, that was yesterday, we are safe now"], [2], 6) == {200}
    until(lambda: len(words(desk, case)) == 1, "it is one message", JOINED)
    after = desk.case(case).json()
    assert after["band"] == before["band"] and after["state"] == "open" and after["respond_by"] == before["respond_by"]


# --- not whole ------------------------------------------------------------------------------------------------------------------

def test_a_missing_piece_is_a_gap_and_a_late_one_fills_it(site, gateway, citizen, desk):
    texts = ["we are ", "not ", "safe"]
    phone, case = register(citizen)
    assert deliver(site, gateway, phone, texts, [3, 1], 7) == {200}
    until(lambda: site.query("SELECT bool_and(due_at > now() + interval '10 minutes') FROM register.sms_piece WHERE registration_id = %s",
                             (case_codes.number(case),), role="muster")[0][0], "they wait for the third", JOINED)
    assert sorted(one["part"]["number"] for one in listed(desk, case)) == [1, 3]
    pass_time(site, case, 16)
    until(lambda: words(desk, case) == ["we are  [...] safe"], lambda: f"a gap is seen: {words(desk, case)}", JOINED)
    assert listed(desk, case)[0]["part"] == {"number": None, "total": 3, "case": None}
    assert party(site, case) is None, "what is not whole never says safe"
    assert desk.case(case).json()["state"] == "open"
    pass_time(site, case, 180)
    assert deliver(site, gateway, phone, texts, [2], 7) == {200}
    until(lambda: words(desk, case) == ["".join(texts)], lambda: f"hours late it is whole: {words(desk, case)}", JOINED)
    assert "safe" not in [status for status, _ in said(site, case)]


def test_what_came_hours_apart_is_joined_and_never_safe(site, gateway, citizen, desk):
    texts = ["we are all ", "safe in Niamey"]
    phone, case = register(citizen)
    assert deliver(site, gateway, phone, texts, [1], 8) == {200}
    pass_time(site, case, 200)
    assert deliver(site, gateway, phone, texts, [2], 8) == {200}
    until(lambda: words(desk, case) == ["".join(texts)], "it is one message", JOINED)
    assert party(site, case) is None and {status for status, _ in said(site, case)} == {None}
    assert listed(desk, case)[0]["part"]["number"] is None, "an officer sees that it may be of two"


# --- a reference that comes again -------------------------------------------------------------------------------------------------

def test_two_messages_under_one_reference_are_not_mixed(site, gateway, citizen, desk):
    first, second = ["we are hurt and not ", "one of us can walk"], ["my sister is ", "safe"]
    phone, case = register(citizen)
    assert deliver(site, gateway, phone, [first[0], second[1]], [1], 9) == {200}
    assert deliver(site, gateway, phone, second, [1, 2], 9) == {200}
    until(lambda: settled(site, case), "they are looked at", JOINED)
    assert party(site, case) != "safe"
    assert sorted(one["part"]["number"] for one in listed(desk, case)) == [1, 1, 2], "each stays by itself"
    until(lambda: site.service.metric_sum("muster_pieces_left_total") > 0, "the courier tells that it left them", 20)


def test_a_reference_of_two_hours_ago_is_in_doubt_and_one_of_yesterday_is_not(site, gateway, citizen, desk):
    for minutes, safe in ((120, False), (25 * 60, True)):
        phone, case = register(citizen)
        assert deliver(site, gateway, phone, ["the water is gone ", "?"], [1], 10) == {200}
        pass_time(site, case, minutes)
        assert deliver(site, gateway, phone, ["we are all ", "safe"], [1, 2], 10) == {200}
        until(lambda case=case: "we are all safe" in words(desk, case), "it is joined", JOINED)
        assert ("safe" in [status for status, _ in said(site, case)]) == safe, minutes


def test_other_senders_and_gateways_totals_are_others(site, gateway, citizen):
    phone, case = register(citizen)
    _, other = register(citizen)
    assert deliver(site, gateway, phone, ["we are all ", "safe"], [1], 11) == {200}
    assert deliver(site, gateway, people.phone(), ["we are all ", "safe"], [2], 11) == {200}
    assert deliver(site, gateway, phone, ["we are all ", "safe"], [2], 11, total=3) == {200}
    assert deliver(site, gateway, phone, ["we are all ", "safe"], [2], 12) == {200}
    assert site.query("SELECT count(DISTINCT piece_set) FROM register.sms_piece WHERE registration_id = %s",
                      (case_codes.number(case),), role="muster") == [(3,)]
    until(lambda: site.query("SELECT count(*) FROM register.sms_piece WHERE due_at <= now() + interval '1 minute'", role="muster")[0][0] == 0,
          "all are looked at", JOINED)
    assert {status for status, _ in said(site, case)} == {None} and said(site, other) == []


# --- what breaks on the way -------------------------------------------------------------------------------------------------------

def test_a_courier_that_ends_in_the_middle_joins_once(site, gateway, citizen, desk):
    """As if it had ended between storing the message and settling its pieces; and then it is killed again and again."""
    texts = ["we are all ", "safe in Niamey"]
    parties = [register(citizen) for _ in range(6)]
    for phone, _ in parties:
        assert deliver(site, gateway, phone, texts, [1, 2], 13) == {200}
    for _ in range(3):
        until(lambda: site.service.roles("courier") != [], "a courier", 20)
        site.service.kill_role("courier")
    for _, case in parties:
        until(lambda case=case: party(site, case) == "safe", "it is joined", 60)
        until(lambda case=case: settled(site, case), "and settled", 60)
    site.query("UPDATE register.sms_piece SET due_at = now(), whole_party = NULL, whole_id = NULL WHERE registration_id = ANY (%s)",
               ([case_codes.number(case) for _, case in parties],), role="muster")
    for _, case in parties:
        until(lambda case=case: settled(site, case), "it is settled again", 60)
        assert [status for status, _ in said(site, case)].count("safe") == 1
        assert words(desk, case) == ["".join(texts)]


def test_pieces_by_the_journal_and_by_the_database_are_one_message(site, gateway, citizen, desk):
    texts = ["we are all ", "safe in Niamey"]
    phone, case = register(citizen)
    assert deliver(site, gateway, phone, texts, [2], 14) == {200}
    site.cluster.stop("immediate")
    try:
        assert deliver(site, gateway, phone, texts, [1], 14) == {200}
    finally:
        site.cluster.start()
    until(lambda: words(desk, case) == ["".join(texts)], "it is one message", 90)
    assert party(site, case) == "safe"
    until(site.edges_have_the_database, "every edge is back at the database", 60)
