/* SPDX-License-Identifier: Apache-2.0
 * GET and POST /api/v1/resets, POST /api/v1/resets/{reset}/approve, DELETE /api/v1/resets/{reset}: who lost password or phone is let in again by two admins,
 * of whom neither is they. What is approved makes a password for once, shown once.
 *
 *   approve: HASH --made--> APPROVE --> the password, or 404, 409
 */
#include <sodium.h>
#include <stddef.h>

#include "desk/body.h"
#include "desk/desk_call.h"
#include "desk/handlers.h"
#include "store/reset.h"

enum { ONCE_BYTES = 15, ONCE_SIZE = 20, USER_MAX = 63, WHAT_MAX = 16 };

_Static_assert(ONCE_SIZE + 1 == sodium_base64_ENCODED_LEN(ONCE_BYTES, sodium_base64_VARIANT_URLSAFE_NO_PADDING),
               "a password for once fits");

struct reset_call {
    struct desk_call call;
    struct {
        struct slice user, what;
    } said;
    struct uuid id;
    struct password_job *job;
    char once[ONCE_SIZE + 1];
};

static const struct body_member members[] = {
    {SLICE_INIT("user"), offsetof(struct reset_call, said.user), USER_MAX, true, BODY_TEXT},
    {SLICE_INIT("what"), offsetof(struct reset_call, said.what), WHAT_MAX, true, BODY_TEXT},
};

/* Two people, so no programs. False when it refused. */
static bool is_person(struct desk_call *call)
{
    bool is_token = call->who.is_token; /* after an answer the call is gone */
    if (is_token) {
        desk_refuse(call, 403, NULL);
    }
    return !is_token;
}

static bool read_id(struct reset_call *reset)
{
    bool read = uuid_parse(reset->call.request->parameters[0], &reset->id);
    if (!read) {
        desk_refuse(&reset->call, 404, NULL);
    }
    return read;
}

static void step_list(struct desk_call *call, const PGresult *rows)
{
    struct render *render = &call->answer;
    struct pg_params params;
    if (rows == NULL) {
        pg_params_init(&params);
        reset_list_params(&params, call->who.staff_id);
        desk_call_query(call, PG_RESET_LIST, &params);
        return;
    }
    render_begin(render);
    json_t *list = json_array();
    for (int i = 0; i < PQntuples(rows); i++) {
        struct reset_row row;
        char id[UUID_TEXT_SIZE + 1];
        json_t *object = json_object();
        reset_row_read(rows, i, &row);
        render_set(render, object, "id", render_slice(uuid_format(&row.id, id)));
        render_set(render, object, "user", render_slice(row.user));
        render_set(render, object, "what", render_slice(row.what));
        render_set(render, object, "asked_by", render_slice(row.asked_by));
        render_set(render, object, "asked_at", render_time(row.asked_us));
        render_set(render, object, "expires_at", render_time(row.expires_us));
        render_set(render, object, "may_approve", json_boolean(!row.is_ones_own));
        render_add(render, list, object);
    }
    render_set(render, render->root, "resets", list);
    desk_respond_json(call, 200, NULL, 0);
}

static void ask(struct reset_call *reset)
{
    struct desk_call *call = &reset->call;
    struct field_errors errors = {.count = 0};
    struct pg_params params;
    enum body_reading reading =
        body_read_json(call->request, call->arena, members, sizeof(members) / sizeof(members[0]), reset, &errors);
    if (reading == BODY_WRONG_TYPE) {
        desk_refuse(call, 415, NULL);
        return;
    }
    if (reading != BODY_OK && reading != BODY_FAULTS) {
        desk_refuse(call, 400, NULL);
        return;
    }
    if (errors.count == 0 && !slice_equal(reset->said.what, SLICE("password")) &&
        !slice_equal(reset->said.what, SLICE("totp"))) {
        field_error_add(&errors, FIELD_NOT_A_VALUE, "what");
    }
    if (errors.count > 0) {
        desk_refuse_fields(call, 422, &errors);
        return;
    }
    pg_params_init(&params);
    reset_ask_params(&params, reset->said.user, reset->said.what, call->origin);
    desk_call_query(call, PG_RESET_ASK, &params);
}

static void step_ask(struct desk_call *call, const PGresult *rows)
{
    struct field_errors errors = {.count = 0};
    char id_text[UUID_TEXT_SIZE + 1];
    struct uuid id;
    if (rows == NULL) {
        if (is_person(call)) {
            ask((struct reset_call *)call);
        }
    } else if (!reset_ask_read(rows, &id)) {
        field_error_add(&errors, FIELD_NOT_A_VALUE, "user");
        desk_refuse_fields(call, 422, &errors);
    } else {
        render_begin(&call->answer);
        render_set(&call->answer, call->answer.root, "id", render_slice(uuid_format(&id, id_text)));
        desk_respond_json(call, 201, NULL, 0);
    }
}

static void on_hashed(void *context, bool made)
{
    struct reset_call *reset = context;
    struct desk_call *call = &reset->call;
    struct slice hash = arena_dup(call->arena, made ? password_job_hash(reset->job) : SLICE(""));
    struct pg_params params;
    reset->job = NULL;
    if (hash.length == 0) {
        desk_refuse_for(call, 503, NULL, 1);
        return;
    }
    pg_params_init(&params);
    reset_approve_params(&params, &reset->id, hash, call->origin);
    desk_call_query(call, PG_RESET_APPROVE, &params);
}

static void approve(struct reset_call *reset)
{
    struct desk_call *call = &reset->call;
    uint8_t bytes[ONCE_BYTES];
    if (!is_person(call) || !read_id(reset)) {
        return; /* answered */
    }
    random_fill(bytes, sizeof(bytes));
    (void)sodium_bin2base64(reset->once, sizeof(reset->once), bytes, sizeof(bytes),
                            sodium_base64_VARIANT_URLSAFE_NO_PADDING); /* cannot fail: the size is asserted above */
    sodium_memzero(bytes, sizeof(bytes));
    reset->job = password_pool_make(call->desk->passwords, slice_of(reset->once), on_hashed, reset);
    if (reset->job == NULL) {
        desk_refuse_for(call, 503, NULL, 2);
    }
}

static void step_approve(struct desk_call *call, const PGresult *rows)
{
    struct reset_call *reset = (struct reset_call *)call;
    struct render *render = &call->answer;
    struct slice user, what;
    if (rows == NULL) {
        approve(reset);
        return;
    }
    switch (reset_approve_read(rows, &user, &what)) {
    case RESET_DONE:
        render_begin(render);
        render_set(render, render->root, "user", render_slice(user));
        render_set(render, render->root, "what", render_slice(what));
        render_set(render, render->root, "password",
                   slice_equal(what, SLICE("password")) ? render_slice(slice_of(reset->once)) : json_null());
        sodium_memzero(reset->once, sizeof(reset->once));
        desk_respond_json(call, 200, NULL, 0);
        break;
    case RESET_NOT_THERE:
        desk_refuse(call, 404, NULL);
        break;
    case RESET_ONES_OWN:
        desk_refuse(call, 409, "problem.reset_own.detail");
        break;
    }
}

static void step_drop(struct desk_call *call, const PGresult *rows)
{
    struct reset_call *reset = (struct reset_call *)call;
    struct pg_params params;
    if (rows != NULL) {
        if (reset_drop_read(rows)) {
            desk_respond(call, 204, NULL, 0);
        } else {
            desk_refuse(call, 404, NULL);
        }
    } else if (is_person(call) && read_id(reset)) {
        pg_params_init(&params);
        reset_drop_params(&params, &reset->id, call->origin);
        desk_call_query(call, PG_RESET_DROP, &params);
    }
}

static void drop(struct desk_call *call)
{
    struct reset_call *reset = (struct reset_call *)call;
    if (reset->job != NULL) {
        password_job_cancel(reset->job);
    }
}

void desk_resets(struct http_exchange *exchange, void *role)
{
    static const struct desk_capability capability = {
        .right = RIGHT_ADMINISTER, .size = sizeof(struct desk_call), .step = step_list};
    desk_call_start(exchange, role, &capability);
}

void desk_post_reset(struct http_exchange *exchange, void *role)
{
    static const struct desk_capability capability = {
        .right = RIGHT_ADMINISTER, .size = sizeof(struct reset_call), .step = step_ask};
    desk_call_start(exchange, role, &capability);
}

void desk_approve_reset(struct http_exchange *exchange, void *role)
{
    static const struct desk_capability capability = {
        .right = RIGHT_ADMINISTER, .size = sizeof(struct reset_call), .step = step_approve, .drop = drop};
    desk_call_start(exchange, role, &capability);
}

void desk_delete_reset(struct http_exchange *exchange, void *role)
{
    static const struct desk_capability capability = {
        .right = RIGHT_ADMINISTER, .size = sizeof(struct reset_call), .step = step_drop};
    desk_call_start(exchange, role, &capability);
}
