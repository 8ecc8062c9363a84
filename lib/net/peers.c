/* SPDX-License-Identifier: Apache-2.0
 * Linear probing with backward-shift deletion (Knuth, volume 3, section 6.4, algorithm R). */
#include "net/peers.h"

#include <assert.h>
#include <stdlib.h>
#include <string.h>

#include "core/id.h"

bool peers_init(struct peers *peers, size_t connections_max)
{
    size_t size = 16;
    while (size < 2 * connections_max) {
        size *= 2;
    }
    *peers = (struct peers){.slots = calloc(size, sizeof(struct peers_slot)), .mask = size - 1};
    random_fill(peers->seed, sizeof(peers->seed));
    return peers->slots != NULL;
}

void peers_release(struct peers *peers)
{
    free(peers->slots);
    peers->slots = NULL;
}

static uint64_t mix(uint64_t x) /* the finalizer of SplitMix64 */
{
    x = (x ^ x >> 30) * UINT64_C(0xbf58476d1ce4e5b9);
    x = (x ^ x >> 27) * UINT64_C(0x94d049bb133111eb);
    return x ^ x >> 31;
}

static size_t home(const struct peers *peers, const struct address_key *key)
{
    uint64_t words[2];
    memcpy(words, key->bytes, sizeof(words));
    return (size_t)mix(mix(words[0] ^ peers->seed[0]) ^ words[1] ^ peers->seed[1]) & peers->mask;
}

/* The key's slot, or the free one where it would go; there is always a free one. */
static size_t find(const struct peers *peers, const struct address_key *key)
{
    size_t at = home(peers, key);
    while (peers->slots[at].count > 0 && memcmp(&peers->slots[at].key, key, sizeof(*key)) != 0) {
        at = (at + 1) & peers->mask;
    }
    return at;
}

bool peers_enter(struct peers *peers, struct address_key key)
{
    struct peers_slot *slot = &peers->slots[find(peers, &key)];
    if (slot->count == 0) {
        if (peers->used > peers->mask / 2) {
            return false;
        }
        *slot = (struct peers_slot){.key = key};
        peers->used++;
    }
    slot->count++;
    return true;
}

void peers_leave(struct peers *peers, struct address_key key)
{
    size_t hole = find(peers, &key);
    assert(peers->slots[hole].count > 0);
    if (--peers->slots[hole].count > 0) {
        return;
    }
    peers->used--;
    for (size_t at = (hole + 1) & peers->mask; peers->slots[at].count > 0; at = (at + 1) & peers->mask) {
        size_t wanted = home(peers, &peers->slots[at].key);
        if (((at - wanted) & peers->mask) >= ((at - hole) & peers->mask)) { /* it may move back into the hole */
            peers->slots[hole] = peers->slots[at];
            peers->slots[at].count = 0;
            hole = at;
        }
    }
}

unsigned peers_count(const struct peers *peers, struct address_key key)
{
    return peers->slots[find(peers, &key)].count;
}

void peers_lag(struct peers *peers, struct address_key key, struct peers_link *link)
{
    struct peers_slot *slot = &peers->slots[find(peers, &key)];
    assert(slot->count > slot->lagging);
    *link = (struct peers_link){.previous = slot->last};
    *(slot->last != NULL ? &slot->last->next : &slot->first) = link;
    slot->last = link;
    slot->lagging++;
}

void peers_catch_up(struct peers *peers, struct address_key key, struct peers_link *link)
{
    struct peers_slot *slot = &peers->slots[find(peers, &key)];
    assert(slot->lagging > 0);
    *(link->previous != NULL ? &link->previous->next : &slot->first) = link->next;
    *(link->next != NULL ? &link->next->previous : &slot->last) = link->previous;
    slot->lagging--;
}

unsigned peers_lagging(const struct peers *peers, struct address_key key)
{
    const struct peers_slot *slot = &peers->slots[find(peers, &key)];
    return slot->count > 0 ? slot->lagging : 0;
}

struct peers_link *peers_slowest(const struct peers *peers, struct address_key key)
{
    const struct peers_slot *slot = &peers->slots[find(peers, &key)];
    return slot->count > 0 ? slot->first : NULL;
}
