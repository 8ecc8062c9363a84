/* SPDX-License-Identifier: Apache-2.0
 * A template with {text} and {from}, filled in one pass: what is filled in is not looked at again. */
#include "gateway/answer.h"

#include "core/buffer.h"
#include "core/json_text.h"

enum { CONTENT_MAX = 16 * 1024 };

/* XML 1.0 section 2.4. */
static void add_xml(struct buffer *out, struct slice text)
{
    for (size_t i = 0; i < text.length; i++) {
        switch (text.data[i]) {
        case '&':
            buffer_add_text(out, "&amp;");
            break;
        case '<':
            buffer_add_text(out, "&lt;");
            break;
        case '>':
            buffer_add_text(out, "&gt;");
            break;
        default:
            buffer_add_byte(out, (uint8_t)text.data[i]);
        }
    }
}

static void add_value(struct buffer *out, struct slice type, struct slice value)
{
    if (slice_starts_with(type, SLICE("application/json"))) {
        json_text_add(out, value); /* with its quotation marks */
    } else if (slice_starts_with(type, SLICE("text/xml"))) {
        add_xml(out, value);
    } else {
        buffer_add_slice(out, value);
    }
}

struct slice gateway_answer(const struct gateway_kind *kind, struct slice reply, struct slice to, struct arena *arena)
{
    static const struct slice text_mark = SLICE_INIT("{text}"), from_mark = SLICE_INIT("{from}");
    const struct gateway_answer_form *form = &kind->answer;
    struct slice rest = slice_of(reply.length > 0 && form->reply != NULL ? form->reply : form->silent);
    struct slice type = slice_of(form->type);
    struct buffer out;
    buffer_init(&out, CONTENT_MAX);
    while (rest.length > 0) {
        bool is_text = slice_starts_with(rest, text_mark);
        if (is_text || slice_starts_with(rest, from_mark)) {
            add_value(&out, type, is_text ? reply : to);
            rest = slice_sub(rest, text_mark.length, rest.length);
        } else {
            buffer_add_byte(&out, (uint8_t)rest.data[0]);
            rest = slice_sub(rest, 1, rest.length);
        }
    }
    struct slice content = out.failed ? (struct slice){NULL, 0} : arena_dup(arena, buffer_slice(&out));
    buffer_release(&out);
    return content;
}
