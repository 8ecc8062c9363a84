/* SPDX-License-Identifier: Apache-2.0
 * UTF-8, UUIDs, hexadecimal and JSON strings. */
#include "core/id.h"
#include "core/json_text.h"
#include "core/utf8.h"

#include <setjmp.h>
#include <stdarg.h>
#include <stdint.h>
#include <stdio.h>
#include <string.h>
#include <cmocka.h>

static void test_every_code_point(void **state)
{
    (void)state;
    for (uint32_t c = 0; c <= 0x10FFFF; c++) {
        char bytes[4];
        uint32_t read = 0xFFFFFFFF;
        if (c >= 0xD800 && c <= 0xDFFF) {
            continue;
        }
        size_t size = utf8_encode(c, bytes);
        struct slice rest = slice_make(bytes, size);
        assert_true(utf8_next(&rest, &read));
        assert_int_equal(read, c);
        assert_int_equal(rest.length, 0);
        for (size_t cut = 1; cut < size; cut++) { /* no shorter text is whole */
            rest = slice_make(bytes, cut);
            assert_false(utf8_next(&rest, &read));
            assert_int_equal(rest.length, cut);
        }
    }
}

/* All runs of up to three bytes: what is accepted is exactly what encoding gives. */
static void test_only_encodings_are_read(void **state)
{
    (void)state;
    for (uint32_t n = 0; n < 1U << 24; n += n < 1U << 16 ? 1 : 7) {
        const char bytes[] = {(char)(n >> 16), (char)(n >> 8), (char)n};
        char again[4];
        uint32_t c = 0;
        struct slice rest = slice_make(bytes, sizeof(bytes));
        if (utf8_next(&rest, &c)) {
            size_t size = utf8_encode(c, again);
            assert_int_equal(size, sizeof(bytes) - rest.length);
            assert_memory_equal(again, bytes, size);
        }
    }
}

static void test_broken_utf8(void **state)
{
    static const char *const broken[] = {"\x80",
                                         "\xBF",
                                         "\xC0\x80",
                                         "\xC1\xBF",
                                         "\xC3",
                                         "\xC3\x28",
                                         "\xE0\x80\x80",
                                         "\xE0\x9F\xBF",
                                         "\xED\xA0\x80",
                                         "\xED\xBF\xBF",
                                         "\xE2\x82",
                                         "\xF0\x8F\xBF\xBF",
                                         "\xF4\x90\x80\x80",
                                         "\xF5\x80\x80\x80",
                                         "\xFF",
                                         "a\xFE"};
    (void)state;
    for (size_t i = 0; i < sizeof(broken) / sizeof(broken[0]); i++) {
        assert_false(utf8_is_valid(slice_of(broken[i])));
        assert_false(utf8_is_text(slice_of(broken[i])));
    }
}

static void test_what_is_text(void **state)
{
    (void)state;
    for (uint32_t c = 0; c < 0x180; c++) {
        char bytes[4];
        bool control = c < 0x20 || (c >= 0x7F && c <= 0x9F);
        bool blank = c == '\t' || c == '\n' || c == '\r';
        struct slice text = slice_make(bytes, utf8_encode(c, bytes));
        assert_int_equal(utf8_is_text(text), !control || blank);
        assert_int_equal(utf8_length(text), 1);
    }
    assert_true(utf8_is_text((struct slice){NULL, 0}));
    assert_int_equal(utf8_length(SLICE("N'Guigmi \xC3\xA9\xE2\x82\xAC\xF0\x9F\x86\x98")), 12);
}

static void test_uuids(void **state)
{
    static const char *const odd[] = {"",
                                      "123e4567-e89b-12d3-a456-42661417400",
                                      "123e4567-e89b-12d3-a456-4266141740000",
                                      "123e4567e89b12d3a456426614174000",
                                      "123e4567-e89b-12d3-a456_426614174000",
                                      "g23e4567-e89b-12d3-a456-426614174000",
                                      "123e-4567e89b-12d3-a456-426614174000",
                                      "{23e4567-e89b-12d3-a456-42661417400}"};
    struct uuid uuid;
    struct uuid again;
    char text[UUID_TEXT_SIZE + 1];
    (void)state;
    assert_true(uuid_parse(SLICE("123E4567-e89b-12d3-A456-426614174000"), &uuid));
    assert_true(slice_equal(uuid_format(&uuid, text), SLICE("123e4567-e89b-12d3-a456-426614174000")));
    for (size_t i = 0; i < sizeof(odd) / sizeof(odd[0]); i++) {
        assert_false(uuid_parse(slice_of(odd[i]), &uuid));
    }
    for (unsigned i = 0; i < 1000; i++) {
        uuid = uuid_random();
        assert_true(uuid_parse(uuid_format(&uuid, text), &again) && uuid_equal(&uuid, &again));
        assert_true(text[14] == '4' && strchr("89ab", text[19]) != NULL);
        again = uuid_random();
        assert_false(uuid_equal(&uuid, &again));
        uuid = uuid_from_digest(again.bytes);
        (void)uuid_format(&uuid, text);
        assert_true(text[14] == '8' && strchr("89ab", text[19]) != NULL);
    }
}

static void test_hexadecimal(void **state)
{
    uint8_t bytes[256];
    uint8_t again[256];
    char text[2 * sizeof(bytes) + 1];
    (void)state;
    for (size_t i = 0; i < sizeof(bytes); i++) {
        bytes[i] = (uint8_t)i;
    }
    assert_true(hex_parse(hex_format(bytes, sizeof(bytes), text), again, sizeof(again)));
    assert_memory_equal(bytes, again, sizeof(bytes));
    assert_true(hex_parse(SLICE("aBcD"), again, 2) && again[0] == 0xAB && again[1] == 0xCD);
    assert_false(hex_parse(SLICE("abc"), again, 2));
    assert_false(hex_parse(SLICE("abcg"), again, 2));
    assert_false(hex_parse(SLICE("abcdef"), again, 2));
    assert_true(hex_parse((struct slice){NULL, 0}, again, 0));
}

static void expect_json(struct slice text, const char *json)
{
    struct buffer buffer;
    buffer_init(&buffer, 4096);
    json_text_add(&buffer, text);
    if (buffer.failed || !slice_equal(buffer_slice(&buffer), slice_of(json))) {
        fail_msg("%.*s is not %s", SLICE_ARGS(buffer_slice(&buffer)), json);
    }
    buffer_release(&buffer);
}

static void test_json_strings(void **state)
{
    struct buffer buffer;
    (void)state;
    expect_json((struct slice){NULL, 0}, "\"\"");
    expect_json(SLICE("plain \xC3\xA9 \xF0\x9F\x86\x98"), "\"plain \xC3\xA9 \xF0\x9F\x86\x98\"");
    expect_json(SLICE("\"\\/\n\t\r\b\0\x1F\x7F"), "\"\\\"\\\\/\\n\\u0009\\u000d\\u0008\\u0000\\u001f\\u007f\"");
    expect_json(SLICE("</script>"), "\"\\u003c/script>\"");
    expect_json(SLICE("\xE2\x80\xA8\xE2\x80\xA9"), "\"\\u2028\\u2029\"");
    expect_json(SLICE("a\xFF\xC3z"), "\"a\xEF\xBF\xBD\xEF\xBF\xBDz\"");
    buffer_init(&buffer, 5);
    json_text_add(&buffer, SLICE("abcdef"));
    assert_true(buffer.failed);
    buffer_release(&buffer);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(test_every_code_point),
        cmocka_unit_test(test_only_encodings_are_read),
        cmocka_unit_test(test_broken_utf8),
        cmocka_unit_test(test_what_is_text),
        cmocka_unit_test(test_uuids),
        cmocka_unit_test(test_hexadecimal),
        cmocka_unit_test(test_json_strings),
    };
    return cmocka_run_group_tests_name("core/text", tests, NULL, NULL);
}
