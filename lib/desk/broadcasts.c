/* SPDX-License-Identifier: Apache-2.0
 * GET and POST /api/v1/broadcasts: those there are, and a new draft with its count. Nothing is sent by it.
 *
 *   OWN --texts sealed, the draft stored--> OWN --taken--> the draft is counted and shown (broadcast_call.h)
 *                                            \--not theirs--> 422
 */
#include "core/json_read.h"
#include "desk/broadcast_call.h"
#include "desk/handlers.h"
#include "domain/registration.h"
#include "page/text.h"
#include "store/sealed_row.h"

enum { CELLS_MAX = 16384 };

struct drafting {
    struct broadcast_call b;
    struct broadcast_draft draft;
    struct broadcast_sealed_text texts[BROADCAST_TEXTS_MAX];
    bool stored; /* its rows are awaited */
};

static void step_list(struct desk_call *call, const PGresult *rows)
{
    struct pg_params params;
    if (rows == NULL) {
        pg_params_init(&params);
        desk_call_query(call, PG_BROADCAST_LIST, &params);
        return;
    }
    struct render *render = &call->answer;
    render_begin(render);
    json_t *list = json_array();
    for (int i = 0; i < PQntuples(rows); i++) {
        struct broadcast_row row;
        json_t *object = json_object();
        broadcast_row_read(rows, i, &row);
        broadcast_call_render_row(render, object, &row);
        render_add(render, list, object);
    }
    render_set(render, render->root, "broadcasts", list);
    desk_respond_json(call, 200, NULL, 0);
}

/* The sentence that asks for an answer, in the text's language; where we do not speak it, what everybody reads. */
static struct slice text_of(struct drafting *d, const struct broadcast_words *said)
{
    const struct page_language *spoken = page_language_find(said->language);
    struct slice ask = spoken != NULL ? page_text(spoken, "sms.broadcast_ask") : SLICE(BROADCAST_ASK_EVERYBODY);
    return d->draft.asks
               ? arena_printf(d->b.call.arena, "%.*s %.*s", SLICE_ARGS(slice_trim(said->text)), SLICE_ARGS(ask))
               : slice_trim(said->text);
}

static bool seal_texts(struct drafting *d, struct seal_epoch *keys, struct field_errors *errors)
{
    for (size_t i = 0; i < d->draft.text_count; i++) {
        uint8_t row[SEALED_ROW_SIZE];
        const struct broadcast_words *said = &d->draft.texts[i];
        struct broadcast_sealed_text *text = &d->texts[i];
        struct slice whole = text_of(d, said);
        *text = (struct broadcast_sealed_text){.id = uuid_random(), .language = said->language};
        text->segments = broadcast_size(d->b.call.arena, whole).segments;
        if (text->segments > TEXT_SEGMENTS_MAX) {
            field_error_add_limit(errors, FIELD_TOO_LONG, TEXT_UNUSUAL_MAX_CHARACTERS, "texts/%.*s",
                                  SLICE_ARGS(said->language));
        }
        struct seal_place place = {"broadcast_text", "text", sealed_row_uuid(&text->id, row)};
        text->sealed = seal_field(keys, d->b.call.arena, &place, whole);
        if (text->sealed.data == NULL) {
            return false;
        }
    }
    return true;
}

/* False when it refused: what was sent is no draft. */
static bool read_draft(struct drafting *d)
{
    struct desk_call *call = &d->b.call;
    struct field_errors errors = {.count = 0};
    if (!http_request_media_type_is(call->request, SLICE("application/json"))) {
        desk_refuse(call, 415, NULL);
        return false;
    }
    const struct tree *tree = json_read(call->arena, call->request->body);
    if (tree == NULL || tree->kind != TREE_OBJECT) {
        desk_refuse(call, 400, "problem.not_json.detail");
        return false;
    }
    broadcast_decode(call->arena, tree, &d->draft, &errors);
    if (errors.count > 0) {
        desk_refuse_fields(call, 422, &errors);
    }
    return errors.count == 0;
}

static bool find_cells(struct drafting *d, struct broadcast_record *record)
{
    const struct broadcast_zone *zone = &d->draft.audience.zone;
    if (!zone->given) {
        return true;
    }
    char(*cells)[CELL_SIZE + 1] = arena_array(d->b.call.arena, CELLS_MAX, CELL_SIZE + 1);
    record->cells = (const char(*)[CELL_SIZE + 1]) cells;
    record->cell_count = cells != NULL ? cell_within(zone->lat, zone->lon, zone->km, cells, CELLS_MAX) : 0;
    return cells != NULL;
}

static void store(struct drafting *d)
{
    struct desk_call *call = &d->b.call;
    struct field_errors errors = {.count = 0};
    struct note_epoch *notes = &call->desk->notes;
    struct seal_epoch *keys = note_epoch_current(notes);
    struct pg_params params;
    struct broadcast_record record = {
        .id = d->b.id,
        .draft = &d->draft,
        .epoch = keys,
        .epoch_opened_us = notes->opened_us,
        .texts = d->texts,
        .text_count = d->draft.text_count,
        .staff_id = call->who.staff_id,
        .origin = call->origin,
    };
    if (keys == NULL || !seal_texts(d, keys, &errors) || !find_cells(d, &record)) {
        desk_refuse_for(call, 503, NULL, 1);
        return;
    }
    if (d->draft.audience.zone.given && record.cell_count == 0) {
        field_error_add(&errors, FIELD_OUT_OF_RANGE, "audience/zone/km");
    }
    if (errors.count > 0) {
        desk_refuse_fields(call, 422, &errors);
        return;
    }
    d->stored = true;
    pg_params_init(&params);
    broadcast_add_params(&params, &record);
    desk_call_query(call, PG_BROADCAST_ADD, &params);
}

/* Not every post of the crisis is theirs, or none is, or the crisis is closed. */
static void refuse(struct drafting *d)
{
    struct field_errors errors = {.count = 0};
    if (d->draft.audience.posts.count > 0) {
        field_error_add(&errors, FIELD_NOT_A_VALUE, "audience/posts");
    } else {
        field_error_add(&errors, FIELD_NOT_A_CRISIS, "crisis");
    }
    desk_refuse_fields(&d->b.call, 422, &errors);
}

static void step_draft(struct desk_call *call, const PGresult *rows)
{
    struct drafting *d = (struct drafting *)call;
    if (d->b.step != BROADCAST_CALL_OWN) {
        broadcast_call_go_on(&d->b, rows);
    } else if (!d->stored) {
        d->b.id = uuid_random();
        if (desk_call_key(call, &d->b.id) && read_draft(d)) {
            store(d);
        }
    } else if (PQntuples(rows) == 1 && pg_get_bool(rows, 0, 0)) {
        d->b.status = 201;
        broadcast_call_show(&d->b, true);
    } else {
        refuse(d);
    }
}

static void step_show(struct desk_call *call, const PGresult *rows)
{
    struct broadcast_call *b = (struct broadcast_call *)call;
    if (b->step != BROADCAST_CALL_OWN) {
        broadcast_call_go_on(b, rows);
    } else if (broadcast_call_parse(b)) {
        broadcast_call_show(b, desk_call_may(call, RIGHT_WORK));
    }
}

void desk_broadcasts(struct http_exchange *exchange, void *role)
{
    static const struct desk_capability capability = {
        .right = RIGHT_LOOK, .size = sizeof(struct desk_call), .step = step_list};
    desk_call_start(exchange, role, &capability);
}

void desk_post_broadcast(struct http_exchange *exchange, void *role)
{
    static const struct desk_capability capability = {
        .right = RIGHT_WORK, .size = sizeof(struct drafting), .step = step_draft};
    desk_call_start(exchange, role, &capability);
}

void desk_broadcast(struct http_exchange *exchange, void *role)
{
    static const struct desk_capability capability = {
        .right = RIGHT_LOOK, .size = sizeof(struct broadcast_call), .step = step_show};
    desk_call_start(exchange, role, &capability);
}
