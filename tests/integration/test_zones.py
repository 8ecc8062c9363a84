# SPDX-License-Identifier: Apache-2.0
"""Zones that a lead draws: who may, what may be, what is inside, and that open cases and new ones stand by them."""
import datetime

import pytest

from harness import people
from harness.service import CRISIS
from harness.waiting import until
from test_map import cry
from test_openapi import api, assert_as_described # noqa: F401: a fixture

LAT, LON = 16.52, 14.52 # the Termit massif: nobody else's


def ring(south, west, north, east):
    return [[[west, south], [east, south], [east, north], [west, north], [west, south]]]


def drawn(kind="danger", name="Termit", lat=LAT, lon=LON, size=0.02, **properties):
    return {"type": "Feature", "geometry": {"type": "Polygon", "coordinates": ring(lat - size, lon - size, lat + size, lon + size)},
            "properties": {"crisis": CRISIS, "kind": kind, "name": name, **properties}}


def circle(lat, lon, radius_m, **properties):
    return {"type": "Feature", "geometry": {"type": "Point", "coordinates": [lon, lat]},
            "properties": {"crisis": CRISIS, "kind": "danger", "name": "Circle", "radius_m": radius_m, **properties}}


@pytest.fixture(scope="module")
def lead(site):
    return site.desk("lead", 240)


@pytest.fixture
def draw(lead):
    """Draws zones, and takes them away after the test."""
    made = []

    def do(feature):
        answer = lead.act("POST", "/zones", json=feature)
        assert answer.status_code == 201, answer.text
        made.append(answer.json()["id"])
        return answer.json()
    yield do
    for zone in made:
        remove(lead, zone)


def remove(lead, zone):
    now = lead.act("GET", f"/zones/{zone}")
    if not now.json()["properties"]["removed"]:
        assert lead.act("DELETE", f"/zones/{zone}", headers={"If-Match": now.headers["ETag"]}).status_code == 200


def zones(desk):
    return {one["id"]: one["properties"] for one in desk.act("GET", "/zones", params={"crisis": CRISIS}).json()["features"]}


def case(desk, code):
    return desk.case(code).json()


def becomes(desk, code, band, *reasons):
    def told():
        now = case(desk, code)
        return now["band"] == band and all((name in now["reasons"]) == there for name, there in reasons)
    until(told, f"the case is in band {band}")


def errors_of(answer):
    assert answer.status_code == 422, answer.text
    return {error["field"]: error["code"] for error in answer.json()["errors"]}


def test_it_is_kept_as_it_was_drawn(lead, desk, draw, api): # noqa: F811
    sent = drawn(name="  Marché  ", valid_until="2099-01-01T00:00:00Z")
    kept = draw(sent)
    facts = kept["properties"]
    assert kept["geometry"] == sent["geometry"] and facts["name"] == "Marché" and facts["version"] == 1 and facts["in_force"] and facts["may_change"]
    assert facts["valid_until"] == "2099-01-01T00:00:00.000Z" or facts["valid_until"].startswith("2099-01-01T00:00:00")
    answer = desk.act("GET", "/zones", params={"crisis": CRISIS})
    assert_as_described(api, "get", "/api/v1/zones", answer)
    mine, = [one for one in answer.json()["features"] if one["id"] == kept["id"]]
    assert not mine["properties"]["may_change"] and mine["geometry"] == sent["geometry"]
    assert_as_described(api, "get", "/api/v1/zones/{zone}", lead.act("GET", f"/zones/{kept['id']}"))
    assert desk.act("GET", "/zones/preview").status_code == 404 and desk.act("GET", "/zones?x=1").status_code == 400


def test_a_change_is_of_what_was_seen_and_can_be_undone(site, lead, draw, api): # noqa: F811
    kept = draw(drawn())
    path = f"/zones/{kept['id']}"
    sent = drawn("assembly_point", "Well", size=0.05)
    assert lead.act("PUT", path, json=sent).status_code == 428
    assert lead.act("PUT", path, json=sent, headers={"If-Match": '"7"'}).status_code == 412
    changed = lead.act("PUT", path, json=sent, headers={"If-Match": '"1"'})
    assert changed.status_code == 200 and changed.headers["ETag"] == '"2"' and changed.json()["properties"]["kind"] == "assembly_point"
    assert_as_described(api, "put", "/api/v1/zones/{zone}", changed)
    assert lead.act("PUT", path, json=sent, headers={"If-Match": '"1"'}).status_code == 412
    assert lead.act("DELETE", path).status_code == 428
    removed = lead.act("DELETE", path, headers={"If-Match": '"2"'})
    assert removed.status_code == 200 and removed.json()["properties"]["removed"] and removed.headers["ETag"] == '"3"'
    assert_as_described(api, "delete", "/api/v1/zones/{zone}", removed)
    assert kept["id"] not in zones(lead)
    assert lead.act("DELETE", path, headers={"If-Match": '"3"'}).status_code == 412
    back = lead.act("PUT", path, json=sent, headers={"If-Match": '"3"'})
    assert back.status_code == 200 and zones(lead)[kept["id"]]["version"] == 4
    entries = site.query("SELECT action, detail->>'version', detail->'old'->>'name', detail->'new'->>'name' FROM register.audit"
                         " WHERE detail->>'zone' = %s ORDER BY audit_id", (kept["id"],), role="muster")
    assert entries == [("zone.draw", "1", None, "Termit"), ("zone.change", "2", "Termit", "Well"), ("zone.remove", "3", "Well", None),
                       ("zone.change", "4", "Well", "Well")]


@pytest.mark.parametrize("role", ["viewer", "officer", "warden", "admin"])
def test_a_lead_alone_draws(site, draw, role):
    kept = draw(drawn())
    who = site.desk(role, 241)
    assert who.act("POST", "/zones", json=drawn()).status_code == 403
    assert who.act("POST", "/zones/preview", json=drawn()).status_code == 403
    assert who.act("PUT", f"/zones/{kept['id']}", json=drawn(), headers={"If-Match": '"1"'}).status_code == 403
    assert who.act("DELETE", f"/zones/{kept['id']}", headers={"If-Match": '"1"'}).status_code == 403
    assert who.act("GET", "/zones").status_code == (200 if role in ("viewer", "officer") else 403)


def test_a_lead_of_one_post_sees_the_zones_and_draws_none(site, draw):
    kept = draw(drawn())
    site.service.muster("staff", "add", "--user", "lead.242", "--role", "lead", "--crisis", CRISIS, "--post", "cotonou")
    who = site.browser()
    who.session.headers["Authorization"] = "Bearer " + site.service.muster_json("staff", "token", "--user", "lead.242")["token"]
    assert not zones(who)[kept["id"]]["may_change"]
    assert who.act("POST", "/zones", json=drawn()).status_code == 403 and who.act("POST", "/zones/preview", json=drawn()).status_code == 403
    assert who.act("DELETE", f"/zones/{kept['id']}", headers={"If-Match": '"1"'}).status_code == 403


def test_the_register_itself_refuses_who_does_not_lead(site, draw):
    """Row-level security and desk.leads decide, whatever the desk's code asks."""
    kept = draw(drawn())
    officer = site.query("SELECT staff_id FROM register.staff WHERE name = %s", (site.staff(number=241).user,), role="muster")[0][0]
    me = f"WITH me AS MATERIALIZED (SELECT set_config('muster.staff', '{officer}', false)) "
    assert site.query(me + "SELECT r.version FROM me, desk.remove_zone(%s, 1) AS r", (kept["id"],), role="muster_desk") == []
    assert site.query("SELECT count(*) FROM register.zone", role="muster_desk") == [(0,)], "without an officer nothing is visible"
    assert site.query("SELECT count(*) FROM register.zone_count", role="muster_desk") == [(0,)]


@pytest.mark.parametrize(("change", "faults"), [
    ({"geometry": {"type": "Polygon", "coordinates": [[[2, 13], [3, 14], [3, 13], [2, 14], [2, 13]]]}}, {"geometry/coordinates": "zone_crosses_itself"}),
    ({"geometry": {"type": "Polygon", "coordinates": [[[2, 13], [3, 14], [3, 13]]]}}, {"geometry/coordinates": "zone_not_closed"}),
    ({"geometry": {"type": "Polygon", "coordinates": ring(13, 179, 14, -179)}}, {"geometry/coordinates": "zone_date_line"}),
    ({"geometry": {"type": "Polygon", "coordinates": ring(-30.3, -17.1, 37.2, 51.7)}}, {"geometry/coordinates": "zone_too_large"}),
    ({"geometry": {"type": "Point", "coordinates": [2, 13]}}, {"properties/radius_m": "missing"}),
    ({"type": "Thing", "colour": 1}, {"type": "not_a_value", "colour": "unknown"}),
])
def test_what_may_not_be_drawn(lead, change, faults):
    before = zones(lead)
    assert errors_of(lead.act("POST", "/zones", json={**drawn(), **change})) == faults
    assert errors_of(lead.act("POST", "/zones/preview", json={**drawn(), **change})) == faults
    assert zones(lead) == before


def test_of_another_crisis_or_none(lead):
    sent = drawn()
    sent["properties"]["crisis"] = "no-such"
    assert lead.act("POST", "/zones", json=sent).status_code == 403
    assert lead.act("POST", "/zones", data="x", headers={"Content-Type": "application/json"}).status_code == 400
    assert lead.act("POST", "/zones", data="x", headers={"Content-Type": "text/plain"}).status_code == 415


def test_as_many_as_a_map_can_bear(site, lead):
    site.query("INSERT INTO register.zone (crisis_id, kind, name, geometry, cells) SELECT %s, 'assembly_point', 'many', '{}', '{}' FROM generate_series(1, 100)",
               (CRISIS,), role="muster")
    try:
        assert errors_of(lead.act("POST", "/zones", json=drawn())) == {"properties/crisis": "too_many"}
    finally:
        site.query("DELETE FROM register.zone WHERE name = 'many'", role="muster")


def test_who_is_inside_is_more_urgent(site, lead, desk, citizen, draw):
    """Open cases are judged anew when the zone is drawn, moved and removed; what they are otherwise is untouched."""
    inside = cry(citizen, LAT, LON, "safe", message=people.words("a question"))
    worse = cry(citizen, LAT, LON, "injured")
    far = cry(citizen, LAT + 0.5, LON, "safe", message=people.words("a question"))
    becomes(desk, inside, 5, ("in_danger_zone", False)) # an edge may still know a zone that another test took away
    kept = draw(drawn())
    becomes(desk, inside, 3, ("in_danger_zone", True), ("message_to_read", True))
    becomes(desk, worse, 2, ("in_danger_zone", True))
    until(lambda: not zones(desk)[kept["id"]]["judging"], "all were judged")
    assert case(desk, far)["band"] == 5 and "in_danger_zone" not in case(desk, far)["reasons"]
    moved = lead.act("PUT", f"/zones/{kept['id']}", json=drawn(lat=LAT + 0.5), headers={"If-Match": '"1"'})
    assert moved.status_code == 200
    becomes(desk, inside, 5, ("in_danger_zone", False))
    becomes(desk, far, 3, ("in_danger_zone", True))
    remove(lead, kept["id"])
    becomes(desk, far, 5, ("in_danger_zone", False))
    becomes(desk, worse, 2, ("in_danger_zone", False))


def test_an_assembly_point_makes_nothing_urgent(site, desk, citizen, draw):
    code = cry(citizen, LAT - 0.3, LON, "safe", message=people.words("a question"))
    kept = draw(drawn("assembly_point", lat=LAT - 0.3))
    until(lambda: zones(desk)[kept["id"]]["open"] == 1, "it is counted")
    assert case(desk, code)["band"] == 5 and not zones(desk)[kept["id"]]["judging"]


def test_a_new_cry_from_inside_has_its_band_at_once(site, desk, citizen, draw):
    """The edge knows the zones: it is judged before it is stored, and by nobody again."""
    lat = LAT + 1
    draw(circle(lat, LON, 3000))

    def at_once():
        answer = citizen.check_in(people.check_in(phone=people.phone(), status="safe", message=people.words("where to?"), location={"lat": lat, "lon": LON}))
        assert answer.status_code == 201
        return answer.json()["band"] == 3
    until(at_once, "the edges have read the zone")
    safe = citizen.check_in(people.check_in(case=citizen.register(people.registration()).json()["case"], status="safe", location={"lat": lat, "lon": LON}))
    assert safe.json().get("band") is None, "who is safe there is no case"
    code = citizen.register(people.registration(intent="wants_evacuation", location={"lat": lat, "lon": LON})).json()["case"]
    now = case(desk, code)
    assert (now["band"], now["queue"]) == (3, "departure") and {"wants_evacuation", "in_danger_zone"} <= set(now["reasons"])


def test_a_cry_without_a_position_counts_from_where_they_were(site, desk, citizen, draw):
    lat = LAT + 1.5
    code = citizen.register(people.registration(location={"lat": lat, "lon": LON})).json()["case"]
    draw(circle(lat, LON, 3000))
    assert citizen.check_in(people.check_in(case=code, status="safe", message=people.words("a question"))).status_code == 201
    becomes(desk, code, 3, ("in_danger_zone", True))
    # and who cries again from elsewhere is out of it
    assert citizen.check_in(people.check_in(case=code, status="safe", message=people.words("left"), location={"lat": lat + 0.5, "lon": LON})).status_code == 201
    becomes(desk, code, 5, ("in_danger_zone", False))


def test_a_zone_ends_by_itself(site, lead, desk, citizen, draw):
    code = cry(citizen, LAT - 1, LON, "safe", message=people.words("a question"))
    kept = draw(circle(LAT - 1, LON, 2000, valid_until="2099-01-01T00:00:00Z"))
    becomes(desk, code, 3, ("in_danger_zone", True))
    site.query("UPDATE register.zone SET valid_until = now() WHERE zone_id = %s", (kept["id"],), role="muster")
    becomes(desk, code, 5, ("in_danger_zone", False))
    assert not zones(desk)[kept["id"]]["in_force"]
    later = (datetime.datetime.now(datetime.timezone.utc) + datetime.timedelta(days=1)).strftime("%Y-%m-%dT%H:%M:%SZ")
    assert not draw(circle(LAT - 1, LON, 2000, valid_from=later))["properties"]["in_force"]


def test_figures_of_a_zone_are_the_lengths_of_its_lists(site, lead, desk, citizen, draw, api): # noqa: F811
    lat = LAT - 2
    cry(citizen, lat, LON, people=2)
    cry(citizen, lat, LON, "injured")
    cry(citizen, lat + 0.5, LON)
    departed = citizen.register(people.registration(location={"lat": lat, "lon": LON})).json()["case"]
    assert citizen.check_in(people.check_in(case=departed, status="departed")).status_code == 201
    preview = None

    def previewed():
        nonlocal preview
        preview = lead.act("POST", "/zones/preview", json=drawn(lat=lat))
        told = preview.json()
        return (told["open"], told["parties"]) == (2, 2)
    until(previewed, "what would be inside is counted")
    assert_as_described(api, "post", "/api/v1/zones/preview", preview)
    kept = draw(drawn(lat=lat))
    assert sorted(preview.json()["cells"]) == sorted(kept["properties"]["cells"])

    def agree():
        told = zones(desk)[kept["id"]]
        lists = {queue: len(desk.cases(queue, zone=kept["id"])) for queue in ("emergency", "assistance", "departure")}
        return told["parties"] == 2 and {name: count for name, count in lists.items() if count} == told["queues"] and told["open"] == 2
    until(agree, "the figures and the lists say the same")
    first = desk.act("GET", "/queues/emergency/cases", params={"zone": kept["id"], "limit": 1})
    assert first.status_code == 200 and "Link" not in first.headers
    assert desk.act("GET", "/queues/emergency/cases?zone=x").status_code == 400
    assert desk.cases("emergency", zone="00000000-0000-0000-0000-000000000000") == []


def test_the_pages_of_a_zones_list(site, desk, citizen, draw):
    lat = LAT - 2.5
    codes = {cry(citizen, lat, LON) for _ in range(3)}
    kept = draw(drawn("assembly_point", lat=lat))
    found, path = set(), f"/queues/assistance/cases?zone={kept['id']}&limit=2"
    while path:
        answer = desk.act("GET", path)
        found |= {row["case"] for row in answer.json()["cases"]}
        path = answer.links.get("next", {}).get("url", "").removeprefix("/api/v1")
    assert found == codes
