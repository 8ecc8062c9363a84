# SPDX-License-Identifier: Apache-2.0
"""A running musterd: set up by the operator's command line, stopped with everything it must leave behind checked."""
import datetime
import json
import os
import pathlib
import signal
import socket
import subprocess

import requests

from . import people
from .places import BUILD, SERVICE_USER
from .waiting import free_ports, until

CRISIS = "ner-2023"
SANITIZER_MARKS = (b"ERROR: AddressSanitizer", b"ERROR: LeakSanitizer", b"runtime error:", b"AddressSanitizer:DEADLYSIGNAL",
                   b"SUMMARY: UndefinedBehaviorSanitizer")


def zone_where_it_is(hour):
    """A time zone whose clocks show about this hour now."""
    east = (hour - datetime.datetime.now(datetime.timezone.utc).hour + 11) % 24 - 11
    return f"Etc/GMT{-east:+d}" if east else "Etc/GMT"


class Service:
    """Its folder holds the configuration, the state (unless that is on a `disk` of its own) and the log. `settings` are further lines:
    {"edge": {"workers": "1"}}."""

    def __init__(self, directory, database_url, settings=None, disk=None):
        self.directory = pathlib.Path(directory)
        self.state = pathlib.Path(disk or directory) / "state"
        self.environment = {} # of musterd and muster, beside our own
        self.log_path = self.directory / "musterd.log"
        self.configuration = self.directory / "muster.ini"
        self.public_port, self.desk_port, self.ops_port = free_ports(3)
        self.public_url = f"https://127.0.0.1:{self.public_port}"
        self.desk_url = f"https://127.0.0.1:{self.desk_port}"
        self.ops_url = f"http://127.0.0.1:{self.ops_port}"
        self.certificate = self.state / "tls" / "server.crt"
        self.private_key = self.state / "tls" / "server.key"
        self.process = None
        self._killed = set()
        self._settings = {
            "musterd": {"state_dir": self.state, "log_level": "debug", "user": SERVICE_USER},
            "public": {"listen": f"127.0.0.1:{self.public_port}"},
            "desk": {"listen": f"127.0.0.1:{self.desk_port}"},
            "ops": {"listen": f"127.0.0.1:{self.ops_port}"},
            "database": {"url": database_url},
            "edge": {"workers": 2},
        }
        for section, keys in (settings or {}).items():
            self._settings.setdefault(section, {}).update(keys)

    # --- setting up -----------------------------------------------------------------------------------------------------

    def set_up(self):
        self.state.mkdir(mode=0o755)
        with open(os.open(self.configuration, os.O_WRONLY | os.O_CREAT | os.O_TRUNC, 0o600), "w", encoding="utf-8") as file:
            for section, keys in self._settings.items():
                file.write(f"[{section}]\n" + "".join(f"{key} = {value}\n" for key, value in keys.items()) + "\n")
        self.muster("init")
        self.muster("migrate")
        self.muster("crisis", "open", "--sample", "niger-2023")
        self.muster("crisis", "zone", "--id", CRISIS, "--name", zone_where_it_is(12)) # no night of its own while the tests run

    def muster(self, *arguments, check=True):
        """One run of the operator's command line."""
        done = subprocess.run([BUILD / "muster", "-c", self.configuration, *map(str, arguments)], stdin=subprocess.DEVNULL,
                              capture_output=True, env=self._environment(), timeout=120, check=False)
        assert not any(mark in done.stderr for mark in SANITIZER_MARKS), done.stderr.decode(errors="replace")
        if check:
            assert done.returncode == 0, f"muster {' '.join(map(str, arguments))}: {done.stderr.decode(errors='replace')}"
        return done

    def muster_json(self, *arguments):
        return json.loads(self.muster(*arguments, "--json").stdout)

    def password_of(self, role):
        """The database password that `muster init` gave a role."""
        return (self.state / "secrets" / role).read_text().strip()

    def metric_sum(self, name, *labels):
        """Of all processes that have these labels ('status="5xx"'), as they last told it."""
        lines = requests.get(f"{self.ops_url}/metrics", timeout=10).text.splitlines()
        return sum(float(line.split()[-1]) for line in lines
                   if line.split("{")[0].split(" ")[0] == name and all(label in line for label in labels))

    def listens(self):
        """Somebody takes connections at the public address and at the operators', ready or not."""
        for port in (self.public_port, self.ops_port):
            with socket.socket() as probe:
                if probe.connect_ex(("127.0.0.1", port)) != 0:
                    return False
        return True

    # --- life -----------------------------------------------------------------------------------------------------------

    def start(self, wait=True, open_files=None):
        """`open_files`: the soft limit that it begins with, as a shell would hand it on."""
        with open(self.log_path, "ab") as log:
            limited = ["prlimit", f"--nofile={open_files}:"] if open_files is not None else []
            self.process = subprocess.Popen([*limited, BUILD / "musterd", "-c", self.configuration], stdin=subprocess.DEVNULL, stdout=log,
                                            stderr=log, env=self._environment(), start_new_session=True)
        if wait:
            self.wait_ready()

    def wait_ready(self, seconds=40):
        until(self.is_ready, lambda: f"ready ({self.log_path.read_text(errors='replace')[-1500:]})", seconds)

    def is_ready(self):
        assert self.process.poll() is None, f"musterd ended: {self.log_path.read_text(errors='replace')[-3000:]}"
        try:
            return requests.get(f"{self.ops_url}/readyz", timeout=5).status_code == 200
        except requests.ConnectionError:
            return False

    def reload(self):
        self.process.send_signal(signal.SIGHUP)

    def stop(self):
        """Asks it to drain; it must end with status 0 and leave no process."""
        group = self.process.pid
        self.process.send_signal(signal.SIGTERM)
        try:
            status = self.process.wait(60)
        except subprocess.TimeoutExpired:
            os.killpg(group, signal.SIGKILL)
            raise AssertionError("musterd did not stop within 60 s of SIGTERM") from None
        self.process = None
        until(lambda: not group_members(group), "no process of musterd left", 10)
        assert status == 0, f"musterd ended with {status}: {self.log_path.read_text(errors='replace')[-3000:]}"

    def crash(self):
        """Kills the supervisor and every role at once, as a lost machine would. The supervisor may have ended already."""
        group = self.process.pid
        os.kill(group, signal.SIGSTOP) # it would start another role meanwhile, or complain of one
        for pid in group_members(group):
            self._killed.add(pid)
        os.killpg(group, signal.SIGKILL)
        self.process.wait(10)
        self.process = None
        until(lambda: not group_members(group), "no process of musterd left", 10)

    def excuse_failures(self):
        """Roles that ended until now because what they need was taken from them. What a sanitizer ended is not excused, nor a signal."""
        self._killed |= {event["child"] for event in self.events("role.ended") if event["status"] == 1}

    def kill_supervisor(self):
        """SIGKILL to the supervisor alone: its roles drain and end by themselves."""
        self.process.kill()
        self.process.wait(10)
        self.process = None

    # --- roles ----------------------------------------------------------------------------------------------------------

    def roles(self, name):
        """Pids of the running processes of a role, by what the supervisor logged."""
        started = [event["child"] for event in self.events("role.started") if event["name"] == name]
        return [pid for pid in started if os.path.exists(f"/proc/{pid}") and pid in group_members(self.process.pid)]

    def kill(self, pid):
        """SIGKILL to one process of a role."""
        self._killed.add(pid)
        os.kill(pid, signal.SIGKILL)

    def kill_role(self, name):
        """SIGKILL to every process of the role; returns their pids."""
        pids = self.roles(name)
        assert pids, f"no running {name}"
        for pid in pids:
            self._killed.add(pid)
            os.kill(pid, signal.SIGKILL)
        until(lambda: not any(_alive(pid) for pid in pids), f"{name} gone", 10)
        return pids

    # --- what it said ---------------------------------------------------------------------------------------------------

    def events(self, name=None):
        found = []
        for line in self.log_path.read_bytes().splitlines():
            try:
                event = json.loads(line)
            except ValueError:
                continue
            if isinstance(event, dict) and name in (None, event.get("event")):
                found.append(event)
        return found

    def check_log(self):
        """No sanitizer report, nobody's personal data, and no role that ended otherwise than asked."""
        log = self.log_path.read_bytes()
        for mark in SANITIZER_MARKS:
            if mark in log:
                raise AssertionError(log[max(0, log.index(mark) - 500):][:6000].decode(errors="replace"))
        assert people.traces(log) == [], "personal data in the log"
        failed = [event for event in self.events("role.ended")
                  if (event["status"] != 0 or event["signal"] != 0) and event["child"] not in self._killed]
        assert failed == [], f"roles that ended by themselves: {failed}"

    def _environment(self):
        kept = {name: value for name, value in os.environ.items() if not name.startswith("MUSTER_")}
        return kept | {"ASAN_OPTIONS": "detect_leaks=1:exitcode=99:detect_stack_use_after_return=1",
                       "UBSAN_OPTIONS": "print_stacktrace=1"} | self.environment


def group_members(group):
    """Pids of the living processes of a process group."""
    members = []
    for entry in pathlib.Path("/proc").iterdir():
        if entry.name.isdigit():
            try:
                fields = (entry / "stat").read_text().rsplit(")", 1)[1].split()
            except (FileNotFoundError, ProcessLookupError):
                continue
            if int(fields[2]) == group and fields[0] not in "ZX":
                members.append(int(entry.name))
    return members


def _alive(pid):
    try:
        return pathlib.Path(f"/proc/{pid}/stat").read_text().rsplit(")", 1)[1].split()[0] not in "ZX"
    except (FileNotFoundError, ProcessLookupError):
        return False
