/* SPDX-License-Identifier: Apache-2.0
 * Tables as people's programs write them: RFC 4180, and what Excel and others do beside it (semicolons or tabs, a first line "sep=;", CR, LF or both,
 * empty lines). Text is UTF-8; charset.h makes it that. */
#ifndef EXCHANGE_CSV_H
#define EXCHANGE_CSV_H

#include <stdbool.h>
#include <stddef.h>

#include "core/arena.h"
#include "core/buffer.h"
#include "core/slice.h"

enum { CSV_COLUMNS_MAX = 64 };

enum csv_fault {
    CSV_OK,
    CSV_TOO_MANY_ROWS,
    CSV_TOO_MANY_COLUMNS,
    CSV_UNCLOSED_QUOTE, /* `line` says where it was opened */
    CSV_NO_MEMORY,
};

struct csv_row {
    size_t line; /* of the text, where the row begins; the first is 1 */
    struct slice *cells;
    size_t count;
};

struct csv_table {
    struct csv_row *rows; /* those with something in them, the heading too */
    size_t count;
    size_t line; /* of a fault */
};

/* Reads at most `most` rows; past that, a fault. Cells are borrowed from `text` or made in the arena. The separator is what the first line has most
 * of. A cell that was marked as text, not formula (csv_add_cell), is as it was before. */
enum csv_fault csv_parse(struct arena *arena, struct slice text, size_t most, struct csv_table *table);

/* Adds a cell, with `separator` before it (0: the row's first): quoted where it must be. What a spreadsheet would run as a formula gets an apostrophe
 * in front: it may be shown to somebody else. */
void csv_add_cell(struct buffer *out, struct slice value, char separator);
void csv_end_row(struct buffer *out);

#endif
