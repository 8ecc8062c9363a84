/* SPDX-License-Identifier: Apache-2.0
 * The joiner: finds pieces of long texts in the register, joins those that are one message, and stores the message as the check-in that it is. */
#ifndef COURIER_JOINER_H
#define COURIER_JOINER_H

#include <stdbool.h>

#include "core/error.h"
#include "core/scoreboard.h"
#include "pg/pool.h"
#include "seal/seal.h"

struct joiner;

struct joiner_config {
    struct pg_pool *pool;                    /* as muster_courier */
    const uint8_t *secret_key, *index_key;   /* SEAL_KEY_SIZE each; copied */
    const struct seal_recipient *recipients; /* whom what is joined is sealed for */
    unsigned recipient_count;
};

struct joiner *joiner_new(const struct joiner_config *config, struct error *error);
void joiner_free(struct joiner *joiner);
/* Goes through what is due, on the courier that leads. What is in hand is finished when it `may` not, and no more is begun. */
void joiner_poke(struct joiner *joiner, bool may);
bool joiner_is_idle(const struct joiner *joiner);
void joiner_report(const struct joiner *joiner, struct process_report *report);

#endif
