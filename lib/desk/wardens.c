/* SPDX-License-Identifier: Apache-2.0
 * GET /api/v1/wardens: who goes from door to door, and how their households stand: figures, and nothing of anybody. DELETE
 * /api/v1/wardens/{user}/households/{case}: one comes off a list. */
#include "core/case_code.h"
#include "desk/desk_call.h"
#include "desk/handlers.h"
#include "domain/field_error.h"
#include "pg/pool.h"
#include "store/warden.h"

struct wardens {
    struct desk_call call;
    bool asked;
    int64_t registration_id; /* on whose lists is it; 0: is not asked */
};

static json_t *line(const struct wardens *w, struct render *render, const struct warden_row *row)
{
    json_t *object = json_object();
    render_set(render, object, "user", render_slice(row->user));
    render_set(render, object, "households", json_integer(row->households));
    render_set(render, object, "heard", json_integer(row->heard));
    render_set(render, object, "not_found", json_integer(row->not_found));
    render_set(render, object, "to_visit", json_integer(row->to_visit));
    render_set(render, object, "overdue", json_integer(row->overdue));
    if (w->registration_id != 0) {
        render_set(render, object, "has_case", json_boolean(row->has_it));
    }
    return object;
}

static void answer(struct wardens *w, const PGresult *rows)
{
    struct render *render = &w->call.answer;
    render_begin(render);
    json_t *list = json_array();
    for (int i = 0; i < PQntuples(rows); i++) {
        struct warden_row row;
        warden_row_read(rows, i, &row);
        render_add(render, list, line(w, render, &row));
    }
    render_set(render, render->root, "wardens", list);
    desk_respond_json(&w->call, 200, NULL, 0);
}

static void step_list(struct desk_call *call, const PGresult *rows)
{
    struct wardens *w = (struct wardens *)call;
    struct field_errors errors = {.count = 0};
    struct slice code = {NULL, 0};
    struct pg_params params;
    if (w->asked) {
        answer(w, rows);
        return;
    }
    (void)http_request_query(call->request, call->arena, SLICE("case"), &code); /* absent: none is asked about */
    if (code.length > 0 && case_code_parse(code, &w->registration_id) != CASE_CODE_OK) {
        field_error_add(&errors, FIELD_NOT_A_CASE, "case");
        desk_refuse_fields(call, 400, &errors);
        return;
    }
    w->asked = true;
    pg_params_init(&params);
    warden_summary_params(&params, call->who.staff_id, w->registration_id);
    desk_call_query(call, PG_WARDEN_SUMMARY, &params);
}

/* {case} is the path's second. */
static void step_take(struct desk_call *call, const PGresult *rows)
{
    struct wardens *w = (struct wardens *)call;
    struct pg_params params;
    if (w->asked) {
        if (PQntuples(rows) == 1) {
            desk_respond(call, 204, NULL, 0);
        } else {
            desk_refuse(call, 404, NULL);
        }
        return;
    }
    if (case_code_parse(call->request->parameters[1], &w->registration_id) != CASE_CODE_OK) {
        desk_refuse(call, 404, NULL);
        return;
    }
    w->asked = true;
    pg_params_init(&params);
    warden_list_take_params(&params, call->request->parameters[0], w->registration_id, call->origin);
    desk_call_query(call, PG_WARDEN_LIST_TAKE, &params);
}

void desk_wardens(struct http_exchange *exchange, void *role)
{
    static const struct desk_capability capability = {
        .right = RIGHT_LOOK, .size = sizeof(struct wardens), .step = step_list};
    desk_call_start(exchange, role, &capability);
}

void desk_take_household(struct http_exchange *exchange, void *role)
{
    static const struct desk_capability capability = {
        .right = RIGHT_OVERRULE, .size = sizeof(struct wardens), .step = step_take};
    desk_call_start(exchange, role, &capability);
}
