/* SPDX-License-Identifier: Apache-2.0
 * application/x-www-form-urlencoded: queries and forms as pairs of names and values. Source: WHATWG URL section 5.1. */
#ifndef NET_FORM_H
#define NET_FORM_H

#include <stdbool.h>
#include <stddef.h>

#include "core/arena.h"
#include "core/slice.h"

enum { FORM_PAIRS_MAX = 256 };

struct form_pair {
    struct slice name;
    struct slice value;
};

struct form {
    struct form_pair *pairs; /* in the order sent */
    size_t count;
};

/* Decodes `body` into `arena`; undecoded parts point into `body`, which must live as long. Whether the text is UTF-8 is the
 * caller's question. False with more than FORM_PAIRS_MAX pairs, a malformed "%", or no memory. */
bool form_parse(struct arena *arena, struct slice body, struct form *form);
/* The value of the first pair with that name; false when there is none. */
bool form_find(const struct form *form, struct slice name, struct slice *value);

/* Takes the next pair off the front of *rest, still encoded; skips empty ones. False at the end. */
bool form_next_raw(struct slice *rest, struct form_pair *pair);

#endif
