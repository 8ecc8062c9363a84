/* SPDX-License-Identifier: Apache-2.0
 * What is wrong with which field of what a person sent: every fault at once, as codes; words are the page's business. */
#ifndef DOMAIN_FIELD_ERROR_H
#define DOMAIN_FIELD_ERROR_H

#include <stdbool.h>
#include <stddef.h>

#include "core/slice.h"

enum field_fault {
    FIELD_MISSING,
    FIELD_UNKNOWN, /* a member we do not know */
    FIELD_WRONG_TYPE,
    FIELD_NOT_TEXT, /* control characters or broken UTF-8 */
    FIELD_TOO_LONG, /* limit: characters */
    FIELD_TOO_MANY, /* limit: items */
    FIELD_NOT_A_UUID,
    FIELD_NOT_A_DATE,
    FIELD_DATE_IN_FUTURE,
    FIELD_DATE_TOO_OLD,
    FIELD_NOT_A_TIME,
    FIELD_NOT_A_COUNTRY,  /* not an ISO 3166-1 alpha-2 code */
    FIELD_NOT_A_LANGUAGE, /* not a language tag of BCP 47's simple form */
    FIELD_NOT_A_VALUE,    /* not in the closed list */
    FIELD_NOT_A_PHONE,
    FIELD_NOT_AN_EMAIL,
    FIELD_NOT_A_NUMBER,
    FIELD_OUT_OF_RANGE,
    FIELD_NOT_A_CASE,    /* not ten symbols of the alphabet */
    FIELD_CASE_MISTYPED, /* the check symbol does not fit */
    FIELD_NOT_A_CRISIS,  /* no such open crisis */
    FIELD_EITHER_OR,     /* two members of which only one may be given, or one must: case and phone; lat without lon */
    FIELD_REPEATED,      /* a form field sent twice, an Idempotency-Key that is not the client_id */
    FIELD_CRY_FOR_HELP,  /* a policy that would make a cry for help less than urgent */
    FIELD_ZONE_NOT_CLOSED,     /* a ring of fewer than four positions, or whose last is not the first */
    FIELD_ZONE_CROSSES_ITSELF, /* a ring whose lines meet */
    FIELD_ZONE_DATE_LINE,      /* an area beyond 180 degrees: two zones are drawn instead */
    FIELD_ZONE_TOO_LARGE,      /* more cells than a zone may have */
    FIELD_FAULT_COUNT,
};

enum { FIELD_PATH_MAX = 96, FIELD_ERRORS_MAX = 64 };

struct field_error {
    char path[FIELD_PATH_MAX]; /* "party/0/birth_date"; NUL-terminated */
    enum field_fault fault;
    long limit; /* for TOO_LONG, TOO_MANY */
};

struct field_errors {
    struct field_error items[FIELD_ERRORS_MAX];
    size_t count;
    size_t dropped; /* found past FIELD_ERRORS_MAX */
};

/* Adds one; the path is printf-made. Paths made of member names that the sender chose must be cut by the caller ("%.40s")
 * and are shown back to the sender only, never logged. */
void field_error_add(struct field_errors *errors, enum field_fault fault, const char *path_format, ...)
    __attribute__((format(printf, 3, 4)));
void field_error_add_limit(struct field_errors *errors, enum field_fault fault, long limit, const char *path_format,
                           ...) __attribute__((format(printf, 4, 5)));
/* "missing", "not_a_date", ...: the `code` of the contract's errors. */
const char *field_fault_code(enum field_fault fault);
/* The error for `path`, or NULL. */
const struct field_error *field_error_find(const struct field_errors *errors, const char *path);

#endif
