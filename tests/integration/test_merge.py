# SPDX-License-Identifier: Apache-2.0
"""The same people registered twice become one case: either code and either secret reach it, nobody is counted twice, and it can be undone."""
import concurrent.futures
import uuid

import pytest

from harness import case_codes, people
from harness.waiting import until

STAFF = 200


@pytest.fixture
def officer(site):
    return site.desk(number=STAFF)


def register(site, **changes):
    told = site.citizen().register(people.registration(**changes))
    assert told.status_code == 201, told.text
    return told.json()


def household(site, status=None, **changes):
    """A registered party that has said how it is, or has a case because it wants to be evacuated."""
    told = register(site, **({"intent": "wants_evacuation"} | changes))
    if status is not None:
        said(site, told["case"], status)
    return told


def said(site, case, status, **changes):
    sent = people.check_in(case=case, status=status, **changes)
    answer = site.citizen().check_in(sent)
    assert answer.status_code == 201, answer.text
    return sent["client_id"]


def merge(desk, kept, other, **options):
    return desk.do(kept, "merge", {"with": other} | options.pop("body", {}), **options)


def merged(desk, kept, other, **options):
    answer = merge(desk, kept, other, **options)
    assert answer.status_code == 200, answer.text
    return answer.json()


def unmerged(desk, kept, other):
    answer = desk.do(kept, "unmerge", {"with": other})
    assert answer.status_code == 200, answer.text
    return answer.json()


def row(site, code, columns, table="triage_case"):
    return site.query(f"SELECT {columns} FROM register.{table} WHERE registration_id = %s", (case_codes.number(code),), role="muster")[0]


def everywhere(desk, code):
    return [queue for queue in ("emergency", "assistance", "overdue", "identification", "departure", "inquiry")
            if code in {one["case"] for one in desk.cases(queue)}]


def texts(items, key):
    return {item[key] for item in items}


def test_one_case_of_two(site, officer):
    """The kept case is as urgent as the more urgent one, shows what both told, and the other is in no queue."""
    one, other = household(site), household(site)
    said(site, other["case"], "in_danger", needs=["medication"])
    words = people.words("the same family, the sister says")
    seen = officer.case(one["case"]).headers["ETag"]
    answer = merge(officer, one["case"], other["case"], body={"note": words}, headers={"If-Match": seen})
    assert answer.status_code == 200 and answer.json()["case"] == one["case"] and answer.json()["merged"] == other["case"], answer.text
    assert merge(officer, one["case"], other["case"], headers={"If-Match": seen}).status_code == 412
    case = officer.case(one["case"]).json()
    assert answer.headers["ETag"] == officer.case(one["case"]).headers["ETag"]
    assert (case["band"], case["queue"], case["last_status"]) == (2, "emergency", "in_danger")
    assert {"wants_evacuation", "in_danger"} <= set(case["reasons"]) and "medication" in case["needs"]
    assert len(case["party"]) == 2 and texts(case["party"], "family_name") == {p["family_name"] for p in case["party"]}
    assert [member.get("case") for member in case["party"]] == [None, other["case"]]
    assert len({contact["contact"] for contact in case["contacts"]}) == 2 and all(item["value"] for item in case["contacts"])
    assert [check_in.get("case") for check_in in case["check_ins"]] == [other["case"]]
    assert [note["text"] for note in case["notes"]] == [words]
    (event,) = case["merges"]
    assert (event["case"], event["into"], event["by"], event["undone_at"]) == (other["case"], one["case"], site.staff(number=STAFF).user, None)
    assert event["location"]["place"] is not None
    assert everywhere(officer, one["case"]) == ["emergency"] and everywhere(officer, other["case"]) == []
    actions = {(action, detail.get("with") or detail.get("into")) for action, detail in site.query(
        "SELECT action, detail FROM register.audit WHERE registration_id = ANY (%s) AND action = 'case.merge'",
        ([case_codes.number(one["case"]), case_codes.number(other["case"])],), role="muster")}
    assert actions == {("case.merge", case_codes.number(other["case"])), ("case.merge", case_codes.number(one["case"]))}


def test_the_other_code_leads_to_the_case(site, officer):
    one, other = household(site), household(site)
    merged(officer, one["case"], other["case"])
    case = officer.case(other["case"])
    assert case.status_code == 200 and case.json()["case"] == one["case"] and case.json()["asked_for"] == other["case"]
    assert "asked_for" not in officer.case(one["case"]).json()
    for action, body in (("claim", None), ("reopen", None), ("notes", {"text": "x"}), ("escalate", {"note": "x"})):
        answer = officer.do(other["case"], action, body)
        assert answer.status_code in (404, 409), (action, answer.text)
    assert row(site, other["case"], "state") == ("resolved",)
    found = officer.act("POST", "/search", json={"q": other["case"]}).json()["results"]
    assert [hit["case"] for hit in found] == [one["case"]]
    name = officer.case(one["case"]).json()["party"][1]["family_name"]
    hits = [hit["case"] for hit in officer.act("POST", "/search", json={"q": name}).json()["results"]]
    assert hits.count(one["case"]) == 1 and other["case"] not in hits


def test_a_cry_to_either_code_comes_to_the_one_case(site, officer):
    one, other = household(site), household(site)
    merged(officer, one["case"], other["case"])
    receipt = said(site, other["case"], "injured")
    case = officer.case(one["case"]).json()
    assert (case["band"], case["last_status"], case["state"]) == (2, "injured", "open")
    assert case["check_ins"][0]["receipt"] == receipt and case["check_ins"][0]["case"] == other["case"]
    assert everywhere(officer, other["case"]) == []
    assert row(site, other["case"], "check_in_by", "registration") == (None,), "nobody waits for it"
    said(site, one["case"], "safe")
    for told in (one, other): # whoever holds either secret is told how the one case stands
        own = site.citizen().own_record(told["case"], told["secret"]).json()
        assert own["last_status"] == "safe"
        assert own["check_in_by"] == officer.case(one["case"]).json()["check_in_by"]
    assert officer.do(one["case"], "claim").status_code == 200 and officer.do(one["case"], "resolve", {"note": "x"}).status_code == 200
    said(site, other["case"], "need_help")
    assert officer.case(one["case"]).json()["state"] == "open", "a new cry opens it again"


def test_the_same_check_in_again_is_the_same(site, officer):
    one, other = household(site), household(site)
    before = people.check_in(case=other["case"], status="need_help")
    assert site.citizen().check_in(before).status_code == 201
    merged(officer, one["case"], other["case"])
    during = people.check_in(case=other["case"], status="need_help")
    for sent in (before, during, during):
        assert site.citizen().check_in(sent).status_code == 201
    unmerged(officer, one["case"], other["case"])
    assert site.citizen().check_in(during).status_code == 201
    assert len(officer.case(other["case"]).json()["check_ins"]) == 2
    assert site.citizen().check_in(during | {"status": "safe"}).status_code == 409


def test_nobody_is_counted_twice(site, officer):
    """In reports, figures and the map's counts, and in what a broadcast would reach."""
    phone = people.phone()
    contacts = [{"kind": "phone", "value": phone, "primary": True}]
    one, other = (household(site, status="need_help", contacts=contacts) for _ in range(2))
    ids = [case_codes.number(told["case"]) for told in (one, other)]
    merged(officer, one["case"], other["case"])
    for view in ("party", "triage_case"):
        assert site.query(f"SELECT registration_id FROM report.{view} WHERE registration_id = ANY (%s)", (ids,)) == [(ids[0],)], view
    assert site.query("SELECT registration_id FROM report.check_in WHERE registration_id = ANY (%s)", (ids,)) == [(ids[0],)] * 2
    assert site.query("SELECT count(*) FROM register.registration WHERE state = 'registered' AND registration_id = ANY (%s)", (ids,), role="muster") == [(1,)]
    assert site.query("SELECT count(*) FROM register.triage_case WHERE state <> 'resolved' AND registration_id = ANY (%s)", (ids,), role="muster") == [(1,)]
    # the phone is one party's now: a text from it is no stranger's
    receipt = str(uuid.uuid4())
    assert site.citizen().check_in({"client_id": receipt, "status": "safe", "phone": phone}).status_code == 201
    assert officer.case(one["case"]).json()["check_ins"][0]["receipt"] == receipt


def audience(site, code):
    """The way that a broadcast to the whole crisis takes to a party."""
    return site.query("""SELECT a.way FROM register.broadcast_audience(jsonb_populate_record(NULL::register.broadcast,
      jsonb_build_object('crisis_id', r.crisis_id, 'overdue', false)), r.registration_id - 1, 1) AS a
      JOIN register.registration AS r USING (registration_id)
      WHERE r.registration_id = %s""".replace("FROM register.broadcast_audience", "FROM register.registration AS r CROSS JOIN LATERAL register.broadcast_audience")
      .replace("      JOIN register.registration AS r USING (registration_id)\n", ""), (case_codes.number(code),), role="muster")[0][0]


def test_a_broadcast_reaches_the_one_party_once(site, officer):
    one, other = household(site), household(site)
    merged(officer, one["case"], other["case"])
    assert (audience(site, one["case"]), audience(site, other["case"])) == ("text", None)
    silent, heard = household(site, contacts=[]), household(site)
    merged(officer, silent["case"], heard["case"])
    assert (audience(site, silent["case"]), audience(site, heard["case"])) == ("no_number", "text"), "by the phone that one of them has"


def stranger(site):
    """A number that nobody registered, which asked for help."""
    phone = people.phone()
    answer = site.citizen().check_in({"client_id": str(uuid.uuid4()), "status": "need_help", "phone": phone, "message": people.words("send somebody")})
    assert answer.status_code == 201
    number, = site.query("SELECT registration_id FROM register.check_in WHERE client_id = %s", (answer.json()["receipt"],), role="muster")[0]
    return phone, case_codes.code(number)


def test_a_stranger_found_out(site, officer):
    """Kept is whom we know, from whichever of the two it is said; and what the number sends is known from then on."""
    phone, unknown = stranger(site)
    known = register(site) # has no case of its own yet
    answer = merged(officer, unknown, known["case"])
    assert (answer["case"], answer["merged"]) == (known["case"], unknown)
    case = officer.case(unknown).json()
    assert case["case"] == known["case"] and case["queue"] == "assistance" and "unknown_sender" not in case["reasons"] and case["band"] == 3
    assert len(case["check_ins"]) == 1 and case["check_ins"][0]["sender"] == phone
    assert site.citizen().check_in({"client_id": str(uuid.uuid4()), "status": "safe", "phone": phone}).status_code == 201
    case = officer.case(known["case"]).json()
    assert case["last_status"] == "safe" and "unknown_sender" not in case["reasons"]
    assert everywhere(officer, unknown) == []
    unmerged(officer, known["case"], unknown)
    case = officer.case(unknown).json()
    assert case["queue"] == "identification" and case["state"] == "open" and "unknown_sender" in case["reasons"]
    assert officer.case(known["case"]).json()["state"] == "resolved", "it had nothing of its own to be answered"


def test_undone_each_is_as_it_was(site, officer):
    one, other = household(site), household(site, status="injured")
    before = {told["case"]: officer.case(told["case"]).json() for told in (one, other)}
    merged(officer, one["case"], other["case"])
    assert officer.case(one["case"]).json()["band"] == 2
    unmerged(officer, one["case"], other["case"])
    for code, was in before.items():
        now = officer.case(code).json()
        for key in ("queue", "band", "reasons", "respond_by", "state", "needs", "people", "last_status", "post", "known", "check_in_by", "cell"):
            if key != "cell" and key in was:
                assert now[key] == was[key], (code, key)
        assert len(now["party"]) == 1 and len(now["merges"]) == 1 and now["merges"][0]["undone_by"] == site.staff(number=STAFF).user
    assert everywhere(officer, other["case"]) == ["emergency"] and everywhere(officer, one["case"]) == ["departure"]
    assert officer.do(one["case"], "unmerge", {"with": other["case"]}).status_code == 409
    merged(officer, one["case"], other["case"]) # and again


def test_what_was_cried_meanwhile_goes_with_who_cried(site, officer):
    one, other = household(site), household(site)
    merged(officer, one["case"], other["case"])
    said(site, other["case"], "in_danger")
    unmerged(officer, one["case"], other["case"])
    until(lambda: officer.case(other["case"]).json()["band"] == 2, "the cry is its own again")
    case = officer.case(other["case"]).json()
    assert case["state"] == "open" and case["queue"] == "emergency" and case["last_status"] == "in_danger"
    left = officer.case(one["case"]).json()
    assert left["band"] == 4 and "in_danger" not in left["reasons"] and left["last_status"] is None


def test_a_chain(site, officer):
    """A into B, B into C: all is C's; undone in turn."""
    a, b, c = (household(site)["case"] for _ in range(3))
    merged(officer, b, a)
    merged(officer, c, b)
    said(site, a, "injured")
    case = officer.case(a).json()
    assert case["case"] == c and case["band"] == 2 and len(case["party"]) == 3 and len({one["contact"] for one in case["contacts"]}) == 3
    assert merge(officer, b, a).status_code == 409
    assert officer.do(c, "unmerge", {"with": a}).status_code == 409, "the last first"
    unmerged(officer, c, b)
    assert officer.case(a).json()["case"] == b and len(officer.case(b).json()["party"]) == 2 and len(officer.case(c).json()["party"]) == 1
    until(lambda: officer.case(b).json()["band"] == 2, "it cried in what is B's again")
    assert officer.case(c).json()["band"] == 4
    unmerged(officer, b, a)
    assert officer.case(a).json()["case"] == a and officer.case(a).json()["band"] == 2


def test_it_is_passed_on_whole(site, officer):
    one, other = household(site), household(site)
    merged(officer, one["case"], other["case"])
    assert officer.do(one["case"], "transfer", {"post": "cotonou", "note": "x"}).status_code == 200
    assert row(site, other["case"], "post_id", "registration") == ("cotonou",)
    unmerged(officer, one["case"], other["case"])
    assert row(site, other["case"], "post_id", "registration") == ("niamey",) and officer.case(other["case"]).json()["post"] == "niamey"


def test_a_text_to_a_number_of_either(site, officer):
    """Which goes nowhere here, for no gateway sends: but the register knows the numbers of both."""
    one, other = household(site), household(site)
    merged(officer, one["case"], other["case"])
    for contact in officer.case(one["case"]).json()["contacts"]:
        assert officer.do(one["case"], "messages", {"text": "x", "contact": contact["contact"]}).status_code == 409
    assert officer.do(one["case"], "messages", {"text": "x", "contact": 77}).status_code == 422


def test_what_is_not_merged(site, officer):
    one, other = household(site), household(site)
    assert merge(officer, one["case"], one["case"]).status_code == 422
    assert merge(officer, one["case"], "nobody").status_code == 422
    assert officer.do(one["case"], "merge", {}).status_code == 422
    assert merge(officer, one["case"], case_codes.code(12345)).status_code == 404
    assert merge(officer, case_codes.code(12345), one["case"]).status_code == 404
    holder = site.desk(number=STAFF + 1)
    assert holder.do(other["case"], "claim").status_code == 200
    assert merge(officer, one["case"], other["case"]).status_code == 412, "it is held by somebody else"
    assert merged(holder, one["case"], other["case"])
    assert officer.case(one["case"]).json()["claimed_by"] == site.staff(number=STAFF + 1).user, "who held one holds the one case"


def test_who_may(site, officer):
    one, other = household(site), household(site)
    assert merge(site.desk("viewer"), one["case"], other["case"]).status_code == 403
    site.service.muster("staff", "add", "--user", "officer.merge.cotonou", "--role", "officer", "--crisis", "ner-2023", "--post", "cotonou")
    there = site.browser()
    there.session.headers["Authorization"] = "Bearer " + site.service.muster_json("staff", "token", "--user", "officer.merge.cotonou")["token"]
    assert merge(there, one["case"], other["case"]).status_code == 404
    assert officer.do(one["case"], "transfer", {"post": "cotonou", "note": "x"}).status_code == 200
    assert merge(there, one["case"], other["case"]).status_code == 404, "of two that are to be one both must be theirs"
    merged(officer, one["case"], other["case"])
    assert len(there.case(one["case"]).json()["party"]) == 2, "what is one case is seen whole"
    assert there.do(one["case"], "unmerge", {"with": other["case"]}).status_code == 200
    assert there.case(other["case"]).status_code == 404
    for statement in ("SELECT registration_id FROM register.merged", "SELECT was_case FROM register.merged"):
        try:
            assert site.query(statement, role="muster_desk") == []
        except Exception as error: # what the desk has no grant for
            assert "permission denied" in str(error)


def test_two_at_once(site, officer):
    """The same by two officers, and each into the other: once, and no deadlock."""
    second = site.desk(number=STAFF + 1)
    for crosswise in (False, True) * 3:
        one, other = household(site)["case"], household(site)["case"]
        with concurrent.futures.ThreadPoolExecutor(2) as pool:
            answers = [pool.submit(merge, officer, one, other), pool.submit(merge, second, *((other, one) if crosswise else (one, other)))]
            statuses = sorted(answer.result(20).status_code for answer in answers)
        assert statuses == [200, 409], statuses
        assert site.query("SELECT count(*) FROM register.merged WHERE registration_id = ANY (%s) AND undone_at IS NULL",
                          ([case_codes.number(one), case_codes.number(other)],), role="muster") == [(1,)]
        case = officer.case(one).json()
        assert officer.case(other).json()["case"] == case["case"] and len(case["party"]) == 2


def test_a_check_in_while_it_is_merged(site, officer):
    """The cry waits for the merge that is under way, then comes to the case that is kept."""
    one, other = household(site), household(site)
    me, = site.query("SELECT staff_id FROM register.staff WHERE name = %s", (site.staff(number=STAFF).user,), role="muster")[0]
    connection = site.cluster.connect("muster")
    try:
        with connection.cursor() as cursor, concurrent.futures.ThreadPoolExecutor(1) as pool:
            cursor.execute("SELECT set_config('muster.staff', %s, false)", (str(me),))
            cursor.execute("SELECT kept, why FROM desk.merge_cases(%s, %s, NULL, 'test', NULL, NULL, NULL, NULL, NULL, NULL)",
                           (case_codes.number(one["case"]), case_codes.number(other["case"])))
            assert cursor.fetchone() == (case_codes.number(one["case"]), None)
            cry = pool.submit(said, site, other["case"], "injured")
            until(lambda: site.query("SELECT 1 FROM pg_stat_activity WHERE usename = 'muster_edge' AND wait_event_type = 'Lock'", role="muster_edge"), "the cry waits")
            connection.commit()
            cry.result(20)
    finally:
        connection.close()
    case = officer.case(one["case"]).json()
    assert case["band"] == 2 and case["last_status"] == "injured" and everywhere(officer, other["case"]) == []


def test_cries_and_merges_without_end(site, officer):
    """Many cries to both codes while they are merged and parted: none is lost, whoever's it is in the end."""
    one, other = household(site)["case"], household(site)["case"]

    def cry(n):
        return said(site, one if n % 2 else other, "need_help")

    with concurrent.futures.ThreadPoolExecutor(4) as pool:
        cries = [pool.submit(cry, n) for n in range(24)]
        for _ in range(4):
            assert merge(officer, one, other).status_code == 200
            assert officer.do(one, "unmerge", {"with": other}).status_code == 200
        receipts = {one.result(30) for one in cries}
    told = [officer.case(code).json() for code in (one, other)]
    assert {item["receipt"] for case in told for item in case["check_ins"]} == receipts
    for case in told:
        assert case["last_status"] == "need_help"
        until(lambda code=case["case"]: officer.case(code).json()["band"] == 3 and officer.case(code).json()["state"] == "open", "each has its cry")


def test_what_goes_leaves_the_other_by_itself(site, officer):
    """The case that was kept is removed whole: what was merged into it is there by itself again."""
    one, other = household(site, contacts=[]), household(site, status="injured")
    merged(officer, one["case"], other["case"])
    site.query("DELETE FROM register.check_in WHERE registration_id = %s RETURNING 1", (case_codes.number(one["case"]),), role="muster")
    assert site.query("SELECT cases FROM register.remove_parties(ARRAY[%s]::bigint[])", (case_codes.number(one["case"]),), role="muster") == [(1,)]
    case = officer.case(other["case"]).json()
    assert case["case"] == other["case"] and case["band"] == 2 and case["state"] == "open" and case["known"]
    assert officer.case(one["case"]).status_code == 404
