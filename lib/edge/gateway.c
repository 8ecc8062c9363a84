/* SPDX-License-Identifier: Apache-2.0
 * SMS in: whose request it is, what it brings, and one answer when all of it is on stable storage. */
#include "core/clock.h"
#include "edge/handlers.h"
#include "edge/refusal.h"
#include "edge/role.h"
#include "edge/texting.h"
#include "gateway/answer.h"
#include "gateway/message.h"
#include "gateway/proof.h"
#include "seal/locked.h"

/* The messages of one request. */
struct delivery {
    struct edge *edge;
    struct http_exchange *exchange;
    const struct gateway_kind *kind;
    struct gateway_message *messages;
    size_t count;
    struct texting *texts; /* one a message */
    size_t waiting;        /* of them */
    bool away, refused;    /* one of them at least */
};

/* The gateway's address of ours, as it was entered there and as it signs it. */
static struct slice called_url(const struct edge *edge, const struct http_request *request, struct arena *arena)
{
    return arena_printf(arena, "%s%.*s", edge->public_url, SLICE_ARGS(request->target));
}

static bool proves(const struct edge *edge, const struct gateway_row *gateway, const struct gateway_kind *kind,
                   const struct http_request *request, const struct gateway_fields *fields, struct arena *arena)
{
    struct gateway_evidence evidence = {
        .request = request,
        .fields = fields,
        .url = called_url(edge, request, arena),
        .keys = &edge->keys,
        .secret_check = gateway->secret_check,
        .now_us = clock_now(&edge->clock),
    };
    if (gateway_proof_secret(kind->proof) != GATEWAY_SECRET_CHECKED &&
        !locked_open(&edge->keys, gateway->name, gateway->signing_key, arena, &evidence.key)) {
        return false;
    }
    bool holds = gateway_proof_holds(kind->proof, &evidence, arena);
    locked_wipe(evidence.key);
    return holds;
}

/* The fields of a request that proves to be the gateway's. Else it is answered: an unknown gateway, a wrong secret, a wrong signature and, where it takes
 * the content to see that, content that cannot be read, all look the same. */
static bool is_let_in(struct edge *edge, struct http_exchange *exchange, const struct gateway_row *gateway,
                      const struct gateway_kind *kind, struct gateway_fields *fields)
{
    const struct http_request *request = http_exchange_request(exchange);
    struct arena *arena = http_exchange_arena(exchange);
    bool shows_secret = kind != NULL && kind->proof == GATEWAY_PROOF_SECRET; /* then nothing is read for strangers */
    *fields = (struct gateway_fields){.json = NULL};
    bool proven = shows_secret && proves(edge, gateway, kind, request, fields, arena);
    bool read = kind != NULL && proven == shows_secret && gateway_fields_read(fields, request, kind->carriage, arena);
    proven = proven || (read && !shows_secret && proves(edge, gateway, kind, request, fields, arena));
    if (arena->failed) {
        edge_refuse(exchange, 503);
    } else if (!proven) {
        edge->metrics.gateway_refused++;
        edge_refuse(exchange, 403);
    } else if (!read) {
        edge_refuse(exchange, 400);
    }
    return proven && read && !arena->failed;
}

static void answer(struct delivery *d, struct slice reply, struct slice to)
{
    struct slice content = gateway_answer(d->kind, reply, to, http_exchange_arena(d->exchange));
    if (content.data == NULL) {
        edge_refuse(d->exchange, 503); /* it is stored: sent again it is the same message */
        return;
    }
    http_exchange_respond_simple(d->exchange, 200, slice_of(d->kind->answer.type), content);
}

static void finish(struct delivery *d)
{
    if (d->refused) {
        edge_refuse(d->exchange, 500);
    } else if (d->away) {
        edge_refuse(d->exchange, 503); /* the gateway tries again */
    } else if (d->count == 1) {
        answer(d, d->texts[0].reply, d->messages[0].from);
    } else {
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
        d->texts[i].reply_wanted = d->count == 1 && d->kind->answer.reply != NULL;
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

/* The kind of the gateway with its own names; NULL when there is no such gateway. */
static const struct gateway_kind *kind_of(const struct gateway_row *gateway, struct arena *arena)
{
    const struct gateway_kind *kind = gateway != NULL ? gateway_kind_find(gateway->kind) : NULL;
    return kind != NULL ? gateway_kind_with_names(kind, gateway->field_names, arena) : NULL;
}

void edge_handle_gateway_message(struct http_exchange *exchange, void *role)
{
    struct edge *edge = role;
    struct arena *arena = http_exchange_arena(exchange);
    const struct gateway_row *gateway =
        reference_gateway(edge->reference, http_exchange_request(exchange)->parameters[0]);
    struct gateway_fields fields;
    if (!reference_is_known(edge->reference)) {
        edge_refuse(exchange, 503);
        return;
    }
    struct delivery *d = arena_alloc(arena, sizeof(*d));
    const struct gateway_kind *kind = kind_of(gateway, arena);
    if (!is_let_in(edge, exchange, gateway, kind, &fields)) {
        return; /* answered */
    }
    *d = (struct delivery){.edge = edge, .exchange = exchange, .kind = kind};
    take(d, gateway, &fields);
}
