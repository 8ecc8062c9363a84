/* SPDX-License-Identifier: Apache-2.0
 * The members of a registration. */
#include "domain/decode_submission.h"

#define COUNT(table) (sizeof(table) / sizeof((table)[0]))

static void decode_document(struct decoder *decoder, const struct tree *tree, const struct decode_path *path,
                            void *target)
{
    static const struct decode_member members[] = {
        {SLICE_INIT("type"), decode_text, offsetof(struct identity_document, type)},
        {SLICE_INIT("number"), decode_text, offsetof(struct identity_document, number)},
        {SLICE_INIT("country"), decode_text, offsetof(struct identity_document, country)},
    };
    ((struct identity_document *)target)->given = true;
    decode_object(decoder, tree, path, members, COUNT(members), target);
}

static void decode_citizenships(struct decoder *decoder, const struct tree *tree, const struct decode_path *path,
                                void *target)
{
    struct party_member *m = target;
    m->citizenship_count =
        decode_array(decoder, tree, path, CITIZENSHIPS_MAX, decode_text, m->citizenships, sizeof(m->citizenships[0]));
}

static void decode_category(struct decoder *decoder, const struct tree *tree, const struct decode_path *path,
                            void *target)
{
    unsigned value = CATEGORY_CITIZEN;
    (void)decode_word(decoder, tree, path, &vocabulary_party_category, &value);
    *(enum party_category *)target = (enum party_category)value;
}

static void decode_member(struct decoder *decoder, const struct tree *tree, const struct decode_path *path,
                          void *target)
{
    static const struct decode_member members[] = {
        {SLICE_INIT("family_name"), decode_text, offsetof(struct party_member, family_name)},
        {SLICE_INIT("given_names"), decode_text, offsetof(struct party_member, given_names)},
        {SLICE_INIT("birth_date"), decode_text, offsetof(struct party_member, birth_date_text)},
        {SLICE_INIT("citizenships"), decode_citizenships, 0},
        {SLICE_INIT("category"), decode_category, offsetof(struct party_member, category)},
        {SLICE_INIT("document"), decode_document, offsetof(struct party_member, document)},
        {SLICE_INIT("needs"), decode_needs, offsetof(struct party_member, needs)},
        {SLICE_INIT("needs_note"), decode_text, offsetof(struct party_member, needs_note)},
    };
    decode_object(decoder, tree, path, members, COUNT(members), target);
}

static void decode_party(struct decoder *decoder, const struct tree *tree, const struct decode_path *path, void *target)
{
    struct registration *r = target;
    r->party = arena_array(decoder->arena, PARTY_MAX, sizeof(*r->party));
    if (r->party != NULL) {
        r->party_count = decode_array(decoder, tree, path, PARTY_MAX, decode_member, r->party, sizeof(*r->party));
    }
}

static void decode_contact_kind(struct decoder *decoder, const struct tree *tree, const struct decode_path *path,
                                void *target)
{
    unsigned value = CONTACT_PHONE;
    (void)decode_word(decoder, tree, path, &vocabulary_contact_kind, &value);
    *(enum contact_kind *)target = (enum contact_kind)value;
}

static void decode_contact(struct decoder *decoder, const struct tree *tree, const struct decode_path *path,
                           void *target)
{
    static const struct decode_member members[] = {
        {SLICE_INIT("kind"), decode_contact_kind, offsetof(struct contact, kind)},
        {SLICE_INIT("value"), decode_text, offsetof(struct contact, value)},
        {SLICE_INIT("primary"), decode_bool, offsetof(struct contact, primary)},
    };
    decode_object(decoder, tree, path, members, COUNT(members), target);
}

static void decode_contacts(struct decoder *decoder, const struct tree *tree, const struct decode_path *path,
                            void *target)
{
    struct registration *r = target;
    r->contacts = arena_array(decoder->arena, CONTACTS_MAX, sizeof(*r->contacts));
    if (r->contacts != NULL) {
        r->contact_count =
            decode_array(decoder, tree, path, CONTACTS_MAX, decode_contact, r->contacts, sizeof(*r->contacts));
        for (size_t i = 0; decoder->from_form && i < r->contact_count; i++) {
            r->contacts[i].absent = r->contacts[i].value.length == 0;
        }
    }
}

static void decode_emergency_contact(struct decoder *decoder, const struct tree *tree, const struct decode_path *path,
                                     void *target)
{
    static const struct decode_member members[] = {
        {SLICE_INIT("name"), decode_text, offsetof(struct emergency_contact, name)},
        {SLICE_INIT("relation"), decode_text, offsetof(struct emergency_contact, relation)},
        {SLICE_INIT("phone"), decode_text, offsetof(struct emergency_contact, phone)},
        {SLICE_INIT("email"), decode_text, offsetof(struct emergency_contact, email)},
    };
    ((struct emergency_contact *)target)->given = true;
    decode_object(decoder, tree, path, members, COUNT(members), target);
}

static void decode_consent(struct decoder *decoder, const struct tree *tree, const struct decode_path *path,
                           void *target)
{
    static const struct decode_member members[] = {
        {SLICE_INIT("family"), decode_bool, offsetof(struct consent, family)},
        {SLICE_INIT("partners"), decode_bool, offsetof(struct consent, partners)},
    };
    ((struct consent *)target)->given = true;
    decode_object(decoder, tree, path, members, COUNT(members), target);
}

static void decode_intent(struct decoder *decoder, const struct tree *tree, const struct decode_path *path,
                          void *target)
{
    struct registration *r = target;
    unsigned value = INTENT_UNDECIDED;
    r->has_intent = decode_word(decoder, tree, path, &vocabulary_intent, &value);
    r->intent = (enum intent)value;
}

static void decode_client_id(struct decoder *decoder, const struct tree *tree, const struct decode_path *path,
                             void *target)
{
    struct registration *r = target;
    /* one that is there but wrong is one fault, not also a missing one */
    r->has_client_id = true;
    (void)decode_uuid(decoder, tree, path, &r->client_id);
}

void decode_registration(struct decoder *decoder, const struct tree *tree, struct registration *registration)
{
    static const struct decode_member members[] = {
        {SLICE_INIT("crisis"), decode_text, offsetof(struct registration, crisis)},
        {SLICE_INIT("client_id"), decode_client_id, 0},
        {SLICE_INIT("language"), decode_text, offsetof(struct registration, language)},
        {SLICE_INIT("party"), decode_party, 0},
        {SLICE_INIT("contacts"), decode_contacts, 0},
        {SLICE_INIT("location"), decode_location, offsetof(struct registration, location)},
        {SLICE_INIT("intent"), decode_intent, 0},
        {SLICE_INIT("emergency_contact"), decode_emergency_contact, offsetof(struct registration, emergency_contact)},
        {SLICE_INIT("consent"), decode_consent, offsetof(struct registration, consent)},
        {SLICE_INIT("reporter"), reporter_decode, offsetof(struct registration, reporter)},
    };
    registration->intent = INTENT_UNDECIDED;
    decode_object(decoder, tree, NULL, members, COUNT(members), registration);
}
