/* SPDX-License-Identifier: Apache-2.0
 * Finds the end of the head, has it judged by the prefilter and by llhttp, and collects the body within its bound. */
#include "net/http_parser.h"

#include <assert.h>
#include <string.h>

#include "net/grammar.h"
#include "net/target.h"

void http_parser_init(struct http_parser *parser, bool secure, struct arena *arena)
{
    *parser = (struct http_parser){.secure = secure, .arena = arena};
    buffer_init(&parser->partial, HTTP_HEADER_BLOCK_MAX);
    buffer_init(&parser->body, 0);
}

void http_parser_release(struct http_parser *parser)
{
    buffer_release(&parser->partial);
    buffer_release(&parser->body);
}

void http_parser_start(struct http_parser *parser)
{
    http_parser_release(parser);
    http_parser_init(parser, parser->secure, parser->arena);
}

bool http_parser_is_fresh(const struct http_parser *parser)
{
    return parser->state == HTTP_PARSER_HEAD && parser->partial.length == 0;
}

bool http_parser_has_body(const struct http_parser *parser)
{
    return parser->facts.chunked || parser->facts.content_length > 0;
}

static enum http_parser_state refuse(struct http_parser *parser, enum refusal reason)
{
    parser->refusal = reason;
    parser->state = HTTP_PARSER_REFUSED;
    return parser->state;
}

/* Looks on for the head's end in `head`, all its octets so far; *end is 0 until it is found. A line that LF alone ends is
 * refused here: it may never be followed by the CRLF CRLF that would bring the prefilter into play. */
static enum refusal find_end(struct http_parser *parser, struct slice head, size_t *end)
{
    struct slice seen = slice_sub(head, 0, HTTP_HEADER_BLOCK_MAX);
    while (parser->scanned < seen.length) {
        size_t lf = parser->scanned + slice_index(slice_sub(seen, parser->scanned, seen.length), '\n');
        parser->scanned = lf;
        if (lf == seen.length) {
            break;
        }
        if (lf == 0 || seen.data[lf - 1] != '\r') {
            return REFUSAL_BARE_LF;
        }
        bool is_empty = lf - 1 == parser->line_start;
        if (is_empty && lf == 1) {
            parser->skipped = 2; /* RFC 9112 section 2.2: at least one empty line before the request is ignored */
        } else if (is_empty && parser->line_start == parser->skipped) {
            return REFUSAL_EMPTY_LINE;
        } else if (is_empty) {
            *end = lf + 1;
            return REFUSAL_NONE;
        }
        parser->scanned = lf + 1;
        parser->line_start = lf + 1;
    }
    if (seen.length < HTTP_HEADER_BLOCK_MAX) {
        return REFUSAL_NONE;
    }
    return parser->line_start == parser->skipped ? REFUSAL_TARGET_TOO_LONG : REFUSAL_HEAD_TOO_LARGE;
}

static enum http_method method_of(struct slice name)
{
    static const struct {
        struct slice name;
        enum http_method method;
    } methods[] = {
        {SLICE_INIT("GET"), HTTP_GET},         {SLICE_INIT("POST"), HTTP_POST},   {SLICE_INIT("HEAD"), HTTP_HEAD},
        {SLICE_INIT("PUT"), HTTP_PUT},         {SLICE_INIT("PATCH"), HTTP_PATCH}, {SLICE_INIT("DELETE"), HTTP_DELETE},
        {SLICE_INIT("OPTIONS"), HTTP_OPTIONS},
    };
    for (size_t i = 0; i < sizeof(methods) / sizeof(methods[0]); i++) {
        if (slice_equal(name, methods[i].name)) {
            return methods[i].method;
        }
    }
    return HTTP_METHOD_OTHER;
}

static bool add_field(void *context, struct slice name, struct slice value)
{
    struct http_request *request = context;
    if (request->header_count == HTTP_HEADERS_MAX) {
        return false;
    }
    request->headers[request->header_count++] = (struct http_header){name, value};
    return true;
}

/* Two readers must agree on how the message is framed, or neither is believed. */
static bool readings_agree(const struct prefilter_facts *facts, const struct grammar_head *head,
                           const struct http_request *request)
{
    return facts->minor == head->minor && facts->chunked == head->chunked &&
           facts->content_length == head->content_length && facts->field_count == request->header_count;
}

static enum refusal read_head(struct http_parser *parser, struct slice head)
{
    enum refusal reason = prefilter_check(head, &parser->facts);
    if (reason != REFUSAL_NONE) {
        return reason;
    }
    struct http_request *request = arena_alloc(parser->arena, sizeof(*request));
    struct slice block = arena_dup(parser->arena, head);
    if (request == NULL || block.data == NULL) {
        return REFUSAL_NO_MEMORY;
    }
    struct grammar_head grammar = {.on_field = add_field, .context = request};
    if (!grammar_parse_head(block, &grammar) || !readings_agree(&parser->facts, &grammar, request)) {
        return REFUSAL_GRAMMAR;
    }
    parser->facts.host = http_request_header(request, SLICE("Host")); /* in the arena, not in the input */
    request->method = method_of(grammar.method);
    request->target = grammar.target;
    struct target target;
    reason = target_parse(parser->arena, request->method, request->target, parser->secure, parser->facts.host, &target);
    if (reason == REFUSAL_NONE) {
        request->path = target.path;
        request->query = target.query;
        parser->request = request;
    }
    return reason;
}

static enum http_parser_state feed_head(struct http_parser *parser, struct slice input, size_t *used)
{
    struct slice head = input;
    size_t before = parser->partial.length;
    size_t end = 0;
    if (before > 0) {
        buffer_add_slice(&parser->partial, slice_sub(input, 0, HTTP_HEADER_BLOCK_MAX - before));
        head = buffer_slice(&parser->partial);
    }
    enum refusal reason = parser->partial.failed ? REFUSAL_NO_MEMORY : find_end(parser, head, &end);
    if (reason == REFUSAL_NONE && end == 0) {
        if (before == 0) {
            buffer_add_slice(&parser->partial, input);
        }
        *used = input.length;
        return parser->partial.failed ? refuse(parser, REFUSAL_NO_MEMORY) : parser->state;
    }
    if (reason == REFUSAL_NONE) {
        *used = end - before;
        reason = read_head(parser, slice_sub(head, parser->skipped, end));
    }
    buffer_release(&parser->partial);
    if (reason != REFUSAL_NONE) {
        return refuse(parser, reason);
    }
    parser->state = HTTP_PARSER_HELD;
    return parser->state;
}

static enum http_parser_state finish(struct http_parser *parser)
{
    parser->request->body = buffer_slice(&parser->body);
    parser->state = HTTP_PARSER_DONE;
    return parser->state;
}

enum http_parser_state http_parser_accept(struct http_parser *parser, size_t body_max)
{
    assert(parser->state == HTTP_PARSER_HELD);
    if (parser->facts.content_length > body_max || (parser->facts.chunked && body_max == 0)) {
        return refuse(parser, REFUSAL_BODY_TOO_LARGE);
    }
    buffer_init(&parser->body, body_max);
    if (!http_parser_has_body(parser)) {
        return finish(parser);
    }
    parser->left = parser->facts.content_length;
    chunked_init(&parser->chunked);
    parser->state = HTTP_PARSER_BODY;
    return parser->state;
}

static enum http_parser_state feed_body(struct http_parser *parser, struct slice input, size_t *used)
{
    if (parser->facts.chunked) {
        enum refusal reason = chunked_feed(&parser->chunked, input, &parser->body, used);
        if (reason != REFUSAL_NONE) {
            return refuse(parser, reason);
        }
        return parser->chunked.state == CHUNKED_DONE ? finish(parser) : parser->state;
    }
    struct slice piece = slice_sub(input, 0, parser->left < input.length ? (size_t)parser->left : input.length);
    buffer_add_slice(&parser->body, piece);
    if (parser->body.failed) {
        return refuse(parser, REFUSAL_NO_MEMORY);
    }
    parser->left -= piece.length;
    *used = piece.length;
    return parser->left == 0 ? finish(parser) : parser->state;
}

enum http_parser_state http_parser_feed(struct http_parser *parser, struct slice input, size_t *used)
{
    *used = 0;
    if (input.length == 0) {
        return parser->state;
    }
    switch (parser->state) {
    case HTTP_PARSER_HEAD:
        return feed_head(parser, input, used);
    case HTTP_PARSER_BODY:
        return feed_body(parser, input, used);
    case HTTP_PARSER_HELD:
    case HTTP_PARSER_DONE:
    case HTTP_PARSER_REFUSED:
        break;
    }
    return parser->state;
}
