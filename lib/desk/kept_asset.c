/* SPDX-License-Identifier: Apache-2.0
 * A table beside the table of assets. */
#include "desk/kept_asset.h"

#include <stdlib.h>
#include <string.h>

#include "core/buffer.h"
#include "page/encoding.h"

enum {
    HARD_MAX = 16 * 1024, /* a larger one is compressed lightly: the loop waits for it */
    ETAG_MAX = 64,
};

struct kept_asset {
    struct buffer bytes[PAGE_ENCODING_COUNT]; /* empty until asked for; the plain one always */
};

struct kept_assets {
    size_t count;
    struct kept_asset *assets; /* as page_asset_at() numbers them */
};

struct kept_assets *kept_assets_new(void)
{
    struct kept_assets *kept = calloc(1, sizeof(*kept));
    if (kept == NULL) {
        return NULL;
    }
    kept->assets = calloc(page_asset_count(), sizeof(*kept->assets));
    if (kept->assets == NULL) {
        free(kept);
        return NULL;
    }
    kept->count = page_asset_count();
    for (size_t i = 0; i < kept->count; i++) {
        for (unsigned one = 0; one < PAGE_ENCODING_COUNT; one++) {
            buffer_init(&kept->assets[i].bytes[one], 2 * page_asset_at(i)->bytes.length + 1024);
        }
    }
    return kept;
}

void kept_assets_free(struct kept_assets *kept)
{
    if (kept == NULL) {
        return;
    }
    for (size_t i = 0; i < kept->count; i++) {
        for (unsigned one = 0; one < PAGE_ENCODING_COUNT; one++) {
            buffer_release(&kept->assets[i].bytes[one]);
        }
    }
    free(kept->assets);
    free(kept);
}

/* Empty when there is no memory for it. */
static struct slice encoded(struct kept_assets *kept, const struct page_asset *asset, enum page_encoding encoding)
{
    struct buffer *bytes = &kept->assets[asset - page_asset_at(0)].bytes[encoding];
    enum page_effort effort = asset->bytes.length > HARD_MAX ? PAGE_EFFORT_ONE : PAGE_EFFORT_MANY;
    if (bytes->length == 0 && !page_encode(bytes, encoding, effort, asset->bytes)) {
        buffer_clear(bytes);
    }
    return buffer_slice(bytes);
}

/* Each encoding has its own: a strong ETag is of the bytes (RFC 9110 section 8.8.3.3). */
static struct slice etag_of(struct slice plain, enum page_encoding encoding, char text[ETAG_MAX])
{
    static const char ends[PAGE_ENCODING_COUNT] = {[PAGE_GZIP] = 'g', [PAGE_BROTLI] = 'b'};
    if (encoding == PAGE_PLAIN || plain.length < 2 || plain.length >= ETAG_MAX) {
        return plain;
    }
    memcpy(text, plain.data, plain.length - 1);
    text[plain.length - 1] = ends[encoding];
    text[plain.length] = '"';
    return slice_make(text, plain.length + 1);
}

void kept_assets_respond(struct kept_assets *kept, struct http_exchange *exchange, const struct page_asset *asset)
{
    const struct http_request *request = http_exchange_request(exchange);
    char tag[ETAG_MAX];
    enum page_encoding encoding = page_encoding_negotiate(http_request_header(request, SLICE("Accept-Encoding")));
    struct slice body = encoding != PAGE_PLAIN ? encoded(kept, asset, encoding) : asset->bytes;
    if (body.length == 0 && asset->bytes.length > 0) {
        encoding = PAGE_PLAIN;
        body = asset->bytes;
    }
    const struct http_header headers[] = {
        {SLICE("Content-Type"), asset->media_type},           {SLICE("Vary"), SLICE("Accept-Encoding")},
        {SLICE("Cache-Control"), SLICE("no-cache")}, /* kept, and asked about: a page and its scripts are of one version */
        {SLICE("ETag"), etag_of(asset->etag, encoding, tag)}, {SLICE("Content-Encoding"), page_encoding_name(encoding)},
    };
    struct slice known = http_request_header(request, SLICE("If-None-Match"));
    bool same = slice_find(known, headers[3].value) < known.length;
    http_exchange_respond(exchange, same ? 304 : 200, headers, encoding == PAGE_PLAIN ? 4 : 5, same ? SLICE("") : body);
}
