/* SPDX-License-Identifier: Apache-2.0
 * JSON string escaping. */
#include "core/json_text.h"

#include <stdint.h>

#include "core/utf8.h"

static void add_code_point(struct buffer *buffer, uint32_t c)
{
    char bytes[4];
    switch (c) {
    case '"':
        buffer_add_text(buffer, "\\\"");
        return;
    case '\\':
        buffer_add_text(buffer, "\\\\");
        return;
    case '\n':
        buffer_add_text(buffer, "\\n");
        return;
    default:
        if (c < 0x20 || c == 0x7F || c == '<' || c == 0x2028 || c == 0x2029) {
            buffer_printf(buffer, "\\u%04x", (unsigned)c);
            return;
        }
        buffer_add(buffer, bytes, utf8_encode(c, bytes));
    }
}

void json_text_add(struct buffer *buffer, struct slice text)
{
    uint32_t c = 0;
    buffer_add_byte(buffer, '"');
    while (text.length > 0) {
        if (utf8_next(&text, &c)) {
            add_code_point(buffer, c);
        } else {
            add_code_point(buffer, 0xFFFD);
            text = slice_sub(text, 1, text.length);
        }
    }
    buffer_add_byte(buffer, '"');
}
