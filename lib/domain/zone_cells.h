/* SPDX-License-Identifier: Apache-2.0
 * The cells of a crisis's danger zones, as they are asked of for each position that comes in. */
#ifndef DOMAIN_ZONE_CELLS_H
#define DOMAIN_ZONE_CELLS_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#include "core/arena.h"
#include "core/slice.h"
#include "domain/place.h"

struct zone_cells {
    size_t count;         /* 0: no zone, and nothing is asked */
    const uint32_t *keys; /* in order */
    struct cell_edges box;
};

/* Reads names of cells separated by spaces; what is none is left out. False when memory is out. */
bool zone_cells_read(struct arena *arena, struct slice text, struct zone_cells *cells);
/* Whether one of them holds the position; the box is asked first. */
bool zone_cells_hold(const struct zone_cells *cells, double lat, double lon);

#endif
