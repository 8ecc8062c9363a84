/* SPDX-License-Identifier: Apache-2.0
 * Statements in turn, each with a rest after it that grows with what it took. */
#include "courier/counts.h"

#include <stdlib.h>

#include "core/clock.h"
#include "core/log.h"

enum { CALL_SECONDS = 60 };

/* What changed is counted at each tick, or nearly: the first time all is, which says nothing of the next. The others read a queue or the register whole,
 * so they may use a part of one core each: a twentieth for what is summed by zone from what was counted, a hundredth for figures and where parties are, a
 * two hundredth for what a policy would move. */
static const struct count {
    enum pg_statement statement;
    int64_t rest, rest_min_us, rest_max_us;
} kinds[] = {{PG_CASE_COUNT, 4, 0, 2 * MICROSECONDS_A_SECOND},
             {PG_OLDEST_COUNT, 100, MICROSECONDS_A_SECOND, INT64_MAX},
             {PG_FIGURE_COUNT, 100, 2 * MICROSECONDS_A_SECOND, INT64_MAX},
             {PG_ZONE_COUNT, 20, 2 * MICROSECONDS_A_SECOND, INT64_MAX},
             {PG_PARTY_COUNT, 100, 2 * MICROSECONDS_A_SECOND, INT64_MAX},
             {PG_REASON_COUNT, 200, 2 * MICROSECONDS_A_SECOND, INT64_MAX}};
enum { KINDS = sizeof(kinds) / sizeof(kinds[0]) };

struct slot {
    struct counts *counts;
    struct pg_call *call;
    int64_t began_us; /* monotonic */
    int64_t due_us;
};

struct counts {
    struct pg_pool *pool;
    struct slot slots[KINDS]; /* of its kind each: what changed does not wait for what reads everything */
};

static void on_counted(void *context, const struct pg_answer *answer)
{
    struct slot *slot = context;
    const struct count *kind = &kinds[slot - slot->counts->slots];
    int64_t now = clock_monotonic();
    int64_t rest = kind->rest * (now - slot->began_us);
    slot->call = NULL;
    rest = rest < kind->rest_max_us ? rest : kind->rest_max_us;
    slot->due_us = now + (rest > kind->rest_min_us ? rest : kind->rest_min_us);
    if (answer->outcome == PG_REFUSED) {
        log_event(LOG_ERROR, "counts.refused", log_text("sqlstate", answer->sqlstate));
    }
}

/* Of those that read much, one at a time: the one that waits longest. NULL while one is at it. */
static struct slot *longest_due(struct counts *counts)
{
    struct slot *first = &counts->slots[1];
    for (unsigned kind = 1; kind < KINDS; kind++) {
        if (counts->slots[kind].call != NULL) {
            return NULL;
        }
        first = counts->slots[kind].due_us < first->due_us ? &counts->slots[kind] : first;
    }
    return first;
}

static void count(struct counts *counts, unsigned kind, int64_t now)
{
    struct slot *slot = &counts->slots[kind];
    struct pg_params params;
    slot->began_us = now;
    pg_params_init(&params);
    slot->call = pg_pool_call(counts->pool, kinds[kind].statement, &params, NULL,
                              now + CALL_SECONDS * MICROSECONDS_A_SECOND, on_counted, slot);
    pg_params_release(&params);
}

void counts_poke(struct counts *counts)
{
    int64_t now = clock_monotonic();
    if (!pg_pool_is_ready(counts->pool)) {
        return;
    }
    if (counts->slots[0].call == NULL && now >= counts->slots[0].due_us) {
        count(counts, 0, now);
    }
    struct slot *next = longest_due(counts);
    if (next != NULL && now >= next->due_us) {
        count(counts, (unsigned)(next - counts->slots), now);
    }
}

struct counts *counts_new(struct pg_pool *pool)
{
    struct counts *c = calloc(1, sizeof(*c));
    if (c != NULL) {
        c->pool = pool;
        for (unsigned i = 0; i < KINDS; i++) {
            c->slots[i].counts = c;
        }
    }
    return c;
}

void counts_free(struct counts *counts)
{
    if (counts == NULL) {
        return;
    }
    for (unsigned i = 0; i < KINDS; i++) {
        if (counts->slots[i].call != NULL) {
            pg_call_cancel(counts->slots[i].call);
        }
    }
    free(counts);
}
