/* SPDX-License-Identifier: Apache-2.0
 * Forms with a file, as browsers write them, and what is none. */
#include "net/multipart.h"

#include <setjmp.h>
#include <stdarg.h>
#include <stdint.h>
#include <stdio.h>
#include <string.h>
#include <cmocka.h>

#define PART(name, content) "--b\r\nContent-Disposition: form-data; name=\"" name "\"\r\n\r\n" content "\r\n"
#define FILE_PART(name, content)                                                                                       \
    "--b\r\ncontent-disposition: form-data; filename=\"" name "\"; name=f\r\nContent-Type: text/csv\r\n\r\n" content   \
    "\r\n"

static bool parse(const char *type, const char *body, struct form *form, struct multipart_file *file)
{
    static struct arena arena;
    arena_release(&arena);
    arena_init(&arena, 1 << 20);
    return multipart_parse(&arena, slice_of(type), slice_of(body), form, file);
}

static const char b[] = "multipart/form-data; boundary=b";

static void test_fields_and_a_file(void **state)
{
    struct form form;
    struct multipart_file file;
    (void)state;
    assert_true(parse("Multipart/Form-Data; charset=utf-8; BOUNDARY=\"b\"",
                      "preamble\r\n" PART("a", "1\r\n--c") FILE_PART("x.csv", "p,q\r\n") PART("a", "") "--b--\r\n",
                      &form, &file));
    assert_int_equal(form.count, 2);
    assert_true(slice_equal(form.pairs[0].value, SLICE("1\r\n--c")));
    assert_true(file.given && slice_equal(file.bytes, SLICE("p,q\r\n")) && slice_equal(file.field, SLICE("f")));
    assert_true(parse(b, FILE_PART("", "") "--b--", &form, &file));
    assert_false(file.given);
}

static void test_what_is_none(void **state)
{
    static const char *const bodies[] = {"",
                                         "--b--x"
                                         "",
                                         PART("a", "1"),
                                         "--b\r\nContent-Type: text/plain\r\n\r\n1\r\n--b--",
                                         "--b\r\nContent-Disposition: form-data; name=\"a\r\n\r\n1\r\n--b--",
                                         "--bx\r\n\r\n--b--"};
    struct form form;
    struct multipart_file file;
    (void)state;
    for (size_t i = 0; i < sizeof(bodies) / sizeof(bodies[0]); i++) {
        bool empty = strcmp(bodies[i], "--b--x") == 0; /* an end and an epilogue: a form without fields */
        assert_true(parse(b, bodies[i], &form, &file) == empty);
    }
    assert_false(parse("multipart/form-data", PART("a", "1") "--b--", &form, &file));
    assert_false(parse("multipart/form-data; boundary=", PART("a", "1") "--b--", &form, &file));
    assert_false(parse("multipart/mixed; boundary=b", PART("a", "1") "--b--", &form, &file));
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(test_fields_and_a_file),
        cmocka_unit_test(test_what_is_none),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
