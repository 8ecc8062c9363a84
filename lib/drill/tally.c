/* SPDX-License-Identifier: Apache-2.0
 * Counting. */
#include "drill/tally.h"

const char *const tally_group_names[GROUP_COUNT] = {"registration", "check-in", "cry for help", "text"};

void tally_latency(struct tally *tally, enum tally_group group, int64_t duration_us)
{
    histogram_add(&tally->group[group], duration_us);
    histogram_add(&tally->all, duration_us);
    histogram_add(&tally->second, duration_us);
}

/* The worst of two halves stands for both: a drawing must not hide it. */
static void merge(struct tally_sample *into, const struct tally_sample *other)
{
    into->span_s += other->span_s;
    into->outage = into->outage || other->outage;
    into->stored += other->stored;
    into->journalled += other->journalled;
    into->shed += other->shed;
    into->p50_us = into->p50_us > other->p50_us ? into->p50_us : other->p50_us;
    into->p99_us = into->p99_us > other->p99_us ? into->p99_us : other->p99_us;
}

static void halve(struct tally *tally)
{
    for (unsigned i = 0; i < TALLY_SAMPLES_MAX / 2; i++) {
        tally->samples[i] = tally->samples[2 * i];
        merge(&tally->samples[i], &tally->samples[2 * i + 1]);
    }
    tally->sample_count = TALLY_SAMPLES_MAX / 2;
    tally->merged *= 2;
}

void tally_sample(struct tally *tally, double span_s)
{
    tally->last = (struct tally_sample){
        .at_s = tally->elapsed_s - span_s,
        .span_s = span_s,
        .phase = tally->phase,
        .outage = tally->outage,
        .stored = tally->stored - tally->counted_stored,
        .journalled = tally->journalled - tally->counted_journalled,
        .shed = tally->shed - tally->counted_shed,
        .p50_us = histogram_quantile(&tally->second, 0.5),
        .p99_us = histogram_quantile(&tally->second, 0.99),
    };
    tally->counted_stored = tally->stored;
    tally->counted_journalled = tally->journalled;
    tally->counted_shed = tally->shed;
    histogram_clear(&tally->second);
    if (tally->merged == 0) {
        tally->merged = 1;
    }
    if (tally->sample_count == TALLY_SAMPLES_MAX) {
        halve(tally);
    }
    struct tally_sample *open = tally->sample_count > 0 ? &tally->samples[tally->sample_count - 1] : NULL;
    if (open != NULL && tally->merged > 1 && open->span_s + span_s <= (double)tally->merged + 0.5) {
        merge(open, &tally->last);
    } else {
        tally->samples[tally->sample_count++] = tally->last;
    }
}
