/* SPDX-License-Identifier: Apache-2.0
 * Unicode text as UTF-8: is it well formed, how long is it, is it fit to keep. */
#ifndef CORE_UTF8_H
#define CORE_UTF8_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#include "core/slice.h"

/* Takes one code point off the front of *rest. False when empty or not well formed (RFC 3629: no overlong forms,
 * no surrogates, nothing above U+10FFFF); *rest is then unchanged. */
bool utf8_next(struct slice *rest, uint32_t *code_point);
bool utf8_is_valid(struct slice text);
/* Code points; the text must be valid. */
size_t utf8_length(struct slice text);
/* Valid, and without control characters other than tab, LF and CR (U+0000-U+001F, U+007F-U+009F). */
bool utf8_is_text(struct slice text);
/* Writes one code point as UTF-8, returns its bytes (1 to 4). The code point must be a scalar value. */
size_t utf8_encode(uint32_t code_point, char bytes[4]);

#endif
