/* SPDX-License-Identifier: Apache-2.0
 * Doubling growth to a maximum. */
#include "core/buffer.h"

#include <endian.h>
#include <math.h>
#include <stdarg.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

enum { BUFFER_FIRST = 256 };

void buffer_init(struct buffer *buffer, size_t maximum)
{
    *buffer = (struct buffer){.maximum = maximum};
}

void buffer_init_in(struct buffer *buffer, void *storage, size_t size, size_t maximum)
{
    size_t capacity = size > 0 ? size - 1 : 0; /* less the byte that grow adds */
    *buffer = (struct buffer){.maximum = maximum};
    if (capacity > 0) {
        buffer->data = storage;
        buffer->capacity = capacity < maximum ? capacity : maximum;
        buffer->borrowed = true;
    }
}

void buffer_release(struct buffer *buffer)
{
    if (!buffer->borrowed) {
        free(buffer->data);
    }
    buffer_init(buffer, buffer->maximum);
}

void buffer_clear(struct buffer *buffer)
{
    buffer->length = 0;
    buffer->failed = false;
}

struct slice buffer_slice(const struct buffer *buffer)
{
    return slice_make(buffer->data, buffer->length);
}

static bool grow(struct buffer *buffer, size_t more)
{
    if (buffer->failed || more > buffer->maximum - buffer->length) {
        buffer->failed = true;
        return false;
    }
    size_t needed = buffer->length + more;
    if (needed <= buffer->capacity && buffer->data != NULL) {
        return true;
    }
    size_t capacity = buffer->capacity > 0 ? buffer->capacity : BUFFER_FIRST;
    while (capacity < needed) {
        capacity = capacity > buffer->maximum / 2 ? buffer->maximum : capacity * 2;
    }
    /* One byte more than is counted: vsnprintf writes a NUL behind text that fills the buffer. */
    char *data = capacity < SIZE_MAX ? realloc(buffer->borrowed ? NULL : buffer->data, capacity + 1) : NULL;
    if (data == NULL) {
        buffer->failed = true;
        return false;
    }
    if (buffer->borrowed) {
        memcpy(data, buffer->data, buffer->length);
        buffer->borrowed = false;
    }
    buffer->data = data;
    buffer->capacity = capacity;
    return true;
}

void *buffer_reserve(struct buffer *buffer, size_t length)
{
    if (!grow(buffer, length)) {
        return NULL;
    }
    void *place = buffer->data + buffer->length;
    buffer->length += length;
    return place;
}

void buffer_add(struct buffer *buffer, const void *data, size_t length)
{
    void *place = length > 0 ? buffer_reserve(buffer, length) : NULL;
    if (place != NULL) {
        memcpy(place, data, length);
    }
}

void buffer_add_slice(struct buffer *buffer, struct slice s)
{
    buffer_add(buffer, s.data, s.length);
}

void buffer_add_text(struct buffer *buffer, const char *text)
{
    buffer_add(buffer, text, strlen(text));
}

void buffer_add_byte(struct buffer *buffer, uint8_t byte)
{
    buffer_add(buffer, &byte, 1);
}

void buffer_add_u16(struct buffer *buffer, uint16_t value)
{
    value = htobe16(value);
    buffer_add(buffer, &value, sizeof(value));
}

void buffer_add_u32(struct buffer *buffer, uint32_t value)
{
    value = htobe32(value);
    buffer_add(buffer, &value, sizeof(value));
}

void buffer_add_u64(struct buffer *buffer, uint64_t value)
{
    value = htobe64(value);
    buffer_add(buffer, &value, sizeof(value));
}

void buffer_printf(struct buffer *buffer, const char *format, ...)
{
    va_list arguments;
    va_start(arguments, format);
    int length = vsnprintf(NULL, 0, format, arguments);
    va_end(arguments);
    if (length < 0 || !grow(buffer, (size_t)length)) {
        buffer->failed = true;
        return;
    }
    va_start(arguments, format);
    (void)vsnprintf(buffer->data + buffer->length, (size_t)length + 1, format, arguments);
    va_end(arguments);
    buffer->length += (size_t)length;
}

void buffer_add_decimal(struct buffer *buffer, double value, unsigned places)
{
    enum { PLACES_MAX = 9, DIGITS_MAX = 24 };
    static const double powers[PLACES_MAX + 1] = {1e0, 1e1, 1e2, 1e3, 1e4, 1e5, 1e6, 1e7, 1e8, 1e9};
    char text[DIGITS_MAX];
    size_t at = sizeof(text);
    places = places < PLACES_MAX ? places : PLACES_MAX;
    double scaled = round(fabs(value) * powers[places]);
    if (!(scaled < 9007199254740992.0)) { /* 2^53: past it, and for what is no number, digits are printf's to find */
        buffer_printf(buffer, "%.*f", (int)places, value);
        return;
    }
    uint64_t digits = (uint64_t)scaled;
    bool negative = value < 0 && digits > 0;
    for (unsigned i = 0; digits > 0 || i <= places; i++) {
        if (i == places && places > 0) {
            text[--at] = '.';
        }
        text[--at] = (char)('0' + digits % 10);
        digits /= 10;
    }
    if (negative) {
        text[--at] = '-';
    }
    buffer_add(buffer, text + at, sizeof(text) - at);
}
