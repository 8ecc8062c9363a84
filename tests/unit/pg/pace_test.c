/* SPDX-License-Identifier: Apache-2.0
 * How many may wait, by how fast they left. */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>

#include <cmocka.h>

#include "pg/pace.h"

enum { A_LOT = 1 << 20, HALF_SECOND = 500 * 1000, SECOND = 1000000 };

/* A queue that is never empty, `count` leave each `every_us`, for `seconds`. */
static int64_t run(struct pace *pace, size_t count, int64_t every_us, int64_t seconds, int64_t now_us)
{
    for (int64_t end = now_us + seconds * SECOND; now_us < end; now_us += every_us) {
        pace_took(pace, count, 1000, now_us);
    }
    return now_us;
}

static void assert_near(size_t value, size_t wanted)
{
    assert_in_range(value, wanted - wanted / 10, wanted + wanted / 10);
}

static void test_nothing_known(void **state)
{
    struct pace pace = {.since_us = 0};
    (void)state;
    assert_int_equal(pace_room(&pace, HALF_SECOND, 2, 512, SECOND), A_LOT);
    assert_int_equal(pace_at_once(&pace, HALF_SECOND, 512), 512);
    pace_took(&pace, 1, 0, SECOND);
    pace_took(&pace, 1, 0, 9 * SECOND);
    assert_int_equal(pace_room(&pace, HALF_SECOND, 2, 512, 9 * SECOND), A_LOT); /* an idle queue tells nothing */
}

static void test_rates(void **state)
{
    static const struct {
        size_t count;
        int64_t every_us;
        size_t room; /* for half a second */
    } rows[] = {
        {512, 100000, 2560}, {512, 200000, 1280}, {100, 100000, 500},
        {1, 1000, 500},      {512, 20000, 12800}, {1, 500000, 1},
    };
    (void)state;
    for (size_t i = 0; i < sizeof(rows) / sizeof(rows[0]); i++) {
        struct pace pace = {.since_us = 0};
        int64_t now = run(&pace, rows[i].count, rows[i].every_us, 8, SECOND);
        assert_near(pace_room(&pace, HALF_SECOND, 2, 512, now), rows[i].room);
    }
}

/* What the database did a while ago does not bind for long, in either direction, nor once the queue was empty for long. */
static void test_forgets(void **state)
{
    struct pace pace = {.since_us = 0};
    (void)state;
    int64_t now = run(&pace, 512, 20000, 10, SECOND);
    now = run(&pace, 512, 500000, 6, now);
    assert_in_range(pace_room(&pace, HALF_SECOND, 2, 512, now), 400, 2 * 512);
    now = run(&pace, 512, 20000, 6, now);
    assert_near(pace_room(&pace, HALF_SECOND, 2, 512, now), 12800);
    assert_int_equal(pace_room(&pace, HALF_SECOND, 2, 512, now + 6 * SECOND), A_LOT);
}

static void test_several_connections_at_once(void **state)
{
    struct pace pace = {.since_us = 0};
    int64_t now = SECOND;
    (void)state;
    for (; now < 9 * SECOND; now += 100000) {
        pace_took(&pace, 512, 3000, now);
        pace_took(&pace, 512, 2488, now);
    }
    assert_near(pace_room(&pace, HALF_SECOND, 2, 512, now), 5120);
}

/* Before anything had to wait: what both connections would do; never so few that a burst on an idle server is turned away. */
static void test_guesses_from_statements(void **state)
{
    static const struct {
        size_t count;
        int64_t us;
        size_t room;
    } rows[] = {{256, 1000000, 512}, {256, 100000, 2560}, {1, 5000, 512}, {512, 100000, 5120}};
    (void)state;
    for (size_t i = 0; i < sizeof(rows) / sizeof(rows[0]); i++) {
        struct pace pace = {.since_us = 0};
        for (unsigned k = 0; k < 20; k++) {
            pace_answered(&pace, rows[i].count, rows[i].us);
        }
        assert_near(pace_room(&pace, HALF_SECOND, 2, 512, SECOND), rows[i].room);
    }
}

/* fixed + record * n, seen at sizes that vary. */
static void test_size_of_a_statement(void **state)
{
    static const struct {
        int64_t fixed_us, record_us;
        size_t at_once;
    } rows[] = {
        {1000, 200, 512},    /* fast: as many as there are */
        {1000, 1000, 200},   /* pays by the record: 200 ms of them */
        {1000, 10000, 20},   /* the same, slower */
        {300000, 0, 512},    /* far away: small statements would be no sooner */
        {300000, 100, 512},  /* likewise */
        {300000, 1000, 300}, /* as much again as what it costs anyway */
        {0, 1000000, 16},    /* never so few that nothing is learnt */
    };
    (void)state;
    for (size_t i = 0; i < sizeof(rows) / sizeof(rows[0]); i++) {
        struct pace pace = {.since_us = 0};
        for (unsigned k = 0; k < 60; k++) {
            size_t count = 1 + k * 37 % 511;
            pace_answered(&pace, count, rows[i].fixed_us + rows[i].record_us * (int64_t)count);
        }
        assert_near(pace_at_once(&pace, 200000, 512), rows[i].at_once);
    }
}

/* Fed with the statements that it asks for (when all were alike it tries others now and then): it comes to long ones where they cost nothing more, and to short ones where each record counts,
 * from wherever it was. */
static void test_finds_the_size(void **state)
{
    static const struct {
        int64_t fixed_us, record_us;
        size_t least, most;
    } phases[] = {{300000, 10, 200, 512}, {1000, 2000, 50, 120}, {1000, 100, 500, 512}, {500000, 1, 200, 512}};
    struct pace pace = {.since_us = 0};
    (void)state;
    for (unsigned k = 0; k < 20; k++) {
        pace_answered(&pace, 1, 300000); /* singles, far away */
    }
    for (size_t i = 0; i < sizeof(phases) / sizeof(phases[0]); i++) {
        size_t count = 0;
        for (unsigned k = 0; k < 150; k++) {
            count = pace_at_once(&pace, 200000, 512);
            pace_answered(&pace, count, phases[i].fixed_us + phases[i].record_us * (int64_t)count);
        }
        if (count < phases[i].least || count > phases[i].most) {
            fail_msg("phase %zu: %zu at once", i, count);
        }
    }
}

/* One at a time is never kept; where several share a statement the next waits, longer for a slow database, up to a limit; and what was once is forgotten. */
static void test_rest(void **state)
{
    static const struct {
        size_t counts[3]; /* in turn */
        int64_t us, rest_us;
    } rows[] = {
        {{1, 1, 1}, 1000, 0},      {{1, 2, 1}, 1000, 4000},        {{2, 3, 2}, 500, 2000},
        {{1, 1, 2}, 100000, 8000}, {{512, 512, 512}, 20000, 8000},
    };
    (void)state;
    struct pace never = {.since_us = 0};
    assert_int_equal(pace_rest(&never, 8000), 0);
    for (size_t i = 0; i < sizeof(rows) / sizeof(rows[0]); i++) {
        struct pace pace = {.since_us = 0};
        for (unsigned k = 0; k < 60; k++) {
            pace_answered(&pace, rows[i].counts[k % 3], rows[i].us);
        }
        assert_near((size_t)pace_rest(&pace, 8000), (size_t)rows[i].rest_us);
        for (unsigned k = 0; k < 40; k++) {
            pace_answered(&pace, 1, rows[i].us);
        }
        assert_int_equal(pace_rest(&pace, 8000), 0);
    }
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(test_nothing_known),
        cmocka_unit_test(test_rates),
        cmocka_unit_test(test_forgets),
        cmocka_unit_test(test_several_connections_at_once),
        cmocka_unit_test(test_guesses_from_statements),
        cmocka_unit_test(test_size_of_a_statement),
        cmocka_unit_test(test_finds_the_size),
        cmocka_unit_test(test_rest),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
