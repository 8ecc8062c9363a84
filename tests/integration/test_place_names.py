# SPDX-License-Identifier: Apache-2.0
"""Quarters, landmarks and crossings: brought by the operator, named by people on forms, in lists and in texts, and on the desk's map."""
import csv
import io
import json
import re
import uuid

import pytest

from harness import case_codes, gateways, people
from harness.service import CRISIS
from harness.waiting import until
from test_forms import Page, fill, open_form, submit
from test_helper import helper, helper_form, person
from test_list import press, send
from test_places import cell_of, told

HEADING = "name,other names,kind,latitude,longitude,within,common word\n"


@pytest.fixture(scope="module")
def officer(site):
    return site.desk("officer", 361)


@pytest.fixture(scope="module")
def bring(site):
    """Imports rows; what it made is taken out again at the end."""
    made = []

    def run(text, *options, check=True):
        path = site.directory / "places.csv"
        path.write_text(text, encoding="utf-8")
        done = site.service.muster("import", "places", "--crisis", CRISIS, path, *options, "--json", check=False)
        assert done.returncode == (0 if check else 1), done
        if not check:
            return done
        told = json.loads(done.stdout)
        made.extend(csv.DictReader(io.StringIO(text)) if told["new"] else [])
        return told
    yield run
    for row in made:
        site.service.muster("places", "remove", "--crisis", CRISIS, "--kind", row["kind"], "--name", row["name"], "--within", row["within"].capitalize(), check=False)


def listed(site):
    return site.service.muster_json("places", "list", "--crisis", CRISIS)["places"]


def test_the_sample_has_places_of_every_kind(site):
    places = listed(site)
    names = {(one["kind"], one["name"], one["within"]) for one in places}
    assert {("quarter", "Yantala", "Niamey"), ("landmark", "Kennedy Bridge", "Niamey"), ("crossing", "Labbezanga (Mali)", ""), ("town", "Dosso", "")} <= names
    assert len(names) == len(places) > 55
    site.service.muster("crisis", "open", "--sample", "niger-2023")
    assert listed(site) == places, "opened again it is as it was"


def test_imported_twice_it_is_there_once(site, bring):
    rows = HEADING + "Testville,Essaiville,town,16.001,4.001,,\nOld Fort,Vieux Fort,landmark,16.002,4.002,testville,\n"
    before = listed(site)
    assert bring(rows, "--dry-run") == {"crisis": CRISIS, "dry_run": True, "new": 2, "changed": 0, "unchanged": 0, "notes": []}
    assert listed(site) == before, "it was only said"
    assert bring(rows)["new"] == 2
    assert bring(rows) == {"crisis": CRISIS, "dry_run": False, "new": 0, "changed": 0, "unchanged": 2, "notes": []}
    assert bring(HEADING + "Old Fort,Fortin,landmark,16.003,4.002,Testville,\n")["changed"] == 1
    fort, = [one for one in listed(site) if one["name"] == "Old Fort"]
    assert fort["other_names"] == ["Vieux Fort", "Fortin"] and fort["within"] == "Testville" and fort["lat"] == 16.003, "no name is lost"
    assert bring(HEADING + "Old Mill,,landmark,16.0012345,104.0012345,,\n")["new"] == 1
    exported = site.service.muster("places", "list", "--crisis", CRISIS, "--csv").stdout.decode()
    assert bring(exported)["unchanged"] == len(listed(site)), "what is exported is what there is"


def test_a_place_has_twelve_other_names_whichever_files_bring_them(site, bring):
    """What would not be read again is refused by name, and the whole file with it."""
    def row(names):
        return HEADING + f"Twelve,{'|'.join(names)},landmark,16.004,4.003,,\n"
    names = [f"Douze {letter}" for letter in "abcdefghijklmn"]
    listed_of = lambda: next(one["other_names"] for one in listed(site) if one["name"] == "Twelve")
    done = bring(row(names[:13]), check=False)
    assert [one["fault"] for one in json.loads(done.stdout)["faults"]] == ['other names: at most 12, parted by |, not "Douze m"'] and all(one["name"] != "Twelve" for one in listed(site))
    assert bring(row(names[:10]))["new"] == 1
    done = bring(row(names[9:13]) + "Thirteenth,,landmark,16.005,4.003,,\n", check=False)
    fault, = json.loads(done.stdout)["faults"]
    assert fault == {"line": 2, "fault": 'other names: at most 12 with those that the place has already, not "Douze m"'}
    assert listed_of() == names[:10] and all(one["name"] != "Thirteenth" for one in listed(site))
    assert bring(row(names[8:12]))["changed"] == 1 and listed_of() == names[:12]
    assert bring(row(names[:12]))["unchanged"] == 1


def test_a_name_near_a_cry_is_taken_and_hides_none(site, citizen, bring):
    """Somebody lives there. Who texts that word may cry for help, and is heard; on a form it is asked after."""
    told_of = bring(HEADING + "Hellp,Aidezz,landmark,16.006,4.003,,\nOld Well,,landmark,16.007,4.003,,\n")
    assert told_of["new"] == 2 and told_of["notes"] == [{"line": 2, "near_cry": "Hellp"}]
    place, = [one for one in listed(site) if one["name"] == "Hellp"]
    assert place["common_word"] is True
    until(lambda: 'value="Hellp"' in told(citizen, **{"location/place": "Hellp"}).text, "the front door knows it and asks")
    gateway = gateways.add(site, "generic", CRISIS, name="place-cries")
    cries = lambda: site.query("SELECT count(*) FROM register.check_in WHERE channel = 'sms' AND status = 'need_help'", role="muster")[0][0]
    # each edge hears of the gateway by itself
    text = lambda words: until(lambda: gateways.generic(gateway, people.phone(), words, str(uuid.uuid4())).send(site).status_code == 200, "the text is taken")
    for words, more in (("Hellp", 1), ("aidezz", 1), ("we are safe in Hellp. no, hellp", 1), ("safe at old well", 0)):
        before = cries()
        text(words)
        assert cries() == before + more, words


def test_one_wrong_row_and_nothing_is_imported(site, bring):
    before = listed(site)
    done = bring(HEADING + "Good,,landmark,13.51,2.11,Niamey,\nBad,,hill,13.51,2.11,Niamey,\nFar,,quarter,2.11,13.51,Niamey,\n", check=False)
    faults = json.loads(done.stdout)["faults"]
    assert [one["line"] for one in faults] == [3, 4] and faults[0]["fault"].startswith("kind: ") and faults[1]["fault"].startswith("latitude: ")
    assert listed(site) == before
    assert bring("no heading\n", check=False).stdout == b""
    assert site.service.muster("import", "places", "--crisis", "nowhere", site.directory / "places.csv", check=False).returncode == 1
    assert site.service.muster("import", "places", "--crisis", CRISIS, check=False).returncode == 2


def test_the_template_is_a_file_for_import(site, bring):
    template = site.service.muster("import", "places", "--template").stdout.decode()
    assert bring(template, "--dry-run")["dry_run"]


@pytest.mark.parametrize("typed", ["yantala", "Yentala", "يانتالا", "next to the school of Yantala Bas, Niamey"])
def test_a_quarter_has_a_position(site, citizen, typed):
    position = cell_of(site, told(citizen, **{"location/place": people.words(typed)}))
    assert position == cell_of(site, told(citizen, **{"location/place": "13.537, 2.083"})) != cell_of(site, told(citizen, **{"location/place": "Niamey"}))


@pytest.mark.parametrize("typed, at", [("pont kennedy", "13.504, 2.104"), ("Assamaka", "19.3500, 5.7700"), ("plato, niamey", "13.525, 2.098"), ("gadar Kennedy", "13.504, 2.104"),
                                       ("Konni (Konni - Illela (Nigeria))", "@Konni - Illela (Nigeria)")])
def test_landmarks_and_crossings(site, citizen, typed, at):
    there = cell_of(site, told(citizen, **{"location/place": at.removeprefix("@")}))
    assert there is not None and cell_of(site, told(citizen, **{"location/place": typed})) == there


def test_an_ordinary_word_is_asked_after(site, citizen):
    answer = told(citizen, **{"location/place": "aéroport"})
    assert cell_of(site, answer) is None and "Which place do you mean?" in answer.text
    assert 'value="Aéroport, Niamey"' in answer.text and 'value="Diori Hamani Airport, Niamey"' in answer.text
    form = Page(answer.text).post_form()
    named = citizen.post(form["action"], data=fill(form, {"_choice": "Diori Hamani Airport, Niamey"}))
    assert cell_of(site, named) == cell_of(site, told(citizen, **{"location/place": "13.4815, 2.1836"}))


def test_two_of_a_name_are_told_apart_by_their_town(site, citizen, bring):
    """Without a restart: the front door hears of it by itself."""
    bring(HEADING + "Plateau,Plato,quarter,13.815,8.99,Zinder,yes\n")
    answer = until(lambda: next((one for one in [told(citizen, **{"location/place": "Plato"})] if 'value="Plateau, Zinder"' in one.text), None), "the quarter is known")
    assert 'value="Plateau, Niamey"' in answer.text
    assert cell_of(site, told(citizen, **{"location/place": "Plateau, Zinder"})) == cell_of(site, told(citizen, **{"location/place": "13.8150, 8.9900"}))


def test_while_registering_it_is_asked_in_between(site, citizen, officer):
    form = open_form(citizen, "/register?lang=en").post_form()
    where = citizen.post(form["action"], data=fill(form, {"party/0/family_name": people.name()}) + [("_go", "next")])
    asked = Page(citizen.post("/register?lang=en", data=fill(Page(where.text).post_form(), {"location/place": "Terminus"}) + [("_go", "next")]).text)
    form = asked.post_form()
    following = Page(citizen.post("/register?lang=en", data=fill(form, {"_choice": "Terminus, Niamey"})).text)
    sent = citizen.post("/register?lang=en", data=[pair for pair in following.post_form()["fields"] if pair[0] != "_go"])
    assert sent.status_code == 201, sent.text
    case = re.search(r">([0-9A-Z]{5}-[0-9A-Z]{5})<", sent.text).group(1)
    assert site.query("SELECT cell FROM report.party WHERE registration_id = %s", (case_codes.number(case),)) == [
        (cell_of(site, told(citizen, **{"location/place": "13.509, 2.107"})),)]
    help_from = told(citizen, case=case, phone="", status="need_help", **{"location/place": "Terminus (Terminus, Niamey)"})
    assert help_from.status_code == 201
    location = officer.case(case).json()["check_ins"][0]["location"]
    assert location == {"place": "Terminus (Terminus, Niamey)", "lat": 13.509, "lon": 2.107, "accuracy_m": 1500}


def test_by_a_helper_and_in_a_list(site, citizen, officer):
    told_of = submit(citizen, helper_form(open_form(citizen, "/helper?lang=en")), helper() | person() | {"status": "need_help", "location/place": "Talladje"})
    assert told_of.status_code == 201, told_of.text
    case = next(one for one in re.findall(r"\b[0-9A-HJKMNP-TV-Z]{5}-[0-9A-HJKMNP-TV-Z]{5}\b", told_of.text) if one != "K7M2Q-9QXD4")
    whole = officer.case(case).json()
    assert (whole["location"]["lat"], whole["check_ins"][0]["location"]["lat"]) == (13.493, 13.493)
    family = people.name()
    listed_page = press(citizen, send(citizen, f"Family name,Place\n{family},Wadata\n".encode()), "send")
    case = re.search(r">([0-9A-HJKMNP-TV-Z]{5}-[0-9A-HJKMNP-TV-Z]{5})<", listed_page.text).group(1)
    assert site.query("SELECT cell FROM report.party WHERE registration_id = %s", (case_codes.number(case),)) == [
        (cell_of(site, told(citizen, **{"location/place": "13.516, 2.138"})),)]


def test_in_a_text(site, citizen):
    gateway = gateways.add(site, "generic", CRISIS, name="place-names")
    wanted = cell_of(site, told(citizen, **{"location/place": "13.5040, 2.1040"}))

    def text(words):
        return gateways.generic(gateway, people.phone(), words, str(uuid.uuid4())).send(site).status_code == 200
    count = "SELECT count(*) FROM report.check_in WHERE channel = 'sms' AND status = 'safe' AND cell = %s"
    before = site.query(count, (wanted,))[0][0]
    until(lambda: text("SAFE at pont Kennedy"), "the edge knows the gateway")
    assert site.query(count, (wanted,))[0][0] == before + 1


def test_the_map_of_the_desk_has_them(officer):
    features = officer.act("GET", "/places", params={"crisis": CRISIS}).json()["features"]
    shown = {(one["properties"]["kind"], one["properties"]["name"], one["properties"]["within"]) for one in features}
    assert {("landmark", "Kennedy Bridge", "Niamey"), ("quarter", "Yantala", "Niamey"), ("crossing", "Labbezanga (Mali)", None)} <= shown


def test_the_tap_map_names_crossings(citizen):
    page = citizen.post("/place?lang=en", data=[("status", "safe")])
    assert "<option>Assamaka - In Guezzam (Algeria)</option>" in page.text and "Yantala, Niamey" not in page.text
    near = citizen.post("/place?lang=en", data=[("_at.x", "105"), ("_at.y", "84"), ("status", "safe")])
    assert 'value="Assamaka - In Guezzam (Algeria)"' in near.text
