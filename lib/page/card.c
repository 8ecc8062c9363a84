/* SPDX-License-Identifier: Apache-2.0
 * Spelling by table; the picture by libqrencode, row by row. */
#include "page/card.h"

#include <qrencode.h>
#include <stdio.h>

enum { CARD_MAX = 16 * 1024, QUIET_ZONE = 4, CODE_MAX = 32 };

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

/* Runs of dark squares: "M4 4h7v1h-7z". */
static void add_row(struct buffer *out, const unsigned char *row, unsigned width, unsigned y)
{
    for (unsigned x = 0; x < width; x++) {
        unsigned run = 0;
        while (x + run < width && (row[x + run] & 1U) != 0) {
            run++;
        }
        if (run > 0) {
            buffer_printf(out, "M%u %uh%uv1h-%uz", x + QUIET_ZONE, y + QUIET_ZONE, run, run);
            x += run;
        }
    }
}

struct slice page_card_squares(struct page_frame *frame, struct slice case_code, unsigned *side)
{
    char text[CODE_MAX];
    int length = snprintf(text, sizeof(text), "%.*s", SLICE_ARGS(case_code));
    QRcode *code = length > 0 && length < CODE_MAX ? QRcode_encodeString(text, 0, QR_ECLEVEL_M, QR_MODE_8, 0) : NULL;
    struct buffer out;
    *side = 0;
    if (code == NULL) {
        return SLICE(""); /* the code stands in letters beside it */
    }
    buffer_init(&out, CARD_MAX);
    unsigned width = (unsigned)code->width;
    for (unsigned y = 0; y < width; y++) {
        add_row(&out, code->data + (size_t)y * width, width, y);
    }
    QRcode_free(code);
    *side = width + 2 * QUIET_ZONE;
    return taken(frame, &out);
}
