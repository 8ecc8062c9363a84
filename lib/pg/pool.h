/* SPDX-License-Identifier: Apache-2.0
 * Asynchronous libpq connections in pipeline mode on one event loop; every statement of the catalogue is prepared at connect. */
#ifndef PG_POOL_H
#define PG_POOL_H

#include <event2/event.h>
#include <libpq-fe.h>
#include <stdbool.h>
#include <stdint.h>

#include "core/error.h"
#include "core/slice.h"
#include "pg/params.h"
#include "pg/statement.h"

struct pg_pool;
struct pg_call;

enum pg_outcome {
    PG_COMMITTED, /* the server answered and the transaction is durable */
    PG_REFUSED,   /* the server said no; nothing was done */
    PG_UNSENT,    /* never left: no connection before the deadline, or the queue was full */
    PG_UNKNOWN,   /* sent, but no answer before the deadline or the connection's end: it may be committed */
};

struct pg_answer {
    enum pg_outcome outcome;
    const PGresult *result; /* COMMITTED: the statement's rows in binary format; else NULL. Valid during the callback */
    char sqlstate[6];       /* REFUSED: the SQLSTATE, "23505" */
    char constraint[64];    /* REFUSED: the constraint's name, or "" */
};

typedef void pg_done(void *context, const struct pg_answer *answer);

struct pg_pool_config {
    struct event_base *base;
    /* Keyword/value or URL; may name several hosts (target_session_attrs). Its connect_timeout (5 s when not given) is one attempt's;
     * a host that let it pass is tried last the next time. */
    const char *conninfo;
    const char *role;        /* statements whose header names this role are prepared: "muster_edge" */
    unsigned connections;    /* 1 to 64 */
    unsigned pipeline_depth; /* calls in flight on one connection: 1 for the edge's batches, 8 for the desk */
    unsigned queue_max;      /* calls waiting for a connection; past it PG_UNSENT at once */
    /* How often a call is sent again that lost a deadlock or a serialisation (SQLSTATE 40P01, 40001), before its deadline. 0: never; a
     * batch does so itself. Source: PostgreSQL 15, section 13.5: such a transaction is to be tried again, whole. */
    unsigned retries;
    /* How long a session keeps its plans, in microseconds; 0: ten seconds. PostgreSQL makes a plan that is kept for tables as large as they
     * are at that moment, and anew only when autovacuum has counted them: what was planned for an empty register, where all of it is the
     * quickest to read, would be run through the first minute of the wave. */
    int64_t plan_us;
    /* A connection can take a call: batches flush here. May be NULL. */
    void (*on_free)(void *context);
    /* What came on a channel of `listen`. May be NULL. */
    void (*on_notify)(void *context, struct slice channel, struct slice payload);
    /* NULL-terminated; LISTENed on one connection after each connect. May be NULL. */
    const char *const *listen;
    /* NULL-terminated SET statements, run on each connection after each connect. May be NULL. */
    const char *const *settings;
    void *context;
    const struct pg_statement_info *statements; /* NULL: the embedded catalogue. Tests bring their own */
    size_t statement_count;
};

struct pg_metrics {
    uint64_t calls, committed, refused, unsent, unknown, retried, connects, connect_failures;
    unsigned ready; /* connections that can take calls now */
};

struct pg_pool *pg_pool_new(const struct pg_pool_config *config, struct error *error);
/* Calls still in flight end with PG_UNKNOWN, waiting ones with PG_UNSENT, before it returns. */
void pg_pool_free(struct pg_pool *pool);
/* True when a call started now would leave at once. */
bool pg_pool_is_free(const struct pg_pool *pool);
/* Connections that are up and answering, busy or not. */
unsigned pg_pool_live_connections(const struct pg_pool *pool);
/* Has on_free called at the end of this turn of the loop, if a connection is free then; false when the pool has no on_free. */
bool pg_pool_wake(struct pg_pool *pool);
/* A statement's name, for logs. */
const char *pg_pool_statement_name(const struct pg_pool *pool, enum pg_statement statement);
/* At least one connection is up and answering: one that owes an answer past its deadline does not count. */
bool pg_pool_is_ready(const struct pg_pool *pool);
struct event_base *pg_pool_base(const struct pg_pool *pool);
const struct pg_metrics *pg_pool_metrics(const struct pg_pool *pool);
/* Why the last connection attempt failed (no secrets in it); empty when none did. */
const char *pg_pool_last_error(const struct pg_pool *pool);

/* Starts a statement. `settings` (NULL, or a NULL-terminated list name, value, name, value...) are applied with
 * set_config(..., is_local => true) in the same transaction: row-level security reads them. `done` runs exactly once, on the loop, never
 * before this returns. `deadline_us` is on clock_monotonic. Returns a handle for pg_call_cancel, valid until done ran; NULL, and done will
 * not run, when memory is out, `params` are not whole, there are too many settings, or the pool is being freed. `params` are copied. */
struct pg_call *pg_pool_call(struct pg_pool *pool, enum pg_statement statement, const struct pg_params *params,
                             const char *const *settings, int64_t deadline_us, pg_done *done, void *context);
/* `done` will not run; the statement may still take effect. */
void pg_call_cancel(struct pg_call *call);

/* Reading rows in binary format; a null or a wrong length reads as 0, empty or the given default. */
bool pg_is_null(const PGresult *result, int row, int column);
bool pg_get_bool(const PGresult *result, int row, int column);
int64_t pg_get_int(const PGresult *result, int row, int column); /* int2, int4 or int8, by length */
double pg_get_float8(const PGresult *result, int row, int column);
int64_t pg_get_time(const PGresult *result, int row, int column);       /* microseconds since 1970 */
struct slice pg_get_slice(const PGresult *result, int row, int column); /* text or bytea; borrowed from the result */
bool pg_get_uuid(const PGresult *result, int row, int column, struct uuid *uuid);

#endif
