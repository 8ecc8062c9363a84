# SPDX-License-Identifier: Apache-2.0
"""The journal's disk is really full, while PostgreSQL is away: nothing answered is lost, nothing is answered that is not stored, and
when there is room again nobody has to do anything."""
import os
import pathlib
import tempfile

import pytest

from citizens import insist, register
from cut_disk import CutDisk
from faults import adopt_orphans
from harness import people
from harness.service import Service
from harness.site import Site
from harness.waiting import until
from ledger import Ledger, LedgerClient, verify

PLENTY = 2**40
LITTLE = 20_000 # bytes: some dozens of entries


@pytest.fixture
def disk():
    with tempfile.TemporaryDirectory(prefix="muster-full-") as folder:
        os.chmod(folder, 0o755)
        mounted = CutDisk(pathlib.Path(folder) / "disk")
        try:
            yield mounted
        finally:
            mounted.close()


@pytest.fixture
def site(disk):
    adopt_orphans()
    running = Site()
    running.service = Service(running.directory, running.cluster.url(), {"musterd": {"log_level": "info"}}, disk.folder)
    try:
        yield running.start()
    finally:
        disk.leave_room(PLENTY)
        running.close()


def test_a_disk_takes_no_more_than_it_has_room_for(disk):
    """The disk itself: a write is cut short where the room ends, and the next one fails; what is there can be written over."""
    path = disk.folder / "file"
    disk.leave_room(10_000)
    file = os.open(path, os.O_WRONLY | os.O_CREAT)
    try:
        assert os.write(file, bytes(8_000)) == 8_000
        assert os.write(file, bytes(8_000)) == 2_000
        with pytest.raises(OSError, match="No space left"):
            os.write(file, b"x")
        assert os.pwrite(file, b"over", 5_000) == 4
        disk.leave_room(1)
        assert os.write(file, b"xy") == 1
    finally:
        os.close(file)
    assert path.stat().st_size == 10_001


def test_it_fills_under_load_and_room_comes_back(site, disk, seed):
    case = register(site)
    service, journal = site.service, site.service.state / "journal"
    with LedgerClient(site, "full", seed, 16) as client:
        client.wait_for_more(5_000)
        site.cluster.stop("immediate")
        client.wait_for_more(2_000)
        disk.leave_room(LITTLE)
        until(lambda: service.events("journal.failing"), "the disk is full", 60)
        said = people.check_in(case=case, status="need_help")
        answer = until(lambda: _refused(site, said), "who asks for help is told to come back", 30)[0]
        assert int(answer.headers["Retry-After"]) > 0
        disk.leave_room(PLENTY)
        assert insist(lambda: site.citizen().check_in(said)).status_code == 202
        client.wait_for_more(5_000)
        assert service.events("journal.recovered")
        site.cluster.start()
        counted = client.finish()
    verify(site, Ledger(client.path), client.before | {said["client_id"]})
    assert counted["journalled"] > 0 and counted["odd"] == 0, counted
    assert len(site.check_ins_of(said["client_id"])) == 1
    until(lambda: not list(journal.glob("*.journal")), "the journal is empty", 60)
    assert [path for path in journal.iterdir() if path.suffix != ".crises"] == [], "no half-written segment holds room until a person comes"


def _refused(site, said):
    """A list, as an answer is false when it is an error."""
    answer = site.citizen().check_in(said)
    assert answer.status_code in (202, 503)
    return [answer] if answer.status_code == 503 else None
