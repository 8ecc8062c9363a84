/* SPDX-License-Identifier: Apache-2.0
 * Rows of case_steps.sql. */
#include "store/case_step.h"

#include "pg/pool.h"

void case_step_row_read(const PGresult *result, int row, struct case_step_row *out)
{
    *out = (struct case_step_row){
        .at_us = pg_get_time(result, row, 0),
        .who = pg_get_slice(result, row, 1),
        .action = pg_get_slice(result, row, 2),
        .post = pg_get_slice(result, row, 3),
        .taker = pg_get_slice(result, row, 4),
        .until_us = pg_get_time(result, row, 5),
        .on = pg_get_slice(result, row, 6),
    };
}
