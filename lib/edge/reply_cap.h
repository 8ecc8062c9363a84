/* SPDX-License-Identifier: Apache-2.0
 * How many automatic replies a number gets in an hour: two machines that answer each other would never end. What is not answered is stored all the
 * same. Each edge counts for itself, in a table of fixed size. */
#ifndef EDGE_REPLY_CAP_H
#define EDGE_REPLY_CAP_H

#include <stdbool.h>
#include <stdint.h>

#include "seal/blind.h"

enum { REPLY_CAP_AN_HOUR = 12, REPLY_CAP_SETS = 1024, REPLY_CAP_WAYS = 4 };

struct reply_cap_slot {
    uint64_t number;  /* of its blind index */
    int64_t since_us; /* 0: free */
    unsigned count;
};

struct reply_cap {
    struct reply_cap_slot slots[REPLY_CAP_SETS][REPLY_CAP_WAYS];
};

/* Counts one reply to the number with this index; false when its hour is full. A hour begins with a number's first reply. When more numbers come than
 * there are slots the one whose hour began first is forgotten. `now_us` is monotonic, above 0. */
bool reply_cap_take(struct reply_cap *cap, const uint8_t index[BLIND_SIZE], int64_t now_us);
/* The same, of `most` in an hour, for who counts something else. */
bool reply_cap_take_of(struct reply_cap *cap, const uint8_t index[BLIND_SIZE], int64_t now_us, unsigned most);

#endif
