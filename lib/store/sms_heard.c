/* SPDX-License-Identifier: Apache-2.0
 * Parameters and row of sms_heard.sql. */
#include "store/sms_heard.h"

#include "pg/pool.h"

void sms_heard_params(struct pg_params *params, int64_t registration_id, const struct uuid *client_id)
{
    pg_add_int8(params, registration_id);
    pg_add_uuid(params, client_id);
}

bool sms_heard_read(const PGresult *result, struct sms_heard_row *row)
{
    if (PQntuples(result) != 1) {
        return false;
    }
    *row = (struct sms_heard_row){
        .heard = {.messages = (unsigned)pg_get_int(result, 0, 0),
                  .place = pg_get_bool(result, 0, 1),
                  .people = pg_get_bool(result, 0, 2)},
        .band = (unsigned)pg_get_int(result, 0, 3),
    };
    return true;
}
