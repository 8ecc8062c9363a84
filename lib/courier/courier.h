/* SPDX-License-Identifier: Apache-2.0
 * The courier: brings the journal to the register, joins pieces of texts, hands texts to gateways, returns lapsed claims, clears what has run out. One
 * works in a deployment at a time, by an advisory lock; each host's courier replays its own host's journal. */
#ifndef COURIER_COURIER_H
#define COURIER_COURIER_H

#include <event2/event.h>

#include "core/clock.h"
#include "core/error.h"
#include "core/scoreboard.h"
#include "seal/seal.h"

struct courier;

struct courier_config {
    struct event_base *base;
    const char *conninfo; /* as muster_courier */
    const char *journal_directory;
    const char *public_url;            /* as gateways reach us, for receipts */
    uint8_t secret_key[SEAL_KEY_SIZE]; /* the desk's: opens texts and the numbers they go to. The caller wipes both */
    uint8_t index_key[SEAL_KEY_SIZE];
    const struct seal_recipient *recipients; /* whom joined texts are sealed for; copied */
    unsigned recipient_count;
};

struct courier *courier_new(const struct courier_config *config, struct error *error);
/* Stops starting work; calls `on_drained` once what is in flight has ended. */
void courier_drain(struct courier *courier, void (*on_drained)(void *context), void *context);
void courier_free(struct courier *courier);
void courier_report(const struct courier *courier, struct process_report *report);

#endif
