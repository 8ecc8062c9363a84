# SPDX-License-Identifier: Apache-2.0
"""A case that waits, is passed to another post or person, or one post up: who may, who sees it then, and that nothing of it is lost."""
import datetime

import pytest

from harness import case_codes, people
from harness.service import CRISIS
from harness.waiting import until


@pytest.fixture(scope="module")
def hire(lone_site):
    """An officer's program, of one post."""
    made = {}

    def make(post, role="officer"):
        user = f"{role}.{post}"
        if user not in made:
            lone_site.service.muster("staff", "add", "--user", user, "--role", role, "--crisis", CRISIS, "--post", post)
            desk = lone_site.browser()
            desk.session.headers["Authorization"] = "Bearer " + lone_site.service.muster_json("staff", "token", "--user", user)["token"]
            made[user] = desk
        return made[user]
    return make


@pytest.fixture(scope="module")
def desk(lone_site):
    return lone_site.desk()


@pytest.fixture
def claimed(lone_site, desk):
    """A case that the officer of the whole crisis holds."""
    code = lone_site.citizen().register(people.registration()).json()["case"]
    assert lone_site.citizen().check_in(people.check_in(case=code, status="need_help")).status_code == 201
    assert desk.do(code, "claim").status_code == 200
    return code


def ahead(**delta):
    return (datetime.datetime.now(datetime.timezone.utc) + datetime.timedelta(**delta)).isoformat()


def errors_of(answer):
    assert answer.status_code == 422, answer.text
    return {error["field"]: error["code"] for error in answer.json()["errors"]}


def notes(desk, code):
    return [note["text"] for note in desk.case(code).json()["notes"]]


def column(site, code, name):
    return site.query(f"SELECT {name} FROM register.triage_case WHERE registration_id = %s", (case_codes.number(code),), role="muster")[0][0]


def last_audit(site, code, action):
    return site.query("SELECT detail FROM register.audit WHERE registration_id = %s AND action = %s", (case_codes.number(code), action),
                      role="muster")[-1][0]


def test_a_case_waits_and_returns_at_its_time(lone_site, desk, claimed):
    seen = desk.case(claimed).headers["ETag"]
    words = people.words("asked the clinic, they call back")
    answer = desk.do(claimed, "waiting", {"until": ahead(hours=2), "on": "partner", "note": words}, headers={"If-Match": seen})
    assert answer.status_code == 200 and answer.json()["state"] == "waiting", answer.text
    assert desk.do(claimed, "waiting", {"until": ahead(hours=2), "on": "partner"}, headers={"If-Match": seen}).status_code == 412
    case = desk.case(claimed).json()
    assert case["state"] == "waiting" and case["claimed_by"] == lone_site.staff().user and notes(desk, claimed) == [words]
    assert last_audit(lone_site, claimed, "case.waiting")["on"] == "partner"
    lone_site.query("UPDATE register.triage_case SET waiting_until = now(), answered_at = now() WHERE registration_id = %s RETURNING 1",
                    (case_codes.number(claimed),), role="muster")
    until(lambda: desk.case(claimed).json()["state"] == "open", "it is back")
    case = desk.case(claimed).json()
    assert case["claimed_by"] is None and case["answered_at"] is not None, "what was answered stays answered"


def test_a_cry_ends_the_waiting(lone_site, desk, claimed):
    assert desk.do(claimed, "waiting", {"until": ahead(days=2), "on": "citizen"}).status_code == 200
    assert lone_site.citizen().check_in(people.check_in(case=claimed, status="in_danger")).status_code == 201
    case = desk.case(claimed).json()
    assert (case["state"], case["band"], case["claimed_by"]) == ("claimed", 2, lone_site.staff().user)


def test_who_may_let_it_wait_and_until_when(lone_site, desk, claimed):
    assert lone_site.desk(number=2).do(claimed, "waiting", {"until": ahead(hours=1), "on": "citizen"}).status_code == 412
    assert lone_site.desk("viewer").do(claimed, "waiting", {"until": ahead(hours=1), "on": "citizen"}).status_code == 403
    for body, faults in (({"until": ahead(hours=-1), "on": "citizen"}, {"until": "out_of_range"}), ({"until": ahead(days=40), "on": "citizen"}, {"until": "out_of_range"}),
                         ({"until": "soon", "on": "nobody"}, {"until": "not_a_time", "on": "not_a_value"}), ({}, {"until": "missing", "on": "missing"})):
        assert errors_of(desk.do(claimed, "waiting", body)) == faults
    assert desk.do(claimed, "release").status_code == 200
    assert desk.do(claimed, "waiting", {"until": ahead(hours=1), "on": "citizen"}).status_code == 409, "only what somebody holds waits"


def test_to_a_post_it_goes_whole(lone_site, desk, claimed, hire):
    there, elsewhere = hire("cotonou"), hire("bamako")
    assert there.case(claimed).status_code == 404
    words = people.words("the family crossed to your side")
    answer = desk.do(claimed, "transfer", {"post": "cotonou", "note": words}, headers={"If-Match": desk.case(claimed).headers["ETag"]})
    assert answer.status_code == 200, answer.text
    case = there.case(claimed).json()
    assert (case["post"], case["state"], case["claimed_by"]) == ("cotonou", "open", None) and len(case["party"]) > 0 and notes(there, claimed) == [words]
    assert claimed in {one["case"] for one in there.cases("assistance")} and elsewhere.case(claimed).status_code == 404
    assert hire("niamey").case(claimed).status_code == 404
    assert last_audit(lone_site, claimed, "case.transfer") == {"from": "niamey", "post": "cotonou"}
    assert people.traces(lone_site.cluster.dump()) == []


def test_a_post_passes_on_what_it_will_not_see_any_more(claimed, desk, hire):
    assert desk.do(claimed, "transfer", {"post": "cotonou", "note": "x"}).status_code == 200
    assert hire("bamako").do(claimed, "transfer", {"post": "bamako", "note": "x"}).status_code == 404, "nobody takes what they do not see"
    assert hire("cotonou").do(claimed, "transfer", {"post": "bamako", "note": "x"}).status_code == 200
    assert hire("cotonou").case(claimed).status_code == 404 and hire("bamako").case(claimed).status_code == 200


def test_to_somebody_it_is_theirs(lone_site, desk, claimed, hire):
    other = lone_site.desk(number=2)
    assert other.do(claimed, "transfer", {"to": lone_site.staff(number=2).user, "note": "x"}).status_code == 412, "it is not theirs to pass on"
    assert desk.do(claimed, "transfer", {"to": lone_site.staff(number=2).user, "note": "x"}).status_code == 200
    case = other.case(claimed).json()
    assert case["claimed_by"] == lone_site.staff(number=2).user and case["state"] == "claimed"
    assert column(lone_site, claimed, "lease_until > now()")
    assert lone_site.desk("lead").do(claimed, "transfer", {"to": lone_site.staff().user, "note": "x"}).status_code == 200, "a lead may"
    hire("cotonou")
    lone_site.staff("viewer")
    for body, faults in (({"to": "officer.cotonou", "note": "x"}, {"to": "not_a_value"}), ({"to": lone_site.staff("viewer").user, "note": "x"}, {"to": "not_a_value"}),
                         ({"to": "nobody.here", "note": "x"}, {"to": "not_a_value"}), ({"post": "paris", "note": "x"}, {"post": "not_a_value"}),
                         ({"post": "niamey", "note": "x"}, {"post": "not_a_value"}), ({"note": "x"}, {"to": "either_or"}),
                         ({"to": "officer.2", "post": "cotonou", "note": "x"}, {"to": "either_or"}), ({"post": "cotonou"}, {"note": "missing"})):
        assert errors_of(desk.do(claimed, "transfer", body)) == faults, body


def test_one_post_up_and_up_again(lone_site, desk, claimed, hire):
    assert desk.do(claimed, "transfer", {"post": "cotonou", "note": "x"}).status_code == 200
    words = people.words("this needs the ambassador")
    assert errors_of(hire("cotonou").do(claimed, "escalate", {})) == {"note": "missing"}
    assert hire("cotonou").do(claimed, "escalate", {"note": words}).status_code == 200
    assert hire("cotonou").case(claimed).status_code == 404
    assert hire("niamey").case(claimed).json()["post"] == "niamey" and notes(hire("niamey"), claimed)[-1] == words
    assert last_audit(lone_site, claimed, "case.escalate") == {"from": "cotonou", "post": "niamey"}
    if not lone_site.query("SELECT 1 FROM register.crisis_post WHERE part = 'capital'", role="muster"):
        assert hire("niamey").do(claimed, "escalate", {"note": words}).status_code == 409, "there is no capital"
        lone_site.service.muster("crisis", "capital", "--id", CRISIS, "--post", "capital", "--country", "US", "--name", "Task force",
                                 "--lat", "38.9", "--lon", "-77.05")
    assert hire("niamey").do(claimed, "escalate", {"note": words}).status_code == 200
    assert hire("capital").case(claimed).json()["post"] == "capital"
    assert hire("capital").do(claimed, "escalate", {"note": words}).status_code == 409


def test_a_cry_after_a_transfer_reopens_it_where_it_is(lone_site, desk, claimed, hire):
    assert desk.do(claimed, "transfer", {"post": "cotonou", "note": "x"}).status_code == 200
    there = hire("cotonou")
    assert there.do(claimed, "claim").status_code == 200 and there.do(claimed, "resolve").status_code == 200
    assert there.do(claimed, "transfer", {"post": "niamey", "note": "x"}).status_code == 409, "what is closed is not passed on"
    assert lone_site.citizen().check_in(people.check_in(case=claimed, status="in_danger")).status_code == 201
    case = there.case(claimed).json()
    assert (case["state"], case["post"], case["band"]) == ("open", "cotonou", 2)
