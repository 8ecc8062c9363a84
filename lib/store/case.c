/* SPDX-License-Identifier: Apache-2.0
 * Parameters and rows of queue_list.sql and case_*.sql. */
#include "store/case.h"

#include "pg/pool.h"

void queue_row_read(const PGresult *result, int row, struct queue_row *queue)
{
    *queue = (struct queue_row){
        .queue = pg_get_slice(result, row, 0),
        .open = pg_get_int(result, row, 1),
        .unclaimed = pg_get_int(result, row, 2),
        .late = pg_get_int(result, row, 3),
        .oldest_us = pg_get_time(result, row, 4),
        .counted_us = pg_get_time(result, row, 5),
    };
}

static void add_cells(struct pg_params *params, const struct place_cells *cells)
{
    pg_column_begin(params, PG_TEXT);
    for (size_t i = 0; i < cells->count; i++) {
        pg_add_text(params, slice_make(cells->cells[i], CELL_SIZE));
    }
    pg_column_end(params);
}

void case_count_at_params(struct pg_params *params, const struct place_cells *cells)
{
    add_cells(params, cells);
}

bool queue_row_is_exact(const PGresult *result, int row)
{
    return pg_get_bool(result, row, 6);
}

/* The columns that case_list.sql and case_get.sql share. */
enum { ROW_COLUMNS = 22 };

static void read_row(const PGresult *result, int row, struct case_row *out)
{
    int64_t party_size = pg_get_int(result, row, 15);
    *out = (struct case_row){
        .registration_id = pg_get_int(result, row, 0),
        .queue = pg_get_slice(result, row, 1),
        .band = (unsigned)pg_get_int(result, row, 2),
        .reasons = (uint32_t)pg_get_int(result, row, 3),
        .respond_by_us = pg_get_time(result, row, 4),
        .received_us = pg_get_time(result, row, 5),
        .state = pg_get_slice(result, row, 6),
        .holder = pg_get_slice(result, row, 7),
        .people = pg_is_null(result, row, 8) ? party_size : pg_get_int(result, row, 8),
        .needs = (uint32_t)pg_get_int(result, row, 9),
        .cell = pg_get_slice(result, row, 10),
        .post = pg_get_slice(result, row, 11),
        .last_status = pg_get_slice(result, row, 12),
        .version = pg_get_int(result, row, 13),
        .known = slice_equal(pg_get_slice(result, row, 14), SLICE("registered")),
        .exercise = pg_get_bool(result, row, 16),
        .now_us = pg_get_time(result, row, 17),
        .answered_us = pg_get_time(result, row, 18),
        .waiting_until_us = pg_get_time(result, row, 19),
        .waiting_on = pg_get_slice(result, row, 20),
        .crisis = pg_get_slice(result, row, 21),
    };
}

struct case_key case_key_of(const struct case_row *row)
{
    return (struct case_key){row->band > 1, row->respond_by_us, row->registration_id};
}

void case_list_params(struct pg_params *params, const struct case_filter *filter, const char *recipient_id)
{
    pg_add_text(params, filter->queue);
    pg_add_int4(params, filter->limit);
    if (filter->has_after) {
        pg_add_bool(params, filter->after.after_first_band);
        pg_add_time(params, filter->after.respond_by_us);
        pg_add_int8(params, filter->after.registration_id);
    } else {
        pg_add_null(params);
        pg_add_null(params);
        pg_add_null(params);
    }
    if (filter->band != 0) {
        pg_add_int2(params, (int16_t)filter->band);
    } else {
        pg_add_null(params);
    }
    pg_add_text_or_null(params, filter->post);
    if (filter->needs != 0) {
        pg_add_int4(params, (int32_t)filter->needs);
    } else {
        pg_add_null(params);
    }
    pg_add_text_or_null(params, filter->cell);
    pg_add_text(params, slice_of(recipient_id));
    if (filter->has_zone) {
        pg_add_uuid(params, &filter->zone);
    } else {
        pg_add_null(params);
    }
    if (filter->cells != NULL) {
        add_cells(params, filter->cells);
    } else {
        pg_add_null(params);
    }
}

void case_list_read(const PGresult *result, int row, struct case_row *out, unsigned *ordinal,
                    struct sealed_cell *person)
{
    read_row(result, row, out);
    *ordinal = (unsigned)pg_get_int(result, row, ROW_COLUMNS);
    (void)pg_get_uuid(result, row, ROW_COLUMNS + 1, &person->epoch_id); /* null with the sealed bytes */
    person->sealed = pg_get_slice(result, row, ROW_COLUMNS + 2);
    person->wrap = pg_get_slice(result, row, ROW_COLUMNS + 3);
}

void case_get_params(struct pg_params *params, int64_t registration_id, const char *recipient_id)
{
    pg_add_int8(params, registration_id);
    pg_add_text(params, slice_of(recipient_id));
}

bool case_get_read(const PGresult *result, struct case_detail *detail)
{
    int at = ROW_COLUMNS;
    if (PQntuples(result) != 1) {
        return false;
    }
    *detail = (struct case_detail){
        .read_us = pg_get_time(result, 0, at),
        .language = pg_get_slice(result, 0, at + 1),
        .intent = pg_get_slice(result, 0, at + 2),
        .has_consent = !pg_is_null(result, 0, at + 3) || !pg_is_null(result, 0, at + 4),
        .consent_family = pg_get_bool(result, 0, at + 3),
        .consent_partners = pg_get_bool(result, 0, at + 4),
        .check_in_by_us = pg_get_time(result, 0, at + 5),
        .location.sealed = pg_get_slice(result, 0, at + 7),
        .location.wrap = pg_get_slice(result, 0, at + 9),
        .emergency_contact.sealed = pg_get_slice(result, 0, at + 8),
        .emergency_contact.wrap = pg_get_slice(result, 0, at + 9),
    };
    (void)pg_get_uuid(result, 0, at + 6, &detail->location.epoch_id); /* null when nothing was sealed */
    detail->emergency_contact.epoch_id = detail->location.epoch_id;
    read_row(result, 0, &detail->row);
    return true;
}

static void add_version(struct pg_params *params, const struct case_change *change)
{
    if (change->has_version) {
        pg_add_int4(params, change->version);
    } else {
        pg_add_null(params);
    }
}

void case_read_params(struct pg_params *params, const struct case_change *change, bool counts, struct slice why)
{
    pg_add_int8(params, change->registration_id);
    pg_add_int8(params, change->staff_id);
    pg_add_bool(params, counts);
    pg_add_text(params, change->origin);
    pg_add_text_or_null(params, why);
}

bool case_read_owes_why(const PGresult *result)
{
    return PQntuples(result) == 1 && pg_get_bool(result, 0, 1);
}

static void add_change(struct pg_params *params, const struct case_change *change)
{
    pg_add_int8(params, change->registration_id);
    pg_add_int8(params, change->staff_id);
    add_version(params, change);
    pg_add_text(params, change->origin);
}

void case_claim_params(struct pg_params *params, const struct case_change *change, bool shown)
{
    add_change(params, change);
    pg_add_bool(params, shown);
}

void case_release_params(struct pg_params *params, const struct case_change *change)
{
    pg_add_int8(params, change->registration_id);
    pg_add_int8(params, change->staff_id);
    pg_add_bool(params, change->for_others);
    add_version(params, change);
    pg_add_text(params, change->origin);
}

void case_reopen_params(struct pg_params *params, const struct case_change *change)
{
    add_change(params, change);
}

void case_resolve_params(struct pg_params *params, const struct case_change *change, const struct sealed_note *note)
{
    case_release_params(params, change);
    sealed_note_params(params, note);
}

void case_note_params(struct pg_params *params, const struct case_change *change, const struct sealed_note *note)
{
    add_change(params, change);
    sealed_note_params(params, note);
}

void case_wait_params(struct pg_params *params, const struct case_change *change, int64_t until_us, struct slice on,
                      const struct sealed_note *note)
{
    case_release_params(params, change);
    pg_add_time(params, until_us);
    pg_add_text(params, on);
    sealed_note_params(params, note);
}

void case_pass_params(struct pg_params *params, const struct case_change *change, struct slice post, struct slice name,
                      const struct sealed_note *note)
{
    pg_add_int8(params, change->registration_id);
    add_version(params, change);
    pg_add_text_or_null(params, post);
    pg_add_text_or_null(params, name);
    pg_add_text(params, change->origin);
    sealed_note_params(params, note);
}

static void add_way(struct pg_params *params, const struct case_way *way)
{
    if (way->to_contact) {
        pg_add_int4(params, (int32_t)way->contact);
    } else {
        pg_add_null(params);
    }
    if (way->to_check_in) {
        pg_add_uuid(params, &way->check_in_id);
    } else {
        pg_add_null(params);
    }
}

void case_text_params(struct pg_params *params, const struct case_change *change, const struct sealed_note *text,
                      const struct case_way *way)
{
    case_note_params(params, change, text);
    add_way(params, way);
}

bool case_change_read(const PGresult *result, int64_t *version)
{
    *version = pg_get_int(result, 0, 0);
    return PQntuples(result) == 1;
}

void case_state_params(struct pg_params *params, int64_t registration_id, const struct case_way *way, bool without_case)
{
    pg_add_int8(params, registration_id);
    add_way(params, way);
    pg_add_bool(params, without_case);
}

bool case_state_read(const PGresult *result, struct case_state_row *state)
{
    state->state = pg_get_slice(result, 0, 0);
    state->holder_id = pg_get_int(result, 0, 1);
    state->version = pg_get_int(result, 0, 2);
    state->has_way = pg_get_bool(result, 0, 3);
    state->is_merged = pg_get_bool(result, 0, 4);
    return PQntuples(result) == 1;
}

void case_candidates_params(struct pg_params *params, struct slice queue, int limit)
{
    pg_add_text(params, queue);
    pg_add_int4(params, limit);
}

void case_candidates_read(const PGresult *result, int row, int64_t *registration_id, int32_t *version)
{
    *registration_id = pg_get_int(result, row, 0);
    *version = (int32_t)pg_get_int(result, row, 1);
}
