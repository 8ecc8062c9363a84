/* SPDX-License-Identifier: Apache-2.0
 * A rate from fading sums. */
#include "pg/pace.h"

/* Half of what is known is forgotten whenever this much busy time was added: about two seconds of memory. */
static const double window_us = 1e6;

void pace_took(struct pace *pace, size_t count, size_t left, int64_t now_us)
{
    if (pace->since_us != 0 && now_us > pace->since_us) {
        pace->records += (double)count;
        pace->us += (double)(now_us - pace->since_us);
        while (pace->us > window_us) {
            pace->records /= 2;
            pace->us /= 2;
        }
    } else if (pace->since_us != 0) {
        pace->records += (double)count; /* another connection took them at the same moment */
    }
    pace->since_us = left > 0 ? now_us : 0;
}

size_t pace_room(const struct pace *pace, int64_t within_us, size_t least, size_t most)
{
    static const double enough_us = 50e3; /* of busy time, before it counts as known */
    if (pace->us < enough_us) {
        return most;
    }
    double room = pace->records / pace->us * (double)within_us;
    if (room <= (double)least) {
        return least < most ? least : most;
    }
    return room < (double)most ? (size_t)room : most;
}
