/* SPDX-License-Identifier: Apache-2.0
 * What the map shows: open cases by cell, and places. */
#ifndef STORE_MAP_H
#define STORE_MAP_H

#include <libpq-fe.h>
#include <stdbool.h>
#include <stdint.h>

#include "core/slice.h"
#include "pg/params.h"

struct map_box {
    bool given;
    double west, south, east, north;
};
/* `symbols` of a cell's name; `crisis` empty: all. */
void map_cells_params(struct pg_params *params, unsigned symbols, const struct map_box *box, struct slice crisis,
                      int most);
/* Slices are borrowed from the result. */
struct map_cell_row {
    struct slice cell; /* empty in the first row: where those are is not known */
    int64_t band;      /* the worst; 0: none */
    int64_t open, unclaimed, late, people;
    struct slice queues; /* a JSON object: open by queue */
    int64_t counted_us;  /* of the first row; 0: never yet */
};
void map_cell_row_read(const PGresult *result, int row, struct map_cell_row *cell);

void map_places_params(struct pg_params *params, struct slice crisis);
struct map_place_row {
    struct slice kind; /* "town", "crossing", "landmark", "quarter", "assembly_point", "post" */
    struct slice name;
    struct slice within; /* the town that it is in; empty: none is told */
    double lat, lon;
};
void map_place_row_read(const PGresult *result, int row, struct map_place_row *place);

#endif
