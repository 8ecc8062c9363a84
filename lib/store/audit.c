/* SPDX-License-Identifier: Apache-2.0
 * Parameters of audit_add.sql. */
#include "store/audit.h"

#include <stdio.h>

void audit_list_params(struct pg_params *params, int64_t staff_id, struct slice origin, struct slice queue, int count)
{
    char detail[128]; /* a queue's name is a word of the vocabulary: nothing in it to escape */
    int length = snprintf(detail, sizeof(detail), "{\"queue\": \"%.*s\", \"count\": %d}", SLICE_ARGS(queue), count);
    pg_add_int8(params, staff_id);
    pg_add_text(params, SLICE("queue.list"));
    pg_add_null(params);
    pg_add_text(params, origin);
    pg_add_text(params, slice_make(detail, (size_t)length));
}
