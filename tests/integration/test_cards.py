# SPDX-License-Identifier: Apache-2.0
"""Smart cards: certificates of the ministry's authority, made here by openssl, that stand for an account; expired, revoked, foreign and unknown ones; and a session
that is one with its card."""
import pathlib
import subprocess
import tempfile

import pytest
import requests

from harness.service import CRISIS
from harness.site import Site
from harness.waiting import until

CA_SETTINGS = """[ca]
default_ca = this
[this]
database = {folder}/index
serial = {folder}/serial
crlnumber = {folder}/crlnumber
new_certs_dir = {folder}
certificate = {folder}/ca.crt
private_key = {folder}/ca.key
default_md = sha256
default_days = 30
default_crl_days = 30
policy = any
unique_subject = no
copy_extensions = none
x509_extensions = card
[any]
commonName = supplied
[card]
extendedKeyUsage = clientAuth
"""


class Authority:
    def __init__(self, folder, name="ca"):
        self.folder = folder / name
        self.folder.mkdir()
        self.folder.chmod(0o755)
        (self.folder / "settings").write_text(CA_SETTINGS.format(folder=self.folder))
        (self.folder / "index").write_text("")
        (self.folder / "serial").write_text("01\n")
        (self.folder / "crlnumber").write_text("01\n")
        self.openssl("req", "-x509", "-newkey", "ec", "-pkeyopt", "ec_paramgen_curve:P-256", "-nodes", "-subj", f"/CN=Cards of {name}", "-days", "30",
                     "-keyout", self.folder / "ca.key", "-out", self.folder / "ca.crt")
        self.certificate, self.revoked = self.folder / "ca.crt", self.folder / "crl.pem"
        self.publish()

    def openssl(self, *arguments):
        subprocess.run(["openssl", *map(str, arguments)], check=True, capture_output=True)

    def publish(self):
        self.openssl("ca", "-config", self.folder / "settings", "-gencrl", "-out", self.revoked)

    def card(self, name, *options, key=None):
        """(certificate, key): as a card would prove it."""
        made, key = self.folder / f"{name}.crt", key or self.folder / f"{name}.key"
        if not key.exists():
            self.openssl("genpkey", "-algorithm", "EC", "-pkeyopt", "ec_paramgen_curve:P-256", "-out", key)
        self.openssl("req", "-new", "-key", key, "-subj", f"/CN={name}", "-out", self.folder / "request")
        self.openssl("ca", "-config", self.folder / "settings", "-batch", "-notext", *options, "-in", self.folder / "request", "-out", made)
        return made, key

    def revoke(self, card):
        self.openssl("ca", "-config", self.folder / "settings", "-revoke", card[0])
        self.publish()


@pytest.fixture(scope="module")
def ministry():
    with tempfile.TemporaryDirectory(prefix="muster-cards-") as folder:
        pathlib.Path(folder).chmod(0o755)  # the desk reads it as its own user
        yield Authority(pathlib.Path(folder))


@pytest.fixture(scope="module")
def carded(ministry):
    running = Site(settings={"desk": {"client_ca_file": ministry.certificate, "client_crl_file": ministry.revoked}})
    try:
        yield running.start()
    finally:
        running.close()


@pytest.fixture
def linked(carded, ministry):
    """An officer's card."""
    def make(number, *options):
        officer = carded.staff("officer", number)
        card = ministry.card(officer.user, *options)
        carded.service.muster("staff", "certificate", "--user", officer.user, "--add", card[0])
        return officer, card
    return make


def with_card(site, card):
    browser = site.browser()
    browser.session.cert = tuple(map(str, card)) if card else None
    return browser


def sign_in(site, card):
    browser = with_card(site, card)
    return browser, browser.post("/sign-in/card")


def renewed(browser):
    """The next connection: what was shown on the last one is not resumed."""
    cookies, card = browser.session.cookies, browser.session.cert
    browser.session.close()
    browser.session = requests.Session()
    browser.session.trust_env, browser.session.cert, browser.session.cookies = False, card, cookies
    browser.session.verify = str(browser.certificate)
    return browser


def test_a_card_signs_in_and_its_session_is_one_with_it(carded, linked):
    officer, card = linked(280)
    browser, answer = sign_in(carded, card)
    assert answer.status_code == 303 and answer.headers["Location"] == "/", answer.text
    assert browser.act("GET", "/me").json()["user"] == officer.user and browser.get("/account").status_code == 200
    assert carded.query("SELECT detail ->> 'by' FROM register.audit WHERE action = 'session.open' ORDER BY audit_id DESC LIMIT 1", role="muster") == [("certificate",)]
    _, other = linked(281)
    for shown in (None, other):
        thief = with_card(carded, shown)
        thief.session.cookies.update(browser.session.cookies)
        assert thief.act("GET", "/me").status_code == 401, "the cookie without the card"


def test_a_card_leads_back_to_the_page_they_were_at(carded, linked):
    _, card = linked(437)
    assert with_card(carded, card).get("/map?crisis=x").text.count('name="next" value="/map?crisis=x"') == 2, "of either way to sign in"
    for told, location in (("/map?crisis=x", "/map?crisis=x"), ("//example.org", "/"), ("x" * 5000, "/")):
        answer = with_card(carded, card).post("/sign-in/card", data={"next": told})
        assert (answer.status_code, answer.headers["Location"]) == (303, location)
    refused = with_card(carded, None).post("/sign-in/card", data={"next": "/map"})
    assert refused.status_code == 401 and 'name="next" value="/map"' in refused.text


def test_without_a_card_everything_is_as_before(carded):
    officer = carded.staff("officer", 282)
    browser = with_card(carded, None)
    assert "smart card" in browser.get("/sign-in").text
    refused = browser.post("/sign-in/card")
    assert refused.status_code == 401 and "No card was shown" in refused.text
    assert browser.sign_in(officer.user, officer.password).status_code == 200 and carded.desk("officer", 282).act("GET", "/queues").status_code == 200


def test_a_card_of_nobody(carded, ministry, tmp_path):
    answer = sign_in(carded, ministry.card("unknown"))[1]
    assert answer.status_code == 401 and "not linked to an account" in answer.text
    officer = carded.staff("officer", 283)
    foreign = Authority(tmp_path, "abroad").card(officer.user)
    carded.service.muster("staff", "certificate", "--user", officer.user, "--add", foreign[0])
    answer = sign_in(carded, foreign)[1]
    assert answer.status_code == 401 and "not of the ministry" in answer.text, "linked, but not vouched for"


def test_a_card_out_of_its_time(carded, linked, ministry):
    officer, card = linked(284, "-startdate", "20200101000000Z", "-enddate", "20200201000000Z")
    assert "has expired" in sign_in(carded, card)[1].text
    fresh = ministry.card(officer.user, key=card[1])
    assert sign_in(carded, fresh)[1].status_code == 303, "renewed with the same key, it is the same card"


def test_a_revoked_card_is_out_at_the_next_connection(carded, linked, ministry):
    _, card = linked(285)
    browser, answer = sign_in(carded, card)
    assert answer.status_code == 303
    ministry.revoke(card)
    carded.service.reload()
    until(lambda: renewed(browser).act("GET", "/me").status_code == 401, "the list of revoked cards is read", 60)
    assert "was revoked" in sign_in(carded, card)[1].text


def test_the_operator_takes_a_card_back(carded, linked):
    officer, card = linked(286)
    browser, answer = sign_in(carded, card)
    assert answer.status_code == 303
    listed = carded.service.muster_json("staff", "certificate", "--user", officer.user)["cards"]
    assert [one["subject"] for one in listed] == [f"/CN={officer.user}"] and len(listed[0]["key_hash"]) == 64
    carded.staff("officer", 287)
    assert carded.service.muster("staff", "certificate", "--user", "officer.287", "--add", card[0], check=False).returncode == 1, "another's"
    assert carded.service.muster("staff", "certificate", "--user", officer.user, "--add", card[1], check=False).returncode == 1, "no certificate"
    carded.service.muster("staff", "certificate", "--user", officer.user, "--remove", card[0])
    assert browser.act("GET", "/me").status_code == 401 and "not linked" in sign_in(carded, card)[1].text
    assert carded.service.muster("staff", "certificate", check=False).returncode == 2


def test_a_card_asks_for_no_code(carded, linked):
    """The card and its PIN are two factors."""
    _, card = linked(288)
    carded.service.muster("staff", "require-totp", "--role", "officer")
    try:
        browser, answer = sign_in(carded, card)
        assert answer.status_code == 303 and browser.act("GET", "/queues").status_code == 200
    finally:
        carded.service.muster("staff", "require-totp", "--role", "officer", "--off")
    assert CRISIS in browser.act("GET", "/me").json()["crises"]


def test_a_disabled_account_is_out(carded, linked):
    officer, card = linked(289)
    carded.service.muster("staff", "disable", "--user", officer.user)
    assert sign_in(carded, card)[1].status_code == 401
