/* SPDX-License-Identifier: Apache-2.0
 * GET /alerts.cap: the open crises for other warning systems. One is one CAP alert; several, or none, an Atom feed of them. */
#include "core/arena.h"
#include "core/buffer.h"
#include "edge/handlers.h"
#include "edge/refusal.h"
#include "edge/role.h"
#include "exchange/cap.h"
#include "page/text.h"

enum { ALERTS_ANSWER_MAX = 1024 * 1024 };

/* The name by which we were asked, without its port: the one internet name of ours that this process knows. The parser refused
 * a Host that is none; HTTP/1.0 may leave it out. */
static struct slice sender_of(const struct http_request *request)
{
    struct slice host = http_request_header(request, SLICE("Host"));
    bool literal = host.length > 0 && host.data[0] == '[';
    size_t end = literal ? slice_index(host, ']') : slice_index(host, ':');
    return literal ? slice_sub(host, 1, end) : slice_sub(host, 0, end);
}

static struct cap_info info_of(const struct crisis_row *crisis, const struct translation *message)
{
    const struct page_language *language = page_language_find(message->language);
    struct slice posture = vocabulary_name(&vocabulary_posture, crisis->posture);
    struct slice name = translated_text(&crisis->name, message->language);
    return (struct cap_info){
        .language = message->language,
        .event = page_text_of(language != NULL ? language : page_language_at(0), "posture.", posture),
        .area = name.length > 0 ? name : crisis->country,
        .description = message->text,
    };
}

static bool alert_of(struct arena *arena, const struct crisis_row *crisis, struct slice sender, struct cap_alert *alert)
{
    static const struct translation no_message = {SLICE_INIT("en"), SLICE_INIT("")};
    size_t count = crisis->message.count;
    struct cap_info *infos = arena_array(arena, count > 0 ? count : 1, sizeof(*infos));
    if (infos == NULL) {
        return false;
    }
    infos[0] = info_of(crisis, count > 0 ? &crisis->message.items[0] : &no_message);
    for (size_t i = 1; i < count; i++) {
        infos[i] = info_of(crisis, &crisis->message.items[i]);
    }
    *alert = (struct cap_alert){
        .sender = sender,
        .id = crisis->id,
        .sent_us = crisis->updated_us,
        .country = crisis->country,
        .posture = crisis->posture,
        .advisory_level = crisis->advisory_level,
        .evacuating = slice_equal(crisis->evacuation, SLICE("evacuation")) ||
                      slice_equal(crisis->evacuation, SLICE("assisted_departure")),
        .infos = infos,
        .info_count = count > 0 ? count : 1,
    };
    return true;
}

static void respond(struct http_exchange *exchange, bool feed, struct buffer *out)
{
    const struct http_header headers[] = {
        {SLICE("Content-Type"), feed ? SLICE(CAP_FEED_MEDIA_TYPE) : SLICE(CAP_MEDIA_TYPE)},
        {SLICE("Cache-Control"), SLICE("public, max-age=10")},
    };
    if (out->failed) {
        edge_refuse(exchange, 503);
    } else {
        http_exchange_respond(exchange, 200, headers, 2, buffer_slice(out));
    }
    buffer_release(out);
}

void edge_handle_alerts(struct http_exchange *exchange, void *role)
{
    const struct edge *edge = role;
    struct arena *arena = http_exchange_arena(exchange);
    struct slice sender = sender_of(http_exchange_request(exchange));
    struct buffer out;
    size_t count = 0;
    const struct crisis_row *crises = reference_crises(edge->reference, &count);
    struct cap_alert *alerts = arena_array(arena, count > 0 ? count : 1, sizeof(*alerts));
    bool made = reference_is_known(edge->reference) && alerts != NULL;
    for (size_t i = 0; made && i < count; i++) {
        made = alert_of(arena, &crises[i], sender, &alerts[i]);
    }
    if (!made) {
        edge_refuse(exchange, 503);
        return;
    }
    buffer_init(&out, ALERTS_ANSWER_MAX);
    if (count == 1) {
        cap_write(&out, &alerts[0]);
    } else {
        cap_write_feed(&out, sender, clock_now(&edge->clock), alerts, count);
    }
    respond(exchange, count != 1, &out);
}
