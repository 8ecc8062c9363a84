/* SPDX-License-Identifier: Apache-2.0
 * SMS in: what a gateway posts becomes a check-in of whoever texted, and the answer's body is texted back.
 *
 * Kannel 1.4.5 (its User's Guide, "sms-service", and what it was seen to send): query parameters from, to, id, ts, coding, charset,
 * text, percent-encoded; UCS-2 text (coding 2) as raw UTF-16BE bytes. After a 5xx it sends the same message again with the same id. */
#include <string.h>

#include "core/case_code.h"
#include "core/clock.h"
#include "core/utf8.h"
#include "domain/phone.h"
#include "domain/sms.h"
#include "edge/derive.h"
#include "edge/handlers.h"
#include "edge/intake.h"
#include "edge/refusal.h"
#include "edge/role.h"
#include "edge/seal_record.h"
#include "edge/sms_reply.h"
#include "edge/sms_text.h"
#include "edge/verdict.h"

enum { GATEWAY_FIELD_MAX = 256 };

struct inbound {
    struct slice from, to, id, sent_at, coding, charset, text;
};

struct texting {
    struct edge *edge;
    struct http_exchange *exchange;
    struct sms_reading reading;
    struct slice language; /* for the reply */
    bool reply;            /* false to short codes and alphanumeric senders: they may be machines */
    unsigned band;
    int64_t registration_id;
    struct intake_ticket *ticket;
};

static bool read_inbound(struct http_exchange *exchange, struct inbound *inbound)
{
    const struct {
        const char *name;
        struct slice *value;
    } fields[] = {
        {"from", &inbound->from},  {"to", &inbound->to},         {"id", &inbound->id},
        {"ts", &inbound->sent_at}, {"coding", &inbound->coding}, {"charset", &inbound->charset},
        {"text", &inbound->text},
    };
    const struct http_request *request = http_exchange_request(exchange);
    for (size_t i = 0; i < sizeof(fields) / sizeof(fields[0]); i++) {
        *fields[i].value = SLICE("");
        (void)http_request_query(request, http_exchange_arena(exchange), slice_of(fields[i].name), fields[i].value);
    }
    return inbound->from.length > 0 && inbound->from.length <= GATEWAY_FIELD_MAX && utf8_is_text(inbound->from) &&
           inbound->id.length <= GATEWAY_FIELD_MAX && utf8_is_text(inbound->id);
}

static bool secret_is_right(const struct edge *edge, const struct http_request *request, struct arena *arena,
                            const struct gateway_row *gateway)
{
    uint8_t check[BLIND_SIZE];
    struct slice secret = SLICE("");
    if (!http_request_query(request, arena, SLICE("secret"), &secret) || secret.length == 0) {
        return false;
    }
    blind(&edge->keys, BLIND_SESSION, secret, check);
    return derive_equal(check, gateway->secret_check);
}

static void on_drop(void *context)
{
    struct texting *t = context;
    intake_forget(t->ticket);
}

/* A 200 whose body the gateway texts back; an empty one texts nothing. */
static void answer(struct texting *t, const struct sms_outcome *outcome)
{
    struct slice text =
        t->reply ? sms_reply(http_exchange_arena(t->exchange), &t->reading, outcome, t->language) : SLICE("");
    http_exchange_respond_simple(t->exchange, 200, SLICE("text/plain; charset=UTF-8"), text);
}

static void on_taken(void *context, const struct intake_answer *intake)
{
    struct texting *t = context;
    struct sms_outcome outcome = {.known = true, .band = t->band, .registration_id = t->registration_id};
    struct check_in_stored stored;
    switch (intake->fate) {
    case INTAKE_DATABASE:
        stored = check_in_stored_row(intake->result, intake->row);
        if (stored.outcome == STORE_TAKEN) {
            edge_refuse(t->exchange, 503); /* there is no crisis to keep it under; the gateway tries again */
            return;
        }
        outcome.known = stored.known;
        outcome.band = stored.band;
        outcome.registration_id = stored.registration_id;
        answer(t, &outcome);
        return;
    case INTAKE_JOURNAL:
        answer(t, &outcome);
        return;
    case INTAKE_REFUSED:
        edge_refuse(t->exchange, 500);
        return;
    case INTAKE_AWAY:
        edge_refuse(t->exchange, 503); /* the gateway tries again */
        return;
    }
}

/* What makes two deliveries the same message: the gateway's id, the sender and the text. A gateway that gives no id is taken at the time
 * it gives: a second "SOS" on another day is a second cry. */
static bool make_content(struct texting *t, const struct gateway_row *gateway, const struct inbound *inbound,
                         struct slice text, struct check_in *check_in, struct tree **content)
{
    struct arena *arena = http_exchange_arena(t->exchange);
    struct slice id = inbound->id.length == 0 && check_in->has_at ? inbound->sent_at : inbound->id;
    *content = tree_new(arena, TREE_OBJECT);
    check_in->has_client_id = true;
    return *content != NULL && tree_add_text(arena, *content, SLICE("sms"), text) &&
           tree_add_text(arena, *content, SLICE("from"), inbound->from) &&
           tree_add_text(arena, *content, SLICE("id"), id) &&
           derive_message_id(&t->edge->keys, gateway->name, id, slice_of(check_in->e164), text, &check_in->client_id);
}

/* `e164` is the sender as a number, or as it stands when it is none (a short code, a name): it is kept either way. */
static void read_sender(struct texting *t, const struct inbound *inbound, const char *country,
                        struct check_in *check_in)
{
    t->reply = phone_normalise(inbound->from, country, check_in->e164);
    if (!t->reply) {
        size_t length =
            inbound->from.length < sizeof(check_in->e164) - 1 ? inbound->from.length : sizeof(check_in->e164) - 1;
        memcpy(check_in->e164, inbound->from.data, length);
        check_in->e164[length] = '\0';
    }
}

static void fill_check_in(struct texting *t, const struct inbound *inbound, struct slice text,
                          struct check_in *check_in)
{
    uint64_t seconds = 0;
    check_in->has_status = t->reading.has_status;
    check_in->status = t->reading.status;
    check_in->needs = t->reading.needs;
    check_in->has_people = t->reading.has_people;
    check_in->people = t->reading.people;
    check_in->location = t->reading.location;
    check_in->message = text;
    check_in->has_registration_id = t->reading.has_case;
    check_in->registration_id = t->reading.registration_id;
    check_in->has_at = slice_to_u64(inbound->sent_at, 253402300799, &seconds); /* the end of year 9999 */
    check_in->at_us = (int64_t)seconds * MICROSECONDS_A_SECOND;
}

static bool store(struct texting *t, const struct gateway_row *gateway, const struct inbound *inbound,
                  struct slice text)
{
    struct check_in check_in = {.has_status = false};
    struct submission submission = {
        .crisis = reference_crisis(t->edge->reference, gateway->crisis),
        .channel = CHANNEL_SMS,
        .received_us = http_exchange_request(t->exchange)->received_us,
    };
    struct tree *content = NULL;
    read_sender(t, inbound, submission.crisis != NULL ? submission.crisis->country.data : "ZZ", &check_in);
    sms_read(text, &t->reading);
    t->language = sms_reply_language(&t->reading, submission.crisis);
    submission.language = t->language;
    fill_check_in(t, inbound, text, &check_in);
    submission.verdict = verdict_of_check_in(&check_in, &t->reading, submission.received_us);
    struct check_in_record *record = NULL;
    if (make_content(t, gateway, inbound, text, &check_in, &content)) {
        submission.content = content;
        record = seal_check_in(t->edge, &check_in, &submission);
    }
    if (record == NULL) {
        return false;
    }
    t->band = record->band;
    t->registration_id = record->stranger_id;
    t->ticket = intake_check_in(t->edge, record, ADMIT_HELP, on_taken,
                                t); /* a text is not asked to wait: its sender cannot retry */
    return t->ticket != NULL;
}

void edge_handle_gateway_message(struct http_exchange *exchange, void *role)
{
    struct edge *edge = role;
    const struct http_request *request = http_exchange_request(exchange);
    struct arena *arena = http_exchange_arena(exchange);
    const struct gateway_row *gateway = reference_gateway(edge->reference, request->parameters[0]);
    struct inbound inbound;
    struct slice text;
    if (!reference_is_known(edge->reference)) {
        edge_refuse(exchange, 503);
        return;
    }
    if (gateway == NULL || !secret_is_right(edge, request, arena, gateway)) {
        edge->metrics.gateway_refused++;
        edge_refuse(exchange, 403); /* an unknown gateway and a wrong secret look the same */
        return;
    }
    struct texting *t = arena_alloc(arena, sizeof(*t));
    if (t == NULL || !read_inbound(exchange, &inbound) ||
        !sms_text_decode(arena, inbound.coding, inbound.charset, inbound.text, &text)) {
        edge_refuse(exchange, t == NULL ? 503 : 400);
        return;
    }
    t->edge = edge;
    t->exchange = exchange;
    http_exchange_on_drop(exchange, on_drop, t);
    if (!store(t, gateway, &inbound, text)) {
        edge_refuse(exchange, 503);
        return;
    }
    edge->metrics.gateway_messages++;
}
