/* SPDX-License-Identifier: Apache-2.0
 * Looks at the register that change nothing in it, entered in the audit. */
#ifndef STORE_AUDIT_H
#define STORE_AUDIT_H

#include <stdint.h>

#include "core/slice.h"
#include "pg/params.h"

/* A page of `queue` was shown with `count` cases. */
void audit_list_params(struct pg_params *params, int64_t staff_id, struct slice origin, struct slice queue, int count);

#endif
