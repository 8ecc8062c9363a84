/* SPDX-License-Identifier: Apache-2.0
 * The dark modules of libqrencode's symbol as one path. Its quiet zone of four modules is ISO/IEC 18004's. */
#include "page/qr.h"

#include <qrencode.h>
#include <string.h>

enum { QUIET = 4 };

static void draw(struct buffer *out, const QRcode *code)
{
    int side = code->width + 2 * QUIET;
    /* black on white whatever the page's colours: cameras want it so */
    buffer_printf(out,
                  "<svg class=\"qr\" viewBox=\"0 0 %d %d\" shape-rendering=\"crispEdges\" aria-hidden=\"true\">"
                  "<path fill=\"#fff\" d=\"M0 0h%dv%dH0z\"></path><path fill=\"#000\" d=\"",
                  side, side, side, side);
    for (int y = 0; y < code->width; y++) {
        for (int x = 0; x < code->width; x++) {
            int run = 0;
            while (x + run < code->width && (code->data[y * code->width + x + run] & 1U) != 0) {
                run++;
            }
            if (run > 0) {
                buffer_printf(out, "M%d %dh%dv1h-%dz", x + QUIET, y + QUIET, run, run);
                x += run;
            }
        }
    }
    buffer_add_text(out, "\"></path></svg>");
}

bool page_qr(struct buffer *out, struct slice text)
{
    char copy[PAGE_QR_TEXT_MAX + 1];
    if (text.length > PAGE_QR_TEXT_MAX) {
        return false;
    }
    memcpy(copy, text.data, text.length);
    copy[text.length] = '\0';
    QRcode *code = QRcode_encodeString8bit(copy, 0, QR_ECLEVEL_M);
    if (code == NULL) {
        return false;
    }
    draw(out, code);
    QRcode_free(code);
    return !out->failed;
}
