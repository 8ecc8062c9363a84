# SPDX-License-Identifier: Apache-2.0
"""A machine whose power can be cut: PostgreSQL's data with its write-ahead log, and the service's state with the journal and the keys,
lie on one disk (cutfs.c). The log of the service, its configuration and the ledgers of its citizens lie elsewhere."""
import os
import pathlib
import signal
import tempfile

import psycopg2

from cut_disk import CutDisk
from faults import adopt_orphans, bury
from harness.site import Site
from harness.waiting import until

# A checkpoint every few megabytes and few buffers, so that pages are written all the time: a cut finds some of them half written. What
# came through a cut is on the disk, so recovery need not begin by syncing each of a thousand files: it would be there that most cuts fell.
_POSTGRESQL = {"fsync": "on", "synchronous_commit": "on", "full_page_writes": "on", "shared_buffers": "2MB", "max_wal_size": "4MB",
               "min_wal_size": "2MB", "max_connections": "40", "recovery_init_sync_method": "syncfs"}


class Machine:
    """`site` is the deployment on it; `disk` is its disk."""

    def __init__(self):
        adopt_orphans()
        self._folder = tempfile.TemporaryDirectory(prefix="muster-power-")
        os.chmod(self._folder.name, 0o755) # PostgreSQL and the roles have an account of their own
        self.disk = CutDisk(pathlib.Path(self._folder.name) / "disk")
        self.site = Site({"musterd": {"log_level": "info"}}, _POSTGRESQL, disk=self.disk.folder,
                         cluster_options=("--wal-segsize=1",))

    def __enter__(self):
        try:
            self.site.start()
            self.site.cluster.query("CHECKPOINT", user="postgres", password=self.site.cluster.superuser_password)
            self.disk.sync() # it was set up long ago
        except BaseException:
            self.__exit__()
            raise
        return self

    def __exit__(self, *_):
        """A machine whose test failed may be off, or beyond recovery: then there is nothing left to stop in good order."""
        try:
            if self.disk.is_off():
                self._kill_everything()
            self.site.close()
        finally:
            self._kill_postgresql()
            self.disk.close()
            self._folder.cleanup()

    # --- power ------------------------------------------------------------------------------------------------------------

    def lose_power(self, seed):
        """Now, if it has not gone yet; and the disk comes back with what survived, and nothing runs."""
        self.disk.cut()
        self._kill_everything()
        losses = self.disk.come_back(seed)
        # as a start of the machine would find it: numbers of processes from before mean nothing, and may be another's by now
        (self.site.cluster.data / "postmaster.pid").unlink(missing_ok=True)
        for left in self.site.cluster.sockets.iterdir():
            left.unlink()
        return losses

    def boot(self):
        """Starts all of it, and waits for none."""
        self.site.cluster.start(wait=False)
        self.site.service.start(wait=False)

    def wait_until_whole(self):
        until(self._database_answers, lambda: f"PostgreSQL answers ({self.site.cluster.log.read_text()[-1500:]})", 60)
        self.site.service.wait_ready(60)

    def _database_answers(self):
        try:
            return self.site.cluster.query("SELECT true") == [(True,)]
        except psycopg2.OperationalError:
            return False

    def _kill_everything(self):
        if self.site.service.process is not None:
            self.site.service.crash()
        self.site.service.excuse_failures() # a role that the disk failed in its start or at its work may end
        self._kill_postgresql()

    def _kill_postgresql(self):
        until(lambda: not self._kill_once(), "PostgreSQL's processes are gone", 20)
        self.site.cluster.running = False

    def _kill_once(self):
        """By the folder they work in: without power nobody can read from the disk who they are. How many there were."""
        pids = [int(entry.name) for entry in pathlib.Path("/proc").iterdir() if entry.name.isdigit() and self._works_here(entry)]
        for pid in pids:
            os.kill(pid, signal.SIGKILL)
            bury(pid)
        return len(pids)

    def _works_here(self, entry):
        try:
            return os.readlink(entry / "cwd") == str(self.site.cluster.data)
        except OSError: # gone, dead, or not ours
            return False
