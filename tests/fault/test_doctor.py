# SPDX-License-Identifier: Apache-2.0
"""`muster doctor` reads the journal: what waits in it, who holds it, what was kept aside, and what to do."""
import json

import pytest
import requests

from citizens import insist, register
from harness import people
from harness.places import own
from harness.waiting import until

ENTRY_HEAD = 17 # bytes before the payload (docs/durability.md)


@pytest.fixture
def holding(broken_site, faults):
    """A journal that holds three check-ins, with PostgreSQL away and the service alive: the journal's folder."""
    case = register(broken_site)
    broken_site.cluster.stop("immediate")
    for _ in range(3):
        said = people.check_in(case=case)
        assert insist(lambda said=said: broken_site.citizen().check_in(said)).status_code == 202
    return broken_site.service.state / "journal"


def _doctor(site, wanted):
    """What it says of the journal; of the rest of a broken deployment it may think what it likes."""
    found = json.loads(site.service.muster("doctor", "--json", check=False).stdout)["journal"]
    assert found["ok"] is wanted, found
    return found["facts"], found["detail"]


def _entries_in_metrics(site):
    text = requests.get(f"{site.service.ops_url}/metrics", timeout=5).text
    return sum(float(line.split()[-1]) for line in text.splitlines() if line.startswith("muster_journal_entries"))


def test_the_metrics_count_what_waits(broken_site, holding):
    until(lambda: _entries_in_metrics(broken_site) == 3, "three entries wait", 20)
    broken_site.cluster.start()
    until(lambda: not list(holding.glob("*.journal")), "all was brought", 60)
    until(lambda: _entries_in_metrics(broken_site) == 0, "none waits", 20)


def test_it_counts_what_waits_and_says_who_holds_it(broken_site, holding):
    facts, detail = _doctor(broken_site, True)
    assert facts["entries"] == 3 and facts["refused"] == [] and facts["bytes"] > 0 and facts["oldest_s"] >= 0
    assert all(segment["state"] == "live" and segment["writer"].startswith("edge-") for segment in facts["segments"])
    assert "3 entries wait" in detail
    words = broken_site.service.muster("doctor", check=False).stdout.decode()
    assert "3 entries wait" in words


def test_it_tells_a_torn_tail_from_damage(broken_site, holding):
    broken_site.service.crash()
    segment = sorted(path for path in holding.glob("*.journal") if path.stat().st_size > ENTRY_HEAD)[0]
    whole = segment.read_bytes()
    before, _ = _doctor(broken_site, True)
    assert all(one["state"] == "finished" and one["tail"] == "none" for one in before["segments"])

    for content, tail in ((whole[:-1], "torn"), (whole[:-1] + bytes([whole[-1] ^ 1]), "damaged")):
        segment.write_bytes(content)
        facts, detail = _doctor(broken_site, tail == "torn")
        found = next(one for one in facts["segments"] if one["name"] == segment.name)
        assert found["tail"] == tail and found["bytes_left"] > 0 and facts["entries"] == before["entries"] - 1
        assert (".refused" in detail) is (tail == "damaged")
    segment.write_bytes(whole)


def test_it_reports_what_was_kept_aside(broken_site, holding):
    kept = holding / "edge-7-0000000000000001-00000001.journal.refused"
    kept.write_bytes(b"MUSTERJ1" + bytes(64))
    own(kept)
    try:
        facts, detail = _doctor(broken_site, False)
        assert [(one["name"], one["writer"], one["bytes_left"]) for one in facts["refused"]] == [(kept.name, "edge-7", 64)]
        assert "1 kept aside" in detail and "move the file away" in detail
    finally:
        kept.unlink()
    broken_site.cluster.start()
    until(lambda: not list(holding.glob("*.journal")), "all was brought", 60)
    facts, _ = _doctor(broken_site, True)
    assert facts["entries"] == 0 and facts["segments"] == []


def test_a_journal_that_cannot_be_written_is_told_before_it_is_needed(broken_site, faults):
    """After a restore by hand, say: while PostgreSQL is there nobody misses it."""
    journal = broken_site.service.state / "journal"
    mode = journal.stat().st_mode
    ready = lambda: requests.get(f"{broken_site.service.ops_url}/readyz", timeout=5).json()
    reasons = lambda: {part["reason"] for part in ready()["parts"] if part["role"] == "edge"}
    journal.chmod(0o500)
    try:
        until(lambda: reasons() == {"the journal's folder cannot be written"}, "the edges say so", 20)
        assert ready()["status"] == "degraded"
        _, detail = _doctor(broken_site, False)
        assert "cannot write" in detail
        case = register(broken_site)
        broken_site.cluster.stop("immediate")
        until(lambda: reasons() == {"PostgreSQL is away, and the journal's folder cannot be written"}, "and that nothing is taken", 20)
        assert broken_site.citizen().check_in(people.check_in(case=case, status="need_help")).status_code == 503
    finally:
        journal.chmod(mode)
    until(lambda: reasons() == {"PostgreSQL is away: answering from the journal"}, "it can be written again", 20)
    broken_site.cluster.start()
    _doctor(broken_site, True)
