/* SPDX-License-Identifier: Apache-2.0
 * STOP and START as choices of the number that said them: check-ins that say so are opened here, for the sender is sealed, and kept under the blind
 * index by which contacts are found. */
#ifndef COURIER_OPT_CHOICES_H
#define COURIER_OPT_CHOICES_H

#include "pg/pool.h"
#include "seal/blind.h"
#include "seal/seal.h"

struct opt_choices;

/* NULL when memory is out. What it is given must outlive it. */
struct opt_choices *opt_choices_new(struct pg_pool *pool, const uint8_t secret_key[SEAL_KEY_SIZE],
                                    const uint8_t index_key[SEAL_KEY_SIZE]);
void opt_choices_free(struct opt_choices *choices);
/* Asks for choices that are not yet kept, unless it is at it. */
void opt_choices_sweep(struct opt_choices *choices);
bool opt_choices_is_idle(const struct opt_choices *choices);

#endif
