/* SPDX-License-Identifier: Apache-2.0
 * POST /api/v1/presence: what an officer does with a case, told to every console of those who may see it. Kept nowhere: a console forgets what is not
 * said again. It is no look at the case: nothing of it is shown. */
#include "core/case_code.h"
#include "desk/body.h"
#include "desk/desk_call.h"
#include "desk/handlers.h"
#include "desk/live.h"

struct said {
    struct slice code, doing;
};

struct presence {
    struct desk_call call;
    struct said said;
    int64_t registration_id;
};

static const struct body_member members[] = {
    {SLICE_INIT("case"), offsetof(struct said, code), 32, true, BODY_TEXT},
    {SLICE_INIT("doing"), offsetof(struct said, doing), 16, true, BODY_TEXT},
};

static bool is_doing(struct slice word)
{
    return slice_equal(word, SLICE("looking")) || slice_equal(word, SLICE("writing")) ||
           slice_equal(word, SLICE("gone"));
}

static void begin(struct presence *presence)
{
    struct desk_call *call = &presence->call;
    struct field_errors errors = {.count = 0};
    struct pg_params params;
    enum body_reading reading = body_read_json(call->request, call->arena, members,
                                               sizeof(members) / sizeof(members[0]), &presence->said, &errors);
    if (reading == BODY_OK && case_code_parse(presence->said.code, &presence->registration_id) != CASE_CODE_OK) {
        field_error_add(&errors, FIELD_NOT_A_VALUE, "case");
    }
    if (reading == BODY_OK && !is_doing(presence->said.doing)) {
        field_error_add(&errors, FIELD_NOT_A_VALUE, "doing");
    }
    if (errors.count > 0) {
        desk_refuse_fields(call, 422, &errors);
        return;
    }
    if (reading != BODY_OK) {
        desk_refuse(call, reading == BODY_NO_MEMORY ? 503 : reading == BODY_WRONG_TYPE ? 415 : 400, NULL);
        return;
    }
    pg_params_init(&params);
    change_presence_params(&params, presence->registration_id, call->who.name, presence->said.doing);
    desk_call_query(call, PG_PRESENCE_TELL, &params);
}

static void step(struct desk_call *call, const PGresult *rows)
{
    if (rows == NULL) {
        begin((struct presence *)call);
    } else if (PQntuples(rows) == 0) {
        desk_refuse(call, 404, NULL);
    } else {
        desk_respond(call, 204, NULL, 0);
    }
}

void desk_presence(struct http_exchange *exchange, void *role)
{
    static const struct desk_capability capability = {
        .right = RIGHT_WORK, .size = sizeof(struct presence), .step = step};
    desk_call_start(exchange, role, &capability);
}
