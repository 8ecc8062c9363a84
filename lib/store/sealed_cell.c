/* SPDX-License-Identifier: Apache-2.0
 * Unwraps the epoch first when it is not known. */
#include "store/sealed_cell.h"

bool sealed_cell_open(struct seal_opener *opener, const struct sealed_cell *cell, const struct seal_place *place,
                      struct arena *arena, struct slice *plain)
{
    struct error error = {.code = ERROR_NONE};
    return cell->sealed.length > 0 &&
           (seal_opener_knows(opener, &cell->epoch_id) ||
            seal_opener_add(opener, &cell->epoch_id, cell->wrap, &error)) &&
           seal_open(opener, arena, &cell->epoch_id, place, cell->sealed, plain, &error);
}
