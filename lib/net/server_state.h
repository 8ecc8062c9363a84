/* SPDX-License-Identifier: Apache-2.0
 * What the connections of one listener share. Private to lib/net. */
#ifndef NET_SERVER_STATE_H
#define NET_SERVER_STATE_H

#include <event2/listener.h>

#include "net/admission.h"
#include "net/answer.h"
#include "net/connection.h"
#include "net/connection_list.h"
#include "net/server.h"

enum { SERVER_ID_POOL = 64 };

struct http_server {
    struct http_server_config config;
    SSL_CTX *tls; /* our reference; NULL: plain */
    struct evconnlistener *listener;
    unsigned port;
    int spare; /* a descriptor to give up at EMFILE, so one client can be told by a close instead of waiting for ever */
    bool paused;
    bool draining;
    void (*on_drained)(void *context);
    void *drained_context;
    struct event *tick;       /* looks for passed deadlines */
    struct event *drained;    /* calls on_drained from the loop, never from inside a step */
    struct event *handshakes; /* gives QUEUED connections their turn */
    unsigned handshakes_left; /* to be begun in this turn of the loop */
    uint64_t requests_seen;   /* when it began */
    struct connection_list lists[CONNECTION_STATE_COUNT];
    int64_t allowed_us[CONNECTION_STATE_COUNT]; /* how long a state may last; 0: for ever */
    struct peers peers;
    struct admission admission;
    struct answer_writer answers;
    struct http_metrics metrics;
    int64_t now_us;             /* monotonic, of the step that runs: one look at the clock serves all that it does */
    char *spare_input;          /* one input block kept for the next reader */
    struct buffer spare_output; /* likewise for the next answer; empty */
    uint64_t ids[SERVER_ID_POOL];
    size_t ids_left;
};

/* Times out every connection whose deadline is before `now_us` (monotonic). The tick calls it; tests call it with a time of
 * their own. */
void server_expire(struct http_server *server, int64_t now_us);
/* A block of CONNECTION_INPUT_SIZE, or NULL. */
char *server_take_input(struct http_server *server);
void server_give_input(struct http_server *server, char *block);
/* Memory for output, empty, into `*output`, which holds none; and back. */
void server_take_output(struct http_server *server, struct buffer *output);
void server_give_output(struct http_server *server, struct buffer *output);
/* 16 hexadecimal digits and a NUL. */
void server_make_id(struct http_server *server, char id[REQUEST_ID_SIZE + 1]);
/* Has the next turn's handshakes begun at the end of this turn of the loop. */
void server_end_turn(struct http_server *server);
/* A connection was freed: accept again if that was suspended, tell the drain when it was the last. */
void server_connection_gone(struct http_server *server);
/* Counts an answer and how long it took. */
void server_count_answer(struct http_server *server, const struct http_exchange *exchange, unsigned status);

#endif
