/* SPDX-License-Identifier: Apache-2.0
 * A QR code as an SVG that stands in a page: no script, no image to fetch. */
#ifndef PAGE_QR_H
#define PAGE_QR_H

#include <stdbool.h>

#include "core/buffer.h"
#include "core/slice.h"

enum { PAGE_QR_TEXT_MAX = 512 };

/* Adds the element; false when memory is out or the text is longer than PAGE_QR_TEXT_MAX. */
bool page_qr(struct buffer *out, struct slice text);

#endif
