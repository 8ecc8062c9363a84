# SPDX-License-Identifier: Apache-2.0
"""Passwords: changed by who knows the old one, and lost ones reset by two admins together; each ends what was open."""
import re

import pytest

from harness import totp

NEW = "three unrelated words"


def signed_in(site, role, number, password=None, code=None):
    officer, browser = site.staff(role, number), site.browser()
    body = {"user": officer.user, "password": password or officer.password} | ({"totp": code} if code else {})
    answer = browser.post("/api/v1/session", json=body)
    assert answer.status_code == 200, answer.text
    browser.csrf = answer.json()["csrf"]
    return officer, browser


def refused(site, user, password):
    return site.browser().sign_in(user, password).status_code == 401


def change(browser, old, new=NEW, **more):
    return browser.act("POST", "/password", json={"old": old, "new": new} | more)


def actions(site, user):
    rows = site.query("SELECT action FROM register.audit JOIN register.staff USING (staff_id) WHERE name = %s AND action LIKE 'password.%%' ORDER BY audit_id",
                      (user,), role="muster")
    return [row[0] for row in rows]


@pytest.fixture
def admins(site):
    return signed_in(site, "admin", 284)[1], signed_in(site, "admin", 298)[1]


def ask(admin, user, what="password"):
    answer = admin.act("POST", "/resets", json={"user": user, "what": what})
    assert answer.status_code == 201, answer.text
    return answer.json()["id"]


def test_it_is_changed_for_the_old_one_and_other_sessions_end(site):
    officer, browser = signed_in(site, "viewer", 285)
    _, other = signed_in(site, "viewer", 285)
    program = site.desk("viewer", 285)
    answer = change(browser, "not the old one")
    assert answer.status_code == 422 and "Nothing was changed" in answer.json()["detail"] and not refused(site, officer.user, officer.password)
    assert change(browser, officer.password).status_code == 204
    assert other.act("GET", "/me").status_code == 401
    assert browser.act("GET", "/me").status_code == 200 and program.act("GET", "/me").status_code == 200
    assert refused(site, officer.user, officer.password) and not refused(site, officer.user, NEW)
    assert actions(site, officer.user) == ["password.change"]
    assert change(program, NEW, "another few words").status_code == 403, "a program has no password"


def test_what_is_no_new_password(site):
    officer, browser = signed_in(site, "viewer", 286)
    for body in ({"old": officer.password, "new": "short"}, {"old": officer.password, "new": officer.password}, {"old": officer.password}, {"new": NEW},
                 {"old": officer.password, "new": "x" * 257}, {"old": officer.password, "new": NEW, "colour": "blue"}):
        assert browser.act("POST", "/password", json=body).status_code == 422, body
    assert browser.act("POST", "/password", data="x").status_code == 415 and actions(site, officer.user) == []


def test_it_cannot_be_tried_one_after_the_other(site):
    _, browser = signed_in(site, "viewer", 287)
    assert 429 in [change(browser, f"guess number {guess}").status_code for guess in range(8)]


def test_with_a_second_factor_a_code_is_asked_and_counts_once(site):
    officer, browser = signed_in(site, "viewer", 288)
    browser.post("/account/totp", data={"csrf": browser.csrf, "action": "begin"})
    secret = re.search(r'<code class="secret">([A-Z2-7]{32})</code>', browser.get("/account").text)[1]
    shown = browser.post("/account/totp", data={"csrf": browser.csrf, "action": "confirm", "code": totp.code(secret, -1)}).text
    recovery = re.findall(r"<li><code>([0-9a-z]{5}-[0-9a-z]{5})</code></li>", shown)
    assert change(browser, officer.password).status_code == 422
    assert change(browser, officer.password, totp=totp.code(secret, -1)).status_code == 422, "taken when it was enrolled"
    assert change(browser, officer.password, totp=totp.code(secret)).status_code == 204
    assert change(browser, NEW, "another few words", totp=recovery[0]).status_code == 204
    assert change(browser, "another few words", NEW, totp=recovery[0]).status_code == 422


def test_two_admins_reset_a_password(site, admins):
    one, two = admins
    officer, browser = signed_in(site, "viewer", 289)
    reset = ask(one, officer.user)
    own = one.act("POST", f"/resets/{reset}/approve")
    assert own.status_code == 409 and "another admin" in own.json()["detail"] and not refused(site, officer.user, officer.password)
    listed = {row["id"]: row for row in two.act("GET", "/resets").json()["resets"]}[reset]
    assert (listed["user"], listed["what"], listed["asked_by"], listed["may_approve"]) == (officer.user, "password", "admin.284", True)
    told = two.act("POST", f"/resets/{reset}/approve").json()
    assert told["user"] == officer.user and len(told["password"]) == 20
    assert two.act("POST", f"/resets/{reset}/approve").status_code == 404, "once"
    assert browser.act("GET", "/me").status_code == 401 and refused(site, officer.user, officer.password)
    _, again = signed_in(site, "viewer", 289, told["password"])
    assert again.act("GET", "/queues").status_code == 403 and "for once" in again.act("GET", "/queues").json()["detail"]
    assert again.get("/").headers["Location"] == "/account" and "Set your own" in again.get("/account").text
    assert again.act("POST", "/tokens", json={"name": "x"}).status_code == 403
    assert change(again, told["password"]).status_code == 204 and again.act("GET", "/queues").status_code == 200
    assert actions(site, officer.user) == ["password.reset", "password.change"]
    assert actions(site, "admin.284")[-1] == "password.ask_reset" and actions(site, "admin.298")[-1] == "password.approve_reset"


def test_two_admins_reset_a_second_factor(site, admins):
    one, two = admins
    officer, browser = signed_in(site, "viewer", 292)
    browser.post("/account/totp", data={"csrf": browser.csrf, "action": "begin"})
    secret = re.search(r'<code class="secret">([A-Z2-7]{32})</code>', browser.get("/account").text)[1]
    browser.post("/account/totp", data={"csrf": browser.csrf, "action": "confirm", "code": totp.code(secret)})
    assert refused(site, officer.user, officer.password)
    assert two.act("POST", f"/resets/{ask(one, officer.user, 'totp')}/approve").json() == {"user": officer.user, "what": "totp", "password": None}
    assert not refused(site, officer.user, officer.password)


def test_nobody_resets_themselves_nor_alone(site, admins):
    one, two = admins
    assert one.act("POST", "/resets", json={"user": "admin.284", "what": "totp"}).status_code == 422, "one's own"
    assert one.act("POST", "/resets", json={"user": "nobody.280", "what": "totp"}).status_code == 422
    assert one.act("POST", "/resets", json={"user": "admin.298", "what": "all"}).status_code == 422
    mine = ask(one, "admin.298")
    assert two.act("POST", f"/resets/{mine}/approve").status_code == 409, "of one's own account"
    assert site.desk("admin", 299).act("POST", f"/resets/{mine}/approve").status_code == 403, "no program is one of two people"
    assert two.act("DELETE", f"/resets/{mine}").status_code == 204 and one.act("DELETE", f"/resets/{mine}").status_code == 404
    late = ask(one, "viewer.280" if site.staff("viewer", 280) else "")
    site.query("UPDATE register.staff_reset SET expires_at = now() WHERE reset_id = %s", (late,), role="muster")
    assert two.act("POST", f"/resets/{late}/approve").status_code == 404 and late not in str(one.act("GET", "/resets").json())


def test_the_operator_gives_one_for_once(site):
    officer, browser = signed_in(site, "viewer", 293)
    once = site.service.muster_json("staff", "reset", "--user", officer.user)["password"]
    assert browser.act("GET", "/me").status_code == 401
    _, again = signed_in(site, "viewer", 293, once)
    assert again.act("GET", "/queues").status_code == 403 and change(again, once).status_code == 204
    assert site.service.muster("staff", "reset", "--user", "nobody", check=False).returncode == 1
    late = site.service.muster_json("staff", "reset", "--user", officer.user)["password"]
    site.query("UPDATE register.staff SET password_until = now() WHERE name = %s", (officer.user,), role="muster")
    assert refused(site, officer.user, late), "what has run out opens nothing"
