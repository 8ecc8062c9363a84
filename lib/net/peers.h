/* SPDX-License-Identifier: Apache-2.0
 * How many connections each address has: a hash table of fixed size, so a flood of addresses costs no memory. */
#ifndef NET_PEERS_H
#define NET_PEERS_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#include "net/address.h"

struct peers_slot {
    struct address_key key;
    unsigned count; /* 0: free */
};

struct peers {
    struct peers_slot *slots; /* a power of two of them, open addressing, never more than half full */
    size_t mask;
    size_t used;
    uint64_t seed[2]; /* random: whoever chooses addresses cannot choose collisions */
    unsigned limit;   /* connections an address may have */
};

/* For at most `connections_max` connections, each from its own address at worst. False without memory. */
bool peers_init(struct peers *peers, size_t connections_max, unsigned limit);
void peers_release(struct peers *peers);
/* Counts one more; false, and nothing counted, when the address has its limit or the table is full. */
bool peers_enter(struct peers *peers, struct address_key key);
void peers_leave(struct peers *peers, struct address_key key);

#endif
