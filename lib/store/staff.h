/* SPDX-License-Identifier: Apache-2.0
 * Who works at the desk: accounts and their sessions. */
#ifndef STORE_STAFF_H
#define STORE_STAFF_H

#include <libpq-fe.h>
#include <stdbool.h>
#include <stdint.h>

#include "core/id.h"
#include "core/slice.h"
#include "pg/params.h"
#include "seal/blind.h"
#include "store/sealed_cell.h"

/* Slices are borrowed from the result. */

struct staff_account {
    int64_t id;
    struct slice role;
    struct slice password_hash;     /* empty: no password was ever set */
    int64_t last_step;              /* of the last code taken */
    struct sealed_cell totp_secret; /* empty: none is enrolled */
};
void staff_account_params(struct pg_params *params, struct slice name, const char *recipient_id);
bool staff_account_read(const PGresult *result, struct staff_account *account);

struct staff_session {
    int64_t staff_id;
    struct uuid id; /* says which, and opens nothing */
    struct slice name;
    struct slice role;
    bool is_token; /* an API token, not a browser's session */
    int64_t expires_us;
    struct slice crises; /* ids, separated by spaces */
    bool is_narrowed;    /* a token: to `scopes`, separated by spaces */
    struct slice scopes;
    struct slice card; /* the key hash of the smart card that opened it; empty: a password did */
    bool password_due; /* the password was given by others, for once */
    bool totp_due;     /* the role must have a second factor, and the account has none */
};
void staff_session_params(struct pg_params *params, const uint8_t mac[BLIND_SIZE]);
/* False when there is no such session, or it is over. */
bool staff_session_read(const PGresult *result, struct staff_session *session);

/* What stands beside the password; all empty: nothing. */
struct staff_factor {
    int64_t step;              /* of a code; 0: none */
    struct slice recovery_mac; /* of a recovery code */
};
void staff_session_open_params(struct pg_params *params, const uint8_t mac[BLIND_SIZE], int64_t staff_id,
                               struct slice origin, const struct staff_factor *factor);
/* Fills `expires_us` and `crises`; false when the code was taken before. */
bool staff_session_open_read(const PGresult *result, struct staff_session *session);
void staff_session_refuse_params(struct pg_params *params, struct slice name, struct slice origin);
void staff_session_close_params(struct pg_params *params, const uint8_t mac[BLIND_SIZE], struct slice origin);

#endif
