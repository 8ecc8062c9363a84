/* SPDX-License-Identifier: Apache-2.0
 * Parameters and rows of map_cells.sql and map_places.sql. */
#include "store/map.h"

#include "pg/pool.h"

static void add_text_or_null(struct pg_params *params, struct slice text)
{
    if (text.length > 0) {
        pg_add_text(params, text);
    } else {
        pg_add_null(params);
    }
}

void map_cells_params(struct pg_params *params, unsigned symbols, const struct map_box *box, struct slice crisis,
                      int most)
{
    const double sides[] = {box->west, box->south, box->east, box->north};
    pg_add_int4(params, (int32_t)symbols);
    for (size_t i = 0; i < 4; i++) {
        if (box->given) {
            pg_add_float8(params, sides[i]);
        } else {
            pg_add_null(params);
        }
    }
    add_text_or_null(params, crisis);
    pg_add_int4(params, most);
}

void map_cell_row_read(const PGresult *result, int row, struct map_cell_row *cell)
{
    *cell = (struct map_cell_row){
        .cell = pg_get_slice(result, row, 0),
        .band = pg_get_int(result, row, 1),
        .open = pg_get_int(result, row, 2),
        .unclaimed = pg_get_int(result, row, 3),
        .late = pg_get_int(result, row, 4),
        .people = pg_get_int(result, row, 5),
        .queues = pg_get_slice(result, row, 6),
        .counted_us = pg_get_time(result, row, 7),
    };
}

void map_places_params(struct pg_params *params, struct slice crisis)
{
    add_text_or_null(params, crisis);
}

void map_place_row_read(const PGresult *result, int row, struct map_place_row *place)
{
    *place = (struct map_place_row){
        .kind = pg_get_slice(result, row, 0),
        .name = pg_get_slice(result, row, 1),
        .within = pg_get_slice(result, row, 2),
        .lat = pg_get_float8(result, row, 3),
        .lon = pg_get_float8(result, row, 4),
    };
}
