/* SPDX-License-Identifier: Apache-2.0
 * One statement at a time: what it may add at once is the register's to say. */
#include "courier/broadcasts.h"

#include <stdlib.h>

#include "core/clock.h"
#include "core/log.h"

enum { CALL_SECONDS = 10 };

struct broadcasts {
    struct pg_pool *pool;
    struct pg_call *call;
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
    if (broadcasts != NULL && broadcasts->call != NULL) {
        pg_call_cancel(broadcasts->call);
    }
    free(broadcasts);
}

static void on_filled(void *context, const struct pg_answer *answer)
{
    struct broadcasts *b = context;
    b->call = NULL;
    if (answer->outcome == PG_REFUSED) {
        log_event(LOG_ERROR, "broadcast.fill_refused", log_text("sqlstate", answer->sqlstate));
    }
    if (answer->outcome == PG_COMMITTED) {
        b->running = pg_get_int(answer->result, 0, 0);
        b->added += (uint64_t)pg_get_int(answer->result, 0, 1);
    }
}

void broadcasts_poke(struct broadcasts *broadcasts, bool looks)
{
    struct pg_params params;
    if (broadcasts->call != NULL || (broadcasts->running == 0 && !looks) || !pg_pool_is_ready(broadcasts->pool)) {
        return;
    }
    pg_params_init(&params);
    broadcasts->call = pg_pool_call(broadcasts->pool, PG_BROADCAST_FILL, &params, NULL,
                                    clock_monotonic() + CALL_SECONDS * MICROSECONDS_A_SECOND, on_filled, broadcasts);
    pg_params_release(&params);
}

bool broadcasts_is_idle(const struct broadcasts *broadcasts)
{
    return broadcasts->call == NULL;
}

void broadcasts_report(const struct broadcasts *broadcasts, bool leads, struct process_report *report)
{
    if (leads) { /* the deployment's */
        process_report_add(report, "muster_broadcasts_running", "", (double)broadcasts->running);
    }
    process_report_add(report, "muster_broadcast_texts_total", "", (double)broadcasts->added);
}
