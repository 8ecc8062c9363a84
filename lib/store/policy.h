/* SPDX-License-Identifier: Apache-2.0
 * The triage policy of a crisis, and the cases to be judged by it anew. */
#ifndef STORE_POLICY_H
#define STORE_POLICY_H

#include <libpq-fe.h>
#include <stdbool.h>
#include <stdint.h>

#include "core/slice.h"
#include "domain/triage.h"
#include "pg/params.h"

struct policy_row {
    struct slice crisis;
    int32_t version; /* 0: the default */
    struct triage_policy policy;
    int64_t changed_us;       /* 0: never */
    bool judging;             /* open cases are being judged by it */
    bool may_change;          /* the caller leads the crisis */
    int64_t check_in_minutes; /* from one check-in to the next, outside danger zones */
};
void policy_get_params(struct pg_params *params, struct slice crisis, int64_t staff_id);
/* False when there is no such crisis for the caller. The crisis is borrowed from the result. */
bool policy_get_read(const PGresult *result, struct policy_row *row);

struct policy_change {
    struct slice crisis;
    int64_t staff_id;
    int32_t version; /* that the lead saw */
    struct triage_policy before, after;
    struct slice origin;
};
void policy_set_params(struct pg_params *params, const struct policy_change *change);

/* A row of case_to_judge.sql. */
struct policy_case_row {
    struct slice crisis; /* empty: none is being walked through */
    int32_t version;
    struct triage_policy policy;
    int64_t judged_to;
    bool last, has_case;
    int64_t registration_id, received_us;
    uint32_t reasons;
    bool unidentified;
    bool in_danger_zone; /* by the case's cell */
    bool of_zones;       /* the walk is one after danger zones changed, and not the policy */
};
void policy_case_row_read(const PGresult *result, int row, struct policy_case_row *out);
/* What case_judge.sql takes, of these rows (one at least): where the policy of each puts it. */
void policy_judge_params(struct pg_params *params, const struct policy_case_row rows[], size_t count);

/* A row of policy_history.sql. */
struct policy_past_row {
    int32_t version;
    int64_t changed_us;
    struct slice who; /* empty: not known; borrowed from the result */
    struct triage_policy policy;
};
void policy_history_params(struct pg_params *params, struct slice crisis, int32_t most);
void policy_past_row_read(const PGresult *result, int row, struct policy_past_row *out);

/* A row of policy_reasons.sql: so many open cases have these reasons and that band; 0: the row tells but when it was counted. */
struct policy_reasons_row {
    int64_t counted_us; /* 0: never */
    uint32_t reasons;
    unsigned band;
    int64_t cases;
};
void policy_reasons_params(struct pg_params *params, struct slice crisis);
void policy_reasons_row_read(const PGresult *result, int row, struct policy_reasons_row *out);

#endif
