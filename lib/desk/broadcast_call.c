/* SPDX-License-Identifier: Apache-2.0
 * Count, read, open, render. */
#include "desk/broadcast_call.h"

#include "store/sealed_row.h"

enum { PRICE_UNITS = 100000 };

bool broadcast_call_parse(struct broadcast_call *call)
{
    if (!uuid_parse(call->call.request->parameters[0], &call->id)) {
        desk_refuse(&call->call, 404, NULL);
        return false;
    }
    return true;
}

static void query(struct broadcast_call *call, enum broadcast_call_step step, enum pg_statement statement)
{
    struct pg_params params;
    call->step = step;
    pg_params_init(&params);
    if (step == BROADCAST_CALL_TEXTS) {
        broadcast_texts_params(&params, &call->id, opening_recipient_id(&call->call.desk->opening));
    } else {
        broadcast_get_params(&params, &call->id);
    }
    desk_call_query(&call->call, statement, &params);
}

void broadcast_call_show(struct broadcast_call *call, bool counts)
{
    call->status = call->status != 0 ? call->status : 200;
    if (counts) {
        query(call, BROADCAST_CALL_COUNT, PG_BROADCAST_COUNT);
    } else {
        query(call, BROADCAST_CALL_SHOW, PG_BROADCAST_GET);
    }
}

/* --- shapes ---------------------------------------------------------------------------------------------------------------- */

void broadcast_call_render_row(struct render *render, json_t *object, const struct broadcast_row *row)
{
    char id[UUID_TEXT_SIZE + 1];
    render_set(render, object, "id", render_slice(uuid_format(&row->id, id)));
    render_set(render, object, "crisis", render_slice(row->crisis));
    render_set(render, object, "state", render_slice(row->state));
    render_set(render, object, "reason", render_slice(row->reason));
    render_set(render, object, "author", render_slice(row->author));
    render_set(render, object, "created_at", render_time(row->created_us));
    render_set(render, object, "recipients", json_integer(row->recipients));
    render_set(render, object, "filled", json_integer(row->filled));
    render_set(render, object, "approval_above", json_integer(row->approval_above));
    render_set(render, object, "approved_by", render_slice(row->approver));
    render_set(render, object, "started_at", render_time(row->started_us));
    render_set(render, object, "ended_at", render_time(row->ended_us));
    render_set(render, object, "ended_by", render_slice(row->ender));
}

static json_t *list_of(struct render *render, struct slice words, bool numbers)
{
    struct slice word;
    json_t *list = json_array();
    while (slice_split(&words, ' ', &word)) {
        uint64_t number = 0;
        if (word.length > 0 && numbers && slice_to_u64(word, 9, &number)) {
            render_add(render, list, json_integer((json_int_t)number));
        } else if (word.length > 0) {
            render_add(render, list, render_slice(word));
        }
    }
    return list;
}

static json_t *render_audience(struct render *render, const struct broadcast_detail *detail)
{
    json_t *audience = json_object();
    json_t *zone = json_null();
    if (detail->has_zone) {
        zone = json_object();
        render_set(render, zone, "lat", json_real(detail->zone.lat));
        render_set(render, zone, "lon", json_real(detail->zone.lon));
        render_set(render, zone, "km", json_real(detail->zone.km));
    }
    render_set(render, audience, "posts", list_of(render, detail->posts, false));
    render_set(render, audience, "cells", list_of(render, detail->cells, false));
    render_set(render, audience, "zone", zone);
    render_set(render, audience, "languages", list_of(render, detail->languages, false));
    render_set(render, audience, "bands", list_of(render, detail->bands, true));
    render_set(render, audience, "needs", render_words(&vocabulary_need, detail->needs));
    render_set(render, audience, "intents", list_of(render, detail->intents, false));
    render_set(render, audience, "statuses", list_of(render, detail->statuses, false));
    render_set(render, audience, "overdue", json_boolean(detail->overdue));
    return audience;
}

static void on_shown(struct broadcast_call *call, const PGresult *rows)
{
    struct broadcast_detail detail;
    struct render *render = &call->call.answer;
    if (!broadcast_detail_read(rows, &detail)) {
        desk_refuse(&call->call, 404, NULL);
        return;
    }
    render_begin(render);
    json_t *root = render->root;
    broadcast_call_render_row(render, root, &detail.row);
    render_set(render, root, "mine", json_boolean(detail.author_id == call->call.who.staff_id));
    render_set(render, root, "needs_approval", json_boolean(detail.row.recipients > detail.row.approval_above));
    render_set(render, root, "audience", render_audience(render, &detail));
    render_set(render, root, "texts_a_second", json_integer(detail.texts_a_second));
    render_set(render, root, "hours", json_integer(detail.hours));
    render_set(render, root, "opted_out", json_integer(detail.opted_out));
    render_set(render, root, "no_number", json_integer(detail.no_number));
    render_set(render, root, "counting", json_boolean(detail.counting));
    render_set(render, root, "counted_at", render_time(detail.counted_us));
    render_set(render, root, "proposed_at", render_time(detail.proposed_us));
    render_set(render, root, "expires_at", render_time(detail.expires_us));
    render_set(render, root, "gateway", render_slice(detail.gateway));
    call->has_price = detail.has_price;
    call->segment_price = detail.segment_price;
    call->currency = arena_dup(call->call.arena, detail.currency);
    query(call, BROADCAST_CALL_TEXTS, PG_BROADCAST_TEXTS);
}

static json_t *render_text_of(struct broadcast_call *call, const struct broadcast_text_row *row)
{
    uint8_t row_id[SEALED_ROW_SIZE];
    bool unreadable = false;
    struct render *render = &call->call.answer;
    struct seal_place place = {"broadcast_text", "text", sealed_row_uuid(&row->id, row_id)};
    json_t *object = json_object();
    render_set(render, object, "language", render_slice(row->language));
    render_set(render, object, "text", opening_text(&call->call.desk->opening, &row->text, &place, &unreadable));
    render_set(render, object, "segments", json_integer(row->segments));
    render_set(render, object, "recipients", json_integer(row->recipients));
    if (unreadable) {
        render_set(render, object, "unreadable", json_true());
    }
    return object;
}

/* An amount in the currency's hundredths: "12.35"; null when nobody said what a segment costs. */
static json_t *render_cost(struct broadcast_call *call)
{
    if (!call->has_price) {
        return json_null();
    }
    int64_t hundredths = (call->segments * call->segment_price + PRICE_UNITS / 200) / (PRICE_UNITS / 100);
    json_t *cost = json_object();
    render_set(&call->call.answer, cost, "amount",
               json_sprintf("%lld.%02lld", (long long)(hundredths / 100), (long long)(hundredths % 100)));
    render_set(&call->call.answer, cost, "currency", render_slice(call->currency));
    return cost;
}

static void on_texts(struct broadcast_call *call, const PGresult *rows)
{
    struct render *render = &call->call.answer;
    json_t *texts = json_array();
    for (int i = 0; i < PQntuples(rows); i++) {
        struct broadcast_text_row row;
        broadcast_text_row_read(rows, i, &row);
        call->segments += row.segments * row.recipients;
        render_add(render, texts, render_text_of(call, &row));
    }
    render_set(render, render->root, "texts", texts);
    render_set(render, render->root, "segments", json_integer(call->segments));
    render_set(render, render->root, "cost", render_cost(call));
    query(call, BROADCAST_CALL_PROGRESS, PG_BROADCAST_PROGRESS);
}

static void on_progress(struct broadcast_call *call, const PGresult *rows)
{
    struct render *render = &call->call.answer;
    json_t *texts = json_object();
    json_t *answers = json_object();
    for (int i = 0; i < PQntuples(rows); i++) {
        struct slice kind = pg_get_slice(rows, i, 0);
        char name[32] = "";
        struct slice said = pg_get_slice(rows, i, 1);
        (void)snprintf(name, sizeof(name), "%.*s", SLICE_ARGS(said));
        render_set(render, slice_equal(kind, SLICE("text")) ? texts : answers, name,
                   json_integer(pg_get_int(rows, i, 2)));
    }
    render_set(render, render->root, "progress", texts);
    render_set(render, render->root, "answers", answers);
    desk_respond_json(&call->call, call->status, NULL, 0);
}

void broadcast_call_go_on(struct broadcast_call *call, const PGresult *rows)
{
    switch (call->step) {
    case BROADCAST_CALL_COUNT:
        query(call, BROADCAST_CALL_SHOW, PG_BROADCAST_GET);
        break;
    case BROADCAST_CALL_SHOW:
        on_shown(call, rows);
        break;
    case BROADCAST_CALL_TEXTS:
        on_texts(call, rows);
        break;
    case BROADCAST_CALL_PROGRESS:
        on_progress(call, rows);
        break;
    case BROADCAST_CALL_OWN: /* the capability's */
        break;
    }
}
