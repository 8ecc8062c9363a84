/* SPDX-License-Identifier: Apache-2.0
 * Parties that may be the same people as another, as the desk reads them. */
#ifndef STORE_ALIKE_H
#define STORE_ALIKE_H

#include <libpq-fe.h>
#include <stdbool.h>
#include <stdint.h>

#include "core/id.h"
#include "core/slice.h"
#include "pg/params.h"
#include "seal/blind.h"
#include "store/sealed_cell.h"

enum { ALIKE_PHONES_MAX = 16, ALIKE_MOST = 20 };

/* A phone, sealed: a contact's, or who a check-in came from. Slices are borrowed from the result, here and below. */
struct alike_phone_row {
    bool is_contact;
    int64_t registration_id; /* whose it is */
    unsigned ordinal;        /* of the contact */
    struct uuid client_id;   /* of the check-in */
    struct sealed_cell phone;
};
void alike_phone_row_read(const PGresult *result, int row, struct alike_phone_row *phone);

struct alike_phones {
    uint8_t index[ALIKE_PHONES_MAX][BLIND_SIZE];
    int64_t stranger[ALIKE_PHONES_MAX]; /* the number that a stranger with this phone is kept under */
    size_t count;
};
void alike_phones_add(struct alike_phones *phones, const struct blind_keys *keys, struct slice e164);

void alike_find_params(struct pg_params *params, int64_t registration_id, const struct alike_phones *phones,
                       const char *recipient_id);

/* One row a member, or one for a party without; those of a party stand together, the party itself first. */
struct alike_row {
    int64_t registration_id;
    bool shares_phone, shares_document;
    struct slice state;
    int64_t party_size;
    struct slice last_status;
    struct slice queue; /* empty: it has no case */
    struct slice case_state;
    struct slice apart_by; /* empty: nobody has kept it apart */
    int64_t apart_us;
    unsigned ordinal;
    int64_t member_of;         /* the party, or one that was merged into it */
    struct sealed_cell person; /* empty: no member */
};
void alike_row_read(const PGresult *result, int row, struct alike_row *alike);

void alike_apart_params(struct pg_params *params, int64_t registration_id, int64_t other_id, int64_t staff_id,
                        struct slice origin, bool apart);

#endif
