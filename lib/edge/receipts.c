/* SPDX-License-Identifier: Apache-2.0
 * Delivery receipts in: whose request it is, which texts it tells of, and one statement for all of them.
 *
 * The address that went with a text proves itself (gateway/receipt_url.h); one that was entered at the provider is proven as messages are. */
#include "edge/receipts.h"

#include <string.h>

#include "core/clock.h"
#include "domain/delivery.h"
#include "edge/gateway_request.h"
#include "edge/handlers.h"
#include "edge/refusal.h"
#include "gateway/answer.h"
#include "gateway/receipt.h"
#include "gateway/receipt_url.h"

enum { STORE_SECONDS = 3, REASON_MAX = 32 };

struct receipts {
    struct edge *edge;
    struct http_exchange *exchange;
    const struct gateway_kind *kind;
    size_t told; /* receipts that tell something */
    struct pg_call *call;
};

static void respond(struct receipts *r)
{
    struct slice content = gateway_answer(r->kind, SLICE(""), SLICE(""), http_exchange_arena(r->exchange));
    if (content.data == NULL) {
        edge_refuse(r->exchange, 503);
        return;
    }
    http_exchange_respond_simple(r->exchange, 200, slice_of(r->kind->answer.type), content);
}

static void on_stored(void *context, const struct pg_answer *answer)
{
    struct receipts *r = context;
    r->call = NULL;
    if (answer->outcome != PG_COMMITTED) {
        edge_refuse(r->exchange, answer->outcome == PG_REFUSED ? 500 : 503); /* the gateway tries again */
        return;
    }
    size_t known = (size_t)pg_get_int(answer->result, 0, 0);
    r->edge->metrics.receipts += known;
    r->edge->metrics.receipts_unknown += r->told > known ? r->told - known : 0;
    respond(r);
}

static void on_drop(void *context)
{
    struct receipts *r = context;
    if (r->call != NULL) {
        pg_call_cancel(r->call);
    }
}

/* What the register makes of it: NULL says nothing new. That a text waits at the gateway says that the gateway took it. */
static const char *state_of(enum gateway_delivery state)
{
    static const enum delivery_state states[] = {
        [GATEWAY_QUEUED] = DELIVERY_SENT,         [GATEWAY_SENT] = DELIVERY_SENT,
        [GATEWAY_DELIVERED] = DELIVERY_DELIVERED, [GATEWAY_FAILED] = DELIVERY_FAILED,
        [GATEWAY_EXPIRED] = DELIVERY_FAILED,      [GATEWAY_REJECTED] = DELIVERY_FAILED,
    };
    return state == GATEWAY_UNKNOWN ? NULL : delivery_state_name(states[state]);
}

/* The gateway's free words may hold the number, or what the text says: only what can be a code is kept. */
static bool is_code(struct slice word)
{
    static const char *const marks = "_.:-";
    bool code = word.length > 0 && word.length <= REASON_MAX;
    for (size_t i = 0; code && i < word.length; i++) {
        char c = word.data[i];
        code = (c >= '0' && c <= '9') || (c >= 'A' && c <= 'Z') || (c >= 'a' && c <= 'z') ||
               (c != '\0' && strchr(marks, c) != NULL);
    }
    return code;
}

static struct slice reason_of(const struct gateway_receipt *receipt)
{
    static const char *const words[] = {
        [GATEWAY_FAILED] = "failed", [GATEWAY_EXPIRED] = "expired_there", [GATEWAY_REJECTED] = "rejected"};
    if (receipt->state < GATEWAY_FAILED) {
        return SLICE("");
    }
    return is_code(receipt->reason) ? receipt->reason : slice_of(words[receipt->state]);
}

/* Five columns, of the receipts that tell something. */
static size_t encode(struct pg_params *params, const struct gateway_receipt *receipts, size_t count)
{
    size_t told = 0;
    static const enum pg_type types[] = {PG_UUID, PG_TEXT, PG_TEXT, PG_TEXT, PG_TIMESTAMPTZ};
    for (size_t column = 0; column < sizeof(types) / sizeof(types[0]); column++) {
        told = 0;
        pg_column_begin(params, types[column]);
        for (size_t i = 0; i < count; i++) {
            const struct gateway_receipt *receipt = &receipts[i];
            struct uuid reference;
            bool ours = uuid_parse(receipt->reference, &reference);
            if (state_of(receipt->state) == NULL) {
                continue;
            }
            told++;
            if (column == 0 && ours) {
                pg_add_uuid(params, &reference);
            } else if (column == 1) {
                pg_add_text_or_null(params, receipt->id);
            } else if (column == 2) {
                pg_add_text(params, slice_of(state_of(receipt->state)));
            } else if (column == 3) {
                pg_add_text_or_null(params, reason_of(receipt));
            } else if (column == 4 && receipt->has_at) {
                pg_add_time(params, receipt->at_us);
            } else {
                pg_add_null(params);
            }
        }
        pg_column_end(params);
    }
    return told;
}

static void store(struct receipts *r, struct slice gateway, const struct gateway_receipt *receipts, size_t count)
{
    struct pg_params params;
    pg_params_init(&params);
    pg_add_text(&params, gateway);
    r->told = encode(&params, receipts, count);
    if (r->told == 0) {
        pg_params_release(&params);
        respond(r);
        return;
    }
    r->call = pg_pool_call(r->edge->pool, PG_RECEIPT_STORE, &params, NULL,
                           clock_monotonic() + STORE_SECONDS * MICROSECONDS_A_SECOND, on_stored, r);
    pg_params_release(&params);
    if (r->call == NULL) {
        edge_refuse(r->exchange, 503);
        return;
    }
    http_exchange_on_drop(r->exchange, on_drop, r);
}

/* Called at the address that went with a text; then *reference is which. */
static bool is_called_as_given(struct edge *edge, const struct http_request *request, struct slice gateway,
                               struct arena *arena, struct slice *reference)
{
    struct slice sign;
    struct uuid id;
    return http_request_query(request, arena, SLICE("ref"), reference) &&
           http_request_query(request, arena, SLICE("sign"), &sign) && uuid_parse(*reference, &id) &&
           receipt_url_proves(&edge->keys, gateway, &id, sign, arena);
}

static void take(struct receipts *r, const struct gateway_row *gateway, const struct gateway_fields *fields,
                 struct slice reference)
{
    struct gateway_receipt *receipts = NULL;
    size_t count = 0;
    switch (gateway_receipt_read_all(r->kind, fields, http_exchange_arena(r->exchange), &receipts, &count)) {
    case GATEWAY_READ:
        for (size_t i = 0; reference.length > 0 && i < count; i++) {
            receipts[i].reference = reference; /* the address proves itself for no other */
        }
        store(r, gateway->name, receipts, count);
        return;
    case GATEWAY_NOTHING:
        respond(r);
        return;
    case GATEWAY_MALFORMED:
        edge_refuse(r->exchange, 400);
        return;
    case GATEWAY_NO_MEMORY:
        edge_refuse(r->exchange, 503);
        return;
    }
}

void receipts_take(struct edge *edge, struct http_exchange *exchange, const struct gateway_row *gateway,
                   const struct gateway_kind *kind, const struct gateway_fields *fields)
{
    struct receipts *r = arena_alloc(http_exchange_arena(exchange), sizeof(*r));
    if (r == NULL) {
        edge_refuse(exchange, 503);
        return;
    }
    *r = (struct receipts){.edge = edge, .exchange = exchange, .kind = kind};
    take(r, gateway, fields, SLICE(""));
}

void edge_handle_gateway_receipt(struct http_exchange *exchange, void *role)
{
    struct edge *edge = role;
    struct arena *arena = http_exchange_arena(exchange);
    const struct http_request *request = http_exchange_request(exchange);
    const struct gateway_row *gateway = reference_gateway(edge->reference, request->parameters[0]);
    struct gateway_fields fields = {.json = NULL};
    struct slice reference = SLICE("");
    if (!reference_knows_gateways(edge->reference)) {
        edge_refuse(exchange, 503);
        return;
    }
    struct receipts *r = arena_alloc(arena, sizeof(*r));
    const struct gateway_kind *kind = gateway_request_kind(gateway, arena);
    bool given = r != NULL && kind != NULL && is_called_as_given(edge, request, gateway->name, arena, &reference);
    if (given && !gateway_fields_read(&fields, request, kind->carriage | GATEWAY_IN_QUERY, arena)) {
        edge_refuse(exchange, arena->failed ? 503 : 400);
        return;
    }
    if (!given) {
        reference = SLICE("");
        if (!gateway_request_is_let_in(edge, exchange, gateway, kind, &fields)) {
            return; /* answered */
        }
    }
    *r = (struct receipts){.edge = edge, .exchange = exchange, .kind = kind};
    take(r, gateway, &fields, reference);
}
