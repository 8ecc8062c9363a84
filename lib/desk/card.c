/* SPDX-License-Identifier: Apache-2.0
 * POST /sign-in/card: a session for whoever's smart card TLS has proven. The card and its PIN are two factors, so no code is asked for. */
#include <stddef.h>

#include "desk/body.h"
#include "desk/console.h"
#include "desk/desk_call.h"
#include "desk/handlers.h"
#include "desk/way_back.h"
#include "store/session.h"

struct card_call {
    struct desk_call call;
    struct slice next; /* where they were; empty: not known */
    char token[SESSION_TOKEN_SIZE + 1];
};

static const struct body_member members[] = {
    {SLICE_INIT("next"), offsetof(struct card_call, next), WAY_BACK_MAX, false, BODY_TEXT},
};

/* What is not a page of ours, or no form at all, is no way back. */
static void read_next(struct card_call *card)
{
    struct field_errors errors = {.count = 0};
    enum body_reading reading = body_read_form(card->call.request, card->call.arena, members, 1, card, &errors);
    if (reading != BODY_OK || !way_back_is_own(card->next)) {
        card->next = SLICE("");
    }
}

static void refuse(struct card_call *card, const char *problem_key)
{
    card->call.desk->metrics.sign_in_failed++;
    console_respond_sign_in(&card->call, 401, SLICE(""), card->next, problem_key, 0);
}

static void begin(struct card_call *card)
{
    struct desk_call *call = &card->call;
    const struct http_card *shown = &call->request->card;
    uint8_t mac[BLIND_SIZE];
    struct pg_params params;
    read_next(card);
    if (!session_is_same_origin(call->request)) {
        desk_refuse(call, 403, "problem.csrf.detail");
    } else if (shown->proof == HTTP_CARD_NONE) {
        refuse(card, "sign_in.card_none");
    } else if (shown->proof == HTTP_CARD_BAD) {
        refuse(card, "sign_in.card_bad");
    } else {
        session_mac(&call->desk->keys, session_token_make(card->token), mac);
        pg_params_init(&params);
        session_open_card_params(&params, slice_make(shown->key_hash, sizeof(shown->key_hash)), mac, call->origin);
        desk_call_query(call, PG_SESSION_OPEN_CARD, &params);
    }
}

static void step(struct desk_call *call, const PGresult *rows)
{
    struct card_call *card = (struct card_call *)call;
    if (rows == NULL) {
        begin(card);
        return;
    }
    if (PQntuples(rows) != 1) {
        refuse(card, "sign_in.card_unknown");
        return;
    }
    const struct http_header headers[] = {
        {SLICE("Set-Cookie"), session_cookie(call->arena, slice_make(card->token, SESSION_TOKEN_SIZE))},
        {SLICE("Location"), card->next.length > 0 ? card->next : SLICE("/")},
    };
    if (headers[0].value.data == NULL) {
        desk_refuse_for(call, 503, NULL, 1);
        return;
    }
    call->desk->metrics.signed_in++;
    desk_respond(call, 303, headers, 2);
}

void desk_sign_in_card(struct http_exchange *exchange, void *role)
{
    static const struct desk_capability capability = {
        .right = RIGHT_ANYONE, .size = sizeof(struct card_call), .step = step};
    desk_call_start(exchange, role, &capability);
}
