/* SPDX-License-Identifier: Apache-2.0
 * Parameters and rows of password_change.sql and reset_*.sql. */
#include "store/reset.h"

#include "pg/pool.h"

void reset_password_params(struct pg_params *params, struct slice hash, const struct staff_factor *factor,
                           struct slice origin)
{
    pg_add_text(params, hash);
    if (factor->step > 0) {
        pg_add_int8(params, factor->step);
    } else {
        pg_add_null(params);
    }
    if (factor->recovery_mac.length > 0) {
        pg_add_bytea(params, factor->recovery_mac);
    } else {
        pg_add_null(params);
    }
    pg_add_text(params, origin);
}

bool reset_password_read(const PGresult *result)
{
    return PQntuples(result) == 1 && pg_get_bool(result, 0, 0);
}

void reset_ask_params(struct pg_params *params, struct slice user, struct slice what, struct slice origin)
{
    pg_add_text(params, user);
    pg_add_text(params, what);
    pg_add_text(params, origin);
}

bool reset_ask_read(const PGresult *result, struct uuid *id)
{
    return PQntuples(result) == 1 && pg_get_uuid(result, 0, 0, id);
}

void reset_approve_params(struct pg_params *params, const struct uuid *id, struct slice hash, struct slice origin)
{
    pg_add_uuid(params, id);
    pg_add_text(params, hash);
    pg_add_text(params, origin);
}

enum reset_outcome reset_approve_read(const PGresult *result, struct slice *user, struct slice *what)
{
    int64_t outcome = PQntuples(result) == 1 ? pg_get_int(result, 0, 0) : RESET_NOT_THERE;
    *user = outcome == RESET_DONE ? pg_get_slice(result, 0, 1) : (struct slice){NULL, 0};
    *what = outcome == RESET_DONE ? pg_get_slice(result, 0, 2) : (struct slice){NULL, 0};
    return (enum reset_outcome)outcome;
}

void reset_drop_params(struct pg_params *params, const struct uuid *id, struct slice origin)
{
    pg_add_uuid(params, id);
    pg_add_text(params, origin);
}

bool reset_drop_read(const PGresult *result)
{
    return PQntuples(result) == 1 && pg_get_bool(result, 0, 0);
}

void reset_list_params(struct pg_params *params, int64_t staff_id)
{
    pg_add_int8(params, staff_id);
}

void reset_row_read(const PGresult *result, int row, struct reset_row *reset)
{
    *reset = (struct reset_row){
        .user = pg_get_slice(result, row, 1),
        .what = pg_get_slice(result, row, 2),
        .asked_by = pg_get_slice(result, row, 3),
        .asked_us = pg_get_time(result, row, 4),
        .expires_us = pg_get_time(result, row, 5),
        .is_ones_own = pg_get_bool(result, row, 6),
    };
    (void)pg_get_uuid(result, row, 0, &reset->id); /* NOT NULL */
}
