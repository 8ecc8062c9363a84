/* SPDX-License-Identifier: Apache-2.0
 * The signatures, one file each; private to lib/gateway. */
#ifndef GATEWAY_PROOF_SCHEME_H
#define GATEWAY_PROOF_SCHEME_H

#include "gateway/mac.h"
#include "gateway/proof.h"

typedef bool proof_scheme(const struct gateway_evidence *evidence, struct arena *arena);

proof_scheme proof_twilio, proof_vonage, proof_plivo, proof_plivo_v2, proof_messagebird, proof_android;

/* The pairs of several forms, sorted by name and then by value, octet by octet. NULL when memory is out. */
struct form_pair *proof_sorted(const struct form *const forms[], size_t form_count, struct arena *arena, size_t *count);
/* The time, in decimal seconds since 1970, is within `seconds` of now. */
bool proof_is_recent(struct slice unix_seconds, int64_t now_us, int64_t seconds);

#endif
