/* SPDX-License-Identifier: Apache-2.0
 * Map tiles of another server, where the operator names one: else the map is drawn over the base map of our own alone. */
#ifndef PAGE_TILES_H
#define PAGE_TILES_H

#include <stdbool.h>

#include "core/buffer.h"
#include "core/slice.h"

/* Whether it is an address of tiles that a page may be given: https://host[:port]/, with {z}, {x} and {y}, and nothing that would end a header. */
bool page_tiles_fit(struct slice url);
/* Adds the desk's Content-Security-Policy with images from that server; the usual one when `url` is empty. */
void page_tiles_csp(struct buffer *out, struct slice url);

#endif
