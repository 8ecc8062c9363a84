/* SPDX-License-Identifier: Apache-2.0
 * The phone asks (task=send), says which it took (task=sent), asks of which it may tell how they ended, and tells it (task=result).
 * http://smssync.ushahidi.com/developers/
 *
 * The app shows its secret in the query, but with task=sent none: there the parcels' ids prove that it was given them. */
#include "edge/fetched.h"

#include "core/buffer.h"
#include "core/clock.h"
#include "core/json_text.h"
#include "edge/gateway_request.h"
#include "edge/receipts.h"
#include "edge/refusal.h"
#include "seal/locked.h"

enum { ANSWER_MAX = 128 * 1024, CALL_SECONDS = 3, IDS_MAX = 64 };

struct fetching {
    struct edge *edge;
    struct http_exchange *exchange;
    struct slice gateway, secret; /* in the request's arena */
    struct pg_call *call;
};

static void on_drop(void *context)
{
    struct fetching *f = context;
    if (f->call != NULL) {
        pg_call_cancel(f->call);
    }
}

/* Takes the content over. */
static void respond(struct fetching *f, struct buffer *content)
{
    struct slice text =
        content->failed ? (struct slice){NULL, 0} : arena_dup(http_exchange_arena(f->exchange), buffer_slice(content));
    locked_wipe(buffer_slice(content));
    buffer_release(content);
    if (text.data == NULL) {
        edge_refuse(f->exchange, 503);
        return;
    }
    http_exchange_respond_simple(f->exchange, 200, SLICE("application/json"), text);
}

/* False when it answered: the register is away. */
static bool is_answered(struct fetching *f, const struct pg_answer *answer)
{
    f->call = NULL;
    if (answer->outcome != PG_COMMITTED) {
        edge_refuse(f->exchange, answer->outcome == PG_REFUSED ? 500 : 503);
    }
    return answer->outcome == PG_COMMITTED;
}

static void on_ids(void *context, const struct pg_answer *answer)
{
    struct fetching *f = context;
    struct buffer out;
    if (!is_answered(f, answer)) {
        return;
    }
    buffer_init(&out, ANSWER_MAX);
    buffer_add_text(&out, "{\"message_uuids\":[");
    for (int i = 0; i < PQntuples(answer->result); i++) {
        buffer_add_text(&out, i > 0 ? "," : "");
        json_text_add(&out, pg_get_slice(answer->result, i, 0));
    }
    buffer_add_text(&out, "]}");
    respond(f, &out);
}

/* A parcel is one of the answer's messages as it stands. One that does not open was not made for this gateway: it is left out. */
static bool add_parcel(struct fetching *f, struct buffer *out, struct slice id, struct slice locked, bool first)
{
    struct arena *arena = http_exchange_arena(f->exchange);
    struct slice owner = arena_printf(arena, "%.*s/%.*s", SLICE_ARGS(f->gateway), SLICE_ARGS(id));
    struct slice plain;
    if (owner.data == NULL || !locked_open(&f->edge->keys, owner, locked, arena, &plain)) {
        return false;
    }
    buffer_add_text(out, first ? "" : ",");
    buffer_add_slice(out, plain);
    locked_wipe(plain);
    return true;
}

static void on_parcels(void *context, const struct pg_answer *answer)
{
    struct fetching *f = context;
    struct buffer out;
    size_t added = 0;
    if (!is_answered(f, answer)) {
        return;
    }
    buffer_init(&out, ANSWER_MAX);
    buffer_add_text(&out, "{\"payload\":{\"task\":\"send\",\"secret\":");
    json_text_add(&out, f->secret); /* the app does what is asked only when its own secret comes back */
    buffer_add_text(&out, ",\"messages\":[");
    for (int i = 0; i < PQntuples(answer->result); i++) {
        added += add_parcel(f, &out, pg_get_slice(answer->result, i, 0), pg_get_slice(answer->result, i, 1), added == 0)
                     ? 1
                     : 0;
    }
    buffer_add_text(&out, "]}}");
    respond(f, &out);
}

static void ask(struct fetching *f, enum pg_statement statement, struct pg_params *params, pg_done *done)
{
    f->call = pg_pool_call(f->edge->pool, statement, params, NULL,
                           clock_monotonic() + CALL_SECONDS * MICROSECONDS_A_SECOND, done, f);
    pg_params_release(params);
    if (f->call == NULL) {
        edge_refuse(f->exchange, 503);
        return;
    }
    http_exchange_on_drop(f->exchange, on_drop, f);
}

/* The ids that the phone took; what is none of ours is passed over, and answered as if it was not there. */
static void take(struct fetching *f, const struct gateway_kind *kind)
{
    struct arena *arena = http_exchange_arena(f->exchange);
    struct gateway_fields fields;
    struct pg_params params;
    if (!gateway_fields_read(&fields, http_exchange_request(f->exchange), kind->carriage, arena)) {
        edge_refuse(f->exchange, arena->failed ? 503 : 400);
        return;
    }
    const struct tree *list = gateway_field_list(&fields, "queued_messages");
    if (list == NULL || list->count > IDS_MAX) {
        edge_refuse(f->exchange, 400);
        return;
    }
    pg_params_init(&params);
    pg_add_text(&params, f->gateway);
    pg_column_begin(&params, PG_TEXT);
    for (const struct tree *item = list->children.first; item != NULL; item = item->next) {
        struct uuid id;
        if (item->kind == TREE_TEXT && uuid_parse(item->text, &id)) {
            pg_add_text(&params, item->text);
        }
    }
    pg_column_end(&params);
    ask(f, PG_PARCEL_TAKE, &params, on_ids);
}

static void ask_for_gateway(struct fetching *f, enum pg_statement statement, pg_done *done)
{
    struct pg_params params;
    pg_params_init(&params);
    pg_add_text(&params, f->gateway);
    ask(f, statement, &params, done);
}

bool fetched_handle(struct edge *edge, struct http_exchange *exchange, const struct gateway_row *gateway,
                    const struct gateway_kind *kind)
{
    const struct http_request *request = http_exchange_request(exchange);
    struct arena *arena = http_exchange_arena(exchange);
    struct gateway_fields fields;
    struct slice task;
    if (kind == NULL || !kind->fetches || !http_request_query(request, arena, SLICE("task"), &task)) {
        return false;
    }
    struct fetching *f = arena_alloc(arena, sizeof(*f));
    struct gateway_kind *asked = arena_alloc(arena, sizeof(*asked));
    if (f == NULL || asked == NULL) {
        edge_refuse(exchange, 503);
        return true;
    }
    *f = (struct fetching){.edge = edge, .exchange = exchange, .gateway = arena_dup(arena, gateway->name)};
    bool shows_secret = http_request_query(request, arena, SLICE("secret"), &f->secret);
    *asked = *kind;
    asked->proof = GATEWAY_PROOF_SECRET;
    bool is_post = request->method == HTTP_POST;
    bool is_sent = is_post && slice_equal(task, SLICE("sent"));
    if ((shows_secret || !is_sent) && !gateway_request_is_let_in(edge, exchange, gateway, asked, &fields)) {
        return true; /* answered */
    }
    if (is_sent) {
        take(f, kind);
    } else if (!is_post && slice_equal(task, SLICE("send"))) {
        ask_for_gateway(f, PG_PARCEL_LIST, on_parcels);
    } else if (slice_equal(task, SLICE("result"))) {
        if (is_post) {
            receipts_take(edge, exchange, gateway, kind, &fields);
        } else {
            ask_for_gateway(f, PG_PARCEL_OUT, on_ids);
        }
    } else {
        edge_refuse(exchange, 400);
    }
    return true;
}
