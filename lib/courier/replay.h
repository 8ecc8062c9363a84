/* SPDX-License-Identifier: Apache-2.0
 * Journal segments to the register, in order, each deleted once PostgreSQL has confirmed all of it. */
#ifndef COURIER_REPLAY_H
#define COURIER_REPLAY_H

#include <stdbool.h>
#include <stdint.h>

#include "core/error.h"
#include "journal/journal.h"
#include "pg/pool.h"

struct replay;

struct replay_metrics {
    uint64_t replayed;   /* entries the register now has */
    uint64_t refused;    /* entries it will never take: kept aside, logged */
    uint64_t unreadable; /* entries of a kind or form we do not know: kept aside */
    unsigned segments;   /* waiting */
    uint64_t bytes;      /* waiting */
    int64_t oldest_us;   /* last write to a segment that was written to longest ago; wall clock, 0: none */
};

struct replay *replay_new(struct pg_pool *pool, const char *directory);
void replay_free(struct replay *replay);
/* Looks at the directory and goes on where it was; does nothing while work is in flight. */
void replay_poke(struct replay *replay);
bool replay_is_idle(const struct replay *replay);
/* As far as they were counted: soon after the start, all. */
uint64_t replay_entries_waiting(const struct replay *replay);
/* When the oldest of them was taken; without one, when the oldest segment was written, which waits for something else. Wall clock, 0: none. */
int64_t replay_waits_since_us(const struct replay *replay);
const struct replay_metrics *replay_metrics(const struct replay *replay);

#endif
