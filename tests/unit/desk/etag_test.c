/* SPDX-License-Identifier: Apache-2.0
 * If-Match against the versions we give. */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>

#include <cmocka.h>

#include "desk/etag.h"

static void conditions(void **state)
{
    static const struct {
        const char *header;
        bool conditional;
        int32_t version;
    } cases[] = {
        {"", false, 0},       {"*", false, 0},     {"\"1\"", true, 1},           {" \"12\" ", true, 12},
        {"\"\"", true, -1},   {"12", true, -1},    {"W/\"12\"", true, -1},       {"\"1\", \"2\"", true, -1},
        {"\"-1\"", true, -1}, {"\"x\"", true, -1}, {"\"2147483648\"", true, -1}, {"\"", true, -1},
    };
    (void)state;
    for (size_t i = 0; i < sizeof(cases) / sizeof(cases[0]); i++) {
        int32_t version = 0;
        assert_int_equal(etag_if_match(slice_of(cases[i].header), &version), cases[i].conditional);
        assert_int_equal(version, cases[i].version);
    }
}

static void what_we_gave_matches(void **state)
{
    static const int32_t versions[] = {0, 1, 99, INT32_MAX};
    (void)state;
    for (size_t i = 0; i < sizeof(versions) / sizeof(versions[0]); i++) {
        char text[ETAG_SIZE];
        int32_t back = -2;
        assert_true(etag_if_match(etag_format(versions[i], text), &back));
        assert_int_equal(back, versions[i]);
    }
}

int main(void)
{
    const struct CMUnitTest tests[] = {cmocka_unit_test(conditions), cmocka_unit_test(what_we_gave_matches)};
    return cmocka_run_group_tests_name("desk/etag", tests, NULL, NULL);
}
