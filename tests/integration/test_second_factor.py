# SPDX-License-Identifier: Apache-2.0
"""Codes beside the password: enrolled by their owner, asked at each sign-in, each good for once; and the way back for who lost the phone."""
import re

import pytest

from harness import people, totp


def sign_in(site, officer, code=None):
    body = {"user": officer.user, "password": officer.password} | ({"totp": code} if code is not None else {})
    browser = site.browser()
    answer = browser.post("/api/v1/session", json=body)
    if answer.ok:
        browser.csrf = answer.json()["csrf"]
    return browser, answer


def change(browser, action, code=""):
    return browser.post("/account/totp", data={"csrf": browser.csrf, "action": action, "code": code})


def secret_on(page):
    return re.search(r'<code class="secret">([A-Z2-7]{32})</code>', page)[1]


@pytest.fixture
def enrolled(site):
    """Makes an account with a second factor; its officer, secret and recovery codes. The step before this one's is taken."""
    def make(number, role="officer"):
        officer = site.staff(role, number)
        browser, answer = sign_in(site, officer)
        assert answer.status_code == 200
        assert change(browser, "begin").status_code == 303
        secret = secret_on(browser.get("/account").text)
        done = change(browser, "confirm", totp.code(secret, -1))
        assert done.status_code == 200, done.text
        codes = re.findall(r"<li><code>([0-9a-z]{5}-[0-9a-z]{5})</code></li>", done.text)
        assert len(set(codes)) == 10
        return officer, secret, codes
    yield make
    for role in ("officer", "viewer"):
        site.service.muster("staff", "require-totp", "--role", role, "--off")


def actions(site, officer):
    rows = site.query("SELECT action, detail ->> 'by' FROM register.audit JOIN register.staff USING (staff_id) WHERE name = %s ORDER BY audit_id",
                      (officer.user,), role="muster")
    return [row for row in rows if row[0] != "session.refused"]


def test_enrolled_it_is_asked_at_each_sign_in(site, enrolled):
    officer, secret, _ = enrolled(460)
    _, alone = sign_in(site, officer)
    assert alone.status_code == 401 and "phone" in alone.json()["detail"], "who knows the password is told what is asked next"
    _, wrong = sign_in(site, officer, "000000" if totp.code(secret) != "000000" else "111111")
    assert wrong.status_code == 401 and "phone" not in wrong.json()["detail"]
    browser, right = sign_in(site, officer, totp.code(secret))
    assert right.status_code == 200 and browser.act("GET", "/queues").status_code == 200
    assert actions(site, officer) == [("session.open", "password"), ("totp.enrol", None), ("session.open", "totp")]


def test_a_wrong_password_tells_nothing_of_the_second_factor(site, enrolled):
    officer, secret, _ = enrolled(461)
    for code in (None, totp.code(secret)):
        _, answer = sign_in(site, officer._replace(password="not the password"), code)
        assert answer.status_code == 401 and "phone" not in answer.json()["detail"]


def test_a_code_counts_once_and_never_backwards(site, enrolled):
    officer, secret, _ = enrolled(462)
    now = totp.code(secret, 1)
    assert sign_in(site, officer, f"{now[:3]} {now[3:]}")[1].status_code == 200, "people type it as it is shown"
    assert sign_in(site, officer, now)[1].status_code == 401, "the same again"
    assert sign_in(site, officer, totp.code(secret, -1))[1].status_code == 401, "an earlier one"


def test_a_recovery_code_opens_once(site, enrolled):
    officer, _, codes = enrolled(463)
    assert sign_in(site, officer, codes[0].upper())[1].status_code == 200
    assert sign_in(site, officer, codes[0])[1].status_code == 401
    assert sign_in(site, officer, codes[1].replace("-", ""))[1].status_code == 200
    other, _, _ = enrolled(464)
    assert sign_in(site, other, codes[2])[1].status_code == 401, "another account's"
    assert ("session.open", "recovery") in actions(site, officer)


def test_new_recovery_codes_end_the_old(site, enrolled):
    officer, secret, codes = enrolled(465)
    browser, _ = sign_in(site, officer, codes[0])
    shown = change(browser, "codes", totp.code(secret))
    assert shown.status_code == 200 and codes[1] not in shown.text
    assert sign_in(site, officer, codes[1])[1].status_code == 401
    assert "10" in browser.get("/account").text and not re.search(r"<li><code>", browser.get("/account").text), "shown once"


def test_nothing_is_switched_on_or_off_without_a_code(site, enrolled):
    officer, secret, codes = enrolled(466)
    browser, _ = sign_in(site, officer, codes[0])
    assert change(browser, "remove").status_code == 422
    assert change(browser, "remove", totp.code(secret, -1)).status_code == 422, "taken when it was enrolled"
    assert change(browser, "begin").status_code == 303 and "secret" not in browser.get("/account").text, "what is proven stays"
    assert sign_in(site, officer)[1].status_code == 401
    assert change(browser, "remove", totp.code(secret)).status_code == 303
    assert sign_in(site, officer)[1].status_code == 200
    fresh = site.staff(number=467)
    browser, _ = sign_in(site, fresh)
    change(browser, "begin")
    assert change(browser, "confirm", "12345").status_code == 422
    assert sign_in(site, fresh)[1].status_code == 200, "shown and not proven, it is not asked"
    browser.csrf = "0" * 64
    assert change(browser, "begin").status_code == 403


def test_codes_cannot_be_tried_one_after_the_other(site, enrolled):
    officer, _, codes = enrolled(468)
    browser, _ = sign_in(site, officer, codes[0])
    assert 429 in [change(browser, "remove", f"{guess:06d}").status_code for guess in range(12)]


def test_the_operator_takes_it_away(site, enrolled):
    officer, _, _ = enrolled(469)
    assert site.service.muster_json("staff", "totp", officer.user) == {"user": officer.user, "enrolled": True, "recovery_codes_left": "10"}
    assert site.service.muster_json("staff", "totp", officer.user, "--remove")["enrolled"] is False
    assert sign_in(site, officer)[1].status_code == 200
    assert ("totp.remove", "operator") in actions(site, officer)
    assert site.service.muster("staff", "totp", "nobody", check=False).returncode == 1
    assert site.service.muster("staff", "totp", check=False).returncode == 2


def test_required_of_a_role_nothing_works_before_it(site, enrolled):
    viewer = site.staff("viewer", 70)
    site.service.muster("staff", "require-totp", "--role", "viewer")
    browser, answer = sign_in(site, viewer)
    assert answer.status_code == 200 and browser.act("GET", "/queues").status_code == 403
    assert browser.get("/").headers["Location"] == "/account" == browser.get("/broadcasts").headers["Location"]
    assert "before you can work" in browser.get("/account").text
    change(browser, "begin")
    assert change(browser, "confirm", totp.code(secret_on(browser.get("/account").text))).status_code == 200
    assert browser.act("GET", "/queues").status_code == 200 and browser.get("/").status_code == 200
    assert site.desk("viewer", 71).act("GET", "/queues").status_code == 200, "a program has no phone: its token is asked for nothing"


def test_at_rest_nothing_opens_it(site, enrolled):
    officer, secret, codes = enrolled(472)
    dump = site.cluster.dump()
    for clear in (secret, *codes, *(code.replace("-", "") for code in codes)):
        assert clear.encode() not in dump
    own = site.query("SELECT staff_id FROM register.staff WHERE name = %s", (officer.user,), role="muster")[0][0]
    connection = site.cluster.connect("muster_desk", site.service.password_of("muster_desk"))
    with connection, connection.cursor() as cursor:
        cursor.execute("SELECT set_config('muster.staff', %s, false)", (str(own + 1000000),))
        for table in ("staff_totp", "staff_recovery"):
            cursor.execute(f"SELECT count(*) FROM register.{table}")
            assert cursor.fetchone() == (0,), "a session sees its own"
            cursor.execute(f"DELETE FROM register.{table} WHERE staff_id = %s", (own,))
            assert cursor.rowcount == 0
    connection.close()


def test_without_a_session_the_account_is_the_sign_in_form(site):
    nobody = site.browser()
    assert 'name="password"' in nobody.get("/account").text
    assert 'name="password"' in nobody.post("/account/totp", data={"action": "begin"}).text
    assert people.traces(nobody.get("/account").content) == []
