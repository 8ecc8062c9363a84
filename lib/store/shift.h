/* SPDX-License-Identifier: Apache-2.0
 * The end of a shift: what was handed over, and who has read it. */
#ifndef STORE_SHIFT_H
#define STORE_SHIFT_H

#include <libpq-fe.h>
#include <stdbool.h>
#include <stdint.h>

#include "core/id.h"
#include "core/slice.h"
#include "pg/params.h"
#include "store/note.h"

struct shift_note {
    int64_t registration_id;
    struct uuid id;
    struct slice text; /* sealed */
};

struct shift_end {
    const struct sealed_note *note; /* for who comes next; its id is the hand-over's */
    struct slice to;                /* a colleague's name; empty: nobody in particular */
    struct slice origin;
    const struct shift_note *notes; /* on single cases, sealed under the note's epoch */
    size_t note_count;
};
void shift_end_params(struct pg_params *params, const struct shift_end *end);

enum shift_outcome { SHIFT_ENDED, SHIFT_NO_COLLEAGUE, SHIFT_NOT_THEIR_CASE, SHIFT_MAY_NOT };
struct shift_ended {
    enum shift_outcome outcome;
    int64_t given, returned;
};
void shift_ended_read(const PGresult *result, struct shift_ended *ended);

/* A row of hand_over_list.sql. Slices are borrowed from the result. */
struct shift_row {
    struct uuid id;
    struct slice author, to; /* `to` may be empty */
    int64_t at_us, given, returned;
    struct sealed_cell text;
    bool mine, read;      /* by the caller */
    struct slice read_by; /* names, in the order in which they read it, with spaces between */
};
void shift_list_params(struct pg_params *params, int64_t staff_id, const char *recipient_id, struct slice origin);
void shift_row_read(const PGresult *result, int row, struct shift_row *out);
void shift_read_params(struct pg_params *params, const struct uuid *id, int64_t staff_id, struct slice origin);

#endif
