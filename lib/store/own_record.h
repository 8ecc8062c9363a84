/* SPDX-License-Identifier: Apache-2.0
 * What a citizen may see of their own registration: what is in the clear, and what became of their cry. */
#ifndef STORE_OWN_RECORD_H
#define STORE_OWN_RECORD_H

#include <libpq-fe.h>
#include <stdbool.h>
#include <stdint.h>

#include "core/slice.h"
#include "pg/params.h"
#include "seal/blind.h"

struct own_record { /* slices are borrowed from the result; times are 0 where there is none */
    struct slice crisis;
    struct slice language;
    unsigned party_size;
    uint32_t needs;
    struct slice intent;
    int64_t received_us;
    int64_t check_in_by_us;
    struct slice last_status;
    int64_t last_check_in_us;
    struct slice case_state; /* empty: no case */
    int64_t case_received_us;
    int64_t read_us;     /* an officer opened the case */
    int64_t answered_us; /* an officer acted on it */
    int64_t resolved_us;
    struct slice cell; /* where they were last; empty: not known */
};

/* The parameters of registration_own.sql. */
void own_record_params(struct pg_params *params, int64_t registration_id, const uint8_t secret_mac[BLIND_SIZE]);
/* False when there is no such registration, or not with that secret. */
bool own_record_read(const PGresult *result, struct own_record *own);

#endif
