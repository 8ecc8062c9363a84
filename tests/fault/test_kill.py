# SPDX-License-Identifier: Apache-2.0
"""SIGKILL at random points under full load, again and again: nothing answered is lost, nothing is there twice.

The short form is a few rounds with sanitizers; MUSTER_FAULT_FULL=1 is a thousand (or MUSTER_FAULT_ROUNDS) on the release build."""
import os
import random
import sys
import time

from harness.places import BUILD
from harness.waiting import until
from ledger import Ledger, LedgerClient, expect_own_records, verify

CONNECTIONS = 48
BATCH = 40 # rounds between two looks at everything, in full

KILLS = {
    "edge": (5, lambda faults, chance: faults.kill_role("edge", chance)),
    "courier": (4, lambda faults, chance: faults.kill_role("courier", chance)),
    "supervisor": (3, lambda faults, chance: faults.kill_supervisor()),
    "postmaster": (3, lambda faults, chance: faults.kill_postmaster()),
    "backend": (4, lambda faults, chance: faults.kill_backend(chance)),
    "all": (2, lambda faults, chance: faults.kill_all()),
}


def _choices(chance, count):
    """Every kind once, in any order, and then by weight."""
    names = list(KILLS)
    first = chance.sample(names, len(names))
    return (first + chance.choices(names, [KILLS[name][0] for name in names], k=max(0, count - len(first))))[:count]


def _round(faults, chance, client, name):
    time.sleep(chance.uniform(0.0, 0.3)) # where in the load it strikes
    KILLS[name][1](faults, chance)
    if chance.random() < 0.5:
        time.sleep(chance.uniform(0.0, 0.3)) # citizens go on, by the journal, while it is away
    faults.restart()
    if chance.random() < 0.8: # else the next one strikes while it is still coming back
        faults.wait_until_whole()
    client.wait_for_more()


def _batch(faults, chance, number, rounds):
    """Rounds under one load, and then the reckoning; how many records were answered."""
    with LedgerClient(faults.site, f"kill-{number}", chance.randrange(2**32), CONNECTIONS) as client:
        for name in rounds:
            _round(faults, chance, client, name)
        faults.mend()
        counted = client.finish()
    ledger = Ledger(client.path)
    answered = verify(faults.site, ledger, client.before)
    assert answered == counted["begun"] == counted["stored"] and counted["odd"] == 0, counted
    expect_own_records(faults.site, ledger, chance)
    client.path.unlink()
    return counted


def _empty(faults):
    """A clean stop and start, by which the journal must run dry, torn tails and all; then an empty register for the next batch."""
    faults.site.service.stop()
    faults.site.service.start()
    until(lambda: not faults.journal(), "the journal is empty", 60)
    faults.site.query("TRUNCATE register.registration, register.party_member, register.contact, register.check_in, "
                      "register.triage_case, register.case_note, register.message, register.opt_choice, register.sms_piece, register.kept_apart, register.overdue, register.merged, register.warden_list, register.warden_word", role="muster")
    assert faults.kept_aside() == [], "a write that was stopped leaves a torn tail, and that is no reason to keep a file"


def test_killed_at_random_nothing_answered_is_lost(faults, seed, full):
    chance = random.Random(seed)
    total = int(os.environ.get("MUSTER_FAULT_ROUNDS") or (1000 if full else 8))
    rounds, done, answered, started = _choices(chance, total), 0, 0, time.monotonic()
    while done < total:
        batch = rounds[done:done + BATCH]
        counted = _batch(faults, chance, done, batch)
        done += len(batch)
        answered += counted["stored"]
        print(f"kill: {done} of {total} rounds on {BUILD.name} in {time.monotonic() - started:.0f} s, {answered} records answered, none lost, "
              f"none twice; this batch: {counted}", file=sys.stderr, flush=True)
        _empty(faults)
    for event in ("replay.not_taken", "replay.refused", "replay.unreadable", "intake.refused"):
        assert faults.site.service.events(event) == [], event
