/* SPDX-License-Identifier: Apache-2.0
 * Statements in turn, each with a rest after it that grows with what it took. */
#include "courier/counts.h"

#include <stdlib.h>

#include "core/clock.h"
#include "core/log.h"

enum { CALL_SECONDS = 60 };

/* What changed is counted at each tick. The others read a queue or the register whole, so they may use a part of one core each: a twentieth for what is
 * summed by zone from what was counted, a hundredth for figures and where parties are, a two hundredth for what a policy would move. */
static const struct count {
    enum pg_statement statement;
    int64_t rest, rest_min_us;
} kinds[] = {{PG_CASE_COUNT, 20, 0},
             {PG_OLDEST_COUNT, 100, MICROSECONDS_A_SECOND},
             {PG_FIGURE_COUNT, 100, 2 * MICROSECONDS_A_SECOND},
             {PG_ZONE_COUNT, 20, 2 * MICROSECONDS_A_SECOND},
             {PG_PARTY_COUNT, 100, 2 * MICROSECONDS_A_SECOND},
             {PG_REASON_COUNT, 200, 2 * MICROSECONDS_A_SECOND}};
enum { KINDS = sizeof(kinds) / sizeof(kinds[0]) };

struct counts {
    struct pg_pool *pool;
    struct pg_call *call;
    unsigned running; /* of kinds */
    int64_t began_us; /* monotonic */
    int64_t due_us[KINDS];
};

static void on_counted(void *context, const struct pg_answer *answer)
{
    struct counts *c = context;
    int64_t now = clock_monotonic();
    const struct count *kind = &kinds[c->running];
    int64_t rest = kind->rest * (now - c->began_us);
    c->call = NULL;
    c->due_us[c->running] = now + (rest > kind->rest_min_us ? rest : kind->rest_min_us);
    if (answer->outcome == PG_REFUSED) {
        log_event(LOG_ERROR, "counts.refused", log_text("sqlstate", answer->sqlstate));
    }
}

/* The one that waits longest. */
static unsigned longest_due(const struct counts *counts)
{
    unsigned first = 0;
    for (unsigned kind = 1; kind < KINDS; kind++) {
        if (counts->due_us[kind] < counts->due_us[first]) {
            first = kind;
        }
    }
    return first;
}

void counts_poke(struct counts *counts)
{
    struct pg_params params;
    int64_t now = clock_monotonic();
    unsigned kind = longest_due(counts);
    if (counts->call != NULL || now < counts->due_us[kind] || !pg_pool_is_ready(counts->pool)) {
        return;
    }
    counts->running = kind;
    counts->began_us = now;
    pg_params_init(&params);
    counts->call = pg_pool_call(counts->pool, kinds[kind].statement, &params, NULL,
                                now + CALL_SECONDS * MICROSECONDS_A_SECOND, on_counted, counts);
    pg_params_release(&params);
}

struct counts *counts_new(struct pg_pool *pool)
{
    struct counts *c = calloc(1, sizeof(*c));
    if (c != NULL) {
        c->pool = pool;
    }
    return c;
}

void counts_free(struct counts *counts)
{
    if (counts == NULL) {
        return;
    }
    if (counts->call != NULL) {
        pg_call_cancel(counts->call);
    }
    free(counts);
}
