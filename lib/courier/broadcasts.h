/* SPDX-License-Identifier: Apache-2.0
 * Fills the outbox from the broadcasts that run, at their pace, and counts the audiences that are too large to be counted at the desk. All it knows is in the register, so any courier goes on where another was. */
#ifndef COURIER_BROADCASTS_H
#define COURIER_BROADCASTS_H

#include "core/scoreboard.h"
#include "pg/pool.h"

struct broadcasts;

/* NULL when memory is out. `pool` must outlive it. */
struct broadcasts *broadcasts_new(struct pg_pool *pool);
void broadcasts_free(struct broadcasts *broadcasts);
/* At each tick of the courier that leads. */
void broadcasts_poke(struct broadcasts *broadcasts);
bool broadcasts_is_idle(const struct broadcasts *broadcasts);
void broadcasts_report(const struct broadcasts *broadcasts, bool leads, struct process_report *report);

#endif
