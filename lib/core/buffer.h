/* SPDX-License-Identifier: Apache-2.0
 * A growing run of bytes with a stated maximum and one sticky failure, so a writer checks once at the end. */
#ifndef CORE_BUFFER_H
#define CORE_BUFFER_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#include "core/slice.h"

struct buffer {
    char *data;
    size_t length;
    size_t capacity;
    size_t maximum;
    bool failed; /* memory or the maximum ran out: content is cut and must not be used */
};

void buffer_init(struct buffer *buffer, size_t maximum);
void buffer_release(struct buffer *buffer);
/* Empties it and clears the failure; keeps the memory. */
void buffer_clear(struct buffer *buffer);
struct slice buffer_slice(const struct buffer *buffer);

void buffer_add(struct buffer *buffer, const void *data, size_t length);
void buffer_add_slice(struct buffer *buffer, struct slice s);
void buffer_add_text(struct buffer *buffer, const char *text);
void buffer_add_byte(struct buffer *buffer, uint8_t byte);
/* Network byte order. */
void buffer_add_u16(struct buffer *buffer, uint16_t value);
void buffer_add_u32(struct buffer *buffer, uint32_t value);
void buffer_add_u64(struct buffer *buffer, uint64_t value);
void buffer_printf(struct buffer *buffer, const char *format, ...) __attribute__((format(printf, 2, 3)));
/* `length` bytes to be filled by the caller, or NULL (and failed) when there is no room. */
void *buffer_reserve(struct buffer *buffer, size_t length);

#endif
