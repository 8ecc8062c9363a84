# SPDX-License-Identifier: Apache-2.0
"""The end of a shift: what was held goes on in other hands, and who comes next reads what was left for them."""
import uuid

import pytest

from harness import case_codes, people
from harness.service import CRISIS
from test_openapi import api, assert_as_described # noqa: F401: a fixture


@pytest.fixture(scope="module")
def ada(site):
    return site.desk("officer", 220)


@pytest.fixture(scope="module")
def bela(site):
    return site.desk("officer", 221)


@pytest.fixture(scope="module")
def only_cotonou(site):
    desk = site.desk("officer", 222)
    site.query("UPDATE register.staff_access SET post_id = 'cotonou' WHERE staff_id = (SELECT staff_id FROM register.staff WHERE name = 'officer.222')", role="muster")
    return desk


@pytest.fixture
def held(site, ada):
    """Cases that Ada holds: one she works on, one that waits."""
    codes = [site.citizen().register(people.registration()).json()["case"] for _ in range(2)]
    for code in codes:
        assert site.citizen().check_in(people.check_in(case=code, status="need_help")).status_code == 201
        assert ada.do(code, "claim").status_code == 200
    until = site.query("SELECT to_char((now() + interval '1 hour') AT TIME ZONE 'UTC', 'YYYY-MM-DD\"T\"HH24:MI:SS\"Z\"')", role="muster")[0][0]
    assert ada.do(codes[1], "waiting", {"until": until, "on": "citizen"}).status_code == 200
    return codes


def hand_over(desk, status=201, headers=None, **said):
    answer = desk.act("POST", "/hand-over", json={"note": people.words("quiet so far")} | said, headers=headers or {})
    assert answer.status_code == status, answer.text
    return answer.json()


def notes(desk):
    answer = desk.act("GET", "/hand-over")
    assert answer.status_code == 200, answer.text
    return answer.json()["hand_overs"]


def states(site, codes):
    rows = dict((number, rest) for number, *rest in site.query(
        "SELECT registration_id, state, name FROM register.triage_case LEFT JOIN register.staff ON staff_id = claimed_by WHERE registration_id = ANY (%s)",
        ([case_codes.number(code) for code in codes],), role="muster"))
    return [tuple(rows[case_codes.number(code)]) for code in codes]


def errors_of(answer):
    return {one["field"]: one["code"] for one in answer["errors"]}


def test_back_to_their_queues_with_a_note_for_who_comes(site, ada, bela, held, api): # noqa: F811
    text = people.words("The bridge at kilometre 12 is closed.")
    told = hand_over(ada, note=text)
    assert (told["given"], told["returned"]) == (0, 2)
    assert states(site, held) == [("open", None), ("waiting", None)], "what waits goes on waiting, and is anybody's"
    mine, theirs = notes(ada)[0], notes(bela)[0]
    assert mine["id"] == theirs["id"] == told["id"] and theirs["note"] == text and theirs["by"] == "officer.220" and theirs["to"] is None
    assert mine["mine"] and not theirs["mine"] and not theirs["read"] and theirs["read_by"] == [], "showing it reads nothing"
    for _ in range(2):
        assert bela.act("POST", f"/hand-over/{told['id']}/read").status_code == 204
    assert notes(bela)[0]["read"] and notes(ada)[0]["read_by"] == ["officer.221"]
    assert_as_described(api, "get", "/api/v1/hand-over", bela.act("GET", "/hand-over"))
    assert people.traces(repr(site.query("SELECT * FROM register.hand_over", role="muster")).encode()) == []
    assert bela.do(held[0], "claim").status_code == 200


def test_to_a_colleague_with_a_note_on_a_case(site, ada, bela, held):
    text = people.words("promised to call at six")
    told = hand_over(ada, to="officer.221", notes=[{"case": held[0], "note": text}])
    assert (told["given"], told["returned"]) == (2, 0)
    assert states(site, held) == [("claimed", "officer.221"), ("waiting", "officer.221")]
    seen = bela.case(held[0]).json()
    assert seen["notes"][-1]["text"] == text and seen["notes"][-1]["author"] == "officer.220" and notes(bela)[0]["to"] == "officer.221"
    left = site.query("SELECT action, detail ? 'to' FROM register.audit WHERE registration_id = %s AND action = 'case.hand_over'", (case_codes.number(held[0]),), role="muster")
    assert left == [("case.hand_over", True)]
    for code in held:
        bela.do(code, "release")


def test_what_the_colleague_does_not_work_goes_back(site, ada, only_cotonou, held):
    assert hand_over(ada, to="officer.222")["returned"] == 2
    assert states(site, held) == [("open", None), ("waiting", None)]


def test_said_again_it_is_one(site, ada, held):
    key = {"Idempotency-Key": str(uuid.uuid4())}
    first = hand_over(ada, headers=key)
    assert ada.do(held[0], "claim").status_code == 200
    assert hand_over(ada, headers=key) == first and states(site, held)[0] == ("claimed", "officer.220")
    ada.do(held[0], "release")


def test_refused_it_changes_nothing(site, ada, bela, held):
    elsewhere = site.citizen().register(people.registration()).json()["case"]
    assert errors_of(hand_over(ada, 422, to="nobody.here")) == {"to": "not_a_value"}
    assert errors_of(hand_over(ada, 422, to="officer.220")) == {"to": "not_a_value"}, "not oneself"
    assert errors_of(hand_over(ada, 422, notes=[{"case": elsewhere, "note": "x"}])) == {"notes": "not_a_value"}
    assert errors_of(hand_over(ada, 422, note=" ")) == {"note": "missing"}
    assert errors_of(hand_over(ada, 422, notes=[{"case": held[0], "note": "x"}] * 2)) == {"notes/1/case": "not_a_value"}
    assert states(site, held) == [("claimed", "officer.220"), ("waiting", "officer.220")]
    hand_over(ada)


def test_who_reads_what(site, ada, bela, only_cotonou):
    of_all, of_cotonou = hand_over(ada), hand_over(only_cotonou)
    ids = lambda desk: {one["id"] for one in notes(desk)}
    assert of_all["id"] not in ids(only_cotonou), "it may be of elsewhere"
    assert of_cotonou["id"] in ids(bela) and of_cotonou["id"] in ids(only_cotonou)
    assert only_cotonou.act("POST", f"/hand-over/{of_all['id']}/read").status_code == 404
    viewer = site.desk("viewer", 223)
    assert of_all["id"] in ids(viewer)
    assert viewer.act("POST", f"/hand-over/{of_all['id']}/read").status_code == 403
    for role in ("viewer", "warden", "admin"):
        assert site.desk(role, 224).act("POST", "/hand-over", json={"note": "x"}).status_code == 403
    for role in ("warden", "admin"):
        assert site.desk(role, 224).act("GET", "/hand-over").status_code == 403
    for table in ("hand_over", "hand_over_read"):
        assert site.query(f"SELECT count(*) FROM register.{table}", role="muster_desk") == [(0,)], "without an officer nothing is visible"
