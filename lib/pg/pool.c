/* SPDX-License-Identifier: Apache-2.0
 * The pool: who sends what next, deadlines, and telling each call its outcome once. */
#include "pg/pool.h"

#include <assert.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "core/clock.h"
#include "core/log.h"
#include "pg/conninfo.h"
#include "pg/pool_state.h"

enum { TICK_MS = 100, ATTEMPT_SECONDS = 5 };
static const int64_t plan_us = 10 * MICROSECONDS_A_SECOND;
static const int64_t silence_us = 30 * MICROSECONDS_A_SECOND; /* past a deadline, then the connection is given up */

void pg_pool_note(struct pg_pool *pool, const char *message)
{
    char line[POOL_ERROR_MAX];
    (void)snprintf(line, sizeof(line), "%s", message);
    for (size_t i = strlen(line); i > 0 && (line[i - 1] == '\n' || line[i - 1] == ' '); i--) {
        line[i - 1] = '\0';
    }
    if (strcmp(line, pool->last_error) != 0) { /* the same trouble again and again is said once */
        (void)snprintf(pool->last_error, sizeof(pool->last_error), "%s", line);
        log_event(LOG_WARNING, "pg.connection_failed", log_text("error", line));
    }
}

void pg_pool_tell(struct pg_pool *pool, struct pg_call *call, const struct pg_answer *answer)
{
    uint64_t *const counters[] = {
        [PG_COMMITTED] = &pool->metrics.committed,
        [PG_REFUSED] = &pool->metrics.refused,
        [PG_UNSENT] = &pool->metrics.unsent,
        [PG_UNKNOWN] = &pool->metrics.unknown,
    };
    if (call->done != NULL) {
        ++*counters[answer->outcome];
        call->done(call->context, answer);
    }
    pg_call_free(call);
}

static void tell_failed(struct pg_pool *pool)
{
    for (struct pg_call *call = pg_call_queue_take(&pool->failed); call != NULL;
         call = pg_call_queue_take(&pool->failed)) {
        pg_pool_tell(pool, call, &(struct pg_answer){.outcome = PG_UNSENT});
    }
}

static struct pg_connection *find_free(const struct pg_pool *pool)
{
    struct pg_connection *best = NULL;
    for (unsigned i = 0; i < pool->config.connections; i++) {
        struct pg_connection *c = &pool->connections[i];
        if (pg_connection_can_send(c) && (best == NULL || c->sent.count < best->sent.count)) {
            best = c;
        }
    }
    return best;
}

static void send_waiting(struct pg_pool *pool)
{
    for (struct pg_connection *c = find_free(pool); c != NULL && pool->waiting.first != NULL; c = find_free(pool)) {
        pg_connection_send(c, pg_call_queue_take(&pool->waiting));
    }
}

static void on_turn(evutil_socket_t fd, short events, void *context)
{
    struct pg_pool *pool = context;
    (void)fd;
    (void)events;
    tell_failed(pool);
    send_waiting(pool);
    if (pool->config.on_free != NULL && pg_pool_is_free(pool)) {
        pool->config.on_free(pool->config.context);
    }
}

void pg_pool_feed(struct pg_pool *pool)
{
    send_waiting(pool);
    event_active(pool->turn, EV_TIMEOUT, 0);
}

/* Calls whose deadline has passed leave the queue, in whatever order they stand. */
static void expire_waiting(struct pg_pool *pool, int64_t now)
{
    struct pg_call_queue kept = {.count = 0};
    for (struct pg_call *call = pg_call_queue_take(&pool->waiting); call != NULL;
         call = pg_call_queue_take(&pool->waiting)) {
        pg_call_queue_add(call->deadline_us <= now ? &pool->failed : &kept, call);
    }
    pool->waiting = kept;
    tell_failed(pool);
}

/* The owner is told at once; the connection stays out of use until the answer is in, so it cannot be taken for another's. */
static void expire_sent(struct pg_connection *c, int64_t now)
{
    for (struct pg_call *call = c->sent.first; call != NULL; call = call->next) {
        if (call->deadline_us <= now && !call->overdue) {
            pg_done *done = call->done;
            call->overdue = true;
            call->done = NULL;
            c->overdue++;
            if (done != NULL) {
                c->pool->metrics.unknown++;
                done(call->context, &(struct pg_answer){.outcome = PG_UNKNOWN});
            }
        }
    }
    if (c->sent.first != NULL && c->sent.first->deadline_us <= now - silence_us) {
        pg_connection_fail(c, "no answer from the server for 30 s past a deadline");
    }
}

static void on_tick(evutil_socket_t fd, short events, void *context)
{
    struct pg_pool *pool = context;
    int64_t now = clock_monotonic();
    (void)fd;
    (void)events;
    for (unsigned i = 0; i < pool->config.connections; i++) {
        struct pg_connection *c = &pool->connections[i];
        if (c->state == CONNECTION_DOWN && c->due_us <= now) {
            pg_connection_start(c);
        } else if ((c->state == CONNECTION_CONNECTING || c->state == CONNECTION_PREPARING) && c->due_us <= now) {
            pg_connection_time_out(c);
        } else if (c->state == CONNECTION_READY) {
            expire_sent(c, now);
        }
    }
    expire_waiting(pool, now);
}

static bool pool_init(struct pg_pool *pool, const struct pg_pool_config *config)
{
    static const struct timeval tick = {0, TICK_MS * 1000};
    pool->config = *config;
    if (pool->config.statements == NULL) {
        pool->config.statements = pg_statement_table;
        pool->config.statement_count = PG_STATEMENT_COUNT;
    }
    pool->config.plan_us = config->plan_us > 0 ? config->plan_us : plan_us;
    pool->conninfo = strdup(config->conninfo);
    pool->attempt_us =
        pg_conninfo_seconds(config->conninfo, "connect_timeout", ATTEMPT_SECONDS) * MICROSECONDS_A_SECOND;
    pool->connections = calloc(config->connections, sizeof(*pool->connections));
    pool->tick = event_new(config->base, -1, EV_PERSIST, on_tick, pool);
    pool->turn = event_new(config->base, -1, 0, on_turn, pool);
    if (pool->conninfo == NULL || pool->connections == NULL || pool->tick == NULL || pool->turn == NULL ||
        event_add(pool->tick, &tick) != 0) {
        return false;
    }
    for (unsigned i = 0; i < config->connections; i++) {
        pool->connections[i] = (struct pg_connection){.pool = pool, .index = i, .state = CONNECTION_DOWN};
    }
    event_active(pool->tick, EV_TIMEOUT, 0);
    return true;
}

struct pg_pool *pg_pool_new(const struct pg_pool_config *config, struct error *error)
{
    if (config->connections < 1 || config->connections > CONNECTIONS_MAX || config->pipeline_depth < 1) {
        (void)error_set(error, ERROR_INVALID, "pg.pool", "1 to %d connections, each with room for a call",
                        CONNECTIONS_MAX);
        return NULL;
    }
    struct buffer conninfo; /* read here once, so that a mistake in it is told now and not at each attempt */
    buffer_init(&conninfo, CONNINFO_MAX);
    bool readable = pg_conninfo_rotated(config->conninfo, 0, &conninfo);
    buffer_release(&conninfo);
    if (!readable) {
        (void)error_set(error, ERROR_INVALID, "pg.pool", "the connection string cannot be read");
        return NULL;
    }
    struct pg_pool *pool = calloc(1, sizeof(*pool));
    if (pool == NULL || !pool_init(pool, config)) {
        (void)error_set(error, ERROR_NOMEM, "pg.pool", "out of memory");
        pg_pool_free(pool);
        return NULL;
    }
    return pool;
}

void pg_pool_free(struct pg_pool *pool)
{
    if (pool == NULL) {
        return;
    }
    pool->closing = true;
    for (unsigned i = 0; pool->connections != NULL && i < pool->config.connections; i++) {
        pg_connection_release(&pool->connections[i]);
    }
    for (struct pg_call *call = pg_call_queue_take(&pool->waiting); call != NULL;
         call = pg_call_queue_take(&pool->waiting)) {
        pg_call_queue_add(&pool->failed, call);
    }
    tell_failed(pool);
    if (pool->tick != NULL) {
        event_free(pool->tick);
    }
    if (pool->turn != NULL) {
        event_free(pool->turn);
    }
    free(pool->connections);
    free(pool->conninfo);
    free(pool);
}

bool pg_pool_is_free(const struct pg_pool *pool)
{
    return pool->waiting.first == NULL && !pool->closing && find_free(pool) != NULL;
}

bool pg_pool_wake(struct pg_pool *pool)
{
    if (pool->config.on_free != NULL) {
        event_active(pool->turn, EV_TIMEOUT, 0);
    }
    return pool->config.on_free != NULL;
}

unsigned pg_pool_live_connections(const struct pg_pool *pool)
{
    unsigned count = 0;
    for (unsigned i = 0; i < pool->config.connections; i++) {
        const struct pg_connection *c = &pool->connections[i];
        count += c->state == CONNECTION_READY && c->overdue == 0 ? 1 : 0;
    }
    return count;
}

bool pg_pool_is_ready(const struct pg_pool *pool)
{
    return pg_pool_live_connections(pool) > 0;
}

struct event_base *pg_pool_base(const struct pg_pool *pool)
{
    return pool->config.base;
}

const char *pg_pool_statement_name(const struct pg_pool *pool, enum pg_statement statement)
{
    return pool->config.statements[statement].name;
}

const struct pg_metrics *pg_pool_metrics(const struct pg_pool *pool)
{
    return &pool->metrics;
}

const char *pg_pool_last_error(const struct pg_pool *pool)
{
    return pool->last_error;
}

struct pg_call *pg_pool_call(struct pg_pool *pool, enum pg_statement statement, const struct pg_params *params,
                             const char *const *settings, int64_t deadline_us, pg_done *done, void *context)
{
    assert((size_t)statement < pool->config.statement_count);
    struct pg_call *call = pool->closing ? NULL : pg_call_new(params, settings);
    if (call == NULL) {
        return NULL;
    }
    call->statement = statement;
    call->deadline_us = deadline_us;
    call->done = done;
    call->context = context;
    call->retries = pool->config.retries;
    pool->metrics.calls++;
    if (pool->waiting.count >= pool->config.queue_max) {
        pg_call_queue_add(&pool->failed, call);
        event_active(pool->turn, EV_TIMEOUT, 0);
        return call;
    }
    pg_call_queue_add(&pool->waiting, call);
    /* sent from the loop: sending can fail, and then done would run before this returns */
    event_active(pool->turn, EV_TIMEOUT, 0);
    return call;
}

void pg_call_cancel(struct pg_call *call)
{
    call->done = NULL;
}
