/* SPDX-License-Identifier: Apache-2.0
 * POST /api/v1/check-ins and the form of /check-in: decode, validate, triage, admit or shed, seal, store, answer. */
#include <string.h>

#include "core/id.h"
#include "domain/check_in.h"
#include "domain/phone.h"
#include "domain/place_match.h"
#include "edge/admit.h"
#include "edge/answer.h"
#include "edge/answers.h"
#include "domain/decode_submission.h"
#include "edge/handlers.h"
#include "edge/intake.h"
#include "edge/pages.h"
#include "edge/refusal.h"
#include "edge/seal_record.h"
#include "edge/submitted.h"
#include "edge/verdict.h"
#include "domain/check_in_triage.h"
#include "store/derive.h"

struct checking_in {
    struct edge *edge;
    struct http_exchange *exchange;
    struct submitted submitted;
    struct uuid client_id;
    unsigned band;              /* as decided here */
    char e164[PHONE_E164_SIZE]; /* whom the answer goes to, when it was told by phone number */
    struct intake_ticket *ticket;
    bool has_position; /* as told */
    double lat, lon;
};

static bool store(struct checking_in *c, const struct check_in *check_in, const struct triage_verdict *verdict);

static void on_drop(void *context)
{
    struct checking_in *c = context;
    intake_forget(c->ticket);
}

/* Always the band decided here, from what was sent: the register's own is another for a stranger, and would tell anybody with a
 * phone number whether it is registered. */
static void answer(struct checking_in *c, bool via_journal)
{
    char receipt[UUID_TEXT_SIZE + 1];
    struct checked_in checked_in = {
        uuid_format(&c->client_id, receipt), via_journal, c->band, slice_of(c->e164), c->has_position, c->lat, c->lon};
    if (c->submitted.from_form) {
        answer_checked_in_page(c->edge, c->exchange, &c->submitted, &checked_in);
    } else {
        answer_checked_in(c->exchange, &checked_in);
    }
}

static void finish_with(struct checking_in *c, unsigned status, const char *detail_key)
{
    submitted_refuse(c->edge, c->exchange, &c->submitted, status, detail_key);
}

static void on_taken(void *context, const struct intake_answer *intake)
{
    struct checking_in *c = context;
    struct check_in_stored stored;
    switch (intake->fate) {
    case INTAKE_DATABASE:
        stored = check_in_stored_row(intake->result, intake->row);
        if (stored.outcome == STORE_CONFLICT) {
            finish_with(c, 409, "problem.client_id_reused.detail");
        } else if (stored.outcome == STORE_TAKEN) {
            finish_with(c, 503, NULL); /* there is no crisis to keep it under */
        } else {
            answer(c, stored.via_journal);
        }
        return;
    case INTAKE_JOURNAL:
        answer(c, true);
        return;
    case INTAKE_REFUSED:
        finish_with(c, 500, NULL);
        return;
    case INTAKE_AWAY:
        finish_with(c, 503, NULL);
        return;
    }
}

static bool store(struct checking_in *c, const struct check_in *check_in, const struct triage_verdict *verdict)
{
    struct submission submission = {
        .crisis = reference_only_crisis(c->edge->reference),
        .channel = check_in->reporter.given ? CHANNEL_HELPER
                   : c->submitted.from_form ? CHANNEL_WEB
                                            : CHANNEL_API,
        .language = c->submitted.language,
        .received_us = http_exchange_request(c->exchange)->received_us,
        .content = c->submitted.content,
        .verdict = *verdict,
    };
    struct check_in_record *record = seal_check_in(c->edge, check_in, &submission);
    if (record == NULL) {
        return false;
    }
    c->client_id = check_in->client_id;
    memcpy(c->e164, check_in->e164, sizeof(c->e164));
    c->band = record->band;
    c->has_position = check_in->location.has_position;
    c->lat = check_in->location.lat;
    c->lon = check_in->location.lon;
    c->ticket = intake_check_in(c->edge, record, verdict_class(verdict, ADMIT_CHECK_IN), on_taken, c);
    return c->ticket != NULL;
}

/* A program, and a page's script, have an id for each message, and are told when they use one twice. A page that a browser went back to has the id it had:
 * sent once more as it was it is the same message, with something changed in it another; before it is stored, so that the journal keeps both. */
static bool name_message(struct checking_in *c, struct uuid *client_id)
{
    char id[UUID_TEXT_SIZE + 1];
    const struct http_request *request = http_exchange_request(c->exchange);
    return !c->submitted.from_form || http_request_header(request, SLICE("Idempotency-Key")).length > 0 ||
           derive_message_id(&c->edge->keys, SLICE("form"), uuid_format(client_id, id), SLICE(""), request->body,
                             client_id);
}

static const char *country(const struct edge *edge)
{
    const struct crisis_row *crisis = reference_only_crisis(edge->reference);
    return crisis != NULL ? crisis->country.data
                          : "ZZ"; /* several crises: only international forms can be told apart */
}

/* A person's words for a place may be one we know, a plus code, or the one chosen after an earlier message; a program says what it means. */
static void find_place(struct edge *edge, struct checking_in *c, struct check_in *check_in)
{
    const struct crisis_row *crisis = reference_only_crisis(edge->reference);
    const struct gazetteer *gazetteer = reference_gazetteer(edge->reference, crisis);
    struct slice choice = answers_get(&c->submitted.form, "_choice");
    if (choice.length > 0) {
        check_in->location.place =
            place_match_chosen(http_exchange_arena(c->exchange), check_in->location.place, choice, gazetteer);
    }
    place_match_position(&check_in->location, gazetteer);
}

static void start(struct edge *edge, struct http_exchange *exchange, bool from_form)
{
    struct field_errors errors; /* 7 KiB: not to be cleared for each check-in that has no fault */
    errors.count = 0;
    errors.dropped = 0;
    struct check_in check_in = {.has_status = false};
    struct checking_in *c = arena_alloc(http_exchange_arena(exchange), sizeof(*c));
    if (c == NULL) {
        edge_refuse(exchange, 503);
        return;
    }
    c->edge = edge;
    c->exchange = exchange;
    if (!submitted_read(&c->submitted, exchange, from_form, &errors)) {
        return; /* answered */
    }
    struct slice asked = SLICE("");
    if (from_form &&
        form_find(&c->submitted.form, SLICE("_open"), &asked)) { /* the form, filled in: codes are in no address */
        pages_respond_form(edge, exchange, PAGE_OF_CHECK_IN, &c->submitted.form, NULL);
        return;
    }
    struct decoder decoder = {http_exchange_arena(exchange), &errors, from_form};
    decode_check_in(&decoder, c->submitted.content, &check_in);
    if (decoder.arena->failed) {
        finish_with(c, 503, NULL); /* something that was said is missing */
        return;
    }
    if (!check_in_validate(&check_in, country(edge), &errors)) {
        submitted_refuse_fields(edge, exchange, &c->submitted, PAGE_OF_CHECK_IN, &errors);
        return;
    }
    const struct crisis_row *crisis = reference_only_crisis(edge->reference);
    if (from_form) {
        find_place(edge, c, &check_in);
    }
    if (decoder.arena->failed) {
        finish_with(c, 503, NULL);
        return;
    }
    check_in.location.in_danger_zone = reference_in_danger_zone(edge->reference, crisis, &check_in.location);
    struct triage_verdict verdict = check_in_triage(reference_policy(edge->reference, crisis), &check_in, NULL,
                                                    http_exchange_request(exchange)->received_us);
    if (!admit_or_shed(edge, edge->check_ins, exchange, from_form, verdict_class(&verdict, ADMIT_CHECK_IN))) {
        return; /* answered */
    }
    http_exchange_on_drop(exchange, on_drop, c);
    if (!name_message(c, &check_in.client_id) || !store(c, &check_in, &verdict)) {
        finish_with(c, 503, NULL);
    }
}

void edge_handle_post_check_in(struct http_exchange *exchange, void *role)
{
    start(role, exchange, false);
}

void edge_handle_check_in_form(struct http_exchange *exchange, void *role)
{
    start(role, exchange, true);
}
