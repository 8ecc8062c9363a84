/* SPDX-License-Identifier: Apache-2.0
 * Strict JSON: what is taken, what is refused, and that Jansson says the same of every row. */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>

#include <cmocka.h>
#include <jansson.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "core/json_read.h"

enum { ARENA_MAX = 16 << 20 };

static bool is_taken(struct slice text)
{
    struct arena arena;
    arena_init(&arena, ARENA_MAX);
    bool taken = json_read(&arena, text) != NULL;
    arena_release(&arena);
    json_t *theirs = json_loadb(text.data, text.length, JSON_REJECT_DUPLICATES, NULL);
    if (taken != (theirs != NULL)) {
        print_error("Jansson differs on: %.*s\n", SLICE_ARGS(slice_sub(text, 0, 60)));
    }
    assert_int_equal(taken, theirs != NULL);
    json_decref(theirs);
    return taken;
}

#define ROW(literal) SLICE_INIT(literal)

static void test_what_is_taken(void **state)
{
    static const struct slice rows[] = {
        ROW("{}"),
        ROW(" \t\r\n[ ] \n"),
        ROW("{\"a\":{\"a\":[{\"a\":1},null,true,false]}}"),
        ROW("[0,-0,-1,10,0.5,-0.0,1e5,1E+5,1e-5,0e0,2.50e07]"),
        ROW("[9223372036854775807,-9223372036854775808]"),
        ROW("[1e308,1e-400,0.000000000000000000000000000000000000000000001,0e999999999999]"),
        ROW("[\"\",\"\\\"\\\\\\/\\b\\f\\n\\r\\t\\u00e9\\u20AC\\ud83c\\udd98\\uffff\"]"),
        ROW("[\"\x7f\xc3\xa9\xe2\x82\xac\xf0\x9f\x86\x98\xf4\x8f\xbf\xbf\"]"),
        ROW("{\"\":1,\" \":2,\"\\u0061\":3}"),
    };
    (void)state;
    for (size_t i = 0; i < sizeof(rows) / sizeof(rows[0]); i++) {
        assert_true(is_taken(rows[i]));
    }
}

static const struct slice refused[] = {
    ROW(""),
    ROW(" "),
    ROW("1"),
    ROW("\"a\""),
    ROW("null"),
    ROW("{"),
    ROW("["),
    ROW("[1"),
    ROW("[1,"),
    ROW("[1,]"),
    ROW("[,1]"),
    ROW("[1 2]"),
    ROW("[]]"),
    ROW("[}"),
    ROW("{]"),
    ROW("[] x"),
    ROW("[]\0"),
    ROW("{\"a\"}"),
    ROW("{\"a\":}"),
    ROW("{\"a\":1,}"),
    ROW("{a:1}"),
    ROW("{'a':1}"),
    ROW("{1:1}"),
    ROW("{\"a\":1 \"b\":2}"),
    ROW("{\"a\":1,\"a\":1}"),
    ROW("{\"a\":1,\"\\u0061\":1}"),
    ROW("[nul]"),
    ROW("[nulll]"),
    ROW("[True]"),
    ROW("[tru"),
    ROW("[-]"),
    ROW("[+1]"),
    ROW("[01]"),
    ROW("[-01]"),
    ROW("[1.]"),
    ROW("[.5]"),
    ROW("[1e]"),
    ROW("[1e+]"),
    ROW("[1.e5]"),
    ROW("[0x10]"),
    ROW("[1a]"),
    ROW("[NaN]"),
    ROW("[Infinity]"),
    ROW("[9223372036854775808]"),
    ROW("[-9223372036854775809]"),
    ROW("[100000000000000000000]"),
    ROW("[1e309]"),
    ROW("[-1e999999999999]"),
    ROW("[\"a]"),
    ROW("[\"a\\\"]"),
    ROW("[\"a\\"),
    ROW("[\"\\x41\"]"),
    ROW("[\"\\u12\"]"),
    ROW("[\"\\u12g4\"]"),
    ROW("[\"\\u0000\"]"),
    ROW("{\"\\u0000\":1}"),
    ROW("[\"\\ud800\"]"),
    ROW("[\"\\ud800\\u0041\"]"),
    ROW("[\"\\ud800x\"]"),
    ROW("[\"\\udc00\"]"),
    ROW("[\"\n\"]"),
    ROW("[\"\t\"]"),
    ROW("[\"a\0b\"]"),
    ROW("[\"\x80\"]"),
    ROW("[\"\xc0\x80\"]"),
    ROW("[\"\xc3\"]"),
    ROW("[\"\xe2\x82\"]"),
    ROW("[\"\xed\xa0\x80\"]"),
    ROW("[\"\xf4\x90\x80\x80\"]"),
    ROW("[\"\\\xc3\xa9\"]"),
    ROW("\xef\xbb\xbf[]"),
    ROW("[1]//"),
};

static void test_what_is_refused(void **state)
{
    (void)state;
    for (size_t i = 0; i < sizeof(refused) / sizeof(refused[0]); i++) {
        if (is_taken(refused[i])) {
            print_error("taken: %.*s\n", SLICE_ARGS(refused[i]));
            fail();
        }
    }
}

/* Jansson 2.14 takes these: what it puts back, it loses when it is a NUL. */
static void test_a_nul_is_no_blank(void **state)
{
    struct arena arena;
    (void)state;
    arena_init(&arena, ARENA_MAX);
    assert_null(json_read(&arena, SLICE("[0\0]")));
    assert_null(json_read(&arena, SLICE("[1.5\0,2]")));
    assert_null(json_read(&arena, SLICE("{\"a\":-1\0}")));
    arena_release(&arena);
}

static void test_every_beginning_is_refused(void **state)
{
    static const char whole[] = "{\"a\":[1.5e2,\"\\u00e9\\ud83c\\udd98\",true,null],\"b\":{\"c\":-7}}";
    (void)state;
    for (size_t length = 0; length < sizeof(whole) - 1; length++) {
        assert_false(is_taken(slice_make(whole, length)));
    }
    assert_true(is_taken(slice_make(whole, sizeof(whole) - 1)));
}

/* `count` times `open`, `middle`, `count` times `close`. */
static bool nests(size_t count, const char *open, const char *middle, const char *close)
{
    size_t size = count * (strlen(open) + strlen(close)) + strlen(middle) + 1;
    char *text = malloc(size);
    size_t at = 0;
    assert_non_null(text);
    for (size_t i = 0; i < count; i++) {
        at += (size_t)snprintf(text + at, size - at, "%s", open);
    }
    at += (size_t)snprintf(text + at, size - at, "%s", middle);
    for (size_t i = 0; i < count; i++) {
        at += (size_t)snprintf(text + at, size - at, "%s", close);
    }
    bool taken = is_taken(slice_make(text, at));
    free(text);
    return taken;
}

static void test_depth(void **state)
{
    (void)state;
    assert_true(nests(JSON_READ_DEPTH_MAX, "[", "", "]"));
    assert_false(nests(JSON_READ_DEPTH_MAX, "[", "1", "]"));
    assert_false(nests(JSON_READ_DEPTH_MAX + 1, "[", "", "]"));
    assert_true(nests(JSON_READ_DEPTH_MAX - 1, "{\"a\":", "1", "}"));
    assert_false(nests(30000, "[", "", "]"));
    assert_false(nests(30000, "{\"a\":", "1", "}"));
}

/* More names than are compared one by one. */
static void test_a_name_twice_among_many(void **state)
{
    static char text[64 * 1024];
    (void)state;
    for (unsigned twice = 0; twice < 2; twice++) {
        for (unsigned count = 1; count < 5000; count = count < 20 ? count + 1 : count * 4) {
            size_t at = (size_t)snprintf(text, sizeof(text), "{");
            for (unsigned i = 0; i < count; i++) {
                at += (size_t)snprintf(text + at, sizeof(text) - at, "\"n%u\":0,", i);
            }
            at += (size_t)snprintf(text + at, sizeof(text) - at, "\"n%u\":0}", twice != 0 ? count / 2 : count);
            assert_int_equal(is_taken(slice_make(text, at)), twice == 0);
        }
    }
}

static void test_values(void **state)
{
    struct arena arena;
    (void)state;
    arena_init(&arena, ARENA_MAX);
    struct slice text =
        SLICE("{\"t\":\"plain\",\"e\":\"\\u00e9\\n\\ud83c\\udd98x\",\"i\":-42,\"z\":-0,\"r\":13.5116042,"
              "\"l\":[1,\"two\",null]}");
    const struct tree *tree = json_read(&arena, text);
    assert_non_null(tree);
    assert_int_equal(tree->count, 6);
    const struct tree *plain = tree_member(tree, SLICE("t"));
    assert_true(slice_equal(plain->text, SLICE("plain")));
    assert_true(plain->text.data > text.data && plain->text.data < text.data + text.length); /* borrowed */
    assert_true(slice_equal(tree_member(tree, SLICE("e"))->text, SLICE("\xc3\xa9\n\xf0\x9f\x86\x98x")));
    assert_int_equal(tree_member(tree, SLICE("i"))->integer, -42);
    assert_int_equal(tree_member(tree, SLICE("z"))->integer, 0);
    assert_true(tree_member(tree, SLICE("r"))->real == 13.5116042);
    const struct tree *list = tree_member(tree, SLICE("l"));
    assert_int_equal(list->count, 3);
    assert_true(slice_equal(tree_item(list, 1)->text, SLICE("two")));
    assert_int_equal(tree_item(list, 2)->kind, TREE_NULL);
    assert_null(tree_item(list, 3));
    assert_null(tree_member(tree, SLICE("x")));
    arena_release(&arena);
}

/* Both ways of reading a real give the double that strtod does. */
static void test_reals_are_the_nearest(void **state)
{
    static const char *const rows[] = {
        "0.1",
        "0.3",
        "13.5116042",
        "-179.99999999",
        "123456789012345.0",
        "123456789012345678.5",
        "9007199254740993.0",
        "1e22",
        "1e23",
        "123456789012345e22",
        "4.9406564584124654e-324",
        "2.2250738585072011e-308",
        "1.7976931348623157e308",
        "0.00000000000000000000000001",
        "1e-22",
        "1e-23",
        "8.5e-22",
        "-0.0",
        "1000000000000000000000000000000.0",
    };
    (void)state;
    for (size_t i = 0; i < sizeof(rows) / sizeof(rows[0]); i++) {
        struct arena arena;
        char text[64];
        arena_init(&arena, ARENA_MAX);
        int length = snprintf(text, sizeof(text), "[%s]", rows[i]);
        const struct tree *tree = json_read(&arena, slice_make(text, (size_t)length));
        assert_non_null(tree);
        double expected = strtod(rows[i], NULL);
        assert_memory_equal(&tree->children.first->real, &expected, sizeof(expected));
        arena_release(&arena);
    }
}

static void test_no_memory(void **state)
{
    struct arena arena;
    (void)state;
    for (size_t maximum = 0; maximum < 2000; maximum += 16) {
        arena_init(&arena, maximum);
        const struct tree *tree =
            json_read(&arena, SLICE("{\"a\":[1,2,3,\"\\u00e9\",1.0000000000000000001],\"b\":1,\"c\":2,\"d\":3,\"e\":4,"
                                    "\"f\":5,\"g\":6,\"h\":7,\"i\":8,\"j\":9,\"k\":1,\"l\":2,\"m\":3,\"n\":4,\"o\":5,"
                                    "\"p\":6,\"q\":7}"));
        assert_true(tree == NULL || maximum > 1000);
        arena_release(&arena);
    }
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(test_what_is_taken),
        cmocka_unit_test(test_what_is_refused),
        cmocka_unit_test(test_a_nul_is_no_blank),
        cmocka_unit_test(test_every_beginning_is_refused),
        cmocka_unit_test(test_depth),
        cmocka_unit_test(test_a_name_twice_among_many),
        cmocka_unit_test(test_values),
        cmocka_unit_test(test_reals_are_the_nearest),
        cmocka_unit_test(test_no_memory),
    };
    return cmocka_run_group_tests_name("core json_read", tests, NULL, NULL);
}
