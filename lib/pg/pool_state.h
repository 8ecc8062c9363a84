/* SPDX-License-Identifier: Apache-2.0
 * The pool's own state; private to lib/pg. */
#ifndef PG_POOL_STATE_H
#define PG_POOL_STATE_H

#include "pg/connection.h"

enum { CONNECTIONS_MAX = 64, POOL_ERROR_MAX = 256 };

struct pg_pool {
    struct pg_pool_config config;
    char *conninfo;
    struct connection *connections;
    struct call_queue waiting; /* for a connection */
    struct call_queue failed;  /* to be told PG_UNSENT at the end of this turn of the loop */
    struct event *tick, *turn;
    bool closing;
    struct pg_metrics metrics;
    char last_error[POOL_ERROR_MAX];
};

/* Sends what waits; then, at the end of the turn, tells on_free if a connection is still free. */
void pool_feed(struct pg_pool *pool);
void pool_tell(struct pg_pool *pool, struct pg_call *call, const struct pg_answer *answer);
void pool_note(struct pg_pool *pool, const char *message);

#endif
