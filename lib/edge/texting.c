/* SPDX-License-Identifier: Apache-2.0
 * Read, triage, seal, store, and the words of the reply.
 *
 *   texting_start() --> STORING (ticket) --committed, from a stranger--> LOOKING (call) --> told
 *                          |--committed, journalled, refused, away----------------------> told
 *                          \--journalled, and asks for its code--> KEEPING (ticket) -----> told
 */
#include "edge/texting.h"

#include <string.h>

#include "core/clock.h"
#include "domain/check_in_triage.h"
#include "domain/phone.h"
#include "domain/sms_pieces.h"
#include "store/derive.h"
#include "edge/code_again.h"
#include "edge/seal_record.h"
#include "store/sms_heard.h"

/* Look-ups go before batches in the pool's queue, so they are few, and none while cries wait: a crowd of strangers gets the reply that asks for all at
 * once. */
enum { HEARD_MS = 2000, LOOKUPS_MAX = 4 };

static bool is_replied_to(struct texting *t)
{
    if (!t->may_reply || reply_cap_take(&t->edge->replies, t->sender, clock_monotonic())) {
        return t->may_reply;
    }
    t->edge->metrics.replies_capped++;
    return false;
}

static void finish(struct texting *t, enum texting_fate fate)
{
    t->fate = fate;
    t->reply = fate == TEXTING_STORED && is_replied_to(t) ? sms_reply(t->arena, &t->reading, &t->outcome, t->language)
                                                          : SLICE("");
    t->done(t->context, t);
}

/* Without an answer it is a reply like another: the message is stored. */
static void on_heard(void *context, const struct pg_answer *answer)
{
    struct texting *t = context;
    struct sms_heard_row row;
    t->call = NULL;
    t->edge->lookups--;
    if (answer->outcome == PG_COMMITTED && sms_heard_read(answer->result, &row) && row.band != BAND_NONE &&
        row.band <= BAND_STANDARD) {
        t->outcome.in_conversation = true;
        t->outcome.messages = row.heard.messages;
        t->outcome.ask = sms_question_next(&row.heard);
    }
    finish(t, TEXTING_STORED);
}

/* A stranger is asked for what an officer needs, so we look what it has told; false when it cannot be looked up now. */
static bool look_what_was_heard(struct texting *t)
{
    struct pg_params params;
    if (t->edge->lookups >= LOOKUPS_MAX || batch_metrics(t->edge->check_ins)->waiting > 0) {
        return false;
    }
    pg_params_init(&params);
    sms_heard_params(&params, t->outcome.registration_id, &t->client_id);
    t->call = pg_pool_call(t->edge->pool, PG_SMS_HEARD, &params, NULL, clock_monotonic() + (int64_t)HEARD_MS * 1000,
                           on_heard, t);
    pg_params_release(&params);
    t->edge->lookups += t->call != NULL ? 1 : 0;
    return t->call != NULL;
}

/* Only when it came for the first time: a gateway's copy asks for nothing. */
static void send_code(const struct texting *t, const struct check_in_stored *stored)
{
    if (t->reading.asks_code && t->may_reply && stored->outcome == STORE_NEW &&
        !code_again_send(t->edge, t->sender, t->crisis, t->gateway, t->language, &t->client_id)) {
        t->edge->metrics.replies_lost++;
    }
}

static void on_stored(struct texting *t, const struct check_in_stored *stored)
{
    send_code(t, stored);
    t->outcome.known = stored->known;
    t->outcome.band = stored->band;
    t->outcome.registration_id = stored->registration_id;
    if (stored->outcome == STORE_TAKEN) {
        finish(t, TEXTING_AWAY); /* there is no crisis to keep it under */
    } else if (stored->known || !t->may_reply || !look_what_was_heard(t)) {
        finish(t, TEXTING_STORED);
    }
}

static void on_code_kept(void *context, const struct intake_answer *intake)
{
    struct texting *t = context;
    t->ticket = NULL;
    t->outcome.code_kept = intake->fate == INTAKE_JOURNAL;
    finish(t, TEXTING_STORED);
}

/* The message is in the journal, where nobody can look whose code is asked for: so the wish goes there too. A gateway's copy of the message keeps another,
 * which has no further effect. */
static void on_journalled(struct texting *t)
{
    t->outcome.stored_only = true;
    if (t->reading.asks_code && t->may_reply) {
        t->ticket =
            code_again_keep(t->edge, t->sender, t->crisis, t->gateway, t->language, &t->client_id, on_code_kept, t);
    }
    if (t->ticket == NULL) {
        finish(t, TEXTING_STORED);
    }
}

static void on_taken(void *context, const struct intake_answer *intake)
{
    struct texting *t = context;
    struct check_in_stored stored;
    t->ticket = NULL;
    t->outcome = (struct sms_outcome){.band = t->band, .registration_id = t->registration_id};
    switch (intake->fate) {
    case INTAKE_DATABASE:
        stored = check_in_stored_row(intake->result, intake->row);
        on_stored(t, &stored);
        return;
    case INTAKE_JOURNAL:
        on_journalled(t);
        return;
    case INTAKE_REFUSED:
        finish(t, TEXTING_REFUSED);
        return;
    case INTAKE_AWAY:
        finish(t, TEXTING_AWAY);
        return;
    }
}

/* What makes two deliveries the same message: the gateway's id, the sender and the text. A gateway that gives no id is taken at the time it gives, in
 * whatever form; one that gives neither at the hour: a second "SOS" on another day is a second cry. */
static struct slice id_of(struct texting *t, const struct gateway_message *message, int64_t received_us)
{
    struct slice id = message->id.length > 0 ? message->id : message->at;
    return id.length > 0 ? id
                         : arena_printf(t->arena, "%lld", (long long)(received_us / (3600 * MICROSECONDS_A_SECOND)));
}

static bool make_content(struct texting *t, const struct gateway_row *gateway, const struct gateway_message *message,
                         int64_t received_us, struct check_in *check_in, struct tree **content)
{
    struct slice id = id_of(t, message, received_us);
    *content = tree_new(t->arena, TREE_OBJECT);
    check_in->has_client_id = true;
    return *content != NULL && tree_add_text(t->arena, *content, SLICE("sms"), message->text) &&
           tree_add_text(t->arena, *content, SLICE("from"), message->from) &&
           tree_add_text(t->arena, *content, SLICE("id"), id) &&
           derive_message_id(&t->edge->keys, gateway->name, id, slice_of(check_in->e164), message->text,
                             &check_in->client_id);
}

/* Written alike but for the plus: a gateway writes both its numbers in one way. */
static bool is_same_number(struct slice a, struct slice b)
{
    a = slice_sub(a, slice_starts_with(a, SLICE("+")) ? 1 : 0, a.length);
    b = slice_sub(b, slice_starts_with(b, SLICE("+")) ? 1 : 0, b.length);
    return slice_equal(a, b);
}

/* Most gateways give numbers in international form without the "+": what is no number of the crisis's country is tried as that. `e164` is the
 * sender as it stands when it is none at all (a short code, a name): it is kept either way. */
static void read_sender(struct texting *t, const struct gateway_message *message, const char *country,
                        struct check_in *check_in)
{
    struct slice from = message->from;
    bool is_number = phone_normalise(from, country, check_in->e164) ||
                     phone_normalise(arena_printf(t->arena, "+%.*s", SLICE_ARGS(from)), "ZZ", check_in->e164);
    t->may_reply = t->reply_wanted && is_number && !is_same_number(from, message->to);
    if (is_number) {
        derive_phone_index(&t->edge->keys, slice_of(check_in->e164), t->sender);
        return;
    }
    size_t length = from.length < sizeof(check_in->e164) - 1 ? from.length : sizeof(check_in->e164) - 1;
    memcpy(check_in->e164, from.data, length);
    check_in->e164[length] = '\0';
}

/* False when memory is out. */
static bool mark_piece(const struct texting *t, const struct gateway_row *gateway,
                       const struct gateway_message *message, const struct check_in *check_in,
                       struct check_in_record *record)
{
    const struct gateway_part *part = &message->part;
    const struct slice names[4] = {gateway->name, slice_of(check_in->e164), message->to, part->reference};
    if (part->total < 2 || part->number == 0) {
        return true; /* whole, or joined to nothing */
    }
    record->piece.number = (uint8_t)part->number;
    record->piece.total = (uint8_t)part->total;
    return derive_piece_set(&t->edge->keys, names, part->total, &record->client_id, record->piece.set);
}

static struct check_in_record *make_record(struct texting *t, const struct gateway_row *gateway,
                                           const struct gateway_message *message, struct check_in *check_in,
                                           struct submission *submission)
{
    struct tree *content = NULL;
    if (!make_content(t, gateway, message, submission->received_us, check_in, &content)) {
        return NULL;
    }
    submission->content = content;
    struct check_in_record *record = seal_check_in(t->edge, check_in, submission);
    if (record != NULL && !mark_piece(t, gateway, message, check_in, record)) {
        check_in_record_free(record);
        return NULL;
    }
    return record;
}

bool texting_start(struct texting *texting, struct edge *edge, const struct gateway_row *gateway,
                   const struct gateway_message *message, int64_t received_us, struct arena *arena)
{
    struct check_in check_in = {.has_status = false};
    struct submission submission = {
        .crisis = reference_crisis(edge->reference, gateway->crisis),
        .channel = CHANNEL_SMS,
        .received_us = received_us,
    };
    texting->edge = edge;
    texting->arena = arena;
    read_sender(texting, message, submission.crisis != NULL ? submission.crisis->country.data : "ZZ", &check_in);
    sms_read_in(message->text, reference_gazetteer(edge->reference, submission.crisis), &texting->reading);
    if (message->part.total > 1) {
        sms_pieces_hold_back(&texting->reading);
    }
    texting->language = sms_reply_language(&texting->reading, submission.crisis);
    submission.language = texting->language;
    texting->crisis = arena_dup(arena, gateway->crisis);
    texting->gateway = arena_dup(arena, gateway->name);
    check_in_of_sms(&check_in, &texting->reading, message->text);
    check_in.has_at = message->has_at;
    check_in.at_us = message->at_us;
    check_in.location.in_danger_zone = reference_in_danger_zone(edge->reference, submission.crisis, &check_in.location);
    submission.verdict = check_in_triage(reference_policy(edge->reference, submission.crisis), &check_in,
                                         &texting->reading, submission.received_us);
    struct check_in_record *record = make_record(texting, gateway, message, &check_in, &submission);
    if (record == NULL) {
        return false;
    }
    texting->client_id = check_in.client_id;
    texting->band = record->band;
    texting->registration_id = record->stranger_id;
    texting->ticket = intake_check_in(edge, record, ADMIT_HELP, on_taken,
                                      texting); /* a text is not asked to wait: its sender cannot retry */
    return texting->ticket != NULL;
}

void texting_forget(struct texting *texting)
{
    if (texting->ticket != NULL) {
        intake_forget(texting->ticket);
        texting->ticket = NULL;
    }
    if (texting->call != NULL) {
        pg_call_cancel(texting->call);
        texting->edge->lookups--;
        texting->call = NULL;
    }
}
