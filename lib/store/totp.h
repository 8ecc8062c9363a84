/* SPDX-License-Identifier: Apache-2.0
 * The second factor of an account: parameters and rows of totp_*.sql. */
#ifndef STORE_TOTP_H
#define STORE_TOTP_H

#include <libpq-fe.h>
#include <stdbool.h>
#include <stdint.h>

#include "core/slice.h"
#include "pg/params.h"
#include "seal/blind.h"
#include "store/note.h"
#include "store/sealed_cell.h"

struct totp_row { /* slices are borrowed from the result */
    bool enrolled;
    int64_t last_step;         /* of the last code taken */
    struct sealed_cell secret; /* empty: there is none; without `enrolled`: shown, and not proven yet */
    int64_t codes_left;
    bool required; /* of everybody in this role */
};

void totp_get_params(struct pg_params *params, int64_t staff_id, const char *recipient_id);
bool totp_row_read(const PGresult *result, struct totp_row *row);
/* `secret`: sealed; its `id` says nothing. */
void totp_begin_params(struct pg_params *params, int64_t staff_id, const struct sealed_note *secret);
/* `what` goes to the audit: "totp.enrol", "totp.codes". */
void totp_enrol_params(struct pg_params *params, int64_t staff_id, int64_t step, struct slice origin,
                       const uint8_t macs[][BLIND_SIZE], unsigned count, const char *what);
void totp_remove_params(struct pg_params *params, int64_t staff_id, int64_t step, struct slice origin);

#endif
