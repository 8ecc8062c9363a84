/* SPDX-License-Identifier: Apache-2.0
 * One statement of each sort at a time: what may be added at once is the register's to say. */
#include "courier/broadcasts.h"

#include <stdlib.h>

#include "core/clock.h"
#include "core/log.h"

enum { CALL_SECONDS = 10, COUNT_SECONDS = 300 };

struct broadcasts {
    struct pg_pool *pool;
    struct pg_call *filling, *counting;
    int64_t running;
    uint64_t added;
};

struct broadcasts *broadcasts_new(struct pg_pool *pool)
{
    struct broadcasts *b = calloc(1, sizeof(*b));
    if (b != NULL) {
        b->pool = pool;
    }
    return b;
}

void broadcasts_free(struct broadcasts *broadcasts)
{
    if (broadcasts != NULL && broadcasts->filling != NULL) {
        pg_call_cancel(broadcasts->filling);
    }
    if (broadcasts != NULL && broadcasts->counting != NULL) {
        pg_call_cancel(broadcasts->counting);
    }
    free(broadcasts);
}

static struct pg_call *call(struct broadcasts *b, enum pg_statement statement, int seconds, pg_done *done)
{
    struct pg_params params;
    pg_params_init(&params);
    struct pg_call *started =
        pg_pool_call(b->pool, statement, &params, NULL, clock_monotonic() + seconds * MICROSECONDS_A_SECOND, done, b);
    pg_params_release(&params);
    return started;
}

static void on_counted(void *context, const struct pg_answer *answer)
{
    struct broadcasts *b = context;
    b->counting = NULL;
    if (answer->outcome == PG_REFUSED) {
        log_event(LOG_ERROR, "broadcast.count_refused", log_text("sqlstate", answer->sqlstate));
    }
}

static void on_filled(void *context, const struct pg_answer *answer)
{
    struct broadcasts *b = context;
    b->filling = NULL;
    if (answer->outcome == PG_REFUSED) {
        log_event(LOG_ERROR, "broadcast.fill_refused", log_text("sqlstate", answer->sqlstate));
    }
    if (answer->outcome == PG_COMMITTED) {
        b->running = pg_get_int(answer->result, 0, 0);
        b->added += (uint64_t)pg_get_int(answer->result, 0, 1);
        if (pg_get_int(answer->result, 0, 2) > 0 && b->counting == NULL) {
            b->counting = call(b, PG_BROADCAST_TALLY, COUNT_SECONDS, on_counted);
        }
    }
}

void broadcasts_poke(struct broadcasts *broadcasts)
{
    if (broadcasts->filling == NULL && pg_pool_is_ready(broadcasts->pool)) {
        broadcasts->filling = call(broadcasts, PG_BROADCAST_FILL, CALL_SECONDS, on_filled);
    }
}

bool broadcasts_is_idle(const struct broadcasts *broadcasts)
{
    return broadcasts->filling == NULL; /* a count can be left */
}

void broadcasts_report(const struct broadcasts *broadcasts, bool leads, struct process_report *report)
{
    if (leads) { /* the deployment's */
        process_report_add(report, "muster_broadcasts_running", "", (double)broadcasts->running);
    }
    process_report_add(report, "muster_broadcast_texts_total", "", (double)broadcasts->added);
}
