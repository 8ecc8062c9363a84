/* SPDX-License-Identifier: Apache-2.0
 * Who needs an officer next, and why: facts in; band, reasons, queue and answer-by out. No clock, no database.
 * Source of the bands and their times: Manchester triage categories (0, 10, 60, 120, 240 minutes). */
#ifndef DOMAIN_TRIAGE_H
#define DOMAIN_TRIAGE_H

#include <stdbool.h>
#include <stdint.h>

#include "core/slice.h"
#include "domain/vocabulary.h"

enum triage_reason {
    REASON_INJURED_LIFE_THREAT,
    REASON_IN_DANGER_LIFE_THREAT,
    REASON_TRAPPED,
    REASON_UNDER_FIRE,
    REASON_CHILD_ALONE_IN_DANGER,
    REASON_INJURED,
    REASON_IN_DANGER,
    REASON_MEDICAL,
    REASON_MEDICATION,
    REASON_PREGNANT,
    REASON_UNACCOMPANIED_MINOR,
    REASON_DETAINED,
    REASON_VIOLENCE,
    REASON_HELP_ASKED,
    REASON_MOVING,
    REASON_OVERDUE_IN_DANGER_ZONE,
    REASON_WANTS_EVACUATION,
    REASON_OVERDUE,
    REASON_TRAVEL_DOCUMENTS,
    REASON_CHANGE_OF_PLAN,
    REASON_MESSAGE_TO_READ,
    REASON_UNCLEAR_MESSAGE, /* an SMS that was not understood: a person must read it */
    REASON_UNKNOWN_SENDER,  /* no band of its own: says why the case is in `identification` */
    REASON_INQUIRY,         /* a relative asks after someone */
    REASON_OPTED_OUT, /* no band of its own: wants no more broadcasts. The courier keeps it as the number's choice */
    REASON_OPTED_IN,  /* likewise: wants them again */
    REASON_IN_DANGER_ZONE, /* raises the band of whoever has another reason to be looked at; alone it is none */
    REASON_COUNT,
};
#define REASON_BIT(reason) (UINT32_C(1) << (reason))
extern const struct vocabulary vocabulary_triage_reason; /* "injured_life_threat", ... */

enum { BAND_NONE = 0, BAND_IMMEDIATE = 1, BAND_VERY_URGENT, BAND_URGENT, BAND_STANDARD, BAND_NON_URGENT, BAND_COUNT };

/* The one table a lead may change for a crisis. */
struct triage_policy {
    uint8_t band_of[REASON_COUNT];       /* 1 to 5; 0: no band of its own */
    uint16_t answer_minutes[BAND_COUNT]; /* by band; [0] unused */
    uint16_t danger_check_in_minutes;    /* to the next check-in in a danger zone; 0: half of what it is elsewhere */
    bool texts_at_night;                 /* who is overdue is texted at any hour */
};
extern const struct triage_policy triage_policy_default;

struct triage_facts {
    bool has_status;
    enum check_in_status status;
    uint32_t needs;
    bool has_intent;
    enum intent intent; /* of a registration */
    bool trapped;       /* read in the words of a message */
    bool under_fire;
    bool has_message;    /* words that no rule understood are left for a person */
    bool unclear;        /* an SMS without a status */
    bool unknown_sender; /* the case or phone is not in the register */
    bool overdue;
    bool in_danger_zone;
    bool inquiry;  /* not a cry: a relative asks after someone */
    bool opts_out; /* of broadcasts */
    bool opts_in;
};

struct triage_verdict {
    unsigned band;    /* BAND_NONE: nobody need look */
    uint32_t reasons; /* REASON_BIT of each that holds, not only of the worst */
    enum queue queue;
    int64_t respond_by_us; /* received + the band's time */
};

/* Pure. `received_us`: when we had it. */
struct triage_verdict triage_decide(const struct triage_policy *policy, const struct triage_facts *facts,
                                    int64_t received_us);
/* The same of reasons that were found before, under this policy. `unknown_sender`: whether the sender is one now. */
struct triage_verdict triage_judge(const struct triage_policy *policy, uint32_t reasons, bool unknown_sender,
                                   int64_t received_us);
/* The queue of a band and reasons: IDENTIFICATION for an unknown sender, EMERGENCY for bands 1-2, OVERDUE when overdue is the
 * worst reason, DEPARTURE when a wish to leave is, INQUIRY for a relative's question, else ASSISTANCE. */
enum queue triage_queue(const struct triage_policy *policy, unsigned band, uint32_t reasons);
/* "immediate", "very urgent", ... in English, for logs and tests; pages translate. */
struct slice band_name(unsigned band);

#endif
