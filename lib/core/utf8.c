/* SPDX-License-Identifier: Apache-2.0
 * RFC 3629 decoding and encoding. */
#include "core/utf8.h"

static bool decode(struct slice s, size_t size, uint32_t first, uint32_t least, uint32_t *code_point)
{
    uint32_t value = first;
    if (s.length < size) {
        return false;
    }
    for (size_t i = 1; i < size; i++) {
        unsigned char byte = (unsigned char)s.data[i];
        if ((byte & 0xC0U) != 0x80U) {
            return false;
        }
        value = (value << 6) | (byte & 0x3FU);
    }
    *code_point = value;
    return value >= least && value <= 0x10FFFF && (value < 0xD800 || value > 0xDFFF);
}

bool utf8_next(struct slice *rest, uint32_t *code_point)
{
    size_t size = 1;
    bool ok = false;
    uint32_t value = 0;
    if (rest->length == 0) {
        return false;
    }
    unsigned char lead = (unsigned char)rest->data[0];
    if (lead < 0x80) {
        value = lead;
        ok = true;
    } else if (lead >= 0xC0 && lead < 0xE0) {
        size = 2;
        ok = decode(*rest, size, lead & 0x1FU, 0x80, &value);
    } else if (lead >= 0xE0 && lead < 0xF0) {
        size = 3;
        ok = decode(*rest, size, lead & 0x0FU, 0x800, &value);
    } else if (lead >= 0xF0 && lead < 0xF8) {
        size = 4;
        ok = decode(*rest, size, lead & 0x07U, 0x10000, &value);
    }
    if (!ok) {
        return false;
    }
    *code_point = value;
    *rest = slice_sub(*rest, size, rest->length);
    return true;
}

/* Passes over what most text is, without decoding it. */
static struct slice skip_ascii(struct slice text)
{
    size_t i = 0;
    while (i < text.length && text.data[i] >= ' ' && text.data[i] < 0x7F) {
        i++;
    }
    return slice_sub(text, i, text.length);
}

bool utf8_is_valid(struct slice text)
{
    uint32_t ignored = 0;
    for (text = skip_ascii(text); text.length > 0; text = skip_ascii(text)) {
        if (!utf8_next(&text, &ignored)) {
            return false;
        }
    }
    return true;
}

size_t utf8_length(struct slice text)
{
    size_t count = 0;
    for (size_t i = 0; i < text.length; i++) {
        count += ((unsigned char)text.data[i] & 0xC0U) != 0x80U;
    }
    return count;
}

bool utf8_is_text(struct slice text)
{
    uint32_t c = 0;
    for (text = skip_ascii(text); text.length > 0; text = skip_ascii(text)) {
        if (!utf8_next(&text, &c)) {
            return false;
        }
        bool control = c < 0x20 || (c >= 0x7F && c <= 0x9F);
        if (control && c != '\t' && c != '\n' && c != '\r') {
            return false;
        }
    }
    return true;
}

size_t utf8_encode(uint32_t c, char bytes[4])
{
    if (c < 0x80) {
        bytes[0] = (char)c;
        return 1;
    }
    if (c < 0x800) {
        bytes[0] = (char)(0xC0U | (c >> 6));
        bytes[1] = (char)(0x80U | (c & 0x3FU));
        return 2;
    }
    if (c < 0x10000) {
        bytes[0] = (char)(0xE0U | (c >> 12));
        bytes[1] = (char)(0x80U | ((c >> 6) & 0x3FU));
        bytes[2] = (char)(0x80U | (c & 0x3FU));
        return 3;
    }
    bytes[0] = (char)(0xF0U | (c >> 18));
    bytes[1] = (char)(0x80U | ((c >> 12) & 0x3FU));
    bytes[2] = (char)(0x80U | ((c >> 6) & 0x3FU));
    bytes[3] = (char)(0x80U | (c & 0x3FU));
    return 4;
}
