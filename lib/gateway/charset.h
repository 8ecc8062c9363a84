/* SPDX-License-Identifier: Apache-2.0
 * The text of an inbound message as UTF-8, from whatever the gateway sent. */
#ifndef GATEWAY_CHARSET_H
#define GATEWAY_CHARSET_H

#include <stdbool.h>

#include "core/arena.h"
#include "core/slice.h"

/* `charset`: the name given, "" when none; then, or when it is none that we know, UTF-16BE for `is_ucs2`, else UTF-8 if
 * it is that, else Windows-1252. Octets that are no text in the character set that was named become U+FFFD. Control characters other than line ends and tabs become spaces. False only when memory is out. */
bool charset_decode(struct arena *arena, struct slice charset, bool is_ucs2, struct slice raw, struct slice *text);

#endif
