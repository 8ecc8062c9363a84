/* SPDX-License-Identifier: Apache-2.0
 * One function a list: a row of the register, opened, as JSON. */
#include "desk/case_parts.h"

#include "core/case_code.h"
#include "domain/broadcast.h"
#include "domain/triage.h"
#include "store/case_step.h"
#include "store/merge.h"
#include "store/message.h"
#include "store/note.h"
#include "store/sealed_row.h"
#include "store/warden.h"

enum { TEXT_ARENA_MAX = 64 * 1024 };

static void mark(struct render *render, json_t *object, bool unreadable)
{
    if (unreadable) {
        render_set(render, object, "unreadable", json_true());
    }
}

/* Whose it is, when it is that of a party which was merged into the case. */
static void tell_whose(struct render *render, json_t *object, int64_t registration_id, int64_t whose)
{
    if (whose != registration_id) {
        render_set(render, object, "case", render_case_code(whose));
    }
}

/* A member of an opened object; null when it was not said. */
static json_t *member_or_null(const json_t *object, const char *name)
{
    json_t *value = json_object_get(object, name);
    return value != NULL ? json_incref(value) : json_null();
}

static json_t *render_member(struct render *render, struct opening *opening, int64_t registration_id,
                             const PGresult *rows, int index)
{
    static const char *const said[] = {"family_name",  "given_names", "birth_date",
                                       "citizenships", "document",    "needs_note"};
    uint8_t row_id[SEALED_ROW_SIZE];
    struct party_member_row member;
    bool unreadable = false;
    party_member_row_read(rows, index, &member);
    struct seal_place place = {"party_member", "person",
                               sealed_row_member(member.registration_id, member.ordinal, row_id)};
    json_t *person = opening_object(opening, &member.person, &place, &unreadable);
    json_t *object = json_object();
    for (size_t i = 0; i < sizeof(said) / sizeof(said[0]); i++) {
        render_set(render, object, said[i], member_or_null(person, said[i]));
    }
    render_set(render, object, "category", render_slice(member.category));
    render_set(render, object, "needs", render_words(&vocabulary_need, member.needs));
    tell_whose(render, object, registration_id, member.registration_id);
    mark(render, object, unreadable);
    json_decref(person);
    return object;
}

static json_t *render_contact(struct render *render, struct opening *opening, int64_t registration_id,
                              const PGresult *rows, int index)
{
    uint8_t row_id[SEALED_ROW_SIZE];
    struct party_contact_row contact;
    bool unreadable = false;
    party_contact_row_read(rows, index, &contact);
    struct seal_place place = {"contact", "value", sealed_row_member(contact.registration_id, contact.ordinal, row_id)};
    json_t *opened = opening_object(opening, &contact.value, &place, &unreadable);
    json_t *object = json_object();
    render_set(render, object, "contact", json_integer(contact.number));
    render_set(render, object, "kind", render_slice(contact.kind));
    render_set(render, object, "value", member_or_null(opened, "value"));
    render_set(render, object, "e164", member_or_null(opened, "e164"));
    render_set(render, object, "primary", json_boolean(contact.primary));
    tell_whose(render, object, registration_id, contact.registration_id);
    mark(render, object, unreadable);
    json_decref(opened);
    return object;
}

void case_parts_set_apart(struct render *render, json_t *object, const char *name, json_t *opened)
{
    json_t *reporter = json_object_get(opened, "reporter");
    json_incref(reporter);
    render_set(render, object, "reporter", reporter != NULL ? reporter : json_null());
    if (reporter != NULL) {
        (void)json_object_del(opened, "reporter");
    }
    if (reporter != NULL && json_object_size(opened) == 0) {
        json_decref(opened);
        opened = json_null();
    }
    render_set(render, object, name, opened);
}

static void render_said(struct render *render, struct opening *opening, const struct party_check_in_row *check_in,
                        json_t *object)
{
    uint8_t row_id[SEALED_ROW_SIZE];
    struct slice row = sealed_row_uuid(&check_in->client_id, row_id);
    struct seal_place message = {"check_in", "message", row};
    struct seal_place location = {"check_in", "location", row};
    struct seal_place sender = {"check_in", "sender", row};
    bool unreadable = false;
    render_set(render, object, "message", opening_text(opening, &check_in->message, &message, &unreadable));
    case_parts_set_apart(render, object, "location",
                         opening_object(opening, &check_in->location, &location, &unreadable));
    render_set(render, object, "sender", opening_text(opening, &check_in->sender, &sender, &unreadable));
    mark(render, object, unreadable);
}

/* A part of a long text that stands by itself; or with number null, what was joined of parts that may not be all, or not of one text. */
static json_t *render_part(struct render *render, const struct party_check_in_row *check_in)
{
    if (!check_in->is_part) {
        return json_null();
    }
    json_t *part = json_object();
    render_set(render, part, "number", render_number_or_null(check_in->part_number));
    render_set(render, part, "total", json_integer(check_in->part_total));
    render_set(render, part, "case", check_in->part_elsewhere ? render_case_code(check_in->whole_party) : json_null());
    return part;
}

static json_t *render_check_in(struct render *render, struct opening *opening, int64_t registration_id,
                               const PGresult *rows, int index)
{
    char receipt[UUID_TEXT_SIZE + 1];
    struct party_check_in_row check_in;
    json_t *object = json_object();
    party_check_in_row_read(rows, index, &check_in);
    render_set(render, object, "receipt", render_slice(uuid_format(&check_in.client_id, receipt)));
    render_set(render, object, "status", render_slice(check_in.status));
    render_set(render, object, "needs", render_words(&vocabulary_need, check_in.needs));
    render_set(render, object, "people", render_number_or_null(check_in.people));
    render_set(render, object, "band", render_number_or_null(check_in.band));
    render_set(render, object, "reasons", render_words(&vocabulary_triage_reason, check_in.reasons));
    render_set(render, object, "at", render_time(check_in.at_us));
    render_set(render, object, "received_at", render_time(check_in.received_us));
    render_set(render, object, "stored_via", render_slice(check_in.stored_via));
    render_set(render, object, "channel", render_slice(check_in.channel));
    render_set(render, object, "cell", render_slice(check_in.cell));
    render_set(render, object, "part", render_part(render, &check_in));
    tell_whose(render, object, registration_id, check_in.registration_id);
    render_said(render, opening, &check_in, object);
    return object;
}

static json_t *render_note(struct render *render, struct opening *opening, int64_t registration_id,
                           const PGresult *rows, int index)
{
    uint8_t row_id[SEALED_ROW_SIZE];
    struct note_row note;
    bool unreadable = false;
    json_t *object = json_object();
    (void)registration_id; /* a note is sealed under its own id */
    note_row_read(rows, index, &note);
    struct seal_place place = {"case_note", "text", sealed_row_uuid(&note.id, row_id)};
    render_set(render, object, "author", render_slice(note.author));
    render_set(render, object, "at", render_time(note.at_us));
    render_set(render, object, "text", opening_text(opening, &note.text, &place, &unreadable));
    mark(render, object, unreadable);
    return object;
}

/* A text with its case code in it, as this party got it. Takes over `text`. */
static json_t *as_sent(json_t *text, int64_t registration_id)
{
    char code[CASE_CODE_TEXT_SIZE + 1];
    struct arena arena;
    if (!json_is_string(text)) {
        return text;
    }
    arena_init(&arena, TEXT_ARENA_MAX);
    struct slice words = slice_make(json_string_value(text), json_string_length(text));
    json_t *sent = render_slice(broadcast_fill_in(&arena, words, case_code_format(registration_id, code)));
    arena_release(&arena);
    json_decref(text);
    return sent;
}

static json_t *render_message(struct render *render, struct opening *opening, int64_t registration_id,
                              const PGresult *rows, int index)
{
    char id[UUID_TEXT_SIZE + 1], receipt[UUID_TEXT_SIZE + 1];
    uint8_t row_id[SEALED_ROW_SIZE];
    struct message_row message;
    bool unreadable = false;
    json_t *object = json_object();
    message_row_read(rows, index, &message);
    struct seal_place place =
        message.is_broadcast ? (struct seal_place){"broadcast_text", "text", sealed_row_uuid(&message.text_id, row_id)}
                             : (struct seal_place){"message", "text", sealed_row_uuid(&message.id, row_id)};
    json_t *text = opening_text(opening, &message.text, &place, &unreadable);
    text = as_sent(text, message.registration_id);
    render_set(render, object, "id", render_slice(uuid_format(&message.id, id)));
    render_set(render, object, "origin", render_slice(message.origin));
    render_set(render, object, "author", render_slice(message.author));
    render_set(render, object, "state", render_slice(message.state));
    render_set(render, object, "reason", render_slice(message.reason));
    render_set(render, object, "gateway", render_slice(message.gateway));
    render_set(render, object, "at", render_time(message.created_us));
    render_set(render, object, "sent_at", render_time(message.sent_us));
    render_set(render, object, "delivered_at", render_time(message.delivered_us));
    render_set(render, object, "contact", message.to_contact ? json_integer(message.contact) : json_null());
    render_set(render, object, "in_answer_to",
               message.to_contact ? json_null() : render_slice(uuid_format(&message.check_in_id, receipt)));
    render_set(render, object, "text", text);
    tell_whose(render, object, registration_id, message.registration_id);
    mark(render, object, unreadable);
    return object;
}

/* What was merged into what, and whether it was undone; with the place that a merged party registered. */
static json_t *render_merge(struct render *render, struct opening *opening, int64_t registration_id,
                            const PGresult *rows, int index)
{
    uint8_t row_id[SEALED_ROW_SIZE];
    struct merge_row merge;
    bool unreadable = false;
    json_t *object = json_object();
    (void)registration_id;
    merge_row_read(rows, index, &merge);
    struct seal_place place = {"registration", "location", sealed_row_registration(merge.registration_id, row_id)};
    render_set(render, object, "case", render_case_code(merge.registration_id));
    render_set(render, object, "into", render_case_code(merge.into_id));
    render_set(render, object, "by", render_slice(merge.by));
    render_set(render, object, "at", render_time(merge.at_us));
    render_set(render, object, "undone_by", render_slice(merge.undone_by));
    render_set(render, object, "undone_at", render_time(merge.undone_us));
    render_set(render, object, "location", opening_object(opening, &merge.location, &place, &unreadable));
    mark(render, object, unreadable);
    return object;
}

static json_t *render_step(struct render *render, struct opening *opening, int64_t registration_id,
                           const PGresult *rows, int index)
{
    struct case_step_row step;
    json_t *object = json_object();
    (void)opening; /* nothing of it is sealed */
    (void)registration_id;
    case_step_row_read(rows, index, &step);
    render_set(render, object, "at", render_time(step.at_us));
    render_set(render, object, "by", render_slice(step.who));
    render_set(render, object, "action", render_slice(step.action));
    render_set(render, object, "post", render_slice(step.post));
    render_set(render, object, "to", render_slice(step.taker));
    render_set(render, object, "until", render_time(step.until_us));
    render_set(render, object, "on", render_slice(step.on));
    return object;
}

/* What a warden said at the door, or that nobody was there. */
static json_t *render_warden_word(struct render *render, struct opening *opening, int64_t registration_id,
                                  const PGresult *rows, int index)
{
    struct word_row word;
    json_t *object = json_object();
    (void)opening;
    (void)registration_id;
    word_row_read(rows, index, &word);
    render_set(render, object, "word", render_slice(word.word));
    render_set(render, object, "by", render_slice(word.by));
    render_set(render, object, "at", render_time(word.at_us));
    render_set(render, object, "received_at", render_time(word.received_us));
    render_set(render, object, "undone_at", render_time(word.undone_us));
    return object;
}

const struct case_part case_parts[PART_COUNT] = {
    [PART_PARTY] = {"party", PG_PARTY_LIST, render_member},
    [PART_CONTACTS] = {"contacts", PG_CONTACT_LIST, render_contact},
    [PART_CHECK_INS] = {"check_ins", PG_CHECK_IN_LIST, render_check_in},
    [PART_NOTES] = {"notes", PG_NOTE_LIST, render_note},
    [PART_MESSAGES] = {"messages", PG_MESSAGE_LIST, render_message},
    [PART_STEPS] = {"steps", PG_CASE_STEPS, render_step},
    [PART_MERGES] = {"merges", PG_MERGE_LIST, render_merge},
    [PART_WORDS] = {"warden_words", PG_WORD_LIST, render_warden_word},
};
