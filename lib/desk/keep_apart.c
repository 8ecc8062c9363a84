/* SPDX-License-Identifier: Apache-2.0
 * POST /api/v1/cases/{case}/keep-apart and /maybe-same, which undoes it: an officer has seen that two parties are not the same people. */
#include "core/case_code.h"
#include "desk/body.h"
#include "desk/case_view.h"
#include "desk/handlers.h"
#include "desk/live.h"
#include "store/alike.h"

enum { CODE_TYPED_MAX = 32 };

struct pair {
    struct slice with;
};

struct keep_apart {
    struct desk_call call;
    bool apart;
    bool asked;
    int64_t registration_id, other_id;
    struct pair pair;
};

static const struct body_member members[] = {
    {SLICE_INIT("with"), offsetof(struct pair, with), CODE_TYPED_MAX, true, BODY_TEXT},
};

static bool read(struct keep_apart *k)
{
    struct desk_call *call = &k->call;
    struct field_errors errors = {.count = 0};
    enum body_reading reading = body_read_json(call->request, call->arena, members, 1, &k->pair, &errors);
    if (reading == BODY_OK &&
        (case_code_parse(k->pair.with, &k->other_id) != CASE_CODE_OK || k->other_id == k->registration_id)) {
        field_error_add(&errors, FIELD_NOT_A_CASE, "with");
        reading = BODY_FAULTS;
    }
    if (reading == BODY_FAULTS) {
        desk_refuse_fields(call, 422, &errors);
    } else if (reading != BODY_OK) {
        desk_refuse(call, reading == BODY_WRONG_TYPE ? 415 : reading == BODY_NO_MEMORY ? 503 : 400, NULL);
    }
    return reading == BODY_OK;
}

static void step(struct desk_call *call, const PGresult *rows)
{
    struct keep_apart *k = (struct keep_apart *)call;
    struct pg_params params;
    if (k->asked && PQntuples(rows) == 0) {
        desk_refuse(call, 404, NULL);
        return;
    }
    if (k->asked && !pg_get_bool(rows, 0, 0)) {
        desk_refuse(call, 409, "problem.merged.detail");
        return;
    }
    if (k->asked) {
        live_poke(call->desk->live);
        desk_respond(call, 204, NULL, 0);
        return;
    }
    if (!case_view_parse(call, &k->registration_id) || !read(k)) {
        return; /* answered */
    }
    k->asked = true;
    pg_params_init(&params);
    alike_apart_params(&params, k->registration_id, k->other_id, call->who.staff_id, call->origin, k->apart);
    desk_call_query(call, PG_ALIKE_APART, &params);
}

static void step_apart(struct desk_call *call, const PGresult *rows)
{
    ((struct keep_apart *)call)->apart = true;
    step(call, rows);
}

void desk_keep_apart(struct http_exchange *exchange, void *role)
{
    static const struct desk_capability capability = {
        .right = RIGHT_WORK, .size = sizeof(struct keep_apart), .step = step_apart};
    desk_call_start(exchange, role, &capability);
}

void desk_maybe_same(struct http_exchange *exchange, void *role)
{
    static const struct desk_capability capability = {
        .right = RIGHT_WORK, .size = sizeof(struct keep_apart), .step = step};
    desk_call_start(exchange, role, &capability);
}
