/* SPDX-License-Identifier: Apache-2.0
 * GET /api/v1/crises: the open crises, for programs. */
#include "core/buffer.h"
#include "core/clock.h"
#include "core/json_text.h"
#include "edge/handlers.h"
#include "edge/refusal.h"
#include "edge/role.h"

enum { CRISES_ANSWER_MAX = 512 * 1024 };

static void add_text(struct buffer *out, const char *name, struct slice text)
{
    buffer_printf(out, ",\"%s\":", name);
    json_text_add(out, text);
}

static void add_translated(struct buffer *out, const char *name, const struct translated *translated)
{
    buffer_printf(out, ",\"%s\":{", name);
    for (size_t i = 0; i < translated->count; i++) {
        buffer_add_text(out, i > 0 ? "," : "");
        json_text_add(out, translated->items[i].language);
        buffer_add_byte(out, ':');
        json_text_add(out, translated->items[i].text);
    }
    buffer_add_byte(out, '}');
}

static struct slice elsewhere(struct slice there, struct slice everywhere)
{
    return there.length > 0 ? there : everywhere;
}

static void add_crisis(struct buffer *out, const struct crisis_row *crisis)
{
    char time_text[TIME_TEXT_MAX];
    buffer_add_text(out, "{\"id\":");
    json_text_add(out, crisis->id);
    add_text(out, "country", crisis->country);
    add_translated(out, "name", &crisis->name);
    add_text(out, "posture", vocabulary_name(&vocabulary_posture, crisis->posture));
    buffer_printf(out, ",\"advisory_level\":%u", crisis->advisory_level);
    add_text(out, "routine_services", crisis->routine_services);
    add_text(out, "emergency_services", crisis->emergency_services);
    buffer_add_text(out, ",\"outside_capital\":{\"routine_services\":");
    json_text_add(out, elsewhere(crisis->routine_elsewhere, crisis->routine_services));
    add_text(out, "emergency_services", elsewhere(crisis->emergency_elsewhere, crisis->emergency_services));
    buffer_add_byte(out, '}');
    add_text(out, "evacuation", crisis->evacuation);
    add_text(out, "post", crisis->post_name);
    add_translated(out, "message", &crisis->message);
    add_text(out, "updated_at", time_format(crisis->updated_us, time_text));
    buffer_add_byte(out, '}');
}

void edge_handle_crises(struct http_exchange *exchange, void *role)
{
    static const struct http_header headers[] = {
        {SLICE_INIT("Content-Type"), SLICE_INIT("application/json")},
        {SLICE_INIT("Cache-Control"), SLICE_INIT("public, max-age=10")},
        {SLICE_INIT("Access-Control-Allow-Origin"), SLICE_INIT("*")}, /* public facts, for anyone's page */
    };
    const struct edge *edge = role;
    struct buffer out;
    size_t count = 0;
    const struct crisis_row *crises = reference_crises(edge->reference, &count);
    if (!reference_is_known(edge->reference)) {
        edge_refuse(exchange, 503);
        return;
    }
    buffer_init(&out, CRISES_ANSWER_MAX);
    buffer_add_text(&out, "{\"crises\":[");
    for (size_t i = 0; i < count; i++) {
        buffer_add_text(&out, i > 0 ? "," : "");
        add_crisis(&out, &crises[i]);
    }
    buffer_add_text(&out, "]}");
    if (out.failed) {
        edge_refuse(exchange, 503);
    } else {
        http_exchange_respond(exchange, 200, headers, sizeof(headers) / sizeof(headers[0]), buffer_slice(&out));
    }
    buffer_release(&out);
}
