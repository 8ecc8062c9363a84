/* SPDX-License-Identifier: Apache-2.0
 * The ladder of who did not check in when it was time. Pure: where a party stands and what is known of it in; the next step out.
 *
 *   FOUND --> ASKED --> ASKED_ELSEWHERE --> CONTACT_ASKED --> WARDEN_TOLD --> CASE_RAISED --> ASKED_AGAIN --> ASKED_AGAIN ...
 *
 * Each rung that has a way (a number, a contact, a warden) is taken once, in this order, and one that has none is stepped over. A check-in, at any
 * moment, ends it all. */
#ifndef DOMAIN_OVERDUE_H
#define DOMAIN_OVERDUE_H

#include <stdbool.h>
#include <stdint.h>

#include "domain/vocabulary.h"

/* The last step taken. */
enum overdue_rung {
    OVERDUE_FOUND,
    OVERDUE_ASKED,           /* by text, at its first number */
    OVERDUE_ASKED_ELSEWHERE, /* at another number */
    OVERDUE_CONTACT_ASKED,   /* the emergency contact was, without a word of whom it is about */
    OVERDUE_WARDEN_TOLD,
    OVERDUE_CASE_RAISED, /* an officer has it */
    OVERDUE_ASKED_AGAIN, /* it is stale: nobody has confirmed it for long */
    OVERDUE_RUNGS
};
extern const struct vocabulary vocabulary_overdue_rung; /* "found", "asked", ... */

/* What is known of a party when its next step is due. */
struct overdue_facts {
    bool silent;      /* it has not checked in since, has not departed, and its crisis is open */
    bool has_number;  /* one that a machine may text */
    bool has_another; /* and another one */
    bool has_contact; /* an emergency contact with a number, and the party's consent that family is told */
    bool has_warden;
    bool has_room;    /* one more text may wait to be handed over */
    bool urgent;      /* it is in a danger zone, or somebody of it may not have long */
    int64_t quiet_us; /* until it may be texted: it is night there; 0: it may be now */
    int64_t now_us;
    int64_t due_us;   /* of the next step: never after now */
    int64_t stale_us; /* when it becomes stale */
    int64_t stale_every_us;
};

enum overdue_act {
    OVERDUE_REST,  /* not now: no text can be put into the outbox, and the step's time is not over */
    OVERDUE_LEAVE, /* it was heard: it leaves the ladder */
    OVERDUE_CLIMB, /* the step to `rung` is taken */
    OVERDUE_WAIT,  /* the step is one for the morning: nothing is taken, and it is due again then */
};

struct overdue_next {
    enum overdue_act act;
    enum overdue_rung rung; /* CLIMB */
    int64_t due_us;         /* CLIMB: when the step after that is due; WAIT: when this one is */
};

/* `rung`: the last step taken. */
struct overdue_next overdue_step(enum overdue_rung rung, const struct overdue_facts *facts);
/* Until nobody is woken by a text any more, where the clocks show `clock_s` seconds since midnight: nights are from 22:00 to 06:00. 0: now. */
int64_t overdue_quiet_us(int64_t clock_s);
/* Whether the step to this rung is a text. */
bool overdue_is_text(enum overdue_rung rung);
/* Needs for which the ladder is climbed four times as fast. */
bool overdue_is_urgent(uint32_t needs, bool in_danger_zone);

#endif
