# SPDX-License-Identifier: Apache-2.0
"""PostgreSQL that is away, stands still or waits for a lock; answers that get lost on the way; the courier killed at its work.
Whatever happens: nothing answered is lost, and nothing is answered 2xx that is not stored."""
import contextlib
import os

import pytest
import requests

from citizens import insist, register, stored
from harness import people
from harness.places import own
from harness.waiting import until
from ledger import Ledger, LedgerClient, verify

FULL = bool(os.environ.get("MUSTER_FAULT_FULL"))
OUTAGE_SECONDS = 600 if FULL else 2 # in full: the ten minutes that a failover by hand takes
LOCKS = {"table": "LOCK TABLE register.registration IN ACCESS EXCLUSIVE MODE",
         "parties": "SELECT FROM register.registration FOR UPDATE"}


def _reckon(site, client, seconds=60):
    """Every submission was answered, and every answer holds."""
    counted = client.finish()
    answered = verify(site, Ledger(client.path), client.before, seconds)
    assert answered == counted["begun"] == counted["stored"] and counted["odd"] == 0, counted
    return counted


# --- answers that are lost on the way to the citizen ------------------------------------------------------------------------


def test_connections_reset_in_mid_answer(broken_site, faults, seed):
    with LedgerClient(broken_site, "resets", seed, 24, reset_percent=50) as client:
        client.wait_for_more(40_000)
        counted = _reckon(broken_site, client)
    assert counted["resets"] > 20


# --- PostgreSQL stands still, or is away ------------------------------------------------------------------------------------


def test_postgresql_stands_still_under_load(broken_site, faults, seed):
    with LedgerClient(broken_site, "stall", seed, 24) as client:
        client.wait_for_more()
        broken_site.cluster.pause()
        try:
            client.wait_for_more()
        finally:
            broken_site.cluster.resume()
        client.wait_for_more()
        counted = _reckon(broken_site, client)
    assert counted["journalled"] > 0


@pytest.mark.parametrize("lock", list(LOCKS) if FULL else ["table"])
def test_another_session_holds_the_locks(broken_site, faults, seed, lock):
    with LedgerClient(broken_site, f"lock-{lock}", seed, 24) as client:
        client.wait_for_more()
        with contextlib.closing(broken_site.cluster.connect()) as other, other.cursor() as cursor:
            cursor.execute(LOCKS[lock])
            client.wait_for_more()
            other.rollback()
        client.wait_for_more()
        counted = _reckon(broken_site, client)
    assert counted["journalled"] > 0


def test_an_outage_with_the_service_restarted_in_it(broken_site, faults, seed):
    with LedgerClient(broken_site, "outage", seed, 4 if FULL else 24) as client:
        client.wait_for_more()
        broken_site.cluster.stop("immediate")
        _answered_for(client, OUTAGE_SECONDS)
        broken_site.service.crash()
        broken_site.service.start(wait=False) # it finds the journal full of what nobody brought yet
        client.wait_for_more(1000)
        broken_site.cluster.start()
        broken_site.service.wait_ready()
        client.wait_for_more()
        counted = _reckon(broken_site, client, 900)
    assert counted["journalled"] > 100
    until(lambda: broken_site.service.events("replay.segment_done"), "a segment was brought and deleted", 60)


def _answered_for(client, seconds):
    """Waits out the time, and the citizens are answered all through it."""
    for _ in range(seconds):
        client.wait_for_more(2000)
        with contextlib.suppress(AssertionError): # the second passes, whatever else does
            until(lambda: False, "", 1, 0.2)


def test_a_journal_that_is_full_at_the_start(broken_site, faults):
    """Its 4 GiB are used up and PostgreSQL is away: nothing can be promised, so nothing is."""
    case = register(broken_site)
    service = broken_site.service
    broken_site.cluster.stop("immediate")
    service.crash()
    filler = service.state / "journal" / "edge-9-0000000000000000-00000001.journal"
    filler.write_bytes(b"MUSTERJ1")
    os.truncate(filler, 4 << 30) # of zeros, which take no room on the disk
    own(filler)
    service.start(wait=False)
    said = people.check_in(case=case)
    until(lambda: _answers(broken_site, said), "it listens", 30)
    for one in (said, people.check_in(case=case, status="need_help")):
        answer = broken_site.citizen().check_in(one)
        assert answer.status_code == 503 and int(answer.headers["Retry-After"]) > 0
    filler.unlink()
    answer = insist(lambda: broken_site.citizen().check_in(said))
    assert answer.status_code == 202
    broken_site.cluster.start()
    until(lambda: stored(broken_site, said) == ["journal"], "it is brought", 30)


def _answers(site, said):
    try:
        return site.citizen().check_in(said) is not None
    except requests.exceptions.ConnectionError:
        return False


def test_who_comes_after_a_restart_in_an_outage(broken_site, faults):
    """The power came back before the database did: a family registers, and is shown the form, by what its edge knew of the crisis."""
    register(broken_site)
    service = broken_site.service
    kept = [service.state / "journal" / f"edge-{number}.crises" for number in range(2)]
    until(lambda: all(path.exists() for path in kept), "the crises are kept", 20)
    broken_site.cluster.stop("immediate")
    service.crash()
    kept[1].write_bytes(kept[1].read_bytes()[:-1]) # torn: that one knows nothing, and says so
    service.start(wait=False)
    until(lambda: service.listens(), "it listens", 30)
    sent = people.registration()
    answer = insist(lambda: broken_site.citizen().register(sent))
    assert answer.status_code == 202
    assert insist(lambda: broken_site.citizen().check_in(people.check_in(case=answer.json()["case"], status="need_help"))).status_code == 202
    shown = lambda: broken_site.citizen().get("/", headers={"Accept": "text/html"}).status_code
    until(lambda: shown() == 200, "the page is shown", 20)
    new = lambda: broken_site.citizen().register(people.registration(crisis="opened-since")).status_code
    assert {new() for _ in range(6)} == {503}, "it may be one that was opened since"
    until(lambda: requests.get(f"{service.ops_url}/readyz", timeout=5).json()["status"] == "degraded", "it is ready for what it can take", 30)
    broken_site.cluster.start()
    until(lambda: not faults.journal(), "all is brought", 60)
    until(lambda: new() == 422, "now it is none", 30)


# --- the courier brings what the journal holds ------------------------------------------------------------------------------


def test_nobody_who_registered_is_taken_for_a_stranger(broken_site, faults):
    """In one edge's journal registrations and check-ins take turns: each party is in the register before what it said."""
    citizen = broken_site.citizen() # one connection, so one edge
    assert citizen.register(people.registration()).status_code == 201
    broken_site.cluster.stop("immediate")
    said = []
    for _ in range(10):
        case = insist(lambda sent=people.registration(): citizen.register(sent)).json()["case"]
        said.append(people.check_in(case=case))
        assert insist(lambda: citizen.check_in(said[-1])).status_code == 202
    broken_site.cluster.start()
    until(lambda: all(stored(broken_site, one) for one in said), "all was brought", 30)
    strangers = [one for one in said if broken_site.check_ins_of(one["client_id"])[0][2] is not None]
    assert strangers == [], "to say that you are safe raises no case, unless nobody knows who you are"


# --- the courier is killed at its work --------------------------------------------------------------------------------------


def test_the_courier_is_killed_again_and_again_while_it_brings(broken_site, faults, seed):
    kills = 6 if FULL else 3
    with LedgerClient(broken_site, "courier", seed, 48) as client:
        client.wait_for_more()
        broken_site.cluster.stop("immediate")
        client.wait_for_more(kills * (150_000 if FULL else 50_000))
        client.finish()
    broken_site.cluster.start()
    with contextlib.closing(broken_site.cluster.connect()) as looking:
        looking.autocommit = True
        for _ in range(kills):
            before = _size(looking)
            until(lambda before=before: _size(looking) > before, "it brings", 30, 0.001)
            until(lambda: faults.kill_role("courier"), "a courier runs", 30)
            assert faults.journal(), "it was not done yet"
    verify(broken_site, Ledger(client.path), client.before)


def _size(connection):
    """Grows as check-ins are added, and is read at once: counting a million would outlast the courier's work."""
    with connection.cursor() as cursor:
        cursor.execute("SELECT pg_relation_size('register.check_in')")
        return cursor.fetchone()[0]


def test_the_courier_is_killed_between_the_commit_and_the_deletion(broken_site, faults):
    """PostgreSQL has it all; the segment cannot be deleted, then the courier is gone: the next one brings the same once more."""
    case = register(broken_site)
    service, journal = broken_site.service, broken_site.service.state / "journal"
    broken_site.cluster.stop("immediate")
    said = [people.check_in(case=case, status=status) for status in ("safe", "need_help", "injured")]
    assert {insist(lambda one=one: broken_site.citizen().check_in(one)).status_code for one in said} == {202}
    service.crash()
    held = {path.name for path in faults.journal()}
    mode = journal.stat().st_mode
    journal.chmod(0o555)
    try:
        broken_site.cluster.start()
        service.start(wait=False)
        until(lambda: held <= {event["segment"] for event in service.events("replay.cannot_remove")}, "all was brought", 30)
        assert [stored(broken_site, one) for one in said] == [["journal"]] * 3
        service.kill_role("courier")
    finally:
        journal.chmod(mode)
    until(lambda: not faults.journal(), "the journal is empty", 30)
    assert [stored(broken_site, one) for one in said] == [["journal"]] * 3
