/* SPDX-License-Identifier: Apache-2.0
 * One call of a statement, from pg_pool_call until its owner was told; private to lib/pg. */
#ifndef PG_CALL_H
#define PG_CALL_H

#include <stdbool.h>
#include <stdint.h>

#include "pg/pool.h"

enum { SETTINGS_MAX = 4 };
/* Prepared on every connection, for settings. */
#define CALL_SETTING_STATEMENT "muster_set"
#define CALL_SETTING_TEXT      "SELECT set_config($1::text, $2::text, true)"
/* Prepared on every connection; before the first call after a plan's time is up. */
#define CALL_REPLAN_STATEMENT "muster_replan"
#define CALL_REPLAN_TEXT      "DISCARD PLANS"

struct setting {
    char *name;
    char *value;
};

struct pg_call {
    struct pg_call *next; /* in the pool's queue, or in its connection's order of sending */
    enum pg_statement statement;
    struct pg_params params; /* a copy, released when sent for the last time */
    unsigned retries;        /* that are left */
    struct setting settings[SETTINGS_MAX];
    unsigned setting_count;
    int64_t deadline_us;
    pg_done *done; /* NULL once cancelled, or told that the outcome is unknown */
    void *context;
    bool overdue;     /* its owner was told PG_UNKNOWN while the server still owes the answer */
    PGresult *result; /* of the statement, kept until the transaction's end is known */
    PGresult *error;  /* the first failure */
};

struct pg_call_queue {
    struct pg_call *first, *last;
    unsigned count;
};

/* A copy of what the call needs; NULL when memory is out or a limit passed. `params` must be whole. */
struct pg_call *pg_call_new(const struct pg_params *params, const char *const *settings);
void pg_call_free(struct pg_call *call);
/* Hands it to libpq up to its sync: settings and statement are one implicit transaction; with `replan` all plans of the session are made
 * anew from here on. False: the connection is no use. */
bool pg_call_send(struct pg_call *call, PGconn *conn, const char *statement, bool replan);

void pg_call_queue_add(struct pg_call_queue *queue, struct pg_call *call);
/* NULL when empty. */
struct pg_call *pg_call_queue_take(struct pg_call_queue *queue);

#endif
