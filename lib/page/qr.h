/* SPDX-License-Identifier: Apache-2.0
 * A QR code as an SVG that stands in a page: no script, no image to fetch. */
#ifndef PAGE_QR_H
#define PAGE_QR_H

#include <stdbool.h>

#include "core/buffer.h"
#include "core/slice.h"

enum { PAGE_QR_TEXT_MAX = 512, PAGE_QR_PATH_MAX = 64 * 1024 };

/* Adds the dark modules of a QR code (ISO/IEC 18004) as an SVG path of unit squares, with a quiet zone of four; `side` is the picture's.
 * False, and side 0, when memory is out or the text is longer than PAGE_QR_TEXT_MAX. */
bool page_qr_path(struct buffer *out, struct slice text, unsigned *side);
/* Adds the whole element; false when memory is out or the text is longer than PAGE_QR_TEXT_MAX. */
bool page_qr(struct buffer *out, struct slice text);

#endif
