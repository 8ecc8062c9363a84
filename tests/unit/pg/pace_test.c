/* SPDX-License-Identifier: Apache-2.0
 * How many may wait, by how fast they left. */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>

#include <cmocka.h>

#include "pg/pace.h"

enum { LEAST = 512, MOST = 4096, HALF_SECOND = 500 * 1000 };

/* A queue that is never empty, `count` leave each `every_us`, for `seconds`. */
static int64_t run(struct pace *pace, size_t count, int64_t every_us, int64_t seconds, int64_t now_us)
{
    for (int64_t end = now_us + seconds * 1000000; now_us < end; now_us += every_us) {
        pace_took(pace, count, 1000, now_us);
    }
    return now_us;
}

static void assert_near(size_t value, size_t wanted)
{
    assert_in_range(value, wanted - wanted / 20, wanted + wanted / 20);
}

static void test_nothing_known(void **state)
{
    struct pace pace = {.since_us = 0};
    (void)state;
    assert_int_equal(pace_room(&pace, HALF_SECOND, LEAST, MOST), MOST);
    pace_took(&pace, 1, 0, 1000000);
    pace_took(&pace, 1, 0, 9000000);
    assert_int_equal(pace_room(&pace, HALF_SECOND, LEAST, MOST),
                     MOST); /* an idle queue tells nothing of what could leave */
}

static void test_rates(void **state)
{
    static const struct {
        size_t count;
        int64_t every_us;
        size_t room; /* for half a second */
    } rows[] = {
        {512, 100000, 2560}, {512, 200000, 1280}, {100, 100000, 500},
        {1, 1000, 500},      {512, 20000, 12800}, {1, 1000000, 0},
    };
    (void)state;
    for (size_t i = 0; i < sizeof(rows) / sizeof(rows[0]); i++) {
        struct pace pace = {.since_us = 0};
        (void)run(&pace, rows[i].count, rows[i].every_us, 8, 1000000);
        if (rows[i].room > 0) {
            assert_near(pace_room(&pace, HALF_SECOND, 0, SIZE_MAX), rows[i].room);
        }
        size_t bounded = pace_room(&pace, HALF_SECOND, LEAST, MOST);
        assert_true(bounded >= LEAST && bounded <= MOST);
    }
}

/* What the database did a while ago does not bind for long, in either direction. */
static void test_forgets(void **state)
{
    struct pace pace = {.since_us = 0};
    (void)state;
    int64_t now = run(&pace, 512, 20000, 10, 1000000);
    now = run(&pace, 512, 500000, 6, now);
    assert_in_range(pace_room(&pace, HALF_SECOND, 0, SIZE_MAX), 512, 2 * 512);
    (void)run(&pace, 512, 20000, 6, now);
    assert_near(pace_room(&pace, HALF_SECOND, 0, SIZE_MAX), 12800);
}

static void test_several_connections_at_once(void **state)
{
    struct pace pace = {.since_us = 0};
    (void)state;
    for (int64_t now = 1000000; now < 9000000; now += 100000) {
        pace_took(&pace, 512, 3000, now);
        pace_took(&pace, 512, 2488, now);
    }
    assert_in_range(pace_room(&pace, HALF_SECOND, 0, SIZE_MAX), 5120 - 512, 5120 + 512);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(test_nothing_known),
        cmocka_unit_test(test_rates),
        cmocka_unit_test(test_forgets),
        cmocka_unit_test(test_several_connections_at_once),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
