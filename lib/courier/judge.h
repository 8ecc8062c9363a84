/* SPDX-License-Identifier: Apache-2.0
 * Judges open cases anew after a lead changed the triage policy of their crisis, and those that were judged under another; some at a time, so that
 * nobody waits behind it. */
#ifndef COURIER_JUDGE_H
#define COURIER_JUDGE_H

#include <stdbool.h>

#include "core/scoreboard.h"
#include "pg/pool.h"

struct judge;

/* NULL when memory is out. */
struct judge *judge_new(struct pg_pool *pool);
void judge_free(struct judge *judge);
/* Looks whether there is anything to do and goes on until there is not; `may`: this courier leads. */
void judge_poke(struct judge *judge, bool may);
bool judge_is_idle(const struct judge *judge);
void judge_report(const struct judge *judge, struct process_report *report);

#endif
