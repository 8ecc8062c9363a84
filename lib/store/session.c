/* SPDX-License-Identifier: Apache-2.0
 * Parameters and rows of session_list.sql, session_revoke.sql and token_add.sql. */
#include "store/session.h"

#include "pg/pool.h"

void session_list_params(struct pg_params *params, int64_t staff_id, struct slice user, const uint8_t mac[BLIND_SIZE])
{
    pg_add_int8(params, staff_id);
    pg_add_text_or_null(params, user);
    pg_add_bytea(params, slice_make(mac, BLIND_SIZE));
}

void session_row_read(const PGresult *result, int row, struct session_row *session)
{
    (void)pg_get_uuid(result, row, 0, &session->id); /* NOT NULL */
    session->kind = pg_get_slice(result, row, 1);
    session->name = pg_get_slice(result, row, 2);
    session->is_narrowed = pg_get_bool(result, row, 3);
    session->scopes = pg_get_slice(result, row, 4);
    session->created_us = pg_get_time(result, row, 5);
    session->used_us = pg_get_time(result, row, 6);
    session->expires_us = pg_get_time(result, row, 7);
    session->origin = pg_get_slice(result, row, 8);
    session->is_current = pg_get_bool(result, row, 9);
}

void session_revoke_params(struct pg_params *params, const struct uuid *id, int64_t staff_id, struct slice origin)
{
    pg_add_uuid(params, id);
    pg_add_int8(params, staff_id);
    pg_add_text(params, origin);
}

void session_token_params(struct pg_params *params, const struct session_token *token)
{
    pg_add_bytea(params, slice_make(token->mac, BLIND_SIZE));
    pg_add_int8(params, token->staff_id);
    pg_add_text(params, token->name);
    if (token->scopes == NULL) {
        pg_add_null(params);
    } else {
        pg_column_begin(params, PG_TEXT);
        for (size_t i = 0; i < token->scope_count; i++) {
            pg_add_text(params, token->scopes[i]);
        }
        pg_column_end(params);
    }
    if (token->expires_us == 0) {
        pg_add_null(params);
    } else {
        pg_add_time(params, token->expires_us);
    }
    pg_add_text(params, token->origin);
}

void session_token_read(const PGresult *result, struct uuid *id, int64_t *expires_us)
{
    (void)pg_get_uuid(result, 0, 0, id); /* NOT NULL */
    *expires_us = pg_get_time(result, 0, 1);
}

void session_open_card_params(struct pg_params *params, struct slice key_hash, const uint8_t mac[BLIND_SIZE],
                              struct slice origin)
{
    pg_add_bytea(params, key_hash);
    pg_add_bytea(params, slice_make(mac, BLIND_SIZE));
    pg_add_text(params, origin);
}
