/* SPDX-License-Identifier: Apache-2.0
 * Has the register count its open cases by place for the map, no more often than what that costs allows. */
#ifndef COURIER_COUNTS_H
#define COURIER_COUNTS_H

#include "pg/pool.h"

struct counts;

/* NULL when memory is out. `pool` must outlive it. */
struct counts *counts_new(struct pg_pool *pool);
void counts_free(struct counts *counts);
/* At each tick of the courier that leads. */
void counts_poke(struct counts *counts);

#endif
