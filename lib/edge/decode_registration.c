/* SPDX-License-Identifier: Apache-2.0
 * The members of a registration. */
#include "edge/decode.h"

#define COUNT(table) (sizeof(table) / sizeof((table)[0]))

static void decode_document(struct decoder *decoder, const json_t *json, const char *path, void *target)
{
    static const struct decode_member members[] = {
        {"type", decode_text, offsetof(struct identity_document, type)},
        {"number", decode_text, offsetof(struct identity_document, number)},
        {"country", decode_text, offsetof(struct identity_document, country)},
    };
    ((struct identity_document *)target)->given = true;
    decode_object(decoder, json, path, members, COUNT(members), target);
}

static void decode_citizenships(struct decoder *decoder, const json_t *json, const char *path, void *target)
{
    struct party_member *m = target;
    m->citizenship_count =
        decode_array(decoder, json, path, CITIZENSHIPS_MAX, decode_text, m->citizenships, sizeof(m->citizenships[0]));
}

static void decode_category(struct decoder *decoder, const json_t *json, const char *path, void *target)
{
    unsigned value = CATEGORY_CITIZEN;
    (void)decode_word(decoder, json, path, &vocabulary_party_category, &value);
    *(enum party_category *)target = (enum party_category)value;
}

static void decode_member(struct decoder *decoder, const json_t *json, const char *path, void *target)
{
    static const struct decode_member members[] = {
        {"family_name", decode_text, offsetof(struct party_member, family_name)},
        {"given_names", decode_text, offsetof(struct party_member, given_names)},
        {"birth_date", decode_text, offsetof(struct party_member, birth_date_text)},
        {"citizenships", decode_citizenships, 0},
        {"category", decode_category, offsetof(struct party_member, category)},
        {"document", decode_document, offsetof(struct party_member, document)},
        {"needs", decode_needs, offsetof(struct party_member, needs)},
        {"needs_note", decode_text, offsetof(struct party_member, needs_note)},
    };
    decode_object(decoder, json, path, members, COUNT(members), target);
}

static void decode_party(struct decoder *decoder, const json_t *json, const char *path, void *target)
{
    struct registration *r = target;
    r->party = arena_array(decoder->arena, PARTY_MAX, sizeof(*r->party));
    if (r->party != NULL) {
        r->party_count = decode_array(decoder, json, path, PARTY_MAX, decode_member, r->party, sizeof(*r->party));
    }
}

static void decode_contact_kind(struct decoder *decoder, const json_t *json, const char *path, void *target)
{
    unsigned value = CONTACT_PHONE;
    (void)decode_word(decoder, json, path, &vocabulary_contact_kind, &value);
    *(enum contact_kind *)target = (enum contact_kind)value;
}

static void decode_contact(struct decoder *decoder, const json_t *json, const char *path, void *target)
{
    static const struct decode_member members[] = {
        {"kind", decode_contact_kind, offsetof(struct contact, kind)},
        {"value", decode_text, offsetof(struct contact, value)},
        {"primary", decode_bool, offsetof(struct contact, primary)},
    };
    decode_object(decoder, json, path, members, COUNT(members), target);
}

static void decode_contacts(struct decoder *decoder, const json_t *json, const char *path, void *target)
{
    struct registration *r = target;
    r->contacts = arena_array(decoder->arena, CONTACTS_MAX, sizeof(*r->contacts));
    if (r->contacts != NULL) {
        r->contact_count =
            decode_array(decoder, json, path, CONTACTS_MAX, decode_contact, r->contacts, sizeof(*r->contacts));
        for (size_t i = 0; decoder->from_form && i < r->contact_count; i++) {
            r->contacts[i].absent = r->contacts[i].value.length == 0;
        }
    }
}

static void decode_emergency_contact(struct decoder *decoder, const json_t *json, const char *path, void *target)
{
    static const struct decode_member members[] = {
        {"name", decode_text, offsetof(struct emergency_contact, name)},
        {"relation", decode_text, offsetof(struct emergency_contact, relation)},
        {"phone", decode_text, offsetof(struct emergency_contact, phone)},
        {"email", decode_text, offsetof(struct emergency_contact, email)},
    };
    ((struct emergency_contact *)target)->given = true;
    decode_object(decoder, json, path, members, COUNT(members), target);
}

static void decode_consent(struct decoder *decoder, const json_t *json, const char *path, void *target)
{
    static const struct decode_member members[] = {
        {"family", decode_bool, offsetof(struct consent, family)},
        {"partners", decode_bool, offsetof(struct consent, partners)},
    };
    ((struct consent *)target)->given = true;
    decode_object(decoder, json, path, members, COUNT(members), target);
}

static void decode_intent(struct decoder *decoder, const json_t *json, const char *path, void *target)
{
    struct registration *r = target;
    unsigned value = INTENT_UNDECIDED;
    r->has_intent = decode_word(decoder, json, path, &vocabulary_intent, &value);
    r->intent = (enum intent)value;
}

static void decode_client_id(struct decoder *decoder, const json_t *json, const char *path, void *target)
{
    struct registration *r = target;
    /* one that is there but wrong is one fault, not also a missing one */
    r->has_client_id = true;
    (void)decode_uuid(decoder, json, path, &r->client_id);
}

void decode_registration(struct decoder *decoder, const json_t *json, struct registration *registration)
{
    static const struct decode_member members[] = {
        {"crisis", decode_text, offsetof(struct registration, crisis)},
        {"client_id", decode_client_id, 0},
        {"language", decode_text, offsetof(struct registration, language)},
        {"party", decode_party, 0},
        {"contacts", decode_contacts, 0},
        {"location", decode_location, offsetof(struct registration, location)},
        {"intent", decode_intent, 0},
        {"emergency_contact", decode_emergency_contact, offsetof(struct registration, emergency_contact)},
        {"consent", decode_consent, offsetof(struct registration, consent)},
    };
    registration->intent = INTENT_UNDECIDED;
    decode_object(decoder, json, "", members, COUNT(members), registration);
}
