# SPDX-License-Identifier: Apache-2.0
"""The same people registered twice are shown to an officer with what speaks for it; who only has a name in common is not."""
import uuid

from harness import case_codes, people


def register(site, **changes):
    told = site.citizen().register(people.registration(intent="wants_evacuation", **changes))
    assert told.status_code == 201, told.text
    return told.json()["case"]


def member(given, family, **changes):
    return people.member(given_names=given, family_name=family) | changes


def alike(desk, case):
    answer = desk.act("GET", f"/cases/{case}/duplicates")
    assert answer.status_code == 200, answer.text
    return {one["case"]: one for one in answer.json()["duplicates"]}


def contact(phone):
    return [{"kind": "phone", "value": phone, "primary": True}]


def test_spouse_parent_and_self(site, desk):
    """Each registers the same woman: her husband her birth date, her mother her passport, and she her phone."""
    document, phone, family = people.document(), people.phone(), people.name()
    one = register(site, party=[member("Aïchatou", family, birth_date="1984-02-29", document=document)], contacts=contact(phone))
    by_birth = register(site, party=[member("Oumar", family), member("Aishatu", family, birth_date="1984-02-29")])
    by_document = register(site, party=[member("Aisha", people.name(), birth_date=None, document=document)])
    by_phone = register(site, party=[member("Aisha-tou", family, birth_date=None)], contacts=contact(phone))
    found = alike(desk, one)
    assert set(found) == {by_birth, by_document, by_phone}
    assert set(found[by_birth]["evidence"]) == {"name_sounds", "birth_date"}
    assert found[by_document]["evidence"] == ["document"]
    assert set(found[by_phone]["evidence"]) == {"phone", "name_sounds"}
    assert "Aishatu" in found[by_birth]["names"] and found[by_birth]["party_size"] == 2
    scores = [line["score"] for line in desk.act("GET", f"/cases/{one}/duplicates").json()["duplicates"]]
    assert scores == sorted(scores, reverse=True)
    assert one in alike(desk, by_birth), "it is seen from either side"


def test_a_family_is_known_by_its_names(site, desk):
    family = people.name()
    one = register(site, party=[member("Fatouma", family, birth_date=None), member("Ousmane", family, birth_date=None)])
    other = register(site, party=[member("Usman", family, birth_date=None), member("Fatima", family, birth_date=None)])
    assert set(alike(desk, one)[other]["evidence"]) == {"name_sounds", "party"}


def test_a_name_alone_is_nothing(site, desk):
    family = people.name()
    one = register(site, party=[member("Moussa", family, birth_date=None)])
    same_name = register(site, party=[member("Moussa", family, birth_date=None)])
    born_otherwise = register(site, party=[member("Moussa", family, birth_date="1950-01-01")])
    assert not {same_name, born_otherwise} & set(alike(desk, one))


def test_who_wrote_before_they_registered(site, citizen, desk):
    """A number nobody registered, until somebody does: the stranger's case names the party, and the party the stranger."""
    phone = people.phone()
    assert citizen.check_in({"client_id": str(uuid.uuid4()), "status": "need_help", "phone": phone}).status_code == 201
    one = register(site, contacts=contact(phone))
    found = alike(desk, one)
    assert len(found) == 1
    stranger, line = found.popitem()
    assert line["known"] is False and line["evidence"] == ["phone"] and line["queue"] == "identification"
    assert one in alike(desk, stranger)


def test_a_merged_party_is_looked_for_by_its_own_names_too(site, desk):
    """Whoever registered her again under the name that only the merged party told is found from the case that is left, and finds it."""
    family, document, other_phone = people.name(), people.document(), people.phone()
    kept = register(site, party=[member("Issoufou", people.name(), birth_date=None)])
    merged = register(site, party=[member("Aïchatou", family, birth_date="1984-02-29", document=document)], contacts=contact(other_phone))
    answer = desk.do(kept, "merge", {"with": merged})
    assert answer.status_code in (200, 204), answer.text
    by_birth = register(site, party=[member("Aishatu", family, birth_date="1984-02-29")])
    by_document = register(site, party=[member("Aisha", people.name(), birth_date=None, document=document)])
    by_phone = register(site, party=[member("Aichatou", family, birth_date=None)], contacts=contact(other_phone))
    assert {by_birth, by_document, by_phone} <= set(alike(desk, kept))
    assert set(alike(desk, kept)[by_birth]["evidence"]) == {"name_sounds", "birth_date"}, "weighed by the names that they share"
    for one in (by_birth, by_document, by_phone):
        found = alike(desk, one)
        assert kept in found and merged not in found, "the case that is left stands for what is part of it"


def test_kept_apart_and_again(site, desk):
    phone = people.phone()
    one, other = (register(site, contacts=contact(phone)) for _ in range(2))
    assert alike(desk, one)[other]["kept_apart"] is None
    for _ in range(2): # said again it has one effect
        assert desk.do(one, "keep-apart", {"with": other.lower()}).status_code == 204
    for here, there in ((one, other), (other, one)):
        assert alike(desk, here)[there]["kept_apart"]["by"] == site.staff().user
    assert desk.do(other, "maybe-same", {"with": one}).status_code == 204
    assert alike(desk, one)[other]["kept_apart"] is None
    actions = {row[0] for row in site.query("SELECT action FROM register.audit WHERE registration_id = %s", (case_codes.number(other),), role="muster")}
    assert {"case.keep_apart", "case.maybe_same", "case.duplicates"} <= actions


def test_what_is_not_to_be_kept_apart(site, desk):
    one = register(site)
    assert desk.do(one, "keep-apart", {"with": one}).status_code == 422
    assert desk.do(one, "keep-apart", {"with": "nobody"}).status_code == 422
    assert desk.do(one, "keep-apart", {}).status_code == 422
    assert desk.do(one, "keep-apart", {"with": case_codes.code(12345)}).status_code == 404
    assert desk.act("GET", f"/cases/{case_codes.code(12345)}/duplicates").status_code == 404


def test_who_may_look_and_who_may_decide(site, desk):
    phone = people.phone()
    one, other = (register(site, contacts=contact(phone)) for _ in range(2))
    viewer = site.desk("viewer")
    assert other in alike(viewer, one)
    assert viewer.do(one, "keep-apart", {"with": other}).status_code == 403
    nobody = site.desk(number=78)
    site.query("DELETE FROM register.staff_access AS a USING register.staff AS s WHERE s.staff_id = a.staff_id AND s.name = %s RETURNING 1",
               (site.staff(number=78).user,), role="muster")
    assert nobody.act("GET", f"/cases/{one}/duplicates").status_code == 404
    assert nobody.do(one, "keep-apart", {"with": other}).status_code == 404
    assert alike(desk, one)[other]["kept_apart"] is None


def test_the_finder_gives_nothing_to_nobody(site):
    phone = people.phone()
    one, _ = (register(site, contacts=contact(phone)) for _ in range(2))
    assert site.query("SELECT * FROM desk.find_alike(%s, '{}', '{}', 10)", (case_codes.number(one),), role="muster_desk") == []
    assert site.query("SELECT * FROM register.kept_apart", role="muster_desk") == []
