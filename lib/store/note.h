/* SPDX-License-Identifier: Apache-2.0
 * What officers write on a case, sealed like all that is said of a person. */
#ifndef STORE_NOTE_H
#define STORE_NOTE_H

#include <libpq-fe.h>
#include <stdint.h>

#include "core/id.h"
#include "core/slice.h"
#include "pg/params.h"
#include "seal/seal.h"
#include "store/sealed_cell.h"

struct sealed_note {
    struct uuid id;
    struct slice text;              /* sealed */
    const struct seal_epoch *epoch; /* its wraps travel with each note: rows that are there already stay */
    int64_t epoch_opened_us;
};
/* Six parameters: id, epoch, text, when the epoch opened, and its wraps as two columns; all null when `note` is NULL. */
void sealed_note_params(struct pg_params *params, const struct sealed_note *note);

struct note_row { /* slices are borrowed from the result */
    struct uuid id;
    struct slice author;
    int64_t at_us;
    struct sealed_cell text;
};
/* One row of note_list.sql. */
void note_row_read(const PGresult *result, int row, struct note_row *note);

/* Two columns: for whom the epoch is wrapped, and the wraps. */
void note_add_wraps(struct pg_params *params, const struct seal_epoch *epoch);

#endif
