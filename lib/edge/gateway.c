/* SPDX-License-Identifier: Apache-2.0
 * SMS in: whose request it is, what it brings, and one answer when all of it is on stable storage. */
#include "edge/fetched.h"
#include "edge/gateway_request.h"
#include "edge/handlers.h"
#include "edge/refusal.h"
#include "edge/reply.h"
#include "edge/texting.h"
#include "gateway/answer.h"
#include "gateway/message.h"

/* The messages of one request. */
struct delivery {
    struct edge *edge;
    struct http_exchange *exchange;
    const struct gateway_kind *kind;
    struct reply_route route; /* of replies, which the answer does not carry */
    struct gateway_message *messages;
    size_t count;
    struct texting *texts; /* one a message */
    size_t waiting;        /* of them */
    bool away, refused;    /* one of them at least */
};

static void answer(struct delivery *d, struct slice reply, struct slice to)
{
    struct slice content = gateway_answer(d->kind, reply, to, http_exchange_arena(d->exchange));
    if (content.data == NULL) {
        edge_refuse(d->exchange, 503); /* it is stored: sent again it is the same message */
        return;
    }
    http_exchange_respond_simple(d->exchange, 200, slice_of(d->kind->answer.type), content);
}

static bool carries_reply(const struct delivery *d)
{
    return d->count == 1 && d->kind->answer.reply != NULL;
}

static void finish(struct delivery *d)
{
    if (d->refused) {
        edge_refuse(d->exchange, 500);
    } else if (d->away) {
        edge_refuse(d->exchange, 503); /* the gateway tries again */
    } else if (carries_reply(d)) {
        answer(d, d->texts[0].reply, d->messages[0].from);
    } else {
        for (size_t i = 0; i < d->count; i++) {
            reply_later(d->edge, &d->route, &d->texts[i]);
        }
        answer(d, SLICE(""), SLICE(""));
    }
}

static void on_text(void *context, struct texting *texting)
{
    struct delivery *d = context;
    d->away = d->away || texting->fate == TEXTING_AWAY;
    d->refused = d->refused || texting->fate == TEXTING_REFUSED;
    d->waiting--;
    if (d->waiting == 0) {
        finish(d);
    }
}

static void on_drop(void *context)
{
    struct delivery *d = context;
    for (size_t i = 0; i < d->count; i++) {
        texting_forget(&d->texts[i]);
    }
}

static void store(struct delivery *d, const struct gateway_row *gateway)
{
    struct arena *arena = http_exchange_arena(d->exchange);
    int64_t received_us = http_exchange_request(d->exchange)->received_us;
    d->texts = arena_array(arena, d->count, sizeof(*d->texts));
    if (d->texts == NULL) {
        edge_refuse(d->exchange, 503);
        return;
    }
    http_exchange_on_drop(d->exchange, on_drop, d);
    for (size_t i = 0; i < d->count; i++) {
        d->texts[i].done = on_text;
        d->texts[i].context = d;
        d->texts[i].reply_wanted = carries_reply(d) || gateway->sends;
        bool started = texting_start(&d->texts[i], d->edge, gateway, &d->messages[i], received_us, arena);
        d->waiting += started ? 1 : 0;
        d->away = d->away || !started;
        d->edge->metrics.gateway_messages += started ? 1 : 0;
    }
    if (d->waiting == 0) {
        finish(d);
    }
}

/* What was read is stored, or answered at once. */
static void take(struct delivery *d, const struct gateway_row *gateway, const struct gateway_fields *fields)
{
    struct arena *arena = http_exchange_arena(d->exchange);
    switch (gateway_message_read_all(d->kind, fields, arena, &d->messages, &d->count)) {
    case GATEWAY_READ:
        store(d, gateway);
        return;
    case GATEWAY_NOTHING:
        answer(d, SLICE(""), SLICE(""));
        return;
    case GATEWAY_MALFORMED:
        edge_refuse(d->exchange, 400);
        return;
    case GATEWAY_NO_MEMORY:
        edge_refuse(d->exchange, 503);
        return;
    }
}

void edge_handle_gateway_message(struct http_exchange *exchange, void *role)
{
    struct edge *edge = role;
    struct arena *arena = http_exchange_arena(exchange);
    const struct gateway_row *gateway =
        reference_gateway(edge->reference, http_exchange_request(exchange)->parameters[0]);
    struct gateway_fields fields;
    if (!reference_knows_gateways(edge->reference)) {
        edge_refuse(exchange, 503);
        return;
    }
    struct delivery *d = arena_alloc(arena, sizeof(*d));
    const struct gateway_kind *kind = gateway_request_kind(gateway, arena);
    if (fetched_handle(edge, exchange, gateway, kind) ||
        !gateway_request_is_let_in(edge, exchange, gateway, kind, &fields)) {
        return; /* answered */
    }
    *d = (struct delivery){.edge = edge, .exchange = exchange, .kind = kind};
    d->route = (struct reply_route){arena_dup(arena, gateway->name), arena_dup(arena, gateway->crisis)};
    take(d, gateway, &fields);
}
