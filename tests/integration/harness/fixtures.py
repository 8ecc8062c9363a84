# SPDX-License-Identifier: Apache-2.0
"""What tests ask for by name."""
import pytest

from . import people
from .site import Site

__all__ = ["site", "lone_site", "citizen", "desk", "registered"]


@pytest.fixture(scope="session")
def site():
    """One deployment for every test that leaves it as it was: running, its roles alive, PostgreSQL up."""
    running = Site()
    try:
        yield running.start()
    finally:
        running.close()


@pytest.fixture(scope="module")
def lone_site():
    """A deployment of the module's own, for tests that stop, crash or overload parts of it."""
    running = Site()
    try:
        yield running.start()
    finally:
        running.close()


@pytest.fixture
def citizen(site):
    return site.citizen()


@pytest.fixture
def desk(site):
    return site.desk()


@pytest.fixture
def registered(citizen):
    """A registration that was accepted: what was sent, and what was answered."""
    sent = people.registration()
    answer = citizen.register(sent)
    assert answer.status_code == 201, answer.text
    return sent, answer.json()
