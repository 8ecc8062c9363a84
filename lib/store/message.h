/* SPDX-License-Identifier: Apache-2.0
 * Texts to people: what the courier takes and settles, and what the desk lists. */
#ifndef STORE_MESSAGE_H
#define STORE_MESSAGE_H

#include <libpq-fe.h>
#include <stdbool.h>
#include <stdint.h>

#include "core/id.h"
#include "core/slice.h"
#include "pg/params.h"
#include "store/sealed_cell.h"

/* A row of gateway_accounts.sql. Slices are borrowed from the result, here and below. */
struct message_gateway_row {
    struct slice name, kind;
    struct slice fallback; /* empty: none */
    unsigned texts_a_second;
    struct sealed_cell account;
    bool asked; /* a phone asked for texts of late */
};
void message_gateways_params(struct pg_params *params, const char *recipient_id);
void message_gateway_row_read(const PGresult *result, int row, struct message_gateway_row *gateway);

/* A row of message_take.sql: marked as handed over, in one attempt. */
struct message_taken_row {
    int64_t registration_id;
    struct uuid message_id;
    unsigned attempt;
    struct sealed_cell text;
    bool to_check_in; /* else to a contact */
    struct uuid check_in_id;
    unsigned contact;
    bool to_number;        /* neither: the number is sealed with the text */
    struct sealed_cell to; /* sealed empty: it is no longer there */
    bool moved, stays;     /* see struct delivery_past */
    bool is_broadcast;     /* its text is the broadcast's, sealed under text_id */
    struct uuid text_id;
};
void message_take_params(struct pg_params *params, struct slice gateway, unsigned limit, const char *recipient_id,
                         const struct uuid *take_id);
void message_taken_row_read(const PGresult *result, int row, struct message_taken_row *message);

/* A text that waits for a phone to fetch it. */
void message_park_params(struct pg_params *params, const struct message_taken_row *message, struct slice id,
                         struct slice parcel);

struct message_settlement {
    int64_t registration_id;
    struct uuid message_id;
    unsigned attempt;
    const char *state;
    unsigned delay_s;
    struct slice gateway; /* from now on */
    struct slice gateway_id, reason;
    bool unanswered;
};
void message_settle_params(struct pg_params *params, const struct message_settlement *settlement);

/* A row of message_list.sql. */
struct message_row {
    int64_t registration_id; /* the case's, or that of a party which was merged into it */
    struct uuid id;
    struct slice origin, author, state, reason, gateway; /* author and reason may be empty */
    int64_t created_us, sent_us, delivered_us;           /* 0: not yet */
    struct sealed_cell text;
    bool is_broadcast; /* its text is the broadcast's, sealed under text_id */
    struct uuid text_id;
    bool to_contact;  /* else to whoever sent the check-in */
    unsigned contact; /* its number in the case */
    struct uuid check_in_id;
};
void message_row_read(const PGresult *result, int row, struct message_row *message);

#endif
