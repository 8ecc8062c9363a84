/* SPDX-License-Identifier: Apache-2.0
 * How long answers took: counts by duration, exact to 3 %, in a size that does not grow. */
#ifndef DRILL_HISTOGRAM_H
#define DRILL_HISTOGRAM_H

#include <stdint.h>

enum {
    HISTOGRAM_STEPS = 32,   /* to each doubling */
    HISTOGRAM_BUCKETS = 960 /* to 2^34 microseconds, over four hours; longer counts as that */
};

struct histogram {
    uint64_t count;
    int64_t longest_us;
    uint32_t buckets[HISTOGRAM_BUCKETS];
};

/* All zero is empty. Below 0 counts as 0. */
void histogram_add(struct histogram *histogram, int64_t duration_us);
void histogram_clear(struct histogram *histogram);
/* The duration that `share` (0 to 1) of them do not pass, at most 3 % too long and never over the longest; 0 when empty. */
int64_t histogram_quantile(const struct histogram *histogram, double share);

#endif
