/* SPDX-License-Identifier: Apache-2.0
 * libpq's non-blocking calls and pipeline mode (PostgreSQL 15, sections 34.4 and 34.5) driven by the loop. */
#include "pg/connection.h"

#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "core/clock.h"
#include "core/id.h"
#include "core/log.h"
#include "pg/conninfo.h"
#include "pg/pool_state.h"

static const int64_t backoff_first_us = 100000;
static const int64_t backoff_longest_us = 5 * MICROSECONDS_A_SECOND;

static void on_socket(evutil_socket_t fd, short events, void *context)
{
    (void)fd;
    (void)events;
    pg_connection_on_socket(context);
}

static void set_state(struct pg_connection *c, enum connection_state state)
{
    static const char *const names[] = {"down", "connecting", "preparing", "ready"};
    log_event(LOG_DEBUG, "pg.connection", log_integer("number", c->index), log_text("from", names[c->state]),
              log_text("to", names[state]));
    c->pool->metrics.ready += state == CONNECTION_READY ? 1U : 0U;
    c->pool->metrics.ready -= c->state == CONNECTION_READY ? 1U : 0U;
    c->state = state;
}

static void drop_events(struct pg_connection *c)
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
static bool watch(struct pg_connection *c, bool read, bool write)
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

void pg_connection_fail(struct pg_connection *c, const char *why)
{
    char message[POOL_ERROR_MAX];
    (void)snprintf(message, sizeof(message), "%s", why != NULL ? why : PQerrorMessage(c->conn));
    if (message[0] == '\0') {
        (void)snprintf(message, sizeof(message), "the connection was lost");
    }
    pg_pool_note(c->pool, message);
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
    for (struct pg_call *call = pg_call_queue_take(&c->sent); call != NULL; call = pg_call_queue_take(&c->sent)) {
        pg_pool_tell(c->pool, call, &(struct pg_answer){.outcome = PG_UNKNOWN});
    }
}

void pg_connection_time_out(struct pg_connection *c)
{
    char why[POOL_ERROR_MAX];
    (void)snprintf(why, sizeof(why), "no connection to host \"%.128s\" in time",
                   PQhost(c->conn) != NULL ? PQhost(c->conn) : "");
    c->host_turn++;
    pg_connection_fail(c, why);
}

void pg_connection_release(struct pg_connection *c)
{
    drop_events(c);
    PQfinish(c->conn);
    c->conn = NULL;
    for (struct pg_call *call = pg_call_queue_take(&c->sent); call != NULL; call = pg_call_queue_take(&c->sent)) {
        pg_pool_tell(c->pool, call, &(struct pg_answer){.outcome = PG_UNKNOWN});
    }
}

static void flush(struct pg_connection *c)
{
    int left = PQflush(c->conn);
    if (left < 0) {
        pg_connection_fail(c, NULL);
    } else if (left > 0 && event_add(c->writable, NULL) != 0) {
        pg_connection_fail(c, "cannot watch the socket");
    }
}

/* libpq prints notices on standard error, and they may quote what a citizen wrote. */
static void on_notice(void *context, const PGresult *result)
{
    (void)context;
    (void)result;
}

static PGconn *open_connection(const struct pg_connection *c)
{
    struct buffer conninfo;
    buffer_init(&conninfo, CONNINFO_MAX);
    bool ok = pg_conninfo_rotated(c->pool->conninfo, c->host_turn, &conninfo);
    PGconn *conn = ok ? PQconnectStart(conninfo.data) : NULL;
    if (conninfo.data != NULL) {
        explicit_bzero(conninfo.data, conninfo.length); /* it holds the password */
    }
    buffer_release(&conninfo);
    if (conn != NULL) {
        (void)PQsetNoticeReceiver(conn, on_notice, NULL);
    }
    return conn;
}

void pg_connection_start(struct pg_connection *c)
{
    c->conn = open_connection(c);
    if (c->conn == NULL || PQstatus(c->conn) == CONNECTION_BAD) {
        pg_connection_fail(c, c->conn == NULL ? "out of memory" : NULL);
        return;
    }
    set_state(c, CONNECTION_CONNECTING);
    c->due_us = clock_monotonic() + c->pool->attempt_us;
    if (!watch(c, false, true)) {
        pg_connection_fail(c, "cannot watch the socket");
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

static bool send_listens(struct pg_connection *c)
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

/* What every session is told, and then what the pool's owner wants. A backend whose client gave up would go on, or wait for its lock, and
 * others with it, one for each attempt: PostgreSQL looks now and then whether we are still there (PostgreSQL 15, section 20.3.2). */
static bool send_settings(struct pg_connection *c)
{
    static const char *const none[] = {NULL};
    bool ok =
        PQsendQueryParams(c->conn, "SET client_connection_check_interval = '2s'", 0, NULL, NULL, NULL, NULL, 0) == 1;
    const char *const *setting = c->pool->config.settings != NULL ? c->pool->config.settings : none;
    for (; ok && *setting != NULL; setting++) {
        ok = PQsendQueryParams(c->conn, *setting, 0, NULL, NULL, NULL, NULL, 0) == 1;
    }
    return ok;
}

static void start_preparing(struct pg_connection *c)
{
    struct pg_pool *pool = c->pool;
    /* from here on errors may quote what a citizen wrote: PQerrorMessage, which is logged, then holds SQLSTATEs alone */
    (void)PQsetErrorVerbosity(c->conn, PQERRORS_SQLSTATE);
    bool ok = PQsetnonblocking(c->conn, 1) == 0 && PQenterPipelineMode(c->conn) == 1 &&
              PQsendPrepare(c->conn, CALL_SETTING_STATEMENT, CALL_SETTING_TEXT, 0, NULL) == 1 &&
              PQsendPrepare(c->conn, CALL_REPLAN_STATEMENT, CALL_REPLAN_TEXT, 0, NULL) == 1;
    for (size_t i = 0; ok && i < pool->config.statement_count; i++) {
        const struct pg_statement_info *info = &pool->config.statements[i];
        ok = !is_ours(pool, info) || PQsendPrepare(c->conn, info->name, info->text, 0, NULL) == 1;
    }
    ok = ok && send_listens(c) && send_settings(c) && PQpipelineSync(c->conn) == 1;
    set_state(c, CONNECTION_PREPARING);
    c->prepared = 0;
    if (!ok || !watch(c, true, false)) {
        pg_connection_fail(c, NULL);
        return;
    }
    flush(c);
}

static void step_connecting(struct pg_connection *c)
{
    drop_events(c); /* before libpq closes the socket under them, to try another host */
    PostgresPollingStatusType next = PQconnectPoll(c->conn);
    if (next == PGRES_POLLING_OK) {
        start_preparing(c);
    } else if (next == PGRES_POLLING_FAILED) {
        pg_connection_fail(c, NULL);
    } else if (!watch(c, next == PGRES_POLLING_READING, next == PGRES_POLLING_WRITING)) {
        pg_connection_fail(c, "cannot watch the socket");
    }
}

static void become_ready(struct pg_connection *c)
{
    c->backoff_us = 0;
    c->pool->metrics.connects++;
    c->pool->last_error[0] = '\0';
    c->planned_us = clock_monotonic();
    set_state(c, CONNECTION_READY);
    log_event(LOG_INFO, "pg.connected", log_integer("number", c->index));
}

/* What the result that PREPARING waits for belongs to; the order is start_preparing's. */
static const char *being_prepared(const struct pg_connection *c)
{
    const struct pg_pool *pool = c->pool;
    unsigned passed = 2; /* the statements of our own */
    for (size_t i = 0; c->prepared > 1 && i < pool->config.statement_count; i++) {
        if (is_ours(pool, &pool->config.statements[i]) && passed++ == c->prepared) {
            return pool->config.statements[i].name;
        }
    }
    return c->prepared == 0   ? CALL_SETTING_STATEMENT
           : c->prepared == 1 ? CALL_REPLAN_STATEMENT
                              : "LISTEN, or the session's settings";
}

/* PREPARING: one result a statement, then the sync. */
static void take_prepared(struct pg_connection *c, const PGresult *result)
{
    char why[POOL_ERROR_MAX];
    const char *message;
    switch (PQresultStatus(result)) {
    case PGRES_PIPELINE_SYNC:
        become_ready(c);
        return;
    case PGRES_COMMAND_OK:
        c->prepared++;
        return;
    default:
        message =
            PQresultErrorField(result, PG_DIAG_MESSAGE_PRIMARY); /* no citizen's words: nothing was executed yet */
        (void)snprintf(why, sizeof(why), "cannot prepare %s: %.160s", being_prepared(c),
                       message != NULL ? message : "");
        pg_connection_fail(c, why);
    }
}

static void copy_field(char *out, size_t size, const PGresult *result, int field)
{
    const char *text = PQresultErrorField(result, field);
    (void)snprintf(out, size, "%s", text != NULL ? text : "");
}

/* Source: PostgreSQL 15, Appendix A. */
static bool breaks_connection(const char *sqlstate)
{
    static const char *const breaking[] = {
        "26000", /* the prepared statement is gone */
        "0A000", /* "cached plan must not change result type": a migration passed under it */
        "25006", /* the server turned read-only under us: another host may serve */
        "57P",   /* it shuts down */
    };
    for (size_t i = 0; i < sizeof(breaking) / sizeof(breaking[0]); i++) {
        if (strncmp(sqlstate, breaking[i], strlen(breaking[i])) == 0) {
            return true;
        }
    }
    return false;
}

/* Nothing was done, and what stood in its way has gone on: it waits once more for a connection. */
static bool retry(struct pg_pool *pool, struct pg_call *call, const char *sqlstate)
{
    bool lost = strcmp(sqlstate, "40001") == 0 || strcmp(sqlstate, "40P01") == 0;
    if (!lost || call->retries == 0 || call->done == NULL || call->deadline_us <= clock_monotonic()) {
        return false;
    }
    call->retries--;
    PQclear(call->result);
    PQclear(call->error);
    call->result = NULL;
    call->error = NULL;
    pool->metrics.retried++;
    pg_call_queue_add(&pool->waiting, call);
    return true;
}

static void finish_call(struct pg_connection *c)
{
    struct pg_call *call = pg_call_queue_take(&c->sent);
    struct pg_answer answer = {.outcome = PG_COMMITTED, .result = call->result};
    c->overdue -= call->overdue ? 1U : 0U;
    if (call->error != NULL || call->result == NULL) {
        answer.outcome = PG_REFUSED;
        answer.result = NULL;
        copy_field(answer.sqlstate, sizeof(answer.sqlstate), call->error, PG_DIAG_SQLSTATE);
        copy_field(answer.constraint, sizeof(answer.constraint), call->error, PG_DIAG_CONSTRAINT_NAME);
        log_event(LOG_WARNING, "pg.refused", log_text("statement", c->pool->config.statements[call->statement].name),
                  log_text("sqlstate", answer.sqlstate), log_text("constraint", answer.constraint));
        if (retry(c->pool, call, answer.sqlstate)) {
            return;
        }
    }
    char sqlstate[sizeof(answer.sqlstate)];
    memcpy(sqlstate, answer.sqlstate, sizeof(sqlstate));
    pg_pool_tell(c->pool, call, &answer);
    if (breaks_connection(sqlstate)) {
        pg_connection_fail(c, "the server cannot serve this connection any longer");
    }
}

/* READY: results of the oldest call, in the order sent; its sync ends it. Takes over the result. */
static void take_answer(struct pg_connection *c, PGresult *result)
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
    } else if (status == PGRES_FATAL_ERROR && PQresultErrorField(result, PG_DIAG_SQLSTATE) == NULL) {
        /* libpq's own, in the place of an answer it had no memory for: the sync itself may be lost, and what was done is unknown */
        PQclear(result);
        pg_connection_fail(c, NULL);
    } else if (status == PGRES_FATAL_ERROR && call->error == NULL) {
        call->error = result;
    } else {
        PQclear(result); /* PGRES_PIPELINE_ABORTED: follows the failure */
    }
}

static void take_results(struct pg_connection *c)
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

static void take_notifications(struct pg_connection *c)
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

void pg_connection_on_socket(struct pg_connection *c)
{
    if (c->state == CONNECTION_CONNECTING) {
        step_connecting(c);
        return;
    }
    if (c->state == CONNECTION_DOWN) {
        return;
    }
    bool lost = PQconsumeInput(c->conn) != 1;
    take_results(c); /* answers that came before the end still count */
    take_notifications(c);
    if (c->conn != NULL && (lost || PQstatus(c->conn) != CONNECTION_OK)) {
        pg_connection_fail(c, NULL);
    } else if (c->conn != NULL) {
        flush(c);
    }
    pg_pool_feed(c->pool);
}

bool pg_connection_can_send(const struct pg_connection *c)
{
    return c->state == CONNECTION_READY && c->overdue == 0 && c->sent.count < c->pool->config.pipeline_depth;
}

void pg_connection_send(struct pg_connection *c, struct pg_call *call)
{
    int64_t now = clock_monotonic();
    bool replan = now - c->planned_us >= c->pool->config.plan_us;
    c->planned_us = replan ? now : c->planned_us;
    pg_call_queue_add(&c->sent, call);
    if (pg_call_send(call, c->conn, c->pool->config.statements[call->statement].name, replan)) {
        flush(c);
    } else {
        pg_connection_fail(c, NULL);
    }
}
