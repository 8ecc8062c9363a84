/* SPDX-License-Identifier: Apache-2.0
 * Dates and RFC 3339 times, every day of two centuries. */
#include "core/clock.h"

#include <setjmp.h>
#include <stdarg.h>
#include <stdint.h>
#include <stdio.h>
#include <string.h>
#include <time.h>
#include <cmocka.h>

/* Each day from 1900 to 2100 follows the one before, in dates, in times, and in the C library's own calendar. */
static void test_every_day_of_two_centuries(void **state)
{
    static const int lengths[] = {31, 28, 31, 30, 31, 30, 31, 31, 30, 31, 30, 31};
    struct date expected = {1900, 1, 1};
    int64_t time = 0;
    (void)state;
    assert_true(time_parse(SLICE("1900-01-01T00:00:00Z"), &time));
    for (; expected.year <= 2100; time += MICROSECONDS_A_DAY) {
        char text[TIME_TEXT_MAX];
        char day[40];
        struct date read;
        time_t seconds = (time_t)(time / MICROSECONDS_A_SECOND);
        struct tm reference;
        assert_non_null(gmtime_r(&seconds, &reference));
        assert_int_equal(reference.tm_year + 1900, expected.year);
        assert_int_equal(reference.tm_mon + 1, expected.month);
        assert_int_equal(reference.tm_mday, expected.day);
        assert_int_equal(date_compare(date_of_time(time), expected), 0);
        assert_int_equal(date_compare(date_of_time(time + MICROSECONDS_A_DAY - 1), expected), 0);
        (void)snprintf(day, sizeof(day), "%04d-%02d-%02d", expected.year, expected.month, expected.day);
        assert_true(date_parse(slice_of(day), &read));
        assert_int_equal(date_compare(read, expected), 0);
        assert_memory_equal(time_format(time, text).data, day, 10);
        bool leap = expected.year % 4 == 0 && (expected.year % 100 != 0 || expected.year % 400 == 0);
        int length = lengths[expected.month - 1] + (expected.month == 2 && leap ? 1 : 0);
        if (++expected.day > length) {
            assert_false(date_is_valid(expected));
            expected.day = 1;
            expected.month++;
        }
        if (expected.month > 12) {
            expected.month = 1;
            expected.year++;
        }
    }
}

static void test_times_survive_writing(void **state)
{
    uint64_t seed = 5;
    (void)state;
    for (unsigned i = 0; i < 20000; i++) {
        char text[TIME_TEXT_MAX];
        int64_t read = 0;
        seed = seed * 6364136223846793005U + 1442695040888963407U;
        /* Within the years 1 to 9999, in whole milliseconds, which is what is written. */
        int64_t time = ((int64_t)(seed >> 11) % INT64_C(253402300799000) - INT64_C(62135596800000) * (i % 2)) * 1000;
        if (time < INT64_C(-62135596800000000)) {
            continue;
        }
        struct slice written = time_format(time, text);
        assert_int_equal(written.length, 24);
        assert_true(time_parse(written, &read));
        assert_int_equal(read, time);
    }
}

static void test_readings(void **state)
{
    static const struct {
        const char *text;
        const char *same; /* NULL: not a time */
    } times[] = {
        {"2023-08-02T17:04:05Z", "2023-08-02T17:04:05.000Z"},
        {"2023-08-02t17:04:05z", "2023-08-02T17:04:05.000Z"},
        {"2023-08-02T17:04:05.1Z", "2023-08-02T17:04:05.100Z"},
        {"2023-08-02T17:04:05.123456789123456789Z", "2023-08-02T17:04:05.123Z"},
        {"2023-08-02T18:04:05+01:00", "2023-08-02T17:04:05.000Z"},
        {"2023-08-01T23:34:05-17:30", "2023-08-02T17:04:05.000Z"},
        {"2023-08-02T17:04:05-00:00", "2023-08-02T17:04:05.000Z"},
        {"2016-12-31T23:59:60Z", "2017-01-01T00:00:00.000Z"},
        {"1969-12-31T23:59:59.999Z", "1969-12-31T23:59:59.999Z"},
        {"2023-08-02T24:00:00Z", NULL},
        {"2023-08-02T17:60:00Z", NULL},
        {"2023-08-02T17:04:61Z", NULL},
        {"2023-02-29T17:04:05Z", NULL},
        {"2023-08-02T17:04:05", NULL},
        {"2023-08-02T17:04Z", NULL},
        {"2023-08-02 17:04:05Z", NULL},
        {"2023-08-02T17:04:05.Z", NULL},
        {"2023-08-02T17:04:05,5Z", NULL},
        {"2023-08-02T17:04:05+1:00", NULL},
        {"2023-08-02T17:04:05+01:60", NULL},
        {"2023-08-02T17:04:05+24:00", NULL},
        {"2023-08-02T17:04:05Z ", NULL},
        {"2023-08-02T+7:04:05Z", NULL},
        {"", NULL},
    };
    (void)state;
    for (size_t i = 0; i < sizeof(times) / sizeof(times[0]); i++) {
        char text[TIME_TEXT_MAX];
        int64_t time = 0;
        bool read = time_parse(slice_of(times[i].text), &time);
        if (read != (times[i].same != NULL) || (read && strcmp(time_format(time, text).data, times[i].same) != 0)) {
            fail_msg("\"%s\"", times[i].text);
        }
    }
}

static void test_odd_dates(void **state)
{
    static const char *const odd[] = {"",           "2023-13-01", "2023-00-01", "2023-01-00", "2023-01-32",
                                      "1900-02-29", "2023-1-01",  "2023/01/01", "23-01-01",   "2023-01-01 ",
                                      "-023-01-01", "0000-01-01", "+023-01-01"};
    struct date date;
    (void)state;
    for (size_t i = 0; i < sizeof(odd) / sizeof(odd[0]); i++) {
        assert_false(date_parse(slice_of(odd[i]), &date));
    }
    assert_true(date_parse(SLICE("2000-02-29"), &date));
}

static void test_ages(void **state)
{
    static const struct {
        struct date birth;
        struct date on;
        int age;
    } ages[] = {
        {{2000, 8, 2}, {2023, 8, 1}, 22},  {{2000, 8, 2}, {2023, 8, 2}, 23}, {{2000, 2, 29}, {2023, 2, 28}, 22},
        {{2000, 2, 29}, {2023, 3, 1}, 23}, {{2023, 8, 2}, {2023, 8, 2}, 0},  {{2023, 8, 3}, {2023, 8, 2}, -1},
    };
    (void)state;
    for (size_t i = 0; i < sizeof(ages) / sizeof(ages[0]); i++) {
        assert_int_equal(date_age(ages[i].birth, ages[i].on), ages[i].age);
    }
}

static int64_t fixed_now(void *context)
{
    return *(int64_t *)context;
}

static void test_clocks(void **state)
{
    int64_t now = 42;
    struct clock fixed = {fixed_now, &now};
    struct clock system = clock_system();
    (void)state;
    assert_int_equal(clock_now(&fixed), 42);
    now = 43;
    assert_int_equal(clock_now(&fixed), 43);
    assert_true(date_of_time(clock_now(&system)).year >= 2023);
    int64_t before = clock_monotonic();
    assert_true(clock_monotonic() >= before);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(test_every_day_of_two_centuries),
        cmocka_unit_test(test_times_survive_writing),
        cmocka_unit_test(test_readings),
        cmocka_unit_test(test_odd_dates),
        cmocka_unit_test(test_ages),
        cmocka_unit_test(test_clocks),
    };
    return cmocka_run_group_tests_name("core/clock", tests, NULL, NULL);
}
