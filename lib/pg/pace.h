/* SPDX-License-Identifier: Apache-2.0
 * How fast records leave a queue, and so how many may wait in it for a time to be kept; and what a statement costs, and so how many may leave
 * at once. Knows no clock: it is told the time. */
#ifndef PG_PACE_H
#define PG_PACE_H

#include <stddef.h>
#include <stdint.h>

struct pace {
    /* Sums that fade, over the time in which something was always waiting: only then does what leaves tell what could leave. */
    double records, us;
    int64_t since_us; /* of the last look when something was left waiting then; else 0 */
    int64_t known_us; /* when the last of it was added */
    /* Likewise of statements: how many, their records, their time, squares and products: a line through them is fixed cost and cost a record. */
    double statements, n, t, nn, nt;
    double shared; /* of those statements, how many had more than one record */
};

/* `count` records leave the queue now, and `left` stay in it. */
void pace_took(struct pace *pace, size_t count, size_t left, int64_t now_us);
/* A statement with `count` records took `us`. */
void pace_answered(struct pace *pace, size_t count, int64_t us);
/* How many may wait so that the last of them leaves within `within_us`, as far as the last seconds tell. While nothing had to wait, what
 * `connections` at once would do at the price of the last statements, and at least `guess_least`. */
size_t pace_room(const struct pace *pace, int64_t within_us, unsigned connections, size_t guess_least, int64_t now_us);
/* How many should leave at once, up to `most`: so many that what they cost together is no more than `us`, or than the statement's fixed cost if
 * that is more. So a slow database that pays by the record gets short statements, and one that is far away gets long ones. */
size_t pace_at_once(const struct pace *pace, int64_t us, size_t most);
/* How long after one statement the next should leave, in microseconds, up to `most_us`: 0 while records come one at a time, which then do not wait;
 * a few times what a statement takes while several often come in that time, so that they share its fixed cost and leave the database to others. */
int64_t pace_rest(const struct pace *pace, int64_t most_us);

#endif
