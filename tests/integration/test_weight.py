# SPDX-License-Identifier: Apache-2.0
"""Bytes on the wire: a citizen on 40 kbit/s waits two seconds for ten thousand of them."""
import gzip
import json
import re
import urllib.parse
import uuid

import pytest

from harness import people
from harness.wire import Wire

PHONE = {"Accept": "text/html", "Accept-Language": "fr-NE,fr;q=0.9", "Accept-Encoding": "gzip, deflate, br",
         "User-Agent": "Mozilla/5.0 (Linux; Android 9; one of many) AppleWebKit/537.36 Chrome/120.0.0.0 Mobile Safari/537.36"}
FIRST_VISIT, FIRST_REQUEST = 14_000, 9_000


@pytest.fixture
def wire(site):
    where = urllib.parse.urlsplit(site.service.public_url)
    connection = Wire(where.hostname, where.port)
    yield connection
    connection.close()


@pytest.mark.parametrize("language", ["en", "fr", "ha", "dje", "ar"])
def test_a_first_visit(wire, language):
    """One request brings the home page with its form and script; then, when the phone is idle, the script once more, as what serves it without
    network. Both ways, headers and TLS records with them."""
    home = wire.request("GET", f"/?lang={language}", PHONE)
    assert home.status == 200 and home.headers["content-encoding"] == "br"
    page = gzip.decompress(wire.request("GET", f"/?lang={language}", {**PHONE, "Accept-Encoding": "gzip"}).body)
    assert b'<template id="quick">' in page and b'name="status"' in page and b"<script>" in page
    assert not re.search(rb"<(?:img|link|script)[^>]+(?:src|href)=\"(?!data:)", page), "nothing else is asked for"
    script = wire.request("GET", "/offline.js", PHONE)
    assert script.status == 200 and script.headers["content-encoding"] == "br"
    assert home.sent + home.received <= FIRST_REQUEST
    assert sum(one.sent + one.received for one in (home, script)) <= FIRST_VISIT


def test_a_page_that_is_known_is_not_sent_again(wire):
    first = wire.request("GET", "/", PHONE)
    assert first.headers["vary"] == "Accept-Language, Accept-Encoding" and first.headers["cache-control"] == "no-cache"
    again = wire.request("GET", "/", {**PHONE, "If-None-Match": first.headers["etag"]})
    assert again.status == 304 and again.body == b"" and again.received < 1000
    for other in ({"Accept-Encoding": "gzip"}, {"Accept-Encoding": "identity"}, {"Accept-Language": "en"}):
        answer = wire.request("GET", "/", {**PHONE, **other, "If-None-Match": first.headers["etag"]})
        assert answer.status == 200 and answer.headers["etag"] != first.headers["etag"]


def test_encodings_say_the_same(wire):
    plain = wire.request("GET", "/", {**PHONE, "Accept-Encoding": "identity"})
    zipped = wire.request("GET", "/", {**PHONE, "Accept-Encoding": "gzip"})
    assert "content-encoding" not in plain.headers and gzip.decompress(zipped.body) == plain.body


def test_a_check_in_is_a_kilobyte_each_way(wire):
    wire.request("GET", "/.well-known/security.txt", PHONE) # the tickets of the handshake come with the first answer
    at = {**PHONE, "Content-Type": "application/json"}
    told = wire.request("POST", "/api/v1/check-ins", at, json.dumps(
        {"client_id": str(uuid.uuid4()), "phone": people.phone(), "status": "safe"}).encode())
    assert told.status == 201 and told.sent < 1024 and told.received < 1024


@pytest.mark.parametrize("path", ["/check-in?case=K7M2Q-9QXD4", "/register?contacts/0/value=x", "/status?case=K7M2Q-9QXD4"])
def test_words_of_a_link_are_not_compressed(wire, path):
    """BREACH: the length of what is compressed tells what it repeats."""
    assert "content-encoding" not in wire.request("GET", path, PHONE).headers


def test_a_receipt_with_a_secret_is_not_compressed(wire):
    form = {**PHONE, "Content-Type": "application/x-www-form-urlencoded"}
    body = urllib.parse.urlencode({"client_id": str(uuid.uuid4()), "crisis": "ner-2023", "party/0/family_name": people.name()}).encode()
    told = wire.request("POST", "/register", form, body)
    assert told.status == 201 and "content-encoding" not in told.headers
    body = urllib.parse.urlencode({"client_id": str(uuid.uuid4()), "status": "safe", "phone": people.phone()}).encode()
    told = wire.request("POST", "/check-in", form, body)
    assert told.status == 201 and told.headers["content-encoding"] == "br", "nothing in it but the number of the message"
