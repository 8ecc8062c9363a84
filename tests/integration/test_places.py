# SPDX-License-Identifier: Apache-2.0
"""Where somebody is: towns as they are typed, plus codes, a tap on the map, or nothing at all; a message never waits for it."""
import re
import uuid

from harness import people
from test_forms import Page, fill, open_form


def told(citizen, **values):
    form = open_form(citizen, "/check-in?lang=en").post_form()
    return citizen.post(form["action"], data=fill(form, {"status": "safe", "phone": people.phone(), **values}))


def cell_of(site, answer):
    assert answer.status_code == 201, answer.status_code
    receipt = re.search(r'class="code small">([0-9a-f-]{36})<', answer.text).group(1)
    return site.query("SELECT cell FROM report.check_in WHERE client_id = %s", (receipt,))[0][0]


def test_a_town_has_a_position(site, citizen):
    dosso = cell_of(site, told(citizen, **{"location/place": "Dosso"}))
    assert dosso is not None
    assert cell_of(site, told(citizen, **{"location/place": people.words("next to the church of DOSSO,")})) == dosso
    assert cell_of(site, told(citizen, **{"location/place": "13.0490, 3.1937"})) == dosso
    assert cell_of(site, told(citizen, **{"location/place": "6FX52 nothing"})) is None
    assert cell_of(site, told(citizen, **{"location/place": "7F5528XV+JF"})) is not None


def test_words_and_silence_are_fine(site, citizen):
    for place in ("", "at home", people.words("the house of")):
        answer = told(citizen, **{"location/place": place})
        assert cell_of(site, answer) is None and "Which place do you mean?" not in answer.text


def test_a_doubtful_place_is_asked_after_the_message_is_stored(site, citizen):
    phone = people.phone()
    words = people.words("near Zindre,")
    answer = told(citizen, phone=phone, status="need_help", **{"location/place": words})
    assert cell_of(site, answer) is None, "stored as it was typed"
    page = Page(answer.text)
    assert "Which place do you mean?" in page.text and 'value="Zinder"' in answer.text
    form = page.post_form()
    named = citizen.post(form["action"], data=fill(form, {"_choice": "Zinder"}))
    assert cell_of(site, named) is not None and "Which place do you mean?" not in named.text
    form = page.post_form()
    wild = fill(form, {"_choice": "Atlantis", "client_id": str(uuid.uuid4())})
    assert cell_of(site, citizen.post(form["action"], data=wild)) is None


def test_the_phone_number_is_shown_as_it_was_understood(citizen):
    number = people.phone()[4:]
    shown = "\u00a0".join(number[i:i + 2] for i in range(0, 8, 2))
    for typed in (number, f"00227{number}", f"+227 {number}", f"{number[:4]}-{number[4:]}"):
        assert f"We will text {shown}." in told(citizen, phone=typed).text
    assert "We will text +33 6 12 34 56 78.".replace(" ", "\u00a0").replace("\u00a0", " ", 3) in told(citizen, phone="+33612345678").text


def test_a_tap_on_the_map(site, citizen):
    form = open_form(citizen, "/check-in?lang=en").post_form()
    message = people.words("we wait here")
    asked = citizen.post("/place?lang=en", data=fill(form, {"status": "moving", "message": message}))
    page = Page(asked.text)
    assert asked.status_code == 200 and 'type="image"' in asked.text and ("message", message) in page.post_form()["fields"]
    picture = citizen.get("/map_ne.svg")
    assert picture.status_code == 200 and picture.headers["Content-Type"].startswith("image/svg+xml") and len(picture.content) < 4096

    near = citizen.post("/place?lang=en", data=page.post_form()["fields"] + [("_at.x", "62"), ("_at.y", "196")])
    assert near.status_code == 200 and 'value="Dosso"' in near.text
    page = Page(near.text)
    back = citizen.post("/place?lang=en", data=fill(page.post_form(), {"_choice": "Dosso"}))
    fields = Page(back.text).post_form()["fields"]
    assert ("location/place", "Dosso") in fields and ("message", message) in fields and 'value="moving" checked' in back.text
    spot = citizen.post("/place?lang=en", data=fill(page.post_form(), {"_choice": ""}))
    form = Page(spot.text).post_form()
    assert {"location/lat", "location/lon", "location/accuracy_m"} <= {name for name, value in form["fields"] if value}
    sent = citizen.post(form["action"], data=fill(form, {"phone": people.phone()}))
    assert cell_of(site, sent) is not None


def test_the_map_by_keyboard_and_without(citizen):
    page = open_form(citizen, "/place?lang=en")
    missed = citizen.post("/place?lang=en", data=page.post_form()["fields"] + [("_at.x", "0"), ("_at.y", "0")])
    assert missed.status_code == 422 and 'href="#_choice"' in missed.text
    town = citizen.post("/place?lang=en", data=[("_town", "1"), ("_choice", "T\u00e9ra")])
    assert ("location/place", "T\u00e9ra") in Page(town.text).post_form()["fields"]
    skipped = citizen.post("/place?lang=en", data=[("_skip", "1"), ("status", "safe")])
    assert skipped.status_code == 200 and 'value="safe" checked' in skipped.text
    for odd in ({"_at.x": "nan", "_at.y": "1"}, {"_at.x": "1e9", "_at.y": "5"}, {"_at.x": "-4", "_at.y": "5"}):
        assert citizen.post("/place?lang=en", data=odd).status_code == 422


def test_the_map_while_registering(site, citizen):
    form = open_form(citizen, "/register?lang=en").post_form()
    where = citizen.post(form["action"], data=fill(form, {"party/0/family_name": people.name()}) + [("_go", "next")])
    form = Page(where.text).post_form()
    map_page = Page(citizen.post("/place?lang=en", data=form["fields"]).text)
    near = Page(citizen.post("/place?lang=en", data=map_page.post_form()["fields"] + [("_at.x", "62"), ("_at.y", "196")]).text)
    back = Page(citizen.post("/place?lang=en", data=fill(near.post_form(), {"_choice": "Dosso"})).text)
    form = back.post_form()
    assert dict(form["fields"])["_step"] == "where" and ("location/place", "Dosso") in form["fields"]
    assert citizen.post(form["action"], data=form["fields"]).status_code == 201


def test_times_are_the_posts(citizen):
    answer = told(citizen)
    assert answer.status_code == 201
    home = citizen.get("/?lang=en").text
    assert "(Niamey time)" in home and " UTC" not in home
