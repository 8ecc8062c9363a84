# SPDX-License-Identifier: Apache-2.0
"""Makes calls of a running musterd fail, one at a time: the other half of failing_shim.c."""
import collections
import http.client
import json
import mmap
import os
import pathlib
import ssl
import struct
import time

import pytest

from harness import people
from harness.places import BUILD, own
from harness.service import Service
from harness.site import Site
from harness.waiting import until

DISK, NET, LOOP, MEMORY, LIBPQ, OTHER, TLS = 1, 2, 4, 8, 16, 32, 64
BEFORE, AFTER, HALF = 0, 1, 2
ALWAYS = 2**63
SHIM = BUILD / "fault" / "failing_shim.so"
PLANS = 4
CHECK_INS, REGISTRATIONS = "/api/v1/check-ins", "/api/v1/registrations"

# struct plan: armed pid kinds moment error unused first many calls failed only name
_PLAN = struct.Struct("=iiIIiiQQQQ32s32s")

Seen = collections.namedtuple("Seen", "calls failed name")


class Failing:
    """The plans that the service's processes look at. Each stands for one process; numbers are the test's own affair."""

    def __init__(self, path):
        self.path = pathlib.Path(path)
        self.path.write_bytes(bytes(_PLAN.size * PLANS))
        own(self.path)
        with open(self.path, "r+b") as file:
            self._page = mmap.mmap(file.fileno(), 0)

    def arm(self, pid, kinds=0, only="", first=0, many=1, moment=BEFORE, error=0, plan=0):
        """From now on, in process `pid`, calls of `kinds` (0: of any) called `only` ("": all) are counted; the `first`, and `many` in all, fail."""
        at = plan * _PLAN.size
        _PLAN.pack_into(self._page, at, 0, pid, kinds, moment, error, 0, first, many, 0, 0, only.encode(), b"")
        struct.pack_into("=i", self._page, at, 1)

    def disarm(self, plan=0):
        struct.pack_into("=i", self._page, plan * _PLAN.size, 0)
        return self.seen(plan)

    def seen(self, plan=0):
        *_, calls, failed, _, name = _PLAN.unpack_from(self._page, plan * _PLAN.size)
        return Seen(calls, failed, name.rstrip(b"\0").decode())


class FailingService(Service):
    """musterd under the shim. The operator's command line is left alone: it has no plan."""

    def __init__(self, directory, database_url, settings=None):
        super().__init__(directory, database_url, settings)
        self.failing = Failing(pathlib.Path(directory) / "failing")

    def _environment(self):
        environment = super()._environment()
        return environment | {"LD_PRELOAD": str(SHIM), "FAILING_CONTROL": str(self.failing.path),
                              # the shim comes before the sanitizer's own library, and refused memory is an answer, not a report
                              "ASAN_OPTIONS": environment["ASAN_OPTIONS"] + ":verify_asan_link_order=0:allocator_may_return_null=1"}


class FailingSite(Site):
    """One edge with one connection to PostgreSQL, so that one way is taken by all."""

    def __init__(self):
        super().__init__()
        settings = {"edge": {"workers": 1}, "database": {"url": self.cluster.url(), "connections": 1}}
        self.service = FailingService(self.directory, self.cluster.url(), settings)
        self.failing = self.service.failing

    def pid(self, role):
        found = self.service.roles(role)
        assert len(found) == 1, f"one {role}, not {found}"
        return found[0]

    def journal(self, pattern="*"):
        """All that lies there, save what edges keep of the crises."""
        return sorted(path for path in (self.service.state / "journal").glob(pattern) if path.suffix != ".crises")


class Sender:
    """A citizen's program that opens a new connection for each request, and knows what it was answered."""

    def __init__(self, service):
        self._port = service.public_port
        self._context = ssl.create_default_context(cafile=str(service.certificate))

    def post(self, path, body, timeout=30):
        """(status, headers, text), or None when there was no whole answer."""
        connection = http.client.HTTPSConnection("127.0.0.1", self._port, context=self._context, timeout=timeout)
        try:
            connection.request("POST", path, json.dumps(body), {"Content-Type": "application/json"})
            answer = connection.getresponse()
            return answer.status, dict(answer.getheaders()), answer.read().decode()
        except (OSError, http.client.HTTPException):
            return None
        finally:
            connection.close()

    def insist(self, path, body, wanted=(201, 202), seconds=45, after=""):
        """The same again (another, when `body` makes them) until it is answered with one of `wanted`."""
        deadline = time.monotonic() + seconds
        while True:
            answer = self.post(path, body() if callable(body) else body)
            if answer is not None and answer[0] in wanted:
                return answer
            assert answer is None or answer[0] in (201, 202, 429, 503), f"{answer} {after}"
            assert time.monotonic() < deadline, f"no {wanted} in {seconds} s {after}, at last {answer and answer[0]}"
            time.sleep(0.02)


def expect_stored_once(site, client_ids, seconds=60):
    """Every one of these check-ins is in the register, one time, and nothing is left in the journal."""
    wanted = set(client_ids)

    def count():
        return dict(site.query("SELECT client_id::text, count(*) FROM report.check_in WHERE client_id = ANY (%s::uuid[]) GROUP BY 1",
                               (list(wanted),)))
    until(lambda: len(count()) == len(wanted), f"all {len(wanted)} in the register", seconds, 0.2)
    assert set(count().values()) <= {1}
    until(lambda: site.journal() == [], f"the journal is empty, not {[path.name for path in site.journal()]}", 30, 0.1)


def full():
    return "MUSTER_FAULT_FULL" in os.environ


def check_in(case):
    """Every part of a check-in, each as long as in every other: what is stored of it must be as long, too."""
    people_words = people.words("cornered")[:15].ljust(15, "x")
    return people.check_in(case=case, status="need_help", people=2, needs=["medical_emergency"], message=people_words,
                           location={"lat": 13.513712, "lon": 2.109812, "accuracy_m": 25})


def with_edge_away(site, sender, case):
    """The edge loses its connection to PostgreSQL and gets no other until plan 1 is disarmed; everyone else has theirs."""
    site.failing.arm(site.pid("edge"), only="PQconnectPoll", first=1, many=ALWAYS, plan=1)
    site.failing.arm(site.pid("edge"), only="PQconsumeInput", first=1)
    sender.insist(CHECK_INS, lambda: check_in(case), (202,))
    site.failing.disarm()
    sender.insist(CHECK_INS, lambda: check_in(case), (202,))


# --- fixtures, one of each for a module that imports them ---------------------------------------------------------------------

@pytest.fixture(scope="module")
def site():
    running = FailingSite()
    try:
        yield running.start()
    finally:
        running.close()


@pytest.fixture(scope="module")
def sender(site):
    return Sender(site.service)


@pytest.fixture(scope="module")
def case(sender):
    return json.loads(sender.insist(REGISTRATIONS, people.registration(), (201,))[2])["case"]
