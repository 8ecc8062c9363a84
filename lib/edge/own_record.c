/* SPDX-License-Identifier: Apache-2.0
 * A citizen looks at what became of their own registration: GET /api/v1/registrations/{case}, and the form of /status. The personal part
 * is sealed, and this process cannot open it: they are shown the facts that are in the clear. */
#include "core/case_code.h"
#include "core/clock.h"
#include "core/json_text.h"
#include "store/derive.h"
#include "edge/handlers.h"
#include "edge/pages.h"
#include "edge/refusal.h"
#include "edge/role.h"
#include "page/citizen.h"
#include "store/own_record.h"

enum { LOOK_SECONDS = 5, OWN_JSON_MAX = 8 * 1024 };

struct looking {
    struct edge *edge;
    struct http_exchange *exchange;
    bool from_form;
    struct form form; /* as typed */
    int64_t registration_id;
    struct pg_call *call;
};

static void on_drop(void *context)
{
    struct looking *l = context;
    if (l->call != NULL) {
        pg_call_cancel(l->call);
    }
}

static void add_time(struct buffer *json, const char *name, int64_t time_us)
{
    char text[TIME_TEXT_MAX];
    if (time_us != 0) {
        buffer_printf(json, ",\"%s\":\"%.*s\"", name, SLICE_ARGS(time_format(time_us, text)));
    } else {
        buffer_printf(json, ",\"%s\":null", name);
    }
}

static void add_word(struct buffer *json, const char *name, struct slice word)
{
    buffer_printf(json, ",\"%s\":", name);
    if (word.length > 0) {
        json_text_add(json, word);
    } else {
        buffer_add_text(json, "null");
    }
}

static void add_needs(struct buffer *json, uint32_t needs)
{
    const char *separator = "";
    buffer_add_text(json, ",\"needs\":[");
    for (unsigned need = 0; need < NEED_COUNT; need++) {
        if ((needs & NEED_BIT(need)) != 0) {
            buffer_add_text(json, separator);
            json_text_add(json, vocabulary_name(&vocabulary_need, need));
            separator = ",";
        }
    }
    buffer_add_byte(json, ']');
}

/* By the cell, which is all that is known here of where they are. */
static struct assembly_view nearest(const struct looking *l, const struct own_record *own)
{
    struct assembly_view view = {.by_cell = true};
    double lat = 0;
    double lon = 0;
    size_t count = 0;
    const struct crisis_row *crisis = reference_crisis(l->edge->reference, own->crisis);
    const struct assembly_point *points = reference_assembly(l->edge->reference, &count);
    if (crisis == NULL || slice_equal(own->last_status, SLICE("departed")) || !cell_middle(own->cell, &lat, &lon) ||
        !assembly_nearest(points, count, own->crisis, crisis->country, lat, lon, &view.way)) {
        view.way.to = NULL;
    }
    return view;
}

static void add_assembly(struct buffer *json, const struct assembly_way *way)
{
    char code[PLUS_CODE_SIZE + 1];
    if (way->to == NULL) {
        buffer_add_text(json, ",\"assembly_point\":null");
        return;
    }
    assembly_plus_code(way->to->lat, way->to->lon, code);
    buffer_add_text(json, ",\"assembly_point\":{\"name\":");
    json_text_add(json, way->to->name);
    buffer_printf(json, ",\"plus_code\":\"%s\",\"lat\":%.5f,\"lon\":%.5f,\"distance_m\":%.0f,\"bearing\":\"%s\"}", code,
                  way->to->lat, way->to->lon, way->distance_m, vocabulary_name(&vocabulary_bearing, way->bearing).data);
}

static void answer_json(struct looking *l, const struct own_record *own)
{
    struct buffer json;
    char code[CASE_CODE_TEXT_SIZE + 1];
    char received_text[TIME_TEXT_MAX];
    buffer_init(&json, OWN_JSON_MAX);
    buffer_printf(&json, "{\"case\":\"%.*s\"", SLICE_ARGS(case_code_format(l->registration_id, code)));
    add_word(&json, "crisis", own->crisis);
    add_word(&json, "language", own->language);
    buffer_printf(&json, ",\"people\":%u", own->party_size);
    add_needs(&json, own->needs);
    add_word(&json, "intent", own->intent);
    add_time(&json, "registered_at", own->received_us);
    add_time(&json, "check_in_by", own->check_in_by_us);
    add_word(&json, "last_status", own->last_status);
    add_time(&json, "last_check_in_at", own->last_check_in_us);
    add_word(&json, "case_state", own->case_state);
    struct assembly_view assembly = nearest(l, own);
    add_assembly(&json, &assembly.way);
    int64_t received = own->case_received_us != 0 ? own->case_received_us : own->received_us;
    buffer_printf(&json, ",\"acknowledgement\":{\"received_at\":\"%.*s\"",
                  SLICE_ARGS(time_format(received, received_text)));
    add_time(&json, "read_at", own->read_us);
    add_time(&json, "acted_at", own->answered_us);
    buffer_add_text(&json, "}}");
    if (json.failed) {
        edge_refuse(l->exchange, 503);
    } else {
        http_exchange_respond_simple(l->exchange, 200, SLICE("application/json"), buffer_slice(&json));
    }
    buffer_release(&json);
}

static void show(struct looking *l, const struct own_record *own)
{
    struct buffer out;
    struct crisis_view view;
    char code[CASE_CODE_TEXT_SIZE + 1];
    const struct crisis_row *crisis =
        own != NULL ? reference_crisis(l->edge->reference, own->crisis) : reference_only_crisis(l->edge->reference);
    struct page_request request = pages_request(l->exchange, crisis);
    if (crisis != NULL) {
        view = pages_crisis_view(crisis, request.language);
    }
    buffer_init(&out, PAGE_MAX);
    if (own == NULL) {
        page_status_form(&out, &request, crisis != NULL ? &view : NULL, &l->form, NULL, true);
    } else {
        const struct own_status_view status = {case_code_format(l->registration_id, code),
                                               own->party_size,
                                               own->received_us,
                                               own->check_in_by_us,
                                               own->last_status,
                                               own->last_check_in_us,
                                               own->case_state,
                                               own->case_received_us,
                                               own->read_us,
                                               own->answered_us,
                                               own->resolved_us,
                                               nearest(l, own)};
        page_status(&out, &request, crisis != NULL ? &view : NULL, &status);
    }
    pages_respond(l->exchange, own == NULL ? 404 : 200, &out);
}

/* A wrong secret and an unknown case look the same, to a program and to a person. */
static void not_found(struct looking *l)
{
    if (l->from_form) {
        show(l, NULL);
    } else {
        edge_refuse(l->exchange, 404);
    }
}

static void on_record(void *context, const struct pg_answer *answer)
{
    struct looking *l = context;
    struct own_record own;
    l->call = NULL;
    if (answer->outcome != PG_COMMITTED) {
        if (l->from_form) {
            pages_respond_error(l->edge, l->exchange, 503, NULL);
        } else {
            edge_refuse(l->exchange, 503);
        }
    } else if (!own_record_read(answer->result, &own)) {
        not_found(l);
    } else if (l->from_form) {
        show(l, &own);
    } else {
        answer_json(l, &own);
    }
}

static void look(struct looking *l, struct slice case_code, struct slice secret)
{
    uint8_t mac[BLIND_SIZE];
    struct pg_params params;
    if (case_code_parse(case_code, &l->registration_id) != CASE_CODE_OK ||
        !derive_secret_mac(&l->edge->keys, secret, mac)) {
        not_found(l);
        return;
    }
    pg_params_init(&params);
    own_record_params(&params, l->registration_id, mac);
    l->call = pg_pool_call(l->edge->pool, PG_REGISTRATION_OWN, &params, NULL,
                           clock_monotonic() + LOOK_SECONDS * MICROSECONDS_A_SECOND, on_record, l);
    pg_params_release(&params);
    if (l->call == NULL) {
        edge_refuse(l->exchange, 503);
        return;
    }
    http_exchange_on_drop(l->exchange, on_drop, l);
}

static struct looking *begin(struct edge *edge, struct http_exchange *exchange, bool from_form)
{
    struct looking *l = arena_alloc(http_exchange_arena(exchange), sizeof(*l));
    if (l == NULL) {
        edge_refuse(exchange, 503);
        return NULL;
    }
    l->edge = edge;
    l->exchange = exchange;
    l->from_form = from_form;
    return l;
}

void edge_handle_own_record(struct http_exchange *exchange, void *role)
{
    const struct http_request *request = http_exchange_request(exchange);
    struct slice authorization = http_request_header(request, SLICE("Authorization"));
    struct slice scheme = slice_sub(authorization, 0, 7);
    struct looking *l = begin(role, exchange, false);
    if (l == NULL) {
        return;
    }
    if (!slice_equal_nocase(scheme, SLICE("Bearer "))) {
        edge_refuse(exchange, 401);
        return;
    }
    look(l, request->parameters[0], slice_trim(slice_sub(authorization, 7, authorization.length)));
}

void edge_handle_status_form(struct http_exchange *exchange, void *role)
{
    struct slice case_code = SLICE("");
    struct slice secret = SLICE("");
    struct looking *l = begin(role, exchange, true);
    if (l == NULL) {
        return;
    }
    if (!form_parse(http_exchange_arena(exchange), http_exchange_request(exchange)->body, &l->form)) {
        pages_respond_error(role, exchange, 400, NULL);
        return;
    }
    (void)form_find(&l->form, SLICE("case"), &case_code);
    (void)form_find(&l->form, SLICE("secret"), &secret);
    look(l, slice_trim(case_code), slice_trim(secret));
}
