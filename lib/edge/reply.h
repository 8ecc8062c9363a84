/* SPDX-License-Identifier: Apache-2.0
 * The reply to a text where the gateway's answer cannot carry it: sealed, and put into the outbox. */
#ifndef EDGE_REPLY_H
#define EDGE_REPLY_H

#include "edge/role.h"
#include "edge/texting.h"

enum { REPLY_HOURS = 2 }; /* later than that it would puzzle more than it tells */

struct reply_route {
    struct slice gateway, crisis;
};

/* Of a text that is stored and has a reply; of another nothing is done. One reply for a message, however often it comes. It is not waited for, and not
 * promised: when it cannot be stored it is counted, and the message stands. */
void reply_later(struct edge *edge, const struct reply_route *route, const struct texting *texting);

#endif
