/* SPDX-License-Identifier: Apache-2.0
 * The members of a relative's inquiry (7 FAM 122: caller and relation; the person's name, birth date, last address and contact). */
#include "domain/decode_submission.h"

#define COUNT(table) (sizeof(table) / sizeof((table)[0]))

struct inquiry {
    struct registration *registration;
    struct party_member *about;
    struct slice last_contact;
    struct slice message;
};

static void decode_name(struct decoder *decoder, const struct tree *tree, const struct decode_path *path, void *target)
{
    decode_text(decoder, tree, path, &((struct inquiry *)target)->about->family_name);
}

static void decode_given(struct decoder *decoder, const struct tree *tree, const struct decode_path *path, void *target)
{
    decode_text(decoder, tree, path, &((struct inquiry *)target)->about->given_names);
}

static void decode_birth_date(struct decoder *decoder, const struct tree *tree, const struct decode_path *path,
                              void *target)
{
    decode_text(decoder, tree, path, &((struct inquiry *)target)->about->birth_date_text);
}

static void decode_place(struct decoder *decoder, const struct tree *tree, const struct decode_path *path, void *target)
{
    struct location *location = &((struct inquiry *)target)->registration->location;
    location->given = true;
    decode_text(decoder, tree, path, &location->place);
}

static void decode_about(struct decoder *decoder, const struct tree *tree, const struct decode_path *path, void *target)
{
    static const struct decode_member members[] = {
        {SLICE_INIT("family_name"), decode_name, 0},
        {SLICE_INIT("given_names"), decode_given, 0},
        {SLICE_INIT("birth_date"), decode_birth_date, 0},
        {SLICE_INIT("place"), decode_place, 0},
        {SLICE_INIT("last_contact"), decode_text, offsetof(struct inquiry, last_contact)},
    };
    decode_object(decoder, tree, path, members, COUNT(members), target);
}

static void decode_asker(struct decoder *decoder, const struct tree *tree, const struct decode_path *path, void *target)
{
    static const struct decode_member members[] = {
        {SLICE_INIT("name"), decode_text, offsetof(struct emergency_contact, name)},
        {SLICE_INIT("relation"), decode_text, offsetof(struct emergency_contact, relation)},
        {SLICE_INIT("phone"), decode_text, offsetof(struct emergency_contact, phone)},
        {SLICE_INIT("email"), decode_text, offsetof(struct emergency_contact, email)},
    };
    struct emergency_contact *asker = &((struct inquiry *)target)->registration->emergency_contact;
    asker->given = true;
    decode_object(decoder, tree, path, members, COUNT(members), asker);
}

static void decode_crisis(struct decoder *decoder, const struct tree *tree, const struct decode_path *path,
                          void *target)
{
    decode_text(decoder, tree, path, &((struct inquiry *)target)->registration->crisis);
}

static void decode_language(struct decoder *decoder, const struct tree *tree, const struct decode_path *path,
                            void *target)
{
    decode_text(decoder, tree, path, &((struct inquiry *)target)->registration->language);
}

static void decode_client_id(struct decoder *decoder, const struct tree *tree, const struct decode_path *path,
                             void *target)
{
    struct registration *r = ((struct inquiry *)target)->registration;
    r->has_client_id = true; /* one that is there but wrong is one fault, not also a missing one */
    (void)decode_uuid(decoder, tree, path, &r->client_id);
}

void decode_inquiry(struct decoder *decoder, const struct tree *tree, struct registration *registration)
{
    static const struct decode_member members[] = {
        {SLICE_INIT("crisis"), decode_crisis, 0},
        {SLICE_INIT("client_id"), decode_client_id, 0},
        {SLICE_INIT("language"), decode_language, 0},
        {SLICE_INIT("about"), decode_about, 0},
        {SLICE_INIT("asker"), decode_asker, 0},
        {SLICE_INIT("message"), decode_text, offsetof(struct inquiry, message)},
    };
    struct inquiry inquiry = {.registration = registration};
    registration->intent = INTENT_UNDECIDED;
    registration->party = arena_array(decoder->arena, 1, sizeof(*registration->party));
    if (registration->party == NULL) {
        return; /* an empty party is refused below */
    }
    registration->party_count = 1;
    inquiry.about = &registration->party[0];
    inquiry.about->category = CATEGORY_CITIZEN;
    decode_object(decoder, tree, NULL, members, COUNT(members), &inquiry);
    inquiry.about->needs_note =
        inquiry.last_contact.length == 0
            ? inquiry.message
            : arena_printf(decoder->arena, "%.*s\n%.*s", SLICE_ARGS(inquiry.last_contact), SLICE_ARGS(inquiry.message));
}
