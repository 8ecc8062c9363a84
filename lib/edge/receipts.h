/* SPDX-License-Identifier: Apache-2.0
 * Delivery receipts of a request that was let in already. */
#ifndef EDGE_RECEIPTS_H
#define EDGE_RECEIPTS_H

#include "edge/role.h"
#include "gateway/fields.h"
#include "gateway/kind.h"
#include "net/http.h"
#include "store/crisis.h"

/* Stores them, and answers as the gateway wants it. */
void receipts_take(struct edge *edge, struct http_exchange *exchange, const struct gateway_row *gateway,
                   const struct gateway_kind *kind, const struct gateway_fields *fields);

#endif
