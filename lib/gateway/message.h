/* SPDX-License-Identifier: Apache-2.0
 * The text messages that a gateway's request brings. */
#ifndef GATEWAY_MESSAGE_H
#define GATEWAY_MESSAGE_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#include "gateway/fields.h"
#include "gateway/kind.h"

enum {
    GATEWAY_MESSAGES_MAX = 256,
    GATEWAY_NAME_MAX = 256,
    GATEWAY_PARTS_MAX = 255,
    GATEWAY_TEXT_MAX =
        16 * 1024, /* octets as they came; a network's longest message has 39,015 septets, and nobody's is */
};

/* One piece of a message that was too long for one: all with the same reference, sender and recipient are its pieces. */
struct gateway_part {
    struct slice reference;
    unsigned number; /* from 1; 0: not told, so it is joined to nothing */
    unsigned total;  /* 0: the message is whole */
};

struct gateway_message {
    struct slice from;   /* UTF-8, not empty */
    struct slice to, id; /* as the gateway gives them */
    struct slice text;   /* UTF-8; may be empty. What is beyond GATEWAY_TEXT_MAX is cut off */
    struct slice at;     /* as the gateway gives it */
    bool has_at;
    int64_t at_us;
    struct gateway_part part;
};

enum gateway_reading {
    GATEWAY_READ,
    GATEWAY_NOTHING, /* well-formed, and no text message: a test of the connection, another event. It is answered as if all were stored */
    GATEWAY_MALFORMED, /* it can only be sent wrongly again */
    GATEWAY_NO_MEMORY,
};

/* In the order they came, in the arena; they borrow the fields. READ: at least one. Of a list, entries without a sender are passed over when
 * others have one: none of those is to be lost for it. So are those without the id that their kind always has. */
enum gateway_reading gateway_message_read_all(const struct gateway_kind *kind, const struct gateway_fields *fields,
                                              struct arena *arena, struct gateway_message **messages, size_t *count);

#endif
