/* SPDX-License-Identifier: Apache-2.0
 * The mark of an exercise: told for certain, and never by chance. */
#include "domain/exercise.h"

#include <setjmp.h>
#include <stdarg.h>
#include <stdint.h>
#include <string.h>
#include <cmocka.h>

static struct uuid id_of(const char *text)
{
    struct uuid id;
    assert_true(uuid_parse(slice_of(text), &id));
    return id;
}

static void test_the_layout_is_the_documented_one(void **state)
{
    char text[UUID_TEXT_SIZE + 1];
    struct uuid id = exercise_id(0x1234567, UINT64_C(0x3fedcba987654321));
    (void)state;
    assert_string_equal(uuid_format(&id, text).data, "45584552-1234-8567-bfed-cba987654321");
    assert_true(exercise_is(&id));
    assert_int_equal(exercise_drill(&id), 0x1234567);
    assert_int_equal(exercise_number(&id), UINT64_C(0x3fedcba987654321));
}

static void test_each_bit_of_the_mark_counts_and_no_other(void **state)
{
    struct uuid id = exercise_id(0xfffffff, 12345);
    (void)state;
    for (unsigned bit = 0; bit < 128; bit++) {
        struct uuid other = id;
        bool of_mark = bit < 32 || (bit >= 48 && bit < 52) || bit == 64 || bit == 65;
        other.bytes[bit / 8] ^= (uint8_t)(0x80U >> bit % 8);
        assert_int_equal(exercise_is(&other), !of_mark);
    }
}

static void test_a_drill_is_one_range(void **state)
{
    struct uuid first = exercise_first(7), last = exercise_last(7), before = exercise_last(6),
                after = exercise_first(8);
    struct uuid inside = exercise_id(7, EXERCISE_NUMBER_MAX / 3);
    (void)state;
    assert_true(memcmp(before.bytes, first.bytes, UUID_SIZE) < 0);
    assert_true(memcmp(first.bytes, inside.bytes, UUID_SIZE) < 0);
    assert_true(memcmp(inside.bytes, last.bytes, UUID_SIZE) < 0);
    assert_true(memcmp(last.bytes, after.bytes, UUID_SIZE) < 0);
}

static void test_what_is_adopted_and_what_is_avoided(void **state)
{
    struct uuid exercise = exercise_id(0xabcdef, 1);
    struct uuid derived = id_of("0f0e0d0c-0b0a-8908-8706-050403020100");
    struct uuid adopted = exercise_adopt(&exercise, &derived);
    struct uuid avoided = exercise_avoid(&exercise);
    struct uuid same = exercise_avoid(&derived);
    (void)state;
    assert_true(exercise_is(&adopted));
    assert_int_equal(exercise_drill(&adopted), 0xabcdef);
    assert_memory_equal(adopted.bytes + 8, derived.bytes + 8, 8);
    assert_false(exercise_is(&avoided));
    assert_true(uuid_equal(&same, &derived));
}

static void test_names_of_drills(void **state)
{
    char text[EXERCISE_DRILL_DIGITS + 1];
    uint32_t drill = 0;
    (void)state;
    assert_string_equal(exercise_drill_format(0x00abcde, text).data, "00abcde");
    assert_true(exercise_drill_parse(SLICE("00ABCDE"), &drill));
    assert_int_equal(drill, 0x00abcde);
    assert_true(exercise_drill_parse(SLICE("fffffff"), &drill));
    assert_int_equal(drill, EXERCISE_DRILL_MAX);
    assert_false(exercise_drill_parse(SLICE("abcde"), &drill));
    assert_false(exercise_drill_parse(SLICE("00abcdef"), &drill));
    assert_false(exercise_drill_parse(SLICE("00abcdg"), &drill));
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(test_the_layout_is_the_documented_one),
        cmocka_unit_test(test_each_bit_of_the_mark_counts_and_no_other),
        cmocka_unit_test(test_a_drill_is_one_range),
        cmocka_unit_test(test_what_is_adopted_and_what_is_avoided),
        cmocka_unit_test(test_names_of_drills),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
