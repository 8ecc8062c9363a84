/* SPDX-License-Identifier: Apache-2.0
 * The overdue ladder in the register: who is due for a step, and the steps taken. */
#ifndef STORE_OVERDUE_H
#define STORE_OVERDUE_H

#include <libpq-fe.h>
#include <stdbool.h>
#include <stdint.h>

#include "core/id.h"
#include "core/slice.h"
#include "domain/overdue.h"
#include "domain/triage.h"
#include "pg/params.h"
#include "seal/blind.h"
#include "seal/seal.h"
#include "store/sealed_cell.h"

/* A row of overdue_due.sql. Slices are borrowed from the result. */
struct overdue_row {
    int64_t registration_id, since_us, due_us;
    enum overdue_rung rung;
    unsigned round;
    bool silent;
    struct slice language; /* empty: not known */
    struct slice crisis, country;
    struct slice place; /* the crisis's name in that language, else in English */
    uint32_t needs;
    bool has_intent;
    enum intent intent;
    bool in_danger_zone, has_warden;
    bool has_first, has_second;
    unsigned first, second;     /* contacts that may be texted */
    struct sealed_cell contact; /* the emergency contact; no wrap: it may not be asked */
    int64_t room;               /* texts that may be added to those that wait; may be negative */
    int64_t stale_us, stale_every_us;
    struct triage_policy policy;
    struct uuid ask_id; /* of the step's text */
    int64_t now_us;     /* the register's clock */
    bool has_clock;     /* texts may not come at any hour */
    int64_t clock_s;    /* what the clocks show there, seconds since midnight */
};
void overdue_due_params(struct pg_params *params, unsigned most, const char *recipient_id);
void overdue_row_read(const PGresult *result, int row, struct overdue_row *out);

/* One step that is taken. */
struct overdue_climb {
    const struct overdue_row *from;
    struct overdue_next next;
    bool has_contact;
    unsigned contact;              /* the text goes to this one */
    struct slice number;           /* or to this number, sealed; empty: not */
    uint8_t index[BLIND_SIZE];     /* of that number */
    struct slice text;             /* sealed; empty: none */
    struct triage_verdict verdict; /* CASE_RAISED */
};
/* `epoch`: what the texts are sealed under; NULL when there is none. */
void overdue_climb_params(struct pg_params *params, const struct overdue_climb climbs[], size_t count,
                          const struct seal_epoch *epoch, int64_t opened_us);

#endif
