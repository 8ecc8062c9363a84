/* SPDX-License-Identifier: Apache-2.0
 * Parameters and row of registration_own.sql. */
#include "store/own_record.h"

#include "pg/pool.h"

void own_record_params(struct pg_params *params, int64_t registration_id, const uint8_t secret_mac[BLIND_SIZE])
{
    pg_add_int8(params, registration_id);
    pg_add_bytea(params, slice_make(secret_mac, BLIND_SIZE));
}

static int64_t time_or_none(const PGresult *result, int column)
{
    return pg_is_null(result, 0, column) ? 0 : pg_get_time(result, 0, column);
}

bool own_record_read(const PGresult *result, struct own_record *own)
{
    if (PQntuples(result) != 1) {
        return false;
    }
    *own = (struct own_record){
        .crisis = pg_get_slice(result, 0, 0),
        .language = pg_get_slice(result, 0, 1),
        .party_size = (unsigned)pg_get_int(result, 0, 2),
        .needs = (uint32_t)pg_get_int(result, 0, 3),
        .intent = pg_get_slice(result, 0, 4),
        .received_us = pg_get_time(result, 0, 5),
        .check_in_by_us = time_or_none(result, 6),
        .last_status = pg_get_slice(result, 0, 7),
        .last_check_in_us = time_or_none(result, 8),
        .case_state = pg_get_slice(result, 0, 9),
        .case_received_us = time_or_none(result, 10),
        .read_us = time_or_none(result, 11),
        .answered_us = time_or_none(result, 12),
        .resolved_us = time_or_none(result, 13),
        .cell = pg_get_slice(result, 0, 14),
    };
    return true;
}
