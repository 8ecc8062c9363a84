/* SPDX-License-Identifier: Apache-2.0
 * POST /api/v1/tokens: an API token of one's own, shown once. It may do what its owner may, or as much of it as its scopes name. */
#include <stddef.h>
#include <sodium.h>

#include "core/json_read.h"
#include "desk/desk_call.h"
#include "desk/handlers.h"
#include "domain/decode.h"
#include "domain/field_check.h"
#include "store/session.h"

enum { NAME_MAX_CHARACTERS = 60, SCOPES_MAX = 8, DAYS_MAX = 366 };

struct token_call {
    struct desk_call call;
    struct {
        struct slice name;
        bool narrowed;
        struct slice scopes[SCOPES_MAX];
        size_t scope_count;
        struct slice expires;
    } said;
    int64_t expires_us;
    char token[SESSION_TOKEN_SIZE + 1];
};

static void decode_scopes(struct decoder *decoder, const struct tree *tree, const struct decode_path *path,
                          void *target)
{
    struct token_call *token = target;
    token->said.narrowed = true;
    token->said.scope_count =
        decode_array(decoder, tree, path, SCOPES_MAX, decode_text, token->said.scopes, sizeof(token->said.scopes[0]));
}

static const struct decode_member members[] = {
    {SLICE_INIT("name"), decode_text, offsetof(struct token_call, said.name)},
    {SLICE_INIT("scopes"), decode_scopes, 0},
    {SLICE_INIT("expires"), decode_text, offsetof(struct token_call, said.expires)},
};

static void check(struct token_call *token, struct field_errors *errors)
{
    int64_t now_us = clock_now(&token->call.desk->clock);
    int ignored = 0;
    if (errors->count > 0) {
        return;
    }
    if (field_check_is_blank(token->said.name)) {
        field_check_missing("name", errors);
    } else {
        (void)field_check_line(token->said.name, NAME_MAX_CHARACTERS, "name", errors); /* it names what is wrong */
    }
    for (size_t i = 0; i < token->said.scope_count; i++) {
        if (!rights_add_scope(token->said.scopes[i], &ignored)) {
            field_error_add(errors, FIELD_NOT_A_VALUE, "scopes/%zu", i);
        }
    }
    if (token->said.expires.length == 0) {
        return;
    }
    if (!time_parse(token->said.expires, &token->expires_us)) {
        field_error_add(errors, FIELD_NOT_A_TIME, "expires");
    } else if (token->expires_us <= now_us ||
               token->expires_us > now_us + INT64_C(86400) * DAYS_MAX * MICROSECONDS_A_SECOND) {
        field_error_add(errors, FIELD_OUT_OF_RANGE, "expires");
    }
}

/* False when it refused. */
static bool read_body(struct token_call *token)
{
    struct desk_call *call = &token->call;
    struct field_errors errors = {.count = 0};
    struct decoder decoder = {call->arena, &errors, false};
    if (!http_request_media_type_is(call->request, SLICE("application/json"))) {
        desk_refuse(call, 415, NULL);
        return false;
    }
    const struct tree *tree = json_read(call->arena, call->request->body);
    if (tree == NULL || tree->kind != TREE_OBJECT) {
        desk_refuse(call, 400, "problem.not_json.detail");
        return false;
    }
    decode_object(&decoder, tree, NULL, members, sizeof(members) / sizeof(members[0]), token);
    check(token, &errors);
    if (errors.count > 0) {
        desk_refuse_fields(call, 422, &errors);
    }
    return errors.count == 0;
}

static void add(struct token_call *token)
{
    struct desk_call *call = &token->call;
    uint8_t mac[BLIND_SIZE];
    struct pg_params params;
    if (call->who.totp_due) { /* nothing is asked of tokens: not a way around what is asked of their owner */
        desk_refuse(call, 403, "problem.totp_due.detail");
        return;
    }
    if (call->who.password_due) {
        desk_refuse(call, 403, "problem.password_due.detail");
        return;
    }
    if (!read_body(token)) {
        return; /* answered */
    }
    session_mac(&call->desk->keys, session_token_make(token->token), mac);
    const struct session_token made = {
        .mac = mac,
        .staff_id = call->who.staff_id,
        .name = slice_trim(token->said.name),
        .scopes = token->said.narrowed ? token->said.scopes : NULL,
        .scope_count = token->said.scope_count,
        .expires_us = token->expires_us,
        .origin = call->origin,
    };
    pg_params_init(&params);
    session_token_params(&params, &made);
    desk_call_query(call, PG_TOKEN_ADD, &params);
}

static void step(struct desk_call *call, const PGresult *rows)
{
    struct token_call *token = (struct token_call *)call;
    struct render *render = &call->answer;
    char id_text[UUID_TEXT_SIZE + 1];
    struct uuid id;
    int64_t expires_us = 0;
    if (rows == NULL) {
        add(token);
        return;
    }
    session_token_read(rows, &id, &expires_us);
    render_begin(render);
    render_set(render, render->root, "id", render_slice(uuid_format(&id, id_text)));
    render_set(render, render->root, "token", render_slice(slice_make(token->token, SESSION_TOKEN_SIZE)));
    render_set(render, render->root, "expires_at", render_time(expires_us));
    sodium_memzero(token->token, sizeof(token->token));
    desk_respond_json(call, 201, NULL, 0);
}

void desk_post_token(struct http_exchange *exchange, void *role)
{
    static const struct desk_capability capability = {
        .right = RIGHT_ACCOUNT, .size = sizeof(struct token_call), .step = step};
    desk_call_start(exchange, role, &capability);
}
