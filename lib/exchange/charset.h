/* SPDX-License-Identifier: Apache-2.0
 * What alphabet a file is written in, and the same as UTF-8: UTF-8 and UTF-16 with and without their marks, and Windows-1252, which is what Excel in
 * the West writes when it is asked for CSV. */
#ifndef EXCHANGE_CHARSET_H
#define EXCHANGE_CHARSET_H

#include "core/arena.h"
#include "core/slice.h"

enum charset {
    CHARSET_UTF_8,
    CHARSET_UTF_16,
    CHARSET_WINDOWS_1252, /* a guess: what is no UTF-8 */
    CHARSET_WORKBOOK,     /* no text: a spreadsheet's own file, which is a ZIP or an OLE file */
    CHARSET_BINARY,       /* no text */
    CHARSET_NO_MEMORY,
};

/* `text` is UTF-8 without a mark, borrowed from `bytes` or made in the arena; empty for what is no text. */
enum charset charset_to_utf8(struct arena *arena, struct slice bytes, struct slice *text);

#endif
