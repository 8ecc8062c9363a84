/* SPDX-License-Identifier: Apache-2.0
 * Parameters and rows of policy_*.sql, case_to_judge.sql and case_judge.sql. */
#include "store/policy.h"

#include "domain/triage_policy.h"
#include "domain/zone.h"
#include "pg/pool.h"

void policy_get_params(struct pg_params *params, struct slice crisis, int64_t staff_id)
{
    pg_add_text(params, crisis);
    pg_add_int8(params, staff_id);
}

bool policy_get_read(const PGresult *result, struct policy_row *row)
{
    *row = (struct policy_row){
        .crisis = pg_get_slice(result, 0, 0),
        .version = (int32_t)pg_get_int(result, 0, 1),
        .changed_us = pg_get_time(result, 0, 4),
        .judging = pg_get_bool(result, 0, 5),
        .may_change = pg_get_bool(result, 0, 6),
    };
    triage_policy_read(pg_get_slice(result, 0, 2), pg_get_slice(result, 0, 3), &row->policy);
    triage_policy_read_check_ins(pg_get_int(result, 0, 7), pg_get_bool(result, 0, 8), &row->policy);
    row->check_in_minutes = pg_get_int(result, 0, 9);
    return PQntuples(result) == 1;
}

static void add_policy(struct pg_params *params, const struct triage_policy *policy)
{
    pg_column_begin(params, PG_INT2);
    for (unsigned i = 0; i < REASON_COUNT; i++) {
        pg_add_int2(params, policy->band_of[i]);
    }
    pg_column_end(params);
    pg_column_begin(params, PG_INT4);
    for (unsigned band = BAND_IMMEDIATE; band < BAND_COUNT; band++) {
        pg_add_int4(params, policy->answer_minutes[band]);
    }
    pg_column_end(params);
}

static void add_check_ins(struct pg_params *params, const struct triage_policy *policy)
{
    if (policy->danger_check_in_minutes != 0) {
        pg_add_int4(params, policy->danger_check_in_minutes);
    } else {
        pg_add_null(params);
    }
    pg_add_bool(params, policy->texts_at_night);
}

void policy_set_params(struct pg_params *params, const struct policy_change *change)
{
    pg_add_text(params, change->crisis);
    pg_add_int8(params, change->staff_id);
    pg_add_int4(params, change->version);
    add_policy(params, &change->after);
    pg_add_text(params, change->origin);
    add_policy(params, &change->before);
    add_check_ins(params, &change->after);
    add_check_ins(params, &change->before);
}

void policy_history_params(struct pg_params *params, struct slice crisis, int32_t most)
{
    pg_add_text(params, crisis);
    pg_add_int4(params, most);
}

void policy_past_row_read(const PGresult *result, int row, struct policy_past_row *out)
{
    *out = (struct policy_past_row){
        .version = (int32_t)pg_get_int(result, row, 0),
        .changed_us = pg_get_time(result, row, 1),
        .who = pg_get_slice(result, row, 2),
    };
    triage_policy_read(pg_get_slice(result, row, 3), pg_get_slice(result, row, 4), &out->policy);
    triage_policy_read_check_ins(pg_get_int(result, row, 5), pg_get_bool(result, row, 6), &out->policy);
}

void policy_reasons_params(struct pg_params *params, struct slice crisis)
{
    pg_add_text(params, crisis);
}

void policy_reasons_row_read(const PGresult *result, int row, struct policy_reasons_row *out)
{
    *out = (struct policy_reasons_row){
        .counted_us = pg_get_time(result, row, 0),
        .reasons = (uint32_t)pg_get_int(result, row, 1),
        .band = (unsigned)pg_get_int(result, row, 2),
        .cases = pg_get_int(result, row, 3),
    };
}

void policy_case_row_read(const PGresult *result, int row, struct policy_case_row *out)
{
    *out = (struct policy_case_row){
        .crisis = pg_get_slice(result, row, 0),
        .version = (int32_t)pg_get_int(result, row, 1),
        .judged_to = pg_get_int(result, row, 4),
        .last = pg_get_bool(result, row, 5),
        .has_case = !pg_is_null(result, row, 6),
        .registration_id = pg_get_int(result, row, 6),
        .reasons = (uint32_t)pg_get_int(result, row, 7),
        .received_us = pg_get_time(result, row, 8),
        .unidentified = pg_get_bool(result, row, 9),
        .in_danger_zone = pg_get_bool(result, row, 10),
        .of_zones = pg_get_bool(result, row, 11),
    };
    triage_policy_read(pg_get_slice(result, row, 2), pg_get_slice(result, row, 3), &out->policy);
}

static struct triage_verdict verdict_of(const struct policy_case_row *row)
{
    return triage_judge(&row->policy, zone_reasons(row->reasons, row->in_danger_zone), row->unidentified,
                        row->received_us);
}

#define CASES(type, add)                                                                                               \
    do {                                                                                                               \
        pg_column_begin(params, type);                                                                                 \
        for (size_t i = 0; i < count; i++) {                                                                           \
            const struct policy_case_row *row = &rows[i];                                                              \
            if (row->has_case) {                                                                                       \
                add;                                                                                                   \
            }                                                                                                          \
        }                                                                                                              \
        pg_column_end(params);                                                                                         \
    } while (0)

void policy_judge_params(struct pg_params *params, const struct policy_case_row rows[], size_t count)
{
    pg_add_text_or_null(params, rows[0].crisis);
    pg_add_int4(params, rows[0].version);
    pg_add_int8(params, rows[0].judged_to);
    pg_add_bool(params, rows[0].last);
    CASES(PG_INT8, pg_add_int8(params, row->registration_id));
    CASES(PG_INT4, pg_add_int4(params, (int32_t)row->reasons));
    CASES(PG_INT2, pg_add_int2(params, (int16_t)verdict_of(row).band));
    CASES(PG_TEXT, pg_add_text(params, vocabulary_name(&vocabulary_queue, verdict_of(row).queue)));
    CASES(PG_TIMESTAMPTZ, pg_add_time(params, verdict_of(row).respond_by_us));
    CASES(PG_INT4, pg_add_int4(params, (int32_t)verdict_of(row).reasons));
    CASES(PG_BOOL, pg_add_bool(params, row->in_danger_zone));
    pg_add_bool(params, rows[0].of_zones);
}
