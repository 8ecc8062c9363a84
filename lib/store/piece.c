/* SPDX-License-Identifier: Apache-2.0
 * Parameters and rows of piece_due.sql and piece_settle.sql. */
#include "store/piece.h"

#include "domain/triage_policy.h"
#include "pg/pool.h"

void piece_due_params(struct pg_params *params, const char *recipient_id, unsigned limit)
{
    pg_add_text(params, slice_of(recipient_id));
    pg_add_int4(params, (int32_t)limit);
}

void piece_row_read(const PGresult *result, int row, struct piece_row *piece)
{
    *piece = (struct piece_row){
        .key.registration_id = pg_get_int(result, row, 0),
        .set = pg_get_slice(result, row, 2),
        .number = (unsigned)pg_get_int(result, row, 3),
        .total = (unsigned)pg_get_int(result, row, 4),
        .received_us = pg_get_time(result, row, 5),
        .joined = !pg_is_null(result, row, 6),
        .band = (unsigned)pg_get_int(result, row, 7),
        .has_at = !pg_is_null(result, row, 8),
        .at_us = pg_get_time(result, row, 8),
        .crisis = pg_get_slice(result, row, 10),
        .message = {.sealed = pg_get_slice(result, row, 11), .wrap = pg_get_slice(result, row, 13)},
        .sender = {.sealed = pg_get_slice(result, row, 12), .wrap = pg_get_slice(result, row, 13)},
        .now_us = pg_get_time(result, row, 14),
    };
    (void)pg_get_uuid(result, row, 1, &piece->key.client_id); /* NOT NULL, as is the epoch; the other may be */
    (void)pg_get_uuid(result, row, 6, &piece->whole_id);
    (void)pg_get_uuid(result, row, 9, &piece->message.epoch_id);
    piece->sender.epoch_id = piece->message.epoch_id;
    triage_policy_read(pg_get_slice(result, row, 15), pg_get_slice(result, row, 16), &piece->policy);
}

void piece_settle_params(struct pg_params *params, const struct piece_settlement *settlement)
{
    pg_column_begin(params, PG_INT8);
    for (size_t i = 0; i < settlement->count; i++) {
        pg_add_int8(params, settlement->pieces[i].registration_id);
    }
    pg_column_end(params);
    pg_column_begin(params, PG_UUID);
    for (size_t i = 0; i < settlement->count; i++) {
        pg_add_uuid(params, &settlement->pieces[i].client_id);
    }
    pg_column_end(params);
    if (settlement->again_us != 0) {
        pg_add_time(params, settlement->again_us);
    } else {
        pg_add_null(params);
    }
    if (settlement->joined) {
        pg_add_int8(params, settlement->whole.registration_id);
        pg_add_uuid(params, &settlement->whole.client_id);
    } else {
        pg_add_null(params);
        pg_add_null(params);
    }
    pg_add_bool(params, settlement->joined && settlement->unsure);
}
