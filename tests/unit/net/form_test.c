/* SPDX-License-Identifier: Apache-2.0
 * Forms, queries, cookies, media types, and the table of octets they rest on. */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <string.h>

#include <cmocka.h>

#include "core/buffer.h"
#include "net/form.h"
#include "net/http.h"
#include "net/octet.h"
#include "net/percent.h"

static void test_form(void **state)
{
    static const struct {
        const char *body;
        bool valid;
        size_t count;
        const char *value; /* of "a" */
    } rows[] = {
        {"", true, 0, NULL},
        {"a=1", true, 1, "1"},
        {"a=1&b=2&a=3", true, 3, "1"},
        {"a", true, 1, ""},
        {"a=", true, 1, ""},
        {"=1", true, 1, NULL},
        {"&&a=1&&", true, 1, "1"},
        {"a=x+y%2Bz", true, 1, "x y+z"},
        {"%61=%C3%A9", true, 1, "\xc3\xa9"},
        {"a=b=c", true, 1, "b=c"},
        {"a=%2526", true, 1, "%26"},
        {"a=%", false, 0, NULL},
        {"a=%4", false, 0, NULL},
        {"%zz=1", false, 0, NULL},
        {"a=1&b=%4", false, 0, NULL},
    };
    (void)state;
    for (size_t i = 0; i < sizeof(rows) / sizeof(rows[0]); i++) {
        struct arena arena;
        struct form form;
        struct slice value = {NULL, 0};
        arena_init(&arena, 65536);
        bool valid = form_parse(&arena, slice_of(rows[i].body), &form);
        bool found = valid && form_find(&form, SLICE("a"), &value);
        if (valid != rows[i].valid || (valid && form.count != rows[i].count) || found != (rows[i].value != NULL) ||
            (found && !slice_equal(value, slice_of(rows[i].value)))) {
            fail_msg("%s", rows[i].body);
        }
        arena_release(&arena);
    }
}

static void test_form_is_bounded(void **state)
{
    struct buffer body;
    struct arena arena;
    struct form form;
    (void)state;
    buffer_init(&body, 4096);
    arena_init(&arena, 1 << 20);
    for (size_t i = 0; i < FORM_PAIRS_MAX; i++) {
        buffer_add_text(&body, "a=%41&");
    }
    assert_true(form_parse(&arena, buffer_slice(&body), &form));
    assert_int_equal(form.count, FORM_PAIRS_MAX);
    buffer_add_text(&body, "a");
    assert_false(form_parse(&arena, buffer_slice(&body), &form));
    arena_release(&arena);
    for (size_t maximum = 0; maximum < 32768; maximum += 512) { /* memory that runs out anywhere is a refusal */
        body.length = FORM_PAIRS_MAX * 6;
        arena_init(&arena, maximum);
        if (form_parse(&arena, buffer_slice(&body), &form)) {
            assert_int_equal(form.count, FORM_PAIRS_MAX);
        }
        arena_release(&arena);
    }
    buffer_release(&body);
}

static void test_request(void **state)
{
    struct http_request request = {
        .query = SLICE("lang=fr&q=a+b&%6bey=%C3%A9&bad=%"),
        .headers = {{SLICE("Content-Type"), SLICE("Application/JSON ; charset=utf-8")},
                    {SLICE("cookie"), SLICE("x=1; __Host-muster=abc=; y")},
                    {SLICE("Cookie"), SLICE("z=2")}},
        .header_count = 3,
    };
    struct arena arena;
    struct slice value = {NULL, 0};
    (void)state;
    arena_init(&arena, 65536);
    assert_true(http_request_query(&request, &arena, SLICE("lang"), &value) && slice_equal(value, SLICE("fr")));
    assert_true(http_request_query(&request, &arena, SLICE("q"), &value) && slice_equal(value, SLICE("a b")));
    assert_true(http_request_query(&request, &arena, SLICE("key"), &value) && slice_equal(value, SLICE("\xc3\xa9")));
    assert_false(http_request_query(&request, &arena, SLICE("bad"), &value));
    assert_false(http_request_query(&request, &arena, SLICE("none"), &value));
    assert_true(http_request_media_type_is(&request, SLICE("application/json")));
    assert_false(http_request_media_type_is(&request, SLICE("application/jso")));
    assert_true(slice_equal(http_request_cookie(&request, SLICE("__Host-muster")), SLICE("abc=")));
    assert_true(slice_equal(http_request_cookie(&request, SLICE("z")), SLICE("2")));
    assert_int_equal(http_request_cookie(&request, SLICE("y")).length, 0);
    assert_true(slice_equal(http_request_header(&request, SLICE("COOKIE")), SLICE("x=1; __Host-muster=abc=; y")));
    arena_release(&arena);
}

static bool in(const char *set, int c)
{
    return c != 0 && strchr(set, c) != NULL;
}

/* The table against the grammars it was made from. */
static void test_octets(void **state)
{
    static const char alnum[] = "abcdefghijklmnopqrstuvwxyzABCDEFGHIJKLMNOPQRSTUVWXYZ0123456789";
    (void)state;
    for (int c = 0; c < 256; c++) {
        char octet = (char)c;
        assert_int_equal(octet_is(octet, OCTET_TOKEN), in(alnum, c) || in("!#$%&'*+-.^_`|~", c));
        assert_int_equal(octet_is(octet, OCTET_VALUE), c == '\t' || (c >= 0x20 && c != 0x7f));
        assert_int_equal(octet_is(octet, OCTET_TARGET), c > 0x20 && c < 0x7f && !in("\"<>\\#", c));
        assert_int_equal(octet_is(octet, OCTET_HOST), in(alnum, c) || in("-._~!$&'()*+,;=%", c));
        assert_int_equal(octet_is(octet, OCTET_DIGIT), c >= '0' && c <= '9');
        assert_int_equal(octet_is(octet, OCTET_HEX), in("0123456789abcdefABCDEF", c));
    }
    for (unsigned digit = 0; digit < 16; digit++) {
        assert_int_equal(octet_hex_value("0123456789abcdef"[digit]), digit);
        assert_int_equal(octet_hex_value("0123456789ABCDEF"[digit]), digit);
    }
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(test_form),
        cmocka_unit_test(test_form_is_bounded),
        cmocka_unit_test(test_request),
        cmocka_unit_test(test_octets),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
