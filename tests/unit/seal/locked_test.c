/* SPDX-License-Identifier: Apache-2.0
 * A locked key opens for its owner under its index key, whole or not at all. */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>

#include <cmocka.h>
#include <string.h>

#include "seal/locked.h"

enum { ARENA_MAX = 1 << 20 };

static struct blind_keys keys, others;

static int set_up(void **state)
{
    struct error error;
    uint8_t index_key[SEAL_KEY_SIZE];
    (void)state;
    if (!seal_start(&error)) {
        return -1;
    }
    memset(index_key, 5, sizeof(index_key));
    blind_keys_derive(index_key, &keys);
    memset(index_key, 6, sizeof(index_key));
    blind_keys_derive(index_key, &others);
    return 0;
}

static void test_there_and_back(void **state)
{
    static const char plain[LOCKED_PLAIN_MAX + 1] = {'a', 'b'};
    static const size_t lengths[] = {0, 1, 2, 32, LOCKED_PLAIN_MAX};
    (void)state;
    for (size_t i = 0; i < sizeof(lengths) / sizeof(lengths[0]); i++) {
        struct arena arena;
        struct slice found;
        arena_init(&arena, ARENA_MAX);
        struct slice locked = locked_make(&keys, SLICE("kannel"), slice_make(plain, lengths[i]), &arena);
        struct slice again = locked_make(&keys, SLICE("kannel"), slice_make(plain, lengths[i]), &arena);
        assert_true(locked_open(&keys, SLICE("kannel"), locked, &arena, &found));
        assert_true(slice_equal(found, slice_make(plain, lengths[i])));
        assert_false(slice_equal(locked, again)); /* whoever reads the database does not see that two are the same */
        assert_false(locked_open(&keys, SLICE("kanne"), locked, &arena, &found));
        assert_false(locked_open(&others, SLICE("kannel"), locked, &arena, &found));
        arena_release(&arena);
    }
    struct arena arena;
    arena_init(&arena, ARENA_MAX);
    assert_null(locked_make(&keys, SLICE("kannel"), slice_make(plain, LOCKED_PLAIN_MAX + 1), &arena).data);
    arena_release(&arena);
}

static void test_cut_or_changed_it_does_not_open(void **state)
{
    struct arena arena;
    struct slice found;
    (void)state;
    arena_init(&arena, ARENA_MAX);
    struct slice locked = locked_make(&keys, SLICE("kannel"), SLICE("a signing key"), &arena);
    for (size_t length = 0; length < locked.length; length++) {
        assert_false(locked_open(&keys, SLICE("kannel"), slice_sub(locked, 0, length), &arena, &found));
    }
    for (size_t bit = 0; bit < 8 * locked.length; bit++) {
        struct slice copy = arena_dup(&arena, locked);
        ((char *)(uintptr_t)copy.data)[bit / 8] ^= (char)(1 << bit % 8);
        assert_false(locked_open(&keys, SLICE("kannel"), copy, &arena, &found));
    }
    arena_release(&arena);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(test_there_and_back),
        cmocka_unit_test(test_cut_or_changed_it_does_not_open),
    };
    return cmocka_run_group_tests_name("seal locked", tests, set_up, NULL);
}
