/* SPDX-License-Identifier: Apache-2.0
 * Which encoding a caller gets, and that nothing is taken for one when memory ends. */
#include "page/encoding.h"

#include <setjmp.h>
#include <stdarg.h>
#include <stdint.h>
#include <cmocka.h>
#define ZLIB_CONST
#include <zlib.h>

static void test_negotiate(void **state)
{
    static const struct {
        const char *accepted;
        enum page_encoding chosen;
    } rows[] = {
        {"", PAGE_PLAIN},
        {"gzip, deflate, br", PAGE_BROTLI},
        {"gzip, deflate", PAGE_GZIP},
        {"GZip;q=0.5", PAGE_GZIP},
        {"br;q=0, gzip", PAGE_GZIP},
        {"br;q=0.000,gzip;q=0.", PAGE_PLAIN},
        {"br ; q=0.001", PAGE_BROTLI},
        {"identity, *", PAGE_PLAIN},
        {"brx, xbr, gzipped", PAGE_PLAIN},
        {",,;;q=,br", PAGE_BROTLI},
    };
    (void)state;
    for (size_t i = 0; i < sizeof(rows) / sizeof(rows[0]); i++) {
        assert_int_equal(page_encoding_negotiate(slice_of(rows[i].accepted)), rows[i].chosen);
    }
}

static void test_gzip_comes_back(void **state)
{
    static const struct slice plain = SLICE_INIT("a page, a page, a page, a page, a page, a page, a page, a page");
    char back[128];
    (void)state;
    for (enum page_effort effort = PAGE_EFFORT_ONE; effort <= PAGE_EFFORT_MANY; effort++) {
        struct buffer out;
        z_stream z = {.zalloc = Z_NULL};
        buffer_init(&out, 1024);
        buffer_add_text(&out, "before"); /* what is there stays */
        assert_true(page_encode(&out, PAGE_GZIP, effort, plain));
        assert_int_equal(inflateInit2(&z, 15 + 16), Z_OK);
        z.next_in = (const Bytef *)out.data + 6;
        z.avail_in = (uInt)(out.length - 6);
        z.next_out = (Bytef *)back;
        z.avail_out = sizeof(back);
        assert_int_equal(inflate(&z, Z_FINISH), Z_STREAM_END);
        assert_true(slice_equal(slice_make(back, z.total_out), plain));
        assert_int_equal(z.avail_in, 0);
        (void)inflateEnd(&z);
        buffer_release(&out);
    }
}

static void test_no_room(void **state)
{
    (void)state;
    for (enum page_encoding encoding = PAGE_PLAIN; encoding < PAGE_ENCODING_COUNT; encoding++) {
        struct buffer out;
        buffer_init(&out, 4);
        assert_false(page_encode(&out, encoding, PAGE_EFFORT_ONE, SLICE("too long for four")));
        assert_true(out.failed);
        buffer_release(&out);
    }
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(test_negotiate),
        cmocka_unit_test(test_gzip_comes_back),
        cmocka_unit_test(test_no_room),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
