/* SPDX-License-Identifier: Apache-2.0
 * Parameters and rows of change_*.sql and presence_tell.sql. */
#include "store/change.h"

#include "pg/pool.h"

void change_list_params(struct pg_params *params, int64_t after, const int64_t missed[], size_t count, int most)
{
    pg_add_int8(params, after);
    pg_column_begin(params, PG_INT8);
    for (size_t i = 0; i < count; i++) {
        pg_add_int8(params, missed[i]);
    }
    pg_column_end(params);
    pg_add_int4(params, most);
}

void change_missed_params(struct pg_params *params, int64_t after, int most)
{
    pg_add_int8(params, after);
    pg_add_int4(params, most);
}

void change_read(const PGresult *result, int row, struct change_row *change)
{
    *change = (struct change_row){
        .id = pg_get_int(result, row, 0),
        .registration_id = pg_get_int(result, row, 1),
        .crisis = pg_get_slice(result, row, 2),
        .post = pg_get_slice(result, row, 3),
        .queue = pg_get_slice(result, row, 4),
        .band = pg_get_int(result, row, 5),
        .state = pg_get_slice(result, row, 6),
        .version = pg_get_int(result, row, 7),
        .respond_by_us = pg_get_time(result, row, 8),
        .holder = pg_get_slice(result, row, 9),
        .only_holder = !pg_is_null(result, row, 10) && pg_get_bool(result, row, 10),
    };
}

void change_ends_read(const PGresult *result, int64_t *newest, int64_t *oldest)
{
    *newest = pg_get_int(result, 0, 0);
    *oldest = pg_get_int(result, 0, 1);
}

void change_audience_read(const PGresult *result, int row, struct change_audience *audience)
{
    *audience = (struct change_audience){
        .number = pg_get_int(result, row, 0),
        .crisis = pg_get_slice(result, row, 1),
        .post = pg_get_slice(result, row, 2),
    };
}

void change_presence_params(struct pg_params *params, int64_t registration_id, struct slice name, struct slice doing)
{
    pg_add_int8(params, registration_id);
    pg_add_text(params, name);
    pg_add_text(params, doing);
}
