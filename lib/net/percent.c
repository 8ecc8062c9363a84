/* SPDX-License-Identifier: Apache-2.0
 * Decoding takes no memory unless something is encoded, which is rare in our paths. */
#include "net/percent.h"

#include "net/octet.h"

bool percent_is_well_formed(struct slice text)
{
    for (size_t i = slice_index(text, '%'); i < text.length; i++) {
        if (text.data[i] != '%') {
            continue;
        }
        if (text.length - i < 3 || !octet_is(text.data[i + 1], OCTET_HEX) || !octet_is(text.data[i + 2], OCTET_HEX)) {
            return false;
        }
    }
    return true;
}

bool percent_decode(struct arena *arena, enum percent_mode mode, struct slice text, struct slice *decoded)
{
    bool has_plus = mode == PERCENT_FORM && slice_index(text, '+') < text.length;
    *decoded = (struct slice){NULL, 0};
    if (!percent_is_well_formed(text)) {
        return false;
    }
    if (!has_plus && slice_index(text, '%') == text.length) {
        *decoded = text;
        return true;
    }
    char *out = arena_alloc(arena, text.length);
    if (out == NULL) {
        return false;
    }
    size_t used = 0;
    for (size_t i = 0; i < text.length; i++) {
        char c = text.data[i];
        if (c == '%') {
            c = (char)(octet_hex_value(text.data[i + 1]) << 4 | octet_hex_value(text.data[i + 2]));
            i += 2;
        } else if (c == '+' && mode == PERCENT_FORM) {
            c = ' ';
        }
        out[used++] = c;
    }
    *decoded = slice_make(out, used);
    return true;
}
