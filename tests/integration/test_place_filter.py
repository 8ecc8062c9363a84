# SPDX-License-Identifier: Apache-2.0
"""The list of a queue narrowed to a place of the gazetteer, by its name: who is there, and as many as the counts of that place say."""
import json
import pathlib
import re

import pytest

from harness import people
from harness.places import ROOT
from harness.service import CRISIS
from harness.waiting import until
from test_openapi import api, assert_as_described # noqa: F401: a fixture
from test_queue_reads import crowded, nodes # noqa: F401: a fixture

OFFICER = 435
QUEUES = ("emergency", "assistance", "overdue", "identification", "departure", "inquiry")
PLACES = {"Tezirfort": ("town", "", 22.52, 9.02), "Old Gate": ("crossing", "", 22.92, 9.42), "Well Quarter": ("quarter", "Tezirfort", 22.52, 9.05), "Nobody's": ("crossing", "", 23.32, 10.02)}


@pytest.fixture(scope="module")
def officer(site):
    return site.desk("officer", OFFICER)


@pytest.fixture(scope="module")
def places(site):
    """A town in the desert with a quarter, a crossing far from it, and a crossing where nobody is."""
    for name, (kind, within, lat, lon) in PLACES.items():
        site.query("INSERT INTO register.place (crisis_id, kind, name, within, other_names, lat, lon) VALUES (%s, %s, %s, %s, %s, %s, %s) RETURNING 1",
                   (CRISIS, kind, name, within, ["Vieille Porte"] if name == "Old Gate" else [], lat, lon), role="muster")
    yield
    site.query("DELETE FROM register.place WHERE name = ANY (%s) RETURNING 1", (list(PLACES),), role="muster")


def cry(site, lat, lon, status="need_help"):
    sent = people.registration(location={"lat": lat, "lon": lon, "accuracy_m": 10})
    code = site.citizen().register(sent).json()["case"]
    assert site.citizen().check_in(people.check_in(case=code, status=status, location={"lat": lat, "lon": lon})).status_code == 201
    return code


@pytest.fixture(scope="module")
def there(site, places):
    return {"town": {cry(site, 22.53, 9.01), cry(site, 22.49, 9.05, "injured")}, "gate": {cry(site, 22.92, 9.42)}, "far": {cry(site, 22.7, 9.2)}}


def listed(officer, place, **filters):
    return {one["case"] for queue in QUEUES for one in officer.cases(queue, place=place, **filters)}


def counted(officer, place):
    answer = officer.act("GET", "/queues", params={"place": place})
    assert answer.status_code == 200, answer.text
    return {one["queue"]: one for one in answer.json()["queues"]}


def test_who_is_there_is_listed(officer, there):
    assert listed(officer, "Tezirfort") == there["town"]
    assert listed(officer, "Old Gate") == listed(officer, "old gate") == listed(officer, "Vieille Porte") == there["gate"]
    assert listed(officer, "Nobody's") == set()
    assert listed(officer, "Tezirfort", band=2) < there["town"], "beside other filters"
    assert listed(officer, "Well Quarter, Tezirfort") == listed(officer, "Well Quarter") <= there["town"]


def test_each_count_is_the_length_of_its_list(site, officer, there, api): # noqa: F811
    for place in PLACES:
        told = counted(officer, place)
        assert list(told) == list(QUEUES) and all(one["oldest"] is None for one in told.values())
        for queue in QUEUES:
            assert told[queue]["open"] == len(officer.cases(queue, place=place)), (place, queue)
    assert_as_described(api, "get", "/api/v1/queues", officer.act("GET", "/queues", params={"place": "Old Gate"}))


def test_the_counts_are_of_now(site, officer, there):
    """Whether the courier has counted them or not: who cries there is in the list at once, and in its count."""
    before = counted(officer, "Nobody's")["emergency"]["open"]
    code = cry(site, 23.32, 10.02, "in_danger")
    assert counted(officer, "Nobody's")["emergency"]["open"] == before + 1 and listed(officer, "Nobody's") == {code}
    until(lambda: any(one["properties"]["open"] for one in officer.act("GET", "/map", params={"bbox": "10,23.3,10.1,23.4", "zoom": 13}).json()["features"]), "counted")
    told = counted(officer, "Nobody's")["emergency"]
    assert (told["open"], told["unclaimed"]) == (before + 1, before + 1)
    assert officer.do(code, "claim").status_code == 200 and counted(officer, "Nobody's")["emergency"]["unclaimed"] == before
    assert officer.do(code, "resolve", {"note": "x"}).status_code == 200
    assert counted(officer, "Nobody's")["emergency"]["open"] == before and listed(officer, "Nobody's") == set()


def test_the_next_page_is_of_the_same_place(site, officer, there):
    more = {cry(site, 23.32, 10.02) for _ in range(3)}
    path, pages = "/queues/assistance/cases?limit=2&place=Nobody%27s", []
    while path:
        answer = officer.act("GET", path)
        pages.append({one["case"] for one in answer.json()["cases"]})
        link = re.search("<(?:/api/v1)?([^>]*)>; rel=\"next\"", answer.headers.get("Link", ""))
        path = link and link[1]
    assert [len(page) for page in pages] == [2, 1] and set().union(*pages) == more
    for code in more:
        officer.do(code, "claim")
        assert officer.do(code, "resolve", {"note": "x"}).status_code == 200


def test_of_another_post_nobody_is_counted(site, there):
    site.service.muster("staff", "add", "--user", "officer.placed.cotonou", "--role", "officer", "--crisis", CRISIS, "--post", "cotonou")
    desk = site.browser()
    desk.session.headers["Authorization"] = "Bearer " + site.service.muster_json("staff", "token", "--user", "officer.placed.cotonou")["token"]
    assert listed(desk, "Tezirfort") == set() and all(one["open"] == 0 for one in counted(desk, "Tezirfort").values())


@pytest.mark.parametrize("path", ["/queues", "/queues/assistance/cases"])
def test_what_is_no_place_is_named(officer, places, path):
    for place in ("Atlantis", "%", "x" * 201, "Tezirfort, Old Gate"):
        answer = officer.act("GET", path, params={"place": place})
        assert answer.status_code == 400 and [one["field"] for one in answer.json()["errors"]] == ["place"], place
    assert officer.act("GET", path, params={"palce": "Old Gate"}).status_code == 400


def test_a_list_of_a_place_is_a_look_on_record(site, officer, there):
    looks = "SELECT count(*) FROM register.audit AS a JOIN register.staff AS s USING (staff_id) WHERE s.name = %s AND a.action = 'queue.list'"
    who = (site.staff("officer", OFFICER).user,)
    before = site.query(looks, who, role="muster")[0][0]
    listed(officer, "Nobody's")
    assert site.query(looks, who, role="muster")[0][0] == before + len(QUEUES), "where nobody is, too"


def test_counts_of_a_place_read_no_queue(crowded): # noqa: F811
    """What is counted by cell is read by its key; of the cases only what became late since."""
    crowded.execute("SELECT count(*) FROM register.case_count_mark")
    assert crowded.fetchone() == (1,), "else nothing is looked for"
    crowded.connection.notices.clear()
    statement = pathlib.Path(ROOT / "sql/queries/queue_list_at.sql").read_text()
    crowded.execute(re.sub(r"\$1::text\[\]", "ARRAY['s1z0e', 's1z0g', 's1z0h']", statement))
    plans = [json.loads(notice[notice.index("{"):])["Plan"] for notice in crowded.connection.notices if "plan:" in notice]
    for table, most in (("triage_case", 150), ("case_count", 200)):
        read = [node for plan in plans for node in nodes(plan) if node.get("Relation Name") == table]
        assert read and sum(node["Shared Hit Blocks"] + node["Shared Read Blocks"] for node in read) < most, table
        assert all(node["Node Type"] != "Seq Scan" for node in read), table
