/* SPDX-License-Identifier: Apache-2.0
 * Brotli by libbrotlienc, gzip by zlib, each in one call. */
#include "page/encoding.h"

#include <brotli/encode.h>
#define ZLIB_CONST
#include <zlib.h>

enum { GZIP_WINDOW = 15 + 16, GZIP_MEMORY = 8 };

struct slice page_encoding_name(enum page_encoding encoding)
{
    return encoding == PAGE_BROTLI ? SLICE("br") : encoding == PAGE_GZIP ? SLICE("gzip") : SLICE("");
}

/* "q=0", "q=0.000": not this one. */
static bool is_refused(struct slice parameters)
{
    struct slice parameter;
    while (slice_split(&parameters, ';', &parameter)) {
        parameter = slice_trim(parameter);
        if (!slice_starts_with(parameter, SLICE("q=0")) && !slice_starts_with(parameter, SLICE("Q=0"))) {
            continue;
        }
        size_t i = 3;
        while (i < parameter.length && (parameter.data[i] == '0' || parameter.data[i] == '.')) {
            i++;
        }
        if (i == parameter.length) {
            return true;
        }
    }
    return false;
}

enum page_encoding page_encoding_negotiate(struct slice accept_encoding)
{
    enum page_encoding best = PAGE_PLAIN;
    struct slice coding;
    for (unsigned i = 0; i < PAGE_CODINGS_MAX && slice_split(&accept_encoding, ',', &coding); i++) {
        size_t end = slice_index(coding, ';');
        struct slice name = slice_trim(slice_sub(coding, 0, end));
        for (enum page_encoding one = PAGE_GZIP; one < PAGE_ENCODING_COUNT; one++) {
            if (one > best && slice_equal_nocase(name, page_encoding_name(one)) &&
                !is_refused(slice_sub(coding, end, coding.length))) {
                best = one;
            }
        }
    }
    return best;
}

static bool add_brotli(struct buffer *out, enum page_effort effort, struct slice plain)
{
    size_t room = BrotliEncoderMaxCompressedSize(plain.length);
    size_t before = out->length;
    uint8_t *to = room > 0 ? buffer_reserve(out, room) : NULL;
    if (to == NULL ||
        BrotliEncoderCompress(effort == PAGE_EFFORT_MANY ? 10 : 4, BROTLI_DEFAULT_WINDOW, BROTLI_MODE_TEXT,
                              plain.length, (const uint8_t *)plain.data, &room, to) != BROTLI_TRUE) {
        return false;
    }
    out->length = before + room;
    return true;
}

static bool add_gzip(struct buffer *out, enum page_effort effort, struct slice plain)
{
    z_stream z = {.zalloc = Z_NULL};
    size_t before = out->length;
    if (deflateInit2(&z, effort == PAGE_EFFORT_MANY ? 9 : 5, Z_DEFLATED, GZIP_WINDOW, GZIP_MEMORY,
                     Z_DEFAULT_STRATEGY) != Z_OK) {
        return false;
    }
    size_t room = deflateBound(&z, plain.length);
    uint8_t *to = buffer_reserve(out, room);
    bool done = false;
    if (to != NULL) {
        z.next_in = (const Bytef *)plain.data;
        z.avail_in = (uInt)plain.length;
        z.next_out = to;
        z.avail_out = (uInt)room;
        done = deflate(&z, Z_FINISH) == Z_STREAM_END;
        out->length = before + z.total_out;
    }
    (void)deflateEnd(&z);
    return done;
}

bool page_encode(struct buffer *out, enum page_encoding encoding, enum page_effort effort, struct slice plain)
{
    bool done = false;
    switch (encoding) {
    case PAGE_BROTLI:
        done = add_brotli(out, effort, plain);
        break;
    case PAGE_GZIP:
        done = add_gzip(out, effort, plain);
        break;
    case PAGE_PLAIN:
    case PAGE_ENCODING_COUNT:
        buffer_add_slice(out, plain);
        done = !out->failed;
        break;
    }
    out->failed = out->failed || !done;
    return done;
}
