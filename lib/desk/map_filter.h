/* SPDX-License-Identifier: Apache-2.0
 * Which part of the map is asked for, and how finely it is cut. */
#ifndef DESK_MAP_FILTER_H
#define DESK_MAP_FILTER_H

#include <stdbool.h>

#include "core/arena.h"
#include "core/slice.h"
#include "domain/field_error.h"

struct map_filter {
    bool has_box;
    double west, south, east, north; /* degrees */
    unsigned symbols;                /* of a cell's name: 2 from afar to CELL_SIZE near by */
    struct slice crisis;             /* empty: all */
};

/* Reads a query, naming every parameter at fault. Empty parameters are as absent. */
bool map_filter_parse(struct arena *arena, struct slice query, struct map_filter *filter, struct field_errors *errors);

#endif
