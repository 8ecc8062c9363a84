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
    bool failed;   /* memory or the maximum ran out: content is cut and must not be used */
    bool borrowed; /* `data` is the caller's */
};

void buffer_init(struct buffer *buffer, size_t maximum);
/* As buffer_init, and begins in `size` bytes of the caller's, say on the stack: memory is taken only for what does not fit there. */
void buffer_init_in(struct buffer *buffer, void *storage, size_t size, size_t maximum);
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
/* `value` with `places` decimals (at most 9), rounded to the nearest, as "%.*f" writes it; no minus before a zero. */
void buffer_add_decimal(struct buffer *buffer, double value, unsigned places);
/* `length` bytes to be filled by the caller, or NULL (and failed) when there is no room. */
void *buffer_reserve(struct buffer *buffer, size_t length);

#endif
