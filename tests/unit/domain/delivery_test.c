/* SPDX-License-Identifier: Apache-2.0
 * What each end of an attempt leads to, and that delays grow, are spread, and never pass their limits. */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>

#include <cmocka.h>

#include "domain/delivery.h"

struct row {
    enum delivery_event event;
    struct delivery_past past;
    enum delivery_state state;
    bool elsewhere;
};

/* attempts, has_fallback, moved, stays, repeats */
static const struct row rows[] = {
    {DELIVERY_TAKEN, {1, false, false, false, false}, DELIVERY_SENT, false},
    {DELIVERY_TAKEN, {9, true, true, true, true}, DELIVERY_SENT, false},
    {DELIVERY_NOT_NOW, {1, true, false, false, false}, DELIVERY_QUEUED, false},
    {DELIVERY_NOT_NOW, {2, true, false, false, false}, DELIVERY_QUEUED, false},
    {DELIVERY_NOT_NOW, {3, true, false, false, false}, DELIVERY_QUEUED, true},
    {DELIVERY_NOT_NOW, {3, false, false, false, false}, DELIVERY_QUEUED, false},
    {DELIVERY_NOT_NOW, {6, true, true, false, false}, DELIVERY_QUEUED, true},
    {DELIVERY_NOT_NOW, {3, true, false, true, true}, DELIVERY_QUEUED, false},
    {DELIVERY_SHUT, {1, true, false, false, false}, DELIVERY_QUEUED, true},
    {DELIVERY_SHUT, {2, true, false, false, false}, DELIVERY_QUEUED, true},
    {DELIVERY_SHUT, {2, true, true, false, false}, DELIVERY_QUEUED, false},
    {DELIVERY_SHUT, {3, true, false, true, true}, DELIVERY_QUEUED, false},
    {DELIVERY_SHUT, {1, false, false, false, false}, DELIVERY_QUEUED, false},
    {DELIVERY_REFUSED, {1, false, false, false, false}, DELIVERY_FAILED, false},
    {DELIVERY_REFUSED, {1, true, false, false, false}, DELIVERY_QUEUED, true},
    {DELIVERY_REFUSED, {2, true, false, false, false}, DELIVERY_QUEUED, true},
    {DELIVERY_REFUSED, {2, true, true, false, false}, DELIVERY_FAILED, false},
    {DELIVERY_REFUSED, {2, true, false, true, true}, DELIVERY_FAILED, false},
    {DELIVERY_UNANSWERED, {1, true, false, false, false}, DELIVERY_UNSURE, false},
    {DELIVERY_UNANSWERED, {3, true, false, false, true}, DELIVERY_QUEUED, false},
    {DELIVERY_UNUSABLE, {1, true, false, false, true}, DELIVERY_FAILED, false},
};

static void test_events(void **state)
{
    (void)state;
    for (size_t i = 0; i < sizeof(rows) / sizeof(rows[0]); i++) {
        const struct row *row = &rows[i];
        struct delivery_next next = delivery_next(row->event, &row->past, 7);
        assert_int_equal(next.state, row->state);
        assert_int_equal(next.elsewhere, row->elsewhere);
        assert_true((next.delay_s > 0) == (row->state == DELIVERY_QUEUED && !row->elsewhere));
    }
}

static void test_delays(void **state)
{
    enum { ATTEMPTS = 100, NUMBERS = 1000, MOST = 750 };
    (void)state;
    unsigned least_before = 0;
    for (unsigned attempts = 1; attempts <= ATTEMPTS; attempts++) {
        unsigned least = UINT32_MAX;
        unsigned most = 0;
        for (uint32_t n = 0; n < NUMBERS; n++) {
            const struct delivery_past past = {.attempts = attempts};
            unsigned delay = delivery_next(DELIVERY_NOT_NOW, &past, n * 2654435761U).delay_s;
            least = delay < least ? delay : least;
            most = delay > most ? delay : most;
        }
        assert_true(least >= 4 && most <= MOST);
        assert_true(most > least); /* what failed together does not come again together */
        assert_true(least >= least_before);
        least_before = least;
    }
}

static void test_a_text_that_two_gateways_refuse_rests(void **state)
{
    (void)state;
    unsigned moves = 0;
    for (unsigned attempts = 1; attempts <= 30; attempts++) {
        const struct delivery_past past = {.attempts = attempts, .has_fallback = true, .moved = moves > 0};
        moves += delivery_next(DELIVERY_SHUT, &past, attempts).elsewhere ? 1 : 0;
    }
    assert_int_equal(moves, 11); /* the first, then every third */
}

static void test_names(void **state)
{
    (void)state;
    assert_string_equal(delivery_state_name(DELIVERY_QUEUED), "queued");
    assert_string_equal(delivery_state_name(DELIVERY_UNSURE), "unsure");
    assert_string_equal(delivery_state_name(DELIVERY_FAILED), "failed");
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(test_events),
        cmocka_unit_test(test_delays),
        cmocka_unit_test(test_a_text_that_two_gateways_refuse_rests),
        cmocka_unit_test(test_names),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
