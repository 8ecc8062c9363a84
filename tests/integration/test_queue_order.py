# SPDX-License-Identifier: Apache-2.0
"""A queue is read post by post and merged: whoever looks sees their own posts' cases, each once, in answer order, over all pages."""
import secrets

import psycopg2
import pytest

from harness import case_codes, people
from harness.service import CRISIS

POSTS = ("niamey", "cotonou", "bamako")
QUEUE = "assistance"


@pytest.fixture(scope="module")
def cases(lone_site):
    """Codes in answer order, by turns of the three posts."""
    citizen = lone_site.citizen()
    codes = []
    for number in range(12):
        code = citizen.register(people.registration()).json()["case"]
        assert citizen.check_in(people.check_in(case=code, status="need_help")).status_code == 201
        for table in ("registration", "triage_case"):
            lone_site.query(f"UPDATE register.{table} SET post_id = %s WHERE registration_id = %s RETURNING 1",
                            (POSTS[number % len(POSTS)], case_codes.number(code)), role="muster")
        codes.append(code)
    return codes


@pytest.fixture(scope="module")
def officer_of(lone_site):
    """An officer's program, of some posts; of the whole crisis when none is said."""
    def hire(*posts):
        user = "officer." + secrets.token_hex(4)
        for post in posts or (None,):
            lone_site.service.muster("staff", "add", "--user", user, "--role", "officer", "--crisis", CRISIS, *(["--post", post] if post else []))
        desk = lone_site.browser()
        desk.session.headers["Authorization"] = "Bearer " + lone_site.service.muster_json("staff", "token", "--user", user)["token"]
        return desk
    return hire


def codes_of(found):
    return [case["case"] for case in found]


def test_an_officer_of_the_crisis_sees_all_posts_in_one_order(cases, officer_of):
    for limit in (1, 2, 5, 100):
        assert codes_of(officer_of().cases(QUEUE, limit=limit)) == cases, f"pages of {limit}"


def test_an_officer_of_a_post_sees_its_cases_alone(cases, officer_of):
    for number, post in enumerate(POSTS):
        assert codes_of(officer_of(post).cases(QUEUE, limit=2)) == cases[number::len(POSTS)]


def test_asking_for_one_post(cases, officer_of):
    assert codes_of(officer_of().cases(QUEUE, post="cotonou", limit=2)) == cases[1::3]
    assert codes_of(officer_of("niamey").cases(QUEUE, post="cotonou")) == []


def test_claims_are_of_the_officers_own_posts(cases, officer_of):
    officer = officer_of("bamako")
    claimed = [officer.claim_next(QUEUE).json()["case"] for _ in range(4)]
    assert claimed == cases[2::3]
    assert officer.claim_next(QUEUE).status_code == 204
    for code in claimed:
        assert officer.do(code, "release").status_code == 200


def test_access_given_twice_shows_a_case_once(lone_site, cases, officer_of):
    officer = officer_of("niamey")
    lone_site.query("INSERT INTO register.staff_access SELECT max(staff_id), %s, NULL FROM register.staff RETURNING 1", (CRISIS,), role="muster")
    assert codes_of(officer.cases(QUEUE, limit=3)) == cases


def test_a_post_with_cases_stays_with_its_crisis(lone_site, cases, officer_of):
    """Otherwise the officers of the whole crisis would no longer find them."""
    with pytest.raises(psycopg2.errors.ForeignKeyViolation):
        lone_site.query("DELETE FROM register.crisis_post WHERE post_id = 'cotonou' RETURNING 1", role="muster")
    assert codes_of(officer_of().cases(QUEUE)) == cases
    assert lone_site.query("DELETE FROM register.crisis_post WHERE post_id = 'algiers' RETURNING 1", role="muster") == [(1,)]
