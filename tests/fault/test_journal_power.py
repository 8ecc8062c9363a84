# SPDX-License-Identifier: Apache-2.0
"""The power goes under the journal's writer, again and again: what it called durable is there. And under a writer whose syncs do
nothing, by which it is seen that this test can fail."""
import os
import random
import subprocess
import sys
import tempfile

import pytest

from cut_disk import CutDisk, without_syncs
from harness.places import BUILD

KEPT_CUTS = 15 # what was written before survives so many further cuts
ENTRIES_MAX = 1_000_000 # of one run of the writer
APPENDER = BUILD / "fault" / "journal_appender"


@pytest.fixture
def disk():
    with tempfile.TemporaryDirectory(prefix="muster-cut-") as folder:
        mounted = CutDisk(os.path.join(folder, "disk"))
        try:
            yield mounted
        finally:
            mounted.close()


def _run(*arguments, environment=None):
    options = {"ASAN_OPTIONS": "verify_asan_link_order=0:detect_leaks=0" if environment else "detect_leaks=1"}
    done = subprocess.run([APPENDER, *map(str, arguments)], stdin=subprocess.DEVNULL, capture_output=True, timeout=60, check=False,
                          env=os.environ | options | (environment or {}))
    assert done.returncode == 0 and b"ERROR:" not in done.stderr, done.stderr.decode(errors="replace")[-3000:]
    return [int(number) for number in done.stdout.split()]


def _empty(disk):
    journal = disk.folder / "journal"
    journal.mkdir(exist_ok=True)
    for path in journal.iterdir():
        path.unlink()
    disk.sync()
    return journal


def _cuts(disk, chance, count, environment=None):
    """Yields after each cut the entries that were called durable, how many of them are gone, and what was lost."""
    promised = set()
    for number in range(count):
        if number % KEPT_CUTS == 0:
            journal = _empty(disk)
            promised.clear()
        disk.cut_after(chance.choice((chance.randrange(1, 12), chance.randrange(1, 400))))
        promised.update(_run("append", journal, number * ENTRIES_MAX, chance.randrange(2**32), environment=environment))
        assert disk.is_off(), "the writer ended before the power did"
        losses = disk.come_back(chance.randrange(2**32))
        found = _run("read", journal)
        assert len(found) == len(set(found)), "an entry is there twice"
        yield len(promised), len(promised - set(found)), losses


def test_journal_keeps_what_it_called_durable(disk, seed, full):
    durable = cuts = dropped = unsynced = 0
    for promised, missing, losses in _cuts(disk, random.Random(seed), 2000 if full else 60):
        assert missing == 0, f"{missing} of {promised} entries that were called durable are gone after cut {cuts + 1}"
        durable, cuts = durable + promised, cuts + 1
        unsynced += losses.writes + losses.names
        dropped += losses.writes_lost + losses.names_lost
    assert dropped > 0, "the cuts took nothing"
    print(f"journal power: {cuts} cuts, {durable} times a durable entry was looked for, none gone; {unsynced} changes were not "
          f"synced, {dropped} of them dropped", file=sys.stderr, flush=True)


def test_journal_without_syncs_loses_entries(disk, seed):
    """The negative control."""
    for cut, (promised, missing, _) in enumerate(_cuts(disk, random.Random(seed), 30, without_syncs()), 1):
        if missing:
            print(f"journal power: under eatmydata {missing} of {promised} durable entries were gone at cut {cut}", file=sys.stderr)
            return
    pytest.fail("30 cuts under eatmydata lost nothing: these tests prove nothing")
