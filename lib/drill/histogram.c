/* SPDX-License-Identifier: Apache-2.0
 * Buckets of equal relative width: one for each microsecond below 32, then 32 to each doubling. */
#include "drill/histogram.h"

#include <string.h>

static unsigned bucket_of(int64_t duration_us)
{
    uint64_t value = duration_us > 0 ? (uint64_t)duration_us : 0;
    if (value < HISTOGRAM_STEPS) {
        return (unsigned)value;
    }
    unsigned doubling = 63U - (unsigned)__builtin_clzll(value); /* 5 or more */
    unsigned step = (unsigned)(value >> (doubling - 5)) - HISTOGRAM_STEPS;
    unsigned bucket = (doubling - 4) * HISTOGRAM_STEPS + step;
    return bucket < HISTOGRAM_BUCKETS ? bucket : HISTOGRAM_BUCKETS - 1;
}

/* The greatest duration of a bucket. */
static int64_t top_of(unsigned bucket)
{
    if (bucket < HISTOGRAM_STEPS) {
        return (int64_t)bucket;
    }
    unsigned shift = bucket / HISTOGRAM_STEPS - 1;
    uint64_t first = (uint64_t)(HISTOGRAM_STEPS + bucket % HISTOGRAM_STEPS) << shift;
    return (int64_t)(first + (UINT64_C(1) << shift) - 1);
}

void histogram_add(struct histogram *histogram, int64_t duration_us)
{
    histogram->count++;
    histogram->buckets[bucket_of(duration_us)]++;
    if (duration_us > histogram->longest_us) {
        histogram->longest_us = duration_us;
    }
}

void histogram_clear(struct histogram *histogram)
{
    memset(histogram, 0, sizeof(*histogram));
}

int64_t histogram_quantile(const struct histogram *histogram, double share)
{
    uint64_t wanted = (uint64_t)(share * (double)histogram->count);
    uint64_t passed = 0;
    if (histogram->count == 0) {
        return 0;
    }
    for (unsigned i = 0; i < HISTOGRAM_BUCKETS - 1; i++) {
        passed += histogram->buckets[i];
        if (passed > wanted || passed == histogram->count) {
            return top_of(i) < histogram->longest_us ? top_of(i) : histogram->longest_us;
        }
    }
    return histogram->longest_us;
}
