/* SPDX-License-Identifier: Apache-2.0
 * A table of header blocks, good and bad, each with the section that says so. */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <string.h>

#include <cmocka.h>

#include "net/http.h"
#include "net/prefilter.h"

#define H       "Host: a.example\r\n"
#define B(text) SLICE_INIT(text)

static const struct {
    struct slice block;
    enum refusal expected;
    const char *section;
} rows[] = {
    /* the request line */
    {B("GET / HTTP/1.1\r\n" H "\r\n"), REFUSAL_NONE, "RFC 9112 3"},
    {B("POST /api/v1/check-ins HTTP/1.1\r\n" H "Content-Length: 2\r\n\r\n"), REFUSAL_NONE, "RFC 9112 6.2"},
    {B("OPTIONS * HTTP/1.1\r\n" H "\r\n"), REFUSAL_NONE, "RFC 9112 3.2.4"},
    {B("GET https://a.example/ HTTP/1.1\r\n" H "\r\n"), REFUSAL_NONE, "RFC 9112 3.2.2"},
    {B("GET /a%20b?c=d|e HTTP/1.1\r\n" H "\r\n"), REFUSAL_NONE, "WHATWG URL 1.3"},
    {B("GET  / HTTP/1.1\r\n" H "\r\n"), REFUSAL_REQUEST_LINE, "RFC 9112 3"},
    {B("GET /  HTTP/1.1\r\n" H "\r\n"), REFUSAL_REQUEST_LINE, "RFC 9112 3"},
    {B("GET / HTTP/1.1 \r\n" H "\r\n"), REFUSAL_REQUEST_LINE, "RFC 9112 3"},
    {B("GET\t/ HTTP/1.1\r\n" H "\r\n"), REFUSAL_REQUEST_LINE, "RFC 9112 3"},
    {B("GET /a b HTTP/1.1\r\n" H "\r\n"), REFUSAL_REQUEST_LINE, "RFC 9112 3.2"},
    {B("GET /\r\n" H "\r\n"), REFUSAL_REQUEST_LINE, "RFC 9112 2.3"},
    {B("GET\r\n" H "\r\n"), REFUSAL_REQUEST_LINE, "RFC 9112 3"},
    {B("/ HTTP/1.1\r\n" H "\r\n"), REFUSAL_REQUEST_LINE, "RFC 9112 3"},
    {B(" / HTTP/1.1\r\n" H "\r\n"), REFUSAL_METHOD_SYNTAX, "RFC 9112 3.1"},
    {B(" GET / HTTP/1.1\r\n" H "\r\n"), REFUSAL_REQUEST_LINE, "RFC 9112 3"},
    {B("\r\n\r\n"), REFUSAL_REQUEST_LINE, "RFC 9112 2.2"},
    {B("G@T / HTTP/1.1\r\n" H "\r\n"), REFUSAL_METHOD_SYNTAX, "RFC 9110 5.6.2"},
    {B("GET\0 / HTTP/1.1\r\n" H "\r\n"), REFUSAL_METHOD_SYNTAX, "RFC 9110 5.6.2"},
    {B("get / HTTP/1.1\r\n" H "\r\n"), REFUSAL_METHOD_UNKNOWN, "RFC 9110 9.1"},
    {B("BREW / HTTP/1.1\r\n" H "\r\n"), REFUSAL_METHOD_UNKNOWN, "RFC 9110 9.1"},
    {B("TRACE / HTTP/1.1\r\n" H "\r\n"), REFUSAL_METHOD_UNKNOWN, "RFC 9110 9.3.8"},
    {B("CONNECT a.example:443 HTTP/1.1\r\n" H "\r\n"), REFUSAL_METHOD_UNKNOWN, "RFC 9110 9.3.6"},
    {B("GETS / HTTP/1.1\r\n" H "\r\n"), REFUSAL_METHOD_UNKNOWN, "RFC 9110 9.1"},
    {B("GET / http/1.1\r\n" H "\r\n"), REFUSAL_VERSION_SYNTAX, "RFC 9112 2.3"},
    {B("GET / HTTP/1\r\n" H "\r\n"), REFUSAL_VERSION_SYNTAX, "RFC 9112 2.3"},
    {B("GET / HTTP/1.10\r\n" H "\r\n"), REFUSAL_VERSION_SYNTAX, "RFC 9112 2.3"},
    {B("GET / HTTP/01.1\r\n" H "\r\n"), REFUSAL_VERSION_SYNTAX, "RFC 9112 2.3"},
    {B("GET / HTTP/1,1\r\n" H "\r\n"), REFUSAL_VERSION_SYNTAX, "RFC 9112 2.3"},
    {B("GET / HTTPS/1.1\r\n" H "\r\n"), REFUSAL_VERSION_SYNTAX, "RFC 9112 2.3"},
    {B("GET / ICE/1.0\r\n" H "\r\n"), REFUSAL_VERSION_SYNTAX, "RFC 9112 2.3"},
    {B("GET / HTTP/0.9\r\n" H "\r\n"), REFUSAL_VERSION_UNKNOWN, "RFC 9110 15.6.6"},
    {B("GET / HTTP/1.2\r\n" H "\r\n"), REFUSAL_VERSION_UNKNOWN, "RFC 9110 15.6.6"},
    {B("GET / HTTP/2.0\r\n" H "\r\n"), REFUSAL_VERSION_UNKNOWN, "RFC 9110 15.6.6"},
    {B("PRI * HTTP/2.0\r\n\r\n"), REFUSAL_VERSION_UNKNOWN, "RFC 9113 3.4"},
    {B("GET /caf\xc3\xa9 HTTP/1.1\r\n" H "\r\n"), REFUSAL_TARGET_OCTET, "RFC 3986 2"},
    {B("GET /\0 HTTP/1.1\r\n" H "\r\n"), REFUSAL_TARGET_OCTET, "RFC 3986 2"},
    {B("GET /\x7f HTTP/1.1\r\n" H "\r\n"), REFUSAL_TARGET_OCTET, "RFC 3986 2"},
    {B("GET /#top HTTP/1.1\r\n" H "\r\n"), REFUSAL_TARGET_OCTET, "RFC 9112 3.2"},
    {B("GET /\\..\\x HTTP/1.1\r\n" H "\r\n"), REFUSAL_TARGET_OCTET, "RFC 3986 2"},
    {B("GET /<script> HTTP/1.1\r\n" H "\r\n"), REFUSAL_TARGET_OCTET, "RFC 3986 2"},
    {B("GET /\"x\" HTTP/1.1\r\n" H "\r\n"), REFUSAL_TARGET_OCTET, "RFC 3986 2"},
    /* the ends of lines */
    {B("GET / HTTP/1.1\n" H "\r\n"), REFUSAL_BARE_LF, "RFC 9112 2.2"},
    {B("GET / HTTP/1.1\r\nHost: a.example\n\r\n"), REFUSAL_BARE_LF, "RFC 9112 2.2"},
    {B("GET / HTTP/1.1\r\n" H "\n"), REFUSAL_BARE_LF, "RFC 9112 2.2"},
    {B("\nGET / HTTP/1.1\r\n" H "\r\n"), REFUSAL_BARE_LF, "RFC 9112 2.2"},
    {B("GET / HTTP/1.1\r\nHost: a\rb\r\n\r\n"), REFUSAL_BARE_CR, "RFC 9112 2.2"},
    {B("GET / HTTP/1.1\r\n" H "X: a\r\r\n\r\n"), REFUSAL_BARE_CR, "RFC 9112 2.2"},
    {B("GET /\r HTTP/1.1\r\n" H "\r\n"), REFUSAL_BARE_CR, "RFC 9112 2.2"},
    {B("GET / HTTP/1.1\r\r\n" H "\r\n"), REFUSAL_BARE_CR, "RFC 9112 2.2"},
    {B("GET / HTTP/1.1\r\n" H), REFUSAL_HEAD_UNENDED, "RFC 9112 2.1"},
    {B("GET / HTTP/1.1\r\n" H "\r\nx"), REFUSAL_HEAD_UNENDED, "RFC 9112 2.1"},
    {B(""), REFUSAL_HEAD_UNENDED, "RFC 9112 2.1"},
    /* fields */
    {B("GET / HTTP/1.1\r\n" H "X:\r\n\r\n"), REFUSAL_NONE, "RFC 9112 5"},
    {B("GET / HTTP/1.1\r\n" H "X: \t a \t\r\n\r\n"), REFUSAL_NONE, "RFC 9112 5"},
    {B("GET / HTTP/1.1\r\n" H "X: caf\xc3\xa9\r\n\r\n"), REFUSAL_NONE, "RFC 9110 5.5"},
    {B("GET / HTTP/1.1\r\n" H "X_y!: 1\r\n\r\n"), REFUSAL_NONE, "RFC 9110 5.6.2"},
    {B("GET / HTTP/1.1\r\n" H "X: a\r\n b\r\n\r\n"), REFUSAL_FOLDED, "RFC 9112 5.2"},
    {B("GET / HTTP/1.1\r\n" H "X: a\r\n\tb\r\n\r\n"), REFUSAL_FOLDED, "RFC 9112 5.2"},
    {B("GET / HTTP/1.1\r\n" H " \r\n\r\n"), REFUSAL_FOLDED, "RFC 9112 5.2"},
    {B("GET / HTTP/1.1\r\n Host: a.example\r\n\r\n"), REFUSAL_SPACE_BEFORE_FIELDS, "RFC 9112 2.2"},
    {B("GET / HTTP/1.1\r\n\tX: y\r\n" H "\r\n"), REFUSAL_SPACE_BEFORE_FIELDS, "RFC 9112 2.2"},
    {B("GET / HTTP/1.1\r\n" H "X\r\n\r\n"), REFUSAL_NO_COLON, "RFC 9112 5"},
    {B("GET / HTTP/1.1\r\n" H ": x\r\n\r\n"), REFUSAL_FIELD_NAME, "RFC 9110 5.1"},
    {B("GET / HTTP/1.1\r\nHost : a.example\r\n\r\n"), REFUSAL_SPACE_BEFORE_COLON, "RFC 9112 5.1"},
    {B("GET / HTTP/1.1\r\n" H "Content-Length\t: 0\r\n\r\n"), REFUSAL_SPACE_BEFORE_COLON, "RFC 9112 5.1"},
    {B("GET / HTTP/1.1\r\n" H "X Y: z\r\n\r\n"), REFUSAL_FIELD_NAME, "RFC 9110 5.6.2"},
    {B("GET / HTTP/1.1\r\n" H "X(: z\r\n\r\n"), REFUSAL_FIELD_NAME, "RFC 9110 5.6.2"},
    {B("GET / HTTP/1.1\r\n" H "X\xe9: z\r\n\r\n"), REFUSAL_FIELD_NAME, "RFC 9110 5.6.2"},
    {B("GET / HTTP/1.1\r\n" H "X\0: z\r\n\r\n"), REFUSAL_FIELD_NAME, "RFC 9110 5.6.2"},
    {B("GET / HTTP/1.1\r\n" H "X: a\0b\r\n\r\n"), REFUSAL_CONTROL, "RFC 9110 5.5"},
    {B("GET / HTTP/1.1\r\n" H "X: a\x01\r\n\r\n"), REFUSAL_CONTROL, "RFC 9110 5.5"},
    {B("GET / HTTP/1.1\r\n" H "X: a\x7f\r\n\r\n"), REFUSAL_CONTROL, "RFC 9110 5.5"},
    {B("GET / HTTP/1.1\r\n" H "X: a\x0b\r\n\r\n"), REFUSAL_CONTROL, "RFC 9110 5.5"},
    /* Host */
    {B("GET / HTTP/1.1\r\n\r\n"), REFUSAL_HOST_MISSING, "RFC 9112 3.2"},
    {B("GET / HTTP/1.0\r\n\r\n"), REFUSAL_NONE, "RFC 9112 3.2: required of HTTP/1.1"},
    {B("GET / HTTP/1.0\r\n" H H "\r\n"), REFUSAL_HOST_REPEATED, "RFC 9112 3.2"},
    {B("GET / HTTP/1.1\r\n" H H "\r\n"), REFUSAL_HOST_REPEATED, "RFC 9112 3.2"},
    {B("GET / HTTP/1.1\r\n" H "hOST: b.example\r\n\r\n"), REFUSAL_HOST_REPEATED, "RFC 9112 3.2"},
    {B("GET / HTTP/1.1\r\nHost:\r\n\r\n"), REFUSAL_HOST_INVALID, "RFC 9110 4.2.2"},
    {B("GET / HTTP/1.1\r\nHost: [::1]:8443\r\n\r\n"), REFUSAL_NONE, "RFC 3986 3.2.2"},
    {B("GET / HTTP/1.1\r\nHost: 127.0.0.1:8443\r\n\r\n"), REFUSAL_NONE, "RFC 3986 3.2.2"},
    {B("GET / HTTP/1.1\r\nHost: a:\r\n\r\n"), REFUSAL_NONE, "RFC 3986 3.2.3"},
    {B("GET / HTTP/1.1\r\nHost: a.example:99999\r\n\r\n"), REFUSAL_HOST_INVALID, "RFC 9110 7.2"},
    {B("GET / HTTP/1.1\r\nHost: a.example:x\r\n\r\n"), REFUSAL_HOST_INVALID, "RFC 9110 7.2"},
    {B("GET / HTTP/1.1\r\nHost: u@a.example\r\n\r\n"), REFUSAL_HOST_INVALID, "RFC 9110 4.2.4"},
    {B("GET / HTTP/1.1\r\nHost: a, b\r\n\r\n"), REFUSAL_HOST_INVALID, "RFC 9112 3.2"},
    {B("GET / HTTP/1.1\r\nHost: a/b\r\n\r\n"), REFUSAL_HOST_INVALID, "RFC 9110 7.2"},
    {B("GET / HTTP/1.1\r\nHost: [::1\r\n\r\n"), REFUSAL_HOST_INVALID, "RFC 3986 3.2.2"},
    {B("GET / HTTP/1.1\r\nHost: [::1]x\r\n\r\n"), REFUSAL_HOST_INVALID, "RFC 3986 3.2.2"},
    {B("GET / HTTP/1.1\r\nHost: [::g]\r\n\r\n"), REFUSAL_HOST_INVALID, "RFC 3986 3.2.2"},
    /* framing */
    {B("POST / HTTP/1.1\r\n" H "Transfer-Encoding: chunked\r\n\r\n"), REFUSAL_NONE, "RFC 9112 7.1"},
    {B("POST / HTTP/1.1\r\n" H "transfer-encoding:\tCHUNKED \r\n\r\n"), REFUSAL_NONE, "RFC 9112 7"},
    {B("POST / HTTP/1.1\r\n" H "Transfer-Encoding:\r\n\r\n"), REFUSAL_CODING_INVALID, "RFC 9112 6.1"},
    {B("POST / HTTP/1.1\r\n" H "Transfer-Encoding: identity\r\n\r\n"), REFUSAL_CODING_INVALID, "RFC 9112 6.3"},
    {B("POST / HTTP/1.1\r\n" H "Transfer-Encoding: xchunked\r\n\r\n"), REFUSAL_CODING_INVALID, "RFC 9112 6.3"},
    {B("POST / HTTP/1.1\r\n" H "Transfer-Encoding: chunked;q=1\r\n\r\n"), REFUSAL_CODING_INVALID, "RFC 9112 7"},
    {B("POST / HTTP/1.1\r\n" H "Transfer-Encoding: \"chunked\"\r\n\r\n"), REFUSAL_CODING_INVALID, "RFC 9112 7"},
    {B("POST / HTTP/1.1\r\n" H "Transfer-Encoding: \x0b"
       "chunked\r\n\r\n"),
     REFUSAL_CONTROL, "RFC 9110 5.5"},
    {B("POST / HTTP/1.1\r\n" H "Transfer-Encoding: chunked, chunked\r\n\r\n"), REFUSAL_CODING_INVALID, "RFC 9112 6.1"},
    {B("POST / HTTP/1.1\r\n" H "Transfer-Encoding: chunked, gzip\r\n\r\n"), REFUSAL_CODING_INVALID, "RFC 9112 6.3"},
    {B("POST / HTTP/1.1\r\n" H "Transfer-Encoding: gzip, chunked\r\n\r\n"), REFUSAL_CODING_UNKNOWN, "RFC 9112 6.1"},
    {B("POST / HTTP/1.1\r\n" H "Transfer-Encoding: chunked\r\nTransfer-Encoding: x\r\n\r\n"), REFUSAL_CODING_REPEATED,
     "RFC 9112 6.3"},
    {B("POST / HTTP/1.0\r\n" H "Transfer-Encoding: chunked\r\n\r\n"), REFUSAL_CODING_IN_1_0, "RFC 9112 6.1"},
    {B("POST / HTTP/1.1\r\n" H "Content-Length: 3\r\nTransfer-Encoding: chunked\r\n\r\n"), REFUSAL_CODING_AND_LENGTH,
     "RFC 9112 6.3"},
    {B("POST / HTTP/1.1\r\n" H "Transfer-Encoding: chunked\r\nContent-Length: 3\r\n\r\n"), REFUSAL_CODING_AND_LENGTH,
     "RFC 9112 6.3"},
    {B("POST / HTTP/1.1\r\n" H "Content-Length: 9999999999999999999\r\n\r\n"), REFUSAL_NONE, "RFC 9110 8.6"},
    {B("POST / HTTP/1.1\r\n" H "Content-Length: 00000000000000000005\r\n\r\n"), REFUSAL_LENGTH_INVALID, "RFC 9110 8.6"},
    {B("POST / HTTP/1.1\r\n" H "Content-Length:\r\n\r\n"), REFUSAL_LENGTH_INVALID, "RFC 9110 8.6"},
    {B("POST / HTTP/1.1\r\n" H "Content-Length: +5\r\n\r\n"), REFUSAL_LENGTH_INVALID, "RFC 9110 8.6"},
    {B("POST / HTTP/1.1\r\n" H "Content-Length: -1\r\n\r\n"), REFUSAL_LENGTH_INVALID, "RFC 9110 8.6"},
    {B("POST / HTTP/1.1\r\n" H "Content-Length: 0x5\r\n\r\n"), REFUSAL_LENGTH_INVALID, "RFC 9110 8.6"},
    {B("POST / HTTP/1.1\r\n" H "Content-Length: 5 5\r\n\r\n"), REFUSAL_LENGTH_INVALID, "RFC 9110 8.6"},
    {B("POST / HTTP/1.1\r\n" H "Content-Length: 5, 5\r\n\r\n"), REFUSAL_LENGTH_INVALID, "RFC 9112 6.3"},
    {B("POST / HTTP/1.1\r\n" H "Content-Length: 5.0\r\n\r\n"), REFUSAL_LENGTH_INVALID, "RFC 9110 8.6"},
    {B("POST / HTTP/1.1\r\n" H "Content-Length: 5\r\nContent-Length: 5\r\n\r\n"), REFUSAL_LENGTH_REPEATED,
     "RFC 9112 6.3"},
    {B("POST / HTTP/1.1\r\n" H "Content-Length: 5\r\ncontent-length: 6\r\n\r\n"), REFUSAL_LENGTH_REPEATED,
     "RFC 9112 6.3"},
    /* expectations */
    {B("POST / HTTP/1.1\r\n" H "Expect: 100-Continue\r\n\r\n"), REFUSAL_NONE, "RFC 9110 10.1.1"},
    {B("POST / HTTP/1.1\r\n" H "Expect: tea\r\n\r\n"), REFUSAL_EXPECTATION, "RFC 9110 10.1.1"},
    {B("POST / HTTP/1.0\r\n" H "Expect: tea\r\n\r\n"), REFUSAL_NONE, "RFC 9110 10.1.1: ignored in 1.0"},
};

static void test_table(void **state)
{
    (void)state;
    for (size_t i = 0; i < sizeof(rows) / sizeof(rows[0]); i++) {
        struct prefilter_facts facts;
        enum refusal reason = prefilter_check(rows[i].block, &facts);
        if (reason != rows[i].expected) {
            fail_msg("row %zu (%s): %s instead of %s: %.*s", i, rows[i].section, refusal_text(reason)->name,
                     refusal_text(rows[i].expected)->name, SLICE_ARGS(rows[i].block));
        }
    }
}

static void test_facts(void **state)
{
    struct prefilter_facts facts;
    (void)state;
    assert_int_equal(prefilter_check(SLICE("POST / HTTP/1.1\r\n" H "Content-Length: 42\r\nConnection: x, Close\r\n"
                                           "Expect: 100-continue\r\n\r\n"),
                                     &facts),
                     REFUSAL_NONE);
    assert_true(facts.has_length && facts.close && facts.expect_continue && !facts.chunked);
    assert_int_equal(facts.content_length, 42);
    assert_int_equal(facts.minor, 1);
    assert_int_equal(facts.field_count, 4);
    assert_true(slice_equal(facts.host, SLICE("a.example")));
    assert_int_equal(prefilter_check(SLICE("GET / HTTP/1.0\r\n\r\n"), &facts), REFUSAL_NONE);
    assert_true(facts.close && facts.minor == 0 && facts.host.length == 0);
    assert_int_equal(prefilter_check(SLICE("GET / HTTP/1.1\r\n" H "\r\n"), &facts), REFUSAL_NONE);
    assert_false(facts.close);
}

/* Builds a head with `count` extra fields of `length` octets. */
static struct slice make_head(char *text, size_t size, size_t target, size_t count, size_t length)
{
    size_t used = 0;
    used += (size_t)snprintf(text, size, "GET /");
    memset(text + used, 'a', target);
    used += target;
    used += (size_t)snprintf(text + used, size - used, " HTTP/1.1\r\nHost: a\r\n");
    for (size_t i = 0; i < count; i++) {
        used += (size_t)snprintf(text + used, size - used, "X: ");
        memset(text + used, 'b', length);
        used += length;
        used += (size_t)snprintf(text + used, size - used, "\r\n");
    }
    used += (size_t)snprintf(text + used, size - used, "\r\n");
    return slice_make(text, used);
}

static void test_limits(void **state)
{
    static char text[64 * 1024];
    struct prefilter_facts facts;
    (void)state;
    assert_int_equal(prefilter_check(make_head(text, sizeof(text), 7999, 0, 0), &facts), REFUSAL_NONE);
    assert_int_equal(prefilter_check(make_head(text, sizeof(text), 8000, 0, 0), &facts), REFUSAL_TARGET_TOO_LONG);
    assert_int_equal(prefilter_check(make_head(text, sizeof(text), 1, HTTP_HEADERS_MAX - 1, 8), &facts), REFUSAL_NONE);
    assert_int_equal(prefilter_check(make_head(text, sizeof(text), 1, HTTP_HEADERS_MAX, 8), &facts),
                     REFUSAL_TOO_MANY_FIELDS);
    size_t frame = make_head(text, sizeof(text), 1, 1, 0).length;
    assert_int_equal(prefilter_check(make_head(text, sizeof(text), 1, 1, HTTP_HEADER_BLOCK_MAX - frame), &facts),
                     REFUSAL_NONE);
    assert_int_equal(prefilter_check(make_head(text, sizeof(text), 1, 1, HTTP_HEADER_BLOCK_MAX - frame + 1), &facts),
                     REFUSAL_HEAD_TOO_LARGE);
}

static void test_every_refusal_says_why(void **state)
{
    (void)state;
    for (int reason = REFUSAL_NONE + 1; reason < REFUSAL_COUNT; reason++) {
        const struct refusal_text *text = refusal_text((enum refusal)reason);
        assert_non_null(text->name);
        assert_true(text->status >= 400 && text->status < 600);
        assert_true(strlen(text->sentence) > 10);
        assert_int_equal(strncmp(text->section, "RFC ", 4), 0);
    }
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(test_table),
        cmocka_unit_test(test_facts),
        cmocka_unit_test(test_limits),
        cmocka_unit_test(test_every_refusal_says_why),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
