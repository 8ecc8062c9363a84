# SPDX-License-Identifier: Apache-2.0
"""What must not hurt: too big, not text, not JSON, not TLS, half a request."""
import json
import random
import socket
import time

import pytest

from harness import people
from harness.raw import RawConnection, request


def raw(site):
    return RawConnection(site.service.public_port, site.service.certificate)


def still_serves(site):
    assert site.citizen().register(people.registration()).status_code == 201


def problem(answer, *statuses):
    assert answer.status_code in statuses, (answer.status_code, answer.text[:200])
    assert answer.headers["Content-Type"].startswith("application/problem+json")
    assert answer.json()["status"] == answer.status_code and answer.json()["title"]


@pytest.mark.parametrize("path", ["/api/v1/registrations", "/api/v1/check-ins"])
@pytest.mark.parametrize("body", [
    b"", b"{", b"null", b"[]", b"17", b'"text"', b"{}", b'{"a":1,"a":2}', b"\xff\xfe{}", b'{"crisis":"\xc3"}', b"\x00" * 100,
    b'{"crisis":"ner-2023"}{"crisis":"ner-2023"}', b'{"client_id":' + b"[" * 5000 + b"]" * 5000 + b"}", b'{"x":1e999}',
    b'{"party":{"0":{}},"status":[],"case":{},"needs":7}', b"party/0/family_name=x",
], ids=lambda body: repr(body[:24]))
def test_bodies_that_are_no_record(site, citizen, path, body):
    problem(citizen.post(path, data=body, headers={"Content-Type": "application/json"}), 400, 415, 422)


@pytest.mark.parametrize("path", ["/api/v1/registrations", "/api/v1/check-ins", "/register", "/check-in"])
def test_a_megabyte_is_too_big(site, citizen, path):
    body = json.dumps(people.registration() | {"padding": "x" * 1_000_000}).encode()
    answer = citizen.post(path, data=body, headers={"Content-Type": "application/json"})
    assert answer.status_code == 413
    still_serves(site)


def test_a_megabyte_in_chunks_is_too_big(site):
    with raw(site) as connection:
        connection.send(request("POST", "/api/v1/registrations", headers=["Content-Type: application/json",
                                                                         "Transfer-Encoding: chunked"]))
        try:
            for _ in range(256):
                connection.send(b"1000\r\n" + b" " * 4096 + b"\r\n")
        except OSError:
            pass # refused before all was sent: as it should
        answer = connection.answer()
        assert answer is None or answer.status == 413
    still_serves(site)


@pytest.mark.parametrize("head", [
    b"GET / HTTP/1.1\r\nHost: 127.0.0.1\r\nX-Long: " + b"a" * 20_000 + b"\r\n\r\n",
    b"GET / HTTP/1.1\r\nHost: 127.0.0.1\r\n" + b"".join(b"X-%d: y\r\n" % i for i in range(500)) + b"\r\n",
    b"GET /" + b"a" * 20_000 + b" HTTP/1.1\r\nHost: 127.0.0.1\r\n\r\n",
], ids=["a long header", "many headers", "a long target"])
def test_heads_that_are_too_big(site, head):
    with raw(site) as connection:
        connection.send(head)
        answer = connection.answer()
        assert answer is not None and answer.status in (414, 431)
        assert connection.is_closed()


def test_wrong_types_everywhere(citizen):
    generator = random.Random(5)
    values = [None, True, -1, 1.5, "", "text", [], [[]], {}, {"a": {}}, 10**30, "\u0000", "\ud83d\ude00" * 300]
    for _ in range(150):
        sent = people.registration()
        _spoil(sent, generator, values)
        answer = citizen.register(sent)
        assert answer.status_code in (201, 400, 409, 422), (answer.status_code, sent)


def _spoil(tree, generator, values):
    """Puts a wrong value at a random place of the tree."""
    while True:
        keys = list(tree) if isinstance(tree, dict) else range(len(tree))
        if not keys:
            return
        key = generator.choice(list(keys))
        if isinstance(tree[key], (dict, list)) and tree[key] and generator.random() < 0.7:
            tree = tree[key]
        else:
            tree[key] = generator.choice(values)
            return


def test_text_in_every_script(site, citizen):
    for name in ("Šárka-Zoë", "محمد عبد الله", "Ɓaɓɓe Ƙwarai", "李小龍", "Ο'Βριαν", "e\u0301clair", "👩🏽‍🚀 Ñandú"):
        answer = citizen.register(people.registration(party=[people.member(family_name=name)]))
        assert answer.status_code == 201, name
    for name in ("a\u0000b", "a\u0007b", "a\nb"):
        answer = citizen.register(people.registration(party=[people.member(family_name=name)]))
        assert answer.status_code in (400, 422), repr(name) # U+0000 is not even read as JSON


def test_garbage_instead_of_tls(site):
    generator = random.Random(11)
    for garbage in (b"GET / HTTP/1.1\r\nHost: x\r\n\r\n", b"\x16\x03\x01\xff\xff", generator.randbytes(4096), b"\x00" * 64):
        with RawConnection(site.service.public_port) as connection:
            connection.socket.settimeout(10)
            connection.send(garbage)
            try:
                while connection.socket.recv(4096):
                    pass
            except (ConnectionResetError, BrokenPipeError):
                pass
    still_serves(site)


def test_a_silent_client_is_let_go(site):
    """The handshake has 5 s."""
    started = time.monotonic()
    with RawConnection(site.service.public_port, timeout=15) as connection:
        assert connection.socket.recv(1) == b""
    assert 3 < time.monotonic() - started < 12


def test_half_a_request_is_let_go(site):
    """The head has 10 s, however slowly it drips."""
    started = time.monotonic()
    with raw(site) as connection:
        connection.send(b"GET / HTTP/1.1\r\nHost: 127.0.0.1\r\n")
        connection.socket.settimeout(2)
        closed = False
        while not closed and time.monotonic() - started < 20:
            try:
                connection.send(b"X-Drip: drop\r\n")
                closed = connection.socket.recv(4096) == b""
            except socket.timeout:
                continue
            except OSError:
                closed = True
        assert closed and time.monotonic() - started < 18
    still_serves(site)


def test_clients_that_leave_in_the_middle(site):
    whole = request("POST", "/api/v1/registrations", json.dumps(people.registration()).encode())
    for cut in range(0, len(whole), max(1, len(whole) // 40)):
        with raw(site) as connection:
            connection.send(whole[:cut])
    still_serves(site)


def test_answers_keep_their_order_when_requests_are_sent_together(site):
    with raw(site) as connection:
        connection.send(b"".join(request("GET", path) for path in ("/api/v1/crises", "/no-such-page", "/api/v1/crises")))
        assert [connection.answer().status for _ in range(3)] == [200, 404, 200]


@pytest.mark.parametrize(("method", "path", "status"), [
    ("GET", "/api/v1/no-such-thing", 404), ("DELETE", "/api/v1/registrations", 405), ("PUT", "/api/v1/check-ins", 405),
    ("GET", "/../../etc/passwd", 400), ("GET", "/%2e%2e/%2e%2e/etc/passwd", 400), ("GET", "/a%00b", 400),
    ("GET", "/gateway/nobody/messages", 404),
])
def test_paths_and_methods_that_are_not_there(site, method, path, status):
    with raw(site) as connection:
        connection.send(request(method, path))
        answer = connection.answer()
        assert answer.status == status or (status == 404 and answer.status in (401, 403, 405)), answer.body
