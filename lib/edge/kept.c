/* SPDX-License-Identifier: Apache-2.0
 * A small table by hash; when it is full the next in turn makes room. */
#include "edge/kept.h"

#include <sodium.h>
#include <stdlib.h>
#include <string.h>

#include "page/encoding.h"
#include "page/request.h"

enum { KEPT_PAGES = 128, KEPT_HASH = crypto_generichash_BYTES_MIN, ETAG_SIZE = 2 * KEPT_HASH + 5 };

struct kept_page {
    uint8_t hash[KEPT_HASH];
    struct buffer bytes[PAGE_ENCODING_COUNT]; /* empty until asked for; the plain one always */
};

struct kept_pages {
    struct kept_page pages[KEPT_PAGES];
    size_t count;
    size_t next; /* to make room */
};

struct kept_pages *kept_pages_new(void)
{
    return calloc(1, sizeof(struct kept_pages));
}

static void forget(struct kept_page *page)
{
    for (unsigned i = 0; i < PAGE_ENCODING_COUNT; i++) {
        buffer_release(&page->bytes[i]);
    }
}

void kept_pages_free(struct kept_pages *pages)
{
    for (size_t i = 0; pages != NULL && i < pages->count; i++) {
        forget(&pages->pages[i]);
    }
    free(pages);
}

static struct kept_page *keep(struct kept_pages *pages, const uint8_t hash[KEPT_HASH])
{
    for (size_t i = 0; i < pages->count; i++) {
        if (memcmp(pages->pages[i].hash, hash, KEPT_HASH) == 0) {
            return &pages->pages[i];
        }
    }
    struct kept_page *page = &pages->pages[pages->next];
    if (pages->next < pages->count) {
        forget(page);
    } else {
        pages->count++;
    }
    pages->next = (pages->next + 1) % KEPT_PAGES;
    memcpy(page->hash, hash, KEPT_HASH);
    for (unsigned i = 0; i < PAGE_ENCODING_COUNT; i++) {
        buffer_init(&page->bytes[i], PAGE_MAX);
    }
    return page;
}

/* An encoding has its own: a strong ETag is of the bytes (RFC 9110 section 8.8.3.3). */
static struct slice etag_of(const struct kept_page *page, enum page_encoding encoding, char text[ETAG_SIZE])
{
    static const char *const ends[PAGE_ENCODING_COUNT] = {"", "g", "b"};
    text[0] = '"';
    (void)sodium_bin2hex(text + 1, 2 * KEPT_HASH + 1, page->hash, KEPT_HASH);
    size_t length = 1 + 2 * KEPT_HASH;
    if (ends[encoding][0] != '\0') {
        text[length++] = ends[encoding][0];
    }
    text[length++] = '"';
    return slice_make(text, length);
}

bool kept_pages_respond(struct kept_pages *pages, struct http_exchange *exchange, struct slice media_type,
                        struct slice html)
{
    uint8_t hash[KEPT_HASH];
    char tag[ETAG_SIZE];
    const struct http_request *request = http_exchange_request(exchange);
    enum page_encoding encoding = page_encoding_negotiate(http_request_header(request, SLICE("Accept-Encoding")));
    (void)crypto_generichash(hash, sizeof(hash), (const uint8_t *)html.data, html.length, NULL, 0);
    struct kept_page *page = keep(pages, hash);
    struct buffer *bytes = &page->bytes[encoding];
    if (bytes->length == 0 && !page_encode(bytes, encoding, PAGE_EFFORT_MANY, html)) {
        buffer_clear(bytes);
        return false;
    }
    struct slice etag = etag_of(page, encoding, tag);
    const struct http_header headers[] = {
        {SLICE("Content-Type"), media_type},
        {SLICE("Vary"), SLICE("Accept-Language, Accept-Encoding")},
        {SLICE("Cache-Control"), SLICE("no-cache")}, /* kept, and asked about: a posture of yesterday is no posture */
        {SLICE("ETag"), etag},
        {SLICE("Content-Encoding"), page_encoding_name(encoding)},
    };
    struct slice known = http_request_header(request, SLICE("If-None-Match"));
    bool same = slice_find(known, etag) < known.length;
    http_exchange_respond(exchange, same ? 304 : 200, headers, encoding == PAGE_PLAIN ? 4 : 5,
                          same ? SLICE("") : buffer_slice(bytes));
    return true;
}
