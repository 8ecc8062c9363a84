/* SPDX-License-Identifier: Apache-2.0
 * A sealed column as the desk reads it: the bytes, their epoch, and the epoch's wrap for the desk. */
#ifndef STORE_SEALED_CELL_H
#define STORE_SEALED_CELL_H

#include "core/id.h"
#include "core/slice.h"

struct sealed_cell {     /* slices are borrowed from the result */
    struct slice sealed; /* empty: nothing was given */
    struct uuid epoch_id;
    struct slice wrap; /* empty: the epoch was not wrapped for this desk, or its wraps were destroyed */
};

#endif
