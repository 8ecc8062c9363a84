/* SPDX-License-Identifier: Apache-2.0
 * UTF-16BE and Windows-1252 to UTF-8. */
#include "gateway/charset.h"

#include "core/utf8.h"

static size_t emit(char *out, uint32_t c)
{
    bool control = c < 0x20 || (c >= 0x7F && c <= 0x9F);
    if (control && c != '\t' && c != '\n' && c != '\r') {
        c = ' ';
    }
    return utf8_encode(c, out);
}

static uint32_t unit_at(struct slice raw, size_t at)
{
    return (uint32_t)((unsigned char)raw.data[at] << 8) | (unsigned char)raw.data[at + 1];
}

/* RFC 2781 section 2.2, big endian; a lone surrogate or a last odd byte is U+FFFD. */
static size_t from_utf16(struct slice raw, char *out)
{
    size_t used = 0;
    size_t at = 0;
    while (at + 1 < raw.length) {
        uint32_t c = unit_at(raw, at);
        at += 2;
        if (c >= 0xD800 && c <= 0xDBFF && at + 1 < raw.length) {
            uint32_t low = unit_at(raw, at);
            bool pair = low >= 0xDC00 && low <= 0xDFFF;
            c = pair ? 0x10000 + ((c - 0xD800) << 10) + (low - 0xDC00) : 0xFFFD;
            at += pair ? 2 : 0;
        } else if (c >= 0xD800 && c <= 0xDFFF) {
            c = 0xFFFD;
        }
        used += emit(out + used, c);
    }
    return at < raw.length ? used + emit(out + used, 0xFFFD) : used;
}

static size_t from_utf8(struct slice raw, char *out)
{
    size_t used = 0;
    uint32_t c = 0;
    while (raw.length > 0) {
        if (!utf8_next(&raw, &c)) {
            c = 0xFFFD;
            raw = slice_sub(raw, 1, raw.length);
        }
        used += emit(out + used, c);
    }
    return used;
}

/* Windows-1252, which has all of ISO 8859-1's characters where that has them, and more where that has controls.
 * Source: https://encoding.spec.whatwg.org/#windows-1252 */
static size_t from_windows_1252(struct slice raw, char *out)
{
    static const uint16_t at_0x80[32] = {
        0x20AC, 0x81,   0x201A, 0x0192, 0x201E, 0x2026, 0x2020, 0x2021, 0x02C6, 0x2030, 0x0160,
        0x2039, 0x0152, 0x8D,   0x017D, 0x8F,   0x90,   0x2018, 0x2019, 0x201C, 0x201D, 0x2022,
        0x2013, 0x2014, 0x02DC, 0x2122, 0x0161, 0x203A, 0x0153, 0x9D,   0x017E, 0x0178,
    };
    size_t used = 0;
    for (size_t i = 0; i < raw.length; i++) {
        unsigned char byte = (unsigned char)raw.data[i];
        used += emit(out + used, byte >= 0x80 && byte < 0xA0 ? at_0x80[byte - 0x80] : byte);
    }
    return used;
}

/* Nobody said what it is: UTF-8 if it can be that, and what loses no letter of western Europe if not. */
static size_t from_unknown(struct slice raw, char *out)
{
    return utf8_is_valid(raw) ? from_utf8(raw, out) : from_windows_1252(raw, out);
}

struct charset {
    struct slice name;
    size_t (*decode)(struct slice raw, char *out);
};

bool charset_decode(struct arena *arena, struct slice charset, bool is_ucs2, struct slice raw, struct slice *text)
{
    static const struct charset charsets[] = {
        {SLICE_INIT("UTF-16BE"), from_utf16},          {SLICE_INIT("UCS-2"), from_utf16},
        {SLICE_INIT("ISO-10646-UCS-2"), from_utf16},   {SLICE_INIT("UTF-8"), from_utf8},
        {SLICE_INIT("ISO-8859-1"), from_windows_1252}, {SLICE_INIT("LATIN1"), from_windows_1252},
        {SLICE_INIT("8-BIT"), from_windows_1252},
    };
    size_t (*decode)(struct slice raw, char *out) = is_ucs2 ? from_utf16 : from_unknown;
    for (size_t i = 0; i < sizeof(charsets) / sizeof(charsets[0]); i++) {
        if (slice_equal_nocase(charsets[i].name, charset)) {
            decode = charsets[i].decode;
        }
    }
    char *out = arena_array(arena, raw.length + 1, 3); /* at most three bytes for each of the input's */
    if (out == NULL) {
        return false;
    }
    *text = slice_make(out, decode(raw, out));
    return true;
}
