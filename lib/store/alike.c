/* SPDX-License-Identifier: Apache-2.0
 * Parameters and rows of alike_phones.sql, alike_find.sql and alike_apart.sql. */
#include "store/alike.h"

#include "pg/pool.h"
#include "store/derive.h"

void alike_phone_row_read(const PGresult *result, int row, struct alike_phone_row *phone)
{
    *phone = (struct alike_phone_row){
        .is_contact = slice_equal(pg_get_slice(result, row, 0), SLICE("contact")),
        .ordinal = (unsigned)pg_get_int(result, row, 1),
        .phone = {.sealed = pg_get_slice(result, row, 4), .wrap = pg_get_slice(result, row, 5)},
        .registration_id = pg_get_int(result, row, 6),
    };
    (void)pg_get_uuid(result, row, 2, &phone->client_id); /* null of a contact */
    (void)pg_get_uuid(result, row, 3, &phone->phone.epoch_id);
}

void alike_phones_add(struct alike_phones *phones, const struct blind_keys *keys, struct slice e164)
{
    if (e164.length == 0 || phones->count == ALIKE_PHONES_MAX) {
        return;
    }
    derive_phone_index(keys, e164, phones->index[phones->count]);
    phones->stranger[phones->count++] = derive_stranger_id(keys, e164);
}

void alike_find_params(struct pg_params *params, int64_t registration_id, const struct alike_phones *phones,
                       const char *recipient_id)
{
    pg_add_int8(params, registration_id);
    pg_column_begin(params, PG_BYTEA);
    for (size_t i = 0; i < phones->count; i++) {
        pg_add_bytea(params, slice_make(phones->index[i], BLIND_SIZE));
    }
    pg_column_end(params);
    pg_column_begin(params, PG_INT8);
    for (size_t i = 0; i < phones->count; i++) {
        pg_add_int8(params, phones->stranger[i]);
    }
    pg_column_end(params);
    pg_add_int4(params, ALIKE_MOST);
    pg_add_text(params, slice_of(recipient_id));
}

void alike_row_read(const PGresult *result, int row, struct alike_row *alike)
{
    *alike = (struct alike_row){
        .registration_id = pg_get_int(result, row, 0),
        .shares_phone = pg_get_bool(result, row, 1),
        .shares_document = pg_get_bool(result, row, 2),
        .state = pg_get_slice(result, row, 3),
        .party_size = pg_get_int(result, row, 4),
        .last_status = pg_get_slice(result, row, 5),
        .queue = pg_get_slice(result, row, 6),
        .case_state = pg_get_slice(result, row, 7),
        .apart_by = pg_get_slice(result, row, 8),
        .apart_us = pg_is_null(result, row, 9) ? 0 : pg_get_time(result, row, 9),
        .ordinal = (unsigned)pg_get_int(result, row, 10),
        .person = {.sealed = pg_get_slice(result, row, 12), .wrap = pg_get_slice(result, row, 13)},
        .member_of = pg_get_int(result, row, 14),
    };
    (void)pg_get_uuid(result, row, 11, &alike->person.epoch_id); /* null without a member: nothing is opened */
}

void alike_apart_params(struct pg_params *params, int64_t registration_id, int64_t other_id, int64_t staff_id,
                        struct slice origin, bool apart)
{
    pg_add_int8(params, registration_id);
    pg_add_int8(params, other_id);
    pg_add_int8(params, staff_id);
    pg_add_text(params, origin);
    pg_add_bool(params, apart);
}
