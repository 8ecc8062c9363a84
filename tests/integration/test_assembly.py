# SPDX-License-Identifier: Apache-2.0
"""Assembly points that a lead tells citizens of: the nearest on their pages, none unless it is said, none in danger."""
import re
import uuid

import pytest

from harness import people
from harness.service import CRISIS
from harness.waiting import until
from test_openapi import api, assert_as_described # noqa: F401: a fixture
from test_zones import circle, errors_of, remove, zones

LAT, LON = 20.6, 10.9 # the Ténéré: nobody else's


@pytest.fixture(scope="module")
def lead(site):
    return site.desk("lead", 348)


@pytest.fixture
def draw(lead):
    made = []

    def do(name, lat, kind="assembly_point", **properties):
        feature = circle(lat, LON, 800)
        feature["properties"] |= {"kind": kind, "name": name} | properties
        answer = lead.act("POST", "/zones", json=feature)
        assert answer.status_code == 201, answer.text
        made.append(answer.json()["id"])
        return answer.json()
    yield do
    for zone in made:
        remove(lead, zone)


def again(zone, **properties):
    """What a lead sends to change it."""
    kept = {name: zone["properties"][name] for name in ("crisis", "kind", "name", "radius_m", "tell_citizens", "valid_from")}
    return {"type": "Feature", "geometry": zone["geometry"], "properties": kept | properties}


class Citizen:
    def __init__(self, site, **changes):
        self.citizen = site.citizen()
        self.told = self.citizen.register(people.registration(**changes)).json()

    def record(self):
        return self.citizen.own_record(self.told["case"], self.told["secret"])

    def point(self):
        return self.record().json()["assembly_point"]

    def page(self, lang="en"):
        return self.citizen.post(f"/status?lang={lang}", data={"case": self.told["case"], "secret": self.told["secret"]}).text

    def is_told(self, name):
        """By every edge."""
        until(lambda: all((self.record_of_any() or {"name": None})["name"] == name for _ in range(6)), lambda: f"{self.point()} is {name}")

    def record_of_any(self):
        self.citizen.session.close() # the next connection is another edge's, or not
        return self.point()


def test_the_nearest_is_on_the_status_page_in_every_language(site, lead, draw, api): # noqa: F811
    one = Citizen(site, location={"lat": LAT, "lon": LON})
    draw("Puits <est>", LAT + 0.5, tell_citizens=True)
    draw("Far well", LAT + 1.5, tell_citizens=True)
    silent = draw("Secret well", LAT + 0.1)
    assert silent["properties"]["tell_citizens"] is False and silent["properties"]["told"] is False, "nobody is told unless a lead says so"
    one.is_told("Puits <est>")
    answer = one.record()
    assert_as_described(api, "get", "/api/v1/registrations/{case}", answer)
    point = one.point()
    assert point["bearing"] == "n" and 50000 < point["distance_m"] < 60000 and re.fullmatch(r"[2-9CFGHJMPQRVWX]{8}\+[2-9CFGHJMPQRVWX]{2}", point["plus_code"])
    assert "to the north" in one.page() and "Puits &lt;est&gt;" in one.page() and point["plus_code"] in one.page()
    for lang, words in (("fr", "au nord"), ("ha", "arewa"), ("dje", "azawa"), ("ar", "الشمال")):
        assert words in one.page(lang) and point["plus_code"] in one.page(lang)
    home = one.citizen.get("/?lang=en").text
    assert "Puits &lt;est&gt;" in home and "Far well" in home and "Secret well" not in home
    assert one.citizen.check_in(people.check_in(case=one.told["case"], status="departed")).status_code == 201
    assert one.point() is None, "who has left is sent nowhere"


def test_after_a_check_in_by_the_place_that_it_told(site, draw):
    draw("Puits b", LAT + 2, tell_citizens=True)
    one = Citizen(site, location={"lat": LAT + 1.6, "lon": LON})
    one.is_told("Puits b")

    def sends(**fields):
        answer = one.citizen.post("/check-in?lang=en", data={"client_id": str(uuid.uuid4()), "case": one.told["case"], "status": "safe"} | fields)
        assert answer.status_code == 201
        return answer.text
    said = lambda: sends(**{"location/lat": f"{LAT + 1.9}", "location/lon": f"{LON}"})
    until(lambda: "about 11 km to the north" in said(), "every edge knows it")
    assert "Puits b" not in sends(), "without a place nothing is said of one"
    assert "Puits b" not in sends(**{"location/lat": "6.37", "location/lon": "2.39"}), "nor in another country"


def test_never_in_danger_and_again_when_it_is_over(site, lead, draw):
    one = Citizen(site, location={"lat": LAT - 1, "lon": LON})
    kept = draw("Puits c", LAT - 1.2, tell_citizens=True)
    assert kept["properties"]["told"]
    one.is_told("Puits c")
    danger = draw("Fire", LAT - 1.2, "danger")
    one.is_told(None)
    assert "Puits c" not in one.page() and zones(lead)[kept["id"]]["told"] is False and zones(lead)[kept["id"]]["tell_citizens"] is True
    until(lambda: all("Puits c" not in one.citizen.get("/?lang=en").text for _ in range(4)), "nor on the first page")
    remove(lead, danger["id"])
    one.is_told("Puits c")


def test_it_is_taken_back_and_each_change_is_audited(site, lead, draw, api): # noqa: F811
    one = Citizen(site, location={"lat": LAT - 2, "lon": LON})
    kept = draw("Puits d", LAT - 2, tell_citizens=True)
    one.is_told("Puits d")
    assert "within about 5 km" in one.page()
    changed = lead.act("PUT", f"/zones/{kept['id']}", json=again(kept, tell_citizens=False), headers={"If-Match": '"1"'})
    assert changed.status_code == 200 and changed.json()["properties"]["told"] is False
    assert_as_described(api, "put", "/api/v1/zones/{zone}", changed)
    one.is_told(None)
    entries = site.query("SELECT action, detail->'old'->>'tell_citizens', detail->'new'->>'tell_citizens' FROM register.audit"
                         " WHERE detail->>'zone' = %s ORDER BY audit_id", (kept["id"],), role="muster")
    assert entries == [("zone.draw", None, "true"), ("zone.change", "true", "false")]


def test_danger_is_not_told_this_way(lead):
    feature = circle(LAT, LON, 800, tell_citizens=True)
    assert errors_of(lead.act("POST", "/zones", json=feature)) == {"properties/tell_citizens": "not_a_value"}


def test_it_ends_by_itself_and_with_the_crisis_it_is_of(site, lead, draw):
    one = Citizen(site, location={"lat": LAT - 3, "lon": LON})
    kept = draw("Puits e", LAT - 3, tell_citizens=True, valid_until="2099-01-01T00:00:00Z")
    one.is_told("Puits e")
    site.query("UPDATE register.zone SET valid_until = now() WHERE zone_id = %s", (kept["id"],), role="muster")
    one.is_told(None)
    assert CRISIS == kept["properties"]["crisis"]
