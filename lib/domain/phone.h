/* SPDX-License-Identifier: Apache-2.0
 * Telephone numbers in any local form, by libphonenumber (the one C++ file of the project behind a C door). */
#ifndef DOMAIN_PHONE_H
#define DOMAIN_PHONE_H

#include <stdbool.h>

#include "core/slice.h"

enum { PHONE_E164_SIZE = 24, PHONE_SHOWN_SIZE = 40 };

#ifdef __cplusplus
extern "C" {
#endif

/* Reads `text` as dialled in `country` (ISO 3166-1 alpha-2, NUL-terminated) and writes E.164 ("+22790123456"), NUL-terminated.
 * "00" and "+" prefixes, spaces, dots, hyphens and brackets are understood. False when it is no possible number. Never throws. */
bool phone_normalise(struct slice text, const char *country, char e164[PHONE_E164_SIZE]);

/* Writes an E.164 number as people write it in `country`, NUL-terminated: "90 12 34 56" for one of that country's own, else
 * "+33 6 12 34 56 78". False, and the number as it was, when it cannot be read. Never throws. */
bool phone_show(struct slice e164, const char *country, char shown[PHONE_SHOWN_SIZE]);

#ifdef __cplusplus
}
#endif

#endif
