/* SPDX-License-Identifier: Apache-2.0
 * The row ids that are bound into sealed fields: who seals and who opens must make the same bytes. */
#ifndef STORE_SEALED_ROW_H
#define STORE_SEALED_ROW_H

#include <stdint.h>

#include "core/id.h"
#include "core/slice.h"

enum { SEALED_ROW_SIZE = UUID_SIZE };

/* A registration: its number, 8 bytes in network order. Each writes into `bytes` and returns the slice of it. */
struct slice sealed_row_registration(int64_t registration_id, uint8_t bytes[SEALED_ROW_SIZE]);
/* A member or contact: the number and the ordinal, 8 and 4 bytes in network order. */
struct slice sealed_row_member(int64_t registration_id, unsigned ordinal, uint8_t bytes[SEALED_ROW_SIZE]);
/* A check-in by its client_id, a note by its note_id: the UUID's 16 bytes. */
struct slice sealed_row_uuid(const struct uuid *uuid, uint8_t bytes[SEALED_ROW_SIZE]);

#endif
