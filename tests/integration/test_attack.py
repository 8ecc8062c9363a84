# SPDX-License-Identifier: Apache-2.0
"""What somebody tried against it, and what must come of that: nothing lost, nothing told."""
import contextlib
import os
import signal
import urllib.parse

import pytest

from harness import case_codes, people
from harness.service import CRISIS
from harness.waiting import until


def owner(site, statement, parameters=None):
    return site.query(statement, parameters, role="muster")


def case_of(site, number):
    rows = owner(site, "SELECT crisis_id, queue, band, state, last_status, cell FROM register.triage_case WHERE registration_id = %s",
                 (number,))
    return rows[0] if rows else None


def seen_everywhere(site, crises):
    """Each edge reads the open crises again every few seconds."""
    def seen():
        return [crisis["id"] for crisis in site.citizen().get("/api/v1/crises").json()["crises"]]
    until(lambda: all(seen() == crises for _ in range(8)), f"the open crises are {crises}", 20, 0.3)


@pytest.fixture
def whole(lone_site):
    """The module's own deployment, with PostgreSQL up and its crisis open before and after."""
    yield lone_site
    if not lone_site.cluster.running:
        lone_site.cluster.start()
    owner(lone_site, "UPDATE register.crisis SET closed_at = NULL WHERE crisis_id = %s", (CRISIS,))
    owner(lone_site, "UPDATE register.crisis SET closed_at = now() WHERE crisis_id <> %s", (CRISIS,))
    lone_site.service.wait_ready()
    seen_everywhere(lone_site, [CRISIS])


def journalled(site, submissions):
    """Submits with PostgreSQL away: every one must be a 202."""
    for send in submissions:
        answer = until(lambda send=send: _answered(send), "answered from the journal", 20)
        assert answer.status_code == 202, answer.text


@contextlib.contextmanager
def courier_held(site):
    """The courier stands still: what is in the journal stays there."""
    pids = until(lambda: site.service.roles("courier"), "a courier", 10)
    for pid in pids:
        os.kill(pid, signal.SIGSTOP)
    try:
        yield
    finally:
        for pid in pids:
            os.kill(pid, signal.SIGCONT)


def _answered(send):
    answer = send()
    return answer if answer.status_code in (201, 202) else None


@pytest.mark.parametrize("status", ["safe", "moving", "departed", "need_help"])
@pytest.mark.parametrize("by_case", [False, True])
def test_a_check_in_does_not_tell_who_is_registered(whole, status, by_case):
    """Anybody can send one with anybody's phone: what comes back must be the same for a stranger's."""
    registration = people.registration()
    registered = whole.citizen().register(registration).json()
    if by_case:
        known, unknown = {"case": registered["case"]}, {"case": case_codes.code(7_000_000 + len(status))}
    else:
        known, unknown = {"phone": registration["contacts"][0]["value"]}, {"phone": people.phone()}
    bands = [whole.citizen().check_in(people.check_in(status=status, **who)).json()["band"] for who in (known, unknown)]
    assert bands[0] == bands[1]


def test_a_cry_that_meets_a_closing_crisis_is_kept(whole):
    """Closed after the edges last looked: the crisis is over, the cry is not."""
    url = urllib.parse.urlsplit(whole.gateway()["messages_url"])

    def text(message):
        query = url.query + "&" + urllib.parse.urlencode({"from": people.phone(), "text": message, "id": message, "ts": "1700000000"})
        return whole.citizen().post(f"{url.path}?{query}")

    until(lambda: all(text("1").status_code == 200 for _ in range(6)), "the gateway is known to every edge", 20, 0.3)
    before = owner(whole, "SELECT count(*) FROM register.check_in")[0][0]
    owner(whole, "UPDATE register.crisis SET closed_at = now()")
    said = people.check_in(phone=people.phone(), status="in_danger")
    web, sms = whole.citizen().check_in(said), text("SOS under fire")
    assert (web.status_code, sms.status_code) == (201, 200)
    assert owner(whole, "SELECT count(*) FROM register.check_in")[0][0] == before + 2


def test_a_journalled_cry_outlives_its_crisis(whole):
    said = people.check_in(phone=people.phone(), status="in_danger")
    whole.cluster.stop("immediate")
    journalled(whole, [lambda: whole.citizen().check_in(said)])
    whole.cluster.start()
    owner(whole, "UPDATE register.crisis SET closed_at = now()")
    until(lambda: len(whole.check_ins_of(said["client_id"])) == 1, "in the register", 30)


def test_what_was_answered_from_the_journal_and_is_not_taken_is_kept_aside(whole):
    """Two contents of one id, one answered 202 and one 201: the register has one; the other is there for a person to look at."""
    case = whole.citizen().register(people.registration()).json()["case"]
    first = people.check_in(case=case, status="in_danger")
    kept = set((whole.service.state / "journal").glob("*.refused"))
    with courier_held(whole):
        whole.cluster.stop("immediate")
        journalled(whole, [lambda: whole.citizen().check_in(first)])
        whole.cluster.start()
        until(lambda: whole.citizen().check_in(first | {"status": "safe"}).status_code == 201, "committed", 20)
    until(lambda: set((whole.service.state / "journal").glob("*.refused")) - kept, "kept aside", 30)


def test_the_case_of_a_completed_party_is_in_its_crisis(whole):
    """A check-in by case code came first, and was put under the newest crisis; the registration names another."""
    owner(whole, "INSERT INTO register.crisis SELECT 'tcd-2099', 'TD', '{\"en\": \"Chad\"}', posture, advisory_level, routine_services,"
          " emergency_services, services_elsewhere, evacuation, message, languages, check_in_every, now() FROM register.crisis"
          " WHERE crisis_id = %s", (CRISIS,))
    owner(whole, "INSERT INTO register.crisis_post SELECT 'tcd-2099', post_id, part FROM register.crisis_post WHERE crisis_id = %s",
          (CRISIS,))
    seen_everywhere(whole, [CRISIS, "tcd-2099"])
    newcomer = people.registration()
    with courier_held(whole):
        whole.cluster.stop("immediate")
        journalled(whole, [lambda: whole.citizen().register(newcomer)])
        case = whole.citizen().register(newcomer).json()["case"]
        whole.cluster.start()
        said = people.check_in(case=case, status="in_danger")
        until(lambda: whole.citizen().check_in(said).status_code == 201, "committed", 20)
        assert case_of(whole, case_codes.number(case))[:2] == ("tcd-2099", "identification")
    until(lambda: owner(whole, "SELECT state FROM register.registration WHERE registration_id = %s", (case_codes.number(case),))
          == [("registered",)], "replayed", 30)
    assert case_of(whole, case_codes.number(case))[:2] == (CRISIS, "emergency")


def test_an_old_word_does_not_stand_over_a_new_one(whole):
    """The cry waits in the journal while the citizen says, later, that they are safe: the case is raised, and says so."""
    case = whole.citizen().register(people.registration()).json()["case"]
    cry = people.check_in(case=case, status="in_danger", location={"lat": 13.5137, "lon": 2.1098})
    later = people.check_in(case=case, status="safe", location={"lat": 16.9733, "lon": 7.9911})
    with courier_held(whole):
        whole.cluster.stop("immediate")
        journalled(whole, [lambda: whole.citizen().check_in(cry)])
        whole.cluster.start()
        until(lambda: whole.citizen().check_in(later).status_code == 201, "committed", 20)
    until(lambda: case_of(whole, case_codes.number(case)), "the case is raised", 30)
    _, _, band, state, last_status, cell = case_of(whole, case_codes.number(case))
    assert (band, state, last_status) == (2, "open", "safe")
    assert owner(whole, "SELECT cell FROM register.registration WHERE registration_id = %s", (case_codes.number(case),)) == [(cell,)]


def test_the_same_words_again_are_another_cry(whole):
    """From a gateway that numbers nothing: another time is another message; the same time is a copy."""
    url = urllib.parse.urlsplit(whole.gateway("plain", "generic")["messages_url"])
    sender = people.phone()

    def text(at):
        query = url.query + "&" + urllib.parse.urlencode({"from": sender, "text": "SOS", "ts": at})
        return whole.citizen().post(f"{url.path}?{query}").status_code

    before = owner(whole, "SELECT count(*) FROM register.check_in WHERE channel = 'sms'")[0][0]
    until(lambda: all(text(1700000000) == 200 for _ in range(6)), "the gateway is known to every edge", 20, 0.3)
    assert [text(1700000000), text(1700086400)] == [200, 200]
    assert owner(whole, "SELECT count(*) FROM register.check_in WHERE channel = 'sms'")[0][0] == before + 2


@pytest.mark.skipif(os.geteuid() != 0, reason="all belongs to one user then")
def test_the_account_of_the_service_cannot_replace_keys(site):
    """Owning the folder above is enough to rename `keys` and put others, to which everything would be sealed from the next start."""
    state = site.service.state
    for folder in (state, state / "keys", state / "secrets"):
        assert folder.stat().st_uid == 0 and folder.stat().st_mode & 0o022 == 0, folder


def test_a_damaged_segment_is_not_deleted(whole):
    """Its checksum is wrong: nobody can say here whether what is behind it was answered."""
    journal = whole.service.state / "journal"
    segment = journal / "edge-9-0000000000000001-00000001.journal"
    making = journal / "damaged"
    making.write_bytes(b"MUSTERJ1" + bytes([0, 0, 0, 8]) + b"\xff" * 64)
    os.chown(making, journal.stat().st_uid, journal.stat().st_gid)
    making.rename(segment)
    until(lambda: not segment.exists(), "the courier has looked", 20)
    assert (journal / f"{segment.name}.refused").read_bytes().startswith(b"MUSTERJ1")
