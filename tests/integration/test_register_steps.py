# SPDX-License-Identifier: Apache-2.0
"""Registering one thing a page, without JavaScript: what is answered travels in the form, half is enough, nothing is in an address."""
import html
import re

import pytest

from harness import case_codes, people
from test_forms import Page, fill, open_form

STEPS = ["name", "where", "with-1", "needs", "plan", "birth", "papers", "reach", "emergency", "consent", "check"]


def press(citizen, page, values, go):
    """The page that comes of it, as a browser would send it: the button pressed is one that the page has."""
    form = page.post_form()
    assert go is None or "_go" in form["names"]
    data = fill(form, values) + ([("_go", go)] if go is not None else [])
    answer = citizen.post(form["action"], data=data)
    assert "party" not in answer.url and "?" not in answer.url.split("?lang=")[-1]
    return answer, Page(answer.text)


def step_of(page):
    return dict(page.post_form()["fields"]).get("_step")


def case_in(answer):
    assert answer.status_code == 201, answer.status_code
    return case_codes.number(re.search(r'class="code">([0-9A-Z-]{11})<', answer.text).group(1))


def begin(citizen, **values):
    page = open_form(citizen, "/register?lang=en")
    assert step_of(page) == "name"
    return press(citizen, page, {"party/0/family_name": people.name(), **values}, "next")


def test_every_question_and_the_list_of_answers(site, citizen):
    family, given, child, sister, phone = people.name(), people.name(), people.name(), people.name(), people.phone()
    answers = {
        "name": {"party/0/family_name": family, "party/0/given_names": given, "contacts/0/value": phone[4:]},
        "where": {"location/place": "Dosso"}, "with-1": {"party/1/given_names": child, "party/1/birth_date": "2019-02-03"},
        "needs": {"party/0/needs": ["medication", "pregnant"]}, "plan": {"intent": "wants_evacuation"},
        "birth": {"party/0/birth_date": "1979-05-23"}, "papers": {"party/0/citizenships/0": "US", "party/0/document/type": "passport"},
        "reach": {"contacts/1/kind": "email", "contacts/1/value": "someone@example.org"},
        "emergency": {"emergency_contact/name": sister}, "consent": {"consent/family": "true"}}
    page, seen = open_form(citizen, "/register?lang=en"), []
    while step_of(page) != "check":
        seen.append(step_of(page))
        answer, page = press(citizen, page, answers[seen[-1]], "next")
        assert answer.status_code == 200, seen
        assert answer.headers["Cache-Control"] == "private, no-cache"
    assert seen == STEPS[:-1]
    said = re.sub(r"\s+", " ", page.text)
    shown = " ".join(phone[4:][i:i + 2] for i in range(0, 8, 2))
    for words in (family, given, child, f"We will text {shown}.", "Dosso", "Medicine that is running out, Pregnant", "I want help to leave",
                  "1979-05-23", "Passport", "someone@example.org", sister):
        assert words in said, "an answer is missing from the list"
    answer, page = press(citizen, page, {}, None)
    number = case_in(answer)
    assert f"We will text {shown}." in html.unescape(answer.text).replace("\u00a0", " ")
    size, needs, intent, cell = site.query("SELECT size, needs, intent, cell FROM report.party WHERE registration_id = %s", (number,))[0]
    assert size == 2 and {"medication", "pregnant"} <= set(needs) and intent == "wants_evacuation"
    assert cell == "s4660", "the town is found in the words"


@pytest.mark.parametrize("at", range(len(STEPS)))
def test_half_is_enough_from_any_question(site, citizen, at):
    answer, page = begin(citizen, **{"contacts/0/value": people.phone()})
    for _ in STEPS[1:at]:
        answer, page = press(citizen, page, {}, "next")
    assert step_of(page) == STEPS[max(at, 1)]
    answer, _ = press(citizen, page, {}, None)
    assert site.query("SELECT size, state, channel FROM report.party WHERE registration_id = %s", (case_in(answer),)) == [(1, "registered", "web")]


def test_a_mistake_is_shown_at_its_own_question(citizen):
    page = open_form(citizen, "/register?lang=en")
    answer, page = press(citizen, page, {}, "next")
    assert answer.status_code == 422 and step_of(page) == "name" and 'href="#party/0/family_name"' in answer.text
    answer, page = press(citizen, page, {"party/0/family_name": people.name(), "contacts/0/value": "call me"}, "next")
    assert answer.status_code == 422 and 'href="#contacts/0/value"' in answer.text and "Error:" in page.text
    answer, page = press(citizen, page, {"contacts/0/value": people.phone()}, "birth")
    answer, page = press(citizen, page, {"party/0/birth_date": "30 February"}, "next")
    assert answer.status_code == 422 and step_of(page) == "birth"
    assert ("party/0/birth_date", "30 February") in page.post_form()["fields"]
    # going back never argues; finishing does, at the question that is wrong
    answer, page = press(citizen, page, {}, "back")
    assert answer.status_code == 200 and step_of(page) == "plan" and ("party/0/birth_date", "30 February") in page.post_form()["fields"]
    answer, page = press(citizen, page, {}, None)
    assert answer.status_code == 422 and step_of(page) == "birth"
    answer, page = press(citizen, page, {"party/0/birth_date": ""}, None)
    case_in(answer)


def test_one_answer_is_changed_and_the_list_comes_back(citizen):
    answer, page = begin(citizen)
    answer, page = press(citizen, page, {}, "check")
    answer, page = press(citizen, page, {}, "plan")
    assert step_of(page) == "plan"
    answer, page = press(citizen, page, {"intent": "staying"}, "next")
    assert step_of(page) == "check" and "I am staying" in page.text
    answer, page = press(citizen, page, {}, "back")
    assert step_of(page) == "consent"


def test_people_are_added_one_by_one(site, citizen):
    answer, page = begin(citizen)
    answer, page = press(citizen, page, {}, "with-1")
    for person in range(1, 5):
        assert step_of(page) == f"with-{person}"
        answer, page = press(citizen, page, {f"party/{person}/given_names": people.name()}, "add")
    answer, page = press(citizen, page, {}, "next")
    assert step_of(page) == "needs"
    answer, page = press(citizen, page, {}, None)
    assert site.query("SELECT size FROM report.party WHERE registration_id = %s", (case_in(answer),)) == [(5,)]


def test_a_doubtful_place_is_asked_after(site, citizen):
    answer, page = begin(citizen)
    words = people.words("behind the market, Doso")
    answer, page = press(citizen, page, {"location/place": words}, "next")
    assert answer.status_code == 200 and "Which place do you mean?" in page.text and 'value="Dosso"' in answer.text
    chosen, after = press(citizen, page, {"_choice": "Dosso"}, "next")
    assert step_of(after) == "with-1" and ("location/place", f"{words} (Dosso)") in after.post_form()["fields"]
    done, _ = press(citizen, after, {}, None)
    assert site.query("SELECT cell FROM report.party WHERE registration_id = %s", (case_in(done),))[0][0] is not None
    kept, after = press(citizen, page, {"_choice": ""}, "next")
    assert step_of(after) == "with-1" and ("location/place", words) in after.post_form()["fields"]


def test_pages_on_the_way_are_small_and_leave_the_register_alone(site, citizen):
    before = site.query("SELECT count(*) FROM report.party")
    answer, page = begin(citizen)
    assert answer.headers["Content-Encoding"] in ("br", "gzip")
    for go in ("nonsense", "with-99", "back", "add"):
        answer, page = press(citizen, page, {}, go)
        assert answer.status_code in (200, 422)
    assert site.query("SELECT count(*) FROM report.party") == before
