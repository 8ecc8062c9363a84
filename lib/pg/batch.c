/* SPDX-License-Identifier: Apache-2.0
 * Gathering, sending and, when one record spoils it for the others, splitting. */
#include "pg/batch.h"

#include <stdlib.h>
#include <string.h>

#include "core/clock.h"
#include "core/log.h"
#include "pg/pace.h"

enum { RETRIES_MAX = 5, TICK_MS = 100, LONG_US = 200 * 1000, ROOM_LEAST = 32 };

struct batch_item {
    struct batch_item *next;
    void *record;
    int64_t leave_by_us; /* unsent still, it is told so */
    int64_t deadline_us;
    batch_done *done; /* NULL once forgotten, or told that its outcome is unknown */
    void *context;
};

struct item_queue {
    struct batch_item *first, *last;
};

/* Records that go as one statement:
 *
 *   new --launch--> IN FLIGHT --outcome is final--> told, freed
 *                    |      ^
 *       split, retry |      | launch
 *                    v      |
 *                    HELD --/
 *
 * Of what was HELD one goes at a time, and in turns with new records: a batch that falls to pieces holds up nobody. */
struct flight {
    struct flight *next, **link; /* among the batch's flights; newest first */
    struct batch *batch;
    struct pg_call *call; /* IN FLIGHT */
    struct flight *next_held;
    bool was_held;
    unsigned retries;
    int64_t sent_us;
    int64_t due_us; /* the first deadline in it that was not told of */
    size_t count;
    struct batch_item *items[BATCH_MAX];
};

struct batch {
    struct pg_pool *pool;
    const struct batch_kind *kind;
    struct batch_limit limits[BATCH_CLASSES];
    int64_t deadline_us; /* a record's time, from batch_add */
    struct pace pace;
    struct item_queue waiting[BATCH_CLASSES];
    struct flight *flights;
    struct flight *held_first, *held_last;
    bool held_in_flight; /* one that was HELD is IN FLIGHT */
    bool held_had_turn;
    int64_t sent_us; /* when new records left last */
    struct event *turn, *tick, *rest;
    struct batch_metrics metrics;
};

static void tell(struct batch *batch, struct batch_item *item, enum pg_outcome outcome, const struct pg_answer *answer,
                 int row)
{
    if (item->done != NULL) {
        item->done(item->context, outcome, outcome == PG_COMMITTED ? answer->result : NULL, row,
                   answer != NULL ? answer->sqlstate : "", answer != NULL ? answer->constraint : "");
    }
    batch->kind->free_record(item->record);
    free(item);
}

static void flight_unlink(struct flight *flight)
{
    *flight->link = flight->next;
    if (flight->next != NULL) {
        flight->next->link = flight->link;
    }
}

static struct flight *flight_new(struct batch *batch, struct batch_item *const items[], size_t count)
{
    struct flight *flight = calloc(1, sizeof(*flight));
    if (flight == NULL) {
        return NULL;
    }
    flight->batch = batch;
    flight->count = count;
    if (items != NULL) {
        memcpy(flight->items, items, count * sizeof(*items));
    }
    flight->next = batch->flights;
    flight->link = &batch->flights;
    if (flight->next != NULL) {
        flight->next->link = &flight->next;
    }
    batch->flights = flight;
    return flight;
}

static void end_flight(struct flight *flight, enum pg_outcome outcome, const struct pg_answer *answer)
{
    flight_unlink(flight);
    for (size_t i = 0; i < flight->count; i++) {
        tell(flight->batch, flight->items[i], outcome, answer, (int)i);
    }
    free(flight);
}

/* Serialization failure, deadlock, lock not available: the same again may pass (PostgreSQL 15, Appendix A). */
static bool may_pass(const char *sqlstate)
{
    return strcmp(sqlstate, "40001") == 0 || strcmp(sqlstate, "40P01") == 0 || strcmp(sqlstate, "55P03") == 0;
}

/* Data exception, integrity, cardinality, limits: one record may be at fault. */
static bool may_be_one(const char *sqlstate)
{
    static const char *const classes[] = {"21", "22", "23", "54", "P0"};
    for (size_t i = 0; i < sizeof(classes) / sizeof(classes[0]); i++) {
        if (strncmp(sqlstate, classes[i], 2) == 0) {
            return true;
        }
    }
    return false;
}

static void hold(struct flight *flight)
{
    struct batch *batch = flight->batch;
    flight->next_held = NULL;
    flight->was_held = true;
    if (batch->held_last != NULL) {
        batch->held_last->next_held = flight;
    } else {
        batch->held_first = flight;
    }
    batch->held_last = flight;
}

static struct flight *take_held(struct batch *batch)
{
    struct flight *flight = batch->held_first;
    batch->held_first = flight->next_held;
    batch->held_last = batch->held_first == NULL ? NULL : batch->held_last;
    return flight;
}

static void split(struct flight *flight)
{
    static const struct pg_answer unsent = {.outcome = PG_UNSENT};
    size_t half = flight->count / 2;
    struct flight *second = flight_new(flight->batch, flight->items + half, flight->count - half);
    if (second == NULL) {
        end_flight(flight, PG_UNSENT, &unsent);
        return;
    }
    flight->batch->metrics.splits++;
    flight->count = half;
    flight->retries = 0;
    hold(flight);
    hold(second);
}

static void refused(struct flight *flight, const struct pg_answer *answer)
{
    if (may_pass(answer->sqlstate) && flight->retries < RETRIES_MAX) {
        flight->retries++;
        flight->batch->metrics.retries++;
        hold(flight);
    } else if (may_be_one(answer->sqlstate) && flight->count > 1) {
        split(flight);
    } else {
        end_flight(flight, PG_REFUSED, answer);
    }
}

/* Not now: callbacks of this turn may add more, and which batch is the most urgent is for the pool's owner to say. */
static void poke_soon(struct batch *batch)
{
    if (!pg_pool_wake(batch->pool)) {
        event_active(batch->turn, EV_TIMEOUT, 0);
    }
}

static void on_done(void *context, const struct pg_answer *answer)
{
    struct flight *flight = context;
    struct pg_answer mismatch = {.outcome = PG_REFUSED,
                                 .sqlstate = "XX"
                                             "000"};
    struct batch *batch = flight->batch;
    flight->call = NULL;
    pace_answered(&batch->pace, flight->count, clock_monotonic() - flight->sent_us);
    batch->held_in_flight = batch->held_in_flight && !flight->was_held;
    if (answer->outcome == PG_REFUSED) {
        refused(flight, answer);
    } else if (answer->outcome == PG_COMMITTED && (size_t)PQntuples(answer->result) != flight->count) {
        log_event(LOG_ERROR, "batch.row_mismatch",
                  log_text("statement", pg_pool_statement_name(batch->pool, batch->kind->statement)));
        end_flight(flight, PG_REFUSED, &mismatch);
    } else {
        end_flight(flight, answer->outcome, answer);
    }
    poke_soon(batch);
}

static bool launch(struct flight *flight)
{
    const void *records[BATCH_MAX];
    struct pg_params params;
    int64_t deadline = 0; /* the statement's is the last of its records'; each record has its own: expire_flight */
    flight->due_us = INT64_MAX;
    flight->sent_us = clock_monotonic();
    for (size_t i = 0; i < flight->count; i++) {
        const struct batch_item *item = flight->items[i];
        records[i] = item->record;
        deadline = item->deadline_us > deadline ? item->deadline_us : deadline;
        flight->due_us = item->deadline_us < flight->due_us ? item->deadline_us : flight->due_us;
    }
    pg_params_init(&params);
    flight->batch->kind->encode(&params, records, flight->count);
    flight->call =
        pg_pool_call(flight->batch->pool, flight->batch->kind->statement, &params, NULL, deadline, on_done, flight);
    pg_params_release(&params);
    return flight->call != NULL;
}

static struct batch_item *take_first(struct batch *batch, unsigned class)
{
    struct item_queue *queue = &batch->waiting[class];
    struct batch_item *item = queue->first;
    queue->first = item->next;
    queue->last = queue->first == NULL ? NULL : queue->last;
    batch->metrics.waiting_by_class[class]--;
    batch->metrics.waiting--;
    return item;
}

static struct batch_item *take_waiting(struct batch *batch)
{
    for (unsigned c = 0; c < BATCH_CLASSES; c++) {
        if (batch->waiting[c].first != NULL) {
            return take_first(batch, c);
        }
    }
    return NULL;
}

static void count_size(struct batch *batch, size_t count)
{
    batch->metrics.flushes++;
    for (unsigned i = 0; i < sizeof(batch->metrics.size_bucket) / sizeof(batch->metrics.size_bucket[0]); i++) {
        batch->metrics.size_bucket[i] += count <= (size_t)1 << i ? 1 : 0;
    }
}

/* New records, the most urgent first; NULL when there are none, or no memory: then the tick tries again. A cry that comes now waits for a
 * statement to end: so none is made long where the database pays by the record. */
static struct flight *gather(struct batch *batch)
{
    size_t most = pace_at_once(&batch->pace, LONG_US, BATCH_MAX);
    struct flight *flight = batch->metrics.waiting > 0 ? flight_new(batch, NULL, 0) : NULL;
    while (flight != NULL && flight->count < most && batch->metrics.waiting > 0) {
        flight->items[flight->count++] = take_waiting(batch);
    }
    if (flight != NULL) {
        count_size(batch, flight->count);
        batch->sent_us = clock_monotonic();
        pace_took(&batch->pace, flight->count, batch->metrics.waiting, batch->sent_us);
    }
    return flight;
}

/* What comes while others come, too, is worth a little waiting: a statement costs the database more than a record in it. */
static bool rests(struct batch *batch)
{
    if (batch->metrics.waiting >= BATCH_FULL) {
        return false;
    }
    int64_t rest_us = batch->sent_us + pace_rest(&batch->pace, BATCH_REST_US) - clock_monotonic();
    if (rest_us <= 0) {
        return false;
    }
    struct timeval wait = {0, (suseconds_t)rest_us};
    return evtimer_pending(batch->rest, NULL) != 0 || event_add(batch->rest, &wait) == 0;
}

void batch_poke(struct batch *batch)
{
    static const struct pg_answer unsent = {.outcome = PG_UNSENT};
    struct flight *flight = NULL;
    if (!pg_pool_is_free(batch->pool)) {
        return;
    }
    bool may_held = batch->held_first != NULL && !batch->held_in_flight;
    if (may_held && (!batch->held_had_turn || batch->metrics.waiting == 0)) {
        flight = take_held(batch);
        batch->held_in_flight = true;
        batch->held_had_turn = true;
    } else if (batch->metrics.waiting > 0 && !rests(batch)) {
        flight = gather(batch);
        batch->held_had_turn = false;
    }
    if (flight != NULL && !launch(flight)) {
        batch->held_in_flight = batch->held_in_flight && !flight->was_held;
        end_flight(flight, PG_UNSENT, &unsent);
    }
}

static void on_turn(evutil_socket_t fd, short events, void *context)
{
    (void)fd;
    (void)events;
    batch_poke(context);
}

static void on_rested(evutil_socket_t fd, short events, void *context)
{
    (void)fd;
    (void)events;
    poke_soon(context);
}

/* Tells the owners of records whose time is over; the statement goes on, for the sake of the others and of what was forgotten. */
static void expire_flight(struct flight *flight, int64_t now)
{
    if (flight->due_us > now) {
        return;
    }
    flight->due_us = INT64_MAX;
    for (size_t i = 0; i < flight->count; i++) {
        struct batch_item *item = flight->items[i];
        batch_done *done = item->done;
        if (done != NULL && item->deadline_us <= now) {
            item->done = NULL;
            done(item->context, PG_UNKNOWN, NULL, (int)i, "", "");
        } else if (done != NULL && item->deadline_us < flight->due_us) {
            flight->due_us = item->deadline_us;
        }
    }
}

/* What waits while no connection is up is told at once, so that it can go to the journal; else at its deadline. */
static void on_tick(evutil_socket_t fd, short events, void *context)
{
    static const struct pg_answer unsent = {.outcome = PG_UNSENT};
    struct batch *batch = context;
    int64_t now = clock_monotonic();
    bool away = !pg_pool_is_ready(batch->pool);
    (void)fd;
    (void)events;
    for (struct flight *flight = batch->flights; flight != NULL; flight = flight->next) {
        expire_flight(flight, now);
    }
    for (unsigned c = 0; c < BATCH_CLASSES; c++) {
        struct item_queue *queue = &batch->waiting[c];
        while (queue->first != NULL && (away || queue->first->leave_by_us <= now)) {
            tell(batch, take_first(batch, c), PG_UNSENT, &unsent, 0);
        }
    }
    poke_soon(batch);
}

struct batch *batch_new(struct pg_pool *pool, const struct batch_kind *kind,
                        const struct batch_limit limits[BATCH_CLASSES], unsigned deadline_s)
{
    static const struct timeval tick = {0, TICK_MS * 1000};
    struct batch *batch = calloc(1, sizeof(*batch));
    if (batch == NULL) {
        return NULL;
    }
    batch->pool = pool;
    batch->kind = kind;
    batch->deadline_us = deadline_s * MICROSECONDS_A_SECOND;
    memcpy(batch->limits, limits, sizeof(batch->limits));
    batch->turn = event_new(pg_pool_base(pool), -1, 0, on_turn, batch);
    batch->tick = event_new(pg_pool_base(pool), -1, EV_PERSIST, on_tick, batch);
    batch->rest = evtimer_new(pg_pool_base(pool), on_rested, batch);
    if (batch->turn == NULL || batch->tick == NULL || batch->rest == NULL || event_add(batch->tick, &tick) != 0) {
        batch_free(batch);
        return NULL;
    }
    return batch;
}

void batch_free(struct batch *batch)
{
    static const struct pg_answer unknown = {.outcome = PG_UNKNOWN};
    if (batch == NULL) {
        return;
    }
    while (batch->flights != NULL) {
        if (batch->flights->call != NULL) {
            pg_call_cancel(batch->flights->call);
        }
        end_flight(batch->flights, PG_UNKNOWN, &unknown);
    }
    for (struct batch_item *item = take_waiting(batch); item != NULL; item = take_waiting(batch)) {
        tell(batch, item, PG_UNSENT, &unknown, 0);
    }
    if (batch->turn != NULL) {
        event_free(batch->turn);
    }
    if (batch->tick != NULL) {
        event_free(batch->tick);
    }
    if (batch->rest != NULL) {
        event_free(batch->rest);
    }
    free(batch);
}

bool batch_has_room(const struct batch *batch, unsigned class)
{
    const struct batch_limit *limit = &batch->limits[class];
    size_t ahead = 0;
    if (batch->metrics.waiting_by_class[class] >= limit->queue_max) {
        return false;
    }
    for (unsigned c = 0; c <= class; c++) {
        ahead += batch->metrics.waiting_by_class[c];
    }
    return limit->wait_ms == 0 || ahead < ROOM_LEAST ||
           ahead < pace_room(&batch->pace, (int64_t)limit->wait_ms * 1000, pg_pool_live_connections(batch->pool),
                             BATCH_MAX, clock_monotonic());
}

struct batch_item *batch_add(struct batch *batch, unsigned class, void *record, batch_done *done, void *context)
{
    const struct batch_limit *limit = &batch->limits[class];
    struct item_queue *queue = &batch->waiting[class];
    bool fits = batch->metrics.waiting_by_class[class] < limit->queue_max;
    struct batch_item *item = fits ? calloc(1, sizeof(*item)) : NULL;
    if (item == NULL) {
        return NULL;
    }
    int64_t now = clock_monotonic();
    int64_t unsent_us = limit->unsent_ms > 0 ? (int64_t)limit->unsent_ms * 1000 : batch->deadline_us;
    *item = (struct batch_item){NULL, record, now + unsent_us, now + batch->deadline_us, done, context};
    if (queue->last != NULL) {
        queue->last->next = item;
    } else {
        queue->first = item;
    }
    queue->last = item;
    batch->metrics.waiting_by_class[class]++;
    batch->metrics.waiting++;
    batch->metrics.records++;
    poke_soon(batch);
    return item;
}

void batch_forget(struct batch_item *item)
{
    item->done = NULL;
}

const struct batch_metrics *batch_metrics(const struct batch *batch)
{
    return &batch->metrics;
}
