/* SPDX-License-Identifier: Apache-2.0
 * The pool's own state; private to lib/pg. */
#ifndef PG_POOL_STATE_H
#define PG_POOL_STATE_H

#include "pg/connection.h"

enum { CONNECTIONS_MAX = 64, POOL_ERROR_MAX = 256, CONNINFO_MAX = 8192 };

struct pg_pool {
    struct pg_pool_config config;
    char *conninfo;
    int64_t attempt_us; /* from starting to connect until READY */
    struct pg_connection *connections;
    struct pg_call_queue waiting; /* for a connection */
    struct pg_call_queue failed;  /* to be told PG_UNSENT at the end of this turn of the loop */
    struct event *tick, *turn;
    bool closing;
    struct pg_metrics metrics;
    char last_error[POOL_ERROR_MAX];
};

/* Sends what waits; then, at the end of the turn, tells on_free if a connection is still free. */
void pg_pool_feed(struct pg_pool *pool);
void pg_pool_tell(struct pg_pool *pool, struct pg_call *call, const struct pg_answer *answer);
void pg_pool_note(struct pg_pool *pool, const char *message);

#endif
