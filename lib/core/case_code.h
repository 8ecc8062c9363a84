/* SPDX-License-Identifier: Apache-2.0
 * The case code a citizen writes down: nine Crockford base-32 symbols of a 45-bit registration id and one check symbol,
 * shown 5-5 ("K7M2Q-9QXD4"). */
#ifndef CORE_CASE_CODE_H
#define CORE_CASE_CODE_H

#include <stdbool.h>
#include <stdint.h>

#include "core/slice.h"

enum { CASE_CODE_SYMBOLS = 10, CASE_CODE_TEXT_SIZE = 11 };
#define REGISTRATION_ID_BITS 45
#define REGISTRATION_ID_MAX  ((INT64_C(1) << REGISTRATION_ID_BITS) - 1)

enum case_code_reading {
    CASE_CODE_OK,
    CASE_CODE_SHAPE,    /* not ten symbols of the alphabet */
    CASE_CODE_MISTYPED, /* ten symbols, but the check symbol does not fit */
};

/* `registration_id` from 0 to REGISTRATION_ID_MAX. NUL-terminated. */
struct slice case_code_format(int64_t registration_id, char text[CASE_CODE_TEXT_SIZE + 1]);

/* Reads without regard to case; O is 0, I and L are 1; hyphens and spaces are ignored. The check catches every single
 * wrong symbol and every swap of two neighbours. */
enum case_code_reading case_code_parse(struct slice text, int64_t *registration_id);

#endif
