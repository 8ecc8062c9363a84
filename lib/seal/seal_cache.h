/* SPDX-License-Identifier: Apache-2.0
 * Data keys of unwrapped epochs, by epoch id: a fixed number of places, the least recently used gives way; inside lib/seal only. */
#ifndef SEAL_SEAL_CACHE_H
#define SEAL_SEAL_CACHE_H

#include "seal/seal.h"

struct seal_cache;

/* `capacity` from 1 to SEAL_OPENER_EPOCHS_MAX; NULL otherwise, or when memory is out. */
struct seal_cache *seal_cache_new(unsigned capacity);
void seal_cache_free(struct seal_cache *cache); /* wipes */
bool seal_cache_has(const struct seal_cache *cache, const struct uuid *id);
/* The key, now the most recently used; NULL when it is not there. Valid until the next put. */
const uint8_t *seal_cache_find(struct seal_cache *cache, const struct uuid *id);
/* Keeps `key` under an id that is not there yet. */
void seal_cache_put(struct seal_cache *cache, const struct uuid *id, const uint8_t key[SEAL_KEY_SIZE]);

#endif
