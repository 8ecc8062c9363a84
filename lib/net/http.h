/* SPDX-License-Identifier: Apache-2.0
 * One HTTP request as a handler sees it, and the one answer it owes. Source: RFC 9110, RFC 9112. */
#ifndef NET_HTTP_H
#define NET_HTTP_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>
#include <sys/socket.h>

#include "core/arena.h"
#include "core/slice.h"

enum http_method { HTTP_GET, HTTP_HEAD, HTTP_POST, HTTP_PUT, HTTP_PATCH, HTTP_DELETE, HTTP_OPTIONS, HTTP_METHOD_OTHER };

/* Admission classes, most urgent first (architecture: help > check-in > registration > page). */
enum admission_class { ADMIT_HELP, ADMIT_CHECK_IN, ADMIT_REGISTRATION, ADMIT_PAGE, ADMIT_COUNT };

enum {
    HTTP_HEADERS_MAX = 64,
    HTTP_HEADER_BLOCK_MAX = 16 * 1024, /* bytes, request line included */
    HTTP_ROUTE_PARAMETERS_MAX = 4,
    REQUEST_ID_SIZE = 16,
};

struct http_header {
    struct slice name;
    struct slice value;
};

/* A certificate that the client has shown, where its kind of listener asks for one, and the key of which it has proven to hold. */
enum http_card_proof {
    HTTP_CARD_NONE,
    HTTP_CARD_BAD, /* not of the authority, out of its time, or revoked */
    HTTP_CARD_GOOD,
};
struct http_card {
    enum http_card_proof proof;
    uint8_t key_hash[32]; /* SHA-256 of its public key (SubjectPublicKeyInfo) */
};

struct http_request {
    enum http_method method; /* HEAD is handed to handlers as HTTP_GET; the body is dropped for them */
    struct slice target;     /* as sent */
    struct slice
        path; /* percent-decoded once, always starts with "/"; a path with %00, %2F or dot segments is refused */
    struct slice query; /* raw, without "?" */
    struct http_header headers[HTTP_HEADERS_MAX];
    size_t header_count;
    struct slice body;
    struct slice parameters[HTTP_ROUTE_PARAMETERS_MAX]; /* the {names} of the route's pattern, in order */
    struct sockaddr_storage peer;
    struct http_card card;
    int64_t received_us;          /* wall clock, when the last byte was in */
    char id[REQUEST_ID_SIZE + 1]; /* random hexadecimal; in logs and the X-Request-Id answer header */
};

/* The value of the first header with that name (without regard to case); empty when absent. */
struct slice http_request_header(const struct http_request *request, struct slice name);
/* The decoded value of a query parameter, in `arena`; false when absent or not decodable. */
bool http_request_query(const struct http_request *request, struct arena *arena, struct slice name,
                        struct slice *value);
/* The value of a cookie; empty when absent. */
struct slice http_request_cookie(const struct http_request *request, struct slice name);
/* The Content-Type is `type` ("application/json"), whatever its parameters and case. */
bool http_request_media_type_is(const struct http_request *request, struct slice type);

/* One request on its way to an answer. Owned by the connection; valid until http_exchange_respond returns or on_drop ran. */
struct http_exchange;

const struct http_request *http_exchange_request(const struct http_exchange *exchange);
/* What the client's certificate is worth now, where the request tells what it was when it came: for a stream, which goes on for hours. */
enum http_card_proof http_exchange_card(struct http_exchange *exchange);
/* The request's arena, freed when the answer is written or the connection is lost. */
struct arena *http_exchange_arena(struct http_exchange *exchange);

/* Answers, once, now or later (on the loop's thread). Copies nothing that outlives the call's need: header values and body are
 * copied into the connection's output in one write. Adds Date, Content-Length, Connection, X-Request-Id and the listener's security
 * headers. For 304 and HEAD no body is sent. */
void http_exchange_respond(struct http_exchange *exchange, unsigned status, const struct http_header *headers,
                           size_t header_count, struct slice body);
/* As above with one Content-Type and no further headers. */
void http_exchange_respond_simple(struct http_exchange *exchange, unsigned status, struct slice content_type,
                                  struct slice body);

/* What was asked turned out to be of another class than the route's: it is in work, and in every figure, as one of `class` from here on.
 * False when that class is full: shed it. */
bool http_exchange_admit(struct http_exchange *exchange, enum admission_class class);
/* Counts the exchange as shed; the handler then answers 503. Returns the seconds for its Retry-After. */
unsigned http_exchange_shed(struct http_exchange *exchange);

/* The handler that will answer later says whom to tell when the client is gone first: `on_drop(context)` runs once, the exchange
 * must not be touched after it. Not called once an answer was given. It is also called when answer_s passed without an answer:
 * the client then got a 503. A handler that answers later without it is safe too: its answer goes nowhere. */
void http_exchange_on_drop(struct http_exchange *exchange, void (*on_drop)(void *context), void *context);

/* Server-sent events and other endless answers: sends the head now (no Content-Length, chunked), then pieces.
 * `send` returns false when the client is gone or more than 256 KiB wait unsent: the stream is then dropped, on_drop is not
 * called (the return value told), and the exchange must not be touched again. It never calls on_drop of any stream, so a
 * publisher may walk a list of them. A stream ends by http_exchange_end_stream, a false `send`, or on_drop: one of them. */
void http_exchange_start_stream(struct http_exchange *exchange, unsigned status, const struct http_header *headers,
                                size_t header_count);
bool http_exchange_send(struct http_exchange *exchange, struct slice piece);
void http_exchange_end_stream(struct http_exchange *exchange);

typedef void http_handler(struct http_exchange *exchange, void *role);

struct http_route {
    enum http_method method;
    const char *pattern; /* "/api/v1/registrations/{case}"; {x} matches one non-empty segment */
    http_handler *handle;
    enum admission_class admission;
    size_t body_max; /* bytes; more is 413. 0: a body is refused */
};

#endif
