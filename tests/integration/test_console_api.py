# SPDX-License-Identifier: Apache-2.0
"""What the console asks beside the cases themselves: what was done with one, to whom it may be passed, what a policy would move, and its history."""
import datetime

import pytest

from harness import case_codes, people
from harness.service import CRISIS
from harness.waiting import until
from test_openapi import api, assert_as_described  # noqa: F401  (a fixture)


def cry(site, status="need_help"):
    code = site.citizen().register(people.registration()).json()["case"]
    assert site.citizen().check_in(people.check_in(case=code, status=status)).status_code == 201
    return code


@pytest.fixture(scope="module")
def hire(site):
    def make(user, role, post):
        site.service.muster("staff", "add", "--user", user, "--role", role, "--crisis", CRISIS, "--post", post)
        who = site.browser()
        who.session.headers["Authorization"] = "Bearer " + site.service.muster_json("staff", "token", "--user", user)["token"]
        return who
    return make


def test_what_was_done_is_told_to_who_sees_the_case(site, api, hire):  # noqa: F811
    desk, code = site.desk(number=273), cry(site)
    until_time = (datetime.datetime.now(datetime.timezone.utc) + datetime.timedelta(hours=3)).isoformat()
    assert desk.do(code, "claim").status_code == 200
    assert desk.do(code, "waiting", {"until": until_time, "on": "partner"}).status_code == 200
    answer = desk.case(code)
    assert_as_described(api, "get", "/api/v1/cases/{case}", answer)
    told = answer.json()
    assert told["waiting_on"] == "partner" and told["waiting_until"][:16] == until_time[:16] and told["crisis"] == CRISIS
    row = next(one for one in desk.cases("assistance") if one["case"] == code)
    assert (row["waiting_on"], row["waiting_until"], row["crisis"]) == ("partner", told["waiting_until"], CRISIS)
    assert desk.do(code, "transfer", {"post": "cotonou", "note": "x"}).status_code == 200
    there = hire("officer.bulk.cotonou", "officer", "cotonou")
    steps = [(one["action"], one["by"], one["post"], one["on"]) for one in there.case(code).json()["steps"]]
    me = site.staff(number=273).user
    assert steps == [("transfer", me, "cotonou", None), ("waiting", me, None, "partner"), ("claim", me, None, None)], "looks are not among them"
    told = there.case(code).json()
    assert told["waiting_until"] is None and told["waiting_on"] is None, "it waits no more"


def test_the_steps_of_a_case_are_for_who_sees_it(site):
    """The function acts with its owner's rights: it asks by itself."""
    desk, code = site.desk(number=273), cry(site)
    assert desk.do(code, "claim").status_code == 200
    number = case_codes.number(code)
    of = lambda staff: site.query("WITH me AS MATERIALIZED (SELECT set_config('muster.staff', %s, false)) SELECT s.action FROM me, desk.case_steps(%s, 9) AS s",
                                  (staff, number), role="muster_desk")
    admin = site.staff("admin", 274).user
    id_of = lambda user: str(site.query("SELECT staff_id FROM register.staff WHERE name = %s", (user,), role="muster")[0][0])
    assert of(id_of(site.staff(number=273).user)) == [("claim",)]
    assert of(id_of(admin)) == [] and of("") == []


def test_to_whom_a_case_may_be_passed(site, api, hire):  # noqa: F811
    hire("officer.bulk.bamako", "officer", "bamako")
    site.staff("viewer", 275)
    site.staff(number=276)
    answer = site.desk(number=273).act("GET", "/colleagues")
    assert answer.status_code == 200
    assert_as_described(api, "get", "/api/v1/colleagues", answer)
    told = answer.json()
    posts = {post["id"]: post for post in told["posts"]}
    assert posts["niamey"]["part"] == "lead" and posts["cotonou"] == {"crisis": CRISIS, "id": "cotonou", "name": posts["cotonou"]["name"], "part": "helper"}
    staff = {one["user"]: one["post"] for one in told["staff"]}
    assert staff[site.staff(number=276).user] is None and staff["officer.bulk.bamako"] == "bamako"
    assert site.staff(number=273).user not in staff and site.staff("viewer", 275).user not in staff, "neither oneself nor who does not work cases"
    assert site.desk("viewer", 275).act("GET", "/colleagues").status_code == 403


def test_what_a_change_would_move(site, api):  # noqa: F811
    lead, path = site.desk("lead", 277), f"/policy/preview?crisis={CRISIS}"
    code = cry(site, "moving")
    moves = lambda body: {(one["from"], one["to"]): one["cases"] for one in lead.act("POST", path, json=body).json()["moves"]}
    until(lambda: moves({"reasons": {"moving": 2}}).get((3, 2), 0) > 0, "the courier has counted it")
    answer = lead.act("POST", path, json={"reasons": {"moving": 5}, "answer_minutes": {"3": 50}})
    assert answer.status_code == 200
    assert_as_described(api, "post", "/api/v1/policy/preview", answer)
    told = answer.json()
    assert told["open"] >= sum(one["cases"] for one in told["moves"]) > 0 and told["counted_at"]
    assert moves({}) == {} or all(count for count in moves({}).values()), "nothing by itself"
    assert lead.act("GET", f"/policy?crisis={CRISIS}").json()["reasons"]["moving"] == 3 and site.desk().case(code).json()["band"] == 3, "it changes nothing"
    refused = lead.act("POST", path, json={"reasons": {"trapped": 5}})
    assert refused.status_code == 422 and refused.json()["errors"][0]["code"] == "cry_for_help"
    assert lead.act("POST", "/policy/preview?crisis=no-such", json={}).status_code == 404 and lead.act("POST", "/policy/preview", json={}).status_code == 400
    assert site.desk().act("POST", path, json={}).status_code == 403


def test_a_lead_of_one_post_sees_no_count(site, hire):
    who = hire("lead.bulk.cotonou", "lead", "cotonou")
    assert who.act("POST", f"/policy/preview?crisis={CRISIS}", json={"reasons": {"moving": 2}}).status_code == 403
    number = site.query("SELECT staff_id FROM register.staff WHERE name = 'lead.bulk.cotonou'", role="muster")[0][0]
    rows = site.query("WITH me AS MATERIALIZED (SELECT set_config('muster.staff', %s, false)) SELECT c.cases FROM me, register.reason_count AS c", (str(number),), role="muster_desk")
    assert rows == []


def test_every_policy_that_there_was(site, api):  # noqa: F811
    lead, path = site.desk("lead", 277), f"/policy?crisis={CRISIS}"
    before = lead.act("GET", path)
    change = lambda body: lead.act("PATCH", path, json=body, headers={"If-Match": lead.act("GET", path).headers["ETag"]})
    assert change({"reasons": {"inquiry": 4}, "answer_minutes": {"5": 200}}).status_code == 200
    assert change({name: before.json()[name] for name in ("reasons", "answer_minutes")}).status_code == 200
    answer = site.desk().act("GET", f"/policy/history?crisis={CRISIS}")
    assert_as_described(api, "get", "/api/v1/policy/history", answer)
    last, one = answer.json()["history"][:2]
    assert (last["answer_minutes"], last["reasons"]) == (before.json()["answer_minutes"], before.json()["reasons"])
    assert (one["answer_minutes"]["5"], one["reasons"]["inquiry"]) == (200, 4)
    assert last["version"] == one["version"] + 1 == before.json()["version"] + 2 and last["changed_by"] == site.staff("lead", 277).user
    assert site.desk().act("GET", "/policy/history?crisis=no-such").json() == {"history": []}
