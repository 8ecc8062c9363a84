/* SPDX-License-Identifier: Apache-2.0
 * What a lead may make of the triage policy, and how it is written down. Pure. */
#ifndef DOMAIN_TRIAGE_POLICY_H
#define DOMAIN_TRIAGE_POLICY_H

#include "core/tree.h"
#include "domain/field_error.h"
#include "domain/triage.h"

/* The least urgent band that the reason may be given: a cry for help stays in bands 1 to 3, so that it is let past everything else.
 * BAND_NONE: it has no band of its own, and gets none. */
unsigned triage_policy_band_most(enum triage_reason reason);
/* The longest that the band may be left unanswered, in minutes. */
unsigned triage_policy_minutes_most(unsigned band);

enum { DANGER_MINUTES_LEAST = 60, DANGER_MINUTES_MOST = 7 * 24 * 60 };

/* Takes what `tree` says, {"reasons": {"injured": 2}, "answer_minutes": {"1": 0}, "check_ins": {"danger_minutes": null, "texts_at_night": true}}, into
 * *policy, and names every member that does not fit or may not be. `whole`: all bands and minutes must be said. */
void triage_policy_decode(const struct tree *tree, bool whole, struct triage_policy *policy,
                          struct field_errors *errors);
/* Numbers separated by spaces: the bands in the order of enum triage_reason, and the minutes from band 1. What is not said, or is nonsense, is as the
 * default has it. */
void triage_policy_read(struct slice bands, struct slice minutes, struct triage_policy *policy);
/* The same of what it says of check-ins, which triage_policy_read leaves at the default. */
void triage_policy_read_check_ins(int64_t danger_minutes, bool texts_at_night, struct triage_policy *policy);
/* Makes *policy as urgent as `other` wherever that is more urgent: for a cry of whom the crisis is not known yet. */
void triage_policy_merge(struct triage_policy *policy, const struct triage_policy *other);

/* What a change would move. */
struct policy_effect {
    int64_t open;                          /* cases looked at */
    int64_t moved[BAND_COUNT][BAND_COUNT]; /* from a band to another */
    int64_t other_answer_by;               /* of those that stay in their band */
};
/* Adds `cases` open cases with these reasons, in `band` now, to what a change from `before` to `after` would move. */
void triage_policy_weigh(const struct triage_policy *before, const struct triage_policy *after, uint32_t reasons,
                         unsigned band, int64_t cases, struct policy_effect *effect);

#endif
