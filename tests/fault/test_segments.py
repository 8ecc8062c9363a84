# SPDX-License-Identifier: Apache-2.0
"""What becomes of a segment that is not as its writer would have left it: each answered entry that is whole reaches the register."""
import fcntl
import json
import os

import pytest

from citizens import insist, register, stored
from harness import people
from harness.places import own
from harness.waiting import until

HEADER, ENTRY_HEAD = 8, 17 # bytes (docs/durability.md)
SAID = 6


def _ends(content):
    """Where each entry of a whole segment ends."""
    ends = [HEADER]
    while ends[-1] < len(content):
        ends.append(ends[-1] + ENTRY_HEAD + int.from_bytes(content[ends[-1]:ends[-1] + 4], "big"))
    return ends[1:]


def _entries_waiting(site):
    return site.service.metric_sum("muster_journal_entries")


def _doctor(site):
    """What it found in the journal; it may think what it likes of it."""
    return json.loads(site.service.muster("doctor", "--json", check=False).stdout)["journal"]["facts"]


@pytest.fixture
def written(broken_site, faults):
    """Check-ins that were answered 202, the service killed: what was said in order, and the one segment that holds it."""
    case = register(broken_site)
    citizen = broken_site.citizen() # one connection, so one edge
    broken_site.cluster.stop("immediate")
    said = [people.check_in(case=case) for _ in range(SAID)]
    assert {insist(lambda one=one: citizen.check_in(one)).status_code for one in said} == {202}
    broken_site.service.crash()
    segment, = [path for path in faults.journal() if len(_ends(path.read_bytes())) == SAID]
    return said, segment


def test_a_damaged_entry_costs_itself_and_no_other(broken_site, faults, written):
    """Its bytes changed on the disk: the others are brought, those behind it too, and the doctor counts them all."""
    said, segment = written
    content = bytearray(segment.read_bytes())
    ends = _ends(content)
    content[ends[1] + ENTRY_HEAD + 20] ^= 1 # in the third
    content[ends[3]:ends[3] + 4] = b"\xff\xff\xff\xff" # the fifth's length, so that nobody knows where the sixth begins
    segment.write_bytes(content)
    told = _doctor(broken_site)
    assert told["entries"] == SAID - 2 and [one["tail"] for one in told["segments"] if one["name"] == segment.name] == ["damaged"]
    faults.restart()
    until(lambda: not segment.exists(), "it is brought", 30)
    assert [stored(broken_site, one) for one in said] == [["journal"] if which not in (2, 4) else [] for which in range(SAID)]
    kept, = faults.kept_aside()
    assert kept.name == f"{segment.name}.refused"
    kept.unlink()


def test_what_its_writer_took_back_does_not_stay_for_ever(broken_site, faults, written):
    """The courier brought an entry that its edge had written and not yet synced; then the sync failed, and the edge cut it off."""
    said, segment = written
    content = segment.read_bytes()
    segment.unlink()
    live = segment.with_name("edge-9-0000000000000001-00000001.journal")
    making = live.with_suffix(".new")
    with open(making, "wb") as writer:
        own(making)
        fcntl.flock(writer, fcntl.LOCK_EX)
        writer.write(content)
        writer.flush()
        making.rename(live)
        faults.restart()
        until(lambda: stored(broken_site, said[-1]) == ["journal"], "all of it is brought", 30)
        until(lambda: _entries_waiting(broken_site) == 0, "and the courier is done with it", 30)
        os.ftruncate(writer.fileno(), _ends(content)[-2])
    until(lambda: not live.exists(), "the segment is gone", 30)
    assert faults.kept_aside() == []
    assert [stored(broken_site, one) for one in said] == [["journal"]] * SAID


def test_how_long_the_first_has_waited_is_told_though_others_follow(broken_site, faults):
    """The segment is written to all the time, and its own time is always now."""
    case = register(broken_site)
    citizen = broken_site.citizen()
    broken_site.cluster.stop("immediate")
    insist(lambda sent=people.check_in(case=case): citizen.check_in(sent))

    def goes_on():
        insist(lambda sent=people.check_in(case=case): citizen.check_in(sent))
        return broken_site.service.metric_sum("muster_journal_age_seconds") > 4 and _doctor(broken_site)["oldest_s"] > 3
    until(goes_on, "the age of the oldest is told", 20, 0.4)
    broken_site.cluster.start()
    until(lambda: not faults.journal() and broken_site.service.metric_sum("muster_journal_age_seconds") == 0, "nothing waits", 30)


def test_what_keeps_it_from_its_work_is_said_and_not_at_every_look(broken_site, faults, written):
    """A file that it may not read, and a register that takes nothing of it: each is in the log, and does not fill it."""
    said, segment = written
    service = broken_site.service
    foreign = segment.with_name("aaa.journal")
    foreign.touch(mode=0o000)
    function = "FUNCTION edge.store_check_ins"
    before = {name: len(service.events(name)) for name in ("replay.waits", "replay.open")}
    said_since = lambda name: service.events(name)[before[name]:]
    broken_site.cluster.start()
    broken_site.query(f"REVOKE EXECUTE ON {function} FROM muster_courier", role="muster")
    try:
        service.start()
        until(lambda: said_since("replay.waits"), "the register's refusal is said", 30)
        assert {event["sqlstate"] for event in said_since("replay.waits")} == {"42501"}
        calls = service.metric_sum("muster_database_calls_total", 'role="courier"', 'outcome="refused"')
        until(lambda: service.metric_sum("muster_database_calls_total", 'role="courier"', 'outcome="refused"') > calls + 5, "it tries again", 30)
        assert len(said_since("replay.waits")) == 1
        assert segment.exists() and faults.kept_aside() == []
    finally:
        broken_site.query(f"GRANT EXECUTE ON {function} TO muster_courier", role="muster")
    until(lambda: not segment.exists(), "all is brought", 30)
    assert [stored(broken_site, one) for one in said] == [["journal"]] * SAID
    looked = service.metric_sum("muster_sweeps_total")
    until(lambda: service.metric_sum("muster_sweeps_total") > looked, "it looked ten times", 30)
    assert len(said_since("replay.open")) == 1
    foreign.unlink()
