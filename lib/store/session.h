/* SPDX-License-Identifier: Apache-2.0
 * Sessions and tokens as their owners see them: parameters and rows of session_list.sql, session_revoke.sql and token_add.sql. */
#ifndef STORE_SESSION_H
#define STORE_SESSION_H

#include <libpq-fe.h>
#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#include "core/id.h"
#include "core/slice.h"
#include "pg/params.h"
#include "seal/blind.h"

struct session_row { /* slices are borrowed from the result */
    struct uuid id;  /* says which, and opens nothing */
    struct slice kind, name, origin;
    bool is_narrowed; /* to `scopes`, separated by spaces */
    struct slice scopes;
    int64_t created_us, used_us, expires_us;
    bool is_current; /* the one that asks */
};
/* `user`: empty for one's own. */
void session_list_params(struct pg_params *params, int64_t staff_id, struct slice user, const uint8_t mac[BLIND_SIZE]);
void session_row_read(const PGresult *result, int row, struct session_row *session);
void session_revoke_params(struct pg_params *params, const struct uuid *id, int64_t staff_id, struct slice origin);

void session_open_card_params(struct pg_params *params, struct slice key_hash, const uint8_t mac[BLIND_SIZE],
                              struct slice origin);

struct session_token {
    const uint8_t *mac; /* BLIND_SIZE bytes */
    int64_t staff_id;
    struct slice name;
    const struct slice *scopes; /* NULL: all that the role may */
    size_t scope_count;
    int64_t expires_us; /* 0: in a year */
    struct slice origin;
};
void session_token_params(struct pg_params *params, const struct session_token *token);
void session_token_read(const PGresult *result, struct uuid *id, int64_t *expires_us);

#endif
