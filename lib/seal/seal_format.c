/* SPDX-License-Identifier: Apache-2.0
 * The associated data that binds a sealed field to its epoch and its place. */
#include "seal/seal_format.h"

#include <string.h>

static bool add(struct seal_associated *associated, const void *data, size_t length, size_t maximum)
{
    if (length > maximum) {
        return false;
    }
    if (length > 0) {
        memcpy(associated->bytes + associated->length, data, length);
        associated->length += length;
    }
    return true;
}

/* With its NUL. */
static bool add_name(struct seal_associated *associated, const char *name)
{
    return add(associated, name, strnlen(name, SEAL_NAME_MAX + 1) + 1, SEAL_NAME_MAX + 1);
}

bool seal_format_associate(const struct uuid *epoch_id, const struct seal_place *place,
                           struct seal_associated *associated)
{
    associated->length = 0;
    return add(associated, epoch_id->bytes, UUID_SIZE, UUID_SIZE) && add_name(associated, place->table) &&
           add_name(associated, place->column) &&
           add(associated, place->row_id.data, place->row_id.length, SEAL_ROW_ID_MAX);
}
