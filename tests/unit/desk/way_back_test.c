/* SPDX-License-Identifier: Apache-2.0
 * The way back after a sign-in: to our own pages, and nowhere else. */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <string.h>

#include <cmocka.h>

#include "desk/way_back.h"

static struct arena arena;

static void our_own_pages(void **state)
{
    static const char *const own[] = {
        "/",
        "/map",
        "/account",
        "/wardens",
        "/?queue=assistance&zone=0f8fad5b-d9cb-469f-a165-70867728950e&lang=fr",
        "/map?bbox=1.5,13,2.5,14&zoom=7",
        "/?place=Gaya%20(B%C3%A9nin)",
        "/audit?from=2023-07-30T10:00:00Z",
        "/?",
        "/?//example.org/",
    };
    (void)state;
    for (size_t i = 0; i < sizeof(own) / sizeof(own[0]); i++) {
        assert_true(way_back_is_own(slice_of(own[i])));
    }
}

static void nowhere_else(void **state)
{
    static const char *const other[] = {
        "",
        "//example.org",
        "//example.org/map",
        "https://example.org/",
        "/\\example.org",
        "\\/example.org",
        "/@example.org",
        "/map/../sign-in",
        "/map/",
        "/%2Fexample.org",
        "map",
        "?queue=assistance",
        "javascript:alert(1)",
        "/sign-in",
        "/api/v1/cases/K7M2Q-9QXD4",
        "/MAP",
        "/;/example.org",
        "/ ",
        " /",
        "/?a=b\r\nSet-Cookie: x=y",
        "/?a b",
        "/?a=\"",
        "/?a=<b>",
        "/?a=\\",
        "/?a#b",
        "/?a=\x7f",
        "/?a=\xc3\xa9",
    };
    char long_one[WAY_BACK_MAX + 2];
    (void)state;
    for (size_t i = 0; i < sizeof(other) / sizeof(other[0]); i++) {
        assert_false(way_back_is_own(slice_of(other[i])));
    }
    assert_false(way_back_is_own(slice_make("/?a\0b", 5)));
    memset(long_one, 'a', sizeof(long_one));
    memcpy(long_one, "/?", 2);
    assert_true(way_back_is_own(slice_make(long_one, WAY_BACK_MAX)));
    assert_false(way_back_is_own(slice_make(long_one, WAY_BACK_MAX + 1)));
}

static void made_of_a_request(void **state)
{
    (void)state;
    assert_true(slice_equal(way_back_make(&arena, SLICE("/map"), SLICE("zoom=7")), SLICE("/map?zoom=7")));
    assert_true(slice_equal(way_back_make(&arena, SLICE("/"), SLICE("")), SLICE("/")));
    assert_int_equal(way_back_make(&arena, SLICE("/sign-in"), SLICE("")).length, 0);
    assert_int_equal(way_back_make(&arena, SLICE("/"), SLICE("a=\"")).length, 0);
}

static void what_a_link_to_another_language_keeps(void **state)
{
    static const struct {
        const char *address, *path, *filters;
    } cases[] = {
        {"/map?lang=fr&zoom=7", "/map", "zoom=7"},
        {"/?queue=overdue&lang=en&need=pets", "/", "queue=overdue&need=pets"},
        {"/?language=x", "/", "language=x"},
        {"/map", "/map", ""},
        {"", "/", ""},
    };
    (void)state;
    for (size_t i = 0; i < sizeof(cases) / sizeof(cases[0]); i++) {
        assert_true(slice_equal(way_back_path(slice_of(cases[i].address)), slice_of(cases[i].path)));
        assert_true(slice_equal(way_back_filters(&arena, slice_of(cases[i].address)), slice_of(cases[i].filters)));
    }
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(our_own_pages),
        cmocka_unit_test(nowhere_else),
        cmocka_unit_test(made_of_a_request),
        cmocka_unit_test(what_a_link_to_another_language_keeps),
    };
    arena_init(&arena, 1 << 16);
    int failed = cmocka_run_group_tests(tests, NULL, NULL);
    arena_release(&arena);
    return failed;
}
