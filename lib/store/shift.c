/* SPDX-License-Identifier: Apache-2.0
 * Parameters and rows of hand_over_add.sql, hand_over_list.sql and hand_over_read.sql. */
#include "store/shift.h"

#include "pg/pool.h"

#define NOTES(type, add)                                                                                               \
    do {                                                                                                               \
        pg_column_begin(params, type);                                                                                 \
        for (size_t i = 0; i < end->note_count; i++) {                                                                 \
            const struct shift_note *note = &end->notes[i];                                                            \
            add;                                                                                                       \
        }                                                                                                              \
        pg_column_end(params);                                                                                         \
    } while (0)

void shift_end_params(struct pg_params *params, const struct shift_end *end)
{
    pg_add_uuid(params, &end->note->id);
    pg_add_text_or_null(params, end->to);
    pg_add_text(params, end->origin);
    pg_add_uuid(params, seal_epoch_id(end->note->epoch));
    pg_add_time(params, end->note->epoch_opened_us);
    note_add_wraps(params, end->note->epoch);
    pg_add_bytea(params, end->note->text);
    NOTES(PG_INT8, pg_add_int8(params, note->registration_id));
    NOTES(PG_UUID, pg_add_uuid(params, &note->id));
    NOTES(PG_BYTEA, pg_add_bytea(params, note->text));
}

void shift_ended_read(const PGresult *result, struct shift_ended *ended)
{
    *ended = (struct shift_ended){
        .outcome = (enum shift_outcome)pg_get_int(result, 0, 0),
        .given = pg_get_int(result, 0, 1),
        .returned = pg_get_int(result, 0, 2),
    };
}

void shift_list_params(struct pg_params *params, int64_t staff_id, const char *recipient_id, struct slice origin)
{
    pg_add_int8(params, staff_id);
    pg_add_text(params, slice_of(recipient_id));
    pg_add_text(params, origin);
}

void shift_row_read(const PGresult *result, int row, struct shift_row *out)
{
    *out = (struct shift_row){
        .author = pg_get_slice(result, row, 1),
        .to = pg_get_slice(result, row, 2),
        .at_us = pg_get_time(result, row, 3),
        .given = pg_get_int(result, row, 4),
        .returned = pg_get_int(result, row, 5),
        .text = {.sealed = pg_get_slice(result, row, 7), .wrap = pg_get_slice(result, row, 8)},
        .mine = pg_get_bool(result, row, 9),
        .read = pg_get_bool(result, row, 10),
        .read_by = pg_get_slice(result, row, 11),
    };
    (void)pg_get_uuid(result, row, 0, &out->id); /* NOT NULL, as is the epoch */
    (void)pg_get_uuid(result, row, 6, &out->text.epoch_id);
}

void shift_read_params(struct pg_params *params, const struct uuid *id, int64_t staff_id, struct slice origin)
{
    pg_add_uuid(params, id);
    pg_add_int8(params, staff_id);
    pg_add_text(params, origin);
}
