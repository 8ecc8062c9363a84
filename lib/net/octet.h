/* SPDX-License-Identifier: Apache-2.0
 * Which octets may stand where in a request: one table lookup instead of chains of comparisons. */
#ifndef NET_OCTET_H
#define NET_OCTET_H

#include <stdbool.h>
#include <stdint.h>

#include "core/slice.h"

enum octet_class {
    OCTET_TOKEN = 1,  /* tchar, RFC 9110 section 5.6.2: methods and field names */
    OCTET_VALUE = 2,  /* field values, RFC 9110 section 5.5: VCHAR, SP, HTAB and obs-text */
    OCTET_TARGET = 4, /* what a path or query may carry unencoded; see octet.c */
    OCTET_HOST = 8,   /* reg-name, RFC 3986 section 3.2.2: unreserved, sub-delims, "%" */
    OCTET_HEX = 16,
    OCTET_DIGIT = 32,
};

extern const uint8_t octet_table[256];

static inline bool octet_is(char c, enum octet_class class)
{
    return (octet_table[(unsigned char)c] & (unsigned)class) != 0;
}

/* Every octet of `s` is of the class; true for the empty slice. */
bool octet_all(struct slice s, enum octet_class class);
/* The value of a hexadecimal digit, which it must be. */
unsigned octet_hex_value(char c);

#endif
