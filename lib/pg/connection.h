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

#include "pg/pool.h"

enum { SETTINGS_MAX = 4 };

struct setting {
    char *name;
    char *value;
};

struct pg_call {
    struct pg_call *next; /* in the pool's queue, or in its connection's order of sending */
    enum pg_statement statement;
    struct pg_params params; /* a copy, released when sent */
    struct setting settings[SETTINGS_MAX];
    unsigned setting_count;
    int64_t deadline_us;
    pg_done *done; /* NULL once cancelled, or told that the outcome is unknown */
    void *context;
    bool overdue;     /* its owner was told PG_UNKNOWN while the server still owes the answer */
    PGresult *result; /* of the statement, kept until the transaction's end is known */
    PGresult *error;  /* the first failure */
};

struct call_queue {
    struct pg_call *first, *last;
    unsigned count;
};

void call_queue_add(struct call_queue *queue, struct pg_call *call);
struct pg_call *call_queue_take(struct call_queue *queue);
void call_free(struct pg_call *call);

enum connection_state { CONNECTION_DOWN, CONNECTION_CONNECTING, CONNECTION_PREPARING, CONNECTION_READY };

struct connection {
    struct pg_pool *pool;
    unsigned index;
    enum connection_state state;
    PGconn *conn;
    struct event *readable, *writable;
    int64_t due_us;     /* DOWN: next attempt. CONNECTING, PREPARING: give up. clock_monotonic */
    int64_t backoff_us;
    struct call_queue sent;
    unsigned overdue;     /* of `sent`, calls whose owner was told PG_UNKNOWN: the server owes an answer */
    unsigned prepared;    /* PREPARING: results seen */
};

/* Every event of a connection ends in one of these; each may change its state and tell calls. */
void connection_start(struct connection *connection);              /* DOWN and due */
void connection_on_socket(struct connection *connection);          /* the socket can be read or written */
void connection_fail(struct connection *connection, const char *why); /* to DOWN; `why` NULL: libpq's message */
void connection_release(struct connection *connection);
/* Sends a call; it must be READY. */
void connection_send(struct connection *connection, struct pg_call *call);
bool connection_can_send(const struct connection *connection);

#endif
