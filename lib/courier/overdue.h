/* SPDX-License-Identifier: Apache-2.0
 * The overdue sweep: looks through the register for who did not check in when it was time, and takes each up the ladder of domain/overdue.h. All that it
 * knows is in the register: whichever courier leads goes on where the last one ended. */
#ifndef COURIER_OVERDUE_H
#define COURIER_OVERDUE_H

#include <stdbool.h>

#include "core/scoreboard.h"
#include "pg/pool.h"
#include "seal/seal.h"

struct overdue;

struct overdue_config {
    struct pg_pool *pool; /* must outlive it */
    const uint8_t *secret_key, *index_key;
    const struct seal_recipient *recipients; /* of the texts it writes; copied */
    unsigned recipient_count;
};

/* NULL when memory is out. */
struct overdue *overdue_new(const struct overdue_config *config);
void overdue_free(struct overdue *overdue);
/* From a timer; `may`: this courier leads. Not: what is in hand is ended, and nothing begun. */
void overdue_poke(struct overdue *overdue, bool may);
bool overdue_is_idle(const struct overdue *overdue);
void overdue_report(const struct overdue *overdue, struct process_report *report);

#endif
