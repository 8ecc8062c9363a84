/* SPDX-License-Identifier: Apache-2.0
 * GET /api/v1/policy/history?crisis=: the policies that a crisis had; and POST /api/v1/policy/preview?crisis=: what a change of it would move, before a lead
 * makes it.
 *
 *   BEGIN --crisis named--> READ --a policy that may be--> COUNT --> answered
 */
#include "desk/handlers.h"
#include "desk/policy_call.h"
#include "domain/triage_policy.h"
#include "store/policy.h"

enum { HISTORY_MAX = 50 };
enum preview_step { PREVIEW_BEGIN, PREVIEW_READ, PREVIEW_COUNT };

struct preview {
    struct desk_call call;
    enum preview_step step;
    struct slice crisis;
    struct triage_policy before, after;
};

/* --- history ---------------------------------------------------------------------------------------------------------------- */

static void answer_history(struct desk_call *call, const PGresult *rows)
{
    struct render *render = &call->answer;
    render_begin(render);
    json_t *list = json_array();
    for (int i = 0; i < PQntuples(rows); i++) {
        struct policy_past_row row;
        json_t *object = json_object();
        policy_past_row_read(rows, i, &row);
        render_set(render, object, "version", json_integer(row.version));
        render_set(render, object, "changed_at", render_time(row.changed_us));
        render_set(render, object, "changed_by", render_slice(row.who));
        policy_call_render(render, object, &row.policy);
        render_add(render, list, object);
    }
    render_set(render, render->root, "history", list);
    desk_respond_json(call, 200, NULL, 0);
}

static void step_history(struct desk_call *call, const PGresult *rows)
{
    struct slice crisis;
    struct pg_params params;
    if (rows != NULL) {
        answer_history(call, rows);
    } else if (policy_call_crisis(call, &crisis)) {
        pg_params_init(&params);
        policy_history_params(&params, crisis, HISTORY_MAX);
        desk_call_query(call, PG_POLICY_HISTORY, &params);
    }
}

/* --- preview ---------------------------------------------------------------------------------------------------------------- */

static void answer_preview(struct preview *p, const PGresult *rows)
{
    struct render *render = &p->call.answer;
    struct policy_effect effect = {.open = 0};
    int64_t counted_us = 0;
    for (int i = 0; i < PQntuples(rows); i++) {
        struct policy_reasons_row row;
        policy_reasons_row_read(rows, i, &row);
        counted_us = row.counted_us;
        if (row.cases > 0) {
            triage_policy_weigh(&p->before, &p->after, row.reasons, row.band, row.cases, &effect);
        }
    }
    render_begin(render);
    json_t *moves = json_array();
    for (unsigned from = BAND_IMMEDIATE; from < BAND_COUNT; from++) {
        for (unsigned to = BAND_IMMEDIATE; to < BAND_COUNT; to++) {
            if (from != to && effect.moved[from][to] > 0) {
                json_t *move = json_object();
                render_set(render, move, "from", json_integer(from));
                render_set(render, move, "to", json_integer(to));
                render_set(render, move, "cases", json_integer(effect.moved[from][to]));
                render_add(render, moves, move);
            }
        }
    }
    render_set(render, render->root, "counted_at", render_time(counted_us));
    render_set(render, render->root, "open", json_integer(effect.open));
    render_set(render, render->root, "moves", moves);
    render_set(render, render->root, "other_answer_by", json_integer(effect.other_answer_by));
    desk_respond_json(&p->call, 200, NULL, 0);
}

static void on_read(struct preview *p, const PGresult *rows)
{
    struct policy_row row;
    struct pg_params params;
    if (!policy_get_read(rows, &row)) {
        desk_refuse(&p->call, 404, NULL);
        return;
    }
    if (!row.may_change) {
        desk_refuse(&p->call, 403, NULL);
        return;
    }
    p->before = row.policy;
    p->after = row.policy;
    if (policy_call_read(&p->call, false, &p->after)) {
        p->step = PREVIEW_COUNT;
        pg_params_init(&params);
        policy_reasons_params(&params, p->crisis);
        desk_call_query(&p->call, PG_POLICY_REASONS, &params);
    }
}

static void step_preview(struct desk_call *call, const PGresult *rows)
{
    struct preview *p = (struct preview *)call;
    struct pg_params params;
    switch (p->step) {
    case PREVIEW_BEGIN:
        if (policy_call_crisis(call, &p->crisis)) {
            p->step = PREVIEW_READ;
            pg_params_init(&params);
            policy_get_params(&params, p->crisis, call->who.staff_id);
            desk_call_query(call, PG_POLICY_GET, &params);
        }
        break;
    case PREVIEW_READ:
        on_read(p, rows);
        break;
    case PREVIEW_COUNT:
        answer_preview(p, rows);
        break;
    }
}

void desk_policy_history(struct http_exchange *exchange, void *role)
{
    static const struct desk_capability capability = {
        .right = RIGHT_LOOK, .size = sizeof(struct desk_call), .step = step_history};
    desk_call_start(exchange, role, &capability);
}

void desk_policy_preview(struct http_exchange *exchange, void *role)
{
    static const struct desk_capability capability = {
        .right = RIGHT_RULE, .size = sizeof(struct preview), .step = step_preview};
    desk_call_start(exchange, role, &capability);
}
