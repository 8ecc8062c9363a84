/* SPDX-License-Identifier: Apache-2.0
 * Parameters and rows of staff_by_name.sql and session_*.sql. */
#include "store/staff.h"

#include "pg/pool.h"

void staff_account_params(struct pg_params *params, struct slice name, const char *recipient_id)
{
    pg_add_text(params, name);
    pg_add_text(params, slice_of(recipient_id));
}

bool staff_account_read(const PGresult *result, struct staff_account *account)
{
    if (PQntuples(result) != 1) {
        return false;
    }
    *account = (struct staff_account){
        .id = pg_get_int(result, 0, 0),
        .role = pg_get_slice(result, 0, 1),
        .password_hash = pg_get_slice(result, 0, 2),
        .last_step = pg_get_int(result, 0, 3),
        .totp_secret = {.sealed = pg_get_slice(result, 0, 5), .wrap = pg_get_slice(result, 0, 6)},
    };
    (void)pg_get_uuid(result, 0, 4, &account->totp_secret.epoch_id); /* null where there is no secret */
    return true;
}

void staff_session_params(struct pg_params *params, const uint8_t mac[BLIND_SIZE])
{
    pg_add_bytea(params, slice_make(mac, BLIND_SIZE));
}

bool staff_session_read(const PGresult *result, struct staff_session *session)
{
    if (PQntuples(result) != 1) {
        return false;
    }
    *session = (struct staff_session){
        .staff_id = pg_get_int(result, 0, 0),
        .name = pg_get_slice(result, 0, 1),
        .role = pg_get_slice(result, 0, 2),
        .is_token = slice_equal(pg_get_slice(result, 0, 3), SLICE("token")),
        .expires_us = pg_get_time(result, 0, 4),
        .crises = pg_get_slice(result, 0, 5),
        .totp_due = pg_get_bool(result, 0, 6),
        .is_narrowed = pg_get_bool(result, 0, 7),
        .scopes = pg_get_slice(result, 0, 8),
        .password_due = pg_get_bool(result, 0, 10),
        .card = pg_get_slice(result, 0, 11),
    };
    return pg_get_uuid(result, 0, 9, &session->id);
}

void staff_session_open_params(struct pg_params *params, const uint8_t mac[BLIND_SIZE], int64_t staff_id,
                               struct slice origin, const struct staff_factor *factor)
{
    pg_add_bytea(params, slice_make(mac, BLIND_SIZE));
    pg_add_int8(params, staff_id);
    pg_add_text(params, origin);
    if (factor->step > 0) {
        pg_add_int8(params, factor->step);
    } else {
        pg_add_null(params);
    }
    pg_add_bytea_or_null(params, factor->recovery_mac);
}

bool staff_session_open_read(const PGresult *result, struct staff_session *session)
{
    if (PQntuples(result) != 1) {
        return false;
    }
    session->expires_us = pg_get_time(result, 0, 0);
    session->crises = pg_get_slice(result, 0, 1);
    return true;
}

void staff_session_refuse_params(struct pg_params *params, struct slice name, struct slice origin)
{
    pg_add_text(params, name);
    pg_add_text(params, origin);
}

void staff_session_close_params(struct pg_params *params, const uint8_t mac[BLIND_SIZE], struct slice origin)
{
    pg_add_bytea(params, slice_make(mac, BLIND_SIZE));
    pg_add_text(params, origin);
}
