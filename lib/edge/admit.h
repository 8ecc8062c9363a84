/* SPDX-License-Identifier: Apache-2.0
 * The edge's yes or no to a submission, as soon as its class is known and before it costs anything. */
#ifndef EDGE_ADMIT_H
#define EDGE_ADMIT_H

#include <stdbool.h>

#include "edge/role.h"

/* A cry always enters: its record goes to the journal when PostgreSQL has no room. Anything else enters when it would be sent to
 * PostgreSQL within its class's time, or the journal answers in PostgreSQL's place; else it is answered 503 with Retry-After and counted
 * as shed, and false is returned. */
bool admit_or_shed(struct edge *edge, const struct batch *batch, struct http_exchange *exchange, bool from_form,
                   enum admission_class class);

#endif
