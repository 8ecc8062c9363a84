/* SPDX-License-Identifier: Apache-2.0
 * Whether two parties are probably the same people, registered twice: what speaks for it, and how much. An officer decides. */
#ifndef DOMAIN_DUPLICATE_H
#define DOMAIN_DUPLICATE_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#include "core/slice.h"
#include "domain/name.h"
#include "domain/vocabulary.h"

enum duplicate_evidence {
    DUPLICATE_DOCUMENT,
    DUPLICATE_PHONE,
    DUPLICATE_BIRTH_DATE, /* of people whose names answer to each other */
    DUPLICATE_NAME,
    DUPLICATE_NAME_SOUNDS,
    DUPLICATE_PARTY,              /* more than one of the one party are in the other */
    DUPLICATE_BIRTH_DATE_DIFFERS, /* this speaks against it */
    DUPLICATE_EVIDENCE_COUNT,
};
extern const struct vocabulary vocabulary_duplicate;

enum { DUPLICATE_PEOPLE_MAX = 12, DUPLICATE_LEAST = 40 }; /* a lower score is none to show */

struct duplicate_person {
    struct name_tokens words;
    struct slice birth_date; /* "1979-03-21"; empty: not known */
};

struct duplicate_party {
    struct duplicate_person people[DUPLICATE_PEOPLE_MAX];
    size_t count;
};

/* 0 to 99. Phones and documents are compared by whoever has their indexes. *evidence: a bit for each that was found. */
unsigned duplicate_score(const struct duplicate_party *a, const struct duplicate_party *b, bool shares_phone,
                         bool shares_document, uint32_t *evidence);

#endif
