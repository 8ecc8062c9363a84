/* SPDX-License-Identifier: Apache-2.0
 * What every edge needs and the database carries: keys that verify gateways' signatures, and texts that a phone fetches. Locked under a subkey of the index key,
 * which the edges hold; a copy of the database does not open them.
 *
 * A locked key: version byte 1 || 24-byte nonce || XChaCha20-Poly1305-IETF(subkey, plain), with the owner's name as associated data. */
#ifndef SEAL_LOCKED_H
#define SEAL_LOCKED_H

#include <stdbool.h>

#include "core/arena.h"
#include "core/slice.h"
#include "seal/blind.h"

enum { LOCKED_PLAIN_MAX = 4096 };

/* In the arena; data NULL when memory is out or `plain` is longer than LOCKED_PLAIN_MAX. `owner`: the gateway's name (of a text: and the
 * parcel's id), without which it does not open. */
struct slice locked_make(const struct blind_keys *keys, struct slice owner, struct slice plain, struct arena *arena);
/* False when it does not open under this key for this owner, or memory is out. */
bool locked_open(const struct blind_keys *keys, struct slice owner, struct slice locked, struct arena *arena,
                 struct slice *plain);
/* Overwrites what was opened, once it is used. */
void locked_wipe(struct slice plain);

#endif
