/* SPDX-License-Identifier: Apache-2.0
 * The row ids that sealed fields are bound to: one rule for the side that seals and the side that opens. */
#ifndef STORE_SEALED_ROW_H
#define STORE_SEALED_ROW_H

#include <stdint.h>

#include "core/id.h"
#include "core/slice.h"

enum { SEALED_ROW_SIZE = UUID_SIZE }; /* the longest form */

/* Each writes into `bytes` and returns what it wrote. */

/* A column of register.registration: the id, 8 bytes in network order. */
struct slice sealed_row_registration(int64_t registration_id, uint8_t bytes[SEALED_ROW_SIZE]);
/* A column of register.party_member or register.contact: the id as above and the ordinal, 4 bytes in network order. */
struct slice sealed_row_member(int64_t registration_id, unsigned ordinal, uint8_t bytes[SEALED_ROW_SIZE]);
/* A column of register.check_in (its client_id) or register.case_note (its note_id). */
struct slice sealed_row_uuid(const struct uuid *uuid, uint8_t bytes[SEALED_ROW_SIZE]);

#endif
