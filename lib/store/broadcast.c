/* SPDX-License-Identifier: Apache-2.0
 * Parameters and rows of broadcast_*.sql. */
#include "store/broadcast.h"

#include "pg/pool.h"
#include "store/note.h"

static void add_list(struct pg_params *params, const struct broadcast_list *list)
{
    if (list->count == 0) {
        pg_add_null(params);
        return;
    }
    pg_column_begin(params, PG_TEXT);
    for (size_t i = 0; i < list->count; i++) {
        pg_add_text(params, list->items[i]);
    }
    pg_column_end(params);
}

static void add_cells(struct pg_params *params, const struct broadcast_record *record)
{
    const struct broadcast_zone *zone = &record->draft->audience.zone;
    if (record->cells == NULL) {
        add_list(params, &record->draft->audience.cells);
        pg_add_null(params);
        pg_add_null(params);
        pg_add_null(params);
        return;
    }
    pg_column_begin(params, PG_TEXT);
    for (size_t i = 0; i < record->cell_count; i++) {
        pg_add_text(params, slice_make(record->cells[i], CELL_SIZE));
    }
    pg_column_end(params);
    pg_add_float8(params, zone->lat);
    pg_add_float8(params, zone->lon);
    pg_add_float8(params, zone->km);
}

static void add_words(struct pg_params *params, const struct vocabulary *vocabulary, uint32_t bits, struct slice more)
{
    if (bits == 0 && more.length == 0) {
        pg_add_null(params);
        return;
    }
    pg_column_begin(params, PG_TEXT);
    for (unsigned i = 0; i < vocabulary->count; i++) {
        if ((bits >> i & 1U) != 0) {
            pg_add_text(params, vocabulary_name(vocabulary, i));
        }
    }
    if (more.length > 0) {
        pg_add_text(params, more);
    }
    pg_column_end(params);
}

static void add_bands(struct pg_params *params, uint32_t bands)
{
    if (bands == 0) {
        pg_add_null(params);
        return;
    }
    pg_column_begin(params, PG_INT2);
    for (int16_t band = 1; band < 6; band++) {
        if ((bands >> band & 1U) != 0) {
            pg_add_int2(params, band);
        }
    }
    pg_column_end(params);
}

static void add_audience(struct pg_params *params, const struct broadcast_record *record)
{
    const struct broadcast_audience *audience = &record->draft->audience;
    add_list(params, &audience->posts);
    add_cells(params, record);
    add_list(params, &audience->languages);
    add_bands(params, audience->bands);
    if (audience->needs == 0) {
        pg_add_null(params);
    } else {
        pg_add_int4(params, (int32_t)audience->needs);
    }
    add_words(params, &vocabulary_intent, audience->intents, SLICE(""));
    add_words(params, &vocabulary_check_in_status, audience->statuses, audience->unheard ? SLICE("none") : SLICE(""));
    pg_add_bool(params, audience->overdue);
}

static void add_texts(struct pg_params *params, const struct broadcast_record *record)
{
    pg_column_begin(params, PG_UUID);
    for (size_t i = 0; i < record->text_count; i++) {
        pg_add_uuid(params, &record->texts[i].id);
    }
    pg_column_end(params);
    pg_column_begin(params, PG_TEXT);
    for (size_t i = 0; i < record->text_count; i++) {
        pg_add_text(params, record->texts[i].language);
    }
    pg_column_end(params);
    pg_column_begin(params, PG_BYTEA);
    for (size_t i = 0; i < record->text_count; i++) {
        pg_add_bytea(params, record->texts[i].sealed);
    }
    pg_column_end(params);
    pg_column_begin(params, PG_INT2);
    for (size_t i = 0; i < record->text_count; i++) {
        pg_add_int2(params, (int16_t)record->texts[i].segments);
    }
    pg_column_end(params);
}

void broadcast_add_params(struct pg_params *params, const struct broadcast_record *record)
{
    pg_add_uuid(params, &record->id);
    pg_add_text(params, record->draft->crisis);
    add_audience(params, record);
    pg_add_int2(params, (int16_t)record->draft->texts_a_second);
    pg_add_int2(params, (int16_t)record->draft->hours);
    pg_add_uuid(params, seal_epoch_id(record->epoch));
    pg_add_time(params, record->epoch_opened_us);
    note_add_wraps(params, record->epoch);
    add_texts(params, record);
    pg_add_int8(params, record->staff_id);
    pg_add_text(params, record->origin);
}

void broadcast_row_read(const PGresult *result, int row, struct broadcast_row *broadcast)
{
    *broadcast = (struct broadcast_row){
        .crisis = pg_get_slice(result, row, 1),
        .state = pg_get_slice(result, row, 2),
        .reason = pg_get_slice(result, row, 3),
        .author = pg_get_slice(result, row, 4),
        .created_us = pg_get_time(result, row, 5),
        .recipients = pg_get_int(result, row, 6),
        .filled = pg_get_int(result, row, 7),
        .approval_above = pg_get_int(result, row, 8),
        .approver = pg_get_slice(result, row, 9),
        .started_us = pg_get_time(result, row, 10),
        .ended_us = pg_get_time(result, row, 11),
        .ender = pg_get_slice(result, row, 12),
    };
    (void)pg_get_uuid(result, row, 0, &broadcast->id); /* NOT NULL */
}

void broadcast_get_params(struct pg_params *params, const struct uuid *id)
{
    pg_add_uuid(params, id);
}

bool broadcast_detail_read(const PGresult *result, struct broadcast_detail *detail)
{
    if (PQntuples(result) != 1) {
        return false;
    }
    *detail = (struct broadcast_detail){
        .expires_us = pg_get_time(result, 0, 13),
        .posts = pg_get_slice(result, 0, 14),
        .cells = pg_get_slice(result, 0, 15),
        .has_zone = !pg_is_null(result, 0, 16),
        .zone = {true, pg_get_float8(result, 0, 16), pg_get_float8(result, 0, 17), pg_get_float8(result, 0, 18)},
        .languages = pg_get_slice(result, 0, 19),
        .bands = pg_get_slice(result, 0, 20),
        .needs = (uint32_t)pg_get_int(result, 0, 21),
        .intents = pg_get_slice(result, 0, 22),
        .statuses = pg_get_slice(result, 0, 23),
        .overdue = pg_get_bool(result, 0, 24),
        .texts_a_second = pg_get_int(result, 0, 25),
        .hours = pg_get_int(result, 0, 26),
        .opted_out = pg_get_int(result, 0, 27),
        .no_number = pg_get_int(result, 0, 28),
        .counted_us = pg_get_time(result, 0, 29),
        .proposed_us = pg_get_time(result, 0, 30),
        .author_id = pg_get_int(result, 0, 31),
        .has_price = !pg_is_null(result, 0, 32),
        .segment_price = pg_get_int(result, 0, 32),
        .currency = pg_get_slice(result, 0, 33),
        .gateway = pg_get_slice(result, 0, 34),
        .now_us = pg_get_time(result, 0, 35),
        .counting = pg_get_bool(result, 0, 36),
    };
    broadcast_row_read(result, 0, &detail->row);
    return true;
}

void broadcast_texts_params(struct pg_params *params, const struct uuid *id, const char *recipient_id)
{
    pg_add_uuid(params, id);
    pg_add_text(params, slice_of(recipient_id));
}

void broadcast_text_row_read(const PGresult *result, int row, struct broadcast_text_row *text)
{
    *text = (struct broadcast_text_row){
        .language = pg_get_slice(result, row, 1),
        .segments = pg_get_int(result, row, 2),
        .recipients = pg_get_int(result, row, 3),
        .text = {.sealed = pg_get_slice(result, row, 5), .wrap = pg_get_slice(result, row, 6)},
    };
    (void)pg_get_uuid(result, row, 0, &text->id); /* NOT NULL, as is the epoch */
    (void)pg_get_uuid(result, row, 4, &text->text.epoch_id);
}

void broadcast_step_params(struct pg_params *params, const struct broadcast_change *change)
{
    pg_add_uuid(params, &change->id);
    pg_add_int8(params, change->staff_id);
    pg_add_text(params, broadcast_state_name(change->from));
    pg_add_text(params, broadcast_state_name(change->to));
    pg_add_text(params, change->origin);
    pg_add_text(params, change->what);
}
