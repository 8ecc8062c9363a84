# SPDX-License-Identifier: Apache-2.0
"""Killing parts of a deployment with SIGKILL, and starting again what was killed."""
import ctypes
import json
import os
import pathlib
import signal

import psycopg2
import requests

from harness.service import group_members
from harness.waiting import until


def adopt_orphans():
    """Makes this process the parent of what its children leave behind: the first process of a container may bury the dead late or
    never, and PostgreSQL takes a dead postmaster that is not buried for a living one."""
    pr_set_child_subreaper = 36 # linux/prctl.h
    assert ctypes.CDLL(None, use_errno=True).prctl(pr_set_child_subreaper, 1, 0, 0, 0) == 0, os.strerror(ctypes.get_errno())


class Faults:
    def __init__(self, site):
        self.site = site
        self.left_behind = set() # roles whose supervisor was killed: they finish what they accepted, and end
        self._log_read = 0
        self._roles = {}

    # --- killing ----------------------------------------------------------------------------------------------------------

    def kill_role(self, name, chance=None):
        """One process of the role, any. False when none runs just now: it was killed before, and is not back yet."""
        running = self._running(name)
        try:
            self.site.service.kill(chance.choice(running) if chance is not None else running[0])
        except (IndexError, ProcessLookupError):
            return False
        return True

    def kill_supervisor(self):
        """Alone: its roles are told by the kernel, and drain; the next supervisor starts beside them, as systemd would start it."""
        service = self.site.service
        self.left_behind |= set(group_members(service.process.pid)) - {service.process.pid}
        service.kill_supervisor()

    def kill_postmaster(self):
        self._kill_cluster([self._postmaster()])

    def kill_backend(self, chance):
        """One process of PostgreSQL that is not the postmaster: a session, or one of its own (the WAL writer, the checkpointer)."""
        processes = _children(self._postmaster())
        sessions = [pid for pid in processes if b" muster_" in _command(pid)]
        chosen = sessions if sessions and chance.random() < 0.8 else processes
        if chosen:
            _kill(chance.choice(chosen))

    def kill_all(self):
        """Every process of the service and of PostgreSQL, as when the machine stops; only the machine's disk cache is spared."""
        postmaster = self._postmaster()
        doomed = [postmaster, *_children(postmaster)]
        for pid in self.left_behind:
            _kill(pid)
        if self.site.service.process is not None:
            self.site.service.crash()
        self._kill_cluster(doomed)

    @staticmethod
    def kill(pid):
        _kill(pid)

    # --- mending ----------------------------------------------------------------------------------------------------------

    def restart(self):
        """What was killed and does not come back by itself."""
        self._start_cluster()
        if self.site.service.process is None:
            self.site.service.start(wait=False)

    def mend(self):
        self.restart()
        self.wait_until_whole()
        until(lambda: not any(_exists(pid) for pid in self.left_behind), "roles without a supervisor are gone", 60)
        self.left_behind.clear()

    def wait_until_whole(self):
        until(self._database_answers, lambda: f"PostgreSQL answers ({self.site.cluster.log.read_text()[-1500:]})", 60)
        self.site.service.wait_ready(60)
        until(self._all_parts_are_ready, "every part is ready, and none degraded", 60)

    def _all_parts_are_ready(self):
        try:
            return requests.get(f"{self.site.service.ops_url}/readyz", timeout=5).json()["status"] == "ready"
        except requests.ConnectionError:
            return False

    def _start_cluster(self):
        """A postmaster whose recovery was killed gives up, and is for its supervisor to start again: here that is us."""
        if not self.site.cluster.running or not _exists(self._postmaster()):
            self.site.cluster.start()

    def _database_answers(self):
        self._start_cluster()
        try:
            return self.site.cluster.query("SELECT true") == [(True,)]
        except psycopg2.OperationalError:
            return False

    # --- looking ----------------------------------------------------------------------------------------------------------

    def journal(self):
        """The segments that the courier still has to bring."""
        return sorted(path for path in (self.site.service.state / "journal").iterdir() if path.suffix == ".journal")

    def kept_aside(self):
        """Segments that ended in bytes that are no whole entry, or held what the register refuses."""
        return sorted((self.site.service.state / "journal").glob("*.refused"))

    def _running(self, name):
        """By what the supervisor logged since the last look."""
        with open(self.site.service.log_path, "rb") as log:
            log.seek(self._log_read)
            lines = log.read().splitlines(keepends=True)
        for line in lines:
            if not line.endswith(b"\n"):
                break
            self._log_read += len(line)
            if b'"role.started"' in line:
                event = json.loads(line)
                self._roles.setdefault(event["name"], set()).add(event["child"])
        alive = set(group_members(self.site.service.process.pid))
        return sorted(alive & self._roles.get(name, set()))

    def _postmaster(self):
        """0, which is no process's, when it has ended by itself."""
        try:
            return int((self.site.cluster.data / "postmaster.pid").read_text().split()[0])
        except FileNotFoundError:
            return 0

    def _kill_cluster(self, doomed):
        """A postmaster that is started again while a process of the old one lives would refuse to start. They end by themselves,
        save one that waits for a lock inside PostgreSQL whose holder ended: a service manager would kill what is left, as we do.
        One that was forked in the moment of the kill is in no list made before: all are known by the folder that they work in."""
        old = set(_children(self._postmaster())) | set(doomed)
        for pid in doomed:
            _kill(pid)
        self.site.cluster.running = False

        def are_gone():
            old.update(self._at_work())
            return not any(_exists(pid) for pid in old) # which buries the dead
        try:
            until(are_gone, "the old postmaster's processes are gone", 3)
        except AssertionError:
            for pid in old:
                _kill(pid)
            until(are_gone, "the old postmaster's processes are gone", 10)

    def _at_work(self):
        """The living processes whose folder is the cluster's data."""
        return [pid for pid in (int(entry.name) for entry in pathlib.Path("/proc").iterdir() if entry.name.isdigit())
                if _works_in(pid, self.site.cluster.data)]


def _works_in(pid, folder):
    try:
        return os.readlink(f"/proc/{pid}/cwd") == str(folder)
    except OSError: # it is gone, or dead and not buried
        return False


def _kill(pid):
    if pid == 0: # it would be ourselves
        return
    try:
        os.kill(pid, signal.SIGKILL)
    except ProcessLookupError:
        pass


def _stat(pid):
    try:
        return (pathlib.Path("/proc") / str(pid) / "stat").read_text().rsplit(")", 1)[1].split()
    except (FileNotFoundError, ProcessLookupError):
        return None


def bury(pid):
    """A dead orphan is ours to bury, if adopt_orphans was called."""
    try:
        os.waitpid(pid, os.WNOHANG)
    except ChildProcessError:
        pass


def _exists(pid):
    if pid == 0:
        return False
    bury(pid)
    return os.path.exists(f"/proc/{pid}")


def _children(parent):
    if parent == 0:
        return []
    stats = {int(entry.name): _stat(entry.name) for entry in pathlib.Path("/proc").iterdir() if entry.name.isdigit()}
    return sorted(pid for pid, stat in stats.items() if stat is not None and int(stat[1]) == parent)


def _command(pid):
    try:
        return pathlib.Path(f"/proc/{pid}/cmdline").read_bytes()
    except (FileNotFoundError, ProcessLookupError):
        return b""
