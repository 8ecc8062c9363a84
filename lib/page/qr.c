/* SPDX-License-Identifier: Apache-2.0
 * The dark modules of libqrencode's symbol as one path. Its quiet zone of four modules is ISO/IEC 18004's. */
#include "page/qr.h"

#include <qrencode.h>
#include <string.h>

enum { QUIET_ZONE = 4 };

/* Runs of dark modules: "M4 4h7v1h-7z". */
static void add_row(struct buffer *out, const unsigned char *row, int width, int y)
{
    for (int x = 0; x < width; x++) {
        int run = 0;
        while (x + run < width && (row[x + run] & 1U) != 0) {
            run++;
        }
        if (run > 0) {
            buffer_printf(out, "M%d %dh%dv1h-%dz", x + QUIET_ZONE, y + QUIET_ZONE, run, run);
            x += run;
        }
    }
}

bool page_qr_path(struct buffer *out, struct slice text, unsigned *side)
{
    char copy[PAGE_QR_TEXT_MAX + 1];
    *side = 0;
    if (text.length > PAGE_QR_TEXT_MAX) {
        return false;
    }
    memcpy(copy, text.data, text.length);
    copy[text.length] = '\0';
    QRcode *code = QRcode_encodeString8bit(copy, 0, QR_ECLEVEL_M);
    if (code == NULL) {
        return false;
    }
    for (int y = 0; y < code->width; y++) {
        add_row(out, code->data + (size_t)y * (size_t)code->width, code->width, y);
    }
    *side = (unsigned)code->width + 2 * QUIET_ZONE;
    QRcode_free(code);
    return !out->failed;
}

bool page_qr(struct buffer *out, struct slice text)
{
    unsigned side = 0;
    struct buffer path;
    buffer_init(&path, PAGE_QR_PATH_MAX);
    bool made = page_qr_path(&path, text, &side);
    /* black on white whatever the page's colours: cameras want it so */
    buffer_printf(out,
                  "<svg class=\"qr\" viewBox=\"0 0 %u %u\" shape-rendering=\"crispEdges\" aria-hidden=\"true\">"
                  "<path fill=\"#fff\" d=\"M0 0h%uv%uH0z\"/><path fill=\"#000\" d=\"",
                  side, side, side, side);
    buffer_add_slice(out, buffer_slice(&path));
    buffer_add_text(out, "\"/></svg>");
    buffer_release(&path);
    return made && !out->failed;
}
