/* SPDX-License-Identifier: Apache-2.0
 * Replies are counted by number and hour. */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>

#include <cmocka.h>
#include <string.h>

#include "core/clock.h"
#include "edge/reply_cap.h"

static const int64_t hour_us = 3600 * MICROSECONDS_A_SECOND;

static bool take(struct reply_cap *cap, uint64_t number, int64_t now_us)
{
    uint8_t index[BLIND_SIZE] = {0};
    memcpy(index, &number, sizeof(number));
    return reply_cap_take(cap, index, now_us);
}

static void test_an_hour_is_full_and_over(void **state)
{
    static struct reply_cap cap;
    (void)state;
    for (unsigned i = 0; i < REPLY_CAP_AN_HOUR; i++) {
        assert_true(take(&cap, 7, 1 + (int64_t)i));
    }
    assert_false(take(&cap, 7, 100));
    assert_false(take(&cap, 7, hour_us));
    assert_true(take(&cap, 8, hour_us)); /* another's */
    assert_true(take(&cap, 7, 1 + hour_us));
    for (unsigned i = 1; i < REPLY_CAP_AN_HOUR; i++) {
        assert_true(take(&cap, 7, 2 + hour_us));
    }
    assert_false(take(&cap, 7, 2 * hour_us));
    assert_true(take(&cap, 7, 1 + 2 * hour_us));
}

/* More numbers than places: the one whose hour began first goes, and no number is ever refused for another's replies. */
static void test_a_crowd_takes_nobodys_replies(void **state)
{
    static struct reply_cap cap;
    (void)state;
    for (uint64_t i = 0; i < 3 * REPLY_CAP_WAYS; i++) {
        assert_true(take(&cap, i * REPLY_CAP_SETS, 1 + (int64_t)i)); /* all of one set */
    }
    for (unsigned i = 1; i < REPLY_CAP_AN_HOUR; i++) {
        assert_true(take(&cap, (3 * REPLY_CAP_WAYS - 1) * REPLY_CAP_SETS, 100));
    }
    assert_false(take(&cap, (3 * REPLY_CAP_WAYS - 1) * REPLY_CAP_SETS, 100));
    assert_true(take(&cap, 0, 100)); /* forgotten, so counted anew */
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(test_an_hour_is_full_and_over),
        cmocka_unit_test(test_a_crowd_takes_nobodys_replies),
    };
    return cmocka_run_group_tests_name("edge reply cap", tests, NULL, NULL);
}
