/* SPDX-License-Identifier: Apache-2.0
 * Sealing a registration: each member, each contact, the place and the emergency contact by themselves, so that one can be opened or
 * replaced without the others. */
#include "store/registration_seal.h"

#include <jansson.h>
#include <stdlib.h>
#include <string.h>

#include "core/json_memory.h"
#include "store/derive.h"
#include "store/name_index.h"
#include "store/sealed_row.h"

/* Sets a text member when there is one. False when memory is out: jansson would dump the object without it. */
static bool set_text(json_t *object, const char *name, struct slice text)
{
    return text.length == 0 || json_object_set_new(object, name, json_stringn(text.data, text.length)) == 0;
}

/* Takes over the object. Empty unless it is `whole`. */
static struct slice seal_json(struct registration_record *record, struct seal_epoch *keys,
                              const struct seal_place *place, json_t *object, bool whole)
{
    struct slice sealed = {NULL, 0};
    uint64_t refusals = json_memory_refusals();
    char *text = whole && object != NULL ? json_dumps(object, JSON_COMPACT) : NULL;
    if (text != NULL && json_memory_refusals() == refusals) {
        sealed = seal_field(keys, &record->arena, place, slice_of(text));
    }
    free(text);
    json_decref(object);
    return sealed;
}

static bool set_citizenships(json_t *person, const struct party_member *member)
{
    json_t *list = json_array();
    bool whole = json_object_set_new(person, "citizenships", list) == 0;
    for (size_t i = 0; whole && i < member->citizenship_count; i++) {
        const struct slice *country = &member->citizenships[i];
        whole = json_array_append_new(list, json_stringn(country->data, country->length)) == 0;
    }
    return whole;
}

static bool set_document(json_t *person, const struct party_member *member)
{
    json_t *document = json_object();
    return json_object_set_new(person, "document", document) == 0 &&
           set_text(document, "type", member->document.type) && set_text(document, "number", member->document.number) &&
           set_text(document, "country", member->document.country);
}

static bool set_person(json_t *person, const struct party_member *member)
{
    return set_text(person, "family_name", member->family_name) &&
           set_text(person, "given_names", member->given_names) &&
           set_text(person, "birth_date", member->birth_date_text) &&
           set_text(person, "needs_note", member->needs_note) &&
           (member->citizenship_count == 0 || set_citizenships(person, member)) &&
           (!member->document.given || set_document(person, member));
}

static struct slice dup_index(struct registration_record *record, const uint8_t index[BLIND_SIZE])
{
    return arena_dup(&record->arena, slice_make(index, BLIND_SIZE));
}

/* A form leaves room for people who are not there. */
static bool is_blank(const struct party_member *member)
{
    return member->family_name.length == 0 && member->given_names.length == 0 && member->birth_date_text.length == 0 &&
           member->needs == 0 && member->needs_note.length == 0 && member->document.number.length == 0;
}

static struct slice index_names(const struct blind_keys *blind, const struct party_member *member,
                                struct registration_record *record)
{
    int64_t found[NAME_KEYS_MAX];
    const struct name_person person = {
        .given_names = member->given_names,
        .family_name = member->family_name,
        .birth_date = member->birth_date_text,
    };
    return name_index_literal(&record->arena, found, name_index_of(blind, &person, found));
}

static bool seal_members(const struct blind_keys *blind, struct seal_epoch *keys,
                         const struct registration *registration, struct registration_record *record)
{
    uint8_t row[SEALED_ROW_SIZE];
    record->members = arena_array(&record->arena, registration->party_count, sizeof(*record->members));
    for (size_t i = 0; record->members != NULL && i < registration->party_count; i++) {
        const struct party_member *member = &registration->party[i];
        struct member_row *made = &record->members[record->member_count];
        if (is_blank(member)) {
            continue;
        }
        struct seal_place place = {"party_member", "person",
                                   sealed_row_member(record->registration_id, (unsigned)record->member_count, row)};
        made->category = vocabulary_name(&vocabulary_party_category, member->category); /* static text */
        made->needs = member->needs;
        json_t *person = json_object();
        made->sealed_person = seal_json(record, keys, &place, person, set_person(person, member));
        made->name_keys = index_names(blind, member, record);
        if (member->document.number.length > 0) {
            uint8_t index[BLIND_SIZE];
            derive_document_index(blind, member->document.country, member->document.number, index);
            made->document_index = dup_index(record, index);
        }
        if (made->sealed_person.data == NULL) {
            return false;
        }
        record->member_count++;
    }
    return record->members != NULL;
}

static bool seal_contacts(const struct blind_keys *blind, struct seal_epoch *keys,
                          const struct registration *registration, struct registration_record *record)
{
    uint8_t row[SEALED_ROW_SIZE];
    record->contacts = arena_array(&record->arena, registration->contact_count, sizeof(*record->contacts));
    for (size_t i = 0; record->contacts != NULL && i < registration->contact_count; i++) {
        const struct contact *contact = &registration->contacts[i];
        struct contact_row *made = &record->contacts[record->contact_count];
        if (contact->value.length == 0) {
            continue;
        }
        struct seal_place place = {"contact", "value",
                                   sealed_row_member(record->registration_id, (unsigned)record->contact_count, row)};
        json_t *value = json_object();
        bool whole = set_text(value, "value", contact->value) && set_text(value, "e164", slice_of(contact->e164));
        made->kind = vocabulary_name(&vocabulary_contact_kind, contact->kind);
        made->primary = contact->primary;
        made->sealed_value = seal_json(record, keys, &place, value, whole);
        if (contact->e164[0] != '\0') {
            uint8_t index[BLIND_SIZE];
            derive_phone_index(blind, slice_of(contact->e164), index);
            made->value_index = dup_index(record, index);
        }
        if (made->sealed_value.data == NULL) {
            return false;
        }
        record->contact_count++;
    }
    return record->contacts != NULL;
}

static bool set_reporter(json_t *object, const struct reporter *reporter)
{
    json_t *made = json_object();
    return json_object_set_new(object, "reporter", made) == 0 && set_text(made, "name", reporter->name) &&
           set_text(made, "relation", reporter->relation) && set_text(made, "phone", reporter->phone) &&
           set_text(made, "email", reporter->email);
}

/* And who reported them, in the same envelope: whom else one can ask. */
static bool seal_emergency_contact(struct seal_epoch *keys, const struct emergency_contact *contact,
                                   const struct reporter *reporter, struct registration_record *record)
{
    uint8_t row[SEALED_ROW_SIZE];
    if (!contact->given && !reporter->given) {
        return true;
    }
    struct seal_place place = {"registration", "emergency_contact",
                               sealed_row_registration(record->registration_id, row)};
    json_t *object = json_object();
    bool whole = set_text(object, "name", contact->name) && set_text(object, "relation", contact->relation) &&
                 set_text(object, "phone", contact->phone) && set_text(object, "email", contact->email) &&
                 (!reporter->given || set_reporter(object, reporter));
    record->sealed_emergency_contact = seal_json(record, keys, &place, object, whole);
    return record->sealed_emergency_contact.data != NULL;
}

static bool set_number(json_t *object, const char *name, double number)
{
    return json_object_set_new(object, name, json_real(number)) == 0;
}

static bool set_location(json_t *object, const struct location *location)
{
    return (!location->has_position ||
            (set_number(object, "lat", location->lat) && set_number(object, "lon", location->lon))) &&
           (!location->has_accuracy || set_number(object, "accuracy_m", location->accuracy_m)) &&
           set_text(object, "place", location->place) && set_text(object, "admin1", location->admin1);
}

static bool seal_location(struct seal_epoch *keys, const struct location *location, struct registration_record *record)
{
    uint8_t row[SEALED_ROW_SIZE];
    char cell[CELL_SIZE + 1];
    if (!location->given) {
        return true;
    }
    if (location->has_position) {
        cell_of(location->lat, location->lon, cell);
        record->cell = arena_dup(&record->arena, slice_of(cell));
    }
    struct seal_place place = {"registration", "location", sealed_row_registration(record->registration_id, row)};
    json_t *object = json_object();
    record->sealed_location = seal_json(record, keys, &place, object, set_location(object, location));
    return record->sealed_location.data != NULL;
}

static void decide(struct registration_record *record, const struct triage_verdict *verdict)
{
    record->band = (uint8_t)verdict->band;
    record->reasons = verdict->reasons;
    record->queue = vocabulary_name(&vocabulary_queue, verdict->queue);
    record->respond_by_us = verdict->respond_by_us;
}

bool registration_seal(struct registration_record *record, const struct registration *registration,
                       const struct registration_sealing *with)
{
    char secret[SECRET_TEXT_SIZE + 1];
    record->registration_id = derive_registration_id(with->keys, &registration->client_id, with->attempt);
    record->epoch = sealed_epoch_take(with->travels);
    record->client_id = registration->client_id;
    record->crisis = arena_dup(&record->arena, with->crisis);
    record->language = arena_dup(&record->arena, with->language);
    record->intent = registration->has_intent ? vocabulary_name(&vocabulary_intent, registration->intent) : SLICE("");
    record->channel = vocabulary_name(&vocabulary_channel, with->channel);
    record->received_us = with->received_us;
    record->needs = registration_needs(registration, date_of_time(with->received_us));
    record->has_consent = registration->consent.given;
    record->consent_family = registration->consent.family;
    record->consent_partners = registration->consent.partners;
    (void)derive_secret_mac(with->keys, derive_secret(with->keys, &record->client_id, secret), record->secret_mac);
    decide(record, &with->verdict);
    bool sealed =
        derive_content_mac(with->keys, with->content, record->content_mac) &&
        seal_members(with->keys, with->epoch, registration, record) &&
        seal_contacts(with->keys, with->epoch, registration, record) &&
        seal_location(with->epoch, &registration->location, record) &&
        seal_emergency_contact(with->epoch, &registration->emergency_contact, &registration->reporter, record);
    record->party_size = (uint32_t)record->member_count;
    return sealed && !record->arena.failed;
}
