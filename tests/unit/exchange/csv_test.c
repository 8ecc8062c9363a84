/* SPDX-License-Identifier: Apache-2.0
 * Tables: quotes, separators, line ends, what is no table; and that what is written is read back. Alphabets too. */
#include "exchange/csv.h"

#include <setjmp.h>
#include <stdarg.h>
#include <stdint.h>
#include <stdio.h>
#include <string.h>
#include <cmocka.h>

#include "exchange/charset.h"

enum { ROWS = 4 };

static int set_up(void **state)
{
    static struct arena arena;
    arena_init(&arena, 1 << 20);
    *state = &arena;
    return 0;
}

static int tear_down(void **state)
{
    arena_release(*state);
    return 0;
}

/* The cells as "a|b" and rows as "/", to be compared at a glance. */
static void assert_table(struct arena *arena, const char *text, const char *wanted)
{
    struct csv_table table;
    struct buffer seen;
    buffer_init(&seen, 4096);
    assert_int_equal(csv_parse(arena, slice_of(text), ROWS, &table), CSV_OK);
    for (size_t i = 0; i < table.count; i++) {
        buffer_add_text(&seen, i > 0 ? "/" : "");
        for (size_t k = 0; k < table.rows[i].count; k++) {
            buffer_add_text(&seen, k > 0 ? "|" : "");
            buffer_add_slice(&seen, table.rows[i].cells[k]);
        }
    }
    buffer_add_byte(&seen, '\0');
    assert_string_equal(seen.data, wanted);
    buffer_release(&seen);
}

static void test_cells(void **state)
{
    assert_table(*state, "a,b\r\nc,d\r\n", "a|b/c|d");
    assert_table(*state, "a;b\nc,;d", "a|b/c,|d");
    assert_table(*state, "a\tb\rc\td", "a|b/c|d");
    assert_table(*state, "sep=;\r\na;b,c,d\r\n", "a|b,c,d");
    assert_table(*state, "\"a;b\",\"c\"\"d\"\n\"e\nf\",", "a;b|c\"d/e\nf|");
    assert_table(*state, "\"a\" b,c\n\n , \nd", "a b|c/d");
    assert_table(*state, "'+227,'=x,'y\n", "+227|=x|'y");
}

static void test_lines_are_those_of_the_file(void **state)
{
    struct csv_table table;
    assert_int_equal(csv_parse(*state, SLICE("a\r\n\r\n\"b\r\nc\"\r\nd"), ROWS, &table), CSV_OK);
    assert_int_equal(table.rows[1].line, 3);
    assert_int_equal(table.rows[2].line, 5);
}

static void test_what_is_no_table(void **state)
{
    struct csv_table table;
    char wide[CSV_COLUMNS_MAX + 2];
    assert_int_equal(csv_parse(*state, SLICE("a\nb,\"c\nd"), ROWS, &table), CSV_UNCLOSED_QUOTE);
    assert_int_equal(table.line, 2);
    assert_int_equal(csv_parse(*state, SLICE("1\n2\n3\n4\n5"), ROWS, &table), CSV_TOO_MANY_ROWS);
    memset(wide, ',', sizeof(wide));
    assert_int_equal(csv_parse(*state, slice_make(wide, CSV_COLUMNS_MAX - 1), ROWS, &table), CSV_OK);
    assert_int_equal(csv_parse(*state, slice_make(wide, CSV_COLUMNS_MAX), ROWS, &table), CSV_TOO_MANY_COLUMNS);
}

static void test_written_cells(void **state)
{
    struct buffer out;
    (void)state;
    buffer_init(&out, 4096);
    csv_add_cell(&out, SLICE("a\"b"), '\0');
    csv_add_cell(&out, SLICE("=1+1"), ';');
    csv_add_cell(&out, SLICE("+227 90"), ';');
    csv_add_cell(&out, SLICE("c,d"), ';');
    csv_end_row(&out);
    assert_true(slice_equal(buffer_slice(&out), SLICE("\"a\"\"b\";'=1+1;'+227 90;\"c,d\"\r\n")));
    buffer_release(&out);
}

static void assert_read(struct arena *arena, struct slice bytes, enum charset charset, const char *wanted)
{
    struct slice text;
    assert_int_equal(charset_to_utf8(arena, bytes, &text), charset);
    assert_true(slice_equal(text, slice_of(wanted)));
}

static void test_alphabets(void **state)
{
    assert_read(*state, SLICE("\xEF\xBB\xBF\xC3\xA9"), CHARSET_UTF_8, "é");
    assert_read(*state, SLICE("\xE9,\x80"), CHARSET_WINDOWS_1252, "é,€");
    assert_read(*state, SLICE("\xFF\xFE\xE9\0\x3D\xD8\0\xDE"), CHARSET_UTF_16, "é😀");
    assert_read(*state, SLICE("\xFE\xFF\0\xE9\xD8\x3D"), CHARSET_UTF_16, "é\xEF\xBF\xBD");
    assert_read(*state, SLICE("a\0,\0b\0"), CHARSET_UTF_16, "a,b");
    assert_read(*state, SLICE("PK\003\004\0\0"), CHARSET_WORKBOOK, "");
    assert_read(*state, SLICE("\0a\0bc\0\0d"), CHARSET_BINARY, "");
    assert_read(*state, SLICE(""), CHARSET_UTF_8, "");
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test_setup_teardown(test_cells, set_up, tear_down),
        cmocka_unit_test_setup_teardown(test_lines_are_those_of_the_file, set_up, tear_down),
        cmocka_unit_test_setup_teardown(test_what_is_no_table, set_up, tear_down),
        cmocka_unit_test_setup_teardown(test_written_cells, set_up, tear_down),
        cmocka_unit_test_setup_teardown(test_alphabets, set_up, tear_down),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
