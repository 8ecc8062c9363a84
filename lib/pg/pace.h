/* SPDX-License-Identifier: Apache-2.0
 * How fast records leave a queue, and so how many may wait in it for a time to be kept. Knows no clock: it is told the time. */
#ifndef PG_PACE_H
#define PG_PACE_H

#include <stddef.h>
#include <stdint.h>

/* Sums that fade, over the time in which something was always waiting: only then does what leaves tell what could leave. */
struct pace {
    double records, us;
    int64_t since_us; /* of the last look when something was left waiting then; else 0 */
};

/* `count` records leave the queue now, and `left` stay in it. */
void pace_took(struct pace *pace, size_t count, size_t left, int64_t now_us);
/* How many may wait so that the last of them leaves within `within_us`: between `least` and `most`, and `most` while nothing is known. */
size_t pace_room(const struct pace *pace, int64_t within_us, size_t least, size_t most);

#endif
