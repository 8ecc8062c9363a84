/* SPDX-License-Identifier: Apache-2.0
 * A citizen says how they are: the record of the contract, and what is wrong with it. */
#ifndef DOMAIN_CHECK_IN_H
#define DOMAIN_CHECK_IN_H

#include <stdbool.h>
#include <stdint.h>

#include "core/id.h"
#include "core/slice.h"
#include "domain/field_error.h"
#include "domain/place.h"
#include "domain/reporter.h"
#include "domain/vocabulary.h"

enum { PEOPLE_MAX = 500 };

struct check_in {
    bool has_client_id;
    struct uuid client_id;
    struct slice case_code; /* as typed; empty when not given */
    struct slice phone;     /* as typed; empty when not given */
    bool has_registration_id;
    int64_t registration_id; /* set by check_in_validate from case_code */
    char e164[24];           /* set by check_in_validate from phone; else "" */
    bool has_status;
    enum check_in_status status;
    uint32_t needs;
    bool has_people;
    int64_t people; /* 1 to PEOPLE_MAX */
    struct location location;
    struct slice message;
    struct reporter reporter; /* who told of them; not given: they themselves */
    struct slice at_text;     /* RFC 3339; empty when not given */
    bool has_at;
    int64_t
        at_us; /* the sender's clock, set by check_in_validate; may be wrong by years and is never refused for that */
};

/* Names every fault at once; `country` reads local phone forms. Requires client_id, status and exactly one of case and
 * phone. Returns errors->count == 0. */
bool check_in_validate(struct check_in *check_in, const char *country, struct field_errors *errors);

#endif
