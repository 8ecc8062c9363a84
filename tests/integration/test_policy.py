# SPDX-License-Identifier: Apache-2.0
"""The triage policy that a lead changes for a crisis: who may, what may be, and that open cases and new ones stand by it."""
import pytest

from harness import case_codes, people
from harness.service import CRISIS
from harness.waiting import until

PATH = f"/policy?crisis={CRISIS}"


@pytest.fixture(scope="module")
def desk(lone_site):
    return lone_site.desk()


@pytest.fixture(scope="module")
def lead(lone_site):
    return lone_site.desk("lead")


def policy(who):
    answer = who.act("GET", PATH)
    assert answer.status_code == 200, answer.text
    return answer.json(), answer.headers["ETag"]


def change(lead, body, method="PATCH", etag=None):
    return lead.act(method, PATH, json=body, headers={"If-Match": etag or policy(lead)[1]})


def cry(site, **said):
    code = site.citizen().register(people.registration()).json()["case"]
    answer = site.citizen().check_in(people.check_in(case=code, **said))
    assert answer.status_code == 201
    return code, answer.json()["band"]


def errors_of(answer):
    assert answer.status_code == 422, answer.text
    return {error["field"]: error["code"] for error in answer.json()["errors"]}


def test_the_default_is_manchesters(desk):
    told, etag = policy(desk)
    assert told["answer_minutes"] == {"1": 0, "2": 10, "3": 60, "4": 120, "5": 240}
    assert told["reasons"]["trapped"] == 1 and told["reasons"]["help_asked"] == 3 and told["reasons"]["overdue"] == 4
    assert told["reasons"] == told["default"]["reasons"] and told["version"] == 0 and etag == '"0"'
    assert told["at_most"]["reasons"]["help_asked"] == 3 and told["at_most"]["reasons"]["overdue"] == 5
    assert desk.act("GET", "/policy?crisis=no-such").status_code == 404 and desk.act("GET", "/policy").status_code == 400


@pytest.mark.parametrize("role", ["viewer", "officer", "warden", "admin"])
def test_a_lead_alone_changes_it(lone_site, role):
    who = lone_site.desk(role)
    assert who.act("PATCH", PATH, json={"reasons": {"moving": 4}}, headers={"If-Match": '"0"'}).status_code == 403


def test_a_lead_of_one_post_does_not_change_it_for_all(lone_site):
    lone_site.service.muster("staff", "add", "--user", "lead.cotonou", "--role", "lead", "--crisis", CRISIS, "--post", "cotonou")
    who = lone_site.browser()
    who.session.headers["Authorization"] = "Bearer " + lone_site.service.muster_json("staff", "token", "--user", "lead.cotonou")["token"]
    assert not policy(who)[0]["may_change"]
    assert change(who, {"reasons": {"moving": 4}}).status_code == 403


@pytest.mark.parametrize(("body", "faults"), [
    ({"reasons": {"help_asked": 4}}, {"reasons/help_asked": "cry_for_help"}),
    ({"reasons": {"trapped": 4, "moving": 5}}, {"reasons/trapped": "cry_for_help"}),
    ({"reasons": {"overdue": 0}}, {"reasons/overdue": "out_of_range"}), ({"reasons": {"overdue": 6}}, {"reasons/overdue": "out_of_range"}),
    ({"reasons": {"overdue": "4"}}, {"reasons/overdue": "wrong_type"}), ({"reasons": {"unknown_sender": 5}}, {"reasons/unknown_sender": "unknown"}),
    ({"reasons": {"weather": 3}}, {"reasons/weather": "unknown"}), ({"reasons": []}, {"reasons": "wrong_type"}), ({"bands": {}}, {"bands": "unknown"}),
    ({"answer_minutes": {"1": 60}}, {"answer_minutes/1": "out_of_range"}), ({"answer_minutes": {"6": 60}}, {"answer_minutes/6": "unknown"}),
    ({"answer_minutes": {"4": 30}}, {"answer_minutes/4": "out_of_range"}), # sooner than band 3
])
def test_what_may_not_be(lead, body, faults):
    before = policy(lead)
    assert errors_of(change(lead, body)) == faults
    assert policy(lead) == before


def test_a_change_is_of_what_was_seen(lead):
    told, etag = policy(lead)
    assert lead.act("PATCH", PATH, json={"reasons": {"pregnant": 1}}).status_code == 428
    assert change(lead, {"reasons": {"pregnant": 1}}, etag='"99"').status_code == 412
    assert errors_of(change(lead, {"reasons": told["reasons"]}, "PUT"))["answer_minutes/1"] == "missing"
    answer = change(lead, {"reasons": told["reasons"], "answer_minutes": told["answer_minutes"]}, "PUT", etag)
    assert answer.status_code == 200 and answer.json()["version"] == told["version"] + 1
    assert change(lead, {"reasons": {"pregnant": 1}}, etag=etag).status_code == 412


def test_open_cases_are_judged_anew_and_new_ones_at_once(lone_site, desk, lead):
    moving, band = cry(lone_site, status="moving")
    assert band == 3
    closed, _ = cry(lone_site, status="moving")
    assert desk.do(closed, "claim").status_code == 200 and desk.do(closed, "resolve").status_code == 200
    version = desk.case(moving).json()["version"]
    before = policy(lead)[0]
    answer = change(lead, {"reasons": {"moving": 2}, "answer_minutes": {"2": 25}})
    assert answer.status_code == 200 and answer.json()["reasons"]["moving"] == 2 and answer.json()["default"]["reasons"]["moving"] == 3

    until(lambda: desk.case(moving).json()["band"] == 2, "the case is judged anew")
    row, = lone_site.query("SELECT queue, extract(epoch FROM respond_by - received_at)::int, version > %s FROM register.triage_case"
                           " WHERE registration_id = %s", (version, case_codes.number(moving)), role="muster")
    assert row == ("emergency", 25 * 60, True)
    assert lone_site.query("SELECT band FROM register.triage_case WHERE registration_id = %s", (case_codes.number(closed),), role="muster") == [(3,)]
    until(lambda: not policy(lead)[0]["judging"], "all are judged")
    until(lambda: all(cry(lone_site, status="moving")[1] == 2 for _ in range(4)), "every edge goes by it", pause=0.3)

    detail, = lone_site.query("SELECT detail FROM register.audit WHERE action = 'policy.change' ORDER BY audit_id DESC LIMIT 1", role="muster")[0]
    assert detail["crisis"] == CRISIS and detail["version"] == before["version"] + 1
    assert detail["old"]["answer_minutes"] == [0, 10, 60, 120, 240] and detail["new"]["answer_minutes"] == [0, 25, 60, 120, 240]
    assert sum(old != new for old, new in zip(detail["old"]["bands"], detail["new"]["bands"])) == 1
    shown = lone_site.service.muster_json("crisis", "policy", "--id", CRISIS)
    assert shown["changed"] and shown["reasons"]["moving"] == 2 and shown["answer_minutes"][1] == 25


def test_what_was_said_before_the_change_and_stored_after_it_is_judged_by_it(lone_site, desk, lead):
    """As by a journal: the case was raised in the band that the policy of then gave it."""
    code, _ = cry(lone_site, status="moving")
    number = case_codes.number(code)
    assert change(lead, {"reasons": {"moving": 4}}).status_code == 200
    until(lambda: not policy(lead)[0]["judging"] and desk.case(code).json()["band"] == 4, "the walk is over")
    lone_site.query("SELECT edge.raise_cases(ARRAY[r.registration_id], ARRAY[2::smallint], ARRAY[c.reasons], ARRAY['emergency'], ARRAY[now()],"
                    " ARRAY[now() - interval '1 day'], ARRAY['moving'], ARRAY[0], ARRAY[1::smallint], ARRAY[NULL::text])"
                    " FROM register.registration AS r JOIN register.triage_case AS c USING (registration_id) WHERE registration_id = %s",
                    (number,), role="muster")
    until(lambda: desk.case(code).json()["band"] == 4, "it is judged again")
    row, = lone_site.query("SELECT queue, respond_by - received_at = interval '120 minutes', judge_again FROM register.triage_case"
                           " WHERE registration_id = %s", (number,), role="muster")
    assert row == ("assistance", True, False)


def test_a_strangers_case_stays_with_identification(lone_site, desk, lead):
    code = case_codes.code(7001)
    assert lone_site.citizen().check_in(people.check_in(case=code, status="need_help")).status_code == 201
    assert change(lead, {"reasons": {"help_asked": 2}}).status_code == 200
    until(lambda: desk.case(code).json()["band"] == 2, "the case is judged anew")
    assert desk.case(code).json()["queue"] == "identification"


def test_the_database_lets_nobody_else_write_it(lone_site):
    officer, = lone_site.query("SELECT staff_id FROM register.staff WHERE name = %s", (lone_site.staff().user,), role="muster")[0]
    statement = ("WITH me AS MATERIALIZED (SELECT set_config('muster.staff', %s, false)) UPDATE register.triage_policy SET version = 77"
                 " FROM me WHERE crisis_id = %s RETURNING 1")
    assert lone_site.query(statement, (str(officer), CRISIS), role="muster_desk") == []
