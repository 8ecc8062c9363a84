/* SPDX-License-Identifier: Apache-2.0
 * What was done with a case. */
#ifndef STORE_CASE_STEP_H
#define STORE_CASE_STEP_H

#include <libpq-fe.h>
#include <stdint.h>

#include "core/slice.h"

/* One row of case_steps.sql; slices are borrowed from the result, empty, and the time 0, where there is none. */
struct case_step_row {
    int64_t at_us;
    struct slice who;
    struct slice action; /* "claim" */
    struct slice post;   /* it was passed to this post */
    struct slice taker;  /* or to this member of staff */
    int64_t until_us;    /* it waited until then */
    struct slice on;     /* on the "citizen" or a "partner" */
};
void case_step_row_read(const PGresult *result, int row, struct case_step_row *out);

#endif
