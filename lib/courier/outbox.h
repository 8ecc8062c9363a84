/* SPDX-License-Identifier: Apache-2.0
 * The outbox: takes texts that are due, hands them to their gateways, and settles what became of each attempt. */
#ifndef COURIER_OUTBOX_H
#define COURIER_OUTBOX_H

#include <event2/event.h>
#include <stdbool.h>
#include <stdint.h>

#include "core/error.h"
#include "core/scoreboard.h"
#include "pg/pool.h"
#include "seal/seal.h"

struct outbox;

struct outbox_config {
    struct event_base *base;
    struct pg_pool *pool; /* as muster_courier */
    const char *public_url;
    const uint8_t *secret_key, *index_key; /* SEAL_KEY_SIZE each; copied */
};

struct outbox *outbox_new(const struct outbox_config *config, struct error *error);
void outbox_free(struct outbox *outbox);
/* Goes on with what is in hand, and takes more if it `may`: on the courier that leads, and is not draining. */
void outbox_poke(struct outbox *outbox, bool may);
/* What the courier that leads does now and then: gateways read again, texts of a courier that ended recovered, late ones given up. */
void outbox_sweep(struct outbox *outbox);
bool outbox_is_idle(const struct outbox *outbox);
void outbox_report(const struct outbox *outbox, struct process_report *report);

#endif
