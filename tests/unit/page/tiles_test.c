/* SPDX-License-Identifier: Apache-2.0
 * Which addresses of tiles a page may be given, and what they change of its policy. */
#include "page/tiles.h"

#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <string.h>

#include <cmocka.h>

#include "page/asset.h"

static void test_addresses(void **state)
{
    static const char *const wrong[] = {"",
                                        "http://tiles.example.org/{z}/{x}/{y}.png",
                                        "https:///{z}/{x}/{y}",
                                        "https://tiles.example.org/{z}/{x}.png",
                                        "https://tiles.example.org",
                                        "https://tiles.example.org;script-src *//{z}/{x}/{y}",
                                        "https://tiles.example.org /{z}/{x}/{y}",
                                        "https://tiles.example.org/{z}/{x}/{y}\r\nX: y",
                                        "https://tiles.example.org/{z}/{x}/{y}\"'",
                                        "https://user@tiles.example.org/{z}/{x}/{y}"};
    (void)state;
    for (size_t i = 0; i < sizeof(wrong) / sizeof(wrong[0]); i++) {
        assert_false(page_tiles_fit(slice_of(wrong[i])));
    }
    assert_true(page_tiles_fit(SLICE("https://tiles.example.org/{z}/{x}/{y}.png")));
    assert_true(page_tiles_fit(SLICE("https://10.0.0.7:8443/osm/{z}/{x}/{y}@2x.png?key=a_B1")));
}

static void test_the_policy(void **state)
{
    struct buffer out;
    (void)state;
    buffer_init(&out, 4096);
    page_tiles_csp(&out, SLICE(""));
    assert_true(slice_equal(buffer_slice(&out), slice_of(page_csp_desk())));
    buffer_clear(&out);
    page_tiles_csp(&out, SLICE("https://tiles.example.org:444/{z}/{x}/{y}.png"));
    buffer_add_byte(&out, '\0');
    assert_non_null(
        strstr(buffer_slice(&out).data, "; img-src data: https://tiles.example.org:444; form-action 'self'"));
    assert_int_equal(strlen(buffer_slice(&out).data),
                     strlen(page_csp_desk()) + strlen(" https://tiles.example.org:444"));
    buffer_release(&out);
}

int main(void)
{
    const struct CMUnitTest tests[] = {cmocka_unit_test(test_addresses), cmocka_unit_test(test_the_policy)};
    return cmocka_run_group_tests(tests, NULL, NULL);
}
