/* SPDX-License-Identifier: Apache-2.0
 * What a record says, as the HTTP request that says it; always the same for the same record. Everybody in it is invented. */
#ifndef DRILL_SUBMISSION_H
#define DRILL_SUBMISSION_H

#include <stddef.h>

#include "core/slice.h"
#include "drill/roll.h"
#include "drill/scenario.h"

/* A household of twelve with all needs is 4 KiB. */
enum { SUBMISSION_MAX = 8192, SUBMISSION_PHONE_SIZE = 16 };

/* Where it is sent. */
struct submission_frame {
    const struct scenario *scenario;
    const struct roll *roll;
    struct slice host; /* of the Host field */
    struct slice crisis;
    struct slice gateway; /* empty: none, and no texts */
    struct slice secret;
};

/* The whole request into `out` of SUBMISSION_MAX bytes; its length, 0 when it does not fit. */
size_t submission_write(const struct submission_frame *frame, uint32_t index, char *out);

/* A telephone number that is nobody's: an area code of North America never begins with 0. NUL-terminated. */
struct slice submission_phone(uint32_t drill, uint32_t party, bool stranger, char text[SUBMISSION_PHONE_SIZE]);
/* Whether a party gave its number when it registered. */
bool submission_has_phone(const struct scenario *scenario, uint64_t seed, uint32_t party);

#endif
