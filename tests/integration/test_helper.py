# SPDX-License-Identifier: Apache-2.0
"""Somebody abroad who tells of others: each is stored once, with who told it; the officer sees whom to ask back."""
import re
import uuid

import pytest

from harness import case_codes, people
from test_forms import Page, fill, open_form, submit

CODE = r"\b[0-9A-HJKMNP-TV-Z]{5}-[0-9A-HJKMNP-TV-Z]{5}\b"


@pytest.fixture(scope="module")
def officer(site):
    return site.desk("officer", 310)


def helper():
    name = people.name()
    people.remember("+33612345678")
    return {"reporter/name": name, "reporter/relation": "brother", "reporter/phone": "+33612345678"}


def person():
    return {"party/0/given_names": people.name(), "party/0/family_name": people.name(), "contacts/0/value": people.phone()}


def helper_form(page):
    return next(form for form in page.forms if form["action"].startswith("/helper"))


def tell(citizen, values, path="/helper?lang=en"):
    return submit(citizen, helper_form(open_form(citizen, path)), values)


def codes(answer):
    return list(dict.fromkeys(re.findall(CODE, answer.text)))


def test_two_people_one_after_the_other(site, citizen, officer):
    me, first, second = helper(), person(), person()
    told = tell(citizen, me | first)
    assert told.status_code == 201, told.text
    (case,) = [one for one in codes(told) if one != "K7M2Q-9QXD4"]
    page = Page(told.text)
    kept = dict(helper_form(page)["fields"])
    assert {name: kept[name] for name in me} == me and kept["party/0/family_name"] == "", "who tells is not typed again; whom, is"
    told = submit(citizen, helper_form(page), second | {"status": "need_help", "message": people.words("no water"), "location/place": people.words("Dosso")})
    assert told.status_code == 201, told.text
    both = [one for one in codes(told) if one != "K7M2Q-9QXD4"]
    assert len(both) == 2 and both[1] == case and first["party/0/family_name"] in told.text, "all codes are on the page, to be given on"
    assert site.query("SELECT channel, state FROM report.party WHERE registration_id = ANY (%s)", ([case_codes.number(one) for one in both],)) == [
        ("helper", "registered")] * 2
    assert site.query("SELECT registration_id, status, channel, band FROM report.check_in WHERE registration_id = ANY (%s)",
                      ([case_codes.number(one) for one in both],)) == [(case_codes.number(both[0]), "need_help", "helper", 3)]
    case = officer.case(both[0]).json()
    wanted = {"name": me["reporter/name"], "relation": "brother", "phone": "+33612345678"}
    assert case["reporter"] == wanted and case["emergency_contact"] is None
    assert case["check_ins"][0]["reporter"] == wanted and {"place", "lat", "lon"} <= set(case["check_ins"][0]["location"]), "a town has a position"
    assert case["party"][0]["needs_note"] is None, "what is said with a status is in the check-in, once"


def test_with_a_case_code_it_is_a_check_in(site, citizen, officer):
    registered = citizen.register(people.registration()).json()
    me, name = helper(), people.name()
    told = tell(citizen, me | {"case": registered["case"], "status": "injured", "party/0/given_names": name, "message": "left arm"})
    assert told.status_code == 201 and registered["secret"] not in told.text
    case = officer.case(registered["case"]).json()
    (check_in,) = case["check_ins"]
    assert check_in["channel"] == "helper" and check_in["message"] == f"{name}: left arm" and check_in["reporter"]["relation"] == "brother"
    assert check_in["location"] is None and case["reporter"] is None and case["emergency_contact"]["relation"] == "sister"


def test_without_a_status_what_is_needed_goes_with_the_registration(site, citizen, officer):
    told = tell(citizen, helper() | person() | {"needs": ["medical_emergency"], "message": people.words("insulin for two days")})
    assert told.status_code == 201, told.text
    case = officer.case(codes(told)[0] if codes(told)[0] != "K7M2Q-9QXD4" else codes(told)[1]).json()
    assert case["band"] in (1, 2) and case["party"][0]["needs"] == ["medical_emergency"] and "insulin" in case["party"][0]["needs_note"]
    assert case["check_ins"] == []


def test_sent_twice_it_is_stored_once(site, citizen):
    form = helper_form(open_form(citizen, "/helper?lang=en"))
    sent = fill(form, helper() | person() | {"status": "safe"})
    first, again = (citizen.post(form["action"], data=sent) for _ in range(2))
    assert first.status_code == again.status_code == 201 and codes(first) == codes(again)
    number = case_codes.number([one for one in codes(first) if one != "K7M2Q-9QXD4"][0])
    assert site.query("SELECT count(*) FROM report.check_in WHERE registration_id = %s", (number,)) == [(1,)]
    other = [(name, value) for name, value in sent if name != "party/0/given_names"] + [("party/0/given_names", people.name())]
    assert citizen.post(form["action"], data=other).status_code == 409


def test_faults_are_named_once_and_by_the_field_of_the_form(citizen):
    told = tell(citizen, helper() | {"reporter/phone": "06 12", "location/place": "x" * 2100, "status": "safe", "message": "y" * 2100})
    assert told.status_code == 422
    page = Page(told.text)
    assert dict(helper_form(page)["fields"])["reporter/relation"] == "brother"
    targets = re.findall(r'<li><a href="#([^"]+)"', told.text)
    assert sorted(targets) == ["location/place", "message", "party/0/family_name", "reporter/phone"]
    mistyped = tell(citizen, helper() | {"case": "K7M2Q-9QXD5"})
    assert mistyped.status_code == 422 and sorted(re.findall(r'<li><a href="#([^"]+)"', mistyped.text)) == ["case", "status"]


def test_lines_that_are_no_case_are_not_shown(citizen):
    form = helper_form(open_form(citizen, "/helper?lang=en"))
    told = citizen.post(form["action"], data=fill(form, {"reporter/name": "x"}) + [("_done", "Call this number now")])
    assert told.status_code == 422 and "Call this number" not in told.text


def test_programs_say_who_tells_it_too(site, citizen, officer):
    body = people.registration(intent="wants_evacuation", reporter={"name": people.name(), "relation": "employer", "email": "warden@example.org"})
    told = citizen.register(body)
    assert told.status_code == 201, told.text
    case = officer.case(told.json()["case"]).json()
    assert case["reporter"] == body["reporter"] and case["emergency_contact"] == body["emergency_contact"]
    said = {"client_id": str(uuid.uuid4()), "case": told.json()["case"], "status": "safe", "location": people.location(), "reporter": {"name": people.name()}}
    assert citizen.check_in(said).status_code == 201
    check_in = officer.case(told.json()["case"]).json()["check_ins"][0]
    assert check_in["reporter"] == said["reporter"] and check_in["location"]["place"] == said["location"]["place"]
    nobody = citizen.check_in(said | {"client_id": str(uuid.uuid4()), "reporter": {"relation": "friend"}})
    assert [error["field"] for error in nobody.json()["errors"]] == ["reporter/name"]
