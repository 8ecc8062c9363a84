/* SPDX-License-Identifier: Apache-2.0
 * The form of /helper: somebody tells of somebody else. With a case code it is a check-in; else a registration, and when it says how they are a check-in
 * of the new party too. Both are stored as any other, with who told it.
 *
 *   POST --faults--> answered (422)
 *     |--code given-----------------------> CHECKING_IN --stored--> answered (201, 202): the form for the next person
 *     \--> REGISTERING --stored, a status--------^   \--other content--> answered (409)   \--neither--> answered (503)
 *              \--stored, no status--> answered (201, 202)
 *
 * Sent again it has one effect: the check-in's id is derived from the form's. */
#include "core/case_code.h"
#include "domain/check_in_triage.h"
#include "domain/decode_submission.h"
#include "domain/place_match.h"
#include "domain/registration_triage.h"
#include "edge/admit.h"
#include "edge/form_tree.h"
#include "edge/handlers.h"
#include "edge/pages.h"
#include "edge/party_intake.h"
#include "edge/refusal.h"
#include "edge/submitted.h"
#include "edge/verdict.h"
#include "page/helper.h"
#include "store/derive.h"

enum { DONE_LINE_MAX = 160, NAME_SHOWN_MAX = 60 };

struct helping {
    struct edge *edge;
    struct http_exchange *exchange;
    struct submitted submitted;
    struct slice case_given;
    bool tells_status;
    struct registration registration;
    struct triage_verdict registration_verdict;
    struct form check_in_form; /* what of the form is the check-in's */
    struct check_in check_in;
    struct tree *check_in_content;
    struct triage_verdict check_in_verdict;
    int64_t received_us;
    bool via_journal;
    struct party_intake party;
    struct intake_ticket *ticket;
};

static void on_drop(void *context)
{
    struct helping *h = context;
    party_intake_forget(&h->party);
    if (h->ticket != NULL) {
        intake_forget(h->ticket);
    }
}

static struct slice value_of(const struct helping *h, struct slice name)
{
    struct slice value = SLICE("");
    (void)form_find(&h->submitted.form, name, &value);
    return slice_trim(value);
}

static bool says(struct slice name, const struct slice names[], size_t count)
{
    for (size_t i = 0; i < count; i++) {
        bool list = names[i].data[names[i].length - 1] == '/';
        if (list ? slice_starts_with(name, names[i]) : slice_equal(name, names[i])) {
            return true;
        }
    }
    return false;
}

/* The pairs of the form that one of the records is made of. */
static struct form part_of(struct helping *h, const struct slice names[], size_t count, size_t more)
{
    const struct form *all = &h->submitted.form;
    struct form part = {.pairs = arena_array(http_exchange_arena(h->exchange), all->count + more, sizeof(*part.pairs))};
    for (size_t i = 0; part.pairs != NULL && i < all->count; i++) {
        if (says(all->pairs[i].name, names, count)) {
            part.pairs[part.count++] = all->pairs[i];
        }
    }
    return part;
}

static void add_pair(struct form *form, struct slice name, struct slice value)
{
    if (form->pairs != NULL) {
        form->pairs[form->count++] = (struct form_pair){name, value};
    }
}

/* What is said of how they are goes into the check-in when there is one, else into the registration: told twice it would be read twice. */
static void decode_party(struct helping *h, struct field_errors *errors)
{
    static const struct slice names[] = {SLICE_INIT("crisis"),    SLICE_INIT("client_id"), SLICE_INIT("language"),
                                         SLICE_INIT("reporter/"), SLICE_INIT("party/"),    SLICE_INIT("contacts/"),
                                         SLICE_INIT("location/")};
    const struct form *all = &h->submitted.form;
    struct arena *arena = http_exchange_arena(h->exchange);
    struct form form = part_of(h, names, sizeof(names) / sizeof(names[0]), all->count);
    for (size_t i = 0; !h->tells_status && i < all->count; i++) {
        if (slice_equal(all->pairs[i].name, SLICE("needs"))) {
            add_pair(&form, SLICE("party/0/needs"), all->pairs[i].value);
        } else if (slice_equal(all->pairs[i].name, SLICE("message"))) {
            add_pair(&form, SLICE("party/0/needs_note"), all->pairs[i].value);
        }
    }
    struct decoder decoder = {arena, errors, true};
    h->submitted.content = form.pairs != NULL ? form_tree_new(arena, &form, errors) : NULL;
    if (h->submitted.content != NULL) {
        decode_registration(&decoder, h->submitted.content, &h->registration);
    }
}

/* Who knows the code may still write the name: it is kept with the message. */
static struct slice message_of(struct helping *h)
{
    struct slice family = value_of(h, SLICE("party/0/family_name"));
    struct slice given = value_of(h, SLICE("party/0/given_names"));
    struct slice message = value_of(h, SLICE("message"));
    if (h->case_given.length == 0 || family.length + given.length == 0) {
        return message;
    }
    return arena_printf(http_exchange_arena(h->exchange), "%.*s%s%.*s%s%.*s", SLICE_ARGS(given),
                        given.length > 0 && family.length > 0 ? " " : "", SLICE_ARGS(family),
                        message.length > 0 ? ": " : "", SLICE_ARGS(message));
}

static bool derive_check_in_id(struct helping *h, struct uuid *id)
{
    char text[UUID_TEXT_SIZE + 1];
    return derive_message_id(&h->edge->keys, SLICE("helper"), uuid_format(&h->registration.client_id, text), SLICE(""),
                             SLICE("check-in"), id);
}

/* `case_code` is as typed, or that of the party just registered. */
static void decode_how(struct helping *h, struct slice case_code, struct field_errors *errors)
{
    static const struct slice names[] = {SLICE_INIT("status"), SLICE_INIT("needs"), SLICE_INIT("location/"),
                                         SLICE_INIT("reporter/")};
    char text[UUID_TEXT_SIZE + 1];
    struct uuid id;
    struct arena *arena = http_exchange_arena(h->exchange);
    struct form *form = &h->check_in_form;
    *form = part_of(h, names, sizeof(names) / sizeof(names[0]), 3);
    h->check_in = (struct check_in){.has_status = false};
    if (h->case_given.length > 0) {
        add_pair(form, SLICE("client_id"), value_of(h, SLICE("client_id")));
    } else if (derive_check_in_id(h, &id)) {
        add_pair(form, SLICE("client_id"), arena_dup(arena, uuid_format(&id, text)));
    }
    add_pair(form, SLICE("case"), arena_dup(arena, case_code));
    add_pair(form, SLICE("message"), message_of(h));
    struct decoder decoder = {arena, errors, true};
    h->check_in_content = form->pairs != NULL ? form_tree_new(arena, form, errors) : NULL;
    if (h->check_in_content != NULL) {
        decode_check_in(&decoder, h->check_in_content, &h->check_in);
    }
}

/* Both records hold who told it and where: a fault of that is named once, and by the name that the form has for it. */
static void join_errors(struct field_errors *errors, const struct field_errors *more)
{
    for (size_t i = 0; i < more->count; i++) {
        if (field_error_find(errors, more->items[i].path) == NULL) {
            field_error_add_limit(errors, more->items[i].fault, more->items[i].limit, "%s", more->items[i].path);
        }
    }
    for (size_t i = 0; i < errors->count; i++) {
        char *path = errors->items[i].path;
        if (strcmp(path, "party") == 0) {
            memcpy(path, "party/0/family_name", sizeof("party/0/family_name"));
        } else if (strcmp(path, "party/0/needs_note") == 0) {
            memcpy(path, "message", sizeof("message"));
        } else if (strncmp(path, "party/0/needs", sizeof("party/0/needs") - 1) == 0) {
            memmove(path, path + sizeof("party/0/") - 1, strlen(path) - sizeof("party/0/") + 2);
        }
    }
}

static const struct crisis_row *check(struct helping *h, struct field_errors *errors)
{
    char code[CASE_CODE_TEXT_SIZE + 1];
    struct field_errors more = {.count = 0};
    const struct crisis_row *crisis = reference_crisis(h->edge->reference, value_of(h, SLICE("crisis")));
    const char *country = crisis != NULL ? crisis->country.data : "ZZ";
    if (crisis == NULL) {
        field_error_add(errors, FIELD_NOT_A_CRISIS, "crisis");
    }
    if (h->case_given.length == 0) {
        decode_party(h, errors);
        (void)registration_validate(&h->registration, country, date_of_time(h->received_us), errors);
    }
    if (h->case_given.length > 0 || h->tells_status) {
        struct slice case_code = h->case_given;
        if (case_code.length == 0) {
            case_code = case_code_format(derive_registration_id(&h->edge->keys, &h->registration.client_id, 0), code);
        }
        decode_how(h, case_code, &more);
        (void)check_in_validate(&h->check_in, country, &more);
    }
    join_errors(errors, &more);
    return crisis;
}

static void finish_with(struct helping *h, unsigned status, const char *detail_key)
{
    submitted_refuse(h->edge, h->exchange, &h->submitted, status, detail_key);
}

/* "K7M2Q-9QXD4 secret name": what the page keeps for the helper to write down. */
static struct slice line_of(struct helping *h, int64_t registration_id)
{
    char code[CASE_CODE_TEXT_SIZE + 1];
    char secret[SECRET_TEXT_SIZE + 1] = "-";
    struct slice family = value_of(h, SLICE("party/0/family_name"));
    struct slice given = value_of(h, SLICE("party/0/given_names"));
    if (h->case_given.length == 0) {
        (void)derive_secret(&h->edge->keys, &h->registration.client_id, secret);
    }
    return arena_printf(
        http_exchange_arena(h->exchange), "%.*s %s %.*s %.*s", SLICE_ARGS(case_code_format(registration_id, code)),
        secret, SLICE_ARGS(slice_sub(given, 0, NAME_SHOWN_MAX)), SLICE_ARGS(slice_sub(family, 0, NAME_SHOWN_MAX)));
}

static void answer(struct helping *h, int64_t registration_id)
{
    struct buffer out;
    struct crisis_view view = {.id = h->registration.crisis};
    const struct crisis_row *crisis = reference_crisis(h->edge->reference, value_of(h, SLICE("crisis")));
    struct page_request request = pages_request(h->exchange, crisis);
    unsigned band = h->check_in_content != NULL ? h->check_in_verdict.band : h->registration_verdict.band;
    const struct helped_view helped = {
        .line = line_of(h, registration_id), .via_journal = h->via_journal, .band = band};
    if (crisis != NULL) {
        view = pages_crisis_view(crisis, request.language);
    }
    buffer_init(&out, PAGE_MAX);
    page_helper_form(&out, &request, &view, &h->submitted.form, NULL, &helped);
    pages_respond(h->exchange, h->via_journal ? 202 : 201, &out);
}

static void on_checked_in(void *context, const struct intake_answer *intake)
{
    struct helping *h = context;
    struct check_in_stored stored;
    h->ticket = NULL;
    switch (intake->fate) {
    case INTAKE_DATABASE:
        stored = check_in_stored_row(intake->result, intake->row);
        if (stored.outcome == STORE_CONFLICT) {
            finish_with(h, 409, "problem.client_id_reused.detail");
        } else if (stored.outcome == STORE_TAKEN) {
            finish_with(h, 503, NULL);
        } else {
            h->via_journal = h->via_journal || stored.via_journal;
            answer(h, h->check_in.registration_id);
        }
        return;
    case INTAKE_JOURNAL:
        h->via_journal = true;
        answer(h, h->check_in.registration_id);
        return;
    case INTAKE_REFUSED:
        finish_with(h, 500, NULL);
        return;
    case INTAKE_AWAY:
        finish_with(h, 503, NULL);
        return;
    }
}

static enum admission_class class_of(const struct helping *h)
{
    enum admission_class registration = verdict_class(&h->registration_verdict, ADMIT_REGISTRATION);
    enum admission_class check_in = verdict_class(&h->check_in_verdict, ADMIT_CHECK_IN);
    if (h->check_in_content == NULL) {
        return registration;
    }
    return h->case_given.length > 0 || check_in < registration ? check_in : registration;
}

static void store_check_in(struct helping *h)
{
    const struct crisis_row *crisis = reference_crisis(h->edge->reference, value_of(h, SLICE("crisis")));
    struct submission submission = {
        .crisis = crisis,
        .channel = CHANNEL_HELPER,
        .language = h->submitted.language,
        .received_us = h->received_us,
        .content = h->check_in_content,
        .verdict = h->check_in_verdict,
    };
    place_match_position(&h->check_in.location, reference_gazetteer(h->edge->reference, crisis)); /* it was read anew */
    struct check_in_record *record = seal_check_in(h->edge, &h->check_in, &submission);
    h->ticket = record != NULL ? intake_check_in(h->edge, record, class_of(h), on_checked_in, h) : NULL;
    if (h->ticket == NULL) {
        finish_with(h, 503, NULL);
    }
}

static void on_registered(void *context, const struct party_answer *answered)
{
    struct helping *h = context;
    char code[CASE_CODE_TEXT_SIZE + 1];
    struct field_errors none = {.count = 0};
    switch (answered->fate) {
    case PARTY_STORED:
        h->via_journal = answered->via_journal;
        if (h->check_in_content == NULL) {
            answer(h, answered->registration_id);
            return;
        }
        decode_how(h, case_code_format(answered->registration_id, code),
                   &none); /* its number may not be the first tried */
        (void)check_in_validate(&h->check_in, "ZZ", &none);
        store_check_in(h);
        return;
    case PARTY_CONFLICT:
        finish_with(h, 409, "problem.client_id_reused.detail");
        return;
    case PARTY_REFUSED:
        finish_with(h, 500, NULL);
        return;
    case PARTY_AWAY:
        finish_with(h, 503, NULL);
        return;
    }
}

static void store(struct helping *h)
{
    if (h->case_given.length > 0) {
        store_check_in(h);
        return;
    }
    h->party = (struct party_intake){
        .edge = h->edge,
        .registration = &h->registration,
        .submission = {.channel = CHANNEL_HELPER,
                       .language =
                           h->registration.language.length > 0 ? h->registration.language : h->submitted.language,
                       .received_us = h->received_us,
                       .content = h->submitted.content,
                       .verdict = h->registration_verdict},
        .class = class_of(h),
        .done = on_registered,
        .context = h,
    };
    if (!party_intake_start(&h->party)) {
        finish_with(h, 503, NULL);
    }
}

static void judge(struct helping *h, const struct crisis_row *crisis)
{
    const struct reference *reference = h->edge->reference;
    const struct gazetteer *gazetteer = reference_gazetteer(reference, crisis);
    if (h->case_given.length == 0) {
        place_match_position(&h->registration.location, gazetteer);
        h->registration.location.in_danger_zone =
            reference_in_danger_zone(reference, crisis, &h->registration.location);
        h->registration_verdict = registration_triage(&crisis->policy, &h->registration, false, h->received_us);
    }
    if (h->check_in_content != NULL) {
        place_match_position(&h->check_in.location, gazetteer);
        h->check_in.location.in_danger_zone = reference_in_danger_zone(reference, crisis, &h->check_in.location);
        h->check_in_verdict = check_in_triage(&crisis->policy, &h->check_in, NULL, h->received_us);
    }
}

void edge_handle_helper_form(struct http_exchange *exchange, void *role)
{
    struct edge *edge = role;
    struct field_errors errors = {.count = 0};
    struct helping *h = arena_alloc(http_exchange_arena(exchange), sizeof(*h));
    if (h == NULL || !reference_is_known(edge->reference)) {
        pages_respond_error(edge, exchange, 503, NULL);
        return;
    }
    h->edge = edge;
    h->exchange = exchange;
    h->received_us = http_exchange_request(exchange)->received_us;
    if (!submitted_read(&h->submitted, exchange, true, &errors)) {
        return; /* answered */
    }
    errors.count = 0; /* each part of the form is read again, by itself */
    h->case_given = value_of(h, SLICE("case"));
    h->tells_status = value_of(h, SLICE("status")).length > 0;
    const struct crisis_row *crisis = check(h, &errors);
    if (http_exchange_arena(exchange)->failed) {
        finish_with(h, 503, NULL);
        return;
    }
    if (errors.count > 0 || crisis == NULL) {
        pages_respond_form(edge, exchange, PAGE_OF_HELPER, &h->submitted.form, &errors);
        return;
    }
    judge(h, crisis);
    const struct batch *batch = h->case_given.length > 0 ? edge->check_ins : edge->registrations;
    if (!admit_or_shed(edge, batch, exchange, true, class_of(h))) {
        return; /* answered */
    }
    http_exchange_on_drop(exchange, on_drop, h);
    store(h);
}
