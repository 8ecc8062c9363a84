/* SPDX-License-Identifier: Apache-2.0
 * GET /api/v1/me, DELETE /api/v1/session: who am I, and good night. */
#include "desk/account.h"

#include "desk/handlers.h"

void account_render(struct desk_call *call, const char *role, struct slice token)
{
    char csrf[SESSION_CSRF_SIZE + 1];
    struct render *render = &call->answer;
    struct slice rest = call->who.crises;
    render_begin(render);
    json_t *crises = json_array();
    for (struct slice crisis; slice_split(&rest, ' ', &crisis);) {
        render_add(render, crises, render_slice(crisis));
    }
    render_set(render, render->root, "user", render_slice(call->who.name));
    render_set(render, render->root, "role", json_string(role));
    render_set(render, render->root, "crises", crises);
    if (!call->who.is_token) {
        render_set(render, render->root, "csrf", render_slice(session_csrf(&call->desk->keys, token, csrf)));
    }
    render_set(render, render->root, "expires_at", render_time(call->who.expires_us));
}

static void me(struct desk_call *call, const PGresult *rows)
{
    struct pg_params params;
    if (rows == NULL) {
        pg_params_init(&params);
        pg_add_int8(&params, call->who.staff_id);
        desk_call_query(call, PG_POST_LIST, &params);
        return;
    }
    account_render(call, rights_role_name(call->role), call->credential.token);
    json_t *posts = json_array();
    for (int i = 0; i < PQntuples(rows); i++) {
        json_t *post = json_object();
        render_set(&call->answer, post, "id", render_slice(pg_get_slice(rows, i, 0)));
        render_set(&call->answer, post, "name", render_slice(pg_get_slice(rows, i, 1)));
        render_set(&call->answer, post, "crisis", render_slice(pg_get_slice(rows, i, 2)));
        render_add(&call->answer, posts, post);
    }
    render_set(&call->answer, call->answer.root, "posts", posts);
    desk_respond_json(call, 200, NULL, 0);
}

static void leave(struct desk_call *call, const PGresult *rows)
{
    uint8_t mac[BLIND_SIZE];
    struct pg_params params;
    if (rows == NULL) {
        session_mac(&call->desk->keys, call->credential.token, mac);
        pg_params_init(&params);
        staff_session_close_params(&params, mac, call->origin);
        desk_call_query(call, PG_SESSION_CLOSE, &params);
        return;
    }
    struct http_header cookie = {SLICE("Set-Cookie"), session_cookie_end()};
    desk_respond(call, 204, &cookie, call->credential.kind == SESSION_COOKIE ? 1 : 0);
}

void desk_me(struct http_exchange *exchange, void *role)
{
    static const struct desk_capability capability = {
        .right = RIGHT_BE_HERE, .size = sizeof(struct desk_call), .step = me};
    desk_call_start(exchange, role, &capability);
}

void desk_delete_session(struct http_exchange *exchange, void *role)
{
    static const struct desk_capability capability = {
        .right = RIGHT_BE_HERE, .size = sizeof(struct desk_call), .step = leave};
    desk_call_start(exchange, role, &capability);
}
