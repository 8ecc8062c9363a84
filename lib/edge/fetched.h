/* SPDX-License-Identifier: Apache-2.0
 * Texts that a phone fetches: SMSSync's tasks, at the address where its messages come in. */
#ifndef EDGE_FETCHED_H
#define EDGE_FETCHED_H

#include <stdbool.h>

#include "edge/role.h"
#include "gateway/kind.h"
#include "net/http.h"
#include "store/crisis.h"

/* Answers, now or later, a request of a kind that fetches that has a `task` in its query; false, and nothing is done, for any other. */
bool fetched_handle(struct edge *edge, struct http_exchange *exchange, const struct gateway_row *gateway,
                    const struct gateway_kind *kind);

#endif
