/* SPDX-License-Identifier: Apache-2.0
 * Looks at the register that change nothing in it, entered in the audit. */
#ifndef STORE_AUDIT_H
#define STORE_AUDIT_H

#include <stdint.h>

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

#endif
