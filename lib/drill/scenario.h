/* SPDX-License-Identifier: Apache-2.0
 * What is played: who the people are, what they say, and how many of them when. The format is docs/drill.md's. */
#ifndef DRILL_SCENARIO_H
#define DRILL_SCENARIO_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#include "core/arena.h"
#include "core/slice.h"
#include "domain/vocabulary.h"

enum {
    SCENARIO_LIST_MAX = 64,   /* of anything in a scenario */
    SCENARIO_PEOPLE_MAX = 12, /* of a household */
    SCENARIO_FAULTS_MAX = 32,
    SCENARIO_FILE_MAX = 256 * 1024,
    SCENARIO_WORDS_MAX = 400, /* bytes of a message */
};
#define SCENARIO_PARTIES_MAX UINT32_C(4000000)

struct scenario_language {
    double weight;
    struct slice tag;
};

struct scenario_household {
    double weight;
    unsigned people;
    uint32_t needs;
    bool has_intent;
    enum intent intent;
};

struct scenario_place {
    double weight;
    struct slice name;
    double lat, lon;
};

struct scenario_report {
    double weight;
    enum check_in_status status;
    uint32_t needs;
    struct slice message; /* empty: none */
};

struct scenario_text {
    double weight;
    struct slice text;
    bool has_status; /* what the register must read in it */
    enum check_in_status status;
};

/* A second, linear over its phase. */
struct scenario_rate {
    double from, to;
};

struct scenario_outage {
    double at, seconds; /* from the phase's start */
    double share;       /* of the connections */
};

enum scenario_kind { KIND_REGISTER, KIND_CHECK_IN, KIND_TEXT, KIND_COUNT };

struct scenario_phase {
    struct slice name;
    double seconds;
    struct scenario_rate rate[KIND_COUNT];
    double strangers;  /* of check-ins and texts, from 0 to 1, as are the next */
    double duplicates; /* sent again, half of them at the same time on another connection */
    double reordered;  /* of check-ins: the later one is sent first */
    double late;       /* of check-ins: hours old when they are sent */
    struct scenario_outage outages[SCENARIO_LIST_MAX];
    size_t outage_count;
};

/* Slices and lists are the arena's. */
struct scenario {
    struct slice about, crisis; /* crisis: empty: the only one that is open */
    uint32_t parties;
    double phones; /* share of the parties that give a telephone number */
    struct scenario_language *languages;
    struct scenario_household *households;
    struct scenario_place *places;
    struct scenario_report *reports;
    struct scenario_text *texts;
    struct scenario_phase *phases;
    size_t language_count, household_count, place_count, report_count, text_count, phase_count;
};

struct scenario_fault {
    char path[96]; /* "phases/1/seconds" */
    char what[120];
};

struct scenario_faults {
    struct scenario_fault items[SCENARIO_FAULTS_MAX];
    size_t count; /* past the maximum they are not kept */
};

/* Reads and judges; false with every fault named. */
bool scenario_read(struct scenario *scenario, struct arena *arena, struct slice json, struct scenario_faults *faults);
/* Rates and parties times `scale`; all phases together `seconds` long (0: as they are), their rates kept. */
void scenario_fit(struct scenario *scenario, double scale, double seconds);
double scenario_seconds(const struct scenario *scenario);
/* How many of a kind it has in all. */
double scenario_total(const struct scenario *scenario, enum scenario_kind kind);

/* The item that `unit` (0 to below 1) falls on, by weights that stand `stride` bytes apart. */
size_t scenario_pick(const void *items, size_t count, size_t stride, double unit);

#endif
