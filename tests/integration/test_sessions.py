# SPDX-License-Identifier: Apache-2.0
"""Sessions and tokens: seen and ended by who owns them, narrowed by scopes, over at once with the account; and nobody is locked out by another."""
import datetime
import uuid

import pytest

from harness import people
from harness.clients import Desk


def signed_in(site, officer):
    browser = site.browser()
    answer = browser.sign_in(officer.user, officer.password)
    assert answer.status_code == 200, answer.text
    return browser


def listed(browser, **parameters):
    answer = browser.act("GET", "/sessions", params=parameters)
    assert answer.status_code == 200, answer.text
    return answer.json()["sessions"]


def make_token(site, browser, **body):
    answer = browser.act("POST", "/tokens", json={"name": "a program"} | body)
    assert answer.status_code == 201, answer.text
    made = answer.json()
    return made["id"], site._keep(Desk(site.service.desk_url, site.service.certificate, made["token"]))


def test_one_sees_and_ends_ones_sessions(site):
    officer = site.staff(number=30)
    here, there = signed_in(site, officer), signed_in(site, officer)
    both = [one for one in listed(here) if one["kind"] == "browser"]
    assert len(both) == 2 and [one["current"] for one in both].count(True) == 1
    assert all(one["origin"] == "127.0.0.1" and one["scopes"] is None for one in both)
    cookies = [cookie.value for cookie in here.session.cookies] + [cookie.value for cookie in there.session.cookies]
    assert not any(cookie in repr(both) for cookie in cookies), "an id is not the secret"
    other = next(one["id"] for one in both if not one["current"])
    assert here.act("DELETE", f"/sessions/{other}").status_code == 204
    assert there.act("GET", "/me").status_code == 401 and here.act("GET", "/me").status_code == 200
    assert here.act("DELETE", f"/sessions/{other}").status_code == 404
    assert here.act("DELETE", "/sessions/nothing").status_code == 404
    assert site.query("SELECT count(*) FROM register.audit JOIN register.staff USING (staff_id) WHERE name = %s AND action = 'session.revoke'",
                      (officer.user,), role="muster") == [(1,)]


def test_anothers_are_the_admins_to_end(site):
    officer, other, admin = site.staff(number=31), site.staff(number=32), site.staff("admin", 31)
    victim, nosy, boss = signed_in(site, officer), signed_in(site, other), signed_in(site, admin)
    mine = next(one["id"] for one in listed(victim) if one["current"])
    assert nosy.act("GET", "/sessions", params={"user": officer.user}).status_code == 403
    assert nosy.act("DELETE", f"/sessions/{mine}").status_code == 404
    assert victim.act("GET", "/me").status_code == 200
    assert mine in {one["id"] for one in listed(boss, user=officer.user)}
    assert boss.act("DELETE", f"/sessions/{mine}").status_code == 204
    assert victim.act("GET", "/me").status_code == 401


def test_postgresql_itself_shows_no_others_sessions(site):
    for number in (31, 32):
        signed_in(site, site.staff(number=number))
    ids = {number: site.query("SELECT staff_id FROM register.staff WHERE name = %s", (site.staff(number=number).user,), role="muster")[0][0]
           for number in (31, 32)}
    connection = site.cluster.connect("muster_desk", site.service.password_of("muster_desk"))
    with connection, connection.cursor() as cursor:
        cursor.execute("SELECT set_config('muster.staff', %s, false)", (str(ids[31]),))
        cursor.execute("SELECT DISTINCT staff_id FROM register.staff_session")
        assert cursor.fetchall() == [(ids[31],)]
        cursor.execute("DELETE FROM register.staff_session WHERE staff_id = %s", (ids[32],))
        assert cursor.rowcount == 0
        with pytest.raises(Exception, match="row-level security"):
            cursor.execute("INSERT INTO register.staff_session (session_mac, staff_id, kind, expires_at) VALUES ('x', %s, 'token', now())", (ids[32],))
    connection.close()


def test_a_token_is_as_wide_as_its_scopes(site, citizen):
    code = citizen.register(people.registration()).json()["case"]
    assert citizen.check_in(people.check_in(case=code, status="need_help")).status_code == 201
    browser = signed_in(site, site.staff("lead", 33))
    _, whole = make_token(site, browser)
    _, reader = make_token(site, browser, scopes=["look"])
    _, blind = make_token(site, browser, scopes=[])
    _, worker = make_token(site, browser, scopes=["work"])
    assert reader.case(code).status_code == 200 and reader.do(code, "claim").status_code == 403
    assert site.query("SELECT read_at FROM register.triage_case WHERE registration_id = (SELECT registration_id FROM register.audit"
                      " WHERE action = 'case.read' ORDER BY audit_id DESC LIMIT 1)", role="muster") == [(None,)], "who may not work has not read it for the desk"
    assert worker.act("GET", "/queues").status_code == 403 and worker.do(code, "claim").status_code == 200
    assert worker.do(code, "release").status_code == 200
    assert blind.act("GET", "/queues").status_code == 403 and blind.act("GET", "/me").status_code == 200
    other = site.desk(number=34)
    assert other.do(code, "claim").status_code == 200
    assert worker.do(code, "release").status_code == 412, "overruling is a scope of its own"
    assert whole.do(code, "release").status_code == 200


def test_a_scope_gives_no_more_than_the_role(site, citizen):
    code = citizen.register(people.registration()).json()["case"]
    assert citizen.check_in(people.check_in(case=code, status="need_help")).status_code == 201
    _, viewer = make_token(site, signed_in(site, site.staff("viewer", 35)), scopes=["look", "work", "overrule"])
    assert viewer.case(code).status_code == 200 and viewer.do(code, "claim").status_code == 403


def test_a_token_makes_no_token_and_ends_no_session(site):
    browser = signed_in(site, site.staff(number=36))
    id, token = make_token(site, browser, expires=(datetime.datetime.now(datetime.timezone.utc) + datetime.timedelta(days=2)).isoformat())
    for method, path in (("POST", "/tokens"), ("GET", "/sessions"), ("DELETE", f"/sessions/{id}")):
        assert token.act(method, path, json={"name": "more"} if method == "POST" else None).status_code == 403, path
    assert token.post("/account/totp", data={"action": "begin"}).status_code == 403
    row = next(one for one in listed(browser) if one["id"] == id)
    assert (row["kind"], row["name"]) == ("token", "a program")
    assert browser.act("DELETE", f"/sessions/{id}").status_code == 204
    assert token.act("GET", "/me").status_code == 401


@pytest.mark.parametrize(("body", "field"), [
    ({"name": ""}, "name"), ({}, "name"), ({"name": "x", "scopes": ["administer"]}, "scopes/0"), ({"name": "x", "scopes": "look"}, "scopes"),
    ({"name": "x", "expires": "tomorrow"}, "expires"), ({"name": "x", "expires": "2020-01-01T00:00:00Z"}, "expires"),
    ({"name": "x", "expires": "2099-01-01T00:00:00Z"}, "expires"), ({"name": "x", "role": "lead"}, "role"),
])
def test_what_is_no_token(site, body, field):
    answer = signed_in(site, site.staff(number=37)).act("POST", "/tokens", json=body)
    assert answer.status_code == 422 and [error["field"] for error in answer.json()["errors"]] == [field]


def test_a_disabled_account_is_out_at_once(site):
    officer = site.staff(number=38)
    browser, program = signed_in(site, officer), site.desk(number=38)
    site.service.muster("staff", "disable", "--user", officer.user)
    assert browser.act("GET", "/me").status_code == program.act("GET", "/me").status_code == 401
    assert site.browser().sign_in(officer.user, officer.password).status_code == 401
    assert site.service.muster("staff", "disable", "--user", "nobody", check=False).returncode == 1


def test_who_guesses_beside_an_officer_does_not_lock_them_out(site):
    """From the same address, as in one office; the officer's browser has signed in before."""
    officer = site.staff(number=39)
    browser = signed_in(site, officer)
    attacker = site.browser()

    def besieged(client):
        """What the client gets just after the attacker was told to wait."""
        for _ in range(20):
            if attacker.sign_in(officer.user, f"guess {uuid.uuid4()}").status_code == 429:
                return client.sign_in(officer.user, officer.password).status_code
        raise AssertionError("nothing slows the attacker")

    assert besieged(site.browser()) == 429, "a strange browser waits with them"
    assert besieged(browser) == 200
    forged = site.browser()
    forged.session.cookies.set("__Host-muster-device", "0" * 64, secure=True)
    assert besieged(forged) == 429
    borrowed = site.browser()
    borrowed.session.cookies.update(signed_in(site, site.staff(number=30)).session.cookies)
    assert besieged(borrowed) == 429, "another account's device"
