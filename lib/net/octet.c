/* SPDX-License-Identifier: Apache-2.0
 * The table of octet classes; octet_test.c rebuilds it from the grammars and compares. */
#include "net/octet.h"

/* OCTET_TARGET is wider than RFC 3986's pchar: browsers leave | ^ { } [ ] and the grave accent as they are in a query
 * (WHATWG URL, section 1.3). What could change where a request ends or begins stays out: controls, space, quotes, angle
 * brackets, backslash, "#", anything above 0x7e. */
// clang-format off
const uint8_t octet_table[256] = {
    0, 0, 0, 0, 0, 0, 0, 0, 0, 2, 0, 0, 0, 0, 0, 0, /* 0x00 */
    0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, /* 0x10 */
    2, 15, 2, 3, 15, 15, 15, 15, 14, 14, 15, 15, 14, 15, 15, 6, /* 0x20 */
    63, 63, 63, 63, 63, 63, 63, 63, 63, 63, 6, 14, 2, 14, 2, 6, /* 0x30 */
    6, 31, 31, 31, 31, 31, 31, 15, 15, 15, 15, 15, 15, 15, 15, 15, /* 0x40 */
    15, 15, 15, 15, 15, 15, 15, 15, 15, 15, 15, 6, 2, 6, 7, 15, /* 0x50 */
    7, 31, 31, 31, 31, 31, 31, 15, 15, 15, 15, 15, 15, 15, 15, 15, /* 0x60 */
    15, 15, 15, 15, 15, 15, 15, 15, 15, 15, 15, 6, 7, 6, 15, 0, /* 0x70 */
    2, 2, 2, 2, 2, 2, 2, 2, 2, 2, 2, 2, 2, 2, 2, 2, /* 0x80 */
    2, 2, 2, 2, 2, 2, 2, 2, 2, 2, 2, 2, 2, 2, 2, 2, /* 0x90 */
    2, 2, 2, 2, 2, 2, 2, 2, 2, 2, 2, 2, 2, 2, 2, 2, /* 0xa0 */
    2, 2, 2, 2, 2, 2, 2, 2, 2, 2, 2, 2, 2, 2, 2, 2, /* 0xb0 */
    2, 2, 2, 2, 2, 2, 2, 2, 2, 2, 2, 2, 2, 2, 2, 2, /* 0xc0 */
    2, 2, 2, 2, 2, 2, 2, 2, 2, 2, 2, 2, 2, 2, 2, 2, /* 0xd0 */
    2, 2, 2, 2, 2, 2, 2, 2, 2, 2, 2, 2, 2, 2, 2, 2, /* 0xe0 */
    2, 2, 2, 2, 2, 2, 2, 2, 2, 2, 2, 2, 2, 2, 2, 2, /* 0xf0 */
};
// clang-format on

bool octet_all(struct slice s, enum octet_class class)
{
    for (size_t i = 0; i < s.length; i++) {
        if (!octet_is(s.data[i], class)) {
            return false;
        }
    }
    return true;
}

unsigned octet_hex_value(char c)
{
    unsigned char byte = (unsigned char)c;
    return byte <= '9' ? byte - (unsigned)'0' : (byte | 0x20U) - (unsigned)'a' + 10U;
}
