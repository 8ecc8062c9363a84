# SPDX-License-Identifier: Apache-2.0
"""A warden's list: read whatever spreadsheet wrote it, shown before it is sent, stored once, and nothing of it lost."""
import csv
import html
import io
import re

import pytest

from harness import case_codes, people
from test_forms import Page

CODE = r"[0-9A-HJKMNP-TV-Z]{5}-[0-9A-HJKMNP-TV-Z]{5}"


def send(citizen, content=None, values=(), language="en", **more):
    fields = {"crisis": "ner-2023", "reporter/name": "Warden of the quarter", **dict(values), **more}
    files = {name: (None, value) for name, value in fields.items()}
    if content is not None:
        files["file"] = ("list.csv", content, "text/csv")
    return citizen.post(f"/list?lang={language}", files=files)


def buttons(answer):
    """What each form of the page would send, by what it does."""
    return {dict(form["fields"]).get("_do", ""): dict(form["fields"]) for form in Page(answer.text).forms if form["action"].startswith("/list")}


def press(citizen, answer, what, language="en", **changes):
    return send(citizen, None, {**buttons(answer)[what], **changes}, language)


def rows_of(answer):
    assert answer.headers["Content-Type"].startswith("text/csv") and "attachment" in answer.headers["Content-Disposition"]
    text = answer.content.decode("utf-8-sig")
    return list(csv.reader(io.StringIO(text), delimiter=";" if ";" in text.splitlines()[0] else ","))


def party(count=1):
    return [[people.name(), people.name(), people.phone()] for _ in range(count)]


def table(rows, heading=("Family name", "Given names", "Phone"), separator=",", end="\r\n"):
    return end.join(separator.join(row) for row in (heading, *rows)) + end


def test_the_empty_list_has_headings_that_are_read_back(citizen):
    for language in ("en", "fr", "ha", "dje", "ar"):
        heading, = rows_of(citizen.get(f"/list.csv?lang={language}"))
        row = ["" for _ in heading]
        row[0] = people.name()
        shown = send(citizen, table([row], heading, ";").encode(), language=language)
        assert shown.status_code == 200 and row[0] in shown.text and "send" in buttons(shown), language


def test_sent_they_are_registered_once_with_who_sent_them(site, citizen):
    rows = party(3)
    shown = send(citizen, table(rows).encode(), {"reporter/relation": "warden"})
    assert shown.status_code == 200 and all(row[0] in shown.text for row in rows)
    before = site.query("SELECT count(*) FROM report.party")
    assert not re.search(CODE, shown.text) and before == site.query("SELECT count(*) FROM report.party"), "shown is not sent"
    sent = press(citizen, shown, "send")
    cases = re.findall(rf">({CODE})<", sent.text)
    assert sent.status_code == 200 and len(cases) == 3
    numbers = [case_codes.number(case) for case in cases]
    assert site.query("SELECT channel, state FROM report.party WHERE registration_id = ANY (%s)", (numbers,)) == [("list", "registered")] * 3
    again = press(citizen, shown, "send")
    assert re.findall(rf">({CODE})<", again.text) == cases, "pressed twice nobody is there twice"
    heading, *codes = rows_of(press(citizen, sent, "codes"))
    assert [row[1] for row in codes] == cases and codes[0][0] == f"{rows[0][1]} {rows[0][0]}"
    own = citizen.own_record(codes[1][1], codes[1][2])
    assert own.status_code == 200 and own.json()["people"] == 1
    assert site.query("SELECT count(*) FROM report.party WHERE channel = 'list' AND registration_id = ANY (%s)", (numbers,)) == [(3,)]


def test_rows_with_faults_are_named_by_row_and_column_and_come_back(site, citizen):
    good, bad = party(2), [people.name(), people.name(), "no number"]
    content = table([good[0], bad, good[1]], separator=";") + f"\"=HYPERLINK(1)\";{people.name()};{people.phone()}\r\n"
    shown = send(citizen, content.encode("utf-8-sig"), language="fr")
    assert shown.status_code == 200
    text = html.unescape(re.sub(r"<[^>]+>", " ", shown.text)).replace("\xa0", " ")
    assert re.search(r"ligne 3 .*\s+Téléphone : |ligne 3 .*\s+Téléphone: ", text) and "Lignes avec une erreur : 1" in text
    heading, row = rows_of(press(citizen, shown, "faults", "fr"))
    assert [row[0], row[1]] == bad[:2] and "no number" in row and row[-2] == "3" and heading[-1] == "Erreur" and row[-1].startswith("Téléphone")
    sent = press(citizen, shown, "send", "fr")
    assert len(re.findall(rf">({CODE})<", sent.text)) == 3 and "faults" in buttons(sent), "the good ones go, the other can still be had"
    corrected = table([[cell if cell != "no number" else people.phone() for cell in row]], heading, ";")
    shown = send(citizen, corrected.encode("utf-8-sig"), language="fr")
    assert "faults" not in buttons(shown) and "inconnues" not in shown.text, "it comes back with our own columns, and is read"
    assert press(citizen, shown, "send", "fr").status_code == 200


def test_formulas_are_given_back_as_text(citizen):
    shown = send(citizen, table([['"=cmd|1"', people.name(), "not a number"]]).encode())
    heading, row = rows_of(press(citizen, shown, "faults"))
    assert row[0] == "'=cmd|1"


@pytest.mark.parametrize("encode", [
    lambda text: text.encode("utf-8"), lambda text: text.encode("utf-8-sig"), lambda text: text.encode("utf-16"),
    lambda text: text.encode("utf-16-be"), lambda text: text.encode("cp1252"), lambda text: text.replace("\r\n", "\r").encode(),
    lambda text: text.replace("\r\n", "\n").encode(), lambda text: ("sep=;\r\n" + text).encode()])
def test_any_alphabet_and_line_end(citizen, encode):
    family = f"Élodie{people.name()}"
    people.remember(family)
    content = table([[f'"{family}"', '"O""Neil; the 2nd"', people.phone()]], ("Nom de famille", "Prénoms", "Téléphone"), ";")
    shown = send(citizen, encode(content))
    assert shown.status_code == 200 and family in shown.text and html.escape('O"Neil; the 2nd', quote=False) in html.unescape(shown.text)
    assert ("alphabet" in shown.text) == (encode(content) == content.encode("cp1252"))


@pytest.mark.parametrize("content, words", [
    (b"PK\x03\x04workbook", "Save as"), (b"\x00\x01\x02\x00" * 9, "no text file"), (b"", "Choose a file"), (b"\r\n\r\n", "nobody"),
    (b"Family name\r\n", "nobody"), (b"a,b\r\nc,d\r\n", "no column with names"), (b'Family name\r\n"never closed\r\n', "line 2"),
    (b"Family name\r\n" + b"x\r\n" * 501, "more than 500"), (b"Family name\r\n" + b"x" * 270_000, "256 kilobytes"),
    (b"," * 70 + b"\r\nx\r\n", "too many columns")], ids=range(10))
def test_what_cannot_be_read_is_said(citizen, content, words):
    answer = citizen.post("/list?lang=en", files={"crisis": (None, "ner-2023"), "reporter/name": (None, "Warden"),
                                                   "file": ("list.csv" if content else "", content, "text/csv")})
    assert answer.status_code == 422 and words in answer.text, words


def test_who_sends_it_is_asked(citizen):
    answer = send(citizen, table(party()).encode(), {"reporter/name": ""})
    assert answer.status_code == 422 and 'href="#reporter/name"' in answer.text


def test_words_and_dates_as_spreadsheets_write_them(site, citizen):
    desk = site.desk("officer", 311)
    family = people.name()
    content = table([[family, "27/03/1985", '"Urgence médicale, medication"', "Wants evacuation" if False else "wants_evacuation"]],
                    ("family_name", "birth_date", "needs", "intent"))
    sent = press(citizen, send(citizen, content.encode()), "send")
    (case,) = re.findall(rf">({CODE})<", sent.text)
    member = desk.case(case).json()
    assert member["party"][0]["birth_date"] == "1985-03-27" and member["party"][0]["needs"] == ["medical_emergency", "medication"]
    assert member["reporter"]["name"] == "Warden of the quarter" and member["band"] in (1, 2), "what it says of needs is triaged as usual"


def test_a_row_changed_under_the_same_id_is_said(site, citizen):
    rows, other = party(2), people.name()
    shown = send(citizen, table(rows).encode())
    assert press(citizen, shown, "send").status_code == 200
    changed = press(citizen, shown, "send", rows=buttons(shown)["send"]["rows"].replace(rows[0][1], other))
    assert len(re.findall(rf">({CODE})<", changed.text)) == 1 and "changed after it was first sent" in changed.text and other in changed.text


def test_five_hundred_rows_are_stored(site, citizen):
    shown = send(citizen, ("Given names\r\n" + "Anybody\r\n" * 500).encode())
    sent = press(citizen, shown, "send")
    assert len(re.findall(rf">({CODE})<", sent.text)) == 500, sent.text[:2000]


def test_no_list_no_store(citizen):
    assert citizen.post("/list", data={"crisis": "ner-2023"}).status_code == 415
    assert citizen.post("/list", data=b"x", headers={"Content-Type": "multipart/form-data; boundary=b"}).status_code == 400
    assert send(citizen, b"x", _do="send", rows="line,family_name\r\n2,x\r\n", upload="none").status_code == 400


def test_many_quoted_cells(citizen):
    """Each takes what it needs of the request's memory, and no more."""
    rows = [[f'"{row[0]} ""Baba"""', row[1], row[2]] for row in party(400)]
    shown = send(citizen, (table(rows) + "," * 100_000).encode())
    assert shown.status_code != 503, shown.text[:300]


def test_a_cell_of_words_without_end_is_a_fault(citizen):
    heading = ("Family name", "Needs")
    shown = send(citizen, table([[people.name(), '"' + "a," * 50_000 + '"']], heading).encode())
    assert shown.status_code in (200, 422) and "send" not in buttons(shown)
