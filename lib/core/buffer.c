/* SPDX-License-Identifier: Apache-2.0
 * Doubling growth to a maximum. */
#include "core/buffer.h"

#include <stdarg.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

enum { BUFFER_FIRST = 256 };

void buffer_init(struct buffer *buffer, size_t maximum)
{
    *buffer = (struct buffer){.maximum = maximum};
}

void buffer_release(struct buffer *buffer)
{
    free(buffer->data);
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
    char *data = capacity < SIZE_MAX ? realloc(buffer->data, capacity + 1) : NULL;
    if (data == NULL) {
        buffer->failed = true;
        return false;
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

static void add_big_endian(struct buffer *buffer, uint64_t value, size_t bytes)
{
    uint8_t *place = buffer_reserve(buffer, bytes);
    for (size_t i = 0; place != NULL && i < bytes; i++) {
        place[i] = (uint8_t)(value >> (8 * (bytes - 1 - i)));
    }
}

void buffer_add_u16(struct buffer *buffer, uint16_t value)
{
    add_big_endian(buffer, value, sizeof(value));
}

void buffer_add_u32(struct buffer *buffer, uint32_t value)
{
    add_big_endian(buffer, value, sizeof(value));
}

void buffer_add_u64(struct buffer *buffer, uint64_t value)
{
    add_big_endian(buffer, value, sizeof(value));
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
