/* SPDX-License-Identifier: Apache-2.0
 * The histogram beside a sorted list; and the numbers of records, scattered and gathered. */
#include "drill/histogram.h"

#include <setjmp.h>
#include <stdarg.h>
#include <stdint.h>
#include <stdlib.h>
#include <cmocka.h>

#include "domain/exercise.h"
#include "drill/dice.h"

enum { COUNT = 20000 };

static int compare(const void *a, const void *b)
{
    int64_t x = *(const int64_t *)a, y = *(const int64_t *)b;
    return (x > y) - (x < y);
}

static void test_quantiles_are_near(void **state)
{
    static int64_t all[COUNT];
    static struct histogram h;
    (void)state;
    for (unsigned i = 0; i < COUNT; i++) {
        all[i] = (int64_t)(dice_bits(1, DICE_NAME, i) >> (30 + i % 33)); /* over many sizes */
        histogram_add(&h, all[i]);
    }
    qsort(all, COUNT, sizeof(all[0]), compare);
    for (unsigned i = 1; i < 100; i++) {
        int64_t exact = all[COUNT * i / 100], told = histogram_quantile(&h, i / 100.0);
        assert_true(told >= exact && (double)told <= (double)exact * 1.032 + 1);
    }
    assert_int_equal(histogram_quantile(&h, 1), all[COUNT - 1]);
    assert_int_equal(h.longest_us, all[COUNT - 1]);
}

static void test_the_edges(void **state)
{
    static struct histogram h;
    (void)state;
    histogram_clear(&h);
    assert_int_equal(histogram_quantile(&h, 0.5), 0);
    histogram_add(&h, -5);
    assert_int_equal(histogram_quantile(&h, 0.5), 0);
    histogram_clear(&h);
    histogram_add(&h, INT64_MAX);
    assert_int_equal(histogram_quantile(&h, 0.5), INT64_MAX);
    histogram_clear(&h);
    histogram_add(&h, 1000);
    assert_int_equal(histogram_quantile(&h, 0.99), 1000);
}

static void test_scattering_comes_back(void **state)
{
    (void)state;
    for (uint64_t i = 0; i < 100000; i++) {
        assert_int_equal(dice_gather(dice_scatter(i)), i);
        assert_true(dice_scatter(i) <= EXERCISE_NUMBER_MAX);
    }
    assert_int_equal(dice_gather(dice_scatter(EXERCISE_NUMBER_MAX)), EXERCISE_NUMBER_MAX);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(test_quantiles_are_near),
        cmocka_unit_test(test_the_edges),
        cmocka_unit_test(test_scattering_comes_back),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
