/* SPDX-License-Identifier: Apache-2.0
 *   IDLE --poked--> LOOKING --some--> MOVING --moved--> LOOKING
 *     ^                \--none, or no answer--\   \--no answer--\
 *     \----------------------------------------+-----------------+
 *
 * Nothing is kept between two looks: how far it went is in the register, so that it goes on there after any crash. */
#include "courier/judge.h"

#include <stdlib.h>

#include "core/clock.h"
#include "core/log.h"
#include "store/policy.h"

enum { CALL_SECONDS = 10, CASES_A_LOOK = 500 };

enum judge_state { JUDGE_IDLE, JUDGE_LOOKING, JUDGE_MOVING };
enum judge_event { JUDGE_POKED, JUDGE_SOME, JUDGE_NONE, JUDGE_MOVED, JUDGE_LOST };

struct judge {
    struct pg_pool *pool;
    enum judge_state state;
    bool may;
    struct pg_call *call;
    struct policy_case_row rows[CASES_A_LOOK];
    struct pg_params params; /* MOVING: of the statement to come */
    uint64_t moved;
};

static void step(struct judge *j, enum judge_event event);

static bool call(struct judge *j, enum pg_statement statement, pg_done *done)
{
    j->call = pg_pool_call(j->pool, statement, &j->params, NULL,
                           clock_monotonic() + CALL_SECONDS * MICROSECONDS_A_SECOND, done, j);
    pg_params_release(&j->params);
    return j->call != NULL;
}

static void on_looked(void *context, const struct pg_answer *answer)
{
    struct judge *j = context;
    int count = answer->outcome == PG_COMMITTED ? PQntuples(answer->result) : 0;
    j->call = NULL;
    if (answer->outcome == PG_REFUSED) {
        log_event(LOG_ERROR, "judge.look_refused", log_text("sqlstate", answer->sqlstate));
    }
    if (answer->outcome != PG_COMMITTED || count == 0) {
        step(j, answer->outcome != PG_COMMITTED ? JUDGE_LOST : JUDGE_NONE);
        return;
    }
    count = count < CASES_A_LOOK ? count : CASES_A_LOOK;
    for (int i = 0; i < count; i++) {
        policy_case_row_read(answer->result, i, &j->rows[i]);
    }
    pg_params_init(&j->params);
    policy_judge_params(&j->params, j->rows, (size_t)count);
    step(j, JUDGE_SOME);
}

static void on_moved(void *context, const struct pg_answer *answer)
{
    struct judge *j = context;
    j->call = NULL;
    if (answer->outcome == PG_REFUSED) {
        log_event(LOG_ERROR, "judge.move_refused", log_text("sqlstate", answer->sqlstate));
    }
    if (answer->outcome == PG_COMMITTED) {
        j->moved += (uint64_t)pg_get_int(answer->result, 0, 0);
    }
    /* what somebody is changing now is judged at the next poke */
    bool goes_on = answer->outcome == PG_COMMITTED && !pg_get_bool(answer->result, 0, 1);
    step(j, goes_on ? JUDGE_MOVED : JUDGE_LOST);
}

static enum judge_state next_state(const struct judge *j, enum judge_event event)
{
    switch (event) {
    case JUDGE_POKED:
    case JUDGE_MOVED:
        return j->may && pg_pool_is_ready(j->pool) ? JUDGE_LOOKING : JUDGE_IDLE;
    case JUDGE_SOME:
        return JUDGE_MOVING;
    case JUDGE_NONE:
    case JUDGE_LOST:
        break;
    }
    return JUDGE_IDLE;
}

static void step(struct judge *j, enum judge_event event)
{
    bool begun = true;
    j->state = next_state(j, event);
    switch (j->state) {
    case JUDGE_LOOKING:
        pg_params_init(&j->params);
        pg_add_int4(&j->params, CASES_A_LOOK);
        begun = call(j, PG_CASE_TO_JUDGE, on_looked);
        break;
    case JUDGE_MOVING:
        begun = call(j, PG_CASE_JUDGE, on_moved);
        break;
    case JUDGE_IDLE:
        break;
    }
    j->state = begun ? j->state : JUDGE_IDLE; /* no memory: another time */
}

struct judge *judge_new(struct pg_pool *pool)
{
    struct judge *j = calloc(1, sizeof(*j));
    if (j != NULL) {
        j->pool = pool;
    }
    return j;
}

void judge_free(struct judge *judge)
{
    if (judge != NULL && judge->call != NULL) {
        pg_call_cancel(judge->call);
    }
    free(judge);
}

void judge_poke(struct judge *judge, bool may)
{
    judge->may = may;
    if (judge->state == JUDGE_IDLE && may) {
        step(judge, JUDGE_POKED);
    }
}

bool judge_is_idle(const struct judge *judge)
{
    return judge->state == JUDGE_IDLE;
}

void judge_report(const struct judge *judge, struct process_report *report)
{
    process_report_add(report, "muster_cases_judged_total", "", (double)judge->moved);
}
