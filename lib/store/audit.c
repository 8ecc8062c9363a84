/* SPDX-License-Identifier: Apache-2.0
 * Parameters of audit_add.sql. */
#include "store/audit.h"

#include <stdio.h>

#include "pg/pool.h"
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

static void add_time_or_null(struct pg_params *params, int64_t time_us)
{
    if (time_us != 0) {
        pg_add_time(params, time_us);
    } else {
        pg_add_null(params);
    }
}

void audit_page_params(struct pg_params *params, const struct audit_query *query)
{
    add_time_or_null(params, query->before_us);
    pg_add_int8(params, query->before_us != 0 ? query->before_number : INT64_MAX);
    pg_add_int4(params, query->limit);
    if (query->has_case) {
        pg_add_int8(params, query->registration_id);
    } else {
        pg_add_null(params);
    }
    pg_add_text_or_null(params, query->user);
    pg_add_text_or_null(params, query->action);
    add_time_or_null(params, query->since_us);
    add_time_or_null(params, query->until_us);
}

bool audit_row_read(const PGresult *result, int row, struct audit_row *entry)
{
    *entry = (struct audit_row){
        .number = pg_get_int(result, row, 0),
        .at_us = pg_get_time(result, row, 1),
        .user = pg_get_slice(result, row, 2),
        .action = pg_get_slice(result, row, 3),
        .has_case = !pg_is_null(result, row, 4),
        .registration_id = pg_get_int(result, row, 4),
        .origin = pg_get_slice(result, row, 5),
        .detail = pg_get_slice(result, row, 6),
    };
    return entry->action.length > 0;
}

void audit_look_params(struct pg_params *params, int64_t staff_id, struct slice origin, const struct audit_query *query,
                       int count, bool is_export)
{
    char detail[192]; /* names and actions are of letters, digits, dots and hyphens: nothing in them to escape */
    int length = snprintf(detail, sizeof(detail), "{\"count\": %d, \"user\": \"%.*s\", \"action\": \"%.*s\"}", count,
                          SLICE_ARGS(query->user), SLICE_ARGS(query->action));
    pg_add_int8(params, staff_id);
    pg_add_text(params, is_export ? SLICE("audit.export") : SLICE("audit.read"));
    if (query->has_case) {
        pg_add_int8(params, query->registration_id);
    } else {
        pg_add_null(params);
    }
    pg_add_text(params, origin);
    pg_add_text(params, slice_make(detail, (size_t)length));
}
