# SPDX-License-Identifier: Apache-2.0
"""A deployment that is there to be broken, shared by the tests that leave it whole."""
import os
import random

import pytest

from faults import Faults, adopt_orphans
from harness import people
from harness.site import Site
from ledger import RECORD_WORDS

FULL = bool(os.environ.get("MUSTER_FAULT_FULL"))
SEED = int(os.environ.get("MUSTER_FAULT_SEED") or random.SystemRandom().randrange(2**32))


def pytest_terminal_summary(terminalreporter):
    terminalreporter.write_line(f"fault tests: MUSTER_FAULT_SEED={SEED}")


@pytest.fixture(scope="session")
def seed():
    """Of everything that is left to chance; MUSTER_FAULT_SEED repeats a run's choices, though not the machine's timing."""
    return SEED


@pytest.fixture(scope="session")
def full():
    return FULL


@pytest.fixture(scope="session")
def broken_site():
    """PostgreSQL with fsync on and small buffers, so that it recovers soon; a log that does not grow with every request."""
    for words in RECORD_WORDS:
        people.remember(words)
    adopt_orphans()
    running = Site({"musterd": {"log_level": "info"}})
    try:
        running.start()
        assert running.cluster.query("SHOW fsync") == [("on",)] and running.cluster.query("SHOW synchronous_commit") == [("on",)]
        yield running
    finally:
        running.close()


@pytest.fixture
def faults(broken_site):
    """What can be done to the deployment; whole and ready before and after each test."""
    doing = Faults(broken_site)
    doing.mend()
    yield doing
    doing.mend()
