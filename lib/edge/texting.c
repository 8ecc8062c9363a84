/* SPDX-License-Identifier: Apache-2.0
 * Read, triage, seal, store, and the words of the reply. */
#include "edge/texting.h"

#include <string.h>

#include "domain/phone.h"
#include "edge/derive.h"
#include "edge/seal_record.h"
#include "edge/sms_reply.h"
#include "edge/verdict.h"

static void finish(struct texting *t, enum texting_fate fate, const struct sms_outcome *outcome)
{
    t->fate = fate;
    t->ticket = NULL;
    t->reply =
        fate == TEXTING_STORED && t->may_reply ? sms_reply(t->arena, &t->reading, outcome, t->language) : SLICE("");
    t->done(t->context, t);
}

static void on_taken(void *context, const struct intake_answer *intake)
{
    struct texting *t = context;
    struct sms_outcome outcome = {.known = true, .band = t->band, .registration_id = t->registration_id};
    struct check_in_stored stored;
    switch (intake->fate) {
    case INTAKE_DATABASE:
        stored = check_in_stored_row(intake->result, intake->row);
        outcome.known = stored.known;
        outcome.band = stored.band;
        outcome.registration_id = stored.registration_id;
        /* TAKEN: there is no crisis to keep it under */
        finish(t, stored.outcome == STORE_TAKEN ? TEXTING_AWAY : TEXTING_STORED, &outcome);
        return;
    case INTAKE_JOURNAL:
        finish(t, TEXTING_STORED, &outcome);
        return;
    case INTAKE_REFUSED:
        finish(t, TEXTING_REFUSED, &outcome);
        return;
    case INTAKE_AWAY:
        finish(t, TEXTING_AWAY, &outcome);
        return;
    }
}

/* What makes two deliveries the same message: the gateway's id, the sender and the text. A gateway that gives no id is taken at the time
 * it gives: a second "SOS" on another day is a second cry. */
static bool make_content(struct texting *t, const struct gateway_row *gateway, const struct gateway_message *message,
                         struct check_in *check_in, struct tree **content)
{
    struct slice id = message->id.length == 0 && message->has_at ? message->at : message->id;
    *content = tree_new(t->arena, TREE_OBJECT);
    check_in->has_client_id = true;
    return *content != NULL && tree_add_text(t->arena, *content, SLICE("sms"), message->text) &&
           tree_add_text(t->arena, *content, SLICE("from"), message->from) &&
           tree_add_text(t->arena, *content, SLICE("id"), id) &&
           derive_message_id(&t->edge->keys, gateway->name, id, slice_of(check_in->e164), message->text,
                             &check_in->client_id);
}

/* Most gateways give numbers in international form without the "+": what is no number of the crisis's country is tried as that. `e164` is the
 * sender as it stands when it is none at all (a short code, a name): it is kept either way. */
static void read_sender(struct texting *t, struct slice from, const char *country, struct check_in *check_in)
{
    t->may_reply = phone_normalise(from, country, check_in->e164) ||
                   phone_normalise(arena_printf(t->arena, "+%.*s", SLICE_ARGS(from)), "ZZ", check_in->e164);
    if (!t->may_reply) {
        size_t length = from.length < sizeof(check_in->e164) - 1 ? from.length : sizeof(check_in->e164) - 1;
        memcpy(check_in->e164, from.data, length);
        check_in->e164[length] = '\0';
    }
}

/* A piece of a message never says that all is well, nor stops anything: "we are not" and "safe" may come apart. A cry in it counts. */
static void hold_back(struct sms_reading *reading)
{
    bool is_cry = reading->status == STATUS_NEED_HELP || reading->status == STATUS_IN_DANGER;
    reading->has_status = reading->has_status && is_cry;
    reading->stop = false;
    reading->left_over = true;
}

static void fill_check_in(const struct texting *t, const struct gateway_message *message, struct check_in *check_in)
{
    check_in->has_status = t->reading.has_status;
    check_in->status = t->reading.status;
    check_in->needs = t->reading.needs;
    check_in->has_people = t->reading.has_people;
    check_in->people = t->reading.people;
    check_in->location = t->reading.location;
    check_in->message = message->text;
    check_in->has_registration_id = t->reading.has_case;
    check_in->registration_id = t->reading.registration_id;
    check_in->has_at = message->has_at;
    check_in->at_us = message->at_us;
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
    struct tree *content = NULL;
    texting->edge = edge;
    texting->arena = arena;
    read_sender(texting, message->from, submission.crisis != NULL ? submission.crisis->country.data : "ZZ", &check_in);
    sms_read(message->text, &texting->reading);
    if (message->part.total > 1) {
        hold_back(&texting->reading);
    }
    texting->language = sms_reply_language(&texting->reading, submission.crisis);
    submission.language = texting->language;
    fill_check_in(texting, message, &check_in);
    submission.verdict = verdict_of_check_in(&check_in, &texting->reading, submission.received_us);
    struct check_in_record *record = NULL;
    if (make_content(texting, gateway, message, &check_in, &content)) {
        submission.content = content;
        record = seal_check_in(edge, &check_in, &submission);
    }
    if (record == NULL) {
        return false;
    }
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
}
