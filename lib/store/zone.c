/* SPDX-License-Identifier: Apache-2.0
 * Parameters and rows of zone_*.sql and danger_list.sql. */
#include "store/zone.h"

#include "pg/pool.h"

static void add_time_or_null(struct pg_params *params, int64_t time_us)
{
    if (time_us != 0) {
        pg_add_time(params, time_us);
    } else {
        pg_add_null(params);
    }
}

static void add_cells(struct pg_params *params, const struct zone_cover *cover)
{
    pg_column_begin(params, PG_TEXT);
    for (size_t i = 0; i < cover->count; i++) {
        pg_add_text(params, slice_of(cover->cells[i]));
    }
    pg_column_end(params);
}

void zone_list_params(struct pg_params *params, struct slice crisis, const struct uuid *id)
{
    pg_add_text_or_null(params, crisis);
    if (id != NULL) {
        pg_add_uuid(params, id);
    } else {
        pg_add_null(params);
    }
}

void zone_row_read(const PGresult *result, int row, struct zone_row *zone)
{
    *zone = (struct zone_row){
        .crisis = pg_get_slice(result, row, 1),
        .kind = pg_get_slice(result, row, 2),
        .name = pg_get_slice(result, row, 3),
        .geometry = pg_get_slice(result, row, 4),
        .has_radius = !pg_is_null(result, row, 5),
        .from_us = pg_get_time(result, row, 6),
        .until_us = pg_get_time(result, row, 7),
        .in_force = pg_get_bool(result, row, 8),
        .version = (int32_t)pg_get_int(result, row, 9),
        .changed_us = pg_get_time(result, row, 10),
        .removed = pg_get_bool(result, row, 11),
        .cells = pg_get_slice(result, row, 12),
        .may_change = pg_get_bool(result, row, 13),
        .inside = {.band = pg_get_int(result, row, 14),
                   .open = pg_get_int(result, row, 15),
                   .unclaimed = pg_get_int(result, row, 16),
                   .late = pg_get_int(result, row, 17),
                   .people = pg_get_int(result, row, 18),
                   .queues = pg_get_slice(result, row, 19),
                   .parties = pg_get_int(result, row, 20),
                   .registered = pg_get_int(result, row, 21)},
        .judging = pg_get_bool(result, row, 22),
        .tell_citizens = pg_get_bool(result, row, 23),
        .told = pg_get_bool(result, row, 24),
    };
    (void)pg_get_uuid(result, row, 0, &zone->id); /* NOT NULL */
    zone->radius_m = zone->has_radius ? pg_get_float8(result, row, 5) : 0;
}

void zone_put_params(struct pg_params *params, const struct zone_change *change)
{
    const struct zone *zone = change->zone;
    pg_add_uuid(params, &change->id);
    pg_add_text(params, zone->crisis);
    pg_add_int4(params, change->version);
    pg_add_text(params, vocabulary_name(&vocabulary_zone_kind, zone->kind));
    pg_add_text(params, zone->name);
    pg_add_text(params, change->geometry);
    if (zone->area.count == 1) {
        pg_add_float8(params, zone->area.radius_m);
    } else {
        pg_add_null(params);
    }
    add_cells(params, change->cover);
    add_time_or_null(params, zone->from_us);
    add_time_or_null(params, zone->until_us);
    pg_add_int8(params, change->staff_id);
    pg_add_text(params, change->origin);
    struct zone_point middle = zone_area_middle(&zone->area);
    char cell[CELL_SIZE + 1];
    cell_of(middle.lat, middle.lon, cell);
    pg_add_bool(params, zone->tell_citizens);
    pg_add_float8(params, middle.lat);
    pg_add_float8(params, middle.lon);
    pg_add_text(params, slice_of(cell));
}

void zone_remove_params(struct pg_params *params, const struct zone_change *change)
{
    pg_add_uuid(params, &change->id);
    pg_add_int4(params, change->version);
    pg_add_int8(params, change->staff_id);
    pg_add_text(params, change->origin);
}

void zone_within_params(struct pg_params *params, struct slice crisis, const struct zone_cover *cover)
{
    pg_add_text(params, crisis);
    add_cells(params, cover);
}

void zone_within_row_read(const PGresult *result, int row, struct zone_within_row *out)
{
    *out = (struct zone_within_row){
        .queue = pg_get_slice(result, row, 0),
        .band = pg_get_int(result, row, 1),
        .number = pg_get_int(result, row, 2),
        .unclaimed = pg_get_int(result, row, 3),
        .late = pg_get_int(result, row, 4),
        .people = pg_get_int(result, row, 5),
    };
}

bool danger_row_read_all(const PGresult *result, struct arena *arena, struct slice *seen, struct danger_row **rows,
                         size_t *count)
{
    bool read = true;
    *count = (size_t)PQntuples(result) - 1; /* the first says only which they are */
    *seen = arena_dup(arena, pg_get_slice(result, 0, 0));
    *rows = arena_array(arena, *count + 1, sizeof(**rows));
    for (size_t i = 0; *rows != NULL && read && i < *count; i++) {
        struct danger_row *danger = &(*rows)[i];
        danger->crisis = arena_dup(arena, pg_get_slice(result, (int)i + 1, 1));
        read = zone_cells_read(arena, pg_get_slice(result, (int)i + 1, 2), &danger->cells);
    }
    return *rows != NULL && seen->data != NULL && read && !arena->failed;
}
