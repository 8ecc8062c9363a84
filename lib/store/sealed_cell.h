/* SPDX-License-Identifier: Apache-2.0
 * A sealed column as the desk reads it: the bytes, their epoch, and the epoch's wrap for the desk. */
#ifndef STORE_SEALED_CELL_H
#define STORE_SEALED_CELL_H

#include <stdbool.h>

#include "core/arena.h"
#include "core/id.h"
#include "core/slice.h"
#include "seal/seal.h"

struct sealed_cell {     /* slices are borrowed from the result */
    struct slice sealed; /* empty: nothing was given */
    struct uuid epoch_id;
    struct slice wrap; /* empty: the epoch was not wrapped for this desk, or its wraps were destroyed */
};

/* Into the arena; false when nothing was given, or it does not open. */
bool sealed_cell_open(struct seal_opener *opener, const struct sealed_cell *cell, const struct seal_place *place,
                      struct arena *arena, struct slice *plain);

#endif
