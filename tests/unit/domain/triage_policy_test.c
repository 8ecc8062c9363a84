/* SPDX-License-Identifier: Apache-2.0
 * What a lead may make of the triage policy, how it is kept, and cases judged by it anew. */
#include "domain/triage_policy.h"

#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>

#include <cmocka.h>

#include "core/clock.h"
#include "core/json_read.h"

static size_t faults_of(const char *json, bool whole, struct triage_policy *policy)
{
    struct arena arena;
    struct field_errors errors = {.count = 0};
    arena_init(&arena, 64 * 1024);
    const struct tree *tree = json_read(&arena, slice_of(json));
    assert_non_null(tree);
    triage_policy_decode(tree, whole, policy, &errors);
    arena_release(&arena);
    return errors.count;
}

static void test_a_cry_for_help_stays_one(void **state)
{
    (void)state;
    for (unsigned i = 0; i < REASON_COUNT; i++) {
        unsigned band = triage_policy_default.band_of[i];
        unsigned most = triage_policy_band_most((enum triage_reason)i);
        assert_true(most == BAND_NONE ? band == BAND_NONE : band <= most);
        assert_true(band == BAND_NONE || band > BAND_VERY_URGENT || most == BAND_URGENT);
    }
    for (unsigned band = BAND_IMMEDIATE; band < BAND_COUNT; band++) {
        assert_true(triage_policy_default.answer_minutes[band] <= triage_policy_minutes_most(band));
    }
    assert_int_equal(triage_policy_band_most(REASON_HELP_ASKED), BAND_URGENT);
    assert_int_equal(triage_policy_band_most(REASON_UNCLEAR_MESSAGE), BAND_URGENT);
}

static void test_what_a_lead_says(void **state)
{
    struct triage_policy policy = triage_policy_default;
    (void)state;
    assert_int_equal(faults_of("{\"reasons\": {\"moving\": 5}, \"answer_minutes\": {\"5\": 300}}", false, &policy), 0);
    assert_int_equal(policy.band_of[REASON_MOVING], BAND_NON_URGENT);
    assert_int_equal(policy.answer_minutes[BAND_NON_URGENT], 300);
    assert_int_equal(policy.band_of[REASON_OVERDUE], BAND_STANDARD);
    assert_int_equal(faults_of("{\"reasons\": {\"injured\": 4, \"help_asked\": 9}, \"x\": 1}", false, &policy), 3);
    assert_int_equal(policy.band_of[REASON_INJURED], BAND_VERY_URGENT);
    assert_int_equal(faults_of("{}", false, &policy), 0);
    assert_true(faults_of("{}", true, &policy) > 20);
    assert_int_equal(faults_of("{\"answer_minutes\": {\"2\": 30, \"3\": 20}}", false, &policy), 1);
}

static void test_as_it_is_kept(void **state)
{
    struct triage_policy policy;
    (void)state;
    triage_policy_read(SLICE(""), SLICE(""), &policy);
    assert_memory_equal(&policy, &triage_policy_default, sizeof(policy));
    /* nonsense, and what would make less of a cry, is as the default has it */
    triage_policy_read(SLICE("2 9 x 4"), SLICE("5 20 9999"), &policy);
    assert_int_equal(policy.band_of[REASON_INJURED_LIFE_THREAT], 2);
    assert_int_equal(policy.band_of[REASON_IN_DANGER_LIFE_THREAT], 1);
    assert_int_equal(policy.band_of[REASON_TRAPPED], 1);
    assert_int_equal(policy.band_of[REASON_UNDER_FIRE], 1);
    assert_int_equal(policy.answer_minutes[BAND_IMMEDIATE], 5);
    assert_int_equal(policy.answer_minutes[BAND_VERY_URGENT], 20);
    assert_int_equal(policy.answer_minutes[BAND_URGENT], 60);
}

static void test_the_most_urgent_of_two(void **state)
{
    struct triage_policy policy = triage_policy_default;
    struct triage_policy other = triage_policy_default;
    (void)state;
    other.band_of[REASON_MOVING] = BAND_VERY_URGENT;
    other.band_of[REASON_OVERDUE] = BAND_NON_URGENT;
    other.answer_minutes[BAND_URGENT] = 30;
    triage_policy_merge(&policy, &other);
    assert_int_equal(policy.band_of[REASON_MOVING], BAND_VERY_URGENT);
    assert_int_equal(policy.band_of[REASON_OVERDUE], BAND_STANDARD);
    assert_int_equal(policy.answer_minutes[BAND_URGENT], 30);
}

static void test_judged_anew(void **state)
{
    const int64_t received = 1000000;
    struct triage_policy policy = triage_policy_default;
    (void)state;
    struct triage_verdict v = triage_judge(&policy, REASON_BIT(REASON_MOVING), false, received);
    assert_int_equal(v.band, BAND_URGENT);
    assert_int_equal(v.queue, QUEUE_ASSISTANCE);
    policy.band_of[REASON_MOVING] = BAND_VERY_URGENT;
    v = triage_judge(&policy, REASON_BIT(REASON_MOVING), false, received);
    assert_int_equal(v.queue, QUEUE_EMERGENCY);
    assert_int_equal(v.respond_by_us, received + 10 * MICROSECONDS_A_MINUTE);
    /* known by now: no longer to be identified; the reason stays as what was said */
    v = triage_judge(&policy, REASON_BIT(REASON_MOVING) | REASON_BIT(REASON_UNKNOWN_SENDER), false, received);
    assert_int_equal(v.queue, QUEUE_EMERGENCY);
    assert_int_equal(v.reasons, REASON_BIT(REASON_MOVING) | REASON_BIT(REASON_UNKNOWN_SENDER));
    v = triage_judge(&policy, REASON_BIT(REASON_MOVING), true, received);
    assert_int_equal(v.queue, QUEUE_IDENTIFICATION);
    v = triage_judge(&policy, 0, false, received);
    assert_int_equal(v.band, BAND_NON_URGENT);
    assert_int_equal(v.respond_by_us, received + 240 * MICROSECONDS_A_MINUTE);
}

static void test_what_it_would_move(void **state)
{
    struct triage_policy after = triage_policy_default;
    struct policy_effect effect = {.open = 0};
    (void)state;
    after.band_of[REASON_MOVING] = BAND_VERY_URGENT;
    after.answer_minutes[BAND_STANDARD] = 90;
    triage_policy_weigh(&triage_policy_default, &after, REASON_BIT(REASON_MOVING), BAND_URGENT, 7, &effect);
    triage_policy_weigh(&triage_policy_default, &after, REASON_BIT(REASON_MOVING) | REASON_BIT(REASON_TRAPPED),
                        BAND_IMMEDIATE, 2, &effect);
    triage_policy_weigh(&triage_policy_default, &after, REASON_BIT(REASON_OVERDUE), BAND_STANDARD, 5, &effect);
    triage_policy_weigh(&triage_policy_default, &after, REASON_BIT(REASON_OVERDUE), 9, 5, &effect); /* no band */
    assert_int_equal(effect.open, 14);
    assert_int_equal(effect.moved[BAND_URGENT][BAND_VERY_URGENT], 7);
    assert_int_equal(effect.moved[BAND_IMMEDIATE][BAND_VERY_URGENT], 0);
    assert_int_equal(effect.other_answer_by, 5);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(test_a_cry_for_help_stays_one),
        cmocka_unit_test(test_what_a_lead_says),
        cmocka_unit_test(test_as_it_is_kept),
        cmocka_unit_test(test_the_most_urgent_of_two),
        cmocka_unit_test(test_judged_anew),
        cmocka_unit_test(test_what_it_would_move),
    };
    return cmocka_run_group_tests_name("domain.triage_policy", tests, NULL, NULL);
}
