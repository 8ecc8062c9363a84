/* SPDX-License-Identifier: Apache-2.0
 * Requests cut at random must read as they do whole, and what our chunk reader accepts llhttp must accept as well. */
#include <assert.h>
#include <stdint.h>
#include <stdlib.h>
#include <string.h>

#include <llhttp.h>

/* net/http_parser.h and llhttp.h name the same methods, so the driver sees our parser through http_fuzz's own door. */
#define HTTP_GET     MUSTER_HTTP_GET
#define HTTP_HEAD    MUSTER_HTTP_HEAD
#define HTTP_POST    MUSTER_HTTP_POST
#define HTTP_PUT     MUSTER_HTTP_PUT
#define HTTP_PATCH   MUSTER_HTTP_PATCH
#define HTTP_DELETE  MUSTER_HTTP_DELETE
#define HTTP_OPTIONS MUSTER_HTTP_OPTIONS
#include "net/http_parser.h"

enum { BODY_MAX = 4096, ARENA_MAX = 1 << 20, MESSAGES_MAX = 8 };

struct reading {
    struct arena arena;
    struct http_parser parser;
    size_t used;
};

static void start(struct reading *reading)
{
    arena_init(&reading->arena, ARENA_MAX);
    http_parser_init(&reading->parser, true, &reading->arena);
    reading->used = 0;
}

static void stop(struct reading *reading)
{
    http_parser_release(&reading->parser);
    arena_release(&reading->arena);
}

static bool is_over(const struct http_parser *parser)
{
    return parser->state == HTTP_PARSER_DONE || parser->state == HTTP_PARSER_REFUSED;
}

/* Reads one message, in pieces of sizes drawn from `seed` (0: whole). */
static void read_message(struct reading *reading, struct slice input, uint32_t seed)
{
    while (!is_over(&reading->parser) && reading->used < input.length) {
        size_t piece = input.length;
        if (seed != 0) {
            seed = seed * 1664525U + 1013904223U;
            piece = (seed >> 24) % 64 + 1;
        }
        struct slice rest = slice_sub(input, reading->used, input.length);
        size_t used = 0;
        (void)http_parser_feed(&reading->parser, slice_sub(rest, 0, piece), &used);
        reading->used += used;
        if (reading->parser.state == HTTP_PARSER_HELD) {
            (void)http_parser_accept(&reading->parser, BODY_MAX);
        }
    }
}

static void compare(const struct reading *whole, const struct reading *cut)
{
    const struct http_parser *a = &whole->parser;
    const struct http_parser *b = &cut->parser;
    assert(a->state == b->state && a->refusal == b->refusal);
    if (a->state != HTTP_PARSER_DONE) {
        return;
    }
    assert(whole->used == cut->used && a->request->method == b->request->method);
    assert(slice_equal(a->request->target, b->request->target) && slice_equal(a->request->path, b->request->path));
    assert(slice_equal(a->request->query, b->request->query) && slice_equal(a->request->body, b->request->body));
    assert(a->request->header_count == b->request->header_count);
    for (size_t i = 0; i < a->request->header_count; i++) {
        assert(slice_equal(a->request->headers[i].name, b->request->headers[i].name));
        assert(slice_equal(a->request->headers[i].value, b->request->headers[i].value));
    }
}

struct peer_reading {
    char body[BODY_MAX];
    size_t length;
    bool complete;
};

static int on_peer_body(llhttp_t *machine, const char *at, size_t length)
{
    struct peer_reading *peer = machine->data;
    assert(length <= sizeof(peer->body) - peer->length);
    memcpy(peer->body + peer->length, at, length);
    peer->length += length;
    return 0;
}

static int on_peer_complete(llhttp_t *machine)
{
    ((struct peer_reading *)machine->data)->complete = true;
    return HPE_PAUSED;
}

/* Whatever we took as one message, llhttp takes as one message with the same content. */
static void compare_with_peer(const struct reading *reading, struct slice input)
{
    static const llhttp_settings_t settings = {.on_body = on_peer_body, .on_message_complete = on_peer_complete};
    struct peer_reading peer = {.length = 0};
    llhttp_t machine;
    const struct http_request *request = reading->parser.request;
    if (http_request_header(request, SLICE("Upgrade")).data != NULL) {
        return; /* llhttp leaves HTTP there; we ignore Upgrade, as RFC 9110 section 7.8 allows */
    }
    if (reading->parser.facts.chunked && reading->parser.chunked.extensions > 0) {
        return; /* llhttp 8.1 refuses "1;a=b;c", which RFC 9112 section 7.1.1 allows */
    }
    llhttp_init(&machine, (llhttp_type_t)1, &settings);
    machine.data = &peer;
    llhttp_errno_t outcome = llhttp_execute(&machine, input.data, reading->used);
    assert(outcome == HPE_PAUSED || outcome == HPE_OK);
    assert(peer.complete && slice_equal(slice_make(peer.body, peer.length), request->body));
}

static void check_request(const struct http_request *request)
{
    assert(request->path.length > 0 && (request->path.data[0] == '/' || request->path.data[0] == '*'));
    assert(memchr(request->path.data, '\0', request->path.length) == NULL);
    for (size_t i = 0; i < request->header_count; i++) {
        struct slice value = request->headers[i].value;
        assert(slice_index(value, '\n') == value.length && slice_index(value, '\r') == value.length);
    }
}

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size);

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
    uint32_t seed = 0;
    if (size < sizeof(seed)) {
        return 0;
    }
    memcpy(&seed, data, sizeof(seed));
    struct slice input = slice_make(data + sizeof(seed), size - sizeof(seed));
    bool more = true;
    for (size_t i = 0; i < MESSAGES_MAX && more; i++) {
        struct reading whole, cut;
        start(&whole);
        start(&cut);
        read_message(&whole, input, 0);
        read_message(&cut, input, seed | 1U);
        compare(&whole, &cut);
        more = whole.parser.state == HTTP_PARSER_DONE;
        if (more) {
            check_request(whole.parser.request);
            compare_with_peer(&whole, input);
            input = slice_sub(input, whole.used, input.length);
        }
        stop(&whole);
        stop(&cut);
    }
    return 0;
}
