/* SPDX-License-Identifier: Apache-2.0
 * One connection to PostgreSQL and the calls it carries; private to lib/pg.
 *
 *   DOWN --retry is due--> CONNECTING --connected--> PREPARING --all prepared--> READY
 *     ^                        |                         |                         |
 *     \---- refused, timed out, lost, silent too long: calls it carried end PG_UNKNOWN --/
 */
#ifndef PG_CONNECTION_H
#define PG_CONNECTION_H

#include <stdbool.h>
#include <stdint.h>

#include "pg/call.h"
#include "pg/pool.h"

enum connection_state { CONNECTION_DOWN, CONNECTION_CONNECTING, CONNECTION_PREPARING, CONNECTION_READY };

struct pg_connection {
    struct pg_pool *pool;
    unsigned index;
    enum connection_state state;
    PGconn *conn;
    struct event *readable, *writable;
    int64_t due_us; /* DOWN: next attempt. CONNECTING, PREPARING: give up. clock_monotonic */
    int64_t backoff_us;
    struct pg_call_queue sent;
    unsigned overdue;   /* of `sent`, calls whose owner was told PG_UNKNOWN: the server owes an answer */
    unsigned prepared;  /* PREPARING: statements done */
    int64_t planned_us; /* READY: since when its plans are kept, on clock_monotonic */
    unsigned host_turn; /* of the hosts in the connection string, which is tried first */
};

/* Every event of a connection ends in one of these; each may change its state and tell calls. */
void pg_connection_start(struct pg_connection *connection);                 /* DOWN and due */
void pg_connection_on_socket(struct pg_connection *connection);             /* the socket can be read or written */
void pg_connection_fail(struct pg_connection *connection, const char *why); /* to DOWN; `why` NULL: libpq's message */
/* CONNECTING or PREPARING took too long: fails, and the next attempt begins with the next host. libpq's asynchronous calls go on to
 * the next host only when one refuses, so a host that is silent (its machine is gone) would be tried first for ever. */
void pg_connection_time_out(struct pg_connection *connection);
void pg_connection_release(struct pg_connection *connection);
/* Sends a call; it must be READY. */
void pg_connection_send(struct pg_connection *connection, struct pg_call *call);
bool pg_connection_can_send(const struct pg_connection *connection);

#endif
