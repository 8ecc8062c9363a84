/* SPDX-License-Identifier: Apache-2.0
 * The default policy row by row, and what must hold of any policy and any facts. */
#include "domain/triage.h"

#include <setjmp.h>
#include <stdarg.h>
#include <stdint.h>
#include <string.h>
#include <cmocka.h>

#include "core/clock.h"

enum { NO_STATUS = -1, SAFE = STATUS_SAFE, HELP = STATUS_NEED_HELP, HURT = STATUS_INJURED, DANGER = STATUS_IN_DANGER };
enum { MOVING = STATUS_MOVING, DEPARTED = STATUS_DEPARTED };
/* Signs, as one letter each in the table. */
enum {
    T = 1,
    F = 2,
    M = 4,
    U = 8,
    X = 16,
    O = 32,
    Z = 64,
    E = 128,
    Q = 256,
    SIGN_BITS = 9,
    SIGN_MASK = (1 << SIGN_BITS) - 1
};
#define N(need)   NEED_BIT(NEED_##need)
#define R(reason) REASON_BIT(REASON_##reason)

static struct triage_facts facts_of(int status, uint32_t needs, unsigned signs)
{
    return (struct triage_facts){
        .has_status = status >= 0,
        .status = status >= 0 ? (enum check_in_status)status : STATUS_SAFE,
        .needs = needs,
        .has_intent = (signs & E) != 0,
        .intent = INTENT_WANTS_EVACUATION,
        .trapped = (signs & T) != 0,
        .under_fire = (signs & F) != 0,
        .has_message = (signs & M) != 0,
        .unclear = (signs & U) != 0,
        .unknown_sender = (signs & X) != 0,
        .overdue = (signs & O) != 0,
        .in_danger_zone = (signs & Z) != 0,
        .inquiry = (signs & Q) != 0,
    };
}

static const struct {
    int status;
    uint32_t needs;
    unsigned signs;
    unsigned band;
    uint32_t reasons;
    enum queue queue;
} table[] = {
    {NO_STATUS, 0, 0, 0, 0, QUEUE_ASSISTANCE},
    {SAFE, 0, 0, 0, 0, QUEUE_ASSISTANCE},
    {DEPARTED, 0, 0, 0, 0, QUEUE_ASSISTANCE},
    {SAFE, 0, Z, 0, R(IN_DANGER_ZONE), QUEUE_ASSISTANCE}, /* alone it makes no case */
    {SAFE, 0, M, 5, R(MESSAGE_TO_READ), QUEUE_ASSISTANCE},
    {NO_STATUS, 0, M, 5, R(MESSAGE_TO_READ), QUEUE_ASSISTANCE},
    {DEPARTED, 0, M, 5, R(CHANGE_OF_PLAN) | R(MESSAGE_TO_READ), QUEUE_ASSISTANCE},
    {MOVING, 0, 0, 3, R(MOVING), QUEUE_ASSISTANCE},
    {MOVING, 0, M, 3, R(MOVING) | R(MESSAGE_TO_READ), QUEUE_ASSISTANCE},
    {HELP, 0, 0, 3, R(HELP_ASKED), QUEUE_ASSISTANCE},
    {HELP, 0, M, 3, R(HELP_ASKED), QUEUE_ASSISTANCE},
    {HURT, 0, 0, 2, R(INJURED), QUEUE_EMERGENCY},
    {DANGER, 0, 0, 2, R(IN_DANGER), QUEUE_EMERGENCY},
    /* A threat to life */
    {HURT, N(MEDICAL_EMERGENCY), 0, 1, R(INJURED_LIFE_THREAT) | R(INJURED) | R(MEDICAL), QUEUE_EMERGENCY},
    {HURT, N(VIOLENCE), 0, 1, R(INJURED_LIFE_THREAT) | R(INJURED) | R(VIOLENCE), QUEUE_EMERGENCY},
    {DANGER, N(MEDICAL_EMERGENCY), 0, 1, R(IN_DANGER_LIFE_THREAT) | R(IN_DANGER) | R(MEDICAL), QUEUE_EMERGENCY},
    {DANGER, N(VIOLENCE), 0, 1, R(IN_DANGER_LIFE_THREAT) | R(IN_DANGER) | R(VIOLENCE), QUEUE_EMERGENCY},
    {HELP, 0, T, 1, R(TRAPPED) | R(HELP_ASKED), QUEUE_EMERGENCY},
    {SAFE, 0, T, 1, R(TRAPPED), QUEUE_EMERGENCY},
    {NO_STATUS, 0, T, 1, R(TRAPPED), QUEUE_EMERGENCY},
    {HELP, 0, F, 1, R(UNDER_FIRE) | R(HELP_ASKED), QUEUE_EMERGENCY},
    {SAFE, 0, F, 1, R(UNDER_FIRE), QUEUE_EMERGENCY},
    {MOVING, 0, F, 1, R(UNDER_FIRE) | R(MOVING), QUEUE_EMERGENCY},
    {DEPARTED, 0, T | F, 1, R(TRAPPED) | R(UNDER_FIRE), QUEUE_EMERGENCY},
    {HURT, N(UNACCOMPANIED_MINOR), 0, 1, R(CHILD_ALONE_IN_DANGER) | R(INJURED) | R(UNACCOMPANIED_MINOR),
     QUEUE_EMERGENCY},
    {DANGER, N(UNACCOMPANIED_MINOR), 0, 1, R(CHILD_ALONE_IN_DANGER) | R(IN_DANGER) | R(UNACCOMPANIED_MINOR),
     QUEUE_EMERGENCY},
    {HELP, N(UNACCOMPANIED_MINOR) | N(VIOLENCE), 0, 1,
     R(CHILD_ALONE_IN_DANGER) | R(HELP_ASKED) | R(UNACCOMPANIED_MINOR) | R(VIOLENCE), QUEUE_EMERGENCY},
    {SAFE, N(UNACCOMPANIED_MINOR) | N(VIOLENCE), 0, 1, R(CHILD_ALONE_IN_DANGER) | R(UNACCOMPANIED_MINOR) | R(VIOLENCE),
     QUEUE_EMERGENCY},
    /* Help with a serious need */
    {HELP, N(MEDICAL_EMERGENCY), 0, 2, R(HELP_ASKED) | R(MEDICAL), QUEUE_EMERGENCY},
    {HELP, N(MEDICATION), 0, 2, R(HELP_ASKED) | R(MEDICATION), QUEUE_EMERGENCY},
    {HELP, N(PREGNANT), 0, 2, R(HELP_ASKED) | R(PREGNANT), QUEUE_EMERGENCY},
    {HELP, N(UNACCOMPANIED_MINOR), 0, 2, R(HELP_ASKED) | R(UNACCOMPANIED_MINOR), QUEUE_EMERGENCY},
    {HELP, N(DETAINED), 0, 2, R(HELP_ASKED) | R(DETAINED), QUEUE_EMERGENCY},
    {HELP, N(VIOLENCE), 0, 2, R(HELP_ASKED) | R(VIOLENCE), QUEUE_EMERGENCY},
    {HURT, N(MEDICATION), 0, 2, R(INJURED) | R(MEDICATION), QUEUE_EMERGENCY},
    {DANGER, N(PREGNANT), 0, 2, R(IN_DANGER) | R(PREGNANT), QUEUE_EMERGENCY},
    {DANGER, N(DETAINED), 0, 2, R(IN_DANGER) | R(DETAINED), QUEUE_EMERGENCY},
    /* Help otherwise */
    {HELP, N(MOBILITY), 0, 3, R(HELP_ASKED), QUEUE_ASSISTANCE},
    {HELP, N(INFANT), 0, 3, R(HELP_ASKED), QUEUE_ASSISTANCE},
    {HELP, N(FOOD_WATER), 0, 3, R(HELP_ASKED), QUEUE_ASSISTANCE},
    {HELP, N(DOCUMENTS), 0, 3, R(HELP_ASKED), QUEUE_ASSISTANCE},
    {HELP, N(PETS), 0, 3, R(HELP_ASKED), QUEUE_ASSISTANCE},
    /* Needs of someone who says they are safe, or says nothing */
    {SAFE, N(MEDICAL_EMERGENCY), 0, 2, R(MEDICAL), QUEUE_EMERGENCY},
    {SAFE, N(MEDICATION), 0, 2, R(MEDICATION), QUEUE_EMERGENCY},
    {SAFE, N(UNACCOMPANIED_MINOR), 0, 2, R(UNACCOMPANIED_MINOR), QUEUE_EMERGENCY},
    {SAFE, N(DETAINED), 0, 2, R(DETAINED), QUEUE_EMERGENCY},
    {SAFE, N(VIOLENCE), 0, 2, R(VIOLENCE), QUEUE_EMERGENCY},
    {MOVING, N(MEDICATION), 0, 2, R(MEDICATION) | R(MOVING), QUEUE_EMERGENCY},
    {SAFE, N(PREGNANT), 0, 5, R(MESSAGE_TO_READ), QUEUE_ASSISTANCE},
    {SAFE, N(INFANT), 0, 5, R(MESSAGE_TO_READ), QUEUE_ASSISTANCE},
    {SAFE, N(MOBILITY), 0, 5, R(MESSAGE_TO_READ), QUEUE_ASSISTANCE},
    {SAFE, N(FOOD_WATER), 0, 5, R(MESSAGE_TO_READ), QUEUE_ASSISTANCE},
    {DEPARTED, N(PETS), 0, 5, R(MESSAGE_TO_READ), QUEUE_ASSISTANCE},
    {NO_STATUS, N(PETS), 0, 0, 0, QUEUE_ASSISTANCE},
    {SAFE, N(DOCUMENTS), 0, 4, R(TRAVEL_DOCUMENTS) | R(MESSAGE_TO_READ), QUEUE_ASSISTANCE},
    {NO_STATUS, N(DOCUMENTS), 0, 4, R(TRAVEL_DOCUMENTS), QUEUE_ASSISTANCE},
    {MOVING, N(DOCUMENTS), 0, 3, R(MOVING) | R(TRAVEL_DOCUMENTS), QUEUE_ASSISTANCE},
    /* Wishes and silence */
    {NO_STATUS, 0, E, 4, R(WANTS_EVACUATION), QUEUE_DEPARTURE},
    {SAFE, 0, E, 4, R(WANTS_EVACUATION), QUEUE_DEPARTURE},
    {HELP, 0, E, 3, R(HELP_ASKED) | R(WANTS_EVACUATION), QUEUE_ASSISTANCE},
    {SAFE, 0, O, 4, R(OVERDUE), QUEUE_OVERDUE},
    {NO_STATUS, 0, O, 4, R(OVERDUE), QUEUE_OVERDUE},
    {NO_STATUS, 0, O | Z, 3, R(OVERDUE) | R(OVERDUE_IN_DANGER_ZONE) | R(IN_DANGER_ZONE), QUEUE_OVERDUE},
    /* Where they are moves them up, in the queue they are in. */
    {NO_STATUS, 0, E | Z, 3, R(WANTS_EVACUATION) | R(IN_DANGER_ZONE), QUEUE_DEPARTURE},
    {SAFE, 0, M | Z, 3, R(MESSAGE_TO_READ) | R(IN_DANGER_ZONE), QUEUE_ASSISTANCE},
    {NO_STATUS, 0, Q | Z, 3, R(INQUIRY) | R(IN_DANGER_ZONE), QUEUE_INQUIRY},
    {HURT, 0, Z, 2, R(INJURED) | R(IN_DANGER_ZONE), QUEUE_EMERGENCY},
    {SAFE, 0, X | Z, 3, R(UNKNOWN_SENDER) | R(IN_DANGER_ZONE), QUEUE_IDENTIFICATION},
    {NO_STATUS, 0, O | E, 4, R(OVERDUE) | R(WANTS_EVACUATION), QUEUE_OVERDUE},
    {NO_STATUS, 0, O | Z | E, 3, R(OVERDUE) | R(OVERDUE_IN_DANGER_ZONE) | R(WANTS_EVACUATION) | R(IN_DANGER_ZONE),
     QUEUE_OVERDUE},
    {HELP, 0, O | Z, 3, R(HELP_ASKED) | R(OVERDUE) | R(OVERDUE_IN_DANGER_ZONE) | R(IN_DANGER_ZONE), QUEUE_ASSISTANCE},
    {NO_STATUS, N(MEDICATION), O, 2, R(MEDICATION) | R(OVERDUE), QUEUE_EMERGENCY},
    /* Messages nobody could read, senders nobody knows */
    {NO_STATUS, 0, U, 3, R(UNCLEAR_MESSAGE), QUEUE_ASSISTANCE},
    {NO_STATUS, 0, U | M, 3, R(UNCLEAR_MESSAGE) | R(MESSAGE_TO_READ), QUEUE_ASSISTANCE},
    {SAFE, 0, X, 5, R(UNKNOWN_SENDER), QUEUE_IDENTIFICATION},
    {NO_STATUS, 0, X, 5, R(UNKNOWN_SENDER), QUEUE_IDENTIFICATION},
    {HELP, 0, X, 3, R(HELP_ASKED) | R(UNKNOWN_SENDER), QUEUE_IDENTIFICATION},
    {HELP, 0, X | F, 1, R(HELP_ASKED) | R(UNDER_FIRE) | R(UNKNOWN_SENDER), QUEUE_IDENTIFICATION},
    {NO_STATUS, 0, X | U, 3, R(UNCLEAR_MESSAGE) | R(UNKNOWN_SENDER), QUEUE_IDENTIFICATION},
    /* A relative's question */
    {NO_STATUS, 0, Q, 5, R(INQUIRY), QUEUE_INQUIRY},
    {NO_STATUS, 0, Q | M, 5, R(INQUIRY) | R(MESSAGE_TO_READ), QUEUE_ASSISTANCE},
    {HELP, 0, Q, 3, R(HELP_ASKED) | R(INQUIRY), QUEUE_ASSISTANCE},
};

static void test_policy(void **state)
{
    const size_t rows = sizeof(table) / sizeof(table[0]);
    (void)state;
    assert_true(rows >= 60);
    for (size_t i = 0; i < rows; i++) {
        struct triage_facts facts = facts_of(table[i].status, table[i].needs, table[i].signs);
        struct triage_verdict v = triage_decide(&triage_policy_default, &facts, 1000);
        if (v.band != table[i].band || v.reasons != table[i].reasons || v.queue != table[i].queue) {
            fail_msg("row %zu: band %u reasons %#x queue %d", i, v.band, (unsigned)v.reasons, (int)v.queue);
        }
    }
}

static uint64_t next_random(uint64_t *seed) /* splitmix64 */
{
    uint64_t z = (*seed += 0x9E3779B97F4A7C15U);
    z = (z ^ (z >> 30)) * 0xBF58476D1CE4E5B9U;
    z = (z ^ (z >> 27)) * 0x94D049BB133111EBU;
    return z ^ (z >> 31);
}

/* BAND_NONE is the least urgent of all. */
static unsigned rank(unsigned band)
{
    return band == BAND_NONE ? BAND_COUNT : band;
}

static struct triage_policy random_policy(uint64_t *seed)
{
    struct triage_policy policy;
    for (size_t i = 0; i < REASON_COUNT; i++) {
        policy.band_of[i] = (uint8_t)(next_random(seed) % 8); /* also numbers that are no band */
    }
    for (size_t i = 0; i < BAND_COUNT; i++) {
        policy.answer_minutes[i] = (uint16_t)next_random(seed);
    }
    return policy;
}

static void check_verdict(const struct triage_policy *policy, const struct triage_facts *facts, int64_t received)
{
    struct triage_verdict v = triage_decide(policy, facts, received);
    bool explained = false;
    assert_true(v.band < BAND_COUNT);
    assert_int_equal(v.respond_by_us, received + policy->answer_minutes[v.band] * MICROSECONDS_A_MINUTE);
    assert_int_equal(v.queue, triage_queue(policy, v.band, v.reasons));
    for (unsigned i = 0; i < REASON_COUNT; i++) {
        unsigned band = policy->band_of[i] < BAND_COUNT ? policy->band_of[i] : BAND_NON_URGENT;
        if ((v.reasons & REASON_BIT(i)) != 0 && band != BAND_NONE) {
            assert_true(band >= v.band); /* no reason is more urgent than the verdict */
            explained = explained || band == v.band;
        }
    }
    if (v.band != BAND_NONE && !explained) {
        assert_int_equal(v.band, BAND_NON_URGENT);
        assert_true((v.reasons & R(UNKNOWN_SENDER)) != 0);
    }
    assert_int_equal(v.queue == QUEUE_IDENTIFICATION, facts->unknown_sender);
    if (!facts->unknown_sender) {
        assert_int_equal(v.queue == QUEUE_EMERGENCY, v.band == BAND_IMMEDIATE || v.band == BAND_VERY_URGENT);
    }
}

static void test_verdicts_explain_themselves(void **state)
{
    uint64_t seed = 1;
    (void)state;
    for (size_t n = 0; n < 20000; n++) {
        struct triage_policy policy = n % 2 == 0 ? triage_policy_default : random_policy(&seed);
        int status = (int)(next_random(&seed) % 7) - 1;
        uint32_t needs = (uint32_t)(next_random(&seed) & next_random(&seed)) & ((1U << NEED_COUNT) - 1);
        struct triage_facts facts = facts_of(status, needs, (unsigned)next_random(&seed) & SIGN_MASK);
        check_verdict(&policy, &facts, (int64_t)(next_random(&seed) >> 8));
    }
}

/* One more fact, whatever else is known and whatever the policy: never a less urgent band. */
static void test_a_fact_never_calms(void **state)
{
    uint64_t seed = 2;
    (void)state;
    for (size_t n = 0; n < 4000; n++) {
        struct triage_policy policy = n % 2 == 0 ? triage_policy_default : random_policy(&seed);
        int status = (int)(next_random(&seed) % 7) - 1;
        uint32_t needs = (uint32_t)(next_random(&seed) & next_random(&seed)) & ((1U << NEED_COUNT) - 1);
        unsigned signs = (unsigned)(next_random(&seed) & next_random(&seed)) & SIGN_MASK;
        struct triage_facts before = facts_of(status, needs, signs);
        unsigned band = triage_decide(&policy, &before, 0).band;
        for (unsigned i = 0; i < NEED_COUNT; i++) {
            struct triage_facts after = facts_of(status, needs | NEED_BIT(i), signs);
            assert_true(rank(triage_decide(&policy, &after, 0).band) <= rank(band));
        }
        for (unsigned i = 0; i < SIGN_BITS; i++) {
            struct triage_facts after = facts_of(status, needs, signs | 1U << i);
            assert_true(rank(triage_decide(&policy, &after, 0).band) <= rank(band));
        }
    }
}

static void test_names(void **state)
{
    (void)state;
    for (unsigned i = 0; i < REASON_COUNT; i++) {
        unsigned value = REASON_COUNT;
        struct slice name = vocabulary_name(&vocabulary_triage_reason, i);
        assert_true(name.length > 0 && vocabulary_find(&vocabulary_triage_reason, name, &value));
        assert_int_equal(value, i);
    }
    assert_true(slice_equal(band_name(BAND_IMMEDIATE), SLICE("immediate")));
    assert_true(slice_equal(band_name(BAND_NON_URGENT), SLICE("non-urgent")));
    assert_int_equal(band_name(BAND_COUNT).length, 0);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(test_policy),
        cmocka_unit_test(test_verdicts_explain_themselves),
        cmocka_unit_test(test_a_fact_never_calms),
        cmocka_unit_test(test_names),
    };
    return cmocka_run_group_tests_name("domain/triage", tests, NULL, NULL);
}
