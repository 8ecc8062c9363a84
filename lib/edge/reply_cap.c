/* SPDX-License-Identifier: Apache-2.0
 * A set-associative table: each number has four places. */
#include "edge/reply_cap.h"

#include <stddef.h>
#include <string.h>

#include "core/clock.h"

static const int64_t hour_us = 3600 * MICROSECONDS_A_SECOND;

/* The number's own slot, else the one to give it. */
static struct reply_cap_slot *find(struct reply_cap_slot set[REPLY_CAP_WAYS], uint64_t number)
{
    struct reply_cap_slot *oldest = &set[0];
    for (size_t i = 0; i < REPLY_CAP_WAYS; i++) {
        if (set[i].since_us != 0 && set[i].number == number) {
            return &set[i];
        }
        oldest = set[i].since_us < oldest->since_us ? &set[i] : oldest;
    }
    *oldest = (struct reply_cap_slot){.number = number};
    return oldest;
}

bool reply_cap_take_of(struct reply_cap *cap, const uint8_t index[BLIND_SIZE], int64_t now_us, unsigned most)
{
    uint64_t number = 0;
    memcpy(&number, index, sizeof(number)); /* of a keyed hash: any octets are as good */
    struct reply_cap_slot *slot = find(cap->slots[number % REPLY_CAP_SETS], number);
    if (slot->since_us == 0 || now_us - slot->since_us >= hour_us) {
        *slot = (struct reply_cap_slot){.number = number, .since_us = now_us};
    }
    if (slot->count >= most) {
        return false;
    }
    slot->count++;
    return true;
}

bool reply_cap_take(struct reply_cap *cap, const uint8_t index[BLIND_SIZE], int64_t now_us)
{
    return reply_cap_take_of(cap, index, now_us, REPLY_CAP_AN_HOUR);
}
