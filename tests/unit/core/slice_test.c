/* SPDX-License-Identifier: Apache-2.0
 * Slices: comparing, cutting and reading, at their edges. */
#include "core/slice.h"

#include <float.h>
#include <math.h>
#include <setjmp.h>
#include <stdarg.h>
#include <stdint.h>
#include <stdio.h>
#include <string.h>
#include <cmocka.h>

static const struct slice nothing = {NULL, 0};

static void test_comparing(void **state)
{
    (void)state;
    assert_true(slice_equal(nothing, SLICE("")));
    assert_true(slice_equal(SLICE("a\0b"), SLICE("a\0b")));
    assert_false(slice_equal(SLICE("a\0b"), SLICE("a\0c")));
    assert_false(slice_equal(SLICE("a"), SLICE("ab")));
    assert_true(slice_equal_nocase(SLICE("K7m-Z"), SLICE("k7M-z")));
    assert_false(slice_equal_nocase(SLICE("["), SLICE("{"))); /* 0x20 apart, and no letters */
    assert_false(slice_equal_nocase(SLICE("\xC9"), SLICE("\xE9")));
    assert_true(slice_starts_with(SLICE("abc"), SLICE("ab")));
    assert_true(slice_starts_with(SLICE("abc"), nothing));
    assert_false(slice_starts_with(SLICE("ab"), SLICE("abc")));
    assert_int_equal(slice_of(NULL).length, 0);
}

static void test_cutting(void **state)
{
    (void)state;
    assert_true(slice_equal(slice_sub(SLICE("abcd"), 1, 3), SLICE("bc")));
    assert_true(slice_equal(slice_sub(SLICE("abcd"), 3, 99), SLICE("d")));
    assert_int_equal(slice_sub(SLICE("abcd"), 9, 12).length, 0);
    assert_int_equal(slice_sub(SLICE("abcd"), 3, 1).length, 0);
    assert_null(slice_sub(nothing, 2, 5).data);
    assert_true(slice_equal(slice_trim(SLICE(" \t\r\n a b \n")), SLICE("a b")));
    assert_int_equal(slice_trim(SLICE(" \t ")).length, 0);
    assert_int_equal(slice_trim(nothing).length, 0);
    assert_int_equal(slice_index(SLICE("abcb"), 'b'), 1);
    assert_int_equal(slice_index(SLICE("abc"), 'x'), 3);
    assert_int_equal(slice_index(nothing, 'x'), 0);
}

/* Against the plainest search there is, over every short text of two letters. */
static void test_find_agrees_with_plain_search(void **state)
{
    (void)state;
    for (unsigned h = 0; h < 1U << 9; h++) {
        for (unsigned n = 0; n < 1U << 5; n++) {
            char hay[8];
            char needle[4];
            size_t hay_length = h >> 6;
            size_t needle_length = n >> 3 & 3U;
            for (size_t i = 0; i < 8; i++) {
                hay[i] = (h >> (i % 6) & 1U) != 0 ? 'a' : 'b';
                needle[i % 4] = (n >> (i % 3) & 1U) != 0 ? 'a' : 'b';
            }
            size_t expected = hay_length;
            for (size_t i = hay_length + 1; i > 0; i--) {
                bool fits = i - 1 + needle_length <= hay_length;
                expected = fits && memcmp(hay + i - 1, needle, needle_length) == 0 ? i - 1 : expected;
            }
            assert_int_equal(slice_find(slice_make(hay, hay_length), slice_make(needle, needle_length)), expected);
        }
    }
    assert_int_equal(slice_find(nothing, SLICE("a")), 0);
}

static void test_splitting(void **state)
{
    static const char *const expected[] = {"a", "", "b"};
    struct slice rest = SLICE("a,,b");
    struct slice part = nothing;
    (void)state;
    for (size_t i = 0; i < 3; i++) {
        assert_true(slice_split(&rest, ',', &part));
        assert_true(slice_equal(part, slice_of(expected[i])));
    }
    assert_false(slice_split(&rest, ',', &part));
    rest = nothing;
    assert_false(slice_split(&rest, ',', &part));
    rest = SLICE(",");
    assert_true(slice_split(&rest, ',', &part));
    assert_int_equal(part.length, 0);
    assert_false(slice_split(&rest, ',', &part));
}

static void test_unsigned_numbers(void **state)
{
    static const struct {
        const char *text;
        uint64_t max;
        bool read;
        uint64_t value;
    } numbers[] = {
        {"0", 0, true, 0},
        {"1", 0, false, 0},
        {"007", 10, true, 7},
        {"10", 10, true, 10},
        {"11", 10, false, 0},
        {"18446744073709551615", UINT64_MAX, true, UINT64_MAX},
        {"18446744073709551616", UINT64_MAX, false, 0},
        {"99999999999999999999999", UINT64_MAX, false, 0},
        {"", 10, false, 0},
        {" 1", 10, false, 0},
        {"+1", 10, false, 0},
        {"-1", 10, false, 0},
        {"1a", 10, false, 0},
        {"0x1", 100, false, 0},
    };
    (void)state;
    for (size_t i = 0; i < sizeof(numbers) / sizeof(numbers[0]); i++) {
        uint64_t value = 0;
        assert_int_equal(slice_to_u64(slice_of(numbers[i].text), numbers[i].max, &value), numbers[i].read);
        assert_int_equal(value, numbers[i].value);
    }
}

static void test_real_numbers(void **state)
{
    static const char *const odd[] = {"",    " 1",    "1 ",    "inf", "nan", "0x10", "1e",
                                      "--1", "1.2.3", "1e999", "e5",  ".",   "1,5"};
    static const double values[] = {0, 1, -12.5, 1000, 13.5127, -180, DBL_MAX, DBL_MIN};
    double value = 0;
    (void)state;
    for (size_t i = 0; i < sizeof(odd) / sizeof(odd[0]); i++) {
        assert_false(slice_to_double(slice_of(odd[i]), &value));
    }
    for (size_t i = 0; i < sizeof(values) / sizeof(values[0]); i++) {
        char text[64];
        int length = snprintf(text, sizeof(text), "%.17g", values[i]);
        assert_true(slice_to_double(slice_make(text, (size_t)length), &value));
        assert_true(fabs(value - values[i]) <= 0);
    }
    assert_true(slice_to_double(slice_make("12345", 2), &value) && fabs(value - 12) <= 0); /* not past its end */
}

static void test_numbers_are_written(void **state)
{
    static const struct {
        uint64_t value;
        const char *text;
    } rows[] = {{0, "0"}, {9, "9"}, {10, "10"}, {1234567890, "1234567890"}, {UINT64_MAX, "18446744073709551615"}};
    (void)state;
    for (size_t i = 0; i < sizeof(rows) / sizeof(rows[0]); i++) {
        char text[SLICE_U64_MAX];
        uint64_t read = 1;
        struct slice written = slice_of_u64(rows[i].value, text);
        assert_true(slice_equal(written, slice_of(rows[i].text)));
        assert_true(slice_to_u64(written, UINT64_MAX, &read));
        assert_true(read == rows[i].value);
    }
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(test_numbers_are_written),
        cmocka_unit_test(test_comparing),
        cmocka_unit_test(test_cutting),
        cmocka_unit_test(test_find_agrees_with_plain_search),
        cmocka_unit_test(test_splitting),
        cmocka_unit_test(test_unsigned_numbers),
        cmocka_unit_test(test_real_numbers),
    };
    return cmocka_run_group_tests_name("core/slice", tests, NULL, NULL);
}
