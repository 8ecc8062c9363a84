/* SPDX-License-Identifier: Apache-2.0
 * Parameters and rows of totp_*.sql. */
#include "store/totp.h"

#include "pg/pool.h"

void totp_get_params(struct pg_params *params, int64_t staff_id, const char *recipient_id)
{
    pg_add_int8(params, staff_id);
    pg_add_text(params, slice_of(recipient_id));
}

bool totp_row_read(const PGresult *result, struct totp_row *row)
{
    if (PQntuples(result) != 1) {
        return false;
    }
    *row = (struct totp_row){
        .enrolled = pg_get_time(result, 0, 0) != 0,
        .last_step = pg_get_int(result, 0, 1),
        .secret = {.sealed = pg_get_slice(result, 0, 3), .wrap = pg_get_slice(result, 0, 4)},
        .codes_left = pg_get_int(result, 0, 5),
        .required = pg_get_bool(result, 0, 6),
    };
    (void)pg_get_uuid(result, 0, 2, &row->secret.epoch_id); /* null where there is no secret */
    return true;
}

void totp_begin_params(struct pg_params *params, int64_t staff_id, const struct sealed_note *secret)
{
    pg_add_int8(params, staff_id);
    pg_add_bytea(params, secret->text);
    pg_add_uuid(params, seal_epoch_id(secret->epoch));
    pg_add_time(params, secret->epoch_opened_us);
    note_add_wraps(params, secret->epoch);
}

void totp_enrol_params(struct pg_params *params, int64_t staff_id, int64_t step, struct slice origin,
                       const uint8_t macs[][BLIND_SIZE], unsigned count, const char *what)
{
    pg_add_int8(params, staff_id);
    pg_add_int8(params, step);
    pg_add_text(params, origin);
    pg_column_begin(params, PG_BYTEA);
    for (unsigned i = 0; i < count; i++) {
        pg_add_bytea(params, slice_make(macs[i], BLIND_SIZE));
    }
    pg_column_end(params);
    pg_add_text(params, slice_of(what));
}

void totp_remove_params(struct pg_params *params, int64_t staff_id, int64_t step, struct slice origin)
{
    pg_add_int8(params, staff_id);
    pg_add_int8(params, step);
    pg_add_text(params, origin);
}
