/* SPDX-License-Identifier: Apache-2.0
 * A registration's way to stable storage with a number of its own: sealed, stored, and when the number is taken, again with the next. For who
 * stores several in one request; registration.c does it for one. */
#ifndef EDGE_PARTY_INTAKE_H
#define EDGE_PARTY_INTAKE_H

#include "edge/intake.h"
#include "edge/seal_record.h"

enum party_fate {
    PARTY_STORED,   /* new, or the same again */
    PARTY_CONFLICT, /* its client_id was used for something else */
    PARTY_REFUSED,  /* the register will never take it: a fault of ours, logged */
    PARTY_AWAY,     /* nothing was stored that we know of */
};

struct party_answer {
    enum party_fate fate;
    int64_t registration_id; /* PARTY_STORED, as is what follows */
    bool via_journal;
    int64_t check_in_by_us; /* 0: what the crisis asks for */
};

typedef void party_done(void *context, const struct party_answer *answer);

struct party_intake {
    struct edge *edge;
    const struct registration *registration; /* the caller's, until `done`; its crisis is the one it is stored under */
    struct submission submission;
    enum admission_class class;
    unsigned attempt;
    struct intake_ticket *ticket; /* NULL when nothing is under way */
    party_done *done;
    void *context;
};

/* The caller fills all but attempt and ticket; `submission.crisis` is looked up anew. False when memory is out or the class's queue is full: `done`
 * will not run. It runs once, on the loop, never before this returns. */
bool party_intake_start(struct party_intake *intake);
/* The sender is gone: `done` will not run; the record goes its way. */
void party_intake_forget(struct party_intake *intake);

#endif
