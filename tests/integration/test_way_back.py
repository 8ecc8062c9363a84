# SPDX-License-Identifier: Apache-2.0
"""Who signs in again is brought back to the page they were at, with its filters; and to no other place, whatever a form says."""
import html
import re

import pytest

OFFICER = 430
ADDRESS = "/?queue=assistance&need=medication&lang=fr"


@pytest.fixture
def nobody(site):
    return site.browser()


def fields(page):
    return {html.unescape(name): html.unescape(value) for name, value in re.findall(r'<input type="hidden" name="([^"]*)" value="([^"]*)">', page)}


def form(site, desk, password=None, **changes):
    who = site.staff("officer", OFFICER)
    return desk.post("/sign-in", data={"user": who.user, "password": password or who.password} | changes, allow_redirects=False,
                     headers={"Content-Type": "application/x-www-form-urlencoded"})


def test_back_to_where_they_were(site, nobody):
    page = nobody.get(ADDRESS)
    assert page.status_code == 200 and fields(page.text) == {"next": ADDRESS}
    answer = form(site, nobody, **fields(page.text))
    assert (answer.status_code, answer.headers["Location"]) == (303, ADDRESS)
    assert 'id="queues"' in nobody.get(ADDRESS).text, "and there is the console"


def test_a_password_mistyped_loses_nothing(site, nobody):
    answer = form(site, nobody, password="not theirs", next=ADDRESS)
    assert answer.status_code == 401 and fields(answer.text) == {"next": ADDRESS}
    assert 'href="/?lang=en&amp;queue=assistance&amp;need=medication"' in answer.text, "nor does another language"


def test_each_page_leads_back_to_itself(nobody):
    for path in ("/", "/map?crisis=x", "/broadcasts", "/intake", "/dashboard", "/audit?action=case.read", "/policy", "/warden", "/wardens", "/account"):
        assert fields(nobody.get(path).text) == {"next": path}, path
    assert fields(nobody.get("/sign-in?next=/map").text) == {}, "of an address only itself is taken"


@pytest.mark.parametrize("told", ["//example.org", "https://example.org/", "/\\example.org", "/sign-in", "/api/v1/me", "/map\r\nX-Other: 1", "/%2f%2fexample.org", "/map#x", "x" * 5000])
def test_nowhere_else(site, nobody, told):
    answer = form(site, nobody, next=told)
    assert answer.headers.get("Location", "/") == "/" and answer.status_code in (303, 401) and "X-Other" not in answer.headers
    assert "example.org" not in answer.text


def test_a_program_is_not_asked(site, nobody):
    who = site.staff("officer", OFFICER)
    answer = nobody.post("/api/v1/session", json={"user": who.user, "password": who.password, "next": "/map"})
    assert answer.status_code == 400 and [one["field"] for one in answer.json()["errors"]] == ["next"]
