/* SPDX-License-Identifier: Apache-2.0
 * Name keys for members that were stored without (before there were any, or from an older journal): opened, indexed, kept. */
#ifndef COURIER_NAMES_H
#define COURIER_NAMES_H

#include "core/scoreboard.h"
#include "pg/pool.h"
#include "seal/blind.h"
#include "seal/seal.h"

struct names;

/* NULL when memory is out. What it is given must outlive it. */
struct names *names_new(struct pg_pool *pool, const uint8_t secret_key[SEAL_KEY_SIZE],
                        const uint8_t index_key[SEAL_KEY_SIZE]);
void names_free(struct names *names);
/* Asks for members without, unless it is at it. */
void names_sweep(struct names *names);
bool names_is_idle(const struct names *names);
void names_report(const struct names *names, struct process_report *report);

#endif
