/* SPDX-License-Identifier: Apache-2.0
 * Names as numbers in order, so that a position costs a few comparisons. */
#include "domain/zone_cells.h"

#include <math.h>
#include <stdlib.h>

#include "domain/zone.h"

enum { SYMBOL_BITS = 5, LENGTH_BITS = 3 };

/* Symbols above, how many of them below: no two names have the same. */
static uint32_t key_of(struct slice cell)
{
    uint32_t key = 0;
    for (size_t i = 0; i < CELL_SIZE; i++) {
        char c = i < cell.length ? cell.data[i] : '0';
        unsigned left_out =
            (c > 'a' ? 1U : 0) + (c > 'i' ? 1U : 0) + (c > 'l' ? 1U : 0) + (c > 'o' ? 1U : 0); /* no a, i, l, o */
        unsigned digit = c <= '9' ? (unsigned)(c - '0') : (unsigned)(c - 'a') + 10 - left_out;
        key = key << SYMBOL_BITS | digit;
    }
    return key << LENGTH_BITS | (uint32_t)cell.length;
}

static int compare(const void *a, const void *b)
{
    uint32_t left = *(const uint32_t *)a;
    uint32_t right = *(const uint32_t *)b;
    return (left > right) - (left < right);
}

bool zone_cells_read(struct arena *arena, struct slice text, struct zone_cells *cells)
{
    struct slice word;
    struct cell_edges edges;
    uint32_t *keys = arena_array(arena, text.length / 2 + 1, sizeof(*keys));
    *cells = (struct zone_cells){.keys = keys};
    while (keys != NULL && slice_split(&text, ' ', &word)) {
        if (word.length < ZONE_CELL_SHORTEST || !cell_edges_of(word, &edges)) {
            continue;
        }
        struct cell_edges *box = &cells->box;
        *box = cells->count == 0 ? edges
                                 : (struct cell_edges){fmin(box->south, edges.south), fmin(box->west, edges.west),
                                                       fmax(box->north, edges.north), fmax(box->east, edges.east)};
        keys[cells->count++] = key_of(word);
    }
    if (keys != NULL) {
        qsort(keys, cells->count, sizeof(*keys), compare);
    }
    return keys != NULL;
}

bool zone_cells_hold(const struct zone_cells *cells, double lat, double lon)
{
    const struct cell_edges *box = &cells->box;
    char cell[CELL_SIZE + 1];
    if (cells->count == 0 || !(lat >= box->south && lat <= box->north && lon >= box->west && lon <= box->east)) {
        return false;
    }
    cell_of(lat, lon, cell);
    for (size_t length = ZONE_CELL_SHORTEST; length <= CELL_SIZE; length++) {
        uint32_t key = key_of(slice_make(cell, length));
        if (bsearch(&key, cells->keys, cells->count, sizeof(key), compare) != NULL) {
            return true;
        }
    }
    return false;
}
