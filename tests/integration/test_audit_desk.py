# SPDX-License-Identifier: Apache-2.0
"""The audit at the desk: who looked at a case, for who leads there; itself audited; and why, where a crisis asks."""
import csv
import io
import json

import pytest

from harness import case_codes, people
from harness.service import CRISIS


@pytest.fixture
def lead(site):
    return site.desk("lead", 282)


@pytest.fixture
def case(citizen):
    code = citizen.register(people.registration()).json()["case"]
    assert citizen.check_in(people.check_in(case=code, status="need_help")).status_code == 201
    return code


def entries(client, **parameters):
    answer = client.act("GET", "/audit", params=parameters)
    assert answer.status_code == 200, answer.text
    return answer.json()["entries"]


def signed_in(site, role, number):
    officer, browser = site.staff(role, number), site.browser()
    assert browser.sign_in(officer.user, officer.password).status_code == 200
    return browser


def test_a_lead_sees_who_looked(site, lead, case):
    officer, viewer = site.desk("officer", 281), site.desk("viewer", 280)
    officer.case(case)
    viewer.case(case)
    officer.do(case, "notes", {"text": people.words("called")})
    told = entries(lead, case=case)
    assert [(one["staff"], one["action"], one["case"]) for one in told] == [
        ("officer.281", "case.note", case), ("viewer.280", "case.read", case), ("officer.281", "case.read", case)]
    assert told == sorted(told, key=lambda one: one["number"], reverse=True) and people.traces(json.dumps(told).encode()) == []
    assert [one["action"] for one in entries(lead, case=case, action="case.read")] == ["case.read"] * 2
    assert [one["staff"] for one in entries(lead, case=case, user="viewer.280")] == ["viewer.280"]
    middle = told[1]["at"]
    assert entries(lead, case=case, since=middle, action="case", limit=100)[-1]["at"] >= middle
    assert all(one["at"] < middle for one in entries(lead, case=case, until=middle))
    assert entries(lead, user="nobody.280") == []


def test_pages_by_keys(site, lead, case):
    officer = site.desk("officer", 281)
    for _ in range(7):
        officer.case(case)
    answer, found = lead.act("GET", "/audit", params={"case": case, "action": "case.read", "user": "officer.281", "limit": 3}), []
    while True:
        found += answer.json()["entries"]
        if "next" not in answer.links:
            break
        officer.case(case)  # what comes meanwhile moves no page
        answer = lead.get(answer.links["next"]["url"])
    assert len(found) == 7 == len({one["number"] for one in found})


def test_the_look_is_an_entry_itself(site, lead, case):
    entries(lead, case=case, action="case.read")
    lead.act("GET", "/audit", params={"case": case, "format": "csv"})
    told = entries(lead, case=case, action="audit")
    assert [(one["staff"], one["action"]) for one in told] == [("lead.282", "audit.export"), ("lead.282", "audit.read")]
    assert told[1]["detail"] == {"count": 0, "user": "", "action": "case.read"}


def test_it_is_taken_away(site, lead, case):
    site.desk("officer", 281).case(case)
    lines = lead.act("GET", "/audit", params={"case": case, "format": "jsonl"})
    assert lines.headers["Content-Type"] == "application/jsonl"
    assert [json.loads(line)["action"] for line in lines.text.splitlines()] == ["case.read"]
    table = lead.act("GET", "/audit", params={"case": case, "format": "csv", "action": "case"})
    row, = csv.DictReader(io.StringIO(table.text))
    assert (row["staff"], row["case"], row["origin"], row["detail"]) == ("officer.281", case, "127.0.0.1", "{}")


def test_an_admin_reads_of_no_case(site, case):
    site.desk("officer", 281).case(case)
    admin = site.desk("admin", 284)
    told = entries(admin, user="officer.281", limit=5)
    assert told and {one["case"] for one in told} == {None} and case not in json.dumps(told)
    assert entries(admin, case=case) == []


def test_another_posts_lead_sees_none_of_it(site, lead, case):
    elsewhere = site.desk("lead", 292)
    site.query("UPDATE register.staff_access SET post_id = 'cotonou' WHERE staff_id = (SELECT staff_id FROM register.staff WHERE name = 'lead.292')", role="muster")
    site.desk("officer", 281).case(case)
    assert entries(elsewhere, case=case) == [] and case not in json.dumps(entries(elsewhere, limit=1000))
    site.query("UPDATE register.staff_access SET post_id = NULL WHERE staff_id = (SELECT staff_id FROM register.staff WHERE name = 'lead.292')", role="muster")
    assert len(entries(elsewhere, case=case, action="case.read")) == 1


@pytest.mark.parametrize("asked, field", [({"case": "K7M2Q"}, "case"), ({"user": "A b"}, "user"), ({"limit": 1001}, "limit"), ({"since": "now"}, "since"),
                                          ({"after": "x"}, "after"), ({"format": "xml"}, "format"), ({"colour": "blue"}, "colour")])
def test_what_it_does_not_understand(lead, asked, field):
    answer = lead.act("GET", "/audit", params=asked)
    assert answer.status_code == 400 and [error["field"] for error in answer.json()["errors"]] == [field]


# --- why ------------------------------------------------------------------------------------------------------------------

@pytest.fixture
def resolved(site, case):
    officer = site.desk("officer", 281)
    assert officer.do(case, "claim").status_code == 200 and officer.do(case, "resolve").status_code == 200
    return case


def looks(site, case):
    return site.query("SELECT detail ->> 'why' FROM register.audit WHERE registration_id = %s AND action = 'case.read' ORDER BY audit_id",
                      (case_codes.number(case),), role="muster")


def test_a_resolved_case_asks_once_a_shift(site, resolved):
    browser = signed_in(site, "officer", 293)
    before = looks(site, resolved)
    asked = browser.case(resolved)
    assert asked.status_code == 428 and "why" in asked.json()["detail"] and people.traces(asked.content) == []
    assert browser.act("GET", f"/cases/{resolved}/check-ins").status_code == 428 and looks(site, resolved) == before, "nothing was looked at"
    assert browser.act("GET", f"/cases/{resolved}", params={"why": "curious"}).status_code == 400
    assert browser.act("GET", f"/cases/{resolved}", params={"why": "caller"}).status_code == 200
    assert browser.case(resolved).status_code == 200, "asked once"
    assert looks(site, resolved) == [*before, ("caller",), (None,)]
    told = entries(site.desk("lead", 282), case=resolved, user="officer.293")
    assert told[-1]["detail"] == {"why": "caller"}


def test_who_worked_it_is_not_asked(site, case):
    browser = signed_in(site, "officer", 294)
    assert browser.do(case, "claim").status_code == 200 and browser.do(case, "resolve").status_code == 200
    assert browser.case(case).status_code == 200


def test_a_program_is_not_asked(site, resolved):
    assert site.desk("officer", 295).case(resolved).status_code == 200


def test_another_posts_case_asks_who_works_a_post(site, citizen, case):
    """Somebody of one post who helps out in the whole crisis."""
    browser = signed_in(site, "officer", 296)
    assert browser.case(case).status_code == 200
    site.query("INSERT INTO register.staff_access SELECT staff_id, %s, 'cotonou' FROM register.staff WHERE name = 'officer.296'", (CRISIS,), role="muster")
    other = citizen.register(people.registration()).json()["case"]
    assert citizen.check_in(people.check_in(case=other, status="need_help")).status_code == 201
    assert browser.case(case).status_code == 200, "seen this shift"
    assert browser.case(other).status_code == 428
    site.service.muster("crisis", "why", "--id", CRISIS, "--when", "resolved")
    assert browser.case(other).status_code == 200
    assert site.service.muster("crisis", "why", "--id", CRISIS, "--when", "sometimes", check=False).returncode == 1
    site.service.muster("crisis", "why", "--id", CRISIS, "--when", "resolved,other_post")
