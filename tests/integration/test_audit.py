# SPDX-License-Identifier: Apache-2.0
"""The audit: what is done at the desk leaves an entry, nobody of the service takes one away, and what its owner does to one is found."""
import csv
import io
import json
import pathlib
import re

import psycopg2
import pytest

from harness import people
from harness.waiting import until

DESK = pathlib.Path(__file__).resolve().parents[2] / "lib" / "desk" / "desk.c"


def verify(site, *options):
    done = site.service.muster("audit", "verify", *options, "--json", check=False)
    return done.returncode, json.loads(done.stdout)


def owner(site, *statements):
    """Somebody who has the whole database, and takes the guards away first."""
    connection = site.cluster.connect()
    with connection, connection.cursor() as cursor:
        for table in ("audit", "audit_link"):
            cursor.execute(f"ALTER TABLE register.{table} DISABLE TRIGGER USER")
        for statement in statements:
            cursor.execute(statement)
        for table in ("audit", "audit_link"):
            cursor.execute(f"ALTER TABLE register.{table} ENABLE TRIGGER USER")
    connection.close()


@pytest.fixture
def entries(site, citizen, desk):
    """Numbers of the entries that three looks at a case left, linked."""
    code = citizen.register(people.registration()).json()["case"]
    assert citizen.check_in(people.check_in(case=code, status="need_help")).status_code == 201
    for _ in range(3):
        assert desk.case(code).status_code == 200
    status, told = verify(site)
    assert (status, told["whole"], told["faults"]) == (0, True, []), told
    return code, [row[0] for row in site.query("SELECT audit_id FROM register.audit WHERE action = 'case.read' ORDER BY audit_id DESC LIMIT 3",
                                               role="muster")][::-1]


@pytest.fixture
def damaged(site):
    """Does something to the database and undoes it after the test; what `verify` then finds."""
    undo = []

    def do(statement, back):
        owner(site, statement)
        undo.append(back)
        status, told = verify(site)
        assert status == 1 and told["whole"] is False
        return [(fault["fault"], fault["number"]) for fault in told["faults"]]
    yield do
    for back in reversed(undo):
        owner(site, *back)
    assert verify(site)[0] == 0


# --- the chain ------------------------------------------------------------------------------------------------------------

def test_a_changed_entry_is_named(site, entries, damaged):
    second = entries[1][1]
    for column, value in (("origin", "'10.0.0.1'"), ("staff_id", "1000000"), ("at", "at + interval '1 microsecond'"), ("detail", "'{\"x\": 1}'")):
        kept = site.query(f"SELECT {column}::text FROM register.audit WHERE audit_id = {second}", role="muster")[0][0]
        found = damaged(f"UPDATE register.audit SET {column} = {value} WHERE audit_id = {second}",
                        [f"UPDATE register.audit SET {column} = '{kept}' WHERE audit_id = {second}"])
        assert found == [("changed or moved: entry", second)], column
        owner(site, f"UPDATE register.audit SET {column} = '{kept}' WHERE audit_id = {second}")


def test_a_removed_entry_is_named(site, entries, damaged):
    second = entries[1][1]
    owner(site, f"CREATE TABLE public.kept AS SELECT * FROM register.audit WHERE audit_id = {second}")
    found = damaged(f"DELETE FROM register.audit WHERE audit_id = {second}",
                    ["INSERT INTO register.audit OVERRIDING SYSTEM VALUE SELECT * FROM public.kept", "DROP TABLE public.kept"])
    assert found == [("removed: entry", second)]


def test_a_removed_entry_with_its_link_is_missed(site, entries, damaged):
    second = entries[1][1]
    link = site.query(f"SELECT link FROM register.audit_link WHERE audit_id = {second}", role="muster")[0][0]
    owner(site, f"CREATE TABLE public.kept AS SELECT * FROM register.audit_link WHERE link = {link}")
    found = damaged(f"DELETE FROM register.audit_link WHERE link = {link}",
                    ["INSERT INTO register.audit_link SELECT * FROM public.kept", "DROP TABLE public.kept"])
    assert ("links are missing before link", link + 1) in found and ("in no link: entry", second) in found


def test_moved_entries_are_named(site, entries, damaged):
    first, second, _ = entries[1]
    swap = (f"UPDATE register.audit AS a SET at = b.at, staff_id = b.staff_id, action = b.action, origin = b.origin, detail = b.detail"
            f" FROM register.audit AS b WHERE (a.audit_id, b.audit_id) IN (({first}, {second}), ({second}, {first}))")
    assert damaged(swap, [swap]) == [("changed or moved: entry", first), ("changed or moved: entry", second)]


def test_an_entry_put_in_is_named(site, entries, damaged):
    put = site.query("SELECT max(audit_id) + 1000 FROM register.audit", role="muster")[0][0]
    found = damaged(f"INSERT INTO register.audit (audit_id, action) OVERRIDING SYSTEM VALUE VALUES ({put}, 'case.read')",
                    [f"DELETE FROM register.audit WHERE audit_id = {put}"])
    assert found == [("in no link: entry", put)]


def test_an_entry_removed_before_it_was_linked_is_named(site, desk, damaged, entries):
    """Its mark as unlinked is of the same transaction as itself."""
    desk.case(entries[0])
    mine = site.query("SELECT max(audit_id) FROM register.audit", role="muster")[0][0]
    owner(site, f"CREATE TABLE public.kept AS SELECT * FROM register.audit WHERE audit_id = {mine}")
    found = damaged(f"DELETE FROM register.audit WHERE audit_id = {mine}",
                    [f"DELETE FROM register.audit_link WHERE audit_id >= {mine}", "DROP TABLE public.kept"])
    assert found[0] == ("removed: entry", mine)


def test_a_chain_that_was_cut_off_lacks_the_anchor(site, entries, tmp_path):
    anchor = tmp_path / "heads"
    status, told = verify(site, "--anchor", anchor)
    assert status == 0 and anchor.read_text() == f"{told['links']} {told['head']}\n"
    assert verify(site, "--anchor", anchor)[0] == 0
    elsewhere = tmp_path / "other"
    elsewhere.write_text(f"{told['links'] + 1000000} {told['head']}\n")
    status, cut = verify(site, "--anchor", elsewhere)
    assert status == 1 and cut["faults"] == [{"fault": "cut off: the anchor knows link", "number": told["links"] + 1000000}]
    elsewhere.write_text(f"{told['links']} {'0' * 64}\n")
    status, forged = verify(site, "--anchor", elsewhere)
    assert status == 1 and forged["faults"][0]["fault"] == "the anchor has another hash for link"
    assert len(elsewhere.read_text().splitlines()) == 1, "no head of a chain that is not whole"
    elsewhere.write_text("nonsense\n")
    assert site.service.muster("audit", "verify", "--anchor", elsewhere, check=False).returncode == 1


def test_the_courier_links_by_itself(site, desk):
    assert desk.act("GET", "/queues/emergency/cases").status_code == 200
    until(lambda: site.query("SELECT count(*) FROM register.audit_unlinked", role="muster") == [(0,)], "all linked")


@pytest.mark.parametrize("role", ["muster_edge", "muster_desk", "muster_courier", "muster_report"])
def test_no_role_of_the_service_takes_an_entry_away(site, entries, role):
    for statement in ("UPDATE register.audit SET staff_id = NULL", "DELETE FROM register.audit", "TRUNCATE register.audit",
                      "DELETE FROM register.audit_link", "DELETE FROM register.audit_unlinked",
                      "INSERT INTO register.audit_link VALUES (1000000, 1000000, 'x')", "ALTER TABLE register.audit DISABLE TRIGGER ALL"):
        with pytest.raises(psycopg2.errors.InsufficientPrivilege):
            site.query(statement, role=role)
    for statement in ("UPDATE register.audit SET staff_id = NULL", "DELETE FROM register.audit", "TRUNCATE register.audit", "DELETE FROM register.audit_link"):
        with pytest.raises(psycopg2.errors.InsufficientPrivilege):
            site.query(statement, role="muster")


# --- export ---------------------------------------------------------------------------------------------------------------

def test_it_is_exported(site, entries):
    code, numbers = entries
    lines = [json.loads(line) for line in site.service.muster("audit", "export", "--case", code).stdout.splitlines()]
    looks = [line for line in lines if line["action"] == "case.read"]
    assert [line["number"] for line in looks] == numbers
    assert {(line["staff"], line["case"], line["origin"]) for line in looks} == {(site.staff().user, code, "127.0.0.1")}
    rows = list(csv.DictReader(io.StringIO(site.service.muster("audit", "export", "--csv", "--case", code, "--user", site.staff().user).stdout.decode())))
    assert [int(row["number"]) for row in rows if row["action"] == "case.read"] == numbers
    assert people.traces(repr(lines).encode()) == []
    assert site.service.muster("audit", "export", "--case", "nothing", check=False).returncode == 1
    assert site.service.muster("audit", check=False).returncode == 2 and b"--anchor" in site.service.muster("audit", "--help").stdout


# --- every route ----------------------------------------------------------------------------------------------------------

NOTHING_OF_ANYBODY = {("GET", "/"), ("GET", "/broadcasts"), ("GET", "/account"), ("GET", "/map"), ("GET", "/dashboard"), ("GET", "/intake"), ("GET", "/audit"),
                      ("GET", "/warden"), ("GET", "/api/v1/wardens/{user}/households"), ("GET", "/wardens"), ("GET", "/api/v1/wardens"),
                      ("GET", "/api/v1/events"), ("POST", "/api/v1/presence"), ("GET", "/api/v1/map"), ("GET", "/api/v1/places"), ("GET", "/api/v1/figures"),
                      ("GET", "/api/v1/policy"), ("GET", "/policy"), ("GET", "/api/v1/policy/history"), ("POST", "/api/v1/policy/preview"),
                      ("GET", "/api/v1/colleagues"), ("GET", "/api/v1/zones"), ("GET", "/api/v1/zones/{zone}"), ("POST", "/api/v1/zones/preview"),
                      ("GET", "/sign-in"), ("GET", "/assets/{name}"), ("GET", "/api/v1/me"), ("GET", "/api/v1/resets"),
                      ("GET", "/api/v1/sessions"), ("GET", "/api/v1/queues"), ("GET", "/api/v1/broadcasts"), ("GET", "/api/v1/broadcasts/{broadcast}")}
ELSEWHERE = {("POST", "/sign-in/card"): "test_cards.py", ("POST", "/api/v1/password"): "test_passwords.py", ("POST", "/api/v1/resets"): "test_passwords.py",
             ("POST", "/api/v1/resets/{reset}/approve"): "test_passwords.py", ("DELETE", "/api/v1/resets/{reset}"): "test_passwords.py",
             ("GET", "/api/v1/audit"): "test_audit_desk.py", ("GET", "/api/v1/warden"): "test_wardens.py", ("POST", "/api/v1/warden/{case}/words"): "test_wardens.py",
             ("DELETE", "/api/v1/warden/{case}/words/{word}"): "test_wardens.py", ("PUT", "/api/v1/wardens/{user}/households"): "test_wardens.py",
             ("DELETE", "/api/v1/wardens/{user}/households"): "test_wardens.py", ("POST", "/api/v1/wardens/{user}/households"): "test_warden_lists.py",
             ("DELETE", "/api/v1/wardens/{user}/households/{case}"): "test_warden_lists.py",
             ("POST", "/account/totp"): "test_second_factor.py", ("POST", "/api/v1/broadcasts"): "test_broadcasts.py",
             ("POST", "/api/v1/broadcasts/{broadcast}/{action}"): "test_broadcasts.py", ("PUT", "/api/v1/policy"): "test_policy.py",
             ("PATCH", "/api/v1/policy"): "test_policy.py", ("POST", "/api/v1/zones"): "test_zones.py", ("PUT", "/api/v1/zones/{zone}"): "test_zones.py",
             ("DELETE", "/api/v1/zones/{zone}"): "test_zones.py"}


def test_every_route_leaves_its_entry(site, citizen, desk):
    """A new route makes this red until somebody has said what it leaves in the audit."""
    officer = site.staff(number=90)
    code = citizen.register(people.registration()).json()["case"]
    assert citizen.check_in(people.check_in(case=code, status="need_help")).status_code == 201
    browser = site.browser()
    note = {"text": people.words("called back")}
    alike = people.registration()
    other = citizen.register({**people.registration(), "contacts": alike["contacts"]}).json()["case"]
    assert citizen.check_in(people.check_in(case=other, status="need_help")).status_code == 201
    first = citizen.register(alike).json()["case"]
    assert citizen.check_in(people.check_in(case=first, status="need_help")).status_code == 201
    leaves = {
        ("POST", "/sign-in"): ("session.open", lambda: site.browser().post("/sign-in", data={"user": officer.user, "password": officer.password})),
        ("POST", "/api/v1/session"): ("session.open", lambda: browser.sign_in(officer.user, officer.password)),
        ("POST", "/api/v1/tokens"): ("token.add", lambda: browser.act("POST", "/tokens", json={"name": "program"})),
        ("DELETE", "/api/v1/sessions/{session}"): ("session.revoke", lambda: browser.act(
            "DELETE", f"/sessions/{browser.act('GET', '/sessions').json()['sessions'][0]['id']}")),
        ("GET", "/api/v1/queues/{queue}/cases"): ("queue.list", lambda: browser.act("GET", "/queues/assistance/cases")),
        ("GET", "/api/v1/cases/{case}"): ("case.read", lambda: browser.case(code)),
        ("GET", "/api/v1/cases/{case}/check-ins"): ("case.read", lambda: browser.act("GET", f"/cases/{code}/check-ins")),
        ("GET", "/api/v1/search"): ("search", lambda: browser.act("GET", "/search", params={"q": code})),
        ("POST", "/api/v1/search"): ("search", lambda: browser.act("POST", "/search", json={"q": code})),
        ("GET", "/api/v1/cases/{case}/duplicates"): ("case.duplicates", lambda: browser.act("GET", f"/cases/{first}/duplicates")),
        ("POST", "/api/v1/cases/{case}/keep-apart"): ("case.keep_apart", lambda: browser.do(first, "keep-apart", {"with": other})),
        ("POST", "/api/v1/cases/{case}/maybe-same"): ("case.maybe_same", lambda: browser.do(first, "maybe-same", {"with": other})),
        ("POST", "/api/v1/cases/{case}/check-ins"): ("check_in.take", lambda: browser.do(code, "check-ins", people.check_in())),
        ("POST", "/api/v1/cases/{case}/merge"): ("case.merge", lambda: browser.do(first, "merge", {"with": other})),
        ("POST", "/api/v1/cases/{case}/unmerge"): ("case.unmerge", lambda: browser.do(first, "unmerge", {"with": other})),
        ("POST", "/api/v1/registrations"): ("registration.take", lambda: browser.act("POST", "/registrations", json=people.registration())),
        ("POST", "/api/v1/queues/{queue}/claim"): ("case.claim", lambda: browser.claim_next("assistance")),
        ("POST", "/api/v1/cases/{case}/{action}"): ("case.note", lambda: browser.do(code, "notes", note)),
        ("POST", "/api/v1/hand-over"): ("hand_over", lambda: browser.act("POST", "/hand-over", json={"note": people.words("all is quiet")})),
        ("GET", "/api/v1/hand-over"): ("hand_over.list", lambda: browser.act("GET", "/hand-over")),
        ("POST", "/api/v1/hand-over/{hand_over}/read"): ("hand_over.read", lambda: browser.act(
            "POST", f"/hand-over/{browser.act('GET', '/hand-over').json()['hand_overs'][0]['id']}/read")),
        ("DELETE", "/api/v1/session"): ("session.close", lambda: browser.act("DELETE", "/session")),
    }
    table = re.search(r"struct http_route routes\[\] = \{(.*?)\n\};", DESK.read_text(), re.S)[1]
    routes = {(method, path) for method, path in re.findall(r'\{\s*HTTP_(\w+),\s*"([^"]+)"', table)}
    assert routes == leaves.keys() | NOTHING_OF_ANYBODY | ELSEWHERE.keys()
    for route, (action, call) in leaves.items():
        before = site.query("SELECT coalesce(max(audit_id), 0) FROM register.audit", role="muster")[0][0]
        answer = call()
        assert answer.status_code < 400, (route, answer.text)
        left = site.query("SELECT action, name, origin FROM register.audit LEFT JOIN register.staff USING (staff_id) WHERE audit_id > %s", (before,), role="muster")
        assert (action, officer.user, "127.0.0.1") in left, route
