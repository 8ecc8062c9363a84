/* SPDX-License-Identifier: Apache-2.0
 * What stands behind a handler's struct http_exchange; for the connection that owns it.
 *
 *     NONE --exchange_begin--> PENDING --http_exchange_respond--> ANSWERED --exchange_end--> NONE
 *                                 \--http_exchange_start_stream--> STREAMING --end_stream--> ANSWERED
 *
 * A connection that is lost in PENDING or STREAMING calls on_drop, once, and ends the exchange. */
#ifndef NET_EXCHANGE_H
#define NET_EXCHANGE_H

#include "net/http.h"
#include "net/refusal.h"

struct connection;

enum exchange_phase { EXCHANGE_NONE, EXCHANGE_PENDING, EXCHANGE_STREAMING, EXCHANGE_ANSWERED };

enum {
    EXCHANGE_ARENA_MAX = 16 * 1024 * 1024,
    EXCHANGE_ANSWER_MAX = 64 * 1024 * 1024, /* bytes of one answer's body */
    EXCHANGE_UNSENT_MAX = 256 * 1024,       /* bytes of a stream that may wait for a slow reader */
};

struct http_exchange {
    struct connection *connection;
    enum exchange_phase phase;
    struct http_request *request; /* NULL when the head was refused */
    struct arena arena;
    char id[REQUEST_ID_SIZE + 1];
    int64_t started_us; /* monotonic */
    unsigned minor;     /* of the client's HTTP/1.x: 0 cannot take a chunked answer */
    bool head_only;     /* HEAD: no body is sent */
    bool close;         /* the connection ends with this answer */
    bool chunked;       /* the stream's framing */
    bool admitted;
    enum admission_class admission;
    void (*on_drop)(void *context);
    void *drop_context;
};

/* A new exchange with its own id. */
void exchange_begin(struct http_exchange *exchange, struct connection *connection);
/* Answered, dropped or refused: gives back what it holds. */
void exchange_end(struct http_exchange *exchange);
/* Tells the handler, if it asked to be told, that nobody waits for the answer any more. */
void exchange_drop(struct http_exchange *exchange);
/* Answers with the refusal's status and sentence, and closes. */
void exchange_refuse(struct http_exchange *exchange, enum refusal reason);

#endif
