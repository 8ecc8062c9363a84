/* SPDX-License-Identifier: Apache-2.0
 * libpq's non-blocking calls and pipeline mode (PostgreSQL 15, sections 34.4 and 34.5) driven by the loop. */
#include "pg/connection.h"

#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "core/clock.h"
#include "core/id.h"
#include "core/log.h"
#include "pg/pool_state.h"

static const int64_t backoff_first_us = 100000;
static const int64_t backoff_longest_us = 5 * MICROSECONDS_A_SECOND;
static const int64_t attempt_us = 5 * MICROSECONDS_A_SECOND;
static const char setting_statement[] = "muster_set";
static const char setting_text[] = "SELECT set_config($1::text, $2::text, true)";

void call_queue_add(struct call_queue *queue, struct pg_call *call)
{
    call->next = NULL;
    if (queue->last != NULL) {
        queue->last->next = call;
    } else {
        queue->first = call;
    }
    queue->last = call;
    queue->count++;
}

struct pg_call *call_queue_take(struct call_queue *queue)
{
    struct pg_call *call = queue->first;
    if (call != NULL) {
        queue->first = call->next;
        queue->last = queue->first == NULL ? NULL : queue->last;
        queue->count--;
    }
    return call;
}

void call_free(struct pg_call *call)
{
    for (unsigned i = 0; i < call->setting_count; i++) {
        free(call->settings[i].name);
        free(call->settings[i].value);
    }
    pg_params_release(&call->params);
    PQclear(call->result);
    PQclear(call->error);
    free(call);
}

static void on_socket(evutil_socket_t fd, short events, void *context)
{
    (void)fd;
    (void)events;
    connection_on_socket(context);
}

static void set_state(struct connection *c, enum connection_state state)
{
    static const char *const names[] = {"down", "connecting", "preparing", "ready"};
    log_event(LOG_DEBUG, "pg.connection", log_integer("number", c->index), log_text("from", names[c->state]),
              log_text("to", names[state]));
    c->pool->metrics.ready += state == CONNECTION_READY ? 1U : 0U;
    c->pool->metrics.ready -= c->state == CONNECTION_READY ? 1U : 0U;
    c->state = state;
}

static void drop_events(struct connection *c)
{
    if (c->readable != NULL) {
        event_free(c->readable);
    }
    if (c->writable != NULL) {
        event_free(c->writable);
    }
    c->readable = NULL;
    c->writable = NULL;
}

/* libpq may open another socket between two steps of connecting, so the events are made anew at each. */
static bool watch(struct connection *c, bool read, bool write)
{
    struct event_base *base = c->pool->config.base;
    int fd = PQsocket(c->conn);
    drop_events(c);
    if (fd < 0) {
        return false;
    }
    c->readable = event_new(base, fd, EV_READ | EV_PERSIST, on_socket, c);
    c->writable = event_new(base, fd, EV_WRITE, on_socket, c);
    return c->readable != NULL && c->writable != NULL && (!read || event_add(c->readable, NULL) == 0) &&
           (!write || event_add(c->writable, NULL) == 0);
}

void connection_fail(struct connection *c, const char *why)
{
    char message[POOL_ERROR_MAX];
    (void)snprintf(message, sizeof(message), "%s", why != NULL ? why : PQerrorMessage(c->conn));
    pool_note(c->pool, message);
    c->pool->metrics.connect_failures += c->state != CONNECTION_READY ? 1 : 0;
    set_state(c, CONNECTION_DOWN);
    drop_events(c);
    PQfinish(c->conn);
    c->conn = NULL;
    c->overdue = 0;
    /* jitter: a hundred processes must not come back in the same instant */
    uint8_t jitter = 0;
    random_fill(&jitter, sizeof(jitter));
    c->backoff_us = c->backoff_us == 0 ? backoff_first_us : c->backoff_us * 2;
    c->backoff_us = c->backoff_us > backoff_longest_us ? backoff_longest_us : c->backoff_us;
    c->due_us = clock_monotonic() + c->backoff_us / 2 + c->backoff_us * jitter / 512;
    for (struct pg_call *call = call_queue_take(&c->sent); call != NULL; call = call_queue_take(&c->sent)) {
        pool_tell(c->pool, call, &(struct pg_answer){.outcome = PG_UNKNOWN});
    }
}

void connection_release(struct connection *c)
{
    drop_events(c);
    PQfinish(c->conn);
    c->conn = NULL;
    for (struct pg_call *call = call_queue_take(&c->sent); call != NULL; call = call_queue_take(&c->sent)) {
        pool_tell(c->pool, call, &(struct pg_answer){.outcome = PG_UNKNOWN});
    }
}

static void flush(struct connection *c)
{
    int left = PQflush(c->conn);
    if (left < 0) {
        connection_fail(c, NULL);
    } else if (left > 0 && event_add(c->writable, NULL) != 0) {
        connection_fail(c, "cannot watch the socket");
    }
}

void connection_start(struct connection *c)
{
    c->conn = PQconnectStart(c->pool->conninfo);
    if (c->conn == NULL || PQstatus(c->conn) == CONNECTION_BAD) {
        connection_fail(c, c->conn == NULL ? "out of memory" : NULL);
        return;
    }
    set_state(c, CONNECTION_CONNECTING);
    c->due_us = clock_monotonic() + attempt_us;
    if (!watch(c, false, true)) {
        connection_fail(c, "cannot watch the socket");
    }
}

/* True for each statement whose header names the pool's role. */
static bool is_ours(const struct pg_pool *pool, const struct pg_statement_info *info)
{
    struct slice roles = slice_of(info->roles);
    struct slice role;
    while (slice_split(&roles, ' ', &role)) {
        if (slice_equal(role, slice_of(pool->config.role))) {
            return true;
        }
    }
    return false;
}

static bool send_listens(struct connection *c)
{
    char sql[160];
    const char *const *channel = c->index == 0 ? c->pool->config.listen : NULL;
    for (; channel != NULL && *channel != NULL; channel++) {
        char *name = PQescapeIdentifier(c->conn, *channel, strlen(*channel));
        int length = name != NULL ? snprintf(sql, sizeof(sql), "LISTEN %s", name) : -1;
        PQfreemem(name);
        if (length < 0 || (size_t)length >= sizeof(sql) ||
            PQsendQueryParams(c->conn, sql, 0, NULL, NULL, NULL, NULL, 0) != 1) {
            return false;
        }
    }
    return true;
}

static void start_preparing(struct connection *c)
{
    struct pg_pool *pool = c->pool;
    bool ok = PQsetnonblocking(c->conn, 1) == 0 && PQenterPipelineMode(c->conn) == 1 &&
              PQsendPrepare(c->conn, setting_statement, setting_text, 0, NULL) == 1;
    for (size_t i = 0; ok && i < pool->config.statement_count; i++) {
        const struct pg_statement_info *info = &pool->config.statements[i];
        ok = !is_ours(pool, info) || PQsendPrepare(c->conn, info->name, info->text, 0, NULL) == 1;
    }
    ok = ok && send_listens(c) && PQpipelineSync(c->conn) == 1;
    set_state(c, CONNECTION_PREPARING);
    c->prepared = 0;
    if (!ok || !watch(c, true, false)) {
        connection_fail(c, NULL);
        return;
    }
    flush(c);
}

static void step_connecting(struct connection *c)
{
    PostgresPollingStatusType status = PQconnectPoll(c->conn);
    switch (status) {
    case PGRES_POLLING_OK:
        start_preparing(c);
        return;
    case PGRES_POLLING_READING:
    case PGRES_POLLING_WRITING:
        if (!watch(c, status == PGRES_POLLING_READING, status == PGRES_POLLING_WRITING)) {
            connection_fail(c, "cannot watch the socket");
        }
        return;
    default:
        connection_fail(c, NULL);
    }
}

static void become_ready(struct connection *c)
{
    c->backoff_us = 0;
    c->pool->metrics.connects++;
    c->pool->last_error[0] = '\0';
    set_state(c, CONNECTION_READY);
    log_event(LOG_INFO, "pg.connected", log_integer("number", c->index));
}

/* PREPARING: one result a statement, then the sync. */
static void take_prepared(struct connection *c, const PGresult *result)
{
    char why[POOL_ERROR_MAX];
    switch (PQresultStatus(result)) {
    case PGRES_PIPELINE_SYNC:
        become_ready(c);
        return;
    case PGRES_COMMAND_OK:
        c->prepared++;
        return;
    default:
        (void)snprintf(why, sizeof(why), "preparing statement %u: %.180s", c->prepared, PQresultErrorMessage(result));
        connection_fail(c, why);
    }
}

static void copy_field(char *out, size_t size, const PGresult *result, int field)
{
    const char *text = PQresultErrorField(result, field);
    (void)snprintf(out, size, "%s", text != NULL ? text : "");
}

/* The statement is gone, or the server turned read-only under us: another host may serve (SQLSTATE classes of Appendix A). */
static bool breaks_connection(const char *sqlstate)
{
    return strcmp(sqlstate, "26000") == 0 || strcmp(sqlstate, "25006") == 0 || strncmp(sqlstate, "57P", 3) == 0;
}

static void finish_call(struct connection *c)
{
    struct pg_call *call = call_queue_take(&c->sent);
    struct pg_answer answer = {.outcome = PG_COMMITTED, .result = call->result};
    c->overdue -= call->overdue ? 1U : 0U;
    if (call->error != NULL || call->result == NULL) {
        answer.outcome = PG_REFUSED;
        answer.result = NULL;
        copy_field(answer.sqlstate, sizeof(answer.sqlstate), call->error, PG_DIAG_SQLSTATE);
        copy_field(answer.constraint, sizeof(answer.constraint), call->error, PG_DIAG_CONSTRAINT_NAME);
        log_event(LOG_WARNING, "pg.refused", log_text("statement", c->pool->config.statements[call->statement].name),
                  log_text("sqlstate", answer.sqlstate), log_text("constraint", answer.constraint));
    }
    char sqlstate[sizeof(answer.sqlstate)];
    memcpy(sqlstate, answer.sqlstate, sizeof(sqlstate));
    pool_tell(c->pool, call, &answer);
    if (breaks_connection(sqlstate)) {
        connection_fail(c, "the server cannot serve this connection any longer");
    }
}

/* READY: results of the oldest call, in the order sent; its sync ends it. Takes over the result. */
static void take_answer(struct connection *c, PGresult *result)
{
    struct pg_call *call = c->sent.first;
    ExecStatusType status = PQresultStatus(result);
    if (call == NULL) {
        PQclear(result);
        return;
    }
    if (status == PGRES_PIPELINE_SYNC) {
        PQclear(result);
        finish_call(c);
    } else if (status == PGRES_TUPLES_OK || status == PGRES_COMMAND_OK) {
        PQclear(call->result);
        call->result = result; /* the last one is the statement's: settings came before it */
    } else if (status == PGRES_FATAL_ERROR && call->error == NULL) {
        call->error = result;
    } else {
        PQclear(result); /* PGRES_PIPELINE_ABORTED: follows the failure */
    }
}

static void take_results(struct connection *c)
{
    unsigned empty = 0;
    /* a NULL ends each command's results; two in a row mean that nothing is left */
    while (c->conn != NULL && !PQisBusy(c->conn) && empty < 2) {
        PGresult *result = PQgetResult(c->conn);
        empty = result == NULL ? empty + 1 : 0;
        if (result == NULL) {
            continue;
        }
        if (c->state == CONNECTION_PREPARING) {
            take_prepared(c, result);
            PQclear(result);
        } else {
            take_answer(c, result);
        }
    }
}

static void take_notifications(struct connection *c)
{
    struct pg_pool *pool = c->pool;
    for (PGnotify *notify = c->conn != NULL ? PQnotifies(c->conn) : NULL; notify != NULL;
         notify = c->conn != NULL ? PQnotifies(c->conn) : NULL) {
        if (pool->config.on_notify != NULL) {
            pool->config.on_notify(pool->config.context, slice_of(notify->relname), slice_of(notify->extra));
        }
        PQfreemem(notify);
    }
}

void connection_on_socket(struct connection *c)
{
    if (c->state == CONNECTION_CONNECTING) {
        step_connecting(c);
        return;
    }
    if (c->state == CONNECTION_DOWN) {
        return;
    }
    if (PQconsumeInput(c->conn) != 1) {
        connection_fail(c, NULL);
        return;
    }
    take_results(c);
    take_notifications(c);
    if (c->conn != NULL && PQstatus(c->conn) != CONNECTION_OK) {
        connection_fail(c, NULL);
    } else if (c->conn != NULL) {
        flush(c);
    }
    pool_feed(c->pool);
}

bool connection_can_send(const struct connection *c)
{
    return c->state == CONNECTION_READY && c->overdue == 0 && c->sent.count < c->pool->config.pipeline_depth;
}

static bool send_statement(struct connection *c, const struct pg_call *call)
{
    const struct pg_params *params = &call->params;
    const char *values[PG_PARAMS_MAX];
    int lengths[PG_PARAMS_MAX];
    int formats[PG_PARAMS_MAX];
    for (unsigned i = 0; i < params->count; i++) {
        const char *at = params->bytes.data != NULL ? params->bytes.data + params->offset[i] : "";
        values[i] = params->null[i] ? NULL : at;
        lengths[i] = (int)params->length[i];
        formats[i] = 1;
    }
    return PQsendQueryPrepared(c->conn, c->pool->config.statements[call->statement].name, (int)params->count, values,
                               lengths, formats, 1) == 1;
}

/* Settings and statement before one sync are one implicit transaction. */
void connection_send(struct connection *c, struct pg_call *call)
{
    bool ok = true;
    call_queue_add(&c->sent, call);
    for (unsigned i = 0; ok && i < call->setting_count; i++) {
        const char *const values[] = {call->settings[i].name, call->settings[i].value};
        ok = PQsendQueryPrepared(c->conn, setting_statement, 2, values, NULL, NULL, 0) == 1;
    }
    ok = ok && send_statement(c, call) && PQpipelineSync(c->conn) == 1;
    pg_params_release(&call->params);
    if (!ok) {
        connection_fail(c, NULL);
        return;
    }
    flush(c);
}
