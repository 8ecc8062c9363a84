/* SPDX-License-Identifier: Apache-2.0
 * Passwords that are changed by their owner, or reset by two admins: parameters and rows of password_change.sql and reset_*.sql. */
#ifndef STORE_RESET_H
#define STORE_RESET_H

#include <libpq-fe.h>
#include <stdbool.h>
#include <stdint.h>

#include "core/id.h"
#include "core/slice.h"
#include "pg/params.h"
#include "store/staff.h"

void reset_password_params(struct pg_params *params, struct slice hash, const struct staff_factor *factor,
                           struct slice origin);
/* False when the code was taken before. */
bool reset_password_read(const PGresult *result);

void reset_ask_params(struct pg_params *params, struct slice user, struct slice what, struct slice origin);
/* False when there is no such account, or it is the caller's own. */
bool reset_ask_read(const PGresult *result, struct uuid *id);

enum reset_outcome { RESET_DONE, RESET_NOT_THERE, RESET_ONES_OWN };
void reset_approve_params(struct pg_params *params, const struct uuid *id, struct slice hash, struct slice origin);
/* Slices are borrowed from the result. */
enum reset_outcome reset_approve_read(const PGresult *result, struct slice *user, struct slice *what);

void reset_drop_params(struct pg_params *params, const struct uuid *id, struct slice origin);
bool reset_drop_read(const PGresult *result);

struct reset_row { /* slices are borrowed from the result */
    struct uuid id;
    struct slice user, what, asked_by;
    int64_t asked_us, expires_us;
    bool is_ones_own; /* asked by who looks, or of their account: another must approve */
};
void reset_list_params(struct pg_params *params, int64_t staff_id);
void reset_row_read(const PGresult *result, int row, struct reset_row *reset);

#endif
