/* SPDX-License-Identifier: Apache-2.0
 * Arenas and buffers keep within their stated maximum, and say so when they cannot. */
#include "core/arena.h"
#include "core/buffer.h"

#include <setjmp.h>
#include <stdalign.h>
#include <stdarg.h>
#include <stdint.h>
#include <string.h>
#include <cmocka.h>
#include <math.h>

static void test_arena_memory(void **state)
{
    struct arena arena;
    (void)state;
    arena_init(&arena, 4 << 20);
    for (size_t size = 0; size < 9000; size += 37) {
        unsigned char *memory = arena_alloc(&arena, size);
        assert_non_null(memory);
        assert_int_equal((uintptr_t)memory % alignof(max_align_t), 0);
        for (size_t i = 0; i < size; i++) {
            assert_int_equal(memory[i], 0);
        }
        memset(memory, 0xA5, size); /* the sanitizer sees an overlap or an overrun */
    }
    arena_release(&arena);
    assert_int_equal(arena.total, 0);
    assert_non_null(arena_alloc(&arena, 10)); /* may be used again */
    arena_release(&arena);
}

static void test_arena_maximum(void **state)
{
    (void)state;
    for (size_t maximum = 0; maximum < 20000; maximum += 613) {
        struct arena arena;
        size_t got = 0;
        arena_init(&arena, maximum);
        while (arena_alloc(&arena, 100) != NULL) {
            got += 100;
            assert_true(arena.total <= maximum && got <= maximum);
        }
        assert_true(got + 4096 + 112 > maximum); /* and what it may give, it gives */
        assert_null(arena_alloc(&arena, SIZE_MAX));
        assert_null(arena_alloc(&arena, SIZE_MAX - 64));
        assert_null(arena_array(&arena, SIZE_MAX / 2, 3));
        arena_release(&arena);
    }
    struct arena boundless;
    arena_init(&boundless, SIZE_MAX);
    for (size_t less = 0; less <= 30; less++) { /* the block's own header must not wrap the size around */
        assert_null(arena_alloc(&boundless, SIZE_MAX - less));
    }
    arena_release(&boundless);
}

static void test_arena_texts(void **state)
{
    struct arena arena;
    (void)state;
    arena_init(&arena, 8192);
    struct slice copy = arena_dup(&arena, SLICE("a\0b"));
    assert_true(slice_equal(copy, SLICE("a\0b")) && copy.data[3] == '\0');
    assert_true(arena_dup(&arena, (struct slice){NULL, 0}).data != NULL);
    assert_string_equal(arena_strdup(&arena, SLICE("Niamey")), "Niamey");
    copy = arena_printf(&arena, "%s/%d", "party", 3);
    assert_true(slice_equal(copy, SLICE("party/3")) && copy.data[copy.length] == '\0');
    assert_null(arena_printf(&arena, "%9000d", 1).data);
    arena_release(&arena);
}

static void test_buffer_maximum(void **state)
{
    (void)state;
    for (size_t maximum = 0; maximum < 1200; maximum += 7) {
        struct buffer buffer;
        buffer_init(&buffer, maximum);
        for (size_t i = 0; i < maximum; i++) {
            buffer_add_byte(&buffer, (uint8_t)i);
        }
        assert_false(buffer.failed);
        assert_int_equal(buffer.length, maximum);
        buffer_add_byte(&buffer, 1);
        assert_true(buffer.failed);
        assert_int_equal(buffer.length, maximum);
        buffer_add(&buffer, "", 0);
        assert_true(buffer.failed); /* until cleared */
        buffer_clear(&buffer);
        assert_false(buffer.failed);
        assert_null(buffer_reserve(&buffer, maximum + 1));
        assert_null(buffer_reserve(&buffer, SIZE_MAX));
        buffer_release(&buffer);
        assert_int_equal(buffer.maximum, maximum);
    }
}

/* Text that fills the buffer to the last byte fits: the NUL of printf is not counted. */
static void test_buffer_printf_fills(void **state)
{
    (void)state;
    for (int length = 0; length < 600; length++) {
        struct buffer buffer;
        buffer_init(&buffer, (size_t)length);
        buffer_printf(&buffer, "%*s", length, "");
        assert_false(buffer.failed);
        assert_int_equal(buffer.length, length);
        buffer_printf(&buffer, "%s", "");
        assert_false(buffer.failed);
        buffer_printf(&buffer, "%s", "x");
        assert_true(buffer.failed);
        buffer_release(&buffer);
    }
}

static void test_buffer_byte_order(void **state)
{
    struct buffer buffer;
    (void)state;
    buffer_init(&buffer, 64);
    buffer_add_u16(&buffer, 0x0102);
    buffer_add_u32(&buffer, 0x03040506);
    buffer_add_u64(&buffer, UINT64_C(0x0708090A0B0C0D0E));
    buffer_add_text(&buffer, "ab");
    buffer_add_slice(&buffer, SLICE("\0c"));
    assert_true(slice_equal(buffer_slice(&buffer), SLICE("\x01\x02\x03\x04\x05\x06\x07\x08\x09\x0A\x0B\x0C\x0D\x0E"
                                                         "ab\0c")));
    buffer_release(&buffer);
}

static void test_buffer_decimals(void **state)
{
    static const struct {
        double value;
        unsigned places;
        const char *text;
    } rows[] = {
        {0, 0, "0"},
        {0, 3, "0.000"},
        {-0.0, 1, "0.0"},
        {1, 0, "1"},
        {-1, 2, "-1.00"},
        {13.5116042, 7, "13.5116042"},
        {13.51, 7, "13.5100000"},
        {-179.99999999, 7, "-180.0000000"},
        {0.00000004, 7, "0.0000000"},
        {-0.00000004, 7, "0.0000000"},
        {-0.00000006, 7, "-0.0000001"},
        {12.5, 0, "13"},
        {9.96, 1, "10.0"},
        {0.001, 9, "0.001000000"},
        {20037508.0, 1, "20037508.0"},
        {4503599627370495.0, 0, "4503599627370495"},
        {1e15, 9, "1000000000000000.000000000"},
        {-2e17, 1, "-200000000000000000.0"},
        {(double)INFINITY, 1, "inf"},
    };
    (void)state;
    for (size_t i = 0; i < sizeof(rows) / sizeof(rows[0]); i++) {
        struct buffer buffer;
        buffer_init(&buffer, 100);
        buffer_add_decimal(&buffer, rows[i].value, rows[i].places);
        buffer_add_byte(&buffer, 0);
        assert_string_equal(buffer.data, rows[i].text);
        buffer_release(&buffer);
    }
}

static void test_buffer_begins_in_storage(void **state)
{
    char storage[8];
    struct buffer buffer;
    (void)state;
    buffer_init_in(&buffer, storage, sizeof(storage), 100);
    buffer_add_text(&buffer, "1234567");
    assert_ptr_equal(buffer.data, storage);
    buffer_add_text(&buffer, "8");
    assert_ptr_not_equal(buffer.data, storage);
    assert_true(slice_equal(buffer_slice(&buffer), SLICE("12345678")));
    buffer_release(&buffer);
    buffer_init_in(&buffer, storage, sizeof(storage), 4);
    buffer_add_text(&buffer, "12345");
    assert_true(buffer.failed);
    buffer_release(&buffer);
    buffer_init_in(&buffer, storage, sizeof(storage), 100);
    buffer_printf(&buffer, "%s", "1234567");
    assert_ptr_equal(buffer.data, storage);
    buffer_printf(&buffer, "%s", "890");
    assert_true(slice_equal(buffer_slice(&buffer), SLICE("1234567890")));
    buffer_release(&buffer);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(test_buffer_decimals),     cmocka_unit_test(test_buffer_begins_in_storage),
        cmocka_unit_test(test_arena_memory),        cmocka_unit_test(test_arena_maximum),
        cmocka_unit_test(test_arena_texts),         cmocka_unit_test(test_buffer_maximum),
        cmocka_unit_test(test_buffer_printf_fills), cmocka_unit_test(test_buffer_byte_order),
    };
    return cmocka_run_group_tests_name("core/memory", tests, NULL, NULL);
}
