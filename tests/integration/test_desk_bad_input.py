# SPDX-License-Identifier: Apache-2.0
"""What must not hurt the desk: parameters that are no text, numbers that are none, bodies of any shape, at every route it documents."""
import json
import pathlib
import urllib.parse
import uuid

import pytest

OPENAPI = json.loads((pathlib.Path(__file__).resolve().parents[2] / "lib" / "page" / "assets" / "openapi.json").read_text())
HOSTILE = ["", "%00", "%ff", "'", "%22", "%F0%9F%98%80", "a" * 300, "9" * 40, "-1", "NaN", "1e400", "%E2%80%AE", "..%2f", "1,2,3,4,5", "inf,inf,inf,inf",
           "180,90,-180,-90", "%ED%A0%80"]
PLACES = {"case": "K7M2Q-9QXD4", "queue": "emergency", "session": str(uuid.UUID(int=7)), "broadcast": str(uuid.UUID(int=7)), "action": "claim",
          "name": "console.js"}
ENDLESS = {"/api/v1/events"}
LEAVES = {"/api/v1/session", "/sign-in"}  # test_desk.py has those
BODIES = [b"", b"{", b"null", b"[]", b"17", b'"text"', b"{}", b'{"a":1,"a":2}', b"\xff\xfe{}", b'{"q":"\xc3"}', b'{"x":1e999}', b'{"q":"a\\u0000b"}',
          b'{"q":{}, "case":[], "reasons":7, "answer_minutes":{"1":1.5}, "name":null, "party":{"0":{}}, "note":1, "until":"x", "to":{}}',
          b'{"client_id":' + b"[" * 5000 + b"]" * 5000 + b"}"]


def routes(*methods):
    return [(method, path) for path, item in OPENAPI["paths"].items() for method in item
            if method in methods and (path.startswith("/api/v1/") or path in ("/map", "/dashboard", "/intake", "/account", "/broadcasts"))
            and path not in ENDLESS | LEAVES]


def filled(path, **changed):
    for name, value in (PLACES | changed).items():
        path = path.replace("{" + name + "}", value)
    return path


def parameters(path, method):
    item = OPENAPI["paths"][path]
    named = item.get("parameters", []) + item[method].get("parameters", [])
    return [resolved(one) for one in named]


def resolved(one):
    while "$ref" in one:
        at = OPENAPI
        for step in one["$ref"].split("/")[1:]:
            at = at[step]
        one = at
    return one


@pytest.fixture(params=["by token", "by cookie"])
def lead(request, site):
    """Some routes are for people only, and know a session by its cookie."""
    if request.param == "by token":
        return site.desk("lead", 150)
    browser = site.browser()
    staff = site.staff("lead", 151)
    assert browser.sign_in(staff.user, staff.password).status_code == 200
    return browser


@pytest.mark.parametrize(("method", "path"), routes("get"))
def test_parameters_that_fit_nothing(lead, method, path):
    for parameter in parameters(path, method):
        for value in HOSTILE:
            if parameter["in"] == "query":
                asked = f"{filled(path)}?{parameter['name']}={value}"
            elif parameter["in"] == "path":
                asked = filled(path, **{parameter["name"]: value})
            else:
                continue
            answer = lead.get(asked)
            assert answer.status_code < 500, (asked, answer.status_code)


def test_a_parameter_that_is_no_text_is_named(lead):
    for value in ("%00", "%ff", "%ED%A0%80", "%E2%82"):
        answer = lead.get(f"/api/v1/policy?crisis={value}")
        assert answer.status_code == 400, answer.text
        assert [(fault["field"], fault["code"]) for fault in answer.json()["errors"]] == [("crisis", "not_text")]
    assert lead.get("/api/v1/me?%ff=1").json()["errors"][0]["field"] == "query"


@pytest.mark.parametrize(("method", "path"), routes("post", "put", "patch"))
def test_bodies_of_any_shape(site, method, path):
    desk = site.desk("lead", 150)
    place = filled(path) + ("?crisis=ner-2023" if path == "/api/v1/policy" else "")
    for body in BODIES:
        for headers in ({"If-Match": '"1"'}, {"If-Match": "\"" + "9" * 30 + "\""}, {}):
            answer = desk.request(method.upper(), place, data=body, headers={"Content-Type": "application/json"} | headers)
            assert answer.status_code < 500, (place, body[:40], answer.status_code)
            assert answer.status_code not in (200, 201) or body == b"{}" or urllib.parse.urlsplit(place).path.endswith(("/claim", "/presence")), (place, body[:40])
