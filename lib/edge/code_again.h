/* SPDX-License-Identifier: Apache-2.0
 * The case code once more, by text, to a number that a party registered. Nobody is told whether there is such a party: not who asks, not this process.
 * The secret is never sent. */
#ifndef EDGE_CODE_AGAIN_H
#define EDGE_CODE_AGAIN_H

#include "edge/role.h"

enum { CODES_A_NUMBER = 3, CODES_AN_ADDRESS = 10 /* an hour, at one edge */ };

/* Has the texts put into the outbox, if there is anybody. Not waited for: what comes of it would show in how long it takes. `gateway` may be empty.
 * False when it could not be asked for: the database is away, or memory is out. Too often for this number is true, as it is said to nobody. */
bool code_again_send(struct edge *edge, const uint8_t phone_index[BLIND_SIZE], struct slice crisis,
                     struct slice gateway, struct slice language);

#endif
