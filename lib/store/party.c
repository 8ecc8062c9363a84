/* SPDX-License-Identifier: Apache-2.0
 * Parameters and rows of party_list.sql, contact_list.sql and check_in_list.sql. */
#include "store/party.h"

#include "pg/pool.h"

void party_list_params(struct pg_params *params, int64_t registration_id, const char *recipient_id)
{
    pg_add_int8(params, registration_id);
    pg_add_text(params, slice_of(recipient_id));
}

static struct sealed_cell read_cell(const PGresult *result, int row, int epoch, int sealed, int wrap)
{
    struct sealed_cell cell = {.sealed = pg_get_slice(result, row, sealed), .wrap = pg_get_slice(result, row, wrap)};
    (void)pg_get_uuid(result, row, epoch, &cell.epoch_id); /* NOT NULL in these tables */
    return cell;
}

void party_member_row_read(const PGresult *result, int row, struct party_member_row *member)
{
    *member = (struct party_member_row){
        .ordinal = (unsigned)pg_get_int(result, row, 0),
        .category = pg_get_slice(result, row, 1),
        .needs = (uint32_t)pg_get_int(result, row, 2),
        .person = read_cell(result, row, 3, 4, 5),
        .registration_id = pg_get_int(result, row, 6),
    };
}

void party_contact_row_read(const PGresult *result, int row, struct party_contact_row *contact)
{
    *contact = (struct party_contact_row){
        .ordinal = (unsigned)pg_get_int(result, row, 0),
        .kind = pg_get_slice(result, row, 1),
        .primary = pg_get_bool(result, row, 2),
        .value = read_cell(result, row, 3, 4, 5),
        .registration_id = pg_get_int(result, row, 6),
        .number = (unsigned)pg_get_int(result, row, 7),
    };
}

void party_check_in_row_read(const PGresult *result, int row, struct party_check_in_row *check_in)
{
    *check_in = (struct party_check_in_row){
        .status = pg_get_slice(result, row, 1),
        .needs = (uint32_t)pg_get_int(result, row, 2),
        .people = pg_get_int(result, row, 3),
        .band = pg_get_int(result, row, 4),
        .reasons = (uint32_t)pg_get_int(result, row, 5),
        .channel = pg_get_slice(result, row, 6),
        .at_us = pg_get_time(result, row, 7),
        .received_us = pg_get_time(result, row, 8),
        .stored_via = pg_get_slice(result, row, 9),
        .cell = pg_get_slice(result, row, 10),
        .is_part = !pg_is_null(result, row, 17),
        .part_number = pg_get_int(result, row, 16),
        .part_total = pg_get_int(result, row, 17),
        .part_elsewhere = !pg_is_null(result, row, 18),
        .whole_party = pg_get_int(result, row, 18),
        .registration_id = pg_get_int(result, row, 19),
        .message = read_cell(result, row, 11, 12, 15),
        .location = read_cell(result, row, 11, 13, 15),
        .sender = read_cell(result, row, 11, 14, 15),
    };
    (void)pg_get_uuid(result, row, 0, &check_in->client_id); /* NOT NULL */
}
