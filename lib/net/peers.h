/* SPDX-License-Identifier: Apache-2.0
 * How many connections each address has, and which of them lag: a hash table of fixed size, so a flood of addresses costs no memory. It only
 * counts; what follows from the counts is for the caller (net/crowd.h). */
#ifndef NET_PEERS_H
#define NET_PEERS_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#include "net/address.h"

/* Embedded in what lags; the longest lagging first. */
struct peers_link {
    struct peers_link *next, *previous;
};

struct peers_slot {
    struct address_key key;
    unsigned count; /* 0: free */
    unsigned lagging;
    struct peers_link *first, *last; /* that lag */
};

struct peers {
    struct peers_slot *slots; /* a power of two of them, open addressing, never more than half full */
    size_t mask;
    size_t used;      /* addresses */
    uint64_t seed[2]; /* random: whoever chooses addresses cannot choose collisions */
};

/* For at most `connections_max` connections, each from its own address at worst. False without memory. */
bool peers_init(struct peers *peers, size_t connections_max);
void peers_release(struct peers *peers);
/* Counts one more; false, and nothing counted, when the table is full. */
bool peers_enter(struct peers *peers, struct address_key key);
void peers_leave(struct peers *peers, struct address_key key);
unsigned peers_count(const struct peers *peers, struct address_key key);

/* `link` lags from now on, the last of its address; and does no more. */
void peers_lag(struct peers *peers, struct address_key key, struct peers_link *link);
void peers_catch_up(struct peers *peers, struct address_key key, struct peers_link *link);
unsigned peers_lagging(const struct peers *peers, struct address_key key);
/* Of the address, what has lagged longest; NULL when nothing does. */
struct peers_link *peers_slowest(const struct peers *peers, struct address_key key);

#endif
