/* SPDX-License-Identifier: Apache-2.0
 * cell_within() tells of a few cells too many: each is asked how far its nearest point is. */
#include "domain/place_cells.h"

#include <math.h>
#include <string.h>

enum { AROUND_MAX = 128 };

static bool touches(const char *cell, double lat, double lon, double metres)
{
    struct cell_edges edges;
    return cell_edges_of(slice_make(cell, CELL_SIZE), &edges) &&
           distance_m(lat, lon, fmin(fmax(lat, edges.south), edges.north), fmin(fmax(lon, edges.west), edges.east)) <=
               metres;
}

static void add(struct place_cells *cells, const char *cell)
{
    for (size_t i = 0; i < cells->count; i++) {
        if (memcmp(cells->cells[i], cell, CELL_SIZE) == 0) {
            return;
        }
    }
    if (cells->count < PLACE_CELLS_MAX) {
        memcpy(cells->cells[cells->count++], cell, CELL_SIZE + 1);
    }
}

void place_cells_add(struct place_cells *cells, enum gazetteer_kind kind, double lat, double lon)
{
    char around[AROUND_MAX][CELL_SIZE + 1];
    char own[CELL_SIZE + 1];
    double metres = gazetteer_accuracy(kind);
    size_t count = cell_within(lat, lon, metres / 1000, around, AROUND_MAX);
    cell_of(lat, lon, own);
    add(cells, own);
    for (size_t i = 0; i < count; i++) {
        if (touches(around[i], lat, lon, metres)) {
            add(cells, around[i]);
        }
    }
}
