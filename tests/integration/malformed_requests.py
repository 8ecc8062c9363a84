# SPDX-License-Identifier: Apache-2.0
"""Malformed and ambiguous requests as raw octets, for the public listener; data only.

Each of CASES is a dict: `name`; `raw`, the octets to send; `section`, where it is written; `expect`, the statuses allowed in the
answer, with "close" when closing without an answer is allowed too; `end` (rarely), True when the request is a truncated one,
after which the client ends its direction (without that the server waits for its deadline, which is right but slow).
In every case: never a 2xx, the connection is closed afterwards, and the next good request on a new one is served.
REQUESTS holds the same as (name, raw, statuses) without the truncated ones. The first eight try to smuggle a request."""

HOST = b"Host: 127.0.0.1\r\n"
POST = b"POST /api/v1/check-ins HTTP/1.1\r\n" + HOST + b"Content-Type: application/json\r\n"
GET = b"GET /api/v1/crises HTTP/1.1\r\n"
BODY = b'{"client_id": "4b0c6b1e-5f0f-4a44-9d5c-0c5f3b1f7a10", "phone": "+22790000001", "status": "safe"}'
CHUNKED = POST + b"Transfer-Encoding: chunked\r\n\r\n"
HIDDEN = b"GET /api/v1/crises HTTP/1.1\r\n" + HOST + b"\r\n"

CASES = []


def case(name, raw, section, *expect, end=False):
    CASES.append({"name": name, "raw": raw, "section": section, "expect": set(expect), **({"end": True} if end else {})})


def fields(*lines):
    """A check-in whose framing is left to `lines`."""
    return POST + b"".join(line + b"\r\n" for line in lines) + b"\r\n"


# Where one message ends and the next begins.
case("length-then-chunked", fields(b"Content-Length: 6", b"Transfer-Encoding: chunked") + b"0\r\n\r\nX" + HIDDEN,
     "RFC 9112 6.3", 400)
case("chunked-then-length", fields(b"Transfer-Encoding: chunked", b"Content-Length: 4") + b"5c\r\n" + HIDDEN + b"0\r\n\r\n",
     "RFC 9112 6.3", 400)
case("two-codings-one-hidden", fields(b"Transfer-Encoding: chunked", b"Transfer-Encoding: x") + b"0\r\n\r\n" + HIDDEN,
     "RFC 9112 6.3", 400, 501)
case("chunked-not-last", fields(b"Transfer-Encoding: chunked, identity") + b"0\r\n\r\n" + HIDDEN, "RFC 9112 6.3", 400, 501)
case("lengths-that-differ", fields(b"Content-Length: 0", b"Content-Length: %d" % len(HIDDEN)) + HIDDEN, "RFC 9112 6.3", 400)
case("length-list-that-differs", fields(b"Content-Length: 0, %d" % len(HIDDEN)) + HIDDEN, "RFC 9112 6.3", 400)
case("space-before-colon-of-coding", fields(b"Transfer-Encoding : chunked") + b"0\r\n\r\n" + HIDDEN, "RFC 9112 5.1", 400)
case("folded-coding", fields(b"Transfer-Encoding:", b" chunked", b"Content-Length: 5") + b"0\r\n\r\n" + HIDDEN,
     "RFC 9112 5.2", 400)

# Transfer-Encoding.
case("coding-unknown", fields(b"Transfer-Encoding: gzip, chunked") + b"0\r\n\r\n", "RFC 9112 6.1", 501, 400)
case("coding-identity", fields(b"Transfer-Encoding: identity", b"Content-Length: 0"), "RFC 9112 6.3", 400, 501)
case("coding-xchunked", fields(b"Transfer-Encoding: xchunked") + b"0\r\n\r\n", "RFC 9112 6.3", 400, 501)
case("coding-chunked-twice", fields(b"Transfer-Encoding: chunked, chunked") + b"0\r\n\r\n", "RFC 9112 6.1", 400)
case("coding-with-parameter", fields(b"Transfer-Encoding: chunked;q=1") + b"0\r\n\r\n", "RFC 9112 7", 400, 501)
case("coding-quoted", fields(b'Transfer-Encoding: "chunked"') + b"0\r\n\r\n", "RFC 9112 7", 400, 501)
case("coding-empty", fields(b"Transfer-Encoding:", b"Content-Length: 0"), "RFC 9112 6.1", 400)
case("coding-after-vertical-tab", fields(b"Transfer-Encoding: \x0bchunked") + b"0\r\n\r\n", "RFC 9110 5.5", 400)
case("coding-in-http-1.0", CHUNKED.replace(b"HTTP/1.1", b"HTTP/1.0", 1) + b"0\r\n\r\n", "RFC 9112 6.1", 400)

# Content-Length.
for label, value in (("plus", b"+5"), ("minus", b"-1"), ("hexadecimal", b"0x10"), ("empty", b""), ("spaced", b"1 0"),
                     ("fraction", b"5.0"), ("exponent", b"1e1"), ("list", b"5, 5"), ("letters", b"abc"),
                     ("past-64-bits", b"18446744073709551621"), ("thousands", b"1,000")):
    case(f"length-{label}", fields(b"Content-Length: " + value) + b"hello", "RFC 9110 8.6", 400)
case("length-twice-the-same", fields(b"Content-Length: 5", b"Content-Length: 5") + b"hello", "RFC 9112 6.3", 400)
case("length-beyond-the-route", fields(b"Content-Length: 1099511627776"), "RFC 9110 15.5.14", 413)

# Chunks.
for label, octets in (("not-hexadecimal", b"xyz\r\nhello\r\n0\r\n\r\n"), ("negative", b"-5\r\nhello\r\n0\r\n\r\n"),
                      ("prefixed", b"0x5\r\nhello\r\n0\r\n\r\n"), ("empty", b"\r\nhello\r\n0\r\n\r\n"),
                      ("space-before", b" 5\r\nhello\r\n0\r\n\r\n"), ("space-behind", b"5 \r\nhello\r\n0\r\n\r\n"),
                      ("bare-lf", b"5\nhello\r\n0\r\n\r\n"), ("bare-cr", b"5\rhello\r\n0\r\n\r\n"),
                      ("leading-zeros", b"0" * 64 + b"5\r\nhello\r\n0\r\n\r\n"), ("underscored", b"1_0\r\n0\r\n\r\n")):
    case(f"chunk-size-{label}", CHUNKED + octets, "RFC 9112 7.1", 400)
case("chunk-size-overflowing", CHUNKED + b"10000000000000005\r\nhello\r\n0\r\n\r\n", "RFC 9112 7.1", 400, 413)
case("chunk-size-huge", CHUNKED + b"7fffffff\r\nhello", "RFC 9110 15.5.14", 413, 400)
case("chunk-longer-than-said", CHUNKED + b"3\r\nhello\r\n0\r\n\r\n", "RFC 9112 7.1", 400)
case("chunk-ended-by-lf", CHUNKED + b"5\r\nhello\n0\r\n\r\n", "RFC 9112 7.1", 400)
case("chunk-extension-endless", CHUNKED + b"5;" + b"a" * 8000 + b"\r\nhello\r\n0\r\n\r\n", "RFC 9112 7.1.1", 400)
case("chunk-extension-with-lf", CHUNKED + b"5;a\nb\r\nhello\r\n0\r\n\r\n", "RFC 9112 7.1.1", 400)
case("trailer-that-frames", CHUNKED + b"0\r\nContent-Length: 9\r\n\r\n", "RFC 9110 6.5.1", 400)
case("chunks-beyond-the-route", CHUNKED + b"fff0\r\n" + b"x" * 0xfff0 + b"\r\nffff0\r\n", "RFC 9110 15.5.14", 413, 400)

# Lines.
case("lf-lines", b"GET /api/v1/crises HTTP/1.1\nHost: 127.0.0.1\n\n", "RFC 9112 2.2", 400)
case("lf-behind-one-field", GET + b"Host: 127.0.0.1\nX: y\r\n\r\n", "RFC 9112 2.2", 400)
case("lf-for-the-empty-line", GET + HOST + b"\n", "RFC 9112 2.2", 400)
case("cr-inside-a-value", GET + HOST + b"X: a\rb\r\n\r\n", "RFC 9112 2.2", 400)
case("cr-cr-lf", GET + HOST + b"X: a\r\r\n\r\n", "RFC 9112 2.2", 400)
case("folded-value", GET + HOST + b"X: a\r\n b\r\n\r\n", "RFC 9112 5.2", 400)
case("folded-host", GET + b"Host: 127.0.0.1\r\n\t.example\r\n\r\n", "RFC 9112 5.2", 400)
case("space-before-first-field", b"GET /api/v1/crises HTTP/1.1\r\n Host: 127.0.0.1\r\n\r\n", "RFC 9112 2.2", 400)
case("two-empty-lines-first", b"\r\n\r\n" + GET + HOST + b"\r\n", "RFC 9112 2.2", 400)

# Fields.
case("host-missing", GET + b"\r\n", "RFC 9112 3.2", 400)
case("host-twice", GET + HOST + HOST + b"\r\n", "RFC 9112 3.2", 400)
case("host-twice-in-other-case", GET + HOST + b"hOST: elsewhere.example\r\n\r\n", "RFC 9112 3.2", 400)
case("host-empty", GET + b"Host:\r\n\r\n", "RFC 9110 4.2.2", 400)
case("host-list", GET + b"Host: 127.0.0.1, elsewhere.example\r\n\r\n", "RFC 9112 3.2", 400)
case("host-with-user", GET + b"Host: user@127.0.0.1\r\n\r\n", "RFC 9110 4.2.4", 400)
case("host-with-path", GET + b"Host: 127.0.0.1/x\r\n\r\n", "RFC 9110 7.2", 400)
case("host-port-of-letters", GET + b"Host: 127.0.0.1:https\r\n\r\n", "RFC 9110 7.2", 400)
case("field-without-colon", GET + HOST + b"X\r\n\r\n", "RFC 9112 5", 400)
case("field-without-name", GET + HOST + b": x\r\n\r\n", "RFC 9110 5.1", 400)
case("field-name-with-space", GET + HOST + b"X Y: z\r\n\r\n", "RFC 9110 5.1", 400)
case("field-name-with-nul", GET + HOST + b"X\x00: z\r\n\r\n", "RFC 9110 5.1", 400)
case("field-name-beyond-ascii", GET + HOST + b"X\xe9: z\r\n\r\n", "RFC 9110 5.1", 400)
case("value-with-nul", GET + HOST + b"X: a\x00b\r\n\r\n", "RFC 9110 5.5", 400)
case("value-with-escape", GET + HOST + b"X: \x1b[2J\r\n\r\n", "RFC 9110 5.5", 400)
case("value-with-delete", GET + HOST + b"X: \x7f\r\n\r\n", "RFC 9110 5.5", 400)
case("value-huge", GET + HOST + b"X: " + b"a" * 20000 + b"\r\n\r\n", "RFC 6585 5", 431)
case("fields-too-many", GET + HOST + b"X: y\r\n" * 200 + b"\r\n", "RFC 6585 5", 431)
case("fields-without-end", GET + HOST + b"X: y\r\n" * 4000, "RFC 6585 5", 431)
case("expectation-unknown", fields(b"Expect: tea", b"Content-Length: %d" % len(BODY)) + BODY, "RFC 9110 10.1.1", 417)

# The request line.
for label, line in (("two-spaces", b"GET  /api/v1/crises HTTP/1.1"), ("tab", b"GET\t/api/v1/crises HTTP/1.1"),
                    ("space-behind", b"GET /api/v1/crises HTTP/1.1 "), ("space-in-target", b"GET /api/v1/cri ses HTTP/1.1"),
                    ("no-version", b"GET /api/v1/crises"), ("no-target", b"GET HTTP/1.1"), ("no-method", b"/api/v1/crises HTTP/1.1"),
                    ("method-alone", b"GET"), ("leading-space", b" GET /api/v1/crises HTTP/1.1")):
    case(f"line-{label}", line + b"\r\n" + HOST + b"\r\n", "RFC 9112 3", 400)
for label, version in (("lower-case", b"http/1.1"), ("no-minor", b"HTTP/1"), ("two-digit-minor", b"HTTP/1.10"),
                       ("leading-zero", b"HTTP/01.1"), ("comma", b"HTTP/1,1"), ("other-name", b"HTTPS/1.1")):
    case(f"version-{label}", b"GET /api/v1/crises " + version + b"\r\n" + HOST + b"\r\n", "RFC 9112 2.3", 400, 505)
for label, version in (("0.9", b"HTTP/0.9"), ("1.2", b"HTTP/1.2"), ("2.0", b"HTTP/2.0"), ("9.9", b"HTTP/9.9")):
    case(f"version-{label}", b"GET /api/v1/crises " + version + b"\r\n" + HOST + b"\r\n", "RFC 9110 15.6.6", 505, 400)
case("http-2-preface", b"PRI * HTTP/2.0\r\n\r\nSM\r\n\r\n", "RFC 9113 3.4", 505, 400)
for label, method in (("lower-case", b"get"), ("unknown", b"BREW"), ("trace", b"TRACE"), ("long", b"A" * 64)):
    case(f"method-{label}", method + b" /api/v1/crises HTTP/1.1\r\n" + HOST + b"\r\n", "RFC 9110 9.1", 501, 405, 400)
for label, method in (("with-at", b"G@T"), ("with-nul", b"GE\x00T"), ("with-colon", b"GET:"), ("quoted", b'"GET"')):
    case(f"method-{label}", method + b" /api/v1/crises HTTP/1.1\r\n" + HOST + b"\r\n", "RFC 9110 5.6.2", 400)
case("connect", b"CONNECT 127.0.0.1:5432 HTTP/1.1\r\n" + HOST + b"\r\n", "RFC 9110 9.3.6", 501, 405, 400)

# Targets.
for label, target, section in (
        ("of-another-scheme", b"http://127.0.0.1/api/v1/crises", "RFC 9112 3.2.2"),
        ("of-file-scheme", b"file:///etc/passwd", "RFC 9112 3.2.2"),
        ("of-another-host", b"https://elsewhere.example/api/v1/crises", "RFC 9112 3.2.2"),
        ("with-user", b"https://user@127.0.0.1/api/v1/crises", "RFC 9110 4.2.4"),
        ("authority-only", b"127.0.0.1:8443", "RFC 9112 3.2.3"),
        ("without-slash", b"api/v1/crises", "RFC 9112 3.2.1"),
        ("asterisk", b"*", "RFC 9112 3.2.4"),
        ("with-fragment", b"/api/v1/crises#top", "RFC 9112 3.2"),
        ("with-nul", b"/api/v1/crises\x00", "RFC 3986 2"),
        ("beyond-ascii", b"/api/v1/crises\xc3\xa9", "RFC 3986 2"),
        ("with-backslash", b"/api\\v1\\crises", "RFC 3986 2"),
        ("encoded-nul", b"/api/v1/crises%00", "RFC 3986 7.3"),
        ("encoded-slash", b"/api%2Fv1%2fcrises", "RFC 3986 2.2"),
        ("encoded-backslash", b"/api%5cv1", "RFC 3986 2.2"),
        ("encoded-crlf", b"/api/v1/crises%0d%0aX:%20y", "RFC 3986 2.2"),
        ("encoded-badly", b"/api/v1/crises%zz", "RFC 3986 2.1"),
        ("encoded-half", b"/api/v1/crises%4", "RFC 3986 2.1"),
        ("dot-segments", b"/api/v1/../v1/crises", "RFC 3986 5.2.4"),
        ("encoded-dot-segments", b"/api/v1/%2e%2E/v1/crises", "RFC 3986 5.2.4"),
        ("not-utf-8", b"/api/v1/%ff", "RFC 3629 3"),
        ("overlong-utf-8", b"/api%c0%afv1", "RFC 3629 3")):
    case(f"target-{label}", b"GET " + target + b" HTTP/1.1\r\n" + HOST + b"\r\n", section, 400)
case("target-too-long", b"GET /" + b"a" * 9000 + b" HTTP/1.1\r\n" + HOST + b"\r\n", "RFC 9110 15.5.15", 414)
case("target-endless", b"GET /" + b"a" * 40000, "RFC 9110 15.5.15", 414, 431)

# Other languages.
case("not-http", b"EHLO mail.example\r\n\r\n", "RFC 9112 3", 400)
case("tls-inside-tls", b"\x16\x03\x01\x00\x05hello\r\n\r\n", "RFC 9112 3", 400)
case("nothing-but-nul", b"\x00" * 64 + b"\r\n\r\n", "RFC 9112 3", 400)

# Cut short.
case("cut-in-the-line", b"GET /api/v1/cri", "RFC 9112 8", 400, 408, "close", end=True)
case("cut-in-the-fields", POST, "RFC 9112 8", 400, 408, "close", end=True)
case("cut-in-the-content", fields(b"Content-Length: %d" % len(BODY)) + BODY[:40], "RFC 9112 8", 400, 408, "close", end=True)
case("cut-in-a-chunk", CHUNKED + b"ff\r\n" + BODY[:20], "RFC 9112 8", 400, 408, "close", end=True)
case("cut-before-the-last-chunk", CHUNKED + b"%x\r\n" % len(BODY) + BODY + b"\r\n", "RFC 9112 8", 400, 408, "close", end=True)
case("cut-in-the-last-chunk", CHUNKED + b"%x\r\n" % len(BODY) + BODY + b"\r\n0\r\n", "RFC 9112 8", 400, 408, "close",
     end=True)

REQUESTS = [(row["name"], row["raw"], row["expect"] - {"close"}) for row in CASES if "end" not in row]
