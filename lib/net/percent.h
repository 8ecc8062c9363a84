/* SPDX-License-Identifier: Apache-2.0
 * Percent-decoding, once, for paths, queries, forms and nothing else. Source: RFC 3986 section 2.1. */
#ifndef NET_PERCENT_H
#define NET_PERCENT_H

#include <stdbool.h>

#include "core/arena.h"
#include "core/slice.h"

enum percent_mode {
    PERCENT_PATH, /* "+" is itself */
    PERCENT_FORM, /* "+" is a space: application/x-www-form-urlencoded */
};

/* The decoded text: `text` itself when nothing is encoded, else a copy in `arena`. False when a "%" is not followed by two
 * hexadecimal digits, or memory ran out (then *decoded is empty with data NULL; see percent_is_well_formed). */
bool percent_decode(struct arena *arena, enum percent_mode mode, struct slice text, struct slice *decoded);
/* Every "%" is followed by two hexadecimal digits. */
bool percent_is_well_formed(struct slice text);

#endif
