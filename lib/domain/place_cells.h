/* SPDX-License-Identifier: Apache-2.0
 * The coarse cells that a place of the gazetteer stands for: all that the register keeps in the clear of where somebody is. Pure. */
#ifndef DOMAIN_PLACE_CELLS_H
#define DOMAIN_PLACE_CELLS_H

#include <stddef.h>

#include "domain/gazetteer.h"
#include "domain/place.h"

enum { PLACE_CELLS_MAX = 256 }; /* a town is some twenty, and a few places may have one name */

struct place_cells {
    size_t count;
    char cells[PLACE_CELLS_MAX][CELL_SIZE + 1];
};

/* Adds each cell, once, that a place of that kind touches: as far around as where somebody is known who named it (gazetteer_accuracy). Its own cell is among
 * them; what has no room is left out. */
void place_cells_add(struct place_cells *cells, enum gazetteer_kind kind, double lat, double lon);

#endif
