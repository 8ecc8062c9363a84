/* SPDX-License-Identifier: Apache-2.0
 * GET, PUT, POST and DELETE /api/v1/wardens/{user}/households: a lead gives a warden households, by case code. All are given or none. */
#include <stdio.h>

#include "core/case_code.h"
#include "core/json_read.h"
#include "desk/desk_call.h"
#include "desk/handlers.h"
#include "domain/field_error.h"
#include "pg/pool.h"
#include "store/warden.h"

enum { NAME_SHOWN_MAX = 40 };

struct warden_list {
    struct desk_call call;
    bool asked;
    int64_t ids[WARDEN_LIST_MAX];
    size_t count;
};

static void answer_list(struct warden_list *l, const PGresult *rows)
{
    struct desk_call *call = &l->call;
    struct render *render = &call->answer;
    if (PQntuples(rows) == 0) {
        desk_refuse(call, 404, NULL);
        return;
    }
    render_begin(render);
    json_t *list = json_array();
    for (int i = 0; i < PQntuples(rows); i++) {
        struct listed_row row;
        if (!listed_row_read(rows, i, &row)) {
            continue;
        }
        json_t *object = json_object();
        render_set(render, object, "case", render_case_code(row.registration_id));
        render_set(render, object, "word", render_slice(row.word));
        render_set(render, object, "received_at", render_time(row.word_us));
        render_set(render, object, "stands", render_slice(row.stands));
        render_set(render, object, "last_heard_at", render_time(row.last_heard_us));
        render_set(render, object, "check_in_by", render_time(row.check_in_by_us));
        render_set(render, object, "overdue", json_boolean(row.is_overdue));
        render_add(render, list, object);
    }
    render_set(render, render->root, "households", list);
    desk_respond_json(call, 200, NULL, 0);
}

static void step_get(struct desk_call *call, const PGresult *rows)
{
    struct warden_list *l = (struct warden_list *)call;
    struct pg_params params;
    if (l->asked) {
        answer_list(l, rows);
        return;
    }
    l->asked = true;
    pg_params_init(&params);
    pg_add_text(&params, call->request->parameters[0]);
    pg_add_int8(&params, call->who.staff_id);
    desk_call_query(call, PG_WARDEN_LIST_GET, &params);
}

/* {"cases": ["K7M2Q-9QXD4", ...]} */
static bool read_cases(struct warden_list *l, const struct tree *content, struct field_errors *errors)
{
    const struct tree *cases = tree_member(content, SLICE("cases"));
    size_t place = 0;
    if (content->count > (cases != NULL ? 1 : 0)) {
        const struct tree *other = content->children.first == cases ? cases->next : content->children.first;
        struct slice name = slice_sub(other->name, 0, NAME_SHOWN_MAX);
        field_error_add(errors, FIELD_UNKNOWN, "%.*s", (int)name.length, name.data);
    }
    if (cases == NULL || cases->kind != TREE_LIST) {
        field_error_add(errors, cases == NULL ? FIELD_MISSING : FIELD_WRONG_TYPE, "cases");
        return false;
    }
    if (cases->count > WARDEN_LIST_MAX) {
        field_error_add_limit(errors, FIELD_TOO_MANY, WARDEN_LIST_MAX, "cases");
        return false;
    }
    for (const struct tree *item = cases->children.first; item != NULL; item = item->next, place++) {
        enum case_code_reading read =
            item->kind == TREE_TEXT ? case_code_parse(item->text, &l->ids[l->count]) : CASE_CODE_SHAPE;
        if (read != CASE_CODE_OK) {
            field_error_add(errors, read == CASE_CODE_MISTYPED ? FIELD_CASE_MISTYPED : FIELD_NOT_A_CASE, "cases/%zu",
                            place);
        } else {
            l->count++;
        }
    }
    return errors->count == 0;
}

static void set(struct warden_list *l)
{
    struct pg_params params;
    l->asked = true;
    pg_params_init(&params);
    warden_list_set_params(&params, l->call.request->parameters[0], l->ids, l->count, l->call.origin);
    desk_call_query(&l->call, PG_WARDEN_LIST_SET, &params);
}

static void answer_set(struct warden_list *l, const PGresult *rows)
{
    struct desk_call *call = &l->call;
    struct field_errors errors = {.count = 0};
    if (PQntuples(rows) == 0) {
        desk_refuse(call, 404, NULL);
        return;
    }
    struct slice rest = pg_get_slice(rows, 0, 0);
    for (struct slice part; slice_split(&rest, ' ', &part);) {
        uint64_t bad = 0;
        for (size_t i = 0; slice_to_u64(part, INT64_MAX, &bad) && i < l->count; i++) {
            if (l->ids[i] == (int64_t)bad) {
                field_error_add(&errors, FIELD_NOT_A_CASE, "cases/%zu", i);
            }
        }
    }
    if (errors.count > 0) {
        desk_refuse_fields(call, 422, &errors);
    } else {
        desk_respond(call, 204, NULL, 0);
    }
}

/* The cases of the request's body; false when it was answered already. */
static bool read_body(struct warden_list *l)
{
    struct desk_call *call = &l->call;
    struct field_errors errors = {.count = 0};
    if (!http_request_media_type_is(call->request, SLICE("application/json"))) {
        desk_refuse(call, 415, NULL);
        return false;
    }
    const struct tree *content = json_read(call->arena, call->request->body);
    if (content == NULL || content->kind != TREE_OBJECT) {
        desk_refuse(call, call->arena->failed ? 503 : 400, call->arena->failed ? NULL : "problem.not_json.detail");
        return false;
    }
    if (!read_cases(l, content, &errors)) {
        desk_refuse_fields(call, 422, &errors);
        return false;
    }
    return true;
}

static void step_put(struct desk_call *call, const PGresult *rows)
{
    struct warden_list *l = (struct warden_list *)call;
    if (l->asked) {
        answer_set(l, rows);
    } else if (read_body(l)) {
        set(l);
    }
}

static void answer_add(struct warden_list *l, const PGresult *rows)
{
    struct field_errors errors = {.count = 0};
    if (PQntuples(rows) == 1 && pg_get_slice(rows, 0, 0).length == 0 && pg_get_bool(rows, 0, 1)) {
        field_error_add_limit(&errors, FIELD_TOO_MANY, WARDEN_LIST_MAX, "cases");
        desk_refuse_fields(&l->call, 422, &errors);
    } else {
        answer_set(l, rows);
    }
}

static void step_post(struct desk_call *call, const PGresult *rows)
{
    struct warden_list *l = (struct warden_list *)call;
    struct pg_params params;
    if (l->asked) {
        answer_add(l, rows);
    } else if (read_body(l)) {
        l->asked = true;
        pg_params_init(&params);
        warden_list_add_params(&params, call->request->parameters[0], l->ids, l->count, call->origin);
        desk_call_query(call, PG_WARDEN_LIST_ADD, &params);
    }
}

static void step_delete(struct desk_call *call, const PGresult *rows)
{
    struct warden_list *l = (struct warden_list *)call;
    if (l->asked) {
        answer_set(l, rows);
    } else {
        set(l);
    }
}

void desk_warden_list(struct http_exchange *exchange, void *role)
{
    static const struct desk_capability capability = {
        .right = RIGHT_LOOK, .size = sizeof(struct warden_list), .step = step_get};
    desk_call_start(exchange, role, &capability);
}

void desk_put_warden_list(struct http_exchange *exchange, void *role)
{
    static const struct desk_capability capability = {
        .right = RIGHT_OVERRULE, .size = sizeof(struct warden_list), .step = step_put};
    desk_call_start(exchange, role, &capability);
}

void desk_post_warden_list(struct http_exchange *exchange, void *role)
{
    static const struct desk_capability capability = {
        .right = RIGHT_OVERRULE, .size = sizeof(struct warden_list), .step = step_post};
    desk_call_start(exchange, role, &capability);
}

void desk_delete_warden_list(struct http_exchange *exchange, void *role)
{
    static const struct desk_capability capability = {
        .right = RIGHT_OVERRULE, .size = sizeof(struct warden_list), .step = step_delete};
    desk_call_start(exchange, role, &capability);
}
