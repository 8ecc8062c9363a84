/* SPDX-License-Identifier: Apache-2.0
 * Spelling by table; the picture by qr.c. */
#include "page/card.h"

#include "page/qr.h"

enum { CARD_MAX = 1024 };

static const char *word_of(char c)
{
    static const char *const words[] = {"Alfa",   "Bravo",   "Charlie", "Delta",  "Echo",   "Foxtrot", "Golf",
                                        "Hotel",  "India",   "Juliett", "Kilo",   "Lima",   "Mike",    "November",
                                        "Oscar",  "Papa",    "Quebec",  "Romeo",  "Sierra", "Tango",   "Uniform",
                                        "Victor", "Whiskey", "X-ray",   "Yankee", "Zulu"};
    return c >= 'A' && c <= 'Z' ? words[c - 'A'] : NULL;
}

static struct slice taken(struct page_frame *frame, struct buffer *out)
{
    struct slice text = page_made(&frame->model, arena_dup(frame->model.arena, buffer_slice(out)));
    frame->model.failed = frame->model.failed || out->failed;
    buffer_release(out);
    return text;
}

struct slice page_card_spelled(struct page_frame *frame, struct slice case_code)
{
    struct buffer out;
    buffer_init(&out, CARD_MAX);
    for (size_t i = 0; i < case_code.length; i++) {
        char c = case_code.data[i];
        const char *word = word_of(c);
        if (c == '-') {
            buffer_add_byte(&out, ',');
            continue;
        }
        buffer_add_text(&out, i > 0 ? " " : "");
        if (word != NULL) {
            buffer_add_text(&out, word);
        } else {
            buffer_add_byte(&out, (uint8_t)c);
        }
    }
    return taken(frame, &out);
}

struct slice page_card_squares(struct page_frame *frame, struct slice case_code, unsigned *side)
{
    struct buffer out;
    buffer_init(&out, PAGE_QR_PATH_MAX);
    (void)page_qr_path(&out, case_code, side); /* without it the code stands in letters beside it */
    return taken(frame, &out);
}
