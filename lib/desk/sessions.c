/* SPDX-License-Identifier: Apache-2.0
 * GET /api/v1/sessions, DELETE /api/v1/sessions/{session}: where an account is signed in, and an end to it. */
#include "desk/handlers.h"
#include "desk/desk_call.h"
#include "store/session.h"

static json_t *scopes_of(struct desk_call *call, const struct session_row *row)
{
    struct slice rest = row->scopes;
    if (!row->is_narrowed) {
        return json_null();
    }
    json_t *scopes = json_array();
    for (struct slice scope; slice_split(&rest, ' ', &scope);) {
        render_add(&call->answer, scopes, render_slice(scope));
    }
    return scopes;
}

static void render_row(struct desk_call *call, json_t *list, const struct session_row *row)
{
    struct render *render = &call->answer;
    char id[UUID_TEXT_SIZE + 1];
    json_t *object = json_object();
    render_set(render, object, "id", render_slice(uuid_format(&row->id, id)));
    render_set(render, object, "kind", render_slice(row->kind));
    render_set(render, object, "name", render_slice(row->name));
    render_set(render, object, "scopes", scopes_of(call, row));
    render_set(render, object, "created_at", render_time(row->created_us));
    render_set(render, object, "used_at", render_time(row->used_us));
    render_set(render, object, "expires_at", render_time(row->expires_us));
    render_set(render, object, "origin", render_slice(row->origin));
    render_set(render, object, "current", json_boolean(row->is_current));
    render_add(render, list, object);
}

static void ask(struct desk_call *call)
{
    uint8_t mac[BLIND_SIZE];
    struct pg_params params;
    struct slice user = {NULL, 0};
    (void)http_request_query(call->request, call->arena, SLICE("user"), &user); /* absent: one's own */
    if (user.length > 0 && !slice_equal(user, call->who.name) && !desk_call_may(call, RIGHT_ADMINISTER)) {
        desk_refuse(call, 403, NULL);
        return;
    }
    session_mac(&call->desk->keys, call->credential.token, mac);
    pg_params_init(&params);
    session_list_params(&params, call->who.staff_id, user, mac);
    desk_call_query(call, PG_SESSION_LIST, &params);
}

static void step_list(struct desk_call *call, const PGresult *rows)
{
    if (rows == NULL) {
        ask(call);
        return;
    }
    render_begin(&call->answer);
    json_t *list = json_array();
    for (int i = 0; i < PQntuples(rows); i++) {
        struct session_row row;
        session_row_read(rows, i, &row);
        render_row(call, list, &row);
    }
    render_set(&call->answer, call->answer.root, "sessions", list);
    desk_respond_json(call, 200, NULL, 0);
}

static void step_revoke(struct desk_call *call, const PGresult *rows)
{
    struct uuid id;
    struct pg_params params;
    if (rows != NULL) {
        if (PQntuples(rows) == 1) {
            desk_respond(call, 204, NULL, 0);
        } else {
            desk_refuse(call, 404, NULL);
        }
        return;
    }
    if (!uuid_parse(call->request->parameters[0], &id)) {
        desk_refuse(call, 404, NULL);
        return;
    }
    pg_params_init(&params);
    session_revoke_params(&params, &id, call->who.staff_id, call->origin);
    desk_call_query(call, PG_SESSION_REVOKE, &params);
}

void desk_sessions(struct http_exchange *exchange, void *role)
{
    static const struct desk_capability capability = {
        .right = RIGHT_ACCOUNT, .size = sizeof(struct desk_call), .step = step_list};
    desk_call_start(exchange, role, &capability);
}

void desk_delete_one_session(struct http_exchange *exchange, void *role)
{
    static const struct desk_capability capability = {
        .right = RIGHT_ACCOUNT, .size = sizeof(struct desk_call), .step = step_revoke};
    desk_call_start(exchange, role, &capability);
}
