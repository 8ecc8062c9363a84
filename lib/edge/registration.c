/* SPDX-License-Identifier: Apache-2.0
 * POST /api/v1/registrations and the form of /register, POST /api/v1/inquiries and the form of /find: decode, validate, seal, store,
 * answer. An inquiry is kept as the party it asks after, sealed alike, in a queue of its own; its answer tells no case code.
 *
 * STORING --database: new or the same again--> answered (201; 202 when it first went to the journal)
 *    |  ^ \--database: other content--> answered (409)
 *    |  |--database: number taken, next attempt
 *    \--journal--> answered (202)      \--neither--> answered (503) */
#include <stdio.h>
#include <string.h>

#include "core/case_code.h"
#include "core/log.h"
#include "domain/place_match.h"
#include "domain/registration.h"
#include "domain/registration_triage.h"
#include "edge/admit.h"
#include "edge/answer.h"
#include "domain/decode_submission.h"
#include "store/derive.h"
#include "edge/handlers.h"
#include "edge/intake.h"
#include "edge/refusal.h"
#include "edge/seal_record.h"
#include "edge/steps.h"
#include "edge/submitted.h"
#include "edge/verdict.h"

enum {
    ATTEMPTS_MAX = 8
}; /* a taken number is a one-in-35-million chance at a million parties; eight in a row do not happen */

struct registering {
    struct edge *edge;
    struct http_exchange *exchange;
    bool inquiry;
    struct submitted submitted;
    struct registration registration;
    struct triage_verdict verdict;
    struct slice crisis;
    int64_t received_us;
    int64_t check_in_by_us; /* unless the database says otherwise */
    unsigned attempt;
    struct intake_ticket *ticket;
};

static void on_drop(void *context)
{
    struct registering *r = context;
    intake_forget(r->ticket);
}

/* The same words whether or not the person is registered: this process cannot even tell. */
static void answer_inquiry(struct registering *r, bool via_journal)
{
    char text[UUID_TEXT_SIZE + 1];
    struct slice inquiry = uuid_format(&r->registration.client_id, text);
    if (r->submitted.from_form) {
        answer_inquired_page(r->edge, r->exchange, r->crisis, inquiry, via_journal);
    } else {
        answer_inquired(r->exchange, inquiry, via_journal);
    }
}

static void answer(struct registering *r, bool via_journal, int64_t check_in_by_us)
{
    if (r->inquiry) {
        answer_inquiry(r, via_journal);
        return;
    }
    char code[CASE_CODE_TEXT_SIZE + 1];
    char secret[SECRET_TEXT_SIZE + 1];
    struct registered registered = {
        .case_code =
            case_code_format(derive_registration_id(&r->edge->keys, &r->registration.client_id, r->attempt), code),
        .secret = derive_secret(&r->edge->keys, &r->registration.client_id, secret),
        .via_journal = via_journal,
        .check_in_by_us = check_in_by_us,
        .phone = r->registration.contact_count > 0 ? slice_of(r->registration.contacts[0].e164) : SLICE(""),
    };
    if (r->submitted.from_form) {
        answer_registered_page(r->edge, r->exchange, &r->submitted, r->crisis, &registered);
    } else {
        answer_registered(r->exchange, &registered);
    }
}

static void on_taken(void *context, const struct intake_answer *intake);

static enum admission_class class_of(const struct registering *r)
{
    return verdict_class(&r->verdict, ADMIT_REGISTRATION);
}

static bool store(struct registering *r)
{
    struct submission submission = {
        .crisis = reference_crisis(r->edge->reference, r->crisis),
        .channel = r->registration.reporter.given ? CHANNEL_HELPER
                   : r->submitted.from_form       ? CHANNEL_WEB
                                                  : CHANNEL_API,
        .language = r->registration.language.length > 0 ? r->registration.language : r->submitted.language,
        .received_us = r->received_us,
        .content = r->submitted.content,
        .verdict = r->verdict,
    };
    struct registration_record *record =
        submission.crisis != NULL ? seal_registration(r->edge, &r->registration, &submission, r->attempt) : NULL;
    r->ticket = record != NULL ? intake_registration(r->edge, record, class_of(r), on_taken, r) : NULL;
    return r->ticket != NULL;
}

static void finish_with(struct registering *r, unsigned status, const char *detail_key)
{
    submitted_refuse(r->edge, r->exchange, &r->submitted, status, detail_key);
}

static void on_committed(struct registering *r, const struct registration_stored *stored)
{
    switch (stored->outcome) {
    case STORE_NEW:
    case STORE_SAME:
        answer(r, stored->via_journal, stored->check_in_by_us);
        return;
    case STORE_CONFLICT:
        finish_with(r, 409, "problem.client_id_reused.detail");
        return;
    case STORE_TAKEN:
        if (++r->attempt >= ATTEMPTS_MAX || !store(r)) {
            finish_with(r, 503, NULL);
        }
        return;
    }
}

static void on_taken(void *context, const struct intake_answer *intake)
{
    struct registering *r = context;
    switch (intake->fate) {
    case INTAKE_DATABASE: {
        struct registration_stored stored = registration_stored_row(intake->result, intake->row);
        on_committed(r, &stored);
        return;
    }
    case INTAKE_JOURNAL:
        answer(r, true, r->check_in_by_us);
        return;
    case INTAKE_REFUSED:
        finish_with(r, 500, NULL);
        return;
    case INTAKE_AWAY:
        finish_with(r, 503, NULL);
        return;
    }
}

/* The rules speak of a party's paths; the asker sent an inquiry's. */
static void name_as_inquiry(struct field_errors *errors, size_t from)
{
    static const struct {
        const char *rule;
        const char *inquiry;
    } names[] = {
        {"party/0/needs_note", "message"}, {"party/0/", "about/"}, {"emergency_contact/", "asker/"},
        {"location/place", "about/place"}, {"party", "about"},
    };
    for (size_t i = from; i < errors->count; i++) {
        char path[FIELD_PATH_MAX];
        for (size_t k = 0; k < sizeof(names) / sizeof(names[0]); k++) {
            size_t length = strlen(names[k].rule);
            if (strncmp(errors->items[i].path, names[k].rule, length) == 0) {
                (void)snprintf(path, sizeof(path), "%s%.60s", names[k].inquiry, errors->items[i].path + length);
                memcpy(errors->items[i].path, path, sizeof(path));
                break;
            }
        }
    }
}

/* Every fault by name, of shape and of rule at once. NULL crisis: it was named among them. */
static const struct crisis_row *check(struct registering *r, struct field_errors *errors)
{
    struct decoder decoder = {http_exchange_arena(r->exchange), errors, r->submitted.from_form};
    (r->inquiry ? decode_inquiry : decode_registration)(&decoder, r->submitted.content, &r->registration);
    const struct crisis_row *crisis = reference_crisis(r->edge->reference, r->registration.crisis);
    if (r->registration.crisis.length > 0 && crisis == NULL) {
        field_error_add(errors, FIELD_NOT_A_CRISIS, "crisis");
    }
    const char *country = crisis != NULL ? crisis->country.data : "ZZ";
    size_t before = errors->count;
    (void)registration_validate(&r->registration, country, date_of_time(r->received_us), errors);
    if (r->inquiry) {
        name_as_inquiry(errors, before);
    }
    return crisis;
}

/* A form has no field "party" that the list of faults could lead to: who is missing is the first person's name. */
static void name_first_person(struct field_errors *errors)
{
    for (size_t i = 0; i < errors->count; i++) {
        if (strcmp(errors->items[i].path, "party") == 0 && errors->items[i].fault == FIELD_MISSING) {
            (void)snprintf(errors->items[i].path, sizeof(errors->items[i].path), "party/0/family_name");
        }
    }
}

/* True when it was answered: another question is next, or something is wrong in one. */
static bool stays_with_questions(struct registering *r, struct field_errors *errors)
{
    if (!r->submitted.from_form || r->inquiry) {
        return false;
    }
    name_first_person(errors);
    if (steps_go_on(&r->submitted.form)) {
        steps_answer(r->edge, r->exchange, &r->submitted.form, &r->registration, errors);
        return true;
    }
    return steps_refuse(r->edge, r->exchange, &r->submitted.form, errors);
}

static void start(struct edge *edge, struct http_exchange *exchange, bool from_form, bool inquiry)
{
    struct field_errors errors = {.count = 0};
    struct registering *r = arena_alloc(http_exchange_arena(exchange), sizeof(*r));
    if (r == NULL) {
        edge_refuse(exchange, 503);
        return;
    }
    r->edge = edge;
    r->exchange = exchange;
    r->inquiry = inquiry;
    r->received_us = http_exchange_request(exchange)->received_us;
    if (!submitted_read(&r->submitted, exchange, from_form, &errors)) {
        return; /* answered */
    }
    const struct crisis_row *crisis = check(r, &errors);
    if (http_exchange_arena(exchange)->failed) {
        finish_with(r, 503, NULL); /* something that was said is missing */
        return;
    }
    bool may_be_new = crisis == NULL && r->registration.crisis.length > 0 && !reference_is_current(edge->reference);
    if (!reference_is_known(edge->reference) || may_be_new) {
        finish_with(r, 503, NULL); /* no crisis can be told from none before the first look at the database */
        return;
    }
    if (stays_with_questions(r, &errors)) {
        return;
    }
    if (errors.count > 0 || crisis == NULL) {
        submitted_refuse_fields(edge, exchange, &r->submitted, inquiry ? PAGE_OF_FIND : PAGE_OF_REGISTER, &errors);
        return;
    }
    if (from_form && !inquiry) {
        place_match_position(&r->registration.location, reference_gazetteer(edge->reference, crisis));
    }
    r->registration.location.in_danger_zone =
        reference_in_danger_zone(edge->reference, crisis, &r->registration.location);
    r->verdict = registration_triage(&crisis->policy, &r->registration, inquiry, r->received_us);
    if (!admit_or_shed(edge, edge->registrations, exchange, from_form, class_of(r))) {
        return; /* answered */
    }
    r->crisis = arena_dup(http_exchange_arena(exchange), crisis->id);
    r->check_in_by_us = r->received_us + (r->registration.location.in_danger_zone ? crisis->check_in_every_in_danger_us
                                                                                  : crisis->check_in_every_us);
    http_exchange_on_drop(exchange, on_drop, r);
    if (r->crisis.length == 0 || !store(r)) {
        finish_with(r, 503, NULL);
    }
}

void edge_handle_post_registration(struct http_exchange *exchange, void *role)
{
    start(role, exchange, false, false);
}

void edge_handle_register_form(struct http_exchange *exchange, void *role)
{
    start(role, exchange, true, false);
}

void edge_handle_post_inquiry(struct http_exchange *exchange, void *role)
{
    start(role, exchange, false, true);
}

void edge_handle_find_form(struct http_exchange *exchange, void *role)
{
    start(role, exchange, true, true);
}
