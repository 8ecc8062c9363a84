/* SPDX-License-Identifier: Apache-2.0
 * Version 1 || after the first band || respond_by || registration_id, in network order. */
#include "desk/page_key.h"

#include <sodium.h>
#include <string.h>

enum { KEY_VERSION = 1 };

_Static_assert(PAGE_KEY_SIZE + 1 == sodium_base64_ENCODED_LEN(PAGE_KEY_BYTES, sodium_base64_VARIANT_URLSAFE_NO_PADDING),
               "a key's text fits");

static void put(uint8_t bytes[8], int64_t value)
{
    for (unsigned i = 0; i < 8; i++) {
        bytes[i] = (uint8_t)((uint64_t)value >> (56 - 8 * i));
    }
}

static int64_t get(const uint8_t bytes[8])
{
    uint64_t value = 0;
    for (unsigned i = 0; i < 8; i++) {
        value = value << 8 | bytes[i];
    }
    return (int64_t)value;
}

struct slice page_key_format(const struct case_key *key, char text[PAGE_KEY_SIZE + 1])
{
    uint8_t bytes[PAGE_KEY_BYTES] = {KEY_VERSION, key->after_first_band ? 1 : 0};
    put(bytes + 2, key->respond_by_us);
    put(bytes + 10, key->registration_id);
    (void)sodium_bin2base64(text, PAGE_KEY_SIZE + 1, bytes, sizeof(bytes),
                            sodium_base64_VARIANT_URLSAFE_NO_PADDING); /* cannot fail: the size is asserted above */
    return slice_make(text, PAGE_KEY_SIZE);
}

bool page_key_parse(struct slice text, struct case_key *key)
{
    uint8_t bytes[PAGE_KEY_BYTES];
    size_t length = 0;
    if (text.length != PAGE_KEY_SIZE ||
        sodium_base642bin(bytes, sizeof(bytes), text.data, text.length, NULL, &length, NULL,
                          sodium_base64_VARIANT_URLSAFE_NO_PADDING) != 0 ||
        length != PAGE_KEY_BYTES || bytes[0] != KEY_VERSION || bytes[1] > 1) {
        return false;
    }
    *key = (struct case_key){bytes[1] == 1, get(bytes + 2), get(bytes + 10)};
    return key->registration_id >= 0;
}
