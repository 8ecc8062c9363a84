/* SPDX-License-Identifier: Apache-2.0
 * A party that says who and where it is: the record of the contract, and what is wrong with it. */
#ifndef DOMAIN_REGISTRATION_H
#define DOMAIN_REGISTRATION_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#include "core/clock.h"
#include "core/id.h"
#include "core/slice.h"
#include "domain/field_error.h"
#include "domain/place.h"
#include "domain/reporter.h"
#include "domain/vocabulary.h"

enum {
    PARTY_MAX = 30, /* members of one party */
    CONTACTS_MAX = 10,
    CITIZENSHIPS_MAX = 5,
    NAME_MAX_CHARACTERS = 120,
    NOTE_MAX_CHARACTERS = 2000,
    TEXT_SEGMENTS_MAX = 6,
    TEXT_UNUSUAL_MAX_CHARACTERS =
        402, /* in six messages of the network (sms_segment.h), where a letter is outside GSM's alphabet */
    TEXT_MAX_CHARACTERS =
        918, /* an officer's text: six messages of the network (sms_segment.h) where no letter is unusual */
    MESSAGE_MAX_CHARACTERS = 2000,
    SHORT_TEXT_MAX_CHARACTERS = 120,
    OLDEST_AGE = 125, /* years */
};

struct identity_document {
    bool given;
    struct slice type; /* "passport", or as typed */
    struct slice number;
    struct slice country; /* ISO 3166-1 alpha-2 */
};

struct party_member {
    struct slice family_name;
    struct slice given_names;
    struct slice birth_date_text; /* as sent; empty when not given */
    bool has_birth_date;          /* set by registration_validate when the text is a date */
    struct date birth_date;
    struct slice citizenships[CITIZENSHIPS_MAX];
    size_t citizenship_count;
    enum party_category category; /* CATEGORY_CITIZEN when not given */
    struct identity_document document;
    uint32_t needs; /* NEED_BIT of each */
    struct slice needs_note;
};

struct contact {
    enum contact_kind kind;
    struct slice value;
    bool primary;
    bool absent;   /* a place that a form left empty: neither kept nor at fault */
    char e164[24]; /* set by registration_validate for phones and WhatsApp: "+22790123456"; else "" */
};

struct emergency_contact {
    bool given;
    struct slice name;
    struct slice relation;
    struct slice phone;
    struct slice email;
};

struct consent {
    bool given;
    bool family;
    bool partners;
};

struct registration {
    struct slice crisis; /* its id, "ner-2023" */
    bool has_client_id;
    struct uuid client_id;
    struct slice language; /* BCP 47; empty when not given */
    struct party_member *party;
    size_t party_count;
    struct contact *contacts;
    size_t contact_count;
    struct location location;
    bool has_intent;
    enum intent intent; /* INTENT_UNDECIDED when not given */
    struct emergency_contact emergency_contact;
    struct consent consent;
    struct reporter reporter; /* who told of them; not given: they themselves */
};

/* Names every fault at once. `country` is the crisis's (ISO 3166-1 alpha-2, NUL-terminated): local phone forms are read as
 * that country's. `today` judges birth dates. Normalises phones into contacts[].e164 and dates into has_birth_date.
 * A phone that cannot be understood is a fault (FIELD_NOT_A_PHONE); everything but crisis, client_id and one name may be
 * missing. Returns errors->count == 0. */
bool registration_validate(struct registration *registration, const char *country, struct date today,
                           struct field_errors *errors);

/* The needs of the whole party: the members' flags, and what ages say (INFANT under 2, OLDER_PERSON from 70,
 * UNACCOMPANIED_MINOR when every member with a known age is under 18 and at least one age is known for each). */
uint32_t registration_needs(const struct registration *registration, struct date today);

#endif
