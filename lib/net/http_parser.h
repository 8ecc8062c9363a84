/* SPDX-License-Identifier: Apache-2.0
 * Bytes in, one struct http_request out; knows no socket, so a fuzzer can cut its input anywhere.
 *
 *     HEAD --end of head--> HELD --http_parser_accept--> BODY --all read--> DONE --http_parser_start--> HEAD
 *       \                     \--no body----------------------------------/ /
 *        \-- any refusal ------------- REFUSED <---------------------------/
 *
 * HELD is where the caller finds the route, whose body_max decides whether the body is read at all. */
#ifndef NET_HTTP_PARSER_H
#define NET_HTTP_PARSER_H

#include <stdbool.h>

#include "core/arena.h"
#include "core/buffer.h"
#include "net/chunked.h"
#include "net/http.h"
#include "net/prefilter.h"
#include "net/refusal.h"

enum http_parser_state { HTTP_PARSER_HEAD, HTTP_PARSER_HELD, HTTP_PARSER_BODY, HTTP_PARSER_DONE, HTTP_PARSER_REFUSED };

struct http_parser {
    enum http_parser_state state;
    bool secure;                  /* the scheme an absolute-form target must name is https */
    struct arena *arena;          /* borrowed: the request being read lives here */
    struct buffer partial;        /* a head that came in pieces, until it is whole */
    size_t skipped;               /* octets of the one empty line allowed before the request line */
    size_t line_start, scanned;   /* how far the search for the head's end has come */
    struct prefilter_facts facts; /* from HELD on */
    struct http_request *request; /* from HELD on; NULL when the head was refused */
    struct buffer body;
    uint64_t left; /* of a body with Content-Length */
    struct chunked chunked;
    enum refusal refusal; /* in REFUSED */
};

void http_parser_init(struct http_parser *parser, bool secure, struct arena *arena);
void http_parser_release(struct http_parser *parser);
/* Forgets the last request (its body with it) and awaits the next. The caller releases the arena. */
void http_parser_start(struct http_parser *parser);
/* Nothing of the next request has come yet. */
bool http_parser_is_fresh(const struct http_parser *parser);

/* Reads on in state HEAD or BODY; *used octets were taken, the rest belongs to later. The new state is returned; the result
 * depends on the octets only, not on how they are cut. */
enum http_parser_state http_parser_feed(struct http_parser *parser, struct slice input, size_t *used);
/* In HELD: goes on to the body of at most `body_max` octets, to DONE when there is none, or to REFUSED when it is larger. */
enum http_parser_state http_parser_accept(struct http_parser *parser, size_t body_max);
/* In HELD: the head announces content. */
bool http_parser_has_body(const struct http_parser *parser);

#endif
