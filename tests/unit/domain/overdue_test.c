/* SPDX-License-Identifier: Apache-2.0
 * The overdue ladder: every rung with every way, and what must hold whatever is known. */
#include "domain/overdue.h"

#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>

#include <cmocka.h>

#include "core/clock.h"

#define NOW     (INT64_C(1690984800) * MICROSECONDS_A_SECOND)
#define MINUTES MICROSECONDS_A_MINUTE
#define WEEK    (7 * MICROSECONDS_A_DAY)

enum { NUMBER = 1, ANOTHER = 2, CONTACT = 4, WARDEN = 8, WAYS = 16 };

static struct overdue_facts facts_of(unsigned ways)
{
    return (struct overdue_facts){
        .silent = true,
        .has_number = (ways & NUMBER) != 0,
        .has_another = (ways & ANOTHER) != 0,
        .has_contact = (ways & CONTACT) != 0,
        .has_warden = (ways & WARDEN) != 0,
        .has_room = true,
        .now_us = NOW,
        .due_us = NOW,
        .stale_us = NOW + 6 * MICROSECONDS_A_DAY,
        .stale_every_us = WEEK,
    };
}

static void test_each_step_by_what_there_is(void **state)
{
    static const struct {
        enum overdue_rung at;
        unsigned ways;
        enum overdue_rung to;
    } table[] = {
        {OVERDUE_FOUND, NUMBER, OVERDUE_ASKED},
        {OVERDUE_FOUND, WAYS - 1, OVERDUE_ASKED},
        {OVERDUE_FOUND, 0, OVERDUE_CASE_RAISED},
        {OVERDUE_FOUND, CONTACT, OVERDUE_CONTACT_ASKED},
        {OVERDUE_FOUND, WARDEN, OVERDUE_WARDEN_TOLD},
        {OVERDUE_ASKED, WAYS - 1, OVERDUE_ASKED_ELSEWHERE},
        {OVERDUE_ASKED, NUMBER | CONTACT, OVERDUE_CONTACT_ASKED},
        {OVERDUE_ASKED, NUMBER, OVERDUE_CASE_RAISED},
        {OVERDUE_ASKED_ELSEWHERE, WAYS - 1, OVERDUE_CONTACT_ASKED},
        {OVERDUE_ASKED_ELSEWHERE, NUMBER | ANOTHER, OVERDUE_CASE_RAISED},
        {OVERDUE_CONTACT_ASKED, WAYS - 1, OVERDUE_WARDEN_TOLD},
        {OVERDUE_CONTACT_ASKED, WAYS - 1 - WARDEN, OVERDUE_CASE_RAISED},
        {OVERDUE_WARDEN_TOLD, WAYS - 1, OVERDUE_CASE_RAISED},
        {OVERDUE_CASE_RAISED, NUMBER, OVERDUE_ASKED_AGAIN},
        {OVERDUE_CASE_RAISED, 0, OVERDUE_ASKED_AGAIN},
        {OVERDUE_ASKED_AGAIN, NUMBER, OVERDUE_ASKED_AGAIN},
    };
    (void)state;
    for (size_t i = 0; i < sizeof(table) / sizeof(table[0]); i++) {
        struct overdue_facts facts = facts_of(table[i].ways);
        struct overdue_next next = overdue_step(table[i].at, &facts);
        assert_int_equal(next.act, OVERDUE_CLIMB);
        assert_int_equal(next.rung, table[i].to);
    }
}

static void test_nobody_is_woken(void **state)
{
    static const struct {
        int64_t clock_s, quiet_s;
    } table[] = {
        {22 * 3600 - 1, 0}, {22 * 3600, 8 * 3600}, {24 * 3600 - 1, 6 * 3600 + 1}, {0, 6 * 3600}, {6 * 3600 - 1, 1},
        {6 * 3600, 0},      {12 * 3600, 0},
    };
    static const enum overdue_rung texts[] = {OVERDUE_FOUND,         OVERDUE_ASKED,       OVERDUE_ASKED_ELSEWHERE,
                                              OVERDUE_CONTACT_ASKED, OVERDUE_CASE_RAISED, OVERDUE_ASKED_AGAIN};
    (void)state;
    for (size_t i = 0; i < sizeof(table) / sizeof(table[0]); i++) {
        assert_int_equal(overdue_quiet_us(table[i].clock_s), table[i].quiet_s * MICROSECONDS_A_SECOND);
    }
    struct overdue_facts facts = facts_of(WAYS - 1);
    facts.quiet_us = 5 * MINUTES;
    for (size_t i = 0; i < sizeof(texts) / sizeof(texts[0]); i++) {
        struct overdue_next next = overdue_step(texts[i], &facts);
        assert_int_equal(next.act, OVERDUE_WAIT);
        assert_int_equal(next.rung, texts[i]);
        assert_int_equal(next.due_us, NOW + 5 * MINUTES);
    }
    facts.has_room = false; /* who may not be texted now takes no room, and is not an officer's for want of it */
    facts.due_us = NOW - 120 * MINUTES;
    assert_int_equal(overdue_step(OVERDUE_FOUND, &facts).act, OVERDUE_WAIT);
    facts.silent = false;
    assert_int_equal(overdue_step(OVERDUE_FOUND, &facts).act, OVERDUE_LEAVE);
    facts = facts_of(0); /* an officer is awake */
    facts.quiet_us = 5 * MINUTES;
    assert_int_equal(overdue_step(OVERDUE_FOUND, &facts).rung, OVERDUE_CASE_RAISED);
    assert_int_equal(overdue_step(OVERDUE_CASE_RAISED, &facts).act, OVERDUE_CLIMB);
}

static void test_when_the_next_is_due(void **state)
{
    (void)state;
    struct overdue_facts facts = facts_of(NUMBER);
    assert_int_equal(overdue_step(OVERDUE_FOUND, &facts).due_us, NOW + 60 * MINUTES);
    facts.urgent = true;
    assert_int_equal(overdue_step(OVERDUE_FOUND, &facts).due_us, NOW + 15 * MINUTES);
    assert_int_equal(overdue_step(OVERDUE_ASKED, &facts).due_us, facts.stale_us);
    facts.stale_us = NOW - WEEK; /* long stale: an officer has a day before it is asked again */
    assert_int_equal(overdue_step(OVERDUE_ASKED, &facts).due_us, NOW + MICROSECONDS_A_DAY);
    assert_int_equal(overdue_step(OVERDUE_ASKED_AGAIN, &facts).due_us, NOW + WEEK);
    assert_true(overdue_is_urgent(0, true) && overdue_is_urgent(NEED_BIT(NEED_MEDICATION), false));
    assert_false(overdue_is_urgent(NEED_BIT(NEED_PETS), false));
}

static void test_a_check_in_ends_it_anywhere(void **state)
{
    (void)state;
    for (unsigned rung = OVERDUE_FOUND; rung < OVERDUE_RUNGS; rung++) {
        for (unsigned bits = 0; bits < 4 * WAYS; bits++) {
            struct overdue_facts facts = facts_of(bits % WAYS);
            facts.silent = false;
            facts.has_room = (bits & WAYS) != 0;
            facts.urgent = (bits & 2 * WAYS) != 0;
            assert_int_equal(overdue_step((enum overdue_rung)rung, &facts).act, OVERDUE_LEAVE);
        }
    }
}

/* Climbed to the case with each set of ways, every rung that has one is taken once, in order, and nothing else is. */
static void test_no_step_is_left_out_or_taken_twice(void **state)
{
    static const unsigned way_of[OVERDUE_RUNGS] = {[OVERDUE_ASKED] = NUMBER,
                                                   [OVERDUE_ASKED_ELSEWHERE] = ANOTHER,
                                                   [OVERDUE_CONTACT_ASKED] = CONTACT,
                                                   [OVERDUE_WARDEN_TOLD] = WARDEN};
    (void)state;
    for (unsigned ways = 0; ways < WAYS; ways++) {
        unsigned taken[OVERDUE_RUNGS] = {0};
        enum overdue_rung rung = OVERDUE_FOUND;
        struct overdue_facts facts = facts_of(ways);
        while (rung != OVERDUE_CASE_RAISED) {
            struct overdue_next next = overdue_step(rung, &facts);
            assert_int_equal(next.act, OVERDUE_CLIMB);
            assert_true(next.rung > rung && next.due_us > facts.now_us);
            rung = next.rung;
            taken[rung]++;
            facts.now_us = facts.due_us = next.due_us;
        }
        for (unsigned i = OVERDUE_ASKED; i < OVERDUE_CASE_RAISED; i++) {
            assert_int_equal(taken[i], (ways & way_of[i]) != 0);
        }
        assert_true(facts.now_us - NOW <= 31 * MICROSECONDS_A_DAY);
    }
}

static void test_without_room_it_rests_and_then_an_officer_has_it(void **state)
{
    (void)state;
    struct overdue_facts facts = facts_of(NUMBER | ANOTHER | CONTACT);
    facts.has_room = false;
    assert_int_equal(overdue_step(OVERDUE_FOUND, &facts).act, OVERDUE_REST);
    facts.now_us = NOW + 60 * MINUTES - 1;
    assert_int_equal(overdue_step(OVERDUE_FOUND, &facts).act, OVERDUE_REST);
    facts.now_us = NOW + 60 * MINUTES;
    assert_int_equal(overdue_step(OVERDUE_FOUND, &facts).rung, OVERDUE_CASE_RAISED);
    facts.has_warden = true;
    assert_int_equal(overdue_step(OVERDUE_FOUND, &facts).rung, OVERDUE_WARDEN_TOLD);
    assert_int_equal(overdue_step(OVERDUE_CASE_RAISED, &facts).act, OVERDUE_REST);
    facts.has_number = false;
    assert_int_equal(overdue_step(OVERDUE_CASE_RAISED, &facts).act, OVERDUE_CLIMB);
}

static void test_the_words_of_the_rungs(void **state)
{
    (void)state;
    for (unsigned i = 0; i < OVERDUE_RUNGS; i++) {
        unsigned found = OVERDUE_RUNGS;
        assert_true(vocabulary_find(&vocabulary_overdue_rung, vocabulary_name(&vocabulary_overdue_rung, i), &found));
        assert_int_equal(found, i);
    }
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(test_each_step_by_what_there_is),
        cmocka_unit_test(test_nobody_is_woken),
        cmocka_unit_test(test_when_the_next_is_due),
        cmocka_unit_test(test_a_check_in_ends_it_anywhere),
        cmocka_unit_test(test_no_step_is_left_out_or_taken_twice),
        cmocka_unit_test(test_without_room_it_rests_and_then_an_officer_has_it),
        cmocka_unit_test(test_the_words_of_the_rungs),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
