/* SPDX-License-Identifier: Apache-2.0
 * Told by the mark at the front, by where the zeros are, by whether it is well-formed. */
#include "exchange/charset.h"

#include <string.h>

#include "core/utf8.h"

enum { UTF8_MOST = 3, REPLACEMENT = 0xFFFD };

/* WHATWG Encoding, index windows-1252, 0x80 to 0x9F; the five without a character stand for themselves. */
static const uint16_t windows_1252[32] = {
    0x20AC, 0x0081, 0x201A, 0x0192, 0x201E, 0x2026, 0x2020, 0x2021, 0x02C6, 0x2030, 0x0160,
    0x2039, 0x0152, 0x008D, 0x017D, 0x008F, 0x0090, 0x2018, 0x2019, 0x201C, 0x201D, 0x2022,
    0x2013, 0x2014, 0x02DC, 0x2122, 0x0161, 0x203A, 0x0153, 0x009D, 0x017E, 0x0178,
};

static enum charset from_windows_1252(struct arena *arena, struct slice bytes, struct slice *text)
{
    char *made = arena_array(arena, bytes.length, UTF8_MOST);
    size_t length = 0;
    for (size_t i = 0; made != NULL && i < bytes.length; i++) {
        uint8_t byte = (uint8_t)bytes.data[i];
        uint32_t code = byte >= 0x80 && byte < 0xA0 ? windows_1252[byte - 0x80] : byte;
        length += utf8_encode(code, made + length);
    }
    *text = slice_make(made, length);
    return made != NULL ? CHARSET_WINDOWS_1252 : CHARSET_NO_MEMORY;
}

static uint32_t unit_at(struct slice bytes, size_t i, bool big)
{
    uint32_t first = (uint8_t)bytes.data[i];
    uint32_t second = (uint8_t)bytes.data[i + 1];
    return big ? first << 8 | second : second << 8 | first;
}

/* A lone surrogate becomes U+FFFD: the row is shown before it is sent. */
static enum charset from_utf16(struct arena *arena, struct slice bytes, bool big, struct slice *text)
{
    char *made = arena_array(arena, bytes.length / 2 + 1, UTF8_MOST); /* a pair, four bytes, makes four */
    size_t length = 0;
    for (size_t i = 0; made != NULL && i + 1 < bytes.length; i += 2) {
        uint32_t unit = unit_at(bytes, i, big);
        bool high = unit >= 0xD800 && unit < 0xDC00;
        uint32_t low = high && i + 3 < bytes.length ? unit_at(bytes, i + 2, big) : 0;
        if (high && low >= 0xDC00 && low < 0xE000) {
            unit = 0x10000 + ((unit - 0xD800) << 10) + (low - 0xDC00);
            i += 2;
        } else if (unit >= 0xD800 && unit < 0xE000) {
            unit = REPLACEMENT;
        }
        length += utf8_encode(unit, made + length);
    }
    *text = slice_make(made, length);
    return made != NULL ? CHARSET_UTF_16 : CHARSET_NO_MEMORY;
}

/* Latin text as UTF-16 has a zero in every other byte, text of other kinds has none. */
static size_t zeros_at(struct slice bytes, size_t from)
{
    size_t zeros = 0;
    for (size_t i = from; i < bytes.length; i += 2) {
        zeros += bytes.data[i] == '\0' ? 1 : 0;
    }
    return zeros;
}

static bool is_workbook(struct slice bytes)
{
    return slice_starts_with(bytes, SLICE("PK\003\004")) || slice_starts_with(bytes, SLICE("\xD0\xCF\x11\xE0"));
}

static enum charset by_zeros(struct arena *arena, struct slice bytes, struct slice *text)
{
    size_t even = zeros_at(bytes, 0);
    size_t odd = zeros_at(bytes, 1);
    if (even + odd > bytes.length / 4 && (even == 0 || odd == 0)) {
        return from_utf16(arena, bytes, even > 0, text);
    }
    return CHARSET_BINARY;
}

enum charset charset_to_utf8(struct arena *arena, struct slice bytes, struct slice *text)
{
    *text = SLICE("");
    if (is_workbook(bytes)) {
        return CHARSET_WORKBOOK;
    }
    if (slice_starts_with(bytes, SLICE("\xFF\xFE")) || slice_starts_with(bytes, SLICE("\xFE\xFF"))) {
        return from_utf16(arena, slice_sub(bytes, 2, bytes.length), bytes.data[0] == '\xFE', text);
    }
    if (slice_starts_with(bytes, SLICE("\xEF\xBB\xBF"))) {
        bytes = slice_sub(bytes, 3, bytes.length);
    }
    if (memchr(bytes.length > 0 ? bytes.data : "", '\0', bytes.length) != NULL) {
        return by_zeros(arena, bytes, text);
    }
    if (!utf8_is_valid(bytes)) {
        return from_windows_1252(arena, bytes, text);
    }
    *text = bytes;
    return CHARSET_UTF_8;
}
