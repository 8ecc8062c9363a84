# SPDX-License-Identifier: Apache-2.0
"""A party that registered and has no case: who found it by search sees it, on record; what they are told of it is kept, and makes it a case where it is a cry."""
import pytest

from harness import case_codes, people
from harness.service import CRISIS

OFFICER = 335


@pytest.fixture
def officer(site):
    return site.desk("officer", OFFICER)


@pytest.fixture
def party(site):
    sent = people.registration(intent="staying")
    return site.citizen().register(sent).json()["case"], sent


def of_post(site, user, role, post):
    site.service.muster("staff", "add", "--user", user, "--role", role, "--crisis", CRISIS, "--post", post)
    desk = site.browser()
    desk.session.headers["Authorization"] = "Bearer " + site.service.muster_json("staff", "token", "--user", user)["token"]
    return desk


def test_it_is_shown_and_the_look_is_on_record(site, officer, party):
    code, sent = party
    assert officer.act("POST", "/search", json={"q": code}).json()["results"][0]["queue"] is None
    answer = officer.case(code)
    assert answer.status_code == 200, answer.text
    one, member = answer.json(), sent["party"][0]
    assert (one["case"], one["state"], one["band"], one["queue"], one["version"], one["claimed_by"], one["respond_by"]) == (code, "none", None, None, None, None, None)
    assert one["reasons"] == [] and one["waiting_s"] == 0 and one["known"] is True and "ETag" not in answer.headers
    assert one["party"][0]["family_name"] == member["family_name"] and one["contacts"][0]["e164"] == sent["contacts"][0]["value"]
    assert one["location"]["place"] == sent["location"]["place"] and one["post"] and one["crisis"] == CRISIS and one["check_in_by"]
    left = site.query("SELECT s.name FROM register.audit AS a JOIN register.staff AS s USING (staff_id) WHERE a.registration_id = %s AND a.action = 'case.read'",
                      (case_codes.number(code),), role="muster")
    assert left == [(site.staff("officer", OFFICER).user,)]
    assert [item["status"] for item in officer.act("GET", f"/cases/{code}/check-ins").json()["check_ins"]] == []


def test_who_may_not_see_it_does_not(site, party):
    code, _ = party
    for desk, status in ((of_post(site, "officer.nocase.cotonou", "officer", "cotonou"), 404), (site.desk("warden", 336), 403), (site.desk("admin", 337), 403)):
        assert desk.case(code).status_code == status
        assert desk.do(code, "notes", {"text": "x"}).status_code == status
    assert site.desk("viewer", 338).case(code).status_code == 200 and site.desk("viewer", 338).do(code, "notes", {"text": "x"}).status_code == 403
    assert site.query("SELECT count(*) FROM register.audit AS a JOIN register.staff AS s USING (staff_id) WHERE a.registration_id = %s AND s.name <> %s",
                      (case_codes.number(code), site.staff("viewer", 338).user), role="muster") == [(0,)]


def test_what_is_of_a_case_cannot_be_done(officer, party):
    code, _ = party
    for action, body in (("claim", None), ("release", None), ("resolve", {"note": "x"}), ("reopen", None), ("escalate", {"note": "x"})):
        assert officer.do(code, action, body).status_code == 404, action
    assert officer.do(code, "notes", {"text": "x"}, headers={"If-Match": '"1"'}).status_code == 404, "it was seen as a case"
    assert officer.do(code, "messages", {"text": "x"}, headers={"If-Match": '"1"'}).status_code == 412, "it was seen as a case"
    assert officer.case(code).json()["notes"] == []


def test_a_note_stays_with_it(site, officer, party):
    code, _ = party
    text = people.words("their neighbour called")
    answer = officer.do(code, "notes", {"text": text})
    assert answer.status_code == 201 and answer.json()["version"] == 0 and "ETag" not in answer.headers, answer.text
    assert [(note["text"], note["author"]) for note in officer.case(code).json()["notes"]] == [(text, site.staff("officer", OFFICER).user)]
    assert site.query("SELECT count(*) FROM register.triage_case WHERE registration_id = %s", (case_codes.number(code),), role="muster") == [(0,)]
    assert site.query("SELECT count(*) FROM register.audit WHERE registration_id = %s AND action = 'case.note'", (case_codes.number(code),), role="muster") == [(1,)]
    assert officer.act("POST", f"/cases/{code}/check-ins", json=people.check_in(status="need_help")).status_code == 201
    one = officer.case(code).json()
    assert one["state"] == "open" and [note["text"] for note in one["notes"]] == [text], "the case has it"


def test_what_they_say_is_kept_and_a_cry_makes_a_case(officer, party):
    code, _ = party
    taken = officer.act("POST", f"/cases/{code}/check-ins", json=people.check_in(status="safe"))
    assert taken.status_code == 201, taken.text
    one = officer.case(code).json()
    assert one["state"] == "none" and one["last_status"] == "safe" and one["check_ins"][0]["channel"] == "staff"
    assert officer.act("POST", f"/cases/{code}/check-ins", json=people.check_in(status="need_help")).status_code == 201
    one = officer.case(code)
    assert one.json()["state"] == "open" and one.json()["band"] == 3 and one.headers["ETag"]


def test_a_reason_is_asked_as_for_a_case(site, party):
    """Of one of another post, by who works a post and sees both."""
    code, _ = party
    post = site.query("SELECT post_id FROM register.registration WHERE registration_id = %s", (case_codes.number(code),), role="muster")[0][0]
    other = site.query("SELECT post_id FROM register.crisis_post WHERE crisis_id = %s AND post_id <> %s LIMIT 1", (CRISIS, post), role="muster")[0][0]
    who = site.staff("officer", 339)
    site.query("INSERT INTO register.staff_access (staff_id, crisis_id, post_id) SELECT staff_id, %s, %s FROM register.staff WHERE name = %s ON CONFLICT DO NOTHING", (CRISIS, other, who.user), role="muster")
    person = site.browser()
    assert person.sign_in(who.user, who.password).status_code == 200
    assert person.act("GET", f"/cases/{code}").status_code == 428
    assert person.act("GET", f"/cases/{code}", params={"why": "asked"}).json()["state"] == "none"
