/* SPDX-License-Identifier: Apache-2.0
 * 128 bits of a keyed hash over gateway and reference. */
#include "gateway/receipt_url.h"

#include <sodium.h>

enum { SIGN_BYTES = 16, SIGN_DIGITS = 2 * SIGN_BYTES };

/* False when memory is out. */
static bool sign_of(const struct blind_keys *keys, struct slice gateway, const struct uuid *reference,
                    struct arena *arena, char sign[SIGN_DIGITS + 1])
{
    char text[UUID_TEXT_SIZE + 1];
    uint8_t value[BLIND_SIZE];
    struct slice ref = uuid_format(reference, text);
    struct slice input = arena_printf(arena, "%.*s\n%.*s", SLICE_ARGS(gateway), SLICE_ARGS(ref));
    if (input.data == NULL) {
        return false;
    }
    blind(keys, BLIND_RECEIPT, input, value);
    (void)sodium_bin2hex(sign, SIGN_DIGITS + 1, value, SIGN_BYTES);
    return true;
}

struct slice receipt_url_make(const struct blind_keys *keys, struct slice public_url, struct slice gateway,
                              const struct uuid *reference, struct arena *arena)
{
    char sign[SIGN_DIGITS + 1];
    char text[UUID_TEXT_SIZE + 1];
    if (!sign_of(keys, gateway, reference, arena, sign)) {
        return (struct slice){NULL, 0};
    }
    return arena_printf(arena, "%.*s/gateway/%.*s/receipts?ref=%.*s&sign=%s", SLICE_ARGS(public_url),
                        SLICE_ARGS(gateway), SLICE_ARGS(uuid_format(reference, text)), sign);
}

bool receipt_url_proves(const struct blind_keys *keys, struct slice gateway, const struct uuid *reference,
                        struct slice sign, struct arena *arena)
{
    char expected[SIGN_DIGITS + 1];
    return sign.length == SIGN_DIGITS && sign_of(keys, gateway, reference, arena, expected) &&
           sodium_memcmp(expected, sign.data, SIGN_DIGITS) == 0;
}
