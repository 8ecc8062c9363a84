/* SPDX-License-Identifier: Apache-2.0
 * STORING --database: new or the same again, journal--> told PARTY_STORED
 *    |  ^ \--database: other content--> told PARTY_CONFLICT    \--neither--> told PARTY_AWAY
 *    \--/ database: number taken, next attempt                 \--never--> told PARTY_REFUSED */
#include "edge/party_intake.h"

#include "store/derive.h"

enum { ATTEMPTS_MAX = 8 }; /* as in registration.c */

static void tell(struct party_intake *p, enum party_fate fate, bool via_journal, int64_t check_in_by_us)
{
    struct party_answer answer = {
        .fate = fate,
        .registration_id = derive_registration_id(&p->edge->keys, &p->registration->client_id, p->attempt),
        .via_journal = via_journal,
        .check_in_by_us = check_in_by_us,
    };
    p->done(p->context, &answer);
}

static bool store(struct party_intake *p);

static void on_committed(struct party_intake *p, const struct registration_stored *stored)
{
    switch (stored->outcome) {
    case STORE_NEW:
    case STORE_SAME:
        tell(p, PARTY_STORED, stored->via_journal, stored->check_in_by_us);
        return;
    case STORE_CONFLICT:
        tell(p, PARTY_CONFLICT, false, 0);
        return;
    case STORE_TAKEN:
        if (++p->attempt >= ATTEMPTS_MAX || !store(p)) {
            tell(p, PARTY_AWAY, false, 0);
        }
        return;
    }
}

static void on_taken(void *context, const struct intake_answer *intake)
{
    struct party_intake *p = context;
    struct registration_stored stored;
    p->ticket = NULL;
    switch (intake->fate) {
    case INTAKE_DATABASE:
        stored = registration_stored_row(intake->result, intake->row);
        on_committed(p, &stored);
        return;
    case INTAKE_JOURNAL:
        tell(p, PARTY_STORED, true, 0);
        return;
    case INTAKE_REFUSED:
        tell(p, PARTY_REFUSED, false, 0);
        return;
    case INTAKE_AWAY:
        tell(p, PARTY_AWAY, false, 0);
        return;
    }
}

static bool store(struct party_intake *p)
{
    p->submission.crisis = reference_crisis(p->edge->reference, p->registration->crisis);
    struct registration_record *record =
        p->submission.crisis != NULL ? seal_registration(p->edge, p->registration, &p->submission, p->attempt) : NULL;
    p->ticket = record != NULL ? intake_registration(p->edge, record, p->class, on_taken, p) : NULL;
    return p->ticket != NULL;
}

bool party_intake_start(struct party_intake *intake)
{
    intake->attempt = 0;
    intake->ticket = NULL;
    return store(intake);
}

void party_intake_forget(struct party_intake *intake)
{
    if (intake->ticket != NULL) {
        intake_forget(intake->ticket);
        intake->ticket = NULL;
    }
}
