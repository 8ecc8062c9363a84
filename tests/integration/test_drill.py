# SPDX-License-Identifier: Apache-2.0
"""`muster drill`: a rehearsal against a running service is verified, its verification sees what is not true, and cleaning takes out
what is marked and nothing else."""
import collections
import contextlib
import itertools
import json
import signal
import subprocess
import uuid

import pytest

from harness import case_codes, people
from harness.places import BUILD, ROOT
from harness.waiting import until

REHEARSAL = ROOT / "docs" / "scenarios" / "rehearsal.json"
TABLES = ("registration", "party_member", "contact", "check_in", "triage_case", "case_note")
Drill = collections.namedtuple("Drill", "id ledger answer")
_numbers = itertools.count(1)


@pytest.fixture(scope="module")
def gateway(lone_site):
    """Its name, and the file with its secret."""
    made = lone_site.gateway()
    secret = lone_site.directory / "gateway.secret"
    secret.write_text(made["secret"] + "\n")
    citizen = lone_site.citizen()
    # every edge must have read of it; each connection may come to another
    until(lambda: all(citizen.get(f"/gateway/kannel/messages?secret={made['secret']}", headers={"Connection": "close"}).status_code == 400
                      for _ in range(20)), "the edges know the gateway", 30)
    return ["--gateway", made["name"], "--secret-file", secret]


def run(site, *arguments, status=0):
    done = site.service.muster("drill", *arguments, "--json", check=False)
    assert done.returncode == status, (done.returncode, done.stdout[-2000:], done.stderr[-2000:])
    return json.loads(done.stdout) if done.stdout else None


def play(site, *arguments, seconds=4, scale=3, status=0):
    ledger = site.directory / f"{next(_numbers)}.ledger"
    answer = run(site, REHEARSAL, "--seconds", seconds, "--scale", scale, "--ledger", ledger, "--connections", 16, *arguments,
                 status=status)
    return Drill(answer["drill"], ledger, answer)


@pytest.fixture
def drill(lone_site, gateway):
    """One that was played, and is taken out at the end."""
    played = play(lone_site, *gateway)
    yield played
    run(lone_site, "--clean", "--drill", played.id)


def content(site):
    """Every row of the register."""
    return {table: sorted(site.query(f"SELECT t::text FROM register.{table} AS t", role="muster")) for table in TABLES}


def exercise_id(drill_id, number):
    return str(uuid.UUID(int=0x45584552 << 96 | int(drill_id[:4], 16) << 80 | 8 << 76 | int(drill_id[4:], 16) << 64 | 2 << 62 | number))


# --- playing ------------------------------------------------------------------------------------------------------------------

def test_a_small_drill(lone_site, drill, gateway):
    played, verified = drill.answer["played"], drill.answer["verified"]
    assert verified["true"] and verified["problems"] == []
    assert verified["answered"] == verified["found"] == played["registrations"] + played["check_ins"] + played["texts"]
    for happened in ("registrations", "check_ins", "texts", "duplicates", "cut", "sent_again"):
        assert played[happened] > 0, happened
    assert played["unanswered"] == played["odd"] == played["different"] == played["texts_left_out"] == 0
    assert played["latency"]["cry"]["answers"] > 0
    counted = lone_site.query("SELECT (SELECT count(*) FROM report.party WHERE exercise AND state = 'registered'), "
                              "(SELECT count(*) FROM report.check_in WHERE exercise)")
    assert counted == [(played["registrations"], played["check_ins"] + played["texts"])]


def test_all_of_it_is_marked_and_nothing_else(lone_site, drill):
    citizen = lone_site.citizen()
    answer = citizen.register(people.registration()).json()
    assert citizen.check_in(people.check_in(case=answer["case"], status="need_help")).status_code == 201
    marked = lone_site.query("SELECT registration_id, exercise FROM report.party")
    assert [row for row in marked if not row[1]] == [(case_codes.number(answer["case"]), False)]
    desk = lone_site.desk()
    shown = {one["case"]: one["exercise"] for queue in desk.queues() for one in desk.cases(queue)}
    assert shown.pop(answer["case"]) is False
    assert shown and all(shown.values())
    assert desk.case(next(iter(shown))).json()["exercise"] is True
    lone_site.query("DELETE FROM register.triage_case WHERE registration_id = %s", (case_codes.number(answer["case"]),), role="muster")


def test_through_the_desk(lone_site, drill):
    token = lone_site.directory / "desk.token"
    token.write_text(lone_site.staff().token + "\n")
    options = ("--verify", "--ledger", drill.ledger, "--desk", lone_site.service.desk_url, "--token-file", token, "--wait", 0)
    verified = run(lone_site, *options)["verified"]
    assert verified["true"] and verified["found"] > 0 and verified["not_seen"] > 0
    assert verified["found"] + verified["not_seen"] == verified["answered"]
    cry = ("SELECT c.registration_id, c.client_id FROM register.check_in AS c JOIN register.registration AS r USING (registration_id) "
           "WHERE c.band <= 2 AND c.channel = 'api' AND r.state = 'registered' AND register.is_exercise(c.client_id) LIMIT 1")
    with changed(lone_site, f"DELETE FROM register.check_in WHERE (registration_id, client_id) = ({cry})"):
        assert run(lone_site, *options, status=1)["verified"]["lost"] == 1


def test_with_the_database_away(lone_site, gateway):
    """Half of it goes to the journal, and verification waits until it is replayed."""
    ledger = lone_site.directory / "away.ledger"
    process = subprocess.Popen([BUILD / "muster", "-c", lone_site.service.configuration, "drill", REHEARSAL, "--seconds", "8",
                                "--ledger", ledger, "--json", "--wait", "60", *map(str, gateway)], stdout=subprocess.PIPE, stderr=subprocess.PIPE)
    try:
        until(lambda: ledger.exists() and b"\nA " in ledger.read_bytes(), "the first answer", 20)
        lone_site.cluster.stop("immediate")
        until(lambda: b" 202 " in ledger.read_bytes(), "something is answered 202", 30)
        lone_site.cluster.start()
        said, told = process.communicate(timeout=120)
    finally:
        if process.poll() is None:
            process.kill()
            process.communicate()
        if not lone_site.cluster.running:
            lone_site.cluster.start()
    assert said, told
    answer = json.loads(said)
    assert process.returncode == 0, (answer["verified"], told)
    assert answer["played"]["journalled"] > 0 and answer["verified"]["true"]
    run(lone_site, "--clean", "--ledger", ledger)


def test_killed_in_the_middle(lone_site, gateway):
    """What it was answered until then is verified from its ledger, and taken out by it."""
    ledger = lone_site.directory / "killed.ledger"
    process = subprocess.Popen([BUILD / "muster", "-c", lone_site.service.configuration, "drill", REHEARSAL, "--ledger", ledger,
                                *map(str, gateway)], stdout=subprocess.DEVNULL, stderr=subprocess.DEVNULL)
    until(lambda: ledger.exists() and ledger.read_bytes().count(b"\nA ") > 5, "some answers", 30)
    process.send_signal(signal.SIGKILL)
    process.wait(10)
    answer = run(lone_site, "--verify", "--ledger", ledger, "--wait", 5)
    assert answer["ended"] is False and answer["verified"]["true"] and answer["verified"]["found"] > 5
    run(lone_site, "--clean", "--ledger", ledger)
    assert run(lone_site, "--clean", "--ledger", ledger, "--dry-run") == {"check_ins": 0, "parties": 0, "unidentified": 0}
    assert run(lone_site, "--verify", "--ledger", ledger, "--wait", 0, status=1)["verified"]["lost"] > 5


def test_the_drawing_and_the_words(lone_site):
    drawing = lone_site.directory / "drill.svg"
    done = lone_site.service.muster("drill", REHEARSAL, "--seconds", 3, "--ledger", lone_site.directory / "words.ledger", "--plot", drawing)
    assert b"All true" in done.stdout and b"left out" in done.stdout # no gateway, no texts
    assert drawing.read_text().startswith("<svg ") and drawing.read_text().rstrip().endswith("</svg>")
    run(lone_site, "--clean", "--all")


# --- negative controls ----------------------------------------------------------------------------------------------------------

class changed:
    """The register spoilt by one statement, and mended."""

    def __init__(self, site, statement):
        self.site, self.statement = site, statement

    def __enter__(self):
        self.check_ins = self.site.cluster.query("SELECT array_agg(c::text) FROM register.check_in AS c")[0][0]
        self.parties = self.site.cluster.query("SELECT array_agg(r::text) FROM register.registration AS r")[0][0]
        self.site.query(self.statement, role="muster")

    def __exit__(self, *_):
        self.site.query("DELETE FROM register.check_in", role="muster")
        self.site.query("INSERT INTO register.check_in SELECT (t::register.check_in).* FROM unnest(%s::text[]) AS t", (self.check_ins,),
                        role="muster")
        self.site.query("UPDATE register.registration AS r SET party_size = (t::register.registration).party_size, "
                        "client_id = (t::register.registration).client_id FROM unnest(%s::text[]) AS t "
                        "WHERE r.registration_id = (t::register.registration).registration_id", (self.parties,), role="muster")


ONE = "(SELECT client_id FROM register.check_in WHERE channel = 'api' AND band = 3 AND register.is_exercise(client_id) " \
      "ORDER BY received_at DESC LIMIT 1)" # of the drill just played: others may have left some
TEXT = "(SELECT client_id FROM register.check_in WHERE channel = 'sms' AND register.is_exercise(client_id) ORDER BY received_at DESC LIMIT 1)"
PARTY = "(SELECT min(registration_id) FROM register.registration WHERE state = 'registered' AND register.is_exercise(client_id))"


@pytest.mark.parametrize("counted, statement", [
    ("lost", f"DELETE FROM register.check_in WHERE client_id = {ONE}"),
    ("lost", f"DELETE FROM register.check_in WHERE client_id = {TEXT}"),
    ("lost", f"UPDATE register.registration SET client_id = gen_random_uuid() WHERE registration_id = {PARTY}"),
    ("wrong", f"UPDATE register.check_in SET band = 5 WHERE client_id = {ONE}"),
    ("wrong", f"UPDATE register.check_in SET status = 'departed' WHERE client_id = {ONE}"),
    ("wrong", f"UPDATE register.check_in SET registration_id = 1 WHERE client_id = {ONE}"),
    ("wrong", f"UPDATE register.registration SET party_size = 29 WHERE registration_id = {PARTY}"),
    ("twice", ""), # made below
    ("never_sent", "INSERT INTO register.check_in (registration_id, client_id, content_mac, needs, reasons, channel, epoch_id, received_at, "
                   "stored_via) SELECT registration_id, (left(client_id::text, 24) || '0123456789ab')::uuid, content_mac, needs, reasons, "
                   f"channel, epoch_id, received_at, stored_via FROM register.check_in WHERE client_id = {ONE}"),
])
def test_what_is_not_true_is_seen(lone_site, drill, counted, statement):
    if counted == "twice":
        columns = [row[0] for row in lone_site.query(
            "SELECT attname FROM pg_attribute WHERE attrelid = 'register.check_in'::regclass AND attnum > 1 AND NOT attisdropped "
            "ORDER BY attnum", role="muster")]
        statement = f"INSERT INTO register.check_in SELECT 1, {', '.join(columns)} FROM register.check_in WHERE client_id = {ONE}"
    options = ("--verify", "--ledger", drill.ledger, "--wait", 0)
    with changed(lone_site, statement):
        verified = run(lone_site, *options, status=1)["verified"]
        assert verified[counted] == 1 and not verified["true"]
        assert sum(verified[name] for name in ("lost", "twice", "wrong", "never_sent")) == 1
        assert len(verified["problems"]) == 1 and len(verified["problems"][0]["client_id"]) == 36
    assert run(lone_site, *options)["verified"]["true"]


# --- cleaning -------------------------------------------------------------------------------------------------------------------

def test_cleaning_leaves_what_is_real_as_it_was(lone_site, gateway):
    citizen = lone_site.citizen()
    for status in ("safe", "need_help", "injured"):
        case = citizen.register(people.registration()).json()["case"]
        assert citizen.check_in(people.check_in(case=case, status=status)).status_code == 201
    assert citizen.check_in(people.check_in(phone=people.phone(), status="need_help")).status_code == 201
    desk = lone_site.desk()
    taken = desk.claim_next("emergency").json()["case"]
    assert desk.do(taken, "notes", {"text": people.words("called back, no answer")}).ok
    before = content(lone_site)
    first, second = play(lone_site, *gateway, scale=1), play(lone_site, *gateway, scale=1)
    spoken_to = next(one["case"] for one in desk.cases("assistance") if one["exercise"])
    assert desk.do(spoken_to, "claim").ok and desk.do(spoken_to, "notes", {"text": people.words("part of the exercise")}).ok
    run(lone_site, "--clean", "--drill", first.id)
    assert run(lone_site, "--verify", "--ledger", second.ledger)["verified"]["true"], "the other drill's are all there"
    counts = run(lone_site, "--clean", "--all", "--dry-run")
    assert counts["parties"] == second.answer["played"]["registrations"]
    removed = run(lone_site, "--clean", "--all")
    assert removed["check_ins"] == counts["check_ins"] and removed["parties"] == counts["parties"] + counts["unidentified"]
    assert content(lone_site) == before
    written = lone_site.query("SELECT action, detail ->> 'drill', (detail ->> 'check_ins')::integer FROM register.audit "
                              "WHERE action = 'exercise.clean' AND detail ? 'check_ins' ORDER BY audit_id DESC LIMIT 2", role="muster")
    assert written == [("exercise.clean", "all", removed["check_ins"]), ("exercise.clean", first.id, written[1][2])]


def test_a_cleaning_that_is_killed_stands_in_the_audit(lone_site):
    """It cannot say any more how much it removed; that it began, by whom and of what, was said before."""
    drill_id, numbers = "0abc123", itertools.count(1)
    said = [people.registration(client_id=exercise_id(drill_id, next(numbers))) for _ in range(3)]
    numbers_of = [case_codes.number(lone_site.citizen().register(one).json()["case"]) for one in said]
    with contextlib.closing(lone_site.cluster.connect()) as other, other.cursor() as cursor:
        cursor.execute("SELECT FROM register.registration WHERE registration_id = %s FOR UPDATE", (max(numbers_of),)) # it waits for this one
        process = subprocess.Popen([BUILD / "muster", "-c", lone_site.service.configuration, "drill", "--clean", "--drill", drill_id, "--chunk", "1"],
                                   stdout=subprocess.DEVNULL, stderr=subprocess.DEVNULL)
        left = "SELECT count(*) FROM register.registration WHERE registration_id = ANY (%s)"
        until(lambda: lone_site.query(left, (numbers_of,), role="muster") == [(1,)], "the others are gone", 30)
        process.kill()
        process.wait(10)
    told = lone_site.query("SELECT detail ->> 'drill', origin IS NOT NULL FROM register.audit WHERE action = 'exercise.clean' "
                           "ORDER BY audit_id DESC LIMIT 1", role="muster")
    assert told == [(drill_id, True)]
    run(lone_site, "--clean", "--drill", drill_id)
    assert lone_site.query(left, (numbers_of,), role="muster") == [(0,)]


def test_cleaning_what_is_mixed(lone_site):
    """An exercise's check-in at a real party goes, a real one at an exercise's party stays, as does who said both."""
    citizen, drill_id, numbers = lone_site.citizen(), "0abcdef", itertools.count(1)

    def marked():
        return exercise_id(drill_id, next(numbers))

    real = case_codes.number(citizen.register(people.registration()).json()["case"])
    made = case_codes.number(citizen.register(people.registration(client_id=marked())).json()["case"])
    alone = case_codes.number(citizen.register(people.registration(client_id=marked())).json()["case"])
    quiet = case_codes.number(citizen.register(people.registration()).json()["case"]) # real, and only a drill speaks for it
    phone, other = people.phone(), people.phone()
    row = ("SELECT r::text FROM register.registration AS r WHERE registration_id = %s", (quiet,), "muster")
    before = lone_site.query(*row)
    for told in (dict(case=case_codes.code(real), status="moving"), dict(case=case_codes.code(real), status="departed", client_id=marked()),
                 dict(case=case_codes.code(made), status="need_help", client_id=marked()), dict(case=case_codes.code(made), status="safe"),
                 dict(phone=phone, status="safe"), dict(phone=phone, status="injured", client_id=marked()),
                 dict(phone=other, status="injured", client_id=marked()), dict(phone=other, status="safe", client_id=marked()),
                 dict(case=case_codes.code(real), status="injured", client_id=marked()),
                 dict(case=case_codes.code(quiet), status="safe", client_id=marked())):
        assert citizen.check_in(people.check_in(**told)).status_code == 201
    removed = run(lone_site, "--clean", "--drill", drill_id, "--chunk", 1) # so that what belongs together is in several transactions
    assert (removed["check_ins"], removed["parties"], removed["kept"]) == (7, 2, 4)
    assert {case_codes.code(number) for number in (real, made, quiet)} <= set(removed["kept_cases"])
    said = dict(lone_site.query("SELECT registration_id, state || ' ' || last_status FROM report.party WHERE registration_id IN %s",
                                ((real, made, alone),)))
    assert said == {real: "registered moving", made: "unidentified safe"}
    assert lone_site.query(*row) == before
    assert lone_site.query("SELECT queue, state FROM report.triage_case WHERE registration_id = %s", (made,)) == [("identification", "open")]
    assert lone_site.query("SELECT status FROM report.check_in WHERE registration_id = %s", (made,)) == [("safe",)]
    assert lone_site.query("SELECT count(*) FROM report.check_in WHERE exercise")[0] == (0,)
    assert lone_site.query("SELECT count(*) FROM register.party_member WHERE registration_id = %s", (made,), role="muster") == [(0,)]


# --- being told -------------------------------------------------------------------------------------------------------------------

def test_what_is_not_understood(lone_site):
    bad = lone_site.directory / "bad.json"
    bad.write_text('{"population": {"parties": 0}, "reports": [{"status": "well"}], "phases": [{"name": "a", "seconds": -1}]}')
    for arguments in ((), ("--clean",), ("--clean", "--all", "--drill", "0000000"), ("--clean", "--drill", "xyz"), ("--frobnicate",),
                      (REHEARSAL, "--connections", "0"), (REHEARSAL, "--scale", "none"), (REHEARSAL, "--gateway", "kannel"), (bad,),
                      (REHEARSAL, "--secnods", "4")):
        assert lone_site.service.muster("drill", *arguments, check=False).returncode == 2, arguments
    told = lone_site.service.muster("drill", bad, check=False).stderr.decode()
    for path in ("population/parties", "population/languages", "reports/0/status", "phases/0/seconds"):
        assert path in told


def test_a_crisis_that_is_not_open(lone_site):
    """Nothing is sent: its registrations would be refused, and what strangers say would come to another crisis that is."""
    before = content(lone_site)
    ledger = lone_site.directory / "closed.ledger"
    done = lone_site.service.muster("drill", REHEARSAL, "--seconds", 2, "--crisis", "no-such", "--ledger", ledger, check=False)
    assert done.returncode == 1 and b"no-such is not open" in done.stderr
    assert not ledger.exists() and content(lone_site) == before


def test_a_server_that_is_not_who_it_should_be(lone_site):
    """Nothing is sent to one whose certificate nobody vouches for."""
    done = lone_site.service.muster("drill", REHEARSAL, "--ca", "/etc/ssl/certs/ca-certificates.crt", "--ledger",
                                    lone_site.directory / "never.ledger", check=False)
    assert done.returncode == 1 and b"not trusted" in done.stderr
