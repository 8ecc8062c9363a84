# SPDX-License-Identifier: Apache-2.0
"""The program that writes down what it was promised (ledger_client.c), and holding the register to it."""
import collections
import json
import signal
import subprocess
import zlib

from harness import case_codes
from harness.places import BUILD
from harness.service import CRISIS
from harness.waiting import until

RECORD_WORDS = ("Dremmovash", "Quornelith") # what ledger_client.c has everybody called, and say

Sent = collections.namedtuple("Sent", "kind people status case phone")
Answer = collections.namedtuple("Answer", "status attempts case secret band")


PHONES = 5_000_000 # STRANGERS of ledger_client.c


class LedgerClient:
    """Runs until it is stopped. The ledger lies in the test's folder, beside what is being killed and not in it.

    A phone that two parties gave leads to neither, so each client of a site goes on with the phones where the last one ended."""

    def __init__(self, site, name, seed, connections, reset_percent=2):
        service = site.service
        self.path = site.directory / f"{name}.ledger"
        assert not self.path.exists(), "a ledger is one run's"
        self.before = ids_in_register(site) # others', which are not judged
        self._site, self._first_phone = site, getattr(site, "next_phone", seed % PHONES)
        self._process = subprocess.Popen(
            [BUILD / "fault" / "ledger_client", str(service.public_port), service.certificate, CRISIS, str(connections), self.path,
             str(zlib.crc32(name.encode(), seed)), str(reset_percent), str(self._first_phone)], stdin=subprocess.DEVNULL, stdout=subprocess.PIPE)

    def __enter__(self):
        until(self.size, "something is sent", 30)
        return self

    def __exit__(self, *_):
        if self._process.poll() is None:
            self._process.kill()
        self._process.wait()
        self._process.stdout.close()
        with open(self.path, encoding="ascii") as lines:
            given = sum(1 for line in lines if line.startswith("S ") and line.split(" ", 3)[2] in ("R", "F"))
        self._site.next_phone = (self._first_phone + given) % PHONES

    def size(self):
        """Of the ledger: it grows with every answer."""
        assert self._process.poll() is None, "the client ended"
        return self.path.stat().st_size if self.path.exists() else 0

    def wait_for_more(self, size=20_000, seconds=60):
        """About a hundred and fifty answers, or as many as `size` says."""
        wanted = self.size() + size
        until(lambda: self.size() >= wanted, f"{size} bytes more in the ledger", seconds, 0.01)

    def finish(self):
        """Begins nothing new, sends what was begun until it is answered. What it counted."""
        self._process.send_signal(signal.SIGTERM)
        said, _ = self._process.communicate(timeout=90)
        assert self._process.returncode == 0, f"the client ended with {self._process.returncode}: -14 is a minute without all answers"
        return json.loads(said)


class Ledger:
    def __init__(self, path):
        self.sent, self.answers, self.odd = {}, collections.defaultdict(list), []
        self.path = path
        with open(path, encoding="ascii") as lines:
            for line in lines:
                event, client_id, *rest = line.split()
                if event == "S":
                    assert client_id not in self.sent, "an id is begun once"
                    self.sent[client_id] = Sent(rest[0], int(rest[1]), rest[2], rest[3], int(rest[4]))
                elif event == "A":
                    self.answers[client_id].append(Answer(int(rest[0]), int(rest[1]), rest[2], rest[3], rest[4]))
                else:
                    self.odd.append((client_id, int(rest[0])))

    def registrations(self):
        return {client_id for client_id in self.answers if self.sent[client_id].kind in "RF"}


_REGISTRATIONS = """SELECT client_id::text, registration_id, state, party_size, stored_via,
    (SELECT count(*) FROM register.party_member AS m WHERE m.registration_id = r.registration_id),
    (SELECT count(*) FROM register.contact AS c WHERE c.registration_id = r.registration_id)
  FROM register.registration AS r WHERE client_id IS NOT NULL"""
_CHECK_INS = "SELECT client_id::text, registration_id, status, people, band, stored_via FROM register.check_in"
# A cry stands in a queue, and no lower than it asks for.
_CRIES_WITHOUT_CASE = """SELECT count(*) FROM register.check_in AS c LEFT JOIN register.triage_case AS t USING (registration_id)
  WHERE c.band IS NOT NULL AND (t.registration_id IS NULL OR t.band > c.band)"""


def verify(site, ledger, before=frozenset(), seconds=60):
    """Every answered record is in the register exactly once, with the content answered; waits for the courier. How many there are."""
    assert ledger.odd == [], f"answers that nobody should get: {ledger.odd[:5]} of {len(ledger.odd)}"
    until(lambda: not _missing(site, ledger), lambda: _what_is_missing(site, ledger), seconds, 0.3)
    registered, checked_in = ([row for row in site.query(rows, role="muster") if row[0] not in before]
                              for rows in (_REGISTRATIONS, _CHECK_INS))
    stored = collections.Counter(row[0] for row in registered + checked_in)
    twice = [client_id for client_id, count in stored.items() if count > 1]
    assert twice == [], f"stored more than once: {twice[:5]} of {len(twice)}"
    unheard_of = stored.keys() - ledger.sent.keys()
    assert not unheard_of, f"nobody sent these: {sorted(unheard_of)[:5]} of {len(unheard_of)}"
    wrong = [*_wrong_registrations(ledger, registered), *_wrong_check_ins(ledger, checked_in)]
    assert wrong == [], f"not what was answered: {wrong[:3]} of {len(wrong)}"
    assert site.query(_CRIES_WITHOUT_CASE, role="muster") == [(0,)]
    return len(ledger.answers)


def expect_own_records(site, ledger, chance):
    """What was answered opens what was stored: the secret, of a few."""
    citizen = site.citizen()
    for client_id in chance.sample(sorted(ledger.registrations()), min(3, len(ledger.registrations()))):
        answer = ledger.answers[client_id][0]
        assert citizen.own_record(answer.case, answer.secret).status_code == 200


def _missing(site, ledger):
    return sorted(ledger.answers.keys() - ids_in_register(site))


def _what_is_missing(site, ledger):
    """For whoever must find out why: what the journal still holds, what PostgreSQL is doing, what was said last."""
    missing = _missing(site, ledger)
    journal = {path.name: path.stat().st_size for path in (site.service.state / "journal").iterdir()}
    doing = site.query("SELECT pid, usename, state, wait_event, left(query, 60), now() - query_start FROM pg_stat_activity "
                       "WHERE usename LIKE 'muster%%'", role="muster_courier")
    told = [event for event in site.service.events() if event["event"].startswith(("replay.", "pg.", "courier."))][-20:]
    return f"{missing[:5]} of {len(missing)} in the register\n{journal}\n{doing}\n{told}"


def ids_in_register(site):
    return {row[0] for row in site.query("SELECT client_id::text FROM register.registration WHERE client_id IS NOT NULL "
                                         "UNION ALL SELECT client_id::text FROM register.check_in", role="muster")}


def _wrong_registrations(ledger, rows):
    for client_id, number, state, size, via, members, contacts in rows:
        sent, answers = ledger.sent[client_id], ledger.answers.get(client_id, [])
        people = 1 if sent.kind == "F" else sent.people
        right = state == "registered" and size == members == people and contacts == 1
        for answer in answers:
            right = right and case_codes.number(answer.case) == number and answer.secret == answers[0].secret
            right = right and (answer.status == 202 or via == "database")
        if sent.kind not in "RF" or not right:
            yield client_id, sent, answers, (number, state, size, via, members, contacts)


def _wrong_check_ins(ledger, rows):
    for client_id, number, status, count, band, via in rows:
        sent, answers = ledger.sent[client_id], ledger.answers.get(client_id, [])
        right = status == sent.status and count == sent.people
        right = right and (sent.case == "-" or case_codes.number(sent.case) == number)
        for answer in answers:
            # who is not known yet is looked for: then the register's band is 5 where the answer's was none
            right = right and (answer.band == "-" or band == int(answer.band) or (answer.band == "0" and band in (None, 5)))
            right = right and (answer.status == 202 or via == "database")
        if sent.kind not in "CG" or not right:
            yield client_id, sent, answers, (number, status, count, band, via)
