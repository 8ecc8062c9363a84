/* SPDX-License-Identifier: Apache-2.0
 * The `after` of a queue's pages: the last row's place in the order, as text that callers hand back and do not read. */
#ifndef DESK_PAGE_KEY_H
#define DESK_PAGE_KEY_H

#include <stdbool.h>

#include "core/slice.h"
#include "store/case.h"

enum { PAGE_KEY_BYTES = 18, PAGE_KEY_SIZE = 24 }; /* base64url */

/* NUL-terminated. */
struct slice page_key_format(const struct case_key *key, char text[PAGE_KEY_SIZE + 1]);
bool page_key_parse(struct slice text, struct case_key *key);

#endif
