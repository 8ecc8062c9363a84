/* SPDX-License-Identifier: Apache-2.0
 * Parameters of a note within note_add.sql and case_resolve.sql; rows of note_list.sql. */
#include "store/note.h"

#include "pg/pool.h"

enum { NOTE_PARAMS = 6 };

void note_add_wraps(struct pg_params *params, const struct seal_epoch *epoch)
{
    const char *recipient = NULL;
    unsigned count = seal_epoch_wrap_count(epoch);
    pg_column_begin(params, PG_TEXT);
    for (unsigned i = 0; i < count; i++) {
        (void)seal_epoch_wrap(epoch, i, &recipient);
        pg_add_text(params, slice_of(recipient));
    }
    pg_column_end(params);
    pg_column_begin(params, PG_BYTEA);
    for (unsigned i = 0; i < count; i++) {
        pg_add_bytea(params, seal_epoch_wrap(epoch, i, &recipient));
    }
    pg_column_end(params);
}

void sealed_note_params(struct pg_params *params, const struct sealed_note *note)
{
    for (int i = 0; note == NULL && i < NOTE_PARAMS; i++) {
        pg_add_null(params);
    }
    if (note != NULL) {
        pg_add_uuid(params, &note->id);
        pg_add_uuid(params, seal_epoch_id(note->epoch));
        pg_add_bytea(params, note->text);
        pg_add_time(params, note->epoch_opened_us);
        note_add_wraps(params, note->epoch);
    }
}

void note_row_read(const PGresult *result, int row, struct note_row *note)
{
    (void)pg_get_uuid(result, row, 0, &note->id); /* NOT NULL, as is the epoch */
    note->author = pg_get_slice(result, row, 1);
    note->at_us = pg_get_time(result, row, 2);
    (void)pg_get_uuid(result, row, 3, &note->text.epoch_id);
    note->text.sealed = pg_get_slice(result, row, 4);
    note->text.wrap = pg_get_slice(result, row, 5);
}
