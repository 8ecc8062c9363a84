/* SPDX-License-Identifier: Apache-2.0
 * A case's version as an entity tag. Source: RFC 9110 sections 8.8.3 and 13.1.1. */
#ifndef DESK_ETAG_H
#define DESK_ETAG_H

#include <stdbool.h>
#include <stdint.h>

#include "core/slice.h"

enum { ETAG_SIZE = 24 };

/* "\"12\""; NUL-terminated. */
struct slice etag_format(int64_t version, char text[ETAG_SIZE]);
/* Reads If-Match: false when it is absent or "*" (any version will do). Else *version, which is -1, and so no case's, for a tag that
 * we never gave, a weak one (the comparison is strong) or a list. */
bool etag_if_match(struct slice header, int32_t *version);

#endif
