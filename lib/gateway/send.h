/* SPDX-License-Identifier: Apache-2.0
 * Handing a text over: the request that a gateway wants, and what its answer means. No socket here: the caller carries both. */
#ifndef GATEWAY_SEND_H
#define GATEWAY_SEND_H

#include <stdbool.h>

#include "core/arena.h"
#include "core/slice.h"
#include "gateway/kind.h"

/* What the operator has of the gateway. */
struct gateway_account {
    struct slice base;           /* its address without a slash at the end; empty: the kind's own */
    struct slice user, password; /* or the API's key as the password; see docs/gateways.md */
    struct slice from;           /* the number or name that sends */
};

struct gateway_text {
    struct slice to;        /* E.164 */
    struct slice text;      /* UTF-8 */
    struct slice reference; /* ours: the same for every attempt to hand this text over */
    struct slice receipts;  /* the address for its receipts, our reference in its query */
};

struct gateway_call {
    enum http_method method;
    struct slice url;
    struct slice type;    /* Content-Type; empty: no content */
    struct slice headers; /* "Name: value" lines, each ended by a line feed */
    struct slice body;
};

/* Whether texts can be handed to this kind at all: a phone with SMSSync fetches them (`fetches`). */
bool gateway_send_can(const struct gateway_kind *kind);
/* The request, in the arena. False when memory is out, the kind cannot send, it needs an address and the account has none, or a value that would stand in
 * a header has a control character. */
bool gateway_send_make(const struct gateway_kind *kind, const struct gateway_account *account,
                       const struct gateway_text *text, struct arena *arena, struct gateway_call *call);
/* What an answer with this status and content means. *id is the gateway's own id of the text, empty when the answer has none; in the arena. */
enum gateway_sending gateway_send_read(const struct gateway_kind *kind, unsigned status, struct slice body,
                                       struct arena *arena, struct slice *id);

#endif
