# SPDX-License-Identifier: Apache-2.0
"""Every call that a submission makes fails once: of libc, of libpq, for memory. The failing one moves on until a whole run passes
without reaching it. Each time: what is answered 2xx is in the register exactly once and whole; nobody is told of faults that are ours;
nothing ends; and the next submission is taken as ever.

In full (MUSTER_FAULT_FULL) every call; else every call to libpq and of the edge to the disk, and of the others some, beginning at another one each
time (MUSTER_FAULT_SEED repeats a run)."""
import collections
import itertools
import json
import os
import random
import uuid

import pytest
from failing import (AFTER, BEFORE, # noqa: F401 (site, sender and case are fixtures)
                     CHECK_INS, DISK, HALF, LIBPQ, LOOP, MEMORY, NET, OTHER, REGISTRATIONS, TLS, case, check_in,
                     expect_stored_once, full, sender, site, with_edge_away)

from harness import case_codes, people
from harness.waiting import until

SEED = int(os.environ.get("MUSTER_FAULT_SEED", random.SystemRandom().randrange(1000)))
# kinds that fail, how, and each which in the short form
EDGE_SWEEPS = [("libpq", LIBPQ, BEFORE, 1), ("libpq-unknown", LIBPQ, AFTER, 1), ("disk", DISK, BEFORE, 1), ("disk-unknown", DISK, AFTER, 1),
               ("disk-half", DISK, HALF, 1), ("net", NET, BEFORE, 1), ("net-unknown", NET, AFTER, 1), ("net-half", NET, HALF, 1),
               ("loop", LOOP, BEFORE, 1), ("other", OTHER, BEFORE, 1), ("tls", TLS, BEFORE, 1), ("tls-unknown", TLS, AFTER, 1),
               ("memory", MEMORY, BEFORE, 7)]
COURIER_SWEEPS = [("libpq", LIBPQ, BEFORE, 1), ("libpq-unknown", LIBPQ, AFTER, 2), ("disk", DISK, BEFORE, 3), ("disk-unknown", DISK, AFTER, 4),
                  ("net", NET | LOOP | OTHER, BEFORE, 2), ("memory", MEMORY, BEFORE, 29)]
MOST = 5000 # calls of a path; past it the sweep does not end


def named(sweeps):
    return pytest.mark.parametrize(("kinds", "moment", "step"), [row[1:] for row in sweeps], ids=[row[0] for row in sweeps])


@pytest.fixture
def away(site, sender, case):
    with_edge_away(site, sender, case)
    yield
    site.failing.disarm(plan=1)
    sender.insist(CHECK_INS, lambda: check_in(case), (201,))


def places(step):
    """1, 2, 3, ...; or every `step`th, from another one each time."""
    step = 1 if full() else step
    return range(1 + SEED % step, MOST, step)


def expect_truthful(answer, seen):
    """A fault of ours is never called the sender's, and who is refused is told when to come back."""
    if answer is not None:
        status, headers, text = answer
        assert status in (201, 202, 503), f"{seen}: {status} {text[:300]}"
        assert status != 503 or headers.get("Retry-After"), f"{seen}: 503 without Retry-After"


def sweep_edge(site, sender, path, make, kinds, moment, step, after):
    """Sends one new submission with each call failing in turn; returns all that were sent (each answered 2xx in the end)."""
    edge = site.pid("edge")
    sent, fates = [], collections.Counter()
    for first in places(step):
        body = make()
        site.failing.arm(edge, kinds, first=first, moment=moment)
        answer = sender.post(path, body)
        seen = site.failing.disarm()
        expect_truthful(answer, seen)
        sent.append((body, sender.insist(path, body, after=f"after {seen}")))
        if not seen.failed:
            break
        fates[seen.name, answer and answer[0]] += 1
        assert site.service.roles("edge") == [edge], f"the edge ended at {seen}"
        sender.insist(path, make, after, after=f"after {seen}")
    else:
        raise AssertionError(f"still failing after {MOST} calls")
    print(f"\n  seed {SEED}:", ", ".join(f"{name} {status} {count}" for (name, status), count in sorted(fates.items(), key=str)))
    return sent


def expect_check_ins(site, sent):
    """Once each, and each as long as every other: nothing of what was said is missing."""
    ids = [body["client_id"] for body, _ in sent]
    expect_stored_once(site, ids)
    stored = site.query("SELECT DISTINCT status, needs, people, band, reasons, length(sealed_message), length(sealed_location), cell"
                        " FROM register.check_in WHERE client_id = ANY (%s::uuid[])", (ids,), role="muster")
    assert len(stored) == 1 and None not in stored[0], stored


def expect_registrations(site, sent):
    numbers = [case_codes.number(json.loads(answer[2])["case"]) for _, answer in sent]
    until(lambda: site.query("SELECT count(*) FROM register.registration WHERE registration_id = ANY (%s) AND state = 'registered'",
                             (numbers,), role="muster") == [(len(set(numbers)),)], "all registered", 60, 0.2)
    assert len(set(numbers)) == len(sent)
    until(lambda: site.journal() == [], "the journal is empty", 30, 0.1)
    stored = site.query("SELECT DISTINCT party_size, needs, intent, language, cell, length(sealed_location), length(sealed_emergency_contact),"
                        " (SELECT string_agg(length(sealed_person) || ':' || length(document_index), ',') FROM register.party_member m"
                        "  WHERE m.registration_id = r.registration_id),"
                        " (SELECT string_agg(length(sealed_value) || ':' || length(value_index), ',') FROM register.contact c"
                        "  WHERE c.registration_id = r.registration_id)"
                        " FROM register.registration r WHERE registration_id = ANY (%s)", (numbers,), role="muster")
    assert len(stored) == 1 and None not in stored[0], stored


def the_same_party():
    """Registrations that differ in nothing but their id."""
    party = people.registration()
    return lambda: party | {"client_id": str(uuid.uuid4())}


@named(EDGE_SWEEPS)
def test_a_check_in_to_the_register(site, sender, case, kinds, moment, step):
    expect_check_ins(site, sweep_edge(site, sender, CHECK_INS, lambda: check_in(case), kinds, moment, step, (201,)))


@named(EDGE_SWEEPS)
def test_a_check_in_to_the_journal(site, sender, case, away, kinds, moment, step):
    sent = sweep_edge(site, sender, CHECK_INS, lambda: check_in(case), kinds, moment, step, (202,))
    site.failing.disarm(plan=1)
    expect_check_ins(site, sent)


@named([row for row in EDGE_SWEEPS if row[0] in ("libpq", "libpq-unknown", "memory")])
def test_a_registration_to_the_register(site, sender, kinds, moment, step):
    expect_registrations(site, sweep_edge(site, sender, REGISTRATIONS, the_same_party(), kinds, moment, step, (201,)))


@named([row for row in EDGE_SWEEPS if row[0] in ("disk", "disk-half", "memory")])
def test_a_registration_to_the_journal(site, sender, away, kinds, moment, step):
    sent = sweep_edge(site, sender, REGISTRATIONS, the_same_party(), kinds, moment, step, (202,))
    site.failing.disarm(plan=1)
    expect_registrations(site, sent)


@pytest.fixture(scope="module")
def segment(site, sender, case):
    """Of a journal: its bytes, and the check-ins in it. All of it is in the register."""
    with_edge_away(site, sender, case)
    sender.insist(REGISTRATIONS, people.registration(), (202,))
    ids = [body["client_id"] for body, _ in [(body, sender.insist(CHECK_INS, body, (202,))) for body in (check_in(case) for _ in range(3))]]
    content = site.journal("*.journal")[-1].read_bytes()
    site.failing.disarm(plan=1)
    expect_stored_once(site, ids)
    return content, ids


NUMBERS = itertools.count(1) # of segments: a name is never used twice


def replay_again(site, content, ids):
    """Takes the check-ins out of the register and leaves the segment for the courier, as a writer that ended would."""
    site.query("DELETE FROM register.check_in WHERE client_id = ANY (%s::uuid[])", (ids,), role="muster")
    journal = site.service.state / "journal"
    made = journal / "made"
    made.write_bytes(content)
    os.chown(made, journal.stat().st_uid, journal.stat().st_gid)
    made.rename(journal / f"edge-9-0000000000000001-{next(NUMBERS):08d}.journal")


def is_replayed(site, ids):
    return site.journal() == [] and site.query("SELECT count(*), count(DISTINCT client_id) FROM report.check_in WHERE client_id = ANY"
                                               " (%s::uuid[])", (ids,)) == [(len(ids), len(ids))]


@named(COURIER_SWEEPS)
def test_the_courier_brings_it(site, segment, kinds, moment, step):
    """Whatever fails while it reads, sends and clears away: nothing is passed over or put aside."""
    content, ids = segment
    courier, fates = site.pid("courier"), collections.Counter()
    for first in places(step):
        site.failing.arm(courier, kinds, first=first, moment=moment)
        replay_again(site, content, ids)
        until(lambda: site.failing.seen().failed or is_replayed(site, ids), "the courier meets its fault, or none", 40)
        seen = site.failing.disarm()
        until(lambda: is_replayed(site, ids), f"replayed in spite of {seen}: {[path.name for path in site.journal()]}", 90)
        assert site.service.roles("courier") == [courier], f"the courier ended at {seen}"
        if not seen.failed:
            break
        fates[seen.name] += 1
    else:
        raise AssertionError(f"still failing after {MOST} calls")
    print(f"\n  seed {SEED}:", ", ".join(f"{name} {count}" for name, count in sorted(fates.items())))
