/* SPDX-License-Identifier: Apache-2.0
 * Receipts, as JSON and as pages. */
#include "edge/answer.h"

#include "core/buffer.h"
#include "core/clock.h"
#include "domain/phone.h"
#include "domain/place_match.h"
#include "edge/answers.h"
#include "edge/pages.h"
#include "edge/refusal.h"
#include "page/citizen.h"

enum { ANSWER_MAX = 1024 };

static const char *stored_word(bool via_journal)
{
    return via_journal ? "journal" : "database";
}

static void respond_json(struct http_exchange *exchange, bool via_journal, struct buffer *json)
{
    if (json->failed) {
        edge_refuse(exchange, 503);
    } else {
        http_exchange_respond_simple(exchange, via_journal ? 202 : 201, SLICE("application/json"), buffer_slice(json));
    }
    buffer_release(json);
}

void answer_registered(struct http_exchange *exchange, const struct registered *registered)
{
    struct buffer json;
    char due[TIME_TEXT_MAX];
    buffer_init(&json, ANSWER_MAX);
    buffer_printf(&json, "{\"case\":\"%.*s\",\"secret\":\"%.*s\",\"stored\":\"%s\",\"check_in_by\":\"%.*s\"}",
                  SLICE_ARGS(registered->case_code), SLICE_ARGS(registered->secret),
                  stored_word(registered->via_journal), SLICE_ARGS(time_format(registered->check_in_by_us, due)));
    respond_json(exchange, registered->via_journal, &json);
}

void answer_checked_in(struct http_exchange *exchange, const struct checked_in *checked_in)
{
    char usual[ANSWER_MAX];
    struct buffer json;
    buffer_init_in(&json, usual, sizeof(usual), ANSWER_MAX);
    buffer_add_text(&json, "{\"receipt\":\"");
    buffer_add_slice(&json, checked_in->receipt);
    buffer_add_text(&json, "\",\"stored\":\"");
    buffer_add_text(&json, stored_word(checked_in->via_journal));
    buffer_add_text(&json, "\",\"band\":");
    if (checked_in->band > 0) {
        buffer_add_byte(&json, (uint8_t)('0' + checked_in->band)); /* 1 to 5 */
        buffer_add_byte(&json, '}');
    } else {
        buffer_add_text(&json, "null}");
    }
    respond_json(exchange, checked_in->via_journal, &json);
}

/* As people there would read it out. */
static struct slice shown_phone(struct slice e164, const struct crisis_row *crisis, char shown[PHONE_SHOWN_SIZE])
{
    (void)phone_show(e164, crisis != NULL ? crisis->country.data : "ZZ", shown);
    return slice_of(shown);
}

void answer_registered_page(struct edge *edge, struct http_exchange *exchange, const struct submitted *submitted,
                            struct slice crisis, const struct registered *registered)
{
    struct buffer out;
    struct crisis_view view = {.id = crisis};
    const struct crisis_row *row = reference_crisis(edge->reference, crisis);
    struct page_request request = pages_request(exchange, row);
    char phone[PHONE_SHOWN_SIZE];
    const struct registered_view receipt = {registered->case_code, registered->secret, registered->via_journal,
                                            registered->check_in_by_us, shown_phone(registered->phone, row, phone)};
    (void)submitted;
    if (row != NULL) { /* closed this very second: the receipt is due all the same */
        view = pages_crisis_view(row, request.language);
    }
    buffer_init(&out, PAGE_MAX);
    page_registered(&out, &request, &view, &receipt);
    pages_respond(exchange, registered->via_journal ? 202 : 201, &out);
}

/* What the place may be. It is asked after the message is stored: nobody's message waits for the name of a place. */
static size_t find_places(const struct edge *edge, const struct form *form, const struct crisis_row *crisis,
                          struct place_match *match, struct slice names[PLACE_CHOICES_MAX])
{
    bool told = answers_get(form, "location/lat").length > 0 || answers_get(form, "_choice").length > 0;
    if (crisis == NULL || told) {
        return 0;
    }
    place_match(answers_get(form, "location/place"), reference_gazetteer(edge->reference, crisis), match);
    for (size_t i = 0; i < match->count; i++) {
        names[i] = slice_of(match->choices[i]->name);
    }
    return match->finding == PLACE_IS_DOUBTFUL ? match->count : 0;
}

/* By the place that they told just now, where they are still in the country. */
static struct assembly_view nearest(const struct edge *edge, const struct crisis_row *crisis,
                                    const struct checked_in *checked_in, unsigned status)
{
    struct assembly_view view = {.by_cell = false};
    size_t count = 0;
    const struct assembly_point *points = reference_assembly(edge->reference, &count);
    if (crisis == NULL || status == STATUS_DEPARTED || !checked_in->has_position ||
        !assembly_nearest(points, count, crisis->id, crisis->country, checked_in->lat, checked_in->lon, &view.way)) {
        view.way.to = NULL;
    }
    return view;
}

void answer_checked_in_page(struct edge *edge, struct http_exchange *exchange, const struct submitted *submitted,
                            const struct checked_in *checked_in)
{
    struct buffer out;
    struct crisis_view view;
    struct slice status = SLICE("");
    unsigned value = STATUS_SAFE;
    const struct crisis_row *row = reference_only_crisis(edge->reference);
    struct page_request request = pages_request(exchange, row);
    (void)form_find(&submitted->form, SLICE("status"), &status);
    (void)vocabulary_find(&vocabulary_check_in_status, slice_trim(status), &value); /* it was validated */
    char phone[PHONE_SHOWN_SIZE];
    struct place_match match;
    struct slice names[PLACE_CHOICES_MAX];
    const struct checked_in_view receipt = {
        .receipt = checked_in->receipt,
        .via_journal = checked_in->via_journal,
        .band = checked_in->band,
        .status = (enum check_in_status)value,
        .phone = shown_phone(checked_in->phone, row, phone),
        .case_code = answers_get(&submitted->form, "case"),
        .sender_phone = answers_get(&submitted->form, "phone"),
        .typed = answers_get(&submitted->form, "location/place"),
        .names = names,
        .count = find_places(edge, &submitted->form, row, &match, names),
        .assembly = nearest(edge, row, checked_in, value),
    };
    if (row != NULL) {
        view = pages_crisis_view(row, request.language);
    }
    buffer_init(&out, PAGE_MAX);
    page_checked_in(&out, &request, row != NULL ? &view : NULL, &receipt);
    pages_respond_once(exchange, checked_in->via_journal ? 202 : 201, &out);
}

void answer_inquired(struct http_exchange *exchange, struct slice inquiry, bool via_journal)
{
    struct buffer json;
    buffer_init(&json, ANSWER_MAX);
    buffer_printf(&json, "{\"inquiry\":\"%.*s\",\"stored\":\"%s\"}", SLICE_ARGS(inquiry), stored_word(via_journal));
    respond_json(exchange, via_journal, &json);
}

void answer_inquired_page(struct edge *edge, struct http_exchange *exchange, struct slice crisis, struct slice inquiry,
                          bool via_journal)
{
    struct buffer out;
    struct crisis_view view = {.id = crisis};
    const struct crisis_row *row = reference_crisis(edge->reference, crisis);
    struct page_request request = pages_request(exchange, row);
    if (row != NULL) {
        view = pages_crisis_view(row, request.language);
    }
    buffer_init(&out, PAGE_MAX);
    page_found(&out, &request, &view, inquiry);
    pages_respond(exchange, via_journal ? 202 : 201, &out);
}
