/* SPDX-License-Identifier: Apache-2.0
 * Writing JSON by hand where building a tree would be waste. */
#ifndef CORE_JSON_TEXT_H
#define CORE_JSON_TEXT_H

#include "core/buffer.h"
#include "core/slice.h"

/* Adds `text` as a JSON string with its quotes (RFC 8259 section 7). Bytes that are not UTF-8 become U+FFFD. "<" is
 * escaped too, so the result may stand inside an HTML script element. */
void json_text_add(struct buffer *buffer, struct slice text);

#endif
