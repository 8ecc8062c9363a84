/* SPDX-License-Identifier: Apache-2.0
 * To whom a case may be passed: posts of a crisis, and who works there. */
#ifndef STORE_COLLEAGUE_H
#define STORE_COLLEAGUE_H

#include <libpq-fe.h>
#include <stdbool.h>
#include <stdint.h>

#include "core/slice.h"
#include "pg/params.h"

/* One row of colleague_list.sql; slices are borrowed from the result. */
struct colleague_row {
    bool is_post;
    struct slice crisis;
    struct slice post; /* empty, of a member of staff: all of the crisis */
    struct slice name;
    struct slice part; /* of a post: "lead", "helper", "capital"; of a member of staff, the role */
};
void colleague_list_params(struct pg_params *params, int64_t staff_id);
void colleague_row_read(const PGresult *result, int row, struct colleague_row *out);

#endif
