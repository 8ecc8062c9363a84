/* SPDX-License-Identifier: Apache-2.0
 * A timer that pokes the replay, and, on the courier that leads, the outbox, the joiner and the sweeps. */
#include "courier/courier.h"

#include <stdio.h>
#include <stdlib.h>

#include "core/log.h"
#include "courier/broadcasts.h"
#include "courier/counts.h"
#include "courier/joiner.h"
#include "courier/judge.h"
#include "courier/names.h"
#include "courier/opt_choices.h"
#include "courier/outbox.h"
#include "courier/overdue.h"
#include "courier/replay.h"
#include "pg/metrics.h"
#include "pg/pool.h"

enum {
    COURIER_TICK_MS = 500,
    SWEEP_TICKS = 10,
    SWEEP_DEADLINE_SECONDS = 10,
    DEPTH_REST = 100, /* counting reads every open case: it may use a hundredth of one core */
    COURIER_CONNECTIONS = 5,
    QUEUES_MAX = 16,
    QUEUE_NAME_SIZE = 24
};

/* What the leading courier does every SWEEP_TICKS. */
static const enum pg_statement sweeps[] = {PG_LEASE_RETURN, PG_SESSION_PURGE, PG_CHANGE_PURGE, PG_AUDIT_LINK};
enum { SWEEP_COUNT = sizeof(sweeps) / sizeof(sweeps[0]) };

/* One queue as last counted, for the figures. */
struct queue_depth {
    char queue[QUEUE_NAME_SIZE];
    int64_t open, unclaimed, late, oldest_s;
};

struct courier {
    struct pg_pool *pool;      /* for replay and sweeps */
    struct pg_pool *lead_pool; /* one connection, which holds the advisory lock while it lives */
    struct replay *replay;
    struct outbox *outbox;
    struct broadcasts *broadcasts;
    struct opt_choices *opt_choices;
    struct counts *counts;
    struct joiner *joiner;
    struct names *names;
    struct judge *judge;
    struct overdue *overdue;
    struct event *timer;
    struct pg_call *lead_call;
    struct pg_call *sweep_call[SWEEP_COUNT];
    struct pg_call *depth_call;
    struct queue_depth depths[QUEUES_MAX];
    unsigned depth_count;
    int64_t depth_began_us; /* monotonic */
    int64_t depth_due_us;   /* when the queues are counted again */
    uint64_t lead_connects; /* of the lead pool when the lock was last got: a new connection must ask again */
    bool leads;
    unsigned ticks;
    uint64_t sweep_count;
    void (*on_drained)(void *context);
    void *drained_context;
};

static struct pg_call *call(struct pg_pool *pool, enum pg_statement statement, pg_done *done, void *context)
{
    struct pg_params params;
    pg_params_init(&params);
    struct pg_call *started =
        pg_pool_call(pool, statement, &params, NULL, clock_monotonic() + SWEEP_DEADLINE_SECONDS * MICROSECONDS_A_SECOND,
                     done, context);
    pg_params_release(&params);
    return started;
}

static void on_lead(void *context, const struct pg_answer *answer)
{
    struct courier *c = context;
    bool leads = answer->outcome == PG_COMMITTED && pg_get_bool(answer->result, 0, 0);
    c->lead_call = NULL;
    if (leads != c->leads) {
        log_event(LOG_INFO, "courier.lead", log_integer("leads", leads));
    }
    c->leads = leads;
    c->lead_connects = pg_pool_metrics(c->lead_pool)->connects;
}

/* The lock is asked for again and again: on the connection that has it this only counts up, and it ends with the connection. */
static void seek_lead(struct courier *c)
{
    bool same_connection =
        pg_pool_is_ready(c->lead_pool) && pg_pool_metrics(c->lead_pool)->connects == c->lead_connects;
    if (c->leads && same_connection) {
        return;
    }
    c->leads = false;
    if (c->lead_call == NULL && pg_pool_is_ready(c->lead_pool)) {
        c->lead_call = call(c->lead_pool, PG_COURIER_LEAD, on_lead, c);
    }
}

static void on_swept(void *context, const struct pg_answer *answer)
{
    struct pg_call **slot = context;
    *slot = NULL;
    if (answer->outcome == PG_REFUSED) {
        log_event(LOG_ERROR, "courier.sweep_refused", log_text("sqlstate", answer->sqlstate));
    }
}

static void on_depth(void *context, const struct pg_answer *answer)
{
    struct courier *c = context;
    int64_t now = clock_monotonic();
    c->depth_call = NULL;
    c->depth_due_us = now + DEPTH_REST * (now - c->depth_began_us);
    if (answer->outcome != PG_COMMITTED) {
        return;
    }
    int rows = PQntuples(answer->result) < QUEUES_MAX ? PQntuples(answer->result) : QUEUES_MAX;
    for (int i = 0; i < rows; i++) {
        struct queue_depth *depth = &c->depths[i];
        struct slice name = pg_get_slice(answer->result, i, 0);
        (void)snprintf(depth->queue, sizeof(depth->queue), "%.*s", SLICE_ARGS(name));
        depth->open = pg_get_int(answer->result, i, 1);
        depth->unclaimed = pg_get_int(answer->result, i, 2);
        depth->late = pg_get_int(answer->result, i, 3);
        depth->oldest_s = pg_get_int(answer->result, i, 4);
    }
    c->depth_count = (unsigned)rows;
}

static void sweep(struct courier *c)
{
    int64_t now = clock_monotonic();
    if (c->depth_call == NULL && now >= c->depth_due_us && pg_pool_is_ready(c->pool)) {
        c->depth_began_us = now;
        c->depth_call = call(c->pool, PG_QUEUE_DEPTH, on_depth, c);
    }
    for (size_t i = 0; i < SWEEP_COUNT; i++) {
        if (c->sweep_call[i] == NULL && pg_pool_is_ready(c->pool)) {
            c->sweep_call[i] = call(c->pool, sweeps[i], on_swept, &c->sweep_call[i]);
        }
    }
    outbox_sweep(c->outbox);
    opt_choices_sweep(c->opt_choices);
    joiner_poke(c->joiner, true);
    names_sweep(c->names);
    c->sweep_count++;
}

static bool is_idle(const struct courier *c)
{
    return replay_is_idle(c->replay) && outbox_is_idle(c->outbox) && joiner_is_idle(c->joiner) &&
           broadcasts_is_idle(c->broadcasts) && opt_choices_is_idle(c->opt_choices) && names_is_idle(c->names) &&
           judge_is_idle(c->judge) && overdue_is_idle(c->overdue);
}

static void on_tick(evutil_socket_t fd, short events, void *context)
{
    struct courier *c = context;
    (void)fd;
    (void)events;
    if (c->on_drained != NULL) {
        outbox_poke(c->outbox, false); /* what is in hand is settled */
        joiner_poke(c->joiner, false);
        judge_poke(c->judge, false);
        overdue_poke(c->overdue, false);
        if (is_idle(c)) {
            void (*drained)(void *) = c->on_drained;
            c->on_drained = NULL;
            (void)event_del(c->timer);
            drained(c->drained_context);
        }
        return;
    }
    replay_poke(c->replay);
    seek_lead(c);
    judge_poke(c->judge, c->leads);
    overdue_poke(c->overdue, c->leads);
    if (!c->leads) {
        joiner_poke(c->joiner, false);
    }
    if (c->leads && c->ticks++ % SWEEP_TICKS == 0) {
        sweep(c);
    }
    if (c->leads) {
        broadcasts_poke(c->broadcasts);
        counts_poke(c->counts);
    }
    outbox_poke(c->outbox, c->leads);
}

static bool open_pools(struct courier *c, const struct courier_config *config, struct error *error)
{
    struct pg_pool_config pool = {
        .base = config->base,
        .conninfo = config->conninfo,
        .role = "muster_courier",
        .connections = COURIER_CONNECTIONS,
        .pipeline_depth = 1,
        .queue_max = 64,
    };
    c->pool = pg_pool_new(&pool, error);
    pool.connections = 1;
    c->lead_pool = c->pool != NULL ? pg_pool_new(&pool, error) : NULL;
    return c->lead_pool != NULL;
}

struct courier *courier_new(const struct courier_config *config, struct error *error)
{
    const struct timeval tick = {0, COURIER_TICK_MS * 1000};
    struct courier *c = calloc(1, sizeof(*c));
    if (c == NULL) {
        (void)error_set(error, ERROR_NOMEM, "courier", "out of memory");
        return NULL;
    }
    if (!open_pools(c, config, error)) {
        courier_free(c);
        return NULL;
    }
    const struct outbox_config outbox = {.base = config->base,
                                         .pool = c->pool,
                                         .public_url = config->public_url,
                                         .secret_key = config->secret_key,
                                         .index_key = config->index_key};
    c->outbox = outbox_new(&outbox, error);
    const struct joiner_config joiner = {.pool = c->pool,
                                         .secret_key = config->secret_key,
                                         .index_key = config->index_key,
                                         .recipients = config->recipients,
                                         .recipient_count = config->recipient_count};
    c->joiner = c->outbox != NULL ? joiner_new(&joiner, error) : NULL;
    if (c->joiner == NULL) {
        courier_free(c);
        return NULL;
    }
    c->broadcasts = broadcasts_new(c->pool);
    const struct overdue_config overdue = {.pool = c->pool,
                                           .secret_key = config->secret_key,
                                           .index_key = config->index_key,
                                           .recipients = config->recipients,
                                           .recipient_count = config->recipient_count};
    c->overdue = overdue_new(&overdue);
    c->judge = judge_new(c->pool);
    c->opt_choices = opt_choices_new(c->pool, config->secret_key, config->index_key);
    c->counts = counts_new(c->pool);
    c->names = names_new(c->pool, config->secret_key, config->index_key);
    c->replay = replay_new(c->pool, config->journal_directory);
    c->timer = event_new(config->base, -1, EV_PERSIST, on_tick, c);
    if (c->replay == NULL || c->broadcasts == NULL || c->opt_choices == NULL || c->names == NULL || c->counts == NULL ||
        c->judge == NULL || c->overdue == NULL || c->timer == NULL || event_add(c->timer, &tick) != 0) {
        (void)error_set(error, ERROR_NOMEM, "courier", "out of memory");
        courier_free(c);
        return NULL;
    }
    return c;
}

void courier_drain(struct courier *courier, void (*on_drained)(void *context), void *context)
{
    courier->on_drained = on_drained;
    courier->drained_context = context;
}

void courier_free(struct courier *courier)
{
    if (courier == NULL) {
        return;
    }
    if (courier->lead_call != NULL) {
        pg_call_cancel(courier->lead_call);
    }
    if (courier->depth_call != NULL) {
        pg_call_cancel(courier->depth_call);
    }
    for (size_t i = 0; i < SWEEP_COUNT; i++) {
        if (courier->sweep_call[i] != NULL) {
            pg_call_cancel(courier->sweep_call[i]);
        }
    }
    if (courier->timer != NULL) {
        event_free(courier->timer);
    }
    broadcasts_free(courier->broadcasts);
    judge_free(courier->judge);
    overdue_free(courier->overdue);
    opt_choices_free(courier->opt_choices);
    counts_free(courier->counts);
    joiner_free(courier->joiner);
    names_free(courier->names);
    outbox_free(courier->outbox);
    replay_free(courier->replay);
    pg_pool_free(courier->pool);
    pg_pool_free(courier->lead_pool);
    free(courier);
}

/* Told by the courier that leads alone: the queues are the deployment's, not a host's. */
static void report_queues(const struct courier *courier, struct process_report *report)
{
    char labels[SCOREBOARD_LABELS];
    for (unsigned i = 0; courier->leads && i < courier->depth_count; i++) {
        const struct queue_depth *depth = &courier->depths[i];
        (void)snprintf(labels, sizeof(labels), "queue=\"%s\"", depth->queue);
        process_report_add(report, "muster_queue_open", labels, (double)depth->open);
        process_report_add(report, "muster_queue_unclaimed", labels, (double)depth->unclaimed);
        process_report_add(report, "muster_queue_late", labels, (double)depth->late);
        process_report_add(report, "muster_queue_oldest_seconds", labels, (double)depth->oldest_s);
    }
}

void courier_report(const struct courier *courier, struct process_report *report)
{
    const struct replay_metrics *metrics = replay_metrics(courier->replay);
    struct clock clock = clock_system();
    int64_t since_us = replay_waits_since_us(courier->replay), now_us = clock_now(&clock);
    double age = since_us != 0 && since_us < now_us ? (double)(now_us - since_us) / 1e6 : 0; /* clocks are set back */
    report->ready = pg_pool_is_ready(courier->pool);
    (void)snprintf(report->reason, sizeof(report->reason), "%s", report->ready ? "" : "no connection to PostgreSQL");
    process_report_add(report, "muster_journal_replayed_total", "", (double)metrics->replayed);
    process_report_add(report, "muster_journal_refused_total", "", (double)(metrics->refused + metrics->unreadable));
    process_report_add(report, "muster_journal_segments", "", metrics->segments);
    process_report_add(report, "muster_journal_entries", "", (double)replay_entries_waiting(courier->replay));
    process_report_add(report, "muster_journal_bytes", "", (double)metrics->bytes);
    process_report_add(report, "muster_journal_age_seconds", "", age);
    process_report_add(report, "muster_courier_leads", "", courier->leads ? 1 : 0);
    process_report_add(report, "muster_sweeps_total", "", (double)courier->sweep_count);
    outbox_report(courier->outbox, report);
    broadcasts_report(courier->broadcasts, courier->leads, report);
    joiner_report(courier->joiner, report);
    names_report(courier->names, report);
    judge_report(courier->judge, report);
    overdue_report(courier->overdue, report);
    pg_metrics_report(courier->pool, report);
    report_queues(courier, report);
}
