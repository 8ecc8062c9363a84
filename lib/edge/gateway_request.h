/* SPDX-License-Identifier: Apache-2.0
 * Whose request it is, of those that gateways make: shared by messages and receipts. */
#ifndef EDGE_GATEWAY_REQUEST_H
#define EDGE_GATEWAY_REQUEST_H

#include <stdbool.h>

#include "edge/role.h"
#include "gateway/fields.h"
#include "gateway/kind.h"
#include "net/http.h"
#include "store/crisis.h"

/* The kind of the gateway with its own names, in the arena; NULL when there is no such gateway (NULL too). */
const struct gateway_kind *gateway_request_kind(const struct gateway_row *gateway, struct arena *arena);
/* The fields of a request that proves to be the gateway's. Else it is answered: an unknown gateway, a wrong secret, a wrong signature and, where it takes
 * the content to see that, content that cannot be read, all look the same. */
bool gateway_request_is_let_in(struct edge *edge, struct http_exchange *exchange, const struct gateway_row *gateway,
                               const struct gateway_kind *kind, struct gateway_fields *fields);

#endif
