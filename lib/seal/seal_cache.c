/* SPDX-License-Identifier: Apache-2.0
 * A chained hash over a fixed array, with a list through it from the most to the least recently used. */
#include "seal/seal_cache.h"

#include <assert.h>
#include <sodium.h>
#include <stdlib.h>
#include <string.h>

enum { BUCKETS = SEAL_OPENER_EPOCHS_MAX, NONE = 0xffff };
_Static_assert(BUCKETS <= NONE, "an index fits 16 bits");

struct entry {
    struct uuid id;
    uint16_t chain; /* next of the same bucket */
    uint16_t newer, older;
};

struct seal_cache {
    unsigned capacity, count;
    uint16_t newest, oldest;
    uint16_t buckets[BUCKETS];
    uint8_t (*keys)[SEAL_KEY_SIZE]; /* guarded memory: all of them in one allocation, as each costs four pages */
    struct entry entries[];
};

struct seal_cache *seal_cache_new(unsigned capacity)
{
    if (capacity == 0 || capacity > SEAL_OPENER_EPOCHS_MAX) {
        return NULL;
    }
    struct seal_cache *cache = calloc(1, sizeof(*cache) + capacity * sizeof(cache->entries[0]));
    if (cache == NULL) {
        return NULL;
    }
    cache->keys = sodium_allocarray(capacity, SEAL_KEY_SIZE);
    if (cache->keys == NULL) {
        free(cache);
        return NULL;
    }
    cache->capacity = capacity;
    cache->newest = cache->oldest = NONE;
    for (size_t i = 0; i < BUCKETS; i++) {
        cache->buckets[i] = NONE;
    }
    return cache;
}

void seal_cache_free(struct seal_cache *cache)
{
    if (cache != NULL) {
        sodium_free(cache->keys);
        free(cache);
    }
}

/* Epoch ids are random (version 4), so their first bytes spread as well as any hash of them. */
static size_t bucket_of(const struct uuid *id)
{
    return ((size_t)id->bytes[0] << 8 | id->bytes[1]) % BUCKETS;
}

static uint16_t index_of(const struct seal_cache *cache, const struct uuid *id)
{
    uint16_t i = cache->buckets[bucket_of(id)];
    while (i != NONE && !uuid_equal(&cache->entries[i].id, id)) {
        i = cache->entries[i].chain;
    }
    return i;
}

static void list_remove(struct seal_cache *cache, uint16_t i)
{
    const struct entry *entry = &cache->entries[i];
    *(entry->newer == NONE ? &cache->newest : &cache->entries[entry->newer].older) = entry->older;
    *(entry->older == NONE ? &cache->oldest : &cache->entries[entry->older].newer) = entry->newer;
}

static void list_add_newest(struct seal_cache *cache, uint16_t i)
{
    cache->entries[i].newer = NONE;
    cache->entries[i].older = cache->newest;
    *(cache->newest == NONE ? &cache->oldest : &cache->entries[cache->newest].newer) = i;
    cache->newest = i;
}

static void bucket_remove(struct seal_cache *cache, uint16_t i)
{
    uint16_t *link = &cache->buckets[bucket_of(&cache->entries[i].id)];
    while (*link != i) {
        link = &cache->entries[*link].chain;
    }
    *link = cache->entries[i].chain;
}

bool seal_cache_has(const struct seal_cache *cache, const struct uuid *id)
{
    return index_of(cache, id) != NONE;
}

const uint8_t *seal_cache_find(struct seal_cache *cache, const struct uuid *id)
{
    uint16_t i = index_of(cache, id);
    if (i == NONE) {
        return NULL;
    }
    list_remove(cache, i);
    list_add_newest(cache, i);
    return cache->keys[i];
}

static uint16_t take_place(struct seal_cache *cache)
{
    if (cache->count < cache->capacity) {
        return (uint16_t)cache->count++;
    }
    uint16_t i = cache->oldest;
    list_remove(cache, i);
    bucket_remove(cache, i);
    return i;
}

void seal_cache_put(struct seal_cache *cache, const struct uuid *id, const uint8_t key[SEAL_KEY_SIZE])
{
    assert(!seal_cache_has(cache, id));
    uint16_t i = take_place(cache);
    uint16_t *bucket = &cache->buckets[bucket_of(id)];
    cache->entries[i].id = *id;
    cache->entries[i].chain = *bucket;
    *bucket = i;
    memcpy(cache->keys[i], key, SEAL_KEY_SIZE);
    list_add_newest(cache, i);
}
