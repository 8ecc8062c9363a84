/* SPDX-License-Identifier: Apache-2.0
 * Looks at the register that change nothing in it, entered in the audit; and looks at the audit itself. */
#ifndef STORE_AUDIT_H
#define STORE_AUDIT_H

#include <stdint.h>

#include <libpq-fe.h>
#include <stdbool.h>

#include "core/slice.h"
#include "pg/params.h"
#include "seal/blind.h"

/* A page of `queue` was shown with `count` cases. */
void audit_list_params(struct pg_params *params, int64_t staff_id, struct slice origin, struct slice queue, int count);
/* Something was searched for: what it can be (`kinds`, SEARCH_BY_*), how many parties were shown, and a keyed hash, so that the same search is seen to be
 * the same. */
void audit_search_params(struct pg_params *params, int64_t staff_id, struct slice origin, unsigned kinds, int count,
                         const uint8_t hash[BLIND_SIZE]);

/* What may be the same party as this one was looked at: `count` were shown. */
void audit_duplicates_params(struct pg_params *params, int64_t staff_id, int64_t registration_id, struct slice origin,
                             int count);

/* What of the audit is asked for: audit_page.sql. */
struct audit_query {
    bool has_case;
    int64_t registration_id;
    struct slice user, action;        /* empty: any */
    int64_t since_us, until_us;       /* 0: any time */
    int64_t before_us, before_number; /* entries before this one; 0: the newest */
    int32_t limit;
};
void audit_page_params(struct pg_params *params, const struct audit_query *query);

struct audit_row { /* slices are borrowed from the result */
    int64_t number, at_us;
    struct slice user, action, origin, detail; /* `detail` is JSON */
    bool has_case;
    int64_t registration_id;
};
/* False when the row is no entry, only says from where to go on (number and at_us). */
bool audit_row_read(const PGresult *result, int row, struct audit_row *entry);
/* The audit was looked at: `count` entries were shown, or taken away as a file. */
void audit_look_params(struct pg_params *params, int64_t staff_id, struct slice origin, const struct audit_query *query,
                       int count, bool is_export);

#endif
