# SPDX-License-Identifier: Apache-2.0
"""Smart cards: certificates of the ministry's authority, made here by openssl, that stand for an account; expired, revoked, foreign, forged and unknown ones; and a
session that is one with its card, on a connection that stays open too."""
import contextlib
import http.client
import json
import pathlib
import socket
import ssl
import subprocess
import tempfile
import time

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
    def __init__(self, folder, name="ca", subject=None):
        self.folder = folder / name
        self.folder.mkdir()
        self.folder.chmod(0o755)
        (self.folder / "settings").write_text(CA_SETTINGS.format(folder=self.folder))
        (self.folder / "index").write_text("")
        (self.folder / "serial").write_text("01\n")
        (self.folder / "crlnumber").write_text("01\n")
        self.openssl("req", "-x509", "-newkey", "ec", "-pkeyopt", "ec_paramgen_curve:P-256", "-nodes", "-subj", subject or f"/CN=Cards of {name}", "-days", "30",
                     "-keyout", self.folder / "ca.key", "-out", self.folder / "ca.crt")
        self.certificate, self.revoked = self.folder / "ca.crt", self.folder / "crl.pem"
        self.publish()

    def openssl(self, *arguments, **options):
        subprocess.run(["openssl", *map(str, arguments)], check=True, capture_output=True, **options)

    def publish(self, *options):
        self.openssl("ca", "-config", self.folder / "settings", "-gencrl", *options, "-out", self.revoked)

    def card(self, name, *options, key=None, use="clientAuth"):
        """(certificate, key): as a card would prove it; `use`: what its certificate is for."""
        (self.folder / "settings").write_text(CA_SETTINGS.format(folder=self.folder).replace("clientAuth", use))
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


# --- connections that stay open ---------------------------------------------------------------------------------------------
@contextlib.contextmanager
def one_connection(site, card, cookies):
    """One that is never opened anew: (what a request is answered, how a stream begins)."""
    trust = ssl.create_default_context(cafile=site.service.certificate)
    trust.load_cert_chain(*card)
    connection = http.client.HTTPSConnection("127.0.0.1", site.service.desk_port, timeout=40, context=trust)
    connection.connect()
    connection.auto_open = 0
    headers = {"Cookie": "; ".join(f"{name}={value}" for name, value in cookies.items())}

    def get(path):
        connection.request("GET", path, headers=headers)
        return connection.getresponse()

    def status():
        answer = get("/api/v1/me")
        answer.read()
        return answer.status
    try:
        yield status, get
    finally:
        connection.close()


@contextlib.contextmanager
def at_work(site, linked, number):
    """An officer whose console asks by one connection and hears by another: (user, card, status by the first, stream by the second)."""
    officer, card = linked(number)
    cookies = sign_in(site, card)[0].session.cookies
    with one_connection(site, card, cookies) as (status, _), one_connection(site, card, cookies) as (_, get):
        stream = get("/api/v1/events")
        assert status() == 200 and stream.status == 200 and stream.readline() != b""
        yield officer.user, card, status, stream


def hears_the_end(stream):
    """Soon; its heartbeats would go on for hours."""
    limit = time.monotonic() + 20
    while time.monotonic() < limit:
        if b"event: ended" in stream.readline():
            return True
    return False


def test_a_revoked_card_is_out_on_its_open_connections(carded, linked, ministry):
    with at_work(carded, linked, 505) as (_, card, status, stream), at_work(carded, linked, 506) as (_, _, others, _):
        ministry.revoke(card)
        carded.service.reload()
        until(lambda: status() == 401, "the card is looked at again", 30)
        assert hears_the_end(stream), "and what the console hears ends"
        assert others() == 200, "hers who has another card does not"


def test_a_disabled_account_is_out_on_its_open_connections(carded, linked):
    with at_work(carded, linked, 507) as (user, _, status, stream):
        carded.service.muster("staff", "disable", "--user", user)
        assert status() == 401 and hears_the_end(stream)


def ailment(site):
    """What the doctor says is wrong with cards; None: nothing."""
    told = json.loads(site.service.muster("doctor", "--json", check=False).stdout)["cards"]
    return None if told["ok"] else told["detail"]


def test_a_list_that_has_run_out_refuses_every_card(carded, linked, ministry):
    with at_work(carded, linked, 508) as (_, card, status, stream):
        try:
            ministry.publish("-crlsec", "1")
            carded.service.reload()
            until(lambda: status() == 401, "out, when the list ran out, with no word to the desk", 30)
            assert hears_the_end(stream)
            assert "has expired" in sign_in(carded, card)[1].text
            assert "has run out" in ailment(carded)
            assert carded.service.events("tls.card_refused")[-1]["reason"] == "CRL has expired"
        finally:
            ministry.publish()
            carded.service.reload()
        until(lambda: sign_in(carded, card)[1].status_code == 303, "a new list", 30)
        until(lambda: status() == 200, "and the session is there again", 30)


def test_a_list_that_cannot_be_read_changes_nothing(carded, linked, ministry):
    with at_work(carded, linked, 509) as (_, card, status, _):
        failures = len(carded.service.events("tls.reload_failed"))
        try:
            ministry.revoked.write_text("no list")
            carded.service.reload()
            until(lambda: len(carded.service.events("tls.reload_failed")) > failures, "it says so", 30)
            assert status() == 200 and sign_in(carded, card)[1].status_code == 303
            assert "no list of revoked cards of /CN=Cards of ca" in ailment(carded)
        finally:
            ministry.publish()
            carded.service.reload()
    assert ailment(carded) is None


def test_two_authorities_of_which_one_has_another_above_it(carded, linked, ministry, tmp_path):
    """As states have it: a root that the desk need not know, and each gives out a list of its own."""
    root, branch = Authority(tmp_path, "root"), Authority(tmp_path, "branch")
    branch.openssl("req", "-new", "-key", branch.folder / "ca.key", "-subj", "/CN=Cards of branch", "-out", branch.folder / "request")
    branch.openssl("x509", "-req", "-in", branch.folder / "request", "-CA", root.certificate, "-CAkey", root.folder / "ca.key", "-days", "30",
                   "-extfile", "/dev/stdin", "-out", branch.certificate, input=b"basicConstraints = critical,CA:TRUE")
    branch.publish()
    officer = carded.staff("officer", 514)
    card, other = branch.card(officer.user), linked(515)[1]
    carded.service.muster("staff", "certificate", "--user", officer.user, "--add", card[0])
    assert "not of the ministry" in sign_in(carded, card)[1].text
    alone = ministry.certificate.read_bytes()
    try:
        ministry.certificate.write_bytes(alone + branch.certificate.read_bytes())
        assert "no list of revoked cards of /CN=Cards of branch" in ailment(carded)
        ministry.revoked.write_bytes(ministry.revoked.read_bytes() + branch.revoked.read_bytes())
        assert ailment(carded) is None
        carded.service.reload()
        until(lambda: sign_in(carded, card)[1].status_code == 303, "the second authority is read", 30)
        assert sign_in(carded, other)[1].status_code == 303
        ministry.certificate.write_bytes(alone + branch.certificate.read_bytes() + root.certificate.read_bytes())
        assert ailment(carded) is None, "of who gives out no cards no list is asked"
    finally:
        ministry.certificate.write_bytes(alone)
        ministry.publish()
        carded.service.reload()
    until(lambda: sign_in(carded, card)[1].status_code == 401, "the second authority is forgotten", 30)


# --- forgery ------------------------------------------------------------------------------------------------------------------
def test_a_certificate_that_looks_like_an_officers(carded, linked, ministry, tmp_path):
    officer, card = linked(510)
    genuine = tmp_path / "genuine.crt"
    genuine.write_bytes(card[0].read_bytes())
    same_name = ministry.card(officer.user, key=ministry.card("twin")[1])
    assert "not linked" in sign_in(carded, same_name)[1].text, "a namesake's"
    forger = Authority(tmp_path, "forger", subject="/CN=Cards of ca")
    by_forger = forger.card(officer.user, key=card[1])
    assert "not of the ministry" in sign_in(carded, by_forger)[1].text, "the officer's very key, but vouched for by who only bears the ministry's name"
    own = tmp_path / "own.crt"
    ministry.openssl("req", "-x509", "-new", "-key", card[1], "-subj", f"/CN={officer.user}", "-days", "900", "-out", own)
    assert "not of the ministry" in sign_in(carded, (own, card[1]))[1].text, "by herself, to last longer"
    chain = tmp_path / "chain.crt"
    foreign = forger.card("stranger")
    chain.write_bytes(foreign[0].read_bytes() + genuine.read_bytes())
    assert "not of the ministry" in sign_in(carded, (chain, foreign[1]))[1].text, "beside the officer's own"
    assert sign_in(carded, (genuine, card[1]))[1].status_code == 303


def test_a_certificate_for_something_else(carded, ministry):
    officer = carded.staff("officer", 511)
    server = ministry.card(officer.user, use="serverAuth")
    carded.service.muster("staff", "certificate", "--user", officer.user, "--add", server[0])
    assert "does not open anything" in sign_in(carded, server)[1].text


def test_what_headers_say_of_a_card_is_nothing(carded, linked):
    """As a proxy before other services would say it."""
    _, card = linked(512)
    text = ssl.PEM_cert_to_DER_cert(card[0].read_text()).hex()
    browser = with_card(carded, None)
    for name in ("X-SSL-Client-Cert", "X-Client-Cert", "X-Forwarded-Client-Cert", "Client-Cert", "SSL-Client-Cert", "X-SSL-Client-Verify", "X-Remote-User"):
        answer = browser.post("/sign-in/card", headers={name: "SUCCESS" if "Verify" in name else text})
        assert answer.status_code == 401 and "No card was shown" in answer.text, name


def test_nothing_is_resumed(carded, linked):
    """Neither what the desk itself began nor a ticket of the public side, which is sealed by the same key."""
    _, card = linked(513)
    for version in (ssl.TLSVersion.TLSv1_2, ssl.TLSVersion.TLSv1_3):
        trust = ssl.create_default_context(cafile=carded.service.certificate)
        trust.load_cert_chain(*card)
        trust.minimum_version = trust.maximum_version = version

        def meet(port, session=None):
            connection = http.client.HTTPSConnection("127.0.0.1", port, timeout=40, context=trust)
            connection.sock = trust.wrap_socket(socket.create_connection(("127.0.0.1", port)), server_hostname="127.0.0.1", session=session)
            connection.request("GET", "/")
            connection.getresponse().read()
            met = connection.sock.session, connection.sock.session_reused
            connection.close()
            return met
        public = meet(carded.service.public_port)[0]
        assert meet(carded.service.public_port, public)[1], "where it may, it is"
        for session in (public, meet(carded.service.desk_port)[0]):
            assert not meet(carded.service.desk_port, session)[1], version
