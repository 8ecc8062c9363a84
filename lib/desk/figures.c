/* SPDX-License-Identifier: Apache-2.0
 * GET /api/v1/figures: what the dashboard shows, as the courier counted it. Counts only, so nothing for the audit. */
#include "core/clock.h"
#include "desk/desk_call.h"
#include "desk/handlers.h"
#include "domain/field_error.h"
#include "net/form.h"

enum { CRISIS_MAX = 31 };

struct asked {
    struct slice crisis;
    int64_t since_us; /* 0: not said */
};

static void read_pair(const struct form_pair *pair, struct asked *asked, struct field_errors *errors)
{
    if (pair->value.length == 0 || slice_equal(pair->name, SLICE("lang"))) {
        return;
    }
    if (slice_equal(pair->name, SLICE("crisis")) && pair->value.length <= CRISIS_MAX) {
        asked->crisis = pair->value;
    } else if (slice_equal(pair->name, SLICE("since"))) {
        if (!time_parse(pair->value, &asked->since_us)) {
            field_error_add(errors, FIELD_NOT_A_VALUE, "since");
        }
    } else {
        field_error_add(errors, FIELD_UNKNOWN, "%.*s", pair->name.length < 40 ? (int)pair->name.length : 40,
                        pair->name.length > 0 ? pair->name.data : "");
    }
}

static void ask(struct desk_call *call)
{
    struct asked asked = {.since_us = 0};
    struct field_errors errors = {.count = 0};
    struct form form;
    struct pg_params params;
    if (!form_parse(call->arena, call->request->query, &form)) {
        form.count = 0;
        field_error_add(&errors, FIELD_NOT_TEXT, "query");
    }
    for (size_t i = 0; i < form.count; i++) {
        read_pair(&form.pairs[i], &asked, &errors);
    }
    if (errors.count > 0) {
        desk_refuse_fields(call, 400, &errors);
        return;
    }
    pg_params_init(&params);
    if (asked.crisis.length > 0) {
        pg_add_text(&params, asked.crisis);
    } else {
        pg_add_null(&params);
    }
    if (asked.since_us != 0) {
        pg_add_time(&params, asked.since_us);
    } else {
        pg_add_null(&params);
    }
    desk_call_query(call, PG_FIGURES, &params);
}

static void step(struct desk_call *call, const PGresult *rows)
{
    struct render *render = &call->answer;
    if (rows == NULL) {
        ask(call);
        return;
    }
    struct slice text = pg_get_slice(rows, 0, 0);
    render->root = json_loadb(text.data, text.length, 0, NULL);
    render->failed = render->root == NULL;
    call->may_shrink = true; /* counts alone */
    desk_respond_json(call, 200, NULL, 0);
}

void desk_figures(struct http_exchange *exchange, void *role)
{
    static const struct desk_capability capability = {
        .right = RIGHT_LOOK, .size = sizeof(struct desk_call), .step = step};
    desk_call_start(exchange, role, &capability);
}
