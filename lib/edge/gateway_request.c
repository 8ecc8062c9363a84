/* SPDX-License-Identifier: Apache-2.0
 * Proof first where the proof is in the address, fields first where they are signed. */
#include "edge/gateway_request.h"

#include "core/clock.h"
#include "edge/refusal.h"
#include "gateway/proof.h"
#include "seal/locked.h"

/* The gateway's address of ours, as it was entered there and as it signs it. */
static struct slice called_url(const struct edge *edge, const struct http_request *request, struct arena *arena)
{
    return arena_printf(arena, "%s%.*s", edge->public_url, SLICE_ARGS(request->target));
}

static bool proves(const struct edge *edge, const struct gateway_row *gateway, const struct gateway_kind *kind,
                   const struct http_request *request, const struct gateway_fields *fields, struct arena *arena)
{
    struct gateway_evidence evidence = {
        .request = request,
        .fields = fields,
        .url = called_url(edge, request, arena),
        .keys = &edge->keys,
        .secret_check = gateway->secret_check,
        .now_us = clock_now(&edge->clock),
    };
    if (gateway_proof_secret(kind->proof) != GATEWAY_SECRET_CHECKED &&
        !locked_open(&edge->keys, gateway->name, gateway->signing_key, arena, &evidence.key)) {
        return false;
    }
    bool holds = gateway_proof_holds(kind->proof, &evidence, arena);
    locked_wipe(evidence.key);
    return holds;
}

bool gateway_request_is_let_in(struct edge *edge, struct http_exchange *exchange, const struct gateway_row *gateway,
                               const struct gateway_kind *kind, struct gateway_fields *fields)
{
    const struct http_request *request = http_exchange_request(exchange);
    struct arena *arena = http_exchange_arena(exchange);
    bool shows_secret = kind != NULL && kind->proof == GATEWAY_PROOF_SECRET; /* then nothing is read for strangers */
    *fields = (struct gateway_fields){.json = NULL};
    bool proven = shows_secret && proves(edge, gateway, kind, request, fields, arena);
    bool read = kind != NULL && proven == shows_secret && gateway_fields_read(fields, request, kind->carriage, arena);
    proven = proven || (read && !shows_secret && proves(edge, gateway, kind, request, fields, arena));
    if (arena->failed) {
        edge_refuse(exchange, 503);
    } else if (!proven) {
        edge->metrics.gateway_refused++;
        edge_refuse_because(exchange, 403, "problem.not_the_gateway.detail");
    } else if (!read) {
        edge_refuse(exchange, 400);
    }
    return proven && read && !arena->failed;
}

const struct gateway_kind *gateway_request_kind(const struct gateway_row *gateway, struct arena *arena)
{
    const struct gateway_kind *kind = gateway != NULL ? gateway_kind_find(gateway->kind) : NULL;
    return kind != NULL ? gateway_kind_with_names(kind, gateway->field_names, arena) : NULL;
}
