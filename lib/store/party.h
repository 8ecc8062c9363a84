/* SPDX-License-Identifier: Apache-2.0
 * The members of a party, how to reach it, and what it has said, as the desk reads them: sealed. */
#ifndef STORE_PARTY_H
#define STORE_PARTY_H

#include <libpq-fe.h>
#include <stdbool.h>
#include <stdint.h>

#include "core/id.h"
#include "core/slice.h"
#include "pg/params.h"
#include "store/sealed_cell.h"

/* Slices are borrowed from the result; empty, and times 0, where there is none. */

/* The parameters of party_list.sql, contact_list.sql, check_in_list.sql and note_list.sql. */
void party_list_params(struct pg_params *params, int64_t registration_id, const char *recipient_id);

struct party_member_row {
    int64_t registration_id; /* the case's, or that of a party which was merged into it; here and below */
    unsigned ordinal;
    struct slice category;
    uint32_t needs;
    struct sealed_cell person;
};
void party_member_row_read(const PGresult *result, int row, struct party_member_row *member);

struct party_contact_row {
    int64_t registration_id;
    unsigned number; /* in the case */
    unsigned ordinal;
    struct slice kind;
    bool primary;
    struct sealed_cell value;
};
void party_contact_row_read(const PGresult *result, int row, struct party_contact_row *contact);

struct party_check_in_row {
    int64_t registration_id;
    struct uuid client_id;
    struct slice status; /* empty: a text message that says none */
    uint32_t needs;
    int64_t people; /* 0: not said */
    int64_t band;   /* 0: none */
    uint32_t reasons;
    struct slice channel;
    int64_t at_us; /* the sender's clock */
    int64_t received_us;
    struct slice stored_via;
    struct slice cell;
    bool is_part; /* of a long text, or joined of parts of one that may lack some: then part_number is 0 */
    int64_t part_number, part_total;
    bool part_elsewhere; /* it was joined into a message of another party: */
    int64_t whole_party;
    struct sealed_cell message;
    struct sealed_cell location;
    struct sealed_cell sender;
};
void party_check_in_row_read(const PGresult *result, int row, struct party_check_in_row *check_in);

#endif
