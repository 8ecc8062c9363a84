# SPDX-License-Identifier: Apache-2.0
"""The register's statements do with a case what lib/domain/case_state.c says of it: every event in every standing, by the table that the unit test reads."""
import re

import pytest

from harness import case_codes, people
from harness.places import ROOT

TABLE = ROOT / "tests" / "unit" / "domain" / "case_states.inc"
LEASE_RETURN = (ROOT / "sql" / "queries" / "lease_return.sql").read_text()
ROWS = re.findall(r'^ROW\((\w+), "(\w+)", "([^"]*)"\)$', TABLE.read_text(), re.M)
STATES = {"O": "open", "C": "claimed", "W": "waiting", "R": "resolved"}
# state, whose it is, whether the lease has lapsed
STANDINGS = (("open", None, False), ("claimed", "caller", False), ("claimed", "other", False), ("claimed", "other", True), ("waiting", None, False),
             ("waiting", "caller", False), ("waiting", "other", False), ("resolved", "caller", False), ("resolved", "other", False))


class Case:
    """One case that is put into each standing in turn."""

    def __init__(self, site):
        self.site = site
        self.desks = {"officer": site.desk("officer", 230), "lead": site.desk("lead", 231)}
        site.desk("officer", 232), site.desk("officer", 233)
        self.staff = dict(site.query("SELECT name, staff_id FROM register.staff", role="muster"))
        self.code = site.citizen().register(people.registration()).json()["case"]
        self.number = case_codes.number(self.code)
        assert site.citizen().check_in(people.check_in(case=self.code, status="need_help")).status_code == 201

    def id_of(self, who, role):
        return self.staff[{"caller": "lead.231" if role == "lead" else "officer.230", "other": "officer.232", "taker": "officer.233"}[who]]

    def stands(self, state, holder, lapsed, role):
        self.site.query("DELETE FROM register.overdue WHERE registration_id = %s", (self.number,), role="muster")
        self.site.query("UPDATE register.registration SET post_id = 'cotonou', check_in_by = now() + interval '1 day' WHERE registration_id = %s", (self.number,), role="muster")
        self.site.query("UPDATE register.triage_case SET post_id = 'cotonou', state = %s, claimed_by = %s, claimed_at = now(), reasons = 131072, resolved_at = NULL,"
                        " lease_until = CASE WHEN %s = 'claimed' THEN now() + CASE WHEN %s THEN interval '-1 minute' ELSE interval '15 minutes' END END,"
                        " waiting_until = CASE WHEN %s = 'waiting' THEN now() + interval '1 hour' END, version = version + 1 WHERE registration_id = %s",
                        (state, holder and self.id_of(holder, role), state, lapsed, state, self.number), role="muster")

    def now(self):
        return self.site.query("SELECT state, claimed_by FROM register.triage_case WHERE registration_id = %s", (self.number,), role="muster")[0]

    # --- what happens ---

    def acts(self, event, role):
        """The status of the answer; None where nobody asked."""
        desk = self.desks.get(role)
        hour = self.site.query("SELECT to_char((now() + interval '1 hour') AT TIME ZONE 'UTC', 'YYYY-MM-DD\"T\"HH24:MI:SS\"Z\"')", role="muster")[0][0]
        if event.startswith("HAND_OVER"):
            answer = desk.act("POST", "/hand-over", json={"note": "over"} | ({"to": "officer.233"} if event == "HAND_OVER_TO_PERSON" else {}))
            assert answer.status_code == 201, answer.text
            return None
        action, body = {
            "CLAIM": ("claim", None), "RELEASE": ("release", None), "WAIT": ("waiting", {"until": hour, "on": "citizen"}), "RESOLVE": ("resolve", None),
            "REOPEN": ("reopen", None), "PASS_TO_POST": ("transfer", {"post": "niamey", "note": "to you"}),
            "PASS_TO_PERSON": ("transfer", {"to": "officer.233", "note": "to you"}), "ESCALATE": ("escalate", {"note": "up"})}[event]
        return desk.do(self.code, action, body).status_code

    def happens(self, event):
        if event in ("LEASE_LAPSED", "WAIT_OVER"):
            if event == "WAIT_OVER":
                self.site.query("UPDATE register.triage_case SET waiting_until = waiting_until - interval '2 hours', lease_until = lease_until + interval '1 hour'"
                                " WHERE registration_id = %s", (self.number,), role="muster") # of the statement's two halves the other has nothing to do
            self.site.query(LEASE_RETURN, role="muster_courier")
        elif event == "CRY_FOR_HELP":
            assert self.site.citizen().check_in(people.check_in(case=self.code, status="need_help")).status_code == 201
        elif event == "OVERDUE":
            self.site.query("SELECT register.raise_overdue(%s, now(), 4::smallint, 131072, 'overdue', now())", (self.number,), role="muster")
        else:
            self.site.query("INSERT INTO register.overdue VALUES (%s, now() - interval '2 hours', 'case_raised', 0, now() + interval '1 day', now(), 131072)", (self.number,),
                            role="muster")
            self.site.query("SELECT ended FROM register.end_overdue(%s, 1)", (self.number - 1,), role="muster_courier")


@pytest.fixture(scope="module")
def case(site):
    made = Case(site)
    yield made
    made.stands("resolved", "other", False, "officer")


def expected(case, cell, standing, role):
    state, holder, _ = standing
    kept = holder and case.id_of(holder, role)
    if cell in ("--", "!!"):
        return state, kept
    return STATES[cell[0]], {"n": None, "k": kept, "c": case.id_of("caller", role), "t": case.id_of("taker", role)}[cell[1]]


@pytest.mark.parametrize("event, role, cells", ROWS + [("ESCALATE", *row[1:]) for row in ROWS if row[0] == "PASS_TO_POST"])
def test_the_statements_and_the_rules_are_one(case, event, role, cells):
    assert len(cells.split()) == len(STANDINGS)
    for cell, standing in zip(cells.split(), STANDINGS):
        for attempt in range(3): # the courier returns what has lapsed, every few seconds: it may come between
            case.stands(*standing, role)
            status = case.acts(event, role) if role != "nobody" else case.happens(event)
            agrees = case.now() == expected(case, cell, standing, role) and (status is None or status == {"--": 409, "!!": 412}.get(cell, 200))
            if agrees:
                break
        assert agrees, (event, role, standing, cell, status, case.now())
