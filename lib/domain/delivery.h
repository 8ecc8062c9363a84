/* SPDX-License-Identifier: Apache-2.0
 * A text's way to its gateway, and what each attempt to hand it over leads to. States are named as message brokers name them.
 *
 *   QUEUED --marked, then handed over--> WIRED --taken--> SENT --receipt--> DELIVERED, FAILED
 *     ^                                   | |  \--no answer, and the gateway does not know a reference again--> UNSURE --receipt--> SENT...
 *     \--not now: later, or elsewhere-----/ \--never-----------------------------> FAILED
 */
#ifndef DOMAIN_DELIVERY_H
#define DOMAIN_DELIVERY_H

#include <stdbool.h>
#include <stdint.h>

enum delivery_state {
    DELIVERY_QUEUED,
    DELIVERY_WIRED,  /* in the courier's hand */
    DELIVERY_UNSURE, /* it may have been sent; it is not sent again, an officer decides */
    DELIVERY_SENT,   /* the gateway took it */
    DELIVERY_DELIVERED,
    DELIVERY_FAILED,
};

/* How an attempt ended. */
enum delivery_event {
    DELIVERY_TAKEN,
    DELIVERY_NOT_NOW,    /* it was not taken, and may be later */
    DELIVERY_REFUSED,    /* this gateway will never take this text, or for this number */
    DELIVERY_SHUT,       /* this gateway takes nothing: credit, password, address */
    DELIVERY_UNANSWERED, /* the request left, no answer came */
    DELIVERY_UNUSABLE,   /* nothing can be handed over: no number to go to, or it does not open */
};

struct delivery_next {
    enum delivery_state state; /* QUEUED, SENT, UNSURE or FAILED */
    bool elsewhere;            /* QUEUED: at the fallback gateway from now on */
    unsigned delay_s;          /* QUEUED: not before */
};

/* What is known of a text when an attempt ended. */
struct delivery_past {
    unsigned attempts; /* this one counted */
    bool has_fallback; /* its gateway has one */
    bool moved;        /* it came from another gateway, whose fallback this is */
    bool stays;        /* an earlier attempt here was not answered: no other gateway may get it */
    bool repeats;      /* its gateway knows our reference again: a text handed over twice is sent once */
};

/* `random`: any number; delays are spread by it, so that what failed together does not come again together. */
struct delivery_next delivery_next(enum delivery_event event, const struct delivery_past *past, uint32_t random);

/* "queued", as the register names it. */
const char *delivery_state_name(enum delivery_state state);

#endif
