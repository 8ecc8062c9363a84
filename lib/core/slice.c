/* SPDX-License-Identifier: Apache-2.0
 * Comparing, cutting and reading slices. */
#include "core/slice.h"

#include <math.h>
#include <stdlib.h>
#include <string.h>

struct slice slice_of(const char *text)
{
    return (struct slice){text, text != NULL ? strlen(text) : 0};
}

int slice_compare(struct slice a, struct slice b)
{
    size_t shorter = a.length < b.length ? a.length : b.length;
    int order = shorter > 0 ? memcmp(a.data, b.data, shorter) : 0;
    return order != 0 ? order : (a.length > b.length) - (a.length < b.length);
}

static unsigned char ascii_lower(char c)
{
    unsigned char byte = (unsigned char)c;
    return byte >= 'A' && byte <= 'Z' ? (unsigned char)(byte | 0x20U) : byte;
}

bool slice_equal_nocase(struct slice a, struct slice b)
{
    if (a.length != b.length) {
        return false;
    }
    for (size_t i = 0; i < a.length; i++) {
        if (ascii_lower(a.data[i]) != ascii_lower(b.data[i])) {
            return false;
        }
    }
    return true;
}

bool slice_starts_with(struct slice s, struct slice prefix)
{
    return s.length >= prefix.length && slice_equal(slice_sub(s, 0, prefix.length), prefix);
}

static bool is_blank(char c)
{
    return c == ' ' || c == '\t' || c == '\r' || c == '\n';
}

struct slice slice_trim(struct slice s)
{
    while (s.length > 0 && is_blank(s.data[0])) {
        s = slice_sub(s, 1, s.length);
    }
    while (s.length > 0 && is_blank(s.data[s.length - 1])) {
        s.length--;
    }
    return s;
}

size_t slice_index(struct slice s, char c)
{
    const char *found = s.length > 0 ? memchr(s.data, c, s.length) : NULL;
    return found != NULL ? (size_t)(found - s.data) : s.length;
}

size_t slice_find(struct slice haystack, struct slice needle)
{
    if (needle.length == 0) {
        return 0;
    }
    for (size_t i = 0; i + needle.length <= haystack.length; i++) {
        size_t next = slice_index(slice_sub(haystack, i, haystack.length), needle.data[0]);
        i += next;
        if (i + needle.length > haystack.length) {
            break;
        }
        if (memcmp(haystack.data + i, needle.data, needle.length) == 0) {
            return i;
        }
    }
    return haystack.length;
}

bool slice_split(struct slice *rest, char separator, struct slice *part)
{
    if (rest->length == 0) {
        return false;
    }
    size_t end = slice_index(*rest, separator);
    *part = slice_sub(*rest, 0, end);
    *rest = slice_sub(*rest, end + 1, rest->length);
    return true;
}

struct slice slice_of_u64(uint64_t value, char text[SLICE_U64_MAX])
{
    size_t at = SLICE_U64_MAX;
    do {
        text[--at] = (char)('0' + value % 10);
        value /= 10;
    } while (value > 0);
    return slice_make(text + at, SLICE_U64_MAX - at);
}

bool slice_to_u64(struct slice s, uint64_t max, uint64_t *value)
{
    uint64_t total = 0;
    if (s.length == 0) {
        return false;
    }
    for (size_t i = 0; i < s.length; i++) {
        if (s.data[i] < '0' || s.data[i] > '9') {
            return false;
        }
        uint64_t digit = (uint64_t)(s.data[i] - '0');
        if (digit > max || total > (max - digit) / 10) {
            return false;
        }
        total = total * 10 + digit;
    }
    *value = total;
    return true;
}

bool slice_to_double(struct slice s, double *value)
{
    enum { LONGEST_NUMBER = 64 };
    char text[LONGEST_NUMBER + 1];
    char *end = NULL;
    if (s.length == 0 || s.length > LONGEST_NUMBER) {
        return false;
    }
    for (size_t i = 0; i < s.length; i++) { /* strtod also takes hexadecimal, "inf" and leading space: not we */
        if ((s.data[i] < '0' || s.data[i] > '9') && memchr("+-.eE", s.data[i], 5) == NULL) {
            return false;
        }
    }
    memcpy(text, s.data, s.length);
    text[s.length] = '\0';
    *value = strtod(text, &end);
    return end == text + s.length && isfinite(*value);
}
