/* SPDX-License-Identifier: Apache-2.0
 * One statement at a time, each sort in its turn.
 *
 *   IDLE --poked--> FINDING --some parties looked at--> ENDING --who was heard has left--> LOOKING --some are due--> CLIMBING --> LOOKING
 *     ^               (when it is time: see below)                                           \--none--> IDLE
 *     \--no answer, at any of them: the next poke begins anew
 *
 * The register is walked through in pages, and after each the walk rests for a multiple of what the page took: so it uses a part of one core, and a full turn
 * takes minutes. See docs/decisions/0017-overdue.md. */
#include "courier/overdue.h"

#include <sodium.h>
#include <stdlib.h>
#include <string.h>

#include "core/clock.h"
#include "core/log.h"
#include "courier/asking.h"

enum {
    CALL_SECONDS = 10,
    OPENED_EPOCHS = 256,
    PARTIES_A_PAGE = 5000, /* looked at to find who is overdue */
    LADDER_A_PAGE = 1000,  /* looked at to find who was heard */
    STEPS_MAX = 100,
    PAGE_REST = 4,       /* each walk may use a fifth of one core */
    TURN_REST_MS = 1000, /* between two turns */
    ARENA_MAX = 4 * 1024 * 1024,
};

enum sweep_state { SWEEP_IDLE, SWEEP_FINDING, SWEEP_ENDING, SWEEP_LOOKING, SWEEP_CLIMBING };
enum sweep_event { SWEEP_POKED, SWEEP_LOOKED_AT, SWEEP_ENDED, SWEEP_SOME, SWEEP_NONE, SWEEP_TAKEN, SWEEP_LOST };

struct overdue {
    struct pg_pool *pool;
    struct asking_means means;
    enum sweep_state state;
    bool may;
    struct pg_call *call;
    int64_t began_us, find_at_us, end_at_us; /* monotonic */
    int64_t heard_to;                        /* how far the ladder was looked through */
    struct pg_params params;                 /* CLIMBING: of the statement to come */
    uint64_t found, ended, texted, raised;
};

static void step(struct overdue *o, enum sweep_event event);

static bool call(struct overdue *o, enum pg_statement statement, pg_done *done)
{
    o->call = pg_pool_call(o->pool, statement, &o->params, NULL,
                           clock_monotonic() + CALL_SECONDS * MICROSECONDS_A_SECOND, done, o);
    pg_params_release(&o->params);
    return o->call != NULL;
}

static bool is_answered(struct overdue *o, const struct pg_answer *answer)
{
    o->call = NULL;
    if (answer->outcome == PG_REFUSED) {
        log_event(LOG_ERROR, "overdue.refused", log_text("sqlstate", answer->sqlstate));
    }
    return answer->outcome == PG_COMMITTED;
}

static void on_found(void *context, const struct pg_answer *answer)
{
    struct overdue *o = context;
    int64_t now = clock_monotonic();
    bool turn_is_over = false;
    if (is_answered(o, answer)) {
        turn_is_over = pg_get_int(answer->result, 0, 0) < PARTIES_A_PAGE;
        o->found += (uint64_t)pg_get_int(answer->result, 0, 1);
    }
    o->find_at_us = now + PAGE_REST * (now - o->began_us) + (turn_is_over ? TURN_REST_MS * INT64_C(1000) : 0);
    step(o, answer->outcome == PG_COMMITTED ? SWEEP_LOOKED_AT : SWEEP_LOST);
}

static void on_ended(void *context, const struct pg_answer *answer)
{
    struct overdue *o = context;
    int64_t now = clock_monotonic();
    o->end_at_us = now + PAGE_REST * (now - o->began_us);
    if (is_answered(o, answer)) {
        o->heard_to = pg_is_null(answer->result, 0, 0) ? -1 : pg_get_int(answer->result, 0, 0);
        o->ended += (uint64_t)pg_get_int(answer->result, 0, 1);
    }
    step(o, answer->outcome == PG_COMMITTED ? SWEEP_ENDED : SWEEP_LOST);
}

static size_t make_steps(struct overdue *o, const PGresult *rows, struct arena *arena)
{
    struct overdue_row row[STEPS_MAX];
    struct overdue_climb climbs[STEPS_MAX];
    int due = PQntuples(rows) < STEPS_MAX ? PQntuples(rows) : STEPS_MAX;
    size_t count = 0;
    int64_t room = 0;
    for (int i = 0; i < due; i++) {
        overdue_row_read(rows, i, &row[i]);
        room = i == 0 ? row[i].room : room;
        count += asking_make(&o->means, &row[i], &room, arena, &climbs[count]) ? 1U : 0U;
    }
    if (count > 0) {
        pg_params_init(&o->params);
        overdue_climb_params(&o->params, climbs, count, o->means.epoch, o->means.opened_us);
    }
    return count;
}

static void on_looked(void *context, const struct pg_answer *answer)
{
    struct overdue *o = context;
    size_t count = 0;
    struct arena arena;
    if (is_answered(o, answer)) {
        arena_init(&arena, ARENA_MAX);
        count = make_steps(o, answer->result, &arena);
        arena_release(&arena);
    }
    step(o, count > 0 ? SWEEP_SOME : SWEEP_NONE);
}

static void on_climbed(void *context, const struct pg_answer *answer)
{
    struct overdue *o = context;
    bool some = false;
    if (is_answered(o, answer)) {
        some = pg_get_int(answer->result, 0, 0) > 0;
        o->texted += (uint64_t)pg_get_int(answer->result, 0, 1);
        o->raised += (uint64_t)pg_get_int(answer->result, 0, 2);
    }
    step(o, some ? SWEEP_TAKEN : SWEEP_LOST); /* who was all heard in between is for another poke */
}

static enum sweep_state next_state(const struct overdue *o, enum sweep_event event)
{
    if (!o->may || !pg_pool_is_ready(o->pool)) {
        return SWEEP_IDLE;
    }
    switch (event) {
    case SWEEP_POKED:
        if (clock_monotonic() >= o->find_at_us) {
            return SWEEP_FINDING;
        }
        return clock_monotonic() >= o->end_at_us ? SWEEP_ENDING : SWEEP_LOOKING;
    case SWEEP_LOOKED_AT:
        return clock_monotonic() >= o->end_at_us ? SWEEP_ENDING : SWEEP_LOOKING;
    case SWEEP_ENDED:
    case SWEEP_TAKEN:
        return SWEEP_LOOKING;
    case SWEEP_SOME:
        return SWEEP_CLIMBING;
    case SWEEP_NONE:
    case SWEEP_LOST:
        break;
    }
    return SWEEP_IDLE;
}

static void step(struct overdue *o, enum sweep_event event)
{
    bool begun = true;
    o->state = next_state(o, event);
    if (o->state != SWEEP_CLIMBING) {
        pg_params_release(&o->params); /* steps that are not taken after all */
        pg_params_init(&o->params);
    }
    switch (o->state) {
    case SWEEP_FINDING:
        o->began_us = clock_monotonic();
        pg_add_int4(&o->params, PARTIES_A_PAGE);
        begun = call(o, PG_OVERDUE_FIND, on_found);
        break;
    case SWEEP_ENDING:
        o->began_us = clock_monotonic();
        pg_add_int8(&o->params, o->heard_to);
        pg_add_int4(&o->params, LADDER_A_PAGE);
        begun = call(o, PG_OVERDUE_END, on_ended);
        break;
    case SWEEP_LOOKING:
        overdue_due_params(&o->params, STEPS_MAX, seal_opener_recipient_id(o->means.opener));
        begun = call(o, PG_OVERDUE_DUE, on_looked);
        break;
    case SWEEP_CLIMBING:
        begun = call(o, PG_OVERDUE_CLIMB, on_climbed);
        break;
    case SWEEP_IDLE:
        break;
    }
    o->state = begun ? o->state : SWEEP_IDLE; /* no memory: another time */
}

void overdue_poke(struct overdue *overdue, bool may)
{
    overdue->may = may;
    if (overdue->state == SWEEP_IDLE && may) {
        step(overdue, SWEEP_POKED);
    }
}

bool overdue_is_idle(const struct overdue *overdue)
{
    return overdue->state == SWEEP_IDLE;
}

void overdue_report(const struct overdue *overdue, struct process_report *report)
{
    process_report_add(report, "muster_overdue_found_total", "", (double)overdue->found);
    process_report_add(report, "muster_overdue_heard_total", "", (double)overdue->ended);
    process_report_add(report, "muster_overdue_texts_total", "", (double)overdue->texted);
    process_report_add(report, "muster_overdue_cases_total", "", (double)overdue->raised);
}

struct overdue *overdue_new(const struct overdue_config *config)
{
    struct overdue *o = calloc(1, sizeof(*o));
    if (o == NULL) {
        return NULL;
    }
    o->pool = config->pool;
    o->heard_to = -1;
    pg_params_init(&o->params);
    blind_keys_derive(config->index_key, &o->means.keys);
    o->means.recipient_count = config->recipient_count;
    memcpy(o->means.recipients, config->recipients, config->recipient_count * sizeof(config->recipients[0]));
    o->means.opener = seal_opener_new(config->secret_key, OPENED_EPOCHS);
    if (o->means.opener == NULL) {
        overdue_free(o);
        return NULL;
    }
    return o;
}

void overdue_free(struct overdue *overdue)
{
    if (overdue == NULL) {
        return;
    }
    if (overdue->call != NULL) {
        pg_call_cancel(overdue->call);
    }
    pg_params_release(&overdue->params);
    asking_means_release(&overdue->means);
    seal_opener_free(overdue->means.opener);
    sodium_memzero(&overdue->means.keys, sizeof(overdue->means.keys));
    free(overdue);
}
