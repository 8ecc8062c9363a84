/* SPDX-License-Identifier: Apache-2.0
 * Holds the register to what a drill was answered: every record that was answered is there once, as answered, and no other is.
 *
 * A pass shows it all that the register has of the drill, in any order. Registrations and check-ins are known by their client_id. A
 * text's id in the register is derived from the gateway's by a key that a drill does not have, so texts are counted by party and status. */
#ifndef DRILL_VERDICT_H
#define DRILL_VERDICT_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#include "core/id.h"
#include "core/slice.h"
#include "drill/roll.h"

enum { VERDICT_LISTED_MAX = 20 };

struct verdict_problem {
    char id[UUID_TEXT_SIZE + 1];
    char what[96];
};

struct verdict_text {
    int64_t registration_id;
    unsigned status; /* ROLL_NO_STATUS: none */
};

struct verdict {
    struct roll *roll;
    bool ended; /* the ledger is whole: what it does not have was never sent */
    uint64_t answered, found, lost, twice, wrong, unheard;
    uint64_t unseen; /* answered, and not to be seen the way it was looked at */
    struct verdict_problem listed[VERDICT_LISTED_MAX];
    unsigned listed_count;
    struct verdict_text *texts;
    size_t text_count, text_capacity;
    bool failed; /* memory was out: it says nothing */
};

void verdict_begin(struct verdict *verdict, struct roll *roll, bool ended);
void verdict_release(struct verdict *verdict);

/* A party registered by the drill. */
void verdict_party(struct verdict *verdict, const struct uuid *id, int64_t registration_id, bool registered,
                   unsigned size, bool via_journal);
struct verdict_check_in {
    struct uuid id;
    int64_t registration_id;
    struct slice status; /* empty: none */
    unsigned band;       /* 0: none */
    unsigned people;     /* 0: not said */
    bool sms, via_journal;
};
void verdict_check_in(struct verdict *verdict, const struct verdict_check_in *check_in);
/* Looks for what was not shown. `visible` (NULL: everything) says whether a record could have been. */
void verdict_end(struct verdict *verdict, bool (*visible)(void *context, uint32_t index), void *context);
/* Nothing lost, twice, wrong or unheard of. */
bool verdict_is_good(const struct verdict *verdict);

#endif
