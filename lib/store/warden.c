/* SPDX-License-Identifier: Apache-2.0
 * Parameters and rows of the warden_*.sql and word_*.sql statements. */
#include "store/warden.h"

#include "pg/pool.h"

void household_row_read(const PGresult *result, int row, struct household_row *household)
{
    *household = (struct household_row){
        .registration_id = pg_get_int(result, row, 0),
        .people = pg_get_int(result, row, 1),
        .needs = (uint32_t)pg_get_int(result, row, 2),
        .last_status = pg_get_slice(result, row, 3),
        .last_heard_us = pg_get_time(result, row, 4),
        .word = pg_get_slice(result, row, 6),
        .word_us = pg_get_time(result, row, 7),
        .location = {.sealed = pg_get_slice(result, row, 9), .wrap = pg_get_slice(result, row, 10)},
        .check_in_by_us = pg_get_time(result, row, 11),
        .is_overdue = pg_get_bool(result, row, 12),
    };
    (void)pg_get_uuid(result, row, 5, &household->word_id);           /* null without a word */
    (void)pg_get_uuid(result, row, 8, &household->location.epoch_id); /* null when nothing was sealed */
}

void household_part_row_read(const PGresult *result, int row, struct household_part_row *part)
{
    *part = (struct household_part_row){
        .case_id = pg_get_int(result, row, 0),
        .registration_id = pg_get_int(result, row, 1),
        .ordinal = (unsigned)pg_get_int(result, row, 2),
        .cell = {.sealed = pg_get_slice(result, row, 4), .wrap = pg_get_slice(result, row, 5)},
    };
    (void)pg_get_uuid(result, row, 3, &part->cell.epoch_id); /* NOT NULL */
}

void warden_row_read(const PGresult *result, int row, struct warden_row *warden)
{
    *warden = (struct warden_row){
        .user = pg_get_slice(result, row, 0),
        .households = pg_get_int(result, row, 1),
        .heard = pg_get_int(result, row, 2),
        .not_found = pg_get_int(result, row, 3),
        .to_visit = pg_get_int(result, row, 4),
        .overdue = pg_get_int(result, row, 5),
        .has_it = pg_get_bool(result, row, 6),
    };
}

void warden_summary_params(struct pg_params *params, int64_t staff_id, int64_t registration_id)
{
    pg_add_int8(params, staff_id);
    if (registration_id != 0) {
        pg_add_int8(params, registration_id);
    } else {
        pg_add_null(params);
    }
}

bool listed_row_read(const PGresult *result, int row, struct listed_row *listed)
{
    *listed = (struct listed_row){
        .registration_id = pg_get_int(result, row, 0),
        .word = pg_get_slice(result, row, 1),
        .word_us = pg_get_time(result, row, 2),
        .stands = pg_get_slice(result, row, 3),
        .last_heard_us = pg_get_time(result, row, 4),
        .check_in_by_us = pg_get_time(result, row, 5),
        .is_overdue = pg_get_bool(result, row, 6),
    };
    return !pg_is_null(result, row, 0);
}

void word_row_read(const PGresult *result, int row, struct word_row *word)
{
    *word = (struct word_row){
        .word = pg_get_slice(result, row, 0),
        .by = pg_get_slice(result, row, 1),
        .at_us = pg_get_time(result, row, 2),
        .received_us = pg_get_time(result, row, 3),
        .undone_us = pg_get_time(result, row, 4),
    };
}

void warden_word_undo_params(struct pg_params *params, int64_t registration_id, const struct uuid *word_id,
                             struct slice origin)
{
    pg_add_int8(params, registration_id);
    pg_add_uuid(params, word_id);
    pg_add_text(params, origin);
}

static void add_ids(struct pg_params *params, const int64_t ids[], size_t count)
{
    pg_column_begin(params, PG_INT8);
    for (size_t i = 0; i < count; i++) {
        pg_add_int8(params, ids[i]);
    }
    pg_column_end(params);
}

void warden_list_add_params(struct pg_params *params, struct slice warden, const int64_t ids[], size_t count,
                            struct slice origin)
{
    pg_add_text(params, warden);
    add_ids(params, ids, count);
    pg_add_int4(params, WARDEN_LIST_MAX);
    pg_add_text(params, origin);
}

void warden_list_take_params(struct pg_params *params, struct slice warden, int64_t registration_id,
                             struct slice origin)
{
    pg_add_text(params, warden);
    pg_add_int8(params, registration_id);
    pg_add_text(params, origin);
}

void warden_list_set_params(struct pg_params *params, struct slice warden, const int64_t ids[], size_t count,
                            struct slice origin)
{
    pg_add_text(params, warden);
    add_ids(params, ids, count);
    pg_add_text(params, origin);
}
