# SPDX-License-Identifier: Apache-2.0
"""Open cases on the map: counted by cell, to whom may see them, as the lists they link to have them."""
import json
import subprocess

import pytest

from harness import people
from harness.places import ROOT
from harness.service import CRISIS
from harness.waiting import until
from test_openapi import api, assert_as_described # noqa: F401: a fixture

LAT, LON = 20.02, 10.02 # the Ténéré: nobody else's
BOX = "9.9,19.9,10.4,20.2"


def asked(desk, **parameters):
    answer = desk.act("GET", "/map", params=parameters)
    assert answer.status_code == 200, answer.text
    return answer.json()


def cells(desk, **parameters):
    return {one["properties"]["cell"]: one["properties"] for one in asked(desk, **parameters)["features"]}


def cry(citizen, lat, lon, status="need_help", **changes):
    sent = people.registration(location={"lat": lat, "lon": lon, "accuracy_m": 10})
    code = citizen.register(sent).json()["case"]
    answer = citizen.check_in(people.check_in(case=code, status=status, **{"location": {"lat": lat, "lon": lon}} | changes))
    assert answer.status_code == 201, answer.text
    return code


@pytest.fixture(scope="module")
def desert(site):
    """Three cases, two in one cell and one in the next, in two bands."""
    citizen = site.citizen()
    codes = [cry(citizen, LAT, LON, people=2), cry(citizen, LAT, LON, "injured", people=3), cry(citizen, LAT, LON + 0.1, people=1)]
    until(lambda: sum(one["open"] for one in cells(site.desk(), bbox=BOX).values()) == 3, "the courier has counted them")
    return codes


def test_cells_tell_the_worst_band_and_how_many(desk, desert, api): # noqa: F811
    found = cells(desk, bbox=BOX, zoom=10)
    assert len(found) == 2 and all(len(cell) == 5 for cell in found)
    two, = [one for one in found.values() if one["open"] == 2]
    assert (two["band"], two["unclaimed"], two["people"], two["queues"]) == (2, 2, 5, {"emergency": 1, "assistance": 1})
    assert_as_described(api, "get", "/api/v1/map", desk.act("GET", "/map", params={"bbox": BOX}))


def test_a_cell_is_where_its_cases_are(desk, desert):
    for one in asked(desk, bbox=BOX, zoom=10)["features"]:
        ring, = one["geometry"]["coordinates"]
        west, east = min(at[0] for at in ring), max(at[0] for at in ring)
        south, north = min(at[1] for at in ring), max(at[1] for at in ring)
        assert any(west <= lon < east and south <= LAT < north for lon in (LON, LON + 0.1)) and ring[0] == ring[-1]
        assert east - west == 360 / 8192 and north - south == 180 / 4096


def test_from_afar_cells_are_one(desk, desert):
    near, far = cells(desk, bbox=BOX, zoom=10), cells(desk, bbox=BOX, zoom=4)
    (cell, all_of_them), = far.items()
    assert all(name.startswith(cell) for name in near) and all_of_them["open"] == 3 and all_of_them["band"] == 2


def test_elsewhere_they_are_not(desk, desert):
    assert cells(desk, bbox="0,20,5,25", zoom=10).keys().isdisjoint(cells(desk, bbox=BOX, zoom=10))


def test_each_count_is_the_length_of_its_list(site, desk, desert):
    """Of the whole register, each cell and queue."""
    def agree():
        told = asked(desk, zoom=22)
        return told["complete"] and all(
            len(desk.cases(queue, cell=one["properties"]["cell"])) == count
            for one in told["features"] for queue, count in one["properties"]["queues"].items()) and \
            sum(one["properties"]["open"] for one in told["features"]) + told["without_place"]["open"] == \
            sum(queue["open"] for queue in desk.act("GET", "/queues").json()["queues"])
    until(agree, "the map and the lists say the same")


def test_a_list_takes_a_larger_cell(desk, desert):
    near = {row["case"] for row in desk.cases("assistance", cell=next(iter(cells(desk, bbox=BOX, zoom=4))))}
    assert {desert[0], desert[2]} <= near and desert[1] not in near


def test_resolved_is_no_longer_there(site, desk, citizen):
    code = cry(citizen, 21.5, 11.5)
    box = "11.4,21.4,11.6,21.6"
    until(lambda: cells(desk, bbox=box), "it is counted")
    assert desk.act("POST", f"/cases/{code}/claim").status_code == 200
    until(lambda: next(iter(cells(desk, bbox=box).values()))["unclaimed"] == 0, "it is claimed on the map too")
    assert desk.act("POST", f"/cases/{code}/resolve", json={"note": people.words("Met them.")}).status_code == 200
    until(lambda: not cells(desk, bbox=box), "it is gone")


def test_who_sees_no_case_sees_no_count(site, desert):
    """Row-level security, not the desk, decides: an officer of another post and an admin ask."""
    other = site.desk("officer", 71)
    site.query("UPDATE register.staff_access SET post_id = 'cotonou' WHERE staff_id = (SELECT staff_id FROM register.staff WHERE name = 'officer.71')", role="muster")
    assert cells(other, bbox=BOX) == {} and asked(other)["without_place"]["open"] == 0
    assert cells(site.desk("viewer"), bbox=BOX)
    assert site.desk("admin").act("GET", "/map").status_code == 403
    assert site.browser().act("GET", "/map").status_code == 401
    assert site.query("SELECT count(*) FROM register.case_count", role="muster_desk") == [(0,)], "without an officer nothing is visible"


@pytest.mark.parametrize("query", ["bbox=1,2,3", "bbox=1,2,3,4,5", "bbox=a,b,c,d", "bbox=5,1,4,2", "bbox=1,1,nan,2", "zoom=23", "zoom=-1", "zoom=x", "box=1,2,3,4"])
def test_what_cannot_be_asked(desk, query):
    answer = desk.act("GET", f"/map?{query}")
    assert answer.status_code == 400 and answer.json()["errors"][0]["field"] == query.split("=")[0]


def test_places(desk, api): # noqa: F811
    answer = desk.act("GET", "/places", params={"crisis": CRISIS})
    assert_as_described(api, "get", "/api/v1/places", answer)
    kinds = [one["properties"]["kind"] for one in answer.json()["features"]]
    assert kinds.count("crossing") == 7 and kinds.count("assembly_point") == 2 and kinds.count("post") == 7
    assert kinds.count("landmark") == 5 and kinds.count("quarter") > 25


def test_the_base_map_is_small_and_whole(desk):
    answer = desk.get("/assets/base_map.json")
    assert answer.headers["Content-Type"] == "application/json"
    gzipped = subprocess.run(["gzip", "-9c"], input=answer.content, stdout=subprocess.PIPE, check=True).stdout
    assert len(gzipped) < 60 * 1024
    features = json.loads(answer.content)["features"]
    kinds = [one["properties"]["kind"] for one in features]
    assert kinds.count("country") == 8 and kinds.count("region") == 8 and kinds.count("town") > 74
    assert "Natural Earth" in answer.text and "GeoNames CC BY 4.0" in (ROOT / "lib/page/assets/base_map.json").read_text()


def test_the_register_and_the_service_agree_where_a_cell_is(site, desk, desert):
    """cell_middle() of SQL and of lib/domain/place.c: the map draws the one and chooses by the other."""
    for one in asked(desk, zoom=22)["features"]:
        ring, = one["geometry"]["coordinates"]
        middle = ((ring[0][1] + ring[2][1]) / 2, (ring[0][0] + ring[2][0]) / 2)
        assert site.query("SELECT lat, lon FROM register.cell_middle(%s)", (one["properties"]["cell"],), role="muster") == [pytest.approx(middle)]
