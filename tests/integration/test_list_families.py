# SPDX-License-Identifier: Apache-2.0
"""Families in a list: rows that say the same in the column "family" are one party with one case code; they go together, or come back together."""
import html
import re

import pytest

from harness import case_codes, people
from test_list import CODE, buttons, press, rows_of, send, table

HEADING = ("Given names", "Family name", "Birth date", "Phone", "Place", "Needs", "Family group")


def row(family, phone="", place="", needs="", given=None, birth=""):
    return [people.name() if given is None else given, people.name() if given is None else "", birth, phone, place, needs, family]


def sheet(rows):
    return table([[f'"{cell}"' for cell in one] for one in rows], HEADING).replace("Birth date", "birth_date").encode()


def words(answer):
    return re.sub(r"\s+", " ", html.unescape(re.sub(r"<[^>]+>", " ", answer.text)))


def sizes(site, cases):
    return [site.query("SELECT size, channel FROM report.party WHERE registration_id = %s", (case_codes.number(case),))[0] for case in cases]


def test_rows_of_a_family_are_one_party_wherever_they_stand(site, citizen):
    phone = people.phone()
    rows = [row("A", phone, "Dosso"), row("", people.phone()), row("a ", "", "", "medical_emergency"), row("B"), row("A", phone, "dosso", birth="27/03/1985")]
    shown = send(citizen, sheet(rows))
    said = words(shown)
    assert "Family A (people: 3)" in said and "Family B" not in said and "faults" not in buttons(shown), said
    start = said.index("Family A")
    assert start < said.index(rows[0][0]) < said.index(rows[2][0]) < said.index(rows[4][0]) < said.index(rows[1][0]), "they stand together"
    sent = press(citizen, shown, "send")
    cases = re.findall(rf">({CODE})<", sent.text)
    assert sizes(site, cases) == [(3, "list"), (1, "list"), (1, "list")]
    assert "People registered: 5" in words(sent)
    assert re.findall(rf">({CODE})<", press(citizen, shown, "send").text) == cases, "pressed twice nobody is there twice"
    _, *codes = rows_of(press(citizen, sent, "codes"))
    assert [code[1] for code in codes] == [cases[0], cases[1], cases[0], cases[2], cases[0]], "each person with the code of the family"
    answer = site.desk("officer", 371).case(cases[0])
    assert answer.status_code == 200, answer.text
    party = answer.json()
    assert [one["given_names"] for one in party["party"]] == [rows[0][0], rows[2][0], rows[4][0]]
    assert party["party"][1]["needs"] == ["medical_emergency"] and party["party"][2]["birth_date"] == "1985-03-27"
    assert len(party["contacts"]) == 1 and party["location"]["place"] == "Dosso", "a telephone in each row is one telephone"


def test_a_fault_in_a_row_holds_its_family_and_no_other(site, citizen):
    rows = [row("1", people.phone()), row("1", "no number"), row("2", people.phone()), row("2"), row("", people.phone())]
    shown = send(citizen, sheet(rows))
    said = words(shown)
    assert re.search(r"row 3 · no number .*?Phone: ", said) and "Correct row 3 of the same family first" in said
    assert "Rows with something wrong: 2" in said and "People who can be sent now: 3" in said
    heading, *back = rows_of(press(citizen, shown, "faults"))
    assert [one[1] for one in back] == [rows[0][0], rows[1][0]] and heading[15] == "Family group" and back[0][15] == "1"
    assert sizes(site, re.findall(rf">({CODE})<", press(citizen, shown, "send").text)) == [(2, "list"), (1, "list")]
    back[1][7] = people.phone()
    shown = send(citizen, table([[f'"{cell}"' for cell in one] for one in back], heading).encode())
    assert "faults" not in buttons(shown) and sizes(site, re.findall(rf">({CODE})<", press(citizen, shown, "send").text)) == [(2, "list")]


def test_rows_that_contradict_each_other_or_name_nobody_are_said(citizen):
    said = words(send(citizen, sheet([row("x", place="Dosso"), row("x", place="Maradi"), row("x", given="")])))
    assert re.search(r"row 3 · Maradi +Place[^:]*: The rows of this family do not agree", said), said
    assert re.search(r"row 4 +Family name: ", said), said
    assert "Correct row 3 of the same family first" in said


def test_a_family_has_its_limits(site, citizen):
    rows = [row("big") for _ in range(31)]
    said = words(send(citizen, sheet(rows)))
    assert re.search(r"row 32 +Family group: A family can have at most 30 people", said) and "Correct row 32 of the same family first" in said
    sent = press(citizen, send(citizen, sheet(rows[:30])), "send")
    assert sizes(site, re.findall(rf">({CODE})<", sent.text)) == [(30, "list")]
    said = words(send(citizen, sheet([row("c", people.phone()) for _ in range(11)])))
    assert re.search(r"row 12 · .*?Phone: A family can have at most 10 phone numbers and addresses", said), said


def test_headings_in_every_language(citizen):
    for language in ("en", "fr", "ha", "dje", "ar"):
        heading, = rows_of(citizen.get(f"/list.csv?lang={language}"))
        rows = [[people.name(), *[""] * 14, "7"] for _ in range(2)]
        shown = send(citizen, table(rows, heading, ";").encode(), language=language)
        assert re.search(r"7 \([^)]*2\)", html.unescape(shown.text)), language


@pytest.mark.parametrize(("language", "given", "surname"), [("en", "Given names", "Family"), ("en", "given_names", "FAMILY"), ("ar", "given_names", "العائلة"),
                                                            ("dje", "given_names", "Almayaali"), ("fr", "Prénoms", "family")])
def test_a_column_of_surnames_makes_no_families(site, citizen, language, given, surname):
    """Three who share a name are three parties; that the column was not read is said."""
    name = people.name()
    rows = [[f'"{people.name()}"', f'"{name}"', people.phone()] for _ in range(3)]
    shown = send(citizen, table(rows, (given, surname, "phone")).encode(), language=language)
    assert shown.status_code == 200 and surname in words(shown), "it is named as one that was not read"
    sent = press(citizen, shown, "send", language)
    cases = re.findall(rf">({CODE})<", sent.text)
    assert len(set(cases)) == 3 and sizes(site, cases) == [(1, "list")] * 3


def test_a_column_of_surnames_beside_one_of_families(site, citizen):
    name = people.name()
    rows = [[f'"{people.name()}"', f'"{name}"', people.phone(), group] for group in ("1", "1", "2")]
    sent = press(citizen, send(citizen, table(rows, ("Given names", "Family name", "phone", "Family")).encode()), "send")
    assert sizes(site, re.findall(rf">({CODE})<", sent.text)) == [(2, "list"), (1, "list")]
