# SPDX-License-Identifier: Apache-2.0
"""What became of a commit is not known: it was sent, and no answer came. Such a record goes to the journal and is answered 202, and
is in the register once, however it went."""
import concurrent.futures
import contextlib
import urllib.parse

import pytest
import requests

from answer_proxy import AnswerProxy
from citizens import insist, register, stored
from harness import case_codes, people
from harness.waiting import until


class Losing:
    """A service that talks to PostgreSQL through a proxy which loses answers."""

    def __init__(self, site, proxy):
        self.site, self.proxy = site, proxy
        self.said = [] # check-ins whose answer was lost

    def lose(self, statement, how, make, send):
        """Sends until PostgreSQL's answer to one is lost: what was sent then, and what its sender was answered."""
        self.proxy.lose(statement, how)

        def sent():
            said = make()
            answer = send(said)
            return (said, answer) if self.proxy.has_struck() else None # else an edge without a connection just now took it
        return until(sent, "the statement was sent", 20, 0.1)


@pytest.fixture(scope="module")
def losing(broken_site):
    service, sockets = broken_site.service, broken_site.cluster.sockets
    direct = service.configuration.read_text()
    with AnswerProxy(broken_site.directory / "p", sockets) as proxy:
        service.stop()
        service.configuration.write_text(direct.replace(_quoted(sockets), _quoted(proxy.directory)))
        service.start()
        through = Losing(broken_site, proxy)
        yield through
        service.stop()
    service.configuration.write_text(direct)
    service.start()
    until(lambda: not list((service.state / "journal").glob("*.journal")), "the courier brought all there was", 30)
    assert [len(stored(broken_site, said)) for said in through.said] == [1] * len(through.said)


def _quoted(path):
    return urllib.parse.quote(str(path), safe="")


def _replayed(site):
    text = requests.get(f"{site.service.ops_url}/metrics", timeout=5).text
    return sum(float(line.split()[-1]) for line in text.splitlines() if line.startswith("muster_journal_replayed_total"))


@pytest.mark.parametrize("how", ["after_commit", "cut", "before"])
def test_the_answer_to_a_check_in_is_lost(broken_site, losing, how):
    case = register(broken_site)
    said, answer = losing.lose("check_in_store", how, lambda: people.check_in(case=case, status="need_help"),
                               broken_site.citizen().check_in)
    losing.said.append(said)
    assert (answer.status_code, answer.json()["stored"]) == (202, "journal")
    if how == "after_commit":
        assert losing.proxy.was_committed and stored(broken_site, said) == ["database"]
    until(lambda: _replayed(broken_site) >= len(losing.said), "the courier brought it", 30)
    assert len(stored(broken_site, said)) == 1
    again = insist(lambda: broken_site.citizen().check_in(said)).json()
    assert (again["receipt"], again["band"]) == (answer.json()["receipt"], answer.json()["band"])
    assert len(stored(broken_site, said)) == 1


def test_the_answer_to_a_registration_is_lost(broken_site, losing):
    sent, answer = losing.lose("registration_store", "after_commit", people.registration, broken_site.citizen().register)
    assert (answer.status_code, answer.json()["stored"]) == (202, "journal") and losing.proxy.was_committed
    number = case_codes.number(answer.json()["case"])

    def parties():
        return broken_site.query("SELECT state, size, stored_via FROM report.party WHERE registration_id = %s", (number,))
    assert parties() == [("registered", 1, "database")]
    until(lambda: _replayed(broken_site) > len(losing.said), "the courier brought it", 30)
    again = insist(lambda: broken_site.citizen().register(sent)).json()
    assert (again["case"], again["secret"]) == (answer.json()["case"], answer.json()["secret"])
    assert parties() == [("registered", 1, "database")]


@pytest.mark.parametrize("end", ["killed", "terminated"])
def test_the_backend_ends_while_it_stores(broken_site, faults, end):
    """The statement was sent and waits for a lock; then its session is gone."""
    case = register(broken_site)
    said = people.check_in(case=case, status="injured")
    with contextlib.closing(broken_site.cluster.connect()) as other, other.cursor() as cursor, \
            concurrent.futures.ThreadPoolExecutor(1) as pool:
        cursor.execute("SELECT FROM register.registration WHERE registration_id = %s FOR UPDATE", (case_codes.number(case),))
        answering = pool.submit(broken_site.citizen().check_in, said)
        pid = until(lambda: _waiting_for_lock(broken_site), "an edge's session waits", 10)
        if end == "killed":
            faults.kill(pid) # PostgreSQL ends every other session too, and recovers
        else:
            broken_site.query("SELECT pg_terminate_backend(%s)", (pid,), role="muster_edge")
        answer = answering.result(30)
    assert (answer.status_code, answer.json()["stored"]) == (202, "journal")
    until(lambda: stored(broken_site, said) == ["journal"], "it is brought", 40)


def _waiting_for_lock(site):
    rows = site.query("SELECT pid FROM pg_stat_activity WHERE usename = 'muster_edge' AND wait_event_type = 'Lock'", role="muster_edge")
    return rows[0][0] if rows else None
