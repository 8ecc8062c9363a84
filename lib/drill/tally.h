/* SPDX-License-Identifier: Apache-2.0
 * What a drill counted: in all, in the last second, and second by second for the drawing. */
#ifndef DRILL_TALLY_H
#define DRILL_TALLY_H

#include <stdbool.h>
#include <stdint.h>

#include "drill/histogram.h"

/* Who waited: cries for help are the ones that must not. */
enum tally_group { GROUP_REGISTRATION, GROUP_ROUTINE, GROUP_CRY, GROUP_TEXT, GROUP_COUNT };

enum { TALLY_SAMPLES_MAX = 2048 };

struct tally_sample {
    double at_s, span_s; /* from the start; how long */
    unsigned phase;
    bool outage;
    uint64_t stored, journalled, shed; /* answers in it */
    int64_t p50_us, p99_us;
};

struct tally {
    uint64_t begun[3];   /* by enum scenario_kind */
    uint64_t requests;   /* sent, each repetition counted */
    uint64_t stored;     /* 201, and a gateway's 200 */
    uint64_t journalled; /* 202 */
    uint64_t shed;       /* 429 and 503: sent again after Retry-After */
    uint64_t odd;        /* any other answer */
    uint64_t different;  /* two answers to the same submission that are not the same */
    uint64_t duplicates; /* sent again though nothing was wrong */
    uint64_t reordered, late;
    uint64_t cut;        /* connections cut on purpose, in the middle of a request */
    uint64_t lost;       /* connections lost by themselves */
    uint64_t resent;     /* after either */
    uint64_t unanswered; /* at the end */
    uint64_t left_out;   /* texts, without a gateway */
    unsigned in_flight;
    double behind; /* due and not begun: no connection was free, or the network was out */
    double behind_most;
    double elapsed_s, whole_s;
    unsigned phase;
    bool outage, draining;
    struct histogram group[GROUP_COUNT];
    struct histogram all;
    struct histogram second; /* since the last sample */
    struct tally_sample last;
    uint64_t counted_stored, counted_journalled, counted_shed; /* at the last sample */
    struct tally_sample samples[TALLY_SAMPLES_MAX];
    unsigned sample_count;
    unsigned merged; /* seconds to a sample: doubles when they no longer fit */
};

extern const char *const tally_group_names[GROUP_COUNT];

void tally_latency(struct tally *tally, enum tally_group group, int64_t duration_us);
/* Ends a sample; `span_s` is how long it was. */
void tally_sample(struct tally *tally, double span_s);

#endif
