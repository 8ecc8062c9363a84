/* SPDX-License-Identifier: Apache-2.0
 * Parameters and rows of gateway_accounts.sql and message_*.sql. */
#include "store/message.h"

#include "pg/pool.h"

void message_gateways_params(struct pg_params *params, const char *recipient_id)
{
    pg_add_text(params, slice_of(recipient_id));
}

void message_gateway_row_read(const PGresult *result, int row, struct message_gateway_row *gateway)
{
    *gateway = (struct message_gateway_row){
        .name = pg_get_slice(result, row, 0),
        .kind = pg_get_slice(result, row, 1),
        .fallback = pg_get_slice(result, row, 2),
        .texts_a_second = (unsigned)pg_get_int(result, row, 3),
        .account = {.sealed = pg_get_slice(result, row, 5), .wrap = pg_get_slice(result, row, 6)},
        .asked = pg_get_bool(result, row, 7),
    };
    (void)pg_get_uuid(result, row, 4, &gateway->account.epoch_id);
}

void message_take_params(struct pg_params *params, struct slice gateway, unsigned limit, const char *recipient_id,
                         const struct uuid *take_id)
{
    pg_add_text(params, gateway);
    pg_add_int4(params, (int32_t)limit);
    pg_add_text(params, slice_of(recipient_id));
    pg_add_uuid(params, take_id);
}

void message_taken_row_read(const PGresult *result, int row, struct message_taken_row *message)
{
    *message = (struct message_taken_row){
        .registration_id = pg_get_int(result, row, 0),
        .attempt = (unsigned)pg_get_int(result, row, 2),
        .text = {.sealed = pg_get_slice(result, row, 4), .wrap = pg_get_slice(result, row, 5)},
        .to_check_in = !pg_is_null(result, row, 6),
        .contact = (unsigned)pg_get_int(result, row, 7),
        .to = {.sealed = pg_get_slice(result, row, 9), .wrap = pg_get_slice(result, row, 10)},
        .moved = pg_get_int(result, row, 11) > 0,
        .stays = pg_get_bool(result, row, 12),
        .is_broadcast = !pg_is_null(result, row, 13),
        .to_number = pg_get_bool(result, row, 14),
    };
    (void)pg_get_uuid(result, row, 1, &message->message_id); /* NOT NULL, as is the epoch; the others may be */
    (void)pg_get_uuid(result, row, 3, &message->text.epoch_id);
    (void)pg_get_uuid(result, row, 6, &message->check_in_id);
    (void)pg_get_uuid(result, row, 8, &message->to.epoch_id);
    (void)pg_get_uuid(result, row, 13, &message->text_id);
}

void message_park_params(struct pg_params *params, const struct message_taken_row *message, struct slice id,
                         struct slice parcel)
{
    pg_add_int8(params, message->registration_id);
    pg_add_uuid(params, &message->message_id);
    pg_add_int2(params, (int16_t)message->attempt);
    pg_add_text(params, id);
    pg_add_bytea(params, parcel);
}

void message_settle_params(struct pg_params *params, const struct message_settlement *settlement)
{
    pg_add_int8(params, settlement->registration_id);
    pg_add_uuid(params, &settlement->message_id);
    pg_add_int2(params, (int16_t)settlement->attempt);
    pg_add_text(params, slice_of(settlement->state));
    pg_add_int4(params, (int32_t)settlement->delay_s);
    pg_add_text(params, settlement->gateway);
    pg_add_text(params, settlement->gateway_id);
    pg_add_text(params, settlement->reason);
    pg_add_bool(params, settlement->unanswered);
}

void message_row_read(const PGresult *result, int row, struct message_row *message)
{
    *message = (struct message_row){
        .origin = pg_get_slice(result, row, 1),
        .author = pg_get_slice(result, row, 2),
        .state = pg_get_slice(result, row, 3),
        .reason = pg_get_slice(result, row, 4),
        .gateway = pg_get_slice(result, row, 5),
        .created_us = pg_get_time(result, row, 6),
        .sent_us = pg_get_time(result, row, 7),
        .delivered_us = pg_get_time(result, row, 8),
        .text = {.sealed = pg_get_slice(result, row, 10), .wrap = pg_get_slice(result, row, 11)},
        .to_contact = !pg_is_null(result, row, 12),
        .contact = (unsigned)pg_get_int(result, row, 12),
        .is_broadcast = !pg_is_null(result, row, 14),
        .registration_id = pg_get_int(result, row, 15),
    };
    (void)pg_get_uuid(result, row, 0, &message->id);
    (void)pg_get_uuid(result, row, 9, &message->text.epoch_id);
    (void)pg_get_uuid(result, row, 13, &message->check_in_id); /* null when it goes to a contact */
    (void)pg_get_uuid(result, row, 14, &message->text_id);     /* null when it is no broadcast's */
}
