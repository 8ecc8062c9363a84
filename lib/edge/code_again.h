/* SPDX-License-Identifier: Apache-2.0
 * The case code once more, by text, to a number that a party registered. Nobody is told whether there is such a party: not who asks, not this process.
 * The secret is never sent. */
#ifndef EDGE_CODE_AGAIN_H
#define EDGE_CODE_AGAIN_H

#include "edge/intake.h"
#include "edge/role.h"

enum { CODES_A_NUMBER = 3, CODES_AN_ADDRESS = 10 /* an hour, at one edge */ };

/* Has the texts put into the outbox, if there is anybody. Not waited for: what comes of it would show in how long it takes. `gateway` may be empty.
 * `asker`: the message that asks, by whose id there is one answer however often it comes; NULL: a page asks. False when it could not be asked for: the database is away, or memory is out. Too often for this number is true, as it is said to nobody. */
bool code_again_send(struct edge *edge, const uint8_t phone_index[BLIND_SIZE], struct slice crisis,
                     struct slice gateway, struct slice language, const struct uuid *asker);
/* The same while the database is away: the wish goes to the journal, and the courier has it answered later. `done` as intake.h says. NULL when it
 * cannot be kept, or the number asks too often: `done` will not run. */
struct intake_ticket *code_again_keep(struct edge *edge, const uint8_t phone_index[BLIND_SIZE], struct slice crisis,
                                      struct slice gateway, struct slice language, const struct uuid *asker,
                                      intake_done *done, void *context);

#endif
