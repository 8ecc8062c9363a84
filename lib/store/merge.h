/* SPDX-License-Identifier: Apache-2.0
 * Two cases of the same people made one, and two again. */
#ifndef STORE_MERGE_H
#define STORE_MERGE_H

#include <libpq-fe.h>
#include <stdbool.h>
#include <stdint.h>

#include "core/slice.h"
#include "pg/params.h"
#include "store/case.h"
#include "store/note.h"
#include "store/sealed_cell.h"

/* The parameters of case_merge.sql: the other party is merged into the change's case. `note` may be NULL. */
void merge_params(struct pg_params *params, const struct case_change *change, int64_t other_id,
                  const struct sealed_note *note);
/* Those of case_unmerge.sql. */
void merge_undo_params(struct pg_params *params, const struct case_change *change, int64_t other_id);

/* What became of either. Slices are borrowed from the result, here and below. */
struct merge_done {
    int64_t kept_id; /* the case that is worked now */
    int64_t version;
    struct slice
        why; /* not done: "absent", "changed", "held", "merged", "crises", "exercise", "not_merged"; empty: done */
};
void merge_done_read(const PGresult *result, struct merge_done *done);

/* A row of merge_list.sql. */
struct merge_row {
    int64_t registration_id, into_id;
    struct slice by;
    int64_t at_us;
    struct slice undone_by; /* empty: it stands */
    int64_t undone_us;
    struct sealed_cell location; /* that it registered; empty: none, or undone */
};
void merge_row_read(const PGresult *result, int row, struct merge_row *merge);

#endif
