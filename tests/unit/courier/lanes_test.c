/* SPDX-License-Identifier: Apache-2.0
 * How many texts a gateway may be given, by its rate, by what it has in hand, and in turn with others. */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>

#include <cmocka.h>

#include "core/clock.h"
#include "courier/lanes.h"

enum { ROOM = 64 };

static struct lanes two(unsigned first_rate, unsigned second_rate)
{
    struct lanes lanes;
    lanes_init(&lanes);
    lanes.lanes[0] = (struct lane){.name = "one", .texts_a_second = first_rate};
    lanes.lanes[1] = (struct lane){.name = "two", .texts_a_second = second_rate};
    lanes.count = 2;
    return lanes;
}

/* What is given within `seconds`, asked every tenth of one, each text settled at once. */
static unsigned given_to(struct lanes *lanes, const char *name, unsigned seconds)
{
    unsigned given = 0;
    unsigned most = 0;
    for (int64_t at = 1; at <= (int64_t)seconds * MICROSECONDS_A_SECOND; at += MICROSECONDS_A_SECOND / 10) {
        struct lane *lane = NULL;
        while ((lane = lanes_next(lanes, at, ROOM, &most)) != NULL) {
            lane_use(lane, most);
            lane->in_flight = 0;
            given += slice_equal(slice_of(lane->name), slice_of(name)) ? most : 0;
        }
    }
    return given;
}

static void test_a_rate_is_kept(void **state)
{
    (void)state;
    struct lanes lanes = two(3, 40);
    unsigned first = given_to(&lanes, "one", 60);
    assert_in_range(first, 3 * 59, 3 * 60);
    lanes = two(3, 40);
    unsigned second = given_to(&lanes, "two", 60);
    assert_in_range(second, 40 * 59, 40 * 60);
}

static void test_while_no_phone_asks_its_lane_gets_nothing(void **state)
{
    (void)state;
    struct lanes lanes = two(5, 5);
    lanes.lanes[0].away = true;
    assert_int_equal(given_to(&lanes, "one", 10), 0);
    lanes = two(5, 5);
    lanes.lanes[0].away = true;
    assert_in_range(given_to(&lanes, "two", 10), 5 * 9, 5 * 10);
}

static void test_what_was_not_given_is_not_saved_up(void **state)
{
    (void)state;
    unsigned most = 0;
    struct lanes lanes = two(5, 5);
    struct lane *lane = lanes_next(&lanes, 3600 * MICROSECONDS_A_SECOND, ROOM, &most);
    assert_non_null(lane);
    assert_int_equal(most, 5);
}

static void test_what_is_in_hand_is_bounded(void **state)
{
    (void)state;
    unsigned most = 0;
    struct lanes lanes = two(1000, 1000);
    int64_t now = MICROSECONDS_A_SECOND;
    for (int i = 0; i < 2; i++) {
        struct lane *lane = lanes_next(&lanes, now, ROOM, &most);
        assert_non_null(lane);
        assert_int_equal(most, LANE_IN_FLIGHT_MAX);
        lane_use(lane, most);
    }
    assert_null(lanes_next(&lanes, now, ROOM, &most));
    lanes.lanes[1].in_flight--;
    assert_ptr_equal(lanes_next(&lanes, now, ROOM, &most), &lanes.lanes[1]);
    assert_int_equal(most, 1);
}

static void test_one_that_rests_is_passed_over(void **state)
{
    (void)state;
    unsigned most = 0;
    struct lanes lanes = two(10, 10);
    int64_t now = 10 * MICROSECONDS_A_SECOND;
    lanes.lanes[0].rests_until_us = now + 1;
    for (int i = 0; i < 3; i++) {
        assert_ptr_equal(lanes_next(&lanes, now, ROOM, &most), &lanes.lanes[1]);
    }
    assert_ptr_equal(lanes_next(&lanes, now + 1, ROOM, &most), &lanes.lanes[0]);
}

static void test_they_take_turns(void **state)
{
    (void)state;
    unsigned most = 0;
    struct lanes lanes = two(10, 10);
    int64_t now = 10 * MICROSECONDS_A_SECOND;
    const struct lane *first = lanes_next(&lanes, now, 1, &most);
    const struct lane *second = lanes_next(&lanes, now, 1, &most);
    assert_ptr_not_equal(first, second);
    assert_ptr_equal(lanes_next(&lanes, now, 1, &most), first);
    assert_null(lanes_next(&lanes, now, 0, &most));
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(test_a_rate_is_kept),
        cmocka_unit_test(test_while_no_phone_asks_its_lane_gets_nothing),
        cmocka_unit_test(test_what_was_not_given_is_not_saved_up),
        cmocka_unit_test(test_what_is_in_hand_is_bounded),
        cmocka_unit_test(test_one_that_rests_is_passed_over),
        cmocka_unit_test(test_they_take_turns),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
