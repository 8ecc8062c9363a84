/* SPDX-License-Identifier: Apache-2.0
 * Integers as bytes; lengths 8, 12 and 16 keep the three forms apart. */
#include "store/sealed_row.h"

#include <string.h>

enum { ID_SIZE = 8, ORDINAL_SIZE = 4 };

static void put(uint8_t *bytes, uint64_t value, unsigned size)
{
    for (unsigned i = size; i > 0; i--) {
        bytes[i - 1] = (uint8_t)(value & 0xff);
        value >>= 8;
    }
}

struct slice sealed_row_registration(int64_t registration_id, uint8_t bytes[SEALED_ROW_SIZE])
{
    put(bytes, (uint64_t)registration_id, ID_SIZE);
    return slice_make(bytes, ID_SIZE);
}

struct slice sealed_row_member(int64_t registration_id, unsigned ordinal, uint8_t bytes[SEALED_ROW_SIZE])
{
    put(bytes, (uint64_t)registration_id, ID_SIZE);
    put(bytes + ID_SIZE, ordinal, ORDINAL_SIZE);
    return slice_make(bytes, ID_SIZE + ORDINAL_SIZE);
}

struct slice sealed_row_uuid(const struct uuid *uuid, uint8_t bytes[SEALED_ROW_SIZE])
{
    memcpy(bytes, uuid->bytes, UUID_SIZE);
    return slice_make(bytes, UUID_SIZE);
}
