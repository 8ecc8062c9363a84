/* SPDX-License-Identifier: Apache-2.0
 * Delivery receipts: what became of a text that we handed to a gateway. */
#ifndef GATEWAY_RECEIPT_H
#define GATEWAY_RECEIPT_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#include "gateway/fields.h"
#include "gateway/kind.h"
#include "gateway/message.h"

struct gateway_receipt {
    struct slice reference; /* ours, from the address that we gave with the text; empty: it has only the gateway's id */
    struct slice id; /* the gateway's, from its answer when it took the text; may be empty when there is a reference */
    enum gateway_delivery state;
    struct slice
        reason; /* why it failed, in the gateway's words; may be empty. For an officer's eyes, never for logs */
    bool has_at;
    int64_t at_us;
};

/* As gateway_message_read_all. A word that the kind does not list is GATEWAY_UNKNOWN: it changes nothing. */
enum gateway_reading gateway_receipt_read_all(const struct gateway_kind *kind, const struct gateway_fields *fields,
                                              struct arena *arena, struct gateway_receipt **receipts, size_t *count);

#endif
