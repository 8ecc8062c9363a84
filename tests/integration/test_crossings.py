# SPDX-License-Identifier: Apache-2.0
"""Where two people, or a person and a citizen, change the same case at the same moment: each is told the truth, nothing is lost, and nobody is told to try again."""
import concurrent.futures
import json
import uuid

import pytest

from harness import case_codes, gateways, people
from harness.fake_gateway import FakeGateway
from harness.meeting import Meeting, half_way, lock, merge, unmerge
from harness.service import CRISIS
from harness.waiting import until
from test_code_again import texts_to
from test_merge import everywhere, household, merged, register, row, said, stranger, unmerged
from test_outbox import connected

STAFF = 386


@pytest.fixture(scope="module")
def ada(site):
    return site.desk(number=STAFF)


@pytest.fixture(scope="module")
def bela(site):
    return site.desk(number=STAFF + 1)


def name(site, number):
    return site.staff(number=number).user


def pair(site, descending=False, **changes):
    """Two households, by their numbers: who locks both locks the lower first."""
    return sorted((household(site, **changes)["case"] for _ in range(2)), key=case_codes.number, reverse=descending)


def crying(site, status="need_help"):
    return household(site, status=status)["case"]


def lead_name(site):
    return site.staff("lead", STAFF + 20).user


def waits_for_a_lock(site, role):
    ask = "SELECT count(*) FROM pg_stat_activity WHERE usename = %s AND wait_event_type = 'Lock'"
    return site.cluster.query(ask, (role,), "postgres", site.cluster.superuser_password)[0][0] > 0


def sentence(answer, status):
    assert answer.status_code == status, answer.text
    told = answer.json()["detail"]
    assert told[0].isupper() and told.endswith("."), told
    return told


# --- passing on, merging, crying -------------------------------------------------------------------------------------------------------

def test_a_merged_case_is_passed_on_while_its_parties_cry(site, ada):
    """The cry has the other party and wants the case; who passes the case on must not have it and want the other."""
    kept, other = pair(site, descending=True)
    merged(ada, kept, other)
    receipts = []
    with Meeting(site) as meeting:
        for action, body in (("transfer", {"post": "cotonou", "note": "x"}), ("escalate", {"note": "x"})):
            with half_way(site) as held:
                lock(held, other)
                cry = meeting.begin("muster_edge", said, site, other, "need_help")
                passed = meeting.begin("muster_desk", ada.do, kept, action, body)
            assert passed.result(30).status_code == 200
            receipts.append(cry.result(30))
        assert meeting.deadlocks() == 0
    case = ada.case(kept).json()
    assert (case["post"], case["band"], case["last_status"]) == ("niamey", 3, "need_help")
    assert {one["receipt"] for one in case["check_ins"]} == set(receipts)
    assert row(site, other, "post_id", "registration") == ("niamey",)


def test_passed_to_and_fro_while_both_codes_cry(site, ada):
    one, other = pair(site)
    merged(ada, one, other)
    with Meeting(site) as meeting:
        cries = [meeting.pool.submit(said, site, one if n % 2 else other, "need_help") for n in range(16)]
        for post in ("cotonou", "niamey") * 3:
            assert ada.do(one, "transfer", {"post": post, "note": "x"}).status_code == 200
        receipts = {cry.result(30) for cry in cries}
        assert meeting.deadlocks() == 0
    assert {item["receipt"] for item in ada.case(other).json()["check_ins"]} == receipts


def test_a_merged_case_is_closed_with_a_note_while_its_parties_cry(site, ada):
    """The note refers to the party that the cry has: it does not wait for that, and the cry opens the case again."""
    kept, other = pair(site)
    merged(ada, kept, other)
    assert ada.do(kept, "claim").status_code == 200
    with Meeting(site) as meeting:
        with half_way(site) as held:
            lock(held, kept, "triage_case")
            closed = meeting.begin("muster_desk", ada.do, kept, "resolve", {"note": people.words("they have a car")})
            cry = meeting.begin("muster_edge", said, site, other, "need_help")
        assert closed.result(30).status_code == 200
        receipt = cry.result(30)
        assert meeting.deadlocks() == 0
    case = ada.case(kept).json()
    assert (case["state"], case["claimed_by"], len(case["notes"])) == ("open", None, 1) and case["check_ins"][0]["receipt"] == receipt


def test_a_check_in_that_waited_for_a_merge_waits_in_no_cross(site, ada):
    """It has the party that was merged, and must have the one that was kept: who has that one waits for the other."""
    kept, other = pair(site)
    with Meeting(site) as meeting:
        with half_way(site) as held:
            with half_way(site, name(site, STAFF)) as merging:
                merge(merging, kept, other)
                cry = meeting.begin("muster_edge", said, site, other, "injured")
                has = meeting.begin("postgres", lock, held, kept)
            has.result(20)
            lock(held, other)
        receipt = cry.result(30)
        assert meeting.deadlocks() == 0
    assert site.check_ins_of(receipt)[0][3] == "database" and ada.case(kept).json()["band"] == 2


def test_a_check_in_that_loses_a_deadlock_is_stored(site, ada):
    """PostgreSQL ends the edge's statement: the citizen is answered as if nothing had been."""
    kept, other = pair(site)
    merged(ada, kept, other)
    with Meeting(site) as meeting:
        with half_way(site) as held:
            lock(held, other)
            cry = meeting.begin("muster_edge", said, site, other, "injured")
            lock(held, kept)
        receipt = cry.result(30)
        assert meeting.deadlocks() > 0
    (stored,) = site.check_ins_of(receipt)
    assert stored[0] == case_codes.number(kept) and stored[3] == "database"
    assert ada.case(kept).json()["band"] == 2


def test_an_officer_who_loses_a_deadlock_is_not_told_to_try_again(site, ada):
    kept, other = pair(site)
    merged(ada, kept, other)
    with Meeting(site) as meeting:
        with half_way(site) as held:
            lock(held, other)
            parted = meeting.begin("muster_desk", ada.do, kept, "unmerge", {"with": other})
            lock(held, kept)
        assert parted.result(30).status_code == 200
        assert meeting.deadlocks() > 0
    assert ada.case(other).json()["case"] == other
    undone = site.query("SELECT count(*) FROM register.audit WHERE registration_id = %s AND action = 'case.unmerge'", (case_codes.number(other),), role="muster")
    assert undone == [(1,)], "once, for all that it was tried twice"


# --- who is quicker ----------------------------------------------------------------------------------------------------------------------

def test_a_claim_of_what_is_being_parted(site, ada, bela):
    """The claim waits for it. What has nothing left to answer is nobody's; what has is whoever claimed it."""
    _, unknown = stranger(site)
    quiet = register(site)["case"]
    merged(ada, unknown, quiet)
    busy, other = pair(site)
    merged(ada, busy, other)
    for kept, gone, status, after in ((quiet, unknown, 409, ("resolved", None)), (busy, other, 200, ("claimed", name(site, STAFF + 1)))):
        with Meeting(site) as meeting:
            with half_way(site, name(site, STAFF)) as held:
                unmerge(held, kept, gone)
                claim = meeting.begin("muster_desk", bela.do, kept, "claim")
            assert claim.result(30).status_code == status, (kept, claim.result().text)
        case = bela.case(kept).json()
        assert (case["state"], case["claimed_by"]) == after and len(case["party"]) == 1
        assert bela.case(gone).json()["state"] == "open" and bela.case(gone).json()["claimed_by"] is None
    assert ada.do(other, "claim").status_code == 200 and ada.do(other, "release").status_code == 200, "the other is a case by itself"


def test_parting_what_another_claimed_meanwhile(site, ada, bela):
    kept, other = pair(site)
    merged(ada, kept, other)
    seen = ada.case(kept).headers["ETag"]
    assert bela.do(kept, "claim").status_code == 200
    sentence(ada.do(kept, "unmerge", {"with": other}, headers={"If-Match": seen}), 412)
    unmerged(ada, kept, other)
    case = bela.case(kept).json()
    assert case["claimed_by"] == name(site, STAFF + 1) and case["state"] == "claimed", "whose it is it stays"


def test_what_is_decided_of_a_pair_meanwhile(site, ada, bela):
    """Who is about to merge what a colleague has just kept apart is told first; what is one already is not kept apart."""
    one, other = pair(site)
    seen = {"headers": {"If-Match": ada.case(one).headers["ETag"]}}
    assert bela.do(other, "keep-apart", {"with": one}).status_code == 204
    sentence(ada.do(one, "merge", {"with": other}, **seen), 412)
    now = ada.case(one).headers["ETag"]
    assert bela.do(other, "keep-apart", {"with": one}).status_code == 204 and ada.case(one).headers["ETag"] == now, "said again it changes nothing"
    seen = {"headers": {"If-Match": now}}
    assert bela.do(one, "maybe-same", {"with": other}).status_code == 204
    sentence(ada.do(one, "merge", {"with": other}, **seen), 412)
    merged(ada, one, other)
    for code, action in ((one, "keep-apart"), (one, "maybe-same")):
        assert sentence(bela.do(code, action, {"with": other}), 409).startswith("One of them was merged into another case already")
    assert row(site, min(one, other, key=case_codes.number), "count(*)", "kept_apart") == (0,)
    unmerged(ada, one, other)
    assert bela.do(one, "keep-apart", {"with": other}).status_code == 204


def test_the_head_of_the_queue_is_merged_away_while_two_claim_the_next(site, ada, bela):
    site.query("UPDATE register.triage_case SET state = 'resolved', resolved_at = now(), claimed_by = NULL, claimed_at = NULL, lease_until = NULL, waiting_until = NULL,"
               " version = version + 1 WHERE state <> 'resolved' AND queue = 'departure' RETURNING 1", role="muster") # what other files left
    head, second, third, kept = (household(site)["case"] for _ in range(4))
    for at, code in enumerate((head, second, third)): # before anybody else's
        site.query("UPDATE register.triage_case SET respond_by = '2000-01-01'::timestamptz + %s * interval '1 minute' WHERE registration_id = %s",
                   (at, case_codes.number(code)), role="muster")
    with Meeting(site) as meeting:
        with half_way(site, name(site, STAFF + 2)) as held:
            merge(held, kept, head)
            claims = [meeting.begin("muster_desk", desk.claim_next, "departure") for desk in (ada, bela)]
        answers = [claim.result(30) for claim in claims]
    assert [answer.status_code for answer in answers] == [200, 200]
    assert {answer.json()["case"] for answer in answers} == {second, third}, "one each"
    assert row(site, head, "state, claimed_by") == ("resolved", None) and row(site, kept, "claimed_by") == (None,)
    for desk, answer in zip((ada, bela), answers):
        assert desk.do(answer.json()["case"], "resolve").status_code == 200
    assert ada.do(kept, "claim").status_code == 200 and ada.do(kept, "resolve").status_code == 200


def hand_over(desk, **told):
    return desk.act("POST", "/hand-over", json={"note": people.words("quiet so far")} | told)


def test_a_shift_ends_while_its_last_case_is_closed(site, ada, bela):
    """In whichever order they come: what is closed is not handed over, and what is handed over is its new holder's to close."""
    codes = [crying(site) for _ in range(2)]
    for code, closes_first in zip(codes, (True, False)):
        assert ada.do(code, "claim").status_code == 200
        close = (ada.do, code, "resolve", {"note": people.words("they are home")})
        end = (lambda: hand_over(ada, to=name(site, STAFF + 1)),)
        with Meeting(site) as meeting:
            with half_way(site) as held:
                lock(held, code, "triage_case")
                first, last = (meeting.begin("muster_desk", *one) for one in ((close, end) if closes_first else (end, close)))
            closed, ended = (first, last) if closes_first else (last, first)
            told = ended.result(30).json()
            if closes_first:
                assert closed.result(30).status_code == 200, (closed.result().text, told)
                assert (told["given"], told["returned"]) == (0, 0)
            else:
                assert (told["given"], told["returned"]) == (1, 0)
                sentence(closed.result(30), 412)
            assert meeting.deadlocks() == 0
    assert [bela.case(code).json()["state"] for code in codes] == ["resolved", "claimed"]
    assert [len(bela.case(code).json()["notes"]) for code in codes] == [1, 0], "a note is kept with what it was said of"
    assert bela.do(codes[1], "resolve").status_code == 200


def test_a_lease_that_lapses_while_its_holder_writes(site, ada, bela):
    """It went back to its queue, or is somebody else's now: nothing that was written takes effect, and it is said why."""
    code = crying(site)
    assert ada.do(code, "claim").status_code == 200
    seen = {"headers": {"If-Match": ada.case(code).headers["ETag"]}}
    site.query("UPDATE register.triage_case SET lease_until = now() - interval '1 second' WHERE registration_id = %s", (case_codes.number(code),), role="muster")
    until(lambda: row(site, code, "state, claimed_by") == ("open", None), "it went back")
    writes = (("resolve", {"note": "x"}), ("notes", {"text": "x"}), ("waiting", {"until": "2100-01-01T00:00:00Z", "on": "citizen"}), ("release", {}))
    for action, body in writes:
        if action != "waiting":
            sentence(ada.do(code, action, body, **seen), 412)
    assert bela.do(code, "claim").status_code == 200
    for action, body in (("resolve", {"note": "x"}), ("release", {}), ("escalate", {"note": "x"})):
        assert sentence(ada.do(code, action, body, **seen), 412) == "Someone else changed this case first; look at it again."
        assert sentence(ada.do(code, action, body), 412) == "Another officer holds this case."
    case = bela.case(code).json()
    assert (case["state"], case["claimed_by"], case["notes"]) == ("claimed", name(site, STAFF + 1), [])


# --- a policy, and a cry that was judged by the one before ---------------------------------------------------------------------------------

POLICY = f"/policy?crisis={CRISIS}"


@pytest.fixture
def lead(site):
    """The policy is the default again after the test; it is every test's of this site."""
    who = site.desk("lead", STAFF)
    yield who
    told = who.act("GET", POLICY)
    assert who.act("PUT", POLICY, json=told.json()["default"], headers={"If-Match": told.headers["ETag"]}).status_code == 200
    until(lambda: not who.act("GET", POLICY).json()["judging"], "all are judged")


def test_the_policy_changes_while_people_cry(site, ada, lead):
    """Whatever came first: in the end each case stands by the policy that is."""
    codes = [register(site)["case"] for _ in range(10)]
    early, held_code = codes.pop(), codes.pop()
    for code in (early, held_code):
        said(site, code, "moving")
    etag = lead.act("GET", POLICY).headers["ETag"]
    with Meeting(site) as meeting:
        with half_way(site) as held:
            lock(held, held_code, "triage_case") # somebody works on it: the walk comes back to it
            cries = [meeting.pool.submit(said, site, code, "moving") for code in codes[:4]]
            assert lead.act("PATCH", POLICY, json={"reasons": {"moving": 2}}, headers={"If-Match": etag}).status_code == 200
            cries += [meeting.pool.submit(said, site, code, "moving") for code in codes[4:]]
            until(lambda: row(site, early, "band") == (2,), "the walk has come by")
            assert lead.act("GET", POLICY).json()["judging"], "not done before all are"
        for cry in cries:
            cry.result(30)
    for code in [*codes, early, held_code]:
        until(lambda code=code: row(site, code, "band, queue") == (2, "emergency"), "it is judged by the new policy")
    sentence(lead.act("PATCH", POLICY, json={"reasons": {"moving": 5}}, headers={"If-Match": etag}), 412)


# --- wardens, codes ------------------------------------------------------------------------------------------------------------------------

@pytest.fixture
def warden(site):
    """Says a word of a household, and has it on the list."""
    desk = site.desk("warden", STAFF)
    desk.give = lambda *codes: site.desk("lead", STAFF).act("PUT", f"/wardens/{site.staff('warden', STAFF).user}/households", json={"cases": list(codes)})
    desk.say = lambda code, word, client_id: desk.act("POST", f"/warden/{code}/words", json={"client_id": client_id, "word": word})
    desk.take_back = lambda code, client_id: desk.act("DELETE", f"/warden/{code}/words/{client_id}").status_code
    yield desk
    assert desk.give().status_code == 204


def test_a_wardens_word_across_a_merge_and_an_unmerge(site, ada, warden):
    """A phone that has no line sends what it kept when it has one: once, whatever became of the household meanwhile."""
    kept, other = household(site)["case"], household(site)["case"]
    assert warden.give(other).status_code == 204
    before, during, empty, after = (str(uuid.uuid4()) for _ in range(4))
    say = lambda word, client_id: warden.say(other, word, client_id).status_code
    assert say("safe", before) == 201
    merged(ada, kept, other)
    assert say("safe", before) == 201, "it came before they were one"
    for _ in range(2):
        assert say("need_help", during) == 201 and say("not_found", empty) == 201
    case = ada.case(kept).json()
    assert (case["last_status"], case["band"], case["queue"]) == ("need_help", 3, "assistance") and everywhere(ada, other) == []
    assert [one["word"] for one in case["warden_words"]] == ["safe", "need_help", "not_found"]
    unmerged(ada, kept, other)
    assert [say("safe", before), say("need_help", during), say("not_found", empty)] == [201] * 3, "it came while they were one"
    assert say("safe", during) == 409
    assert say("safe", after) == 201 and row(site, other, "last_status", "registration") == ("safe",)
    told = lambda code: [one["word"] for one in ada.case(code).json()["warden_words"]]
    assert told(kept) == ["need_help", "not_found"] and told(other) == ["safe", "safe"]
    assert [len(site.check_ins_of(one)) for one in (before, during, empty, after)] == [1, 1, 0, 1]
    assert warden.take_back(other, during) == 204 == warden.take_back(other, during)
    assert site.check_ins_of(during) == [] and row(site, kept, "last_status", "registration")[0] != "need_help"
    assert row(site, other, "last_status", "registration") == ("safe",)


def test_a_wardens_word_while_they_are_merged(site, ada, warden):
    """It waits for the merge, and is the one case's then."""
    kept, other = pair(site)
    assert warden.give(other).status_code == 204
    word = str(uuid.uuid4())
    with Meeting(site) as meeting:
        with half_way(site, name(site, STAFF)) as held:
            merge(held, kept, other)
            said_so = meeting.begin("muster_desk", warden.say, other, "need_help", word)
        assert said_so.result(30).status_code == 201
    case = ada.case(kept).json()
    assert (case["band"], case["last_status"]) == (3, "need_help") and everywhere(ada, other) == []
    (one,) = warden.act("GET", "/warden").json()["households"]
    assert one["case"] == kept and one["word"]["word"] == "need_help", "the warden sees that it was said"
    assert warden.say(other, "need_help", word).status_code == 201 and warden.take_back(other, word) == 204
    assert site.check_ins_of(word) == []


def test_the_code_of_a_merged_party_is_the_senders_own(site, ada):
    """And nothing else: not the code that they were merged into, and nothing to the other's phone."""
    fake = FakeGateway(lambda number: (201, json.dumps({"sid": f"SM{number:032d}"})))
    sent = [people.registration(intent="wants_evacuation") for _ in range(2)]
    kept, other = (site.citizen().register(one).json() for one in sent)
    merged(ada, kept["case"], other["case"])
    phones = [one["contacts"][0]["value"] for one in sent]
    with connected(site, "code-merged", "twilio", fake) as gateway:
        assert gateways.KINDS["twilio"](gateway, phones[1], "CODE", str(uuid.uuid4())).send(site).status_code == 200
        until(lambda: any(other["case"] in text for text in texts_to(fake, phones[1])), "the code")
        assert gateways.KINDS["twilio"](gateway, phones[0], "CODE", str(uuid.uuid4())).send(site).status_code == 200
        until(lambda: any(kept["case"] in text for text in texts_to(fake, phones[0])), "the other's own")
        for phone, mine, theirs in ((phones[1], other, kept), (phones[0], kept, other)):
            texts = " ".join(texts_to(fake, phone))
            assert texts.count(mine["case"]) == 1 and theirs["case"] not in texts
            assert mine["secret"] not in texts and theirs["secret"] not in texts
    assert ada.case(other["case"]).json()["case"] == kept["case"] and everywhere(ada, kept["case"]) == ["departure"]


# --- wardens' lists --------------------------------------------------------------------------------------------------------------------

@pytest.fixture
def giver(site):
    return site.desk("lead", STAFF + 20)


@pytest.fixture
def neighbour(site):
    """Who has nothing on their list yet."""
    number = STAFF + 20 + site.__dict__.setdefault("_given", 0)
    site.__dict__["_given"] += 1
    desk = site.desk("warden", number)
    desk.user = site.staff("warden", number).user
    return desk


def give(desk, user, *codes):
    return desk.act("POST", f"/wardens/{user}/households", json={"cases": list(codes)}).status_code


def take(desk, user, code):
    return desk.act("DELETE", f"/wardens/{user}/households/{code}").status_code


def has_it(giver, user, code):
    return next(one["has_case"] for one in giver.act("GET", "/wardens", params={"case": code}).json()["wardens"] if one["user"] == user)


def on_list(site, neighbour, giver):
    """The households that the warden sees, as the lead counts them too; what is on the list is what was given and not taken, by the audit."""
    seen = [one["case"] for one in neighbour.act("GET", "/warden").json()["households"]]
    figures = next(one for one in giver.act("GET", "/wardens").json()["wardens"] if one["user"] == neighbour.user)
    assert len(seen) == len(set(seen)) == figures["households"]
    of = "register.staff AS s, LATERAL (SELECT w.registration_id, 1 AS n FROM register.warden_list AS w WHERE w.staff_id = s.staff_id UNION ALL" \
         " SELECT a.registration_id, CASE a.action WHEN 'warden.give' THEN -1 ELSE 1 END FROM register.audit AS a" \
         " WHERE a.action IN ('warden.give', 'warden.take') AND (a.detail->>'warden')::bigint = s.staff_id) AS l"
    assert site.query(f"SELECT registration_id, sum(n) FROM {of} WHERE s.name = %s GROUP BY registration_id HAVING sum(n) <> 0", (neighbour.user,), role="muster") == []
    return seen


@pytest.mark.parametrize("first", ["merge", "give"])
def test_a_household_is_given_to_a_warden_while_it_is_merged(site, giver, neighbour, first):
    """Whoever comes first, the warden has the one household once, under the code that was kept; and taken off the list it is off it."""
    kept, other = pair(site)
    with Meeting(site) as meeting:
        with half_way(site, lead_name(site)) as held:
            if first == "merge":
                merge(held, kept, other)
                said_so = meeting.pool.submit(give, giver, neighbour.user, other)
                until(lambda: said_so.done() or waits_for_a_lock(site, "muster_desk"), "it is on its way")
            else:
                held.execute("SELECT bad, is_full FROM desk.add_to_warden_list(%s, %s, 500, 'test')", (neighbour.user, [case_codes.number(other)]))
                assert held.fetchone() == ([], False)
                said_so = meeting.pool.submit(lambda: giver.do(kept, "merge", {"with": other}).status_code)
                until(lambda: said_so.done() or waits_for_a_lock(site, "muster_desk"), "it is on its way")
        assert said_so.result(30) == (204 if first == "merge" else 200) and meeting.deadlocks() == 0
    assert on_list(site, neighbour, giver) == [kept] and {code: has_it(giver, neighbour.user, code) for code in (kept, other)} == {kept: True, other: True}
    assert give(giver, neighbour.user, kept) == 204 and on_list(site, neighbour, giver) == [kept]
    assert take(giver, neighbour.user, other) == 204 and on_list(site, neighbour, giver) == []


def test_households_are_given_taken_and_merged_by_several_at_once(site, giver, neighbour, ada):
    """In any order all of it is done: nobody is told to try again, and at the end each household is on the list once or not at all."""
    with Meeting(site) as meeting:
        for _ in range(6):
            kept, other = pair(site)
            leads = [site.desk("lead", STAFF + 20 + n) for n in range(3)]
            at_once = [(leads[0].do, kept, "merge", {"with": other}), (leads[1].act, "POST", f"/wardens/{neighbour.user}/households"),
                       (leads[2].act, "POST", f"/wardens/{neighbour.user}/households"), (ada.act, "GET", f"/cases/{other}")]
            bodies = [{}, {"json": {"cases": [kept, other]}}, {"json": {"cases": [other, kept]}}, {}]
            answers = [meeting.pool.submit(run, *arguments, **more) for (run, *arguments), more in zip(at_once, bodies)]
            cry = meeting.pool.submit(said, site, other, "need_help")
            assert [answer.result(30).status_code for answer in answers] == [200, 204, 204, 200]
            cry.result(30)
            assert on_list(site, neighbour, giver) == [kept]
            taken = [meeting.pool.submit(take, one, neighbour.user, code) for one, code in zip(leads, (kept, other, kept))]
            assert [one.result(30) for one in taken] == [204] * 3 and on_list(site, neighbour, giver) == []
        assert meeting.deadlocks() == 0


def test_a_list_that_two_leads_fill_is_counted_as_one(site, giver, neighbour):
    one, other = pair(site)
    add = "SELECT is_full FROM desk.add_to_warden_list(%s, %s, 1, 'test')"

    def second():
        with half_way(site, lead_name(site)) as cursor:
            cursor.execute(add, (neighbour.user, [case_codes.number(other)]))
            return cursor.fetchone()
    with Meeting(site) as meeting:
        with half_way(site, lead_name(site)) as held:
            held.execute(add, (neighbour.user, [case_codes.number(one)]))
            assert held.fetchone() == (False,)
            waiting = meeting.begin("postgres", second)
        assert waiting.result(30) == (True,)
    assert on_list(site, neighbour, giver) == [one]


def test_households_are_given_in_the_order_in_which_a_merge_has_them(site, giver, neighbour):
    """Whatever order they are named in: who has the lowest of them, and wants another, does not wait for who has that one."""
    codes = sorted((household(site)["case"] for _ in range(7)), key=case_codes.number)
    for named in (codes, codes[::-1], codes[3:] + codes[:3]):
        with Meeting(site) as meeting:
            with half_way(site) as held:
                lock(held, codes[0])
                given = meeting.begin("muster_desk", give, giver, neighbour.user, *named)
                for code in codes[1:]:
                    lock(held, code)
            assert given.result(30) == 204 and meeting.deadlocks() == 0
        assert sorted(on_list(site, neighbour, giver), key=case_codes.number) == codes
        for code in codes:
            assert take(giver, neighbour.user, code) == 204
