# SPDX-License-Identifier: Apache-2.0
"""A private PostgreSQL cluster on a unix socket, that a test may stop, crash and start."""
import os
import pathlib
import secrets
import signal
import subprocess
import urllib.parse

import psycopg2

from .places import as_service, own


def _binaries():
    found = sorted(pathlib.Path("/usr/lib/postgresql").glob("*/bin/pg_ctl"), key=lambda path: int(path.parts[-3]))
    assert found, "PostgreSQL is not installed: run cmd/dev/packages.sh run"
    return found[-1].parent


class Cluster:
    """Owner `muster` of database `muster`, as `make run` has it; the owner is no superuser. `settings` are PostgreSQL's:
    {"shared_buffers": "1GB"}; `options` are initdb's. Its data lie on `disk`, when that is another than the folder's."""

    def __init__(self, directory, settings=None, disk=None, options=()):
        self._settings = {"max_connections": 200, "shared_buffers": "64MB", **(settings or {})}
        self.binaries = _binaries()
        self._options = options
        self.environment = {} # of the server, beside our own
        self.override = {} # settings, from the next start on
        self.data = pathlib.Path(disk or directory) / "postgresql"
        self.sockets = pathlib.Path(directory) / "s"
        self.log = pathlib.Path(directory) / "postgresql.log"
        self.owner_password = secrets.token_urlsafe(18)
        self.superuser_password = secrets.token_urlsafe(18)
        self.running = False

    def make(self):
        password_file = self.data.with_suffix(".password")
        password_file.write_text(self.superuser_password)
        for folder in (self.data, self.sockets):
            folder.mkdir(mode=0o700)
            own(folder)
        self.log.touch()
        own(self.log)
        own(password_file)
        self._run("initdb", "-D", self.data, "-U", "postgres", "--pwfile", password_file, "--auth", "scram-sha-256",
                  "--encoding", "UTF8", "--locale", "C.UTF-8", "--no-sync", *self._options)
        password_file.unlink()
        with open(self.data / "postgresql.conf", "a", encoding="utf-8") as configuration:
            configuration.write(f"listen_addresses = ''\nunix_socket_directories = '{self.sockets}'\n"
                                "log_line_prefix = '%m [%p] %u '\n" +
                                "".join(f"{name} = '{value}'\n" for name, value in self._settings.items()))
        self.start()
        connection = self.connect("postgres", self.superuser_password, database="postgres")
        connection.autocommit = True # CREATE DATABASE cannot be in a transaction
        with connection.cursor() as cursor:
            cursor.execute("CREATE ROLE muster LOGIN CREATEROLE PASSWORD %s", (self.owner_password,))
            cursor.execute("CREATE DATABASE muster OWNER muster")
        connection.close()

    def start(self, wait=True):
        """Without waiting it may be recovering still, and may yet fail to."""
        override = " ".join(f"-c {name}={value}" for name, value in self.override.items())
        self._run("pg_ctl", "start", "-w" if wait else "-W", "-s", "-t", "60", "-D", self.data, "-l", self.log, "-o", override)
        self.running = True

    def stop(self, mode="fast"):
        """`immediate` is a crash: connections are cut, and the next start recovers from the write-ahead log."""
        if self.running:
            self._run("pg_ctl", "stop", "-w", "-s", "-t", "60", "-m", mode, "-D", self.data)
            self.running = False

    def pause(self):
        """Stops every process of the cluster where it stands: connections stay open and nothing is answered."""
        self._signal(signal.SIGSTOP)

    def resume(self):
        self._signal(signal.SIGCONT)

    def url(self, user="muster", password=None):
        credentials = f"{user}:{urllib.parse.quote(password or self.owner_password, safe='')}"
        return f"postgresql://{credentials}@/muster?host={urllib.parse.quote(str(self.sockets), safe='')}"

    def connect(self, user="muster", password=None, database="muster"):
        return psycopg2.connect(host=str(self.sockets), user=user, password=password or self.owner_password, dbname=database)

    def query(self, statement, parameters=None, user="muster", password=None):
        """All rows of one statement, in a transaction of its own."""
        connection = self.connect(user, password)
        try:
            with connection, connection.cursor() as cursor:
                cursor.execute(statement, parameters)
                return cursor.fetchall() if cursor.description else []
        except psycopg2.InterfaceError as gone: # of the roll-back, where the server ended during the statement
            raise psycopg2.OperationalError("the server closed the connection") from gone
        finally:
            connection.close()

    def dump(self):
        """What a backup would hold: the whole database as pg_dump writes it."""
        return subprocess.run([self.binaries / "pg_dump", "--no-password", self.url()], check=True, capture_output=True,
                              timeout=120).stdout

    def _signal(self, number):
        postmaster = int((self.data / "postmaster.pid").read_text().split()[0])
        children = [int(entry.name) for entry in pathlib.Path("/proc").iterdir() if entry.name.isdigit()
                    and _parent(entry) == postmaster]
        for pid in [postmaster, *children]:
            os.kill(pid, number)

    def _run(self, program, *arguments):
        done = subprocess.run([self.binaries / program, *map(str, arguments)], stdin=subprocess.DEVNULL,
                              stdout=subprocess.PIPE, stderr=subprocess.STDOUT, text=True, timeout=120, check=False,
                              env=os.environ | self.environment, **as_service())
        assert done.returncode == 0, f"{program}: {done.stdout}\n{self.log.read_text()[-2000:] if self.log.exists() else ''}"


def _parent(entry):
    try:
        return int((entry / "stat").read_text().rsplit(")", 1)[1].split()[1])
    except (FileNotFoundError, ProcessLookupError):
        return None
