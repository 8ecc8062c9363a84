/* SPDX-License-Identifier: Apache-2.0
 * The address that a gateway is given with a text, to tell there what became of it. It proves itself: whoever calls it was given it. */
#ifndef GATEWAY_RECEIPT_URL_H
#define GATEWAY_RECEIPT_URL_H

#include <stdbool.h>

#include "core/arena.h"
#include "core/id.h"
#include "core/slice.h"
#include "seal/blind.h"

/* "<public_url>/gateway/<gateway>/receipts?ref=<reference>&sign=<32 hexadecimal digits>", in the arena; data NULL when memory is out. */
struct slice receipt_url_make(const struct blind_keys *keys, struct slice public_url, struct slice gateway,
                              const struct uuid *reference, struct arena *arena);
/* Whether `sign` was made for this gateway and reference. */
bool receipt_url_proves(const struct blind_keys *keys, struct slice gateway, const struct uuid *reference,
                        struct slice sign, struct arena *arena);

#endif
