/* SPDX-License-Identifier: Apache-2.0
 * Whole messages through the parser: the right result, and the same result however the octets are cut. */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <string.h>

#include <cmocka.h>

#include "net/http_parser.h"

#define H             "Host: a.example\r\n"
#define CHUNKED       "POST /x HTTP/1.1\r\n" H "Transfer-Encoding: chunked\r\n\r\n"
#define MESSAGE(text) SLICE_INIT(text)

enum { BODY_MAX = 32 };

struct outcome {
    enum http_parser_state state;
    enum refusal refusal;
    enum http_method method;
    struct slice path, query, body;
    size_t header_count;
    size_t used; /* only meaningful when the request is whole */
};

/* Feeds input[from, to) until it is taken, the message is over, or nothing moves. */
static void feed(struct http_parser *parser, struct slice input, size_t *at, size_t to)
{
    while (*at < to && parser->state != HTTP_PARSER_DONE && parser->state != HTTP_PARSER_REFUSED) {
        size_t used = 0;
        (void)http_parser_feed(parser, slice_sub(input, *at, to), &used);
        *at += used;
        if (parser->state == HTTP_PARSER_HELD) {
            (void)http_parser_accept(parser, BODY_MAX);
        } else if (used == 0) {
            return;
        }
    }
}

/* The outcome of the message fed in two pieces; slices are in `arena` or in `parser`. */
static struct outcome parse(struct http_parser *parser, struct slice input, size_t split, size_t step)
{
    size_t at = 0;
    feed(parser, input, &at, split);
    while (at < input.length && parser->state != HTTP_PARSER_DONE && parser->state != HTTP_PARSER_REFUSED) {
        feed(parser, input, &at, at + step < input.length ? at + step : input.length);
    }
    struct outcome outcome = {.state = parser->state, .refusal = parser->refusal};
    if (parser->state == HTTP_PARSER_DONE) {
        const struct http_request *request = parser->request;
        outcome.method = request->method;
        outcome.path = request->path;
        outcome.query = request->query;
        outcome.body = request->body;
        outcome.header_count = request->header_count;
        outcome.used = at;
    }
    return outcome;
}

static void assert_same(struct slice input, size_t split, const struct outcome *a, const struct outcome *b)
{
    if (a->state != b->state || a->refusal != b->refusal || a->method != b->method || !slice_equal(a->path, b->path) ||
        !slice_equal(a->query, b->query) || !slice_equal(a->body, b->body) || a->header_count != b->header_count ||
        a->used != b->used) {
        fail_msg("split at %zu: state %d/%d, %s/%s: %.*s", split, a->state, b->state, refusal_text(a->refusal)->name,
                 refusal_text(b->refusal)->name, SLICE_ARGS(input));
    }
}

static const struct {
    struct slice input;
    enum refusal refusal; /* NONE: accepted */
    struct slice path;
    struct slice body;
} messages[] = {
    {MESSAGE("GET / HTTP/1.1\r\n" H "\r\n"), REFUSAL_NONE, SLICE_INIT("/"), SLICE_INIT("")},
    {MESSAGE("\r\nGET /a HTTP/1.1\r\n" H "\r\n"), REFUSAL_NONE, SLICE_INIT("/a"), SLICE_INIT("")},
    {MESSAGE("\r\n\r\nGET / HTTP/1.1\r\n" H "\r\n"), REFUSAL_EMPTY_LINE, SLICE_INIT(""), SLICE_INIT("")},
    {MESSAGE("GET / HTTP/1.0\r\n\r\n"), REFUSAL_NONE, SLICE_INIT("/"), SLICE_INIT("")},
    {MESSAGE("GET /caf%C3%A9?q=%20 HTTP/1.1\r\n" H "\r\n"), REFUSAL_NONE, SLICE_INIT("/caf\xc3\xa9"), SLICE_INIT("")},
    {MESSAGE("GET /%2525 HTTP/1.1\r\n" H "\r\n"), REFUSAL_NONE, SLICE_INIT("/%25"), SLICE_INIT("")},
    {MESSAGE("OPTIONS * HTTP/1.1\r\n" H "\r\n"), REFUSAL_NONE, SLICE_INIT("*"), SLICE_INIT("")},
    {MESSAGE("GET * HTTP/1.1\r\n" H "\r\n"), REFUSAL_TARGET_ASTERISK, SLICE_INIT(""), SLICE_INIT("")},
    {MESSAGE("GET https://a.example/p?q HTTP/1.1\r\n" H "\r\n"), REFUSAL_NONE, SLICE_INIT("/p"), SLICE_INIT("")},
    {MESSAGE("GET HTTPS://A.Example HTTP/1.1\r\n" H "\r\n"), REFUSAL_NONE, SLICE_INIT("/"), SLICE_INIT("")},
    {MESSAGE("OPTIONS https://a.example HTTP/1.1\r\n" H "\r\n"), REFUSAL_NONE, SLICE_INIT("*"), SLICE_INIT("")},
    {MESSAGE("GET http://a.example/ HTTP/1.1\r\n" H "\r\n"), REFUSAL_TARGET_SCHEME, SLICE_INIT(""), SLICE_INIT("")},
    {MESSAGE("GET ftp://a.example/ HTTP/1.1\r\n" H "\r\n"), REFUSAL_TARGET_SCHEME, SLICE_INIT(""), SLICE_INIT("")},
    {MESSAGE("GET https://b.example/ HTTP/1.1\r\n" H "\r\n"), REFUSAL_TARGET_AUTHORITY, SLICE_INIT(""), SLICE_INIT("")},
    {MESSAGE("GET https://u@a.example/ HTTP/1.1\r\n" H "\r\n"), REFUSAL_TARGET_AUTHORITY, SLICE_INIT(""),
     SLICE_INIT("")},
    {MESSAGE("GET a.example:443 HTTP/1.1\r\n" H "\r\n"), REFUSAL_GRAMMAR, SLICE_INIT(""), SLICE_INIT("")},
    {MESSAGE("GET x HTTP/1.1\r\n" H "\r\n"), REFUSAL_GRAMMAR, SLICE_INIT(""), SLICE_INIT("")},
    {MESSAGE("GET /%00 HTTP/1.1\r\n" H "\r\n"), REFUSAL_TARGET_HIDDEN, SLICE_INIT(""), SLICE_INIT("")},
    {MESSAGE("GET /%0d%0aX:y HTTP/1.1\r\n" H "\r\n"), REFUSAL_TARGET_HIDDEN, SLICE_INIT(""), SLICE_INIT("")},
    {MESSAGE("GET /a%2Fb HTTP/1.1\r\n" H "\r\n"), REFUSAL_TARGET_HIDDEN, SLICE_INIT(""), SLICE_INIT("")},
    {MESSAGE("GET /a%2fb HTTP/1.1\r\n" H "\r\n"), REFUSAL_TARGET_HIDDEN, SLICE_INIT(""), SLICE_INIT("")},
    {MESSAGE("GET /a%5cb HTTP/1.1\r\n" H "\r\n"), REFUSAL_TARGET_HIDDEN, SLICE_INIT(""), SLICE_INIT("")},
    {MESSAGE("GET /% HTTP/1.1\r\n" H "\r\n"), REFUSAL_TARGET_PERCENT, SLICE_INIT(""), SLICE_INIT("")},
    {MESSAGE("GET /%4 HTTP/1.1\r\n" H "\r\n"), REFUSAL_TARGET_PERCENT, SLICE_INIT(""), SLICE_INIT("")},
    {MESSAGE("GET /%zz HTTP/1.1\r\n" H "\r\n"), REFUSAL_TARGET_PERCENT, SLICE_INIT(""), SLICE_INIT("")},
    {MESSAGE("GET /../x HTTP/1.1\r\n" H "\r\n"), REFUSAL_TARGET_DOTS, SLICE_INIT(""), SLICE_INIT("")},
    {MESSAGE("GET /x/.. HTTP/1.1\r\n" H "\r\n"), REFUSAL_TARGET_DOTS, SLICE_INIT(""), SLICE_INIT("")},
    {MESSAGE("GET /x/%2e%2E/y HTTP/1.1\r\n" H "\r\n"), REFUSAL_TARGET_DOTS, SLICE_INIT(""), SLICE_INIT("")},
    {MESSAGE("GET /./x HTTP/1.1\r\n" H "\r\n"), REFUSAL_TARGET_DOTS, SLICE_INIT(""), SLICE_INIT("")},
    {MESSAGE("GET /...x HTTP/1.1\r\n" H "\r\n"), REFUSAL_NONE, SLICE_INIT("/...x"), SLICE_INIT("")},
    {MESSAGE("GET /%ff HTTP/1.1\r\n" H "\r\n"), REFUSAL_TARGET_UTF8, SLICE_INIT(""), SLICE_INIT("")},
    {MESSAGE("GET /%c0%af HTTP/1.1\r\n" H "\r\n"), REFUSAL_TARGET_UTF8, SLICE_INIT(""), SLICE_INIT("")},
    {MESSAGE("GET / HTTP/1.1\nHost: a\n\n"), REFUSAL_BARE_LF, SLICE_INIT(""), SLICE_INIT("")},
    {MESSAGE("GET / HTTP/1.1\r\n" H "X: a\n\r\n\r\n"), REFUSAL_BARE_LF, SLICE_INIT(""), SLICE_INIT("")},
    {MESSAGE("POST /x HTTP/1.1\r\n" H "Content-Length: 5\r\n\r\nhello"), REFUSAL_NONE, SLICE_INIT("/x"),
     SLICE_INIT("hello")},
    {MESSAGE("POST /x HTTP/1.1\r\n" H "Content-Length: 5\r\n\r\nhelloGET / HTTP/1.1"), REFUSAL_NONE, SLICE_INIT("/x"),
     SLICE_INIT("hello")},
    {MESSAGE("POST /x HTTP/1.1\r\n" H "Content-Length: 33\r\n\r\n"), REFUSAL_BODY_TOO_LARGE, SLICE_INIT(""),
     SLICE_INIT("")},
    {MESSAGE("GET / HTTP/1.1\r\n" H "Connection: Upgrade, HTTP2-Settings\r\nUpgrade: h2c\r\n\r\n"), REFUSAL_NONE,
     SLICE_INIT("/"), SLICE_INIT("")},
    {MESSAGE(CHUNKED "5\r\nhello\r\n0\r\n\r\n"), REFUSAL_NONE, SLICE_INIT("/x"), SLICE_INIT("hello")},
    {MESSAGE(CHUNKED "2\r\nhe\r\n3;a=\"b\"\r\nllo\r\n000\r\n\r\nnext"), REFUSAL_NONE, SLICE_INIT("/x"),
     SLICE_INIT("hello")},
    {MESSAGE(CHUNKED "0\r\n\r\n"), REFUSAL_NONE, SLICE_INIT("/x"), SLICE_INIT("")},
    {MESSAGE(CHUNKED "20\r\n0123456789abcdef0123456789abcdef\r\n0\r\n\r\n"), REFUSAL_NONE, SLICE_INIT("/x"),
     SLICE_INIT("0123456789abcdef0123456789abcdef")},
    {MESSAGE(CHUNKED "21\r\n"), REFUSAL_BODY_TOO_LARGE, SLICE_INIT(""), SLICE_INIT("")},
    {MESSAGE(CHUNKED "1f\r\n0123456789abcdef0123456789abcde\r\n2\r\n"), REFUSAL_BODY_TOO_LARGE, SLICE_INIT(""),
     SLICE_INIT("")},
    {MESSAGE(CHUNKED "ffffffff\r\n"), REFUSAL_BODY_TOO_LARGE, SLICE_INIT(""), SLICE_INIT("")},
    {MESSAGE(CHUNKED "000000005\r\nhello\r\n0\r\n\r\n"), REFUSAL_CHUNK_SIZE, SLICE_INIT(""), SLICE_INIT("")},
    {MESSAGE(CHUNKED "\r\nhello\r\n0\r\n\r\n"), REFUSAL_CHUNK_SIZE, SLICE_INIT(""), SLICE_INIT("")},
    {MESSAGE(CHUNKED "0x5\r\nhello\r\n0\r\n\r\n"), REFUSAL_CHUNK_SIZE, SLICE_INIT(""), SLICE_INIT("")},
    {MESSAGE(CHUNKED "+5\r\nhello\r\n0\r\n\r\n"), REFUSAL_CHUNK_SIZE, SLICE_INIT(""), SLICE_INIT("")},
    {MESSAGE(CHUNKED "-1\r\nhello\r\n0\r\n\r\n"), REFUSAL_CHUNK_SIZE, SLICE_INIT(""), SLICE_INIT("")},
    {MESSAGE(CHUNKED " 5\r\nhello\r\n0\r\n\r\n"), REFUSAL_CHUNK_SIZE, SLICE_INIT(""), SLICE_INIT("")},
    {MESSAGE(CHUNKED "5 \r\nhello\r\n0\r\n\r\n"), REFUSAL_CHUNK_SIZE, SLICE_INIT(""), SLICE_INIT("")},
    {MESSAGE(CHUNKED "5\nhello\r\n0\r\n\r\n"), REFUSAL_CHUNK_SIZE, SLICE_INIT(""), SLICE_INIT("")},
    {MESSAGE(CHUNKED "5\rhello\r\n0\r\n\r\n"), REFUSAL_CHUNK_SIZE, SLICE_INIT(""), SLICE_INIT("")},
    {MESSAGE(CHUNKED "5;a\nhello\r\n0\r\n\r\n"), REFUSAL_CHUNK_EXTENSION, SLICE_INIT(""), SLICE_INIT("")},
    {MESSAGE(CHUNKED "5;\0\r\nhello\r\n0\r\n\r\n"), REFUSAL_CHUNK_EXTENSION, SLICE_INIT(""), SLICE_INIT("")},
    {MESSAGE(CHUNKED "1;a;b=c;d=\"\\\"e; f\"\r\nx\r\n0;g\r\n\r\n"), REFUSAL_NONE, SLICE_INIT("/x"), SLICE_INIT("x")},
    {MESSAGE(CHUNKED "5;\r\nhello\r\n0\r\n\r\n"), REFUSAL_CHUNK_EXTENSION, SLICE_INIT(""), SLICE_INIT("")},
    {MESSAGE(CHUNKED "5;a=\r\nhello\r\n0\r\n\r\n"), REFUSAL_CHUNK_EXTENSION, SLICE_INIT(""), SLICE_INIT("")},
    {MESSAGE(CHUNKED "5;a=b=c\r\nhello\r\n0\r\n\r\n"), REFUSAL_CHUNK_EXTENSION, SLICE_INIT(""), SLICE_INIT("")},
    {MESSAGE(CHUNKED "5;a=\"b\r\n\"\r\nhello\r\n0\r\n\r\n"), REFUSAL_CHUNK_EXTENSION, SLICE_INIT(""), SLICE_INIT("")},
    {MESSAGE(CHUNKED "5; a\r\nhello\r\n0\r\n\r\n"), REFUSAL_CHUNK_EXTENSION, SLICE_INIT(""), SLICE_INIT("")},
    {MESSAGE(CHUNKED "5\r\nhello0\r\n\r\n"), REFUSAL_CHUNK_END, SLICE_INIT(""), SLICE_INIT("")},
    {MESSAGE(CHUNKED "5\r\nhello\n0\r\n\r\n"), REFUSAL_CHUNK_END, SLICE_INIT(""), SLICE_INIT("")},
    {MESSAGE(CHUNKED "5\r\nhello\r0\r\n\r\n"), REFUSAL_CHUNK_END, SLICE_INIT(""), SLICE_INIT("")},
    {MESSAGE(CHUNKED "0\r\nX: y\r\n\r\n"), REFUSAL_TRAILER, SLICE_INIT(""), SLICE_INIT("")},
    {MESSAGE(CHUNKED "0\r\n\n"), REFUSAL_TRAILER, SLICE_INIT(""), SLICE_INIT("")},
    {MESSAGE(CHUNKED "0\r\n\rX"), REFUSAL_CHUNK_END, SLICE_INIT(""), SLICE_INIT("")},
};

static void test_messages_at_every_split(void **state)
{
    (void)state;
    for (size_t i = 0; i < sizeof(messages) / sizeof(messages[0]); i++) {
        struct slice input = messages[i].input;
        struct arena arena, other_arena;
        struct http_parser whole, cut;
        arena_init(&arena, 1 << 20);
        arena_init(&other_arena, 1 << 20);
        http_parser_init(&whole, true, &arena);
        http_parser_init(&cut, true, &other_arena);
        struct outcome expected = parse(&whole, input, input.length, 1);
        if (expected.refusal != messages[i].refusal) {
            fail_msg("%s instead of %s: %.*s", refusal_text(expected.refusal)->name,
                     refusal_text(messages[i].refusal)->name, SLICE_ARGS(input));
        }
        assert_true(messages[i].refusal != REFUSAL_NONE || expected.state == HTTP_PARSER_DONE);
        assert_true(slice_equal(expected.path, messages[i].path));
        assert_true(slice_equal(expected.body, messages[i].body));
        for (size_t split = 0; split <= input.length; split++) {
            for (size_t step = 1; step <= 3; step += 2) { /* split 0 with step 1: octet by octet */
                struct outcome outcome = parse(&cut, input, split, split == 0 ? step : input.length);
                assert_same(input, split, &expected, &outcome);
                http_parser_start(&cut);
                arena_release(&other_arena);
            }
        }
        http_parser_release(&whole);
        http_parser_release(&cut);
        arena_release(&arena);
        arena_release(&other_arena);
    }
}

static void test_heads_are_bounded(void **state)
{
    static char flood[HTTP_HEADER_BLOCK_MAX + 1024];
    static const struct {
        const char *start;
        enum refusal refusal;
    } cases[] = {{"GET /", REFUSAL_TARGET_TOO_LONG}, {"GET / HTTP/1.1\r\nHost: a\r\nX: ", REFUSAL_HEAD_TOO_LARGE}};
    (void)state;
    for (size_t i = 0; i < sizeof(cases) / sizeof(cases[0]); i++) {
        memset(flood, 'a', sizeof(flood));
        memcpy(flood, cases[i].start, strlen(cases[i].start));
        for (size_t split = 0; split < sizeof(flood); split += 1021) {
            struct arena arena;
            struct http_parser parser;
            arena_init(&arena, 1 << 20);
            http_parser_init(&parser, true, &arena);
            struct outcome outcome = parse(&parser, slice_make(flood, sizeof(flood)), split, sizeof(flood));
            assert_int_equal(outcome.refusal, cases[i].refusal);
            http_parser_release(&parser);
            arena_release(&arena);
        }
    }
}

static void test_extensions_are_bounded(void **state)
{
    static char text[2048];
    struct arena arena;
    struct http_parser parser;
    (void)state;
    for (size_t length = CHUNKED_EXTENSIONS_MAX - 1; length <= CHUNKED_EXTENSIONS_MAX; length++) { /* and its CR */
        size_t used = (size_t)snprintf(text, sizeof(text), "%s5;", CHUNKED);
        memset(text + used, 'e', length);
        used += length;
        used += (size_t)snprintf(text + used, sizeof(text) - used, "\r\nhello\r\n0\r\n\r\n");
        arena_init(&arena, 1 << 20);
        http_parser_init(&parser, true, &arena);
        struct outcome outcome = parse(&parser, slice_make(text, used), used, 1);
        assert_int_equal(outcome.refusal, length == CHUNKED_EXTENSIONS_MAX ? REFUSAL_CHUNK_EXTENSION : REFUSAL_NONE);
        http_parser_release(&parser);
        arena_release(&arena);
    }
}

/* Three messages in one run of octets come out one by one, each leaving the rest. */
static void test_pipeline(void **state)
{
    struct slice input = SLICE("GET /1 HTTP/1.1\r\n" H "\r\nPOST /2 HTTP/1.1\r\n" H
                               "Content-Length: 2\r\n\r\nab" CHUNKED "1\r\nc\r\n0\r\n\r\n");
    static const char *const paths[] = {"/1", "/2", "/x"};
    struct arena arena;
    struct http_parser parser;
    (void)state;
    arena_init(&arena, 1 << 20);
    http_parser_init(&parser, true, &arena);
    for (size_t i = 0; i < 3; i++) {
        struct outcome outcome = parse(&parser, input, input.length, 1);
        assert_int_equal(outcome.state, HTTP_PARSER_DONE);
        assert_true(slice_equal(outcome.path, slice_of(paths[i])));
        input = slice_sub(input, outcome.used, input.length);
        http_parser_start(&parser);
        assert_true(http_parser_is_fresh(&parser));
        arena_release(&arena);
    }
    assert_int_equal(input.length, 0);
    http_parser_release(&parser);
}

/* A request whose memory runs out at the first, second, ... allocation is refused, never half built. */
static void test_memory_runs_out(void **state)
{
    (void)state;
    struct slice input = SLICE("GET /%41 HTTP/1.1\r\n" H "\r\n");
    for (size_t maximum = 0; maximum < 8192; maximum += 64) {
        struct arena arena;
        struct http_parser parser;
        arena_init(&arena, maximum);
        http_parser_init(&parser, true, &arena);
        struct outcome outcome = parse(&parser, input, input.length, 1);
        assert_true(outcome.state == HTTP_PARSER_DONE || outcome.refusal == REFUSAL_NO_MEMORY);
        http_parser_release(&parser);
        arena_release(&arena);
    }
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(test_messages_at_every_split), cmocka_unit_test(test_heads_are_bounded),
        cmocka_unit_test(test_extensions_are_bounded),  cmocka_unit_test(test_pipeline),
        cmocka_unit_test(test_memory_runs_out),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
