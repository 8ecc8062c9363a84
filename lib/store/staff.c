/* SPDX-License-Identifier: Apache-2.0
 * Parameters and rows of staff_by_name.sql and session_*.sql. */
#include "store/staff.h"

#include "pg/pool.h"

void staff_account_params(struct pg_params *params, struct slice name)
{
    pg_add_text(params, name);
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
    };
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
    };
    return true;
}

void staff_session_open_params(struct pg_params *params, const uint8_t mac[BLIND_SIZE], int64_t staff_id,
                               struct slice origin)
{
    pg_add_bytea(params, slice_make(mac, BLIND_SIZE));
    pg_add_int8(params, staff_id);
    pg_add_text(params, origin);
}

bool staff_session_open_read(const PGresult *result, struct staff_session *session)
{
    session->expires_us = pg_get_time(result, 0, 0);
    session->crises = pg_get_slice(result, 0, 1);
    return PQntuples(result) == 1;
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
