/* SPDX-License-Identifier: Apache-2.0
 * Parameters and rows of case_merge.sql, case_unmerge.sql and merge_list.sql. */
#include "store/merge.h"

#include "pg/pool.h"

void merge_undo_params(struct pg_params *params, const struct case_change *change, int64_t other_id)
{
    pg_add_int8(params, change->registration_id);
    pg_add_int8(params, other_id);
    if (change->has_version) {
        pg_add_int4(params, change->version);
    } else {
        pg_add_null(params);
    }
    pg_add_text(params, change->origin);
}

void merge_params(struct pg_params *params, const struct case_change *change, int64_t other_id,
                  const struct sealed_note *note)
{
    merge_undo_params(params, change, other_id);
    sealed_note_params(params, note);
}

void merge_done_read(const PGresult *result, struct merge_done *done)
{
    *done = (struct merge_done){
        .kept_id = pg_get_int(result, 0, 0), /* 0 when nothing was done: null reads as that */
        .version = pg_get_int(result, 0, 1),
        .why = pg_get_slice(result, 0, 2),
    };
}

void merge_row_read(const PGresult *result, int row, struct merge_row *merge)
{
    *merge = (struct merge_row){
        .registration_id = pg_get_int(result, row, 0),
        .into_id = pg_get_int(result, row, 1),
        .by = pg_get_slice(result, row, 2),
        .at_us = pg_get_time(result, row, 3),
        .undone_by = pg_get_slice(result, row, 4),
        .undone_us = pg_get_time(result, row, 5),
        .location = {.sealed = pg_get_slice(result, row, 7), .wrap = pg_get_slice(result, row, 8)},
    };
    (void)pg_get_uuid(result, row, 6, &merge->location.epoch_id); /* null when nothing was sealed */
}
