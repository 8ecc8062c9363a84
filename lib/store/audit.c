/* SPDX-License-Identifier: Apache-2.0
 * Parameters of audit_add.sql. */
#include "store/audit.h"

#include <stdio.h>

#include "store/search.h"

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

void audit_search_params(struct pg_params *params, int64_t staff_id, struct slice origin, unsigned kinds, int count,
                         const uint8_t hash[BLIND_SIZE])
{
    enum { HASH_SHOWN = 8 };
    char detail[128], shown[2 * HASH_SHOWN + 1];
    for (size_t i = 0; i < HASH_SHOWN; i++) {
        (void)snprintf(shown + 2 * i, 3, "%02x", hash[i]);
    }
    int length =
        snprintf(detail, sizeof(detail),
                 "{\"case\": %s, \"phone\": %s, \"document\": %s, \"name\": %s, \"count\": %d, \"hash\": \"%s\"}",
                 (kinds & SEARCH_BY_CASE) != 0 ? "true" : "false", (kinds & SEARCH_BY_PHONE) != 0 ? "true" : "false",
                 (kinds & SEARCH_BY_DOCUMENT) != 0 ? "true" : "false", (kinds & SEARCH_BY_NAME) != 0 ? "true" : "false",
                 count, shown);
    pg_add_int8(params, staff_id);
    pg_add_text(params, SLICE("search"));
    pg_add_null(params);
    pg_add_text(params, origin);
    pg_add_text(params, slice_make(detail, (size_t)length));
}

void audit_duplicates_params(struct pg_params *params, int64_t staff_id, int64_t registration_id, struct slice origin,
                             int count)
{
    char detail[32];
    int length = snprintf(detail, sizeof(detail), "{\"count\": %d}", count);
    pg_add_int8(params, staff_id);
    pg_add_text(params, SLICE("case.duplicates"));
    pg_add_int8(params, registration_id);
    pg_add_text(params, origin);
    pg_add_text(params, slice_make(detail, (size_t)length));
}
