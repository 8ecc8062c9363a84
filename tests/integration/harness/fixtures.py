# SPDX-License-Identifier: Apache-2.0
"""What tests ask for by name."""
import pytest

from . import people
from .service import CRISIS
from .site import Site

__all__ = ["shared", "site", "file_begins", "lone_site", "citizen", "desk", "registered"]

# Rules and reference data of the shared deployment; what people say is no part of it, nor are crises that are over.
RULES = """SELECT name, rules FROM (SELECT 'crises', (SELECT jsonb_object_agg(crisis_id, to_jsonb(crisis) - 'updated_at') FROM register.crisis WHERE closed_at IS NULL)
    UNION ALL SELECT 'posts', (SELECT jsonb_agg(crisis_post ORDER BY crisis_id, post_id) FROM register.crisis_post JOIN register.crisis USING (crisis_id)
      WHERE closed_at IS NULL)
    UNION ALL SELECT 'places', (SELECT jsonb_agg(concat_ws(', ', kind, name, within) ORDER BY crisis_id, kind, name, within) FROM register.place)
    UNION ALL SELECT 'dangers', (SELECT jsonb_object_agg(crisis_id, cells) FROM register.danger WHERE cells <> '{}')) AS all_of_them (name, rules)"""


def rules_of(site):
    policy = site.service.muster_json("crisis", "policy", "--id", CRISIS)
    return dict(site.query(RULES, role="muster")) | {"policy": {name: policy[name] for name in ("reasons", "answer_minutes")}}


class Shared:
    """The deployment that files share: they come in any order, and what one leaves changed another would stumble over."""

    def __init__(self):
        self.site = self.rules = self.last = None
        self.left = []

    def begin(self, site):
        self.site, self.rules = site, rules_of(site)

    def look(self):
        """Between two files, when all fixtures of the first are gone."""
        now = rules_of(self.site)
        self.left += [f"{self.last} found {self.rules[name]}, left {now[name]}" for name in now if now[name] != self.rules[name]]
        self.rules = now


@pytest.fixture(scope="session")
def shared():
    return Shared()


@pytest.fixture(scope="session")
def site(shared):
    """One deployment for every test that leaves it as it was: running, its roles alive, PostgreSQL up, its rules the same."""
    running = Site()
    try:
        running.start()
        shared.begin(running)
        yield running
        shared.look()
        assert shared.left == []
    finally:
        running.close()


@pytest.fixture(scope="module", autouse=True)
def file_begins(request, shared):
    if shared.site is not None:
        shared.look()
    shared.last = request.module.__name__


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
