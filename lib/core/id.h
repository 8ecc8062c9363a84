/* SPDX-License-Identifier: Apache-2.0
 * Identifiers that people and machines hand about: UUIDs, hexadecimal, random bytes. */
#ifndef CORE_ID_H
#define CORE_ID_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#include "core/slice.h"

enum { UUID_SIZE = 16, UUID_TEXT_SIZE = 36 };

struct uuid {
    uint8_t bytes[UUID_SIZE];
};

/* RFC 9562 text form, either case, any version; the whole slice. */
bool uuid_parse(struct slice text, struct uuid *uuid);
/* Lower case; NUL-terminated. */
struct slice uuid_format(const struct uuid *uuid, char text[UUID_TEXT_SIZE + 1]);
/* Version 4. */
struct uuid uuid_random(void);
/* Version 8 (RFC 9562 section 5.8) from the first bytes of a digest: the same digest gives the same UUID. */
struct uuid uuid_from_digest(const uint8_t digest[UUID_SIZE]);
bool uuid_equal(const struct uuid *a, const struct uuid *b);

/* From the kernel; aborts the process if the kernel has no entropy source, which no caller could mend. */
void random_fill(void *bytes, size_t length);

/* Lower-case hexadecimal; `text` must hold 2 * length + 1. */
struct slice hex_format(const void *bytes, size_t length, char *text);
/* Exactly 2 * length digits of either case. */
bool hex_parse(struct slice text, void *bytes, size_t length);

#endif
