/* SPDX-License-Identifier: Apache-2.0
 * POST /api/v1/queues/{queue}/claim: the most urgent case that nobody holds becomes the caller's. Each candidate is tried at the
 * version it was seen at, by one conditional update, so no two claimers get the same case, even two of one officer's.
 *
 *   FETCH --candidates--> TRY --won--> the case view (case_view.c)
 *    ^  \--none--> 204     | \--lost--> TRY the next
 *    \---all lost, again---/  \--lost for the CLAIM_ROUNDS_MAXth time--> 503
 */
#include "desk/case_view.h"
#include "desk/handlers.h"

enum { CLAIM_CANDIDATES_MAX = 32, CLAIM_ROUNDS_MAX = 8 };

enum claim_step { CLAIM_BEGIN, CLAIM_FETCH, CLAIM_TRY };

struct claim {
    struct case_view view; /* first: a claim that was won goes on as a view */
    enum claim_step step;
    struct slice queue;
    unsigned round;
    int count;
    int next;
    int64_t registration_id[CLAIM_CANDIDATES_MAX];
    int32_t version[CLAIM_CANDIDATES_MAX];
};

static void fetch(struct claim *claim)
{
    struct desk_call *call = &claim->view.call;
    struct pg_params params;
    if (claim->round == CLAIM_ROUNDS_MAX) {
        desk_refuse_for(call, 503, NULL, 1);
        return;
    }
    claim->round++;
    claim->step = CLAIM_FETCH;
    pg_params_init(&params);
    case_candidates_params(&params, claim->queue, CLAIM_CANDIDATES_MAX);
    desk_call_query(call, PG_CASE_CANDIDATES, &params);
}

static void try_next(struct claim *claim)
{
    struct desk_call *call = &claim->view.call;
    struct pg_params params;
    if (claim->next == claim->count) {
        fetch(claim);
        return;
    }
    const struct case_change change = {
        .registration_id = claim->registration_id[claim->next],
        .staff_id = call->who.staff_id,
        .has_version = true,
        .version = claim->version[claim->next],
        .origin = call->origin,
    };
    claim->step = CLAIM_TRY;
    pg_params_init(&params);
    case_claim_params(&params, &change, true);
    desk_call_query(call, PG_CASE_CLAIM, &params);
}

static void on_candidates(struct claim *claim, const PGresult *rows)
{
    int found = PQntuples(rows);
    claim->count = found < CLAIM_CANDIDATES_MAX ? found : CLAIM_CANDIDATES_MAX;
    claim->next = 0;
    for (int i = 0; i < claim->count; i++) {
        case_candidates_read(rows, i, &claim->registration_id[i], &claim->version[i]);
    }
    if (claim->count == 0) {
        desk_respond(&claim->view.call, 204, NULL, 0);
    } else {
        try_next(claim);
    }
}

static void on_tried(struct claim *claim, const PGresult *rows)
{
    struct desk_metrics *metrics = &claim->view.call.desk->metrics;
    int64_t version = 0;
    int tried = claim->next++;
    if (case_change_read(rows, &version)) {
        metrics->claims++;
        live_poke(claim->view.call.desk->live);
        case_view_show(&claim->view, claim->registration_id[tried]);
    } else {
        metrics->claims_lost++;
        try_next(claim);
    }
}

static void begin(struct claim *claim)
{
    struct desk_call *call = &claim->view.call;
    unsigned queue = 0;
    if (!vocabulary_find(&vocabulary_queue, call->request->parameters[0], &queue)) {
        desk_refuse(call, 404, NULL);
        return;
    }
    claim->queue = vocabulary_name(&vocabulary_queue, queue);
    fetch(claim);
}

static void step(struct desk_call *call, const PGresult *rows)
{
    struct claim *claim = (struct claim *)call;
    switch (claim->step) {
    case CLAIM_BEGIN:
        begin(claim);
        break;
    case CLAIM_FETCH:
        on_candidates(claim, rows);
        break;
    case CLAIM_TRY:
        on_tried(claim, rows);
        break;
    }
}

void desk_claim(struct http_exchange *exchange, void *role)
{
    static const struct desk_capability capability = {.right = RIGHT_WORK, .size = sizeof(struct claim), .step = step};
    desk_call_start(exchange, role, &capability);
}
