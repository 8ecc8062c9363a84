/* SPDX-License-Identifier: Apache-2.0
 * Numbers in network order. */
#include "store/sealed_row.h"

#include <string.h>

struct slice sealed_row_registration(int64_t registration_id, uint8_t bytes[SEALED_ROW_SIZE])
{
    for (unsigned i = 0; i < 8; i++) {
        bytes[i] = (uint8_t)((uint64_t)registration_id >> (56 - 8 * i));
    }
    return slice_make(bytes, 8);
}

struct slice sealed_row_member(int64_t registration_id, unsigned ordinal, uint8_t bytes[SEALED_ROW_SIZE])
{
    (void)sealed_row_registration(registration_id, bytes);
    for (unsigned i = 0; i < 4; i++) {
        bytes[8 + i] = (uint8_t)(ordinal >> (24 - 8 * i));
    }
    return slice_make(bytes, 12);
}

struct slice sealed_row_uuid(const struct uuid *uuid, uint8_t bytes[SEALED_ROW_SIZE])
{
    memcpy(bytes, uuid->bytes, UUID_SIZE);
    return slice_make(bytes, UUID_SIZE);
}
