/* SPDX-License-Identifier: Apache-2.0
 * One client's connection: one request after the other, each in one state, each state with its deadline.
 *
 *     QUEUED <--too many handshakes in this turn of the loop--, and back once
 *     HANDSHAKE --> HEAD --> BODY --> HANDLING --> WRITING --> IDLE --> HEAD ...
 *                     \_______________^   \          |
 *                      (no body)           \         +--> LINGERING --> freed
 *                                           STREAMING-^
 *     HANDLING or STREAMING, client gone, handler not told --> ABANDONED --the answer nobody hears--> freed
 *
 * HEAD, BODY and HANDLING go straight to WRITING with a refusal. Everything ends by being freed, in connection_step alone. */
#ifndef NET_CONNECTION_H
#define NET_CONNECTION_H

#include <event2/event_struct.h>
#include <netinet/in.h>

#include "net/exchange.h"
#include "net/http_parser.h"
#include "net/peers.h"
#include "net/router.h"
#include "net/transport.h"

struct http_server;

enum connection_state {
    CONNECTION_QUEUED, /* for its handshake's turn */
    CONNECTION_HANDSHAKE,
    CONNECTION_HEAD,
    CONNECTION_BODY,
    CONNECTION_HANDLING,
    CONNECTION_STREAMING,
    CONNECTION_WRITING,
    CONNECTION_IDLE,
    CONNECTION_LINGERING,
    CONNECTION_ABANDONED,
    CONNECTION_STATE_COUNT
};

enum {
    CONNECTION_HEAD_ROOM = 128 * 1024, /* octets of heads and chunk sizes beside the largest answer */
    CONNECTION_INPUT_SIZE = 16 * 1024, /* one TLS record's content */
    CONNECTION_OUTPUT_MAX = EXCHANGE_ANSWER_MAX + CONNECTION_HEAD_ROOM,
    CONNECTION_TURNS_MAX = 64,           /* steps before others get their turn */
    CONNECTION_LINGER_MAX = 1024 * 1024, /* octets thrown away after the last answer */
    CONNECTION_LINGER_S = 2,
};

/* A client's address in a fifth of a sockaddr_storage. */
union connection_peer {
    struct sockaddr_in v4;
    struct sockaddr_in6 v6;
};

/* Thousands of them wait with nothing to do: what only a request needs belongs in its arena. */
struct connection {
    struct http_server *server;
    struct connection *next, *previous; /* in the list of its state, ordered by deadline */
    enum connection_state state;
    int64_t deadline_us; /* monotonic; 0: none */
    struct transport transport;
    struct event readable, writable;
    bool listening;    /* `readable` is added */
    bool has_readable; /* the socket was readable and has not been read since */
    bool stepping;     /* inside connection_step: whoever calls it again must not go deeper */
    bool aborted;
    bool was_queued;
    bool lags; /* handshake, request or answer is under way and waits for the client */
    int64_t lags_since_us;
    struct peers_link lag; /* while it lags */
    bool timed_out;        /* the deadline passed; step() decides what that means */
    bool progressed;       /* STREAMING: the client took everything since the last look */
    char *input;           /* a block of CONNECTION_INPUT_SIZE while octets wait in it, else NULL */
    size_t input_at, input_length;
    size_t discarded;     /* LINGERING */
    struct buffer output; /* empty and without memory unless something waits to be sent */
    size_t output_at;     /* of it is sent */
    union connection_peer peer;
    struct address_key peer_key;
    struct http_parser parser;
    enum router_outcome outcome; /* of the request's method and path */
    const struct http_route *route;
    unsigned allowed; /* see struct router_match */
    struct http_exchange exchange;
};

/* Takes `fd` over, also on failure (then false). */
bool connection_open(struct http_server *server, int fd, const struct sockaddr_storage *peer);
/* Goes as far as it can without waiting; the connection may be freed. Does nothing when called from inside itself. */
void connection_step(struct connection *connection);
/* QUEUED: its handshake begins. */
void connection_take_turn(struct connection *connection);
/* Closes at once what serves nobody (no request begun), marks the rest to close after its answer. */
void connection_drain(struct connection *connection);
/* Ends it without another word: now, or when the step it is called from returns. */
void connection_abort(struct connection *connection);
/* Ends it whatever it is doing. */
void connection_free(struct connection *connection);

#endif
