/* SPDX-License-Identifier: Apache-2.0
 * What is wrong with a registration, all of it, and what its people need. */
#include "domain/registration.h"

#include <stdio.h>

#include "domain/field_check.h"
#include "domain/phone.h"

enum { INFANT_BELOW = 2, ADULT_FROM = 18, OLDER_FROM = 70 }; /* years */

_Static_assert(sizeof(((struct contact *)NULL)->e164) == PHONE_E164_SIZE, "a contact holds a number");

/* "party/0/birth_date". Members are our own words and indexes are bounded, so it always fits. */
struct path {
    char text[FIELD_PATH_MAX];
};

static struct path member_path(const char *list, size_t index, const char *member)
{
    struct path path;
    if (snprintf(path.text, sizeof(path.text), "%s/%zu/%s", list, index, member) < 0) {
        path.text[0] = '\0';
    }
    return path;
}

static void check_optional_country(struct slice text, const char *path, struct field_errors *errors)
{
    if (text.length > 0) {
        (void)field_check_country(text, path, errors);
    }
}

static size_t check_count(size_t count, size_t most, const char *path, struct field_errors *errors)
{
    if (count <= most) {
        return count;
    }
    field_error_add_limit(errors, FIELD_TOO_MANY, (long)most, "%s", path);
    return most;
}

static void check_birth_date(struct party_member *member, size_t index, struct date today, struct field_errors *errors)
{
    struct date date;
    struct path path = member_path("party", index, "birth_date");
    member->has_birth_date = false;
    if (member->birth_date_text.length == 0) {
        return;
    }
    if (!date_parse(member->birth_date_text, &date)) {
        field_error_add(errors, FIELD_NOT_A_DATE, "%s", path.text);
    } else if (date_compare(date, today) > 0) {
        field_error_add(errors, FIELD_DATE_IN_FUTURE, "%s", path.text);
    } else if (date_age(date, today) > OLDEST_AGE) {
        field_error_add(errors, FIELD_DATE_TOO_OLD, "%s", path.text);
    } else {
        member->has_birth_date = true;
        member->birth_date = date;
    }
}

static void check_document(const struct identity_document *document, size_t index, struct field_errors *errors)
{
    if (!document->given) {
        return;
    }
    (void)field_check_line(document->type, SHORT_TEXT_MAX_CHARACTERS, member_path("party", index, "document/type").text,
                           errors);
    (void)field_check_line(document->number, SHORT_TEXT_MAX_CHARACTERS,
                           member_path("party", index, "document/number").text, errors);
    check_optional_country(document->country, member_path("party", index, "document/country").text, errors);
}

static void check_member(struct party_member *member, size_t index, struct date today, struct field_errors *errors)
{
    (void)field_check_line(member->family_name, NAME_MAX_CHARACTERS, member_path("party", index, "family_name").text,
                           errors);
    (void)field_check_line(member->given_names, NAME_MAX_CHARACTERS, member_path("party", index, "given_names").text,
                           errors);
    check_birth_date(member, index, today, errors);
    member->citizenship_count = check_count(member->citizenship_count, CITIZENSHIPS_MAX,
                                            member_path("party", index, "citizenships").text, errors);
    for (size_t i = 0; i < member->citizenship_count; i++) {
        struct path list = member_path("party", index, "citizenships");
        char path[FIELD_PATH_MAX + 24];
        if (snprintf(path, sizeof(path), "%s/%zu", list.text, i) > 0) {
            (void)field_check_country(member->citizenships[i], path, errors);
        }
    }
    check_document(&member->document, index, errors);
    (void)field_check_text(member->needs_note, NOTE_MAX_CHARACTERS, member_path("party", index, "needs_note").text,
                           errors);
}

static bool has_name(const struct party_member *member)
{
    return !field_check_is_blank(member->family_name) || !field_check_is_blank(member->given_names);
}

static void check_party(struct registration *registration, struct date today, struct field_errors *errors)
{
    bool named = false;
    size_t count = check_count(registration->party_count, PARTY_MAX, "party", errors);
    if (count == 0) {
        field_check_missing("party", errors);
        return;
    }
    for (size_t i = 0; i < count; i++) {
        check_member(&registration->party[i], i, today, errors);
        named = named || has_name(&registration->party[i]);
    }
    if (!named) {
        field_check_missing("party/0/family_name", errors);
    }
}

static void check_phone(struct slice text, const char *country, char e164[PHONE_E164_SIZE], const char *path,
                        struct field_errors *errors)
{
    if (!phone_normalise(text, country, e164)) {
        field_error_add(errors, FIELD_NOT_A_PHONE, "%s", path);
    }
}

static void check_contact(struct contact *contact, size_t index, const char *country, struct field_errors *errors)
{
    struct path path = member_path("contacts", index, "value");
    contact->e164[0] = '\0';
    if (contact->absent) {
        return;
    }
    if (field_check_is_blank(contact->value)) {
        field_check_missing(path.text, errors);
    } else if (contact->kind == CONTACT_EMAIL) {
        (void)field_check_email(contact->value, path.text, errors);
    } else if (field_check_line(contact->value, SHORT_TEXT_MAX_CHARACTERS, path.text, errors)) {
        check_phone(contact->value, country, contact->e164, path.text, errors);
    }
}

static void check_contacts(struct registration *registration, const char *country, struct field_errors *errors)
{
    size_t count = check_count(registration->contact_count, CONTACTS_MAX, "contacts", errors);
    for (size_t i = 0; i < count; i++) {
        check_contact(&registration->contacts[i], i, country, errors);
    }
}

static void check_emergency_contact(const struct emergency_contact *contact, const char *country,
                                    struct field_errors *errors)
{
    char e164[PHONE_E164_SIZE];
    if (!contact->given) {
        return;
    }
    (void)field_check_line(contact->name, NAME_MAX_CHARACTERS, "emergency_contact/name", errors);
    (void)field_check_line(contact->relation, SHORT_TEXT_MAX_CHARACTERS, "emergency_contact/relation", errors);
    if (!field_check_is_blank(contact->phone) &&
        field_check_line(contact->phone, SHORT_TEXT_MAX_CHARACTERS, "emergency_contact/phone", errors)) {
        check_phone(contact->phone, country, e164, "emergency_contact/phone", errors);
    }
    if (!field_check_is_blank(contact->email)) {
        (void)field_check_email(contact->email, "emergency_contact/email", errors);
    }
}

bool registration_validate(struct registration *registration, const char *country, struct date today,
                           struct field_errors *errors)
{
    if (field_check_is_blank(registration->crisis)) {
        field_check_missing("crisis", errors);
    } else {
        (void)field_check_line(registration->crisis, SHORT_TEXT_MAX_CHARACTERS, "crisis", errors);
    }
    if (!registration->has_client_id) {
        field_check_missing("client_id", errors);
    }
    if (registration->language.length > 0) {
        (void)field_check_language(registration->language, "language", errors);
    }
    check_party(registration, today, errors);
    check_contacts(registration, country, errors);
    location_validate(&registration->location, "location", errors);
    check_emergency_contact(&registration->emergency_contact, country, errors);
    reporter_validate(&registration->reporter, country, errors);
    return errors->count == 0;
}

uint32_t registration_needs(const struct registration *registration, struct date today)
{
    uint32_t needs = 0;
    size_t minors = 0;
    for (size_t i = 0; i < registration->party_count; i++) {
        const struct party_member *member = &registration->party[i];
        needs |= member->needs;
        if (!member->has_birth_date) {
            continue;
        }
        int age = date_age(member->birth_date, today);
        needs |= age < INFANT_BELOW ? NEED_BIT(NEED_INFANT) : 0;
        needs |= age >= OLDER_FROM ? NEED_BIT(NEED_OLDER_PERSON) : 0;
        minors += age < ADULT_FROM ? 1 : 0;
    }
    /* A member whose age is not known may be the adult, so nobody is called unaccompanied for want of a date. */
    if (minors > 0 && minors == registration->party_count) {
        needs |= NEED_BIT(NEED_UNACCOMPANIED_MINOR);
    }
    return needs;
}
