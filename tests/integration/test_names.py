# SPDX-License-Identifier: Apache-2.0
"""People are found by name, however it is spelt; and the register holds nothing of it in clear."""
from harness import case_codes, people
from harness.waiting import until


def keys_of(site, case):
    rows = site.query("SELECT name_keys FROM register.party_member WHERE registration_id = %s ORDER BY ordinal",
                      (case_codes.number(case),), role="muster")
    return [set(row[0]) if row[0] is not None else None for row in rows]


def registered(citizen, *members, **changes):
    told = citizen.register(people.registration(party=[people.member(**member) for member in members], **changes))
    assert told.status_code == 201, told.text
    return told.json()["case"]


def test_spellings_share_keys(site, citizen):
    one, two, other = (keys_of(site, registered(citizen, {"given_names": given, "family_name": family}))[0]
                       for given, family in (("Aïchatou", "Maïga"), ("Aisha-tou", "MAIGA"), ("Bertrand", "Coulibaly")))
    assert one & two and not one & other


def test_names_of_before_are_indexed(site, citizen):
    """Those that a register had before it knew of name keys get theirs from the courier: the same."""
    case = registered(citizen, {"given_names": "Haoua"}, {"given_names": "Seydou"})
    before = keys_of(site, case)
    site.query("UPDATE register.party_member SET name_keys = NULL WHERE registration_id = %s RETURNING 1",
               (case_codes.number(case),), role="muster")
    assert until(lambda: keys_of(site, case) == before, "the keys are made again")


def test_what_does_not_open_is_asked_for_once(site, citizen):
    case = registered(citizen, {"given_names": "Haoua"})
    site.query("UPDATE register.party_member SET name_keys = NULL, sealed_person = '\\x00' WHERE registration_id = %s RETURNING 1",
               (case_codes.number(case),), role="muster")
    assert until(lambda: keys_of(site, case) == [set()], "it has no keys")
