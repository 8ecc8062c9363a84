# SPDX-License-Identifier: Apache-2.0
"""Whoever is looked for is found, by whatever is known of them, by who may see them; and what was looked for is nowhere in clear."""
import uuid

import pytest

from harness import case_codes, people


@pytest.fixture(scope="module")
def maiga(site):
    """A party that a search must find: what was sent, and its code."""
    people.remember("Aïchatou", "aishatu")
    sent = people.registration(party=[people.member(given_names="Aïchatou", family_name="Maïga"), people.member()], intent="wants_evacuation")
    told = site.citizen().register(sent)
    assert told.status_code == 201, told.text
    return sent, told.json()["case"]


def search(desk, q, **more):
    answer = desk.act("GET", "/search", params={"q": q} | more)
    assert answer.status_code == 200, answer.text
    return answer.json()


def found(desk, q, case):
    return next((line for line in search(desk, q, limit=50)["results"] if line["case"] == case), None)


@pytest.mark.parametrize(("q", "matched"), [
    ("Aïchatou Maïga", "name"), ("MAIGA aichatou", "name"), ("aishatu maiga", "name_sounds"), ("aisha tou mayga", "name_sounds"),
    ("aissatou maiga", "name_sounds"), ("aich mai", "name_begins"), ("aichatou hadiza maiga", "name"),
])
def test_by_name_however_spelt(maiga, desk, q, matched):
    line = found(desk, q, maiga[1])
    assert line is not None and matched in line["matched"], line
    assert line["name"] == "Aïchatou Maïga" and line["party_size"] == 2 and line["known"] is True
    assert 0 < line["score"] <= 100


@pytest.mark.parametrize("q", ["Bertrand Maïga", "aichatou coulibaly", "ma ai"])
def test_others_are_not_found(maiga, desk, q):
    assert found(desk, q, maiga[1]) is None


def test_the_best_stand_first(site, citizen, desk, maiga):
    citizen.register(people.registration(party=[people.member(given_names="Aishatu", family_name="Maiga")]))
    scores = [line["score"] for line in search(desk, "Aïchatou Maïga")["results"]]
    assert scores == sorted(scores, reverse=True) and scores[0] == 100 > scores[-1]


def test_by_phone_in_any_form(maiga, desk):
    e164 = maiga[0]["contacts"][0]["value"]
    national = e164.removeprefix("+227")
    for form in (e164, "00227" + national, national, " ".join(national[i:i + 2] for i in range(0, 8, 2))):
        line = found(desk, form, maiga[1])
        assert line is not None and line["matched"] == ["phone"], form


def test_by_document_and_by_code(maiga, desk):
    number = maiga[0]["party"][0]["document"]["number"]
    assert found(desk, number.lower(), maiga[1])["matched"] == ["document"]
    assert found(desk, maiga[1].lower().replace("-", " "), maiga[1])["matched"] == ["case"]


def test_a_number_nobody_registered(citizen, desk):
    phone = people.phone()
    assert citizen.check_in({"client_id": str(uuid.uuid4()), "status": "need_help", "phone": phone}).status_code == 201
    lines = search(desk, phone)["results"]
    assert len(lines) == 1 and lines[0]["matched"] == ["phone"] and lines[0]["known"] is False
    assert lines[0]["queue"] == "identification" and lines[0]["name"] is None


def test_what_is_searched_for_may_stay_out_of_the_address(maiga, desk):
    answer = desk.act("POST", "/search", json={"q": "aishatu maiga", "limit": 1})
    assert answer.status_code == 200 and len(answer.json()["results"]) == 1
    assert answer.json()["more"] is True, "there are two"
    assert desk.act("POST", "/search", json={}).status_code == 422
    assert desk.act("GET", "/search").status_code == 400
    assert desk.act("GET", "/search", params={"q": "x" * 300}).status_code == 400
    assert desk.act("GET", "/search", params={"q": "maiga", "limit": 51}).status_code == 400


def test_a_search_is_on_record_but_not_what_for(site, maiga, desk):
    search(desk, "aishatu maiga")
    search(desk, "aishatu maiga")
    rows = site.query("SELECT detail FROM register.audit WHERE action = 'search' ORDER BY audit_id DESC LIMIT 2", role="muster")
    first, second = rows[0][0], rows[1][0]
    assert first == second and first["name"] is True and first["phone"] is False and first["count"] >= 1
    assert set(first) == {"case", "phone", "document", "name", "count", "hash"} and len(first["hash"]) == 16
    assert people.traces(site.cluster.dump(), ["aishatu", "Aïchatou", "aichatou"]) == []


def test_who_may_not_see_them_does_not_find_them(site, maiga):
    sent, case = maiga
    elsewhere = site.desk(number=77)
    site.query("DELETE FROM register.staff_access AS a USING register.staff AS s WHERE s.staff_id = a.staff_id AND s.name = %s RETURNING 1",
               (site.staff(number=77).user,), role="muster")
    for q in ("aishatu maiga", sent["contacts"][0]["value"], sent["party"][0]["document"]["number"], case):
        assert search(elsewhere, q)["results"] == []
    for role in ("admin", "warden"):
        assert site.desk(role).act("GET", "/search", params={"q": case}).status_code == 403
    assert found(site.desk("viewer"), case, case) is not None


def test_the_finder_gives_nothing_to_nobody(site, maiga):
    number = case_codes.number(maiga[1])
    assert site.query("SELECT * FROM desk.find_parties(ARRAY[%s]::bigint[], '{}', '{}', '{}', '{}', 10)", (number,), role="muster_desk") == []
