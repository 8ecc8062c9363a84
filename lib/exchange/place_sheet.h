/* SPDX-License-Identifier: Apache-2.0
 * A file of places as an operator writes it: a table (csv.h), lines that begin with "#" before it, and what is wrong with each row. The words are
 * the operator's, so English. */
#ifndef EXCHANGE_PLACE_SHEET_H
#define EXCHANGE_PLACE_SHEET_H

#include <stdbool.h>
#include <stddef.h>

#include "core/arena.h"
#include "core/buffer.h"
#include "core/slice.h"
#include "domain/gazetteer_make.h"

enum { PLACE_SHEET_BYTES_MAX = 1024 * 1024 };

struct place_sheet_row {
    size_t line;
    struct gazetteer_row place;
    struct slice fault; /* "latitude: ...", the column and what is wrong; empty: nothing is */
    struct slice
        near_cry; /* the first of its names that a text may have typed for a cry: the place is a common word for it. Empty: none */
};

struct place_sheet {
    struct slice refusal; /* why none of it was read; empty: it was */
    struct place_sheet_row *rows;
    size_t count;
    size_t faulty;
};

/* Reads and checks each row by itself. Texts are borrowed from `bytes` or made in the arena. */
void place_sheet_read(struct place_sheet *sheet, struct arena *arena, struct slice bytes);

/* Checks the rows against each other and against what is known: a row is there once, what it is within is a town of the file, of `known` or of those
 * shipped for the country, and is not far from it. Names towns as they are known. Rows that have a fault keep it. */
void place_sheet_judge(struct place_sheet *sheet, struct arena *arena, struct slice country,
                       const struct gazetteer_row *known, size_t count);

/* The heading and an example of each kind. */
void place_sheet_write_template(struct buffer *out);
void place_sheet_write_heading(struct buffer *out);
void place_sheet_write_row(struct buffer *out, const struct gazetteer_row *place);

#endif
