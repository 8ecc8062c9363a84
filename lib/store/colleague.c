/* SPDX-License-Identifier: Apache-2.0
 * Parameters and rows of colleague_list.sql. */
#include "store/colleague.h"

#include "pg/pool.h"

void colleague_list_params(struct pg_params *params, int64_t staff_id)
{
    pg_add_int8(params, staff_id);
}

void colleague_row_read(const PGresult *result, int row, struct colleague_row *out)
{
    *out = (struct colleague_row){
        .is_post = slice_equal(pg_get_slice(result, row, 0), SLICE("post")),
        .crisis = pg_get_slice(result, row, 1),
        .post = pg_get_slice(result, row, 2),
        .name = pg_get_slice(result, row, 3),
        .part = pg_get_slice(result, row, 4),
    };
}
