/* SPDX-License-Identifier: Apache-2.0
 * The places of crises, as rows and as gazetteers. */
#ifndef STORE_PLACE_H
#define STORE_PLACE_H

#include <libpq-fe.h>
#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#include "core/arena.h"
#include "core/slice.h"
#include "domain/gazetteer_make.h"

/* The texts of a row whose kind, name, within and other names stand from column `from` on; slices are borrowed from the result. False for a kind that
 * nobody names. */
bool place_row_texts(const PGresult *result, int row, int from, struct gazetteer_row *place);

/* A row of place_named.sql. False for a kind that nobody names. */
struct place_named_row {
    enum gazetteer_kind kind;
    double lat, lon;
};
bool place_named_read(const PGresult *result, int row, struct place_named_row *place);

struct place_set {
    struct slice crisis;
    const struct gazetteer *gazetteer;
};
/* The rows of place_known.sql, of which there is one at least: a gazetteer of each crisis that has places. False when memory is out. */
bool place_sets_read(const PGresult *result, struct arena *arena, int64_t *edition, struct place_set **sets,
                     size_t *count);

#endif
