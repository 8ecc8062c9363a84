/* SPDX-License-Identifier: Apache-2.0
 * Shedding. */
#include "edge/admit.h"

#include "edge/intake.h"
#include "edge/pages.h"
#include "edge/refusal.h"

static bool shed(struct edge *edge, struct http_exchange *exchange, bool from_form)
{
    unsigned retry_after_s = http_exchange_shed(exchange);
    if (from_form) {
        pages_respond_error(edge, exchange, 503, NULL);
    } else {
        edge_refuse_for_now(exchange, retry_after_s);
    }
    return false;
}

bool admit_or_shed(struct edge *edge, const struct batch *batch, struct http_exchange *exchange, bool from_form,
                   enum admission_class class)
{
    if (!http_exchange_admit(exchange, class) || (class != ADMIT_HELP && !intake_has_room(edge, batch, class))) {
        return shed(edge, exchange, from_form);
    }
    return true;
}
