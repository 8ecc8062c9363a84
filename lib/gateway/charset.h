/* SPDX-License-Identifier: Apache-2.0
 * The text of an inbound message as UTF-8, from whatever the gateway sent. */
#ifndef EDGE_SMS_TEXT_H
#define EDGE_SMS_TEXT_H

#include <stdbool.h>

#include "core/arena.h"
#include "core/slice.h"

/* `coding`: Kannel's %c ("2" is UCS-2); `charset`: the name given, "" when none. Nothing is lost: bytes that are no text in that character
 * set become U+FFFD. Control characters other than line ends and tabs become spaces. False only when memory is out. */
bool sms_text_decode(struct arena *arena, struct slice coding, struct slice charset, struct slice raw,
                     struct slice *text);

#endif
