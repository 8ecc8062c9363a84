/* SPDX-License-Identifier: Apache-2.0
 * Septets, units and segments at every boundary. */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>

#include <cmocka.h>
#include <string.h>

#include "domain/sms_segment.h"

enum { TEXT_MAX = 8192 };

/* `count` times `piece`, and then `end`. */
static struct sms_size size_of(const char *piece, size_t count, const char *end)
{
    static char text[TEXT_MAX];
    size_t length = 0;
    for (size_t i = 0; i < count; i++) {
        memcpy(text + length, piece, strlen(piece));
        length += strlen(piece);
    }
    memcpy(text + length, end, strlen(end));
    return sms_segment_count(slice_make(text, length + strlen(end)));
}

static void test_boundaries(void **state)
{
    static const struct {
        const char *piece;
        size_t count;
        const char *end;
        bool ucs2;
        size_t units, segments;
    } rows[] = {
        {"", 0, "", false, 0, 1},        {"a", 160, "", false, 160, 1},
        {"a", 161, "", false, 161, 2},   {"a", 306, "", false, 306, 2},
        {"a", 307, "", false, 307, 3},   {"é", 160, "", false, 160, 1},
        {"€", 80, "", false, 160, 1},    {"€", 80, "a", false, 161, 2},
        {"a", 152, "€a", false, 155, 1}, {"a", 152, "€aaaaaaa", false, 161, 2},
        {"a", 152, "€", false, 154, 1},  {"ɗ", 70, "", true, 70, 1},
        {"ɗ", 71, "", true, 71, 2},      {"ɗ", 134, "", true, 134, 2},
        {"ɗ", 135, "", true, 135, 3},    {"a", 69, "ɗ", true, 70, 1},
        {"🆘", 35, "", true, 70, 1},      {"🆘", 36, "", true, 72, 2},
        {"🆘", 66, "", true, 132, 2},     {"🆘", 67, "", true, 134, 3}, /* 33 to a piece: the 34th would be split */
        {"ç", 1, "", true, 1, 1},        {"Ç", 1, "", false, 1, 1},
        {"`", 1, "", true, 1, 1},        {"\t", 1, "", true, 1, 1},
    };
    (void)state;
    for (size_t i = 0; i < sizeof(rows) / sizeof(rows[0]); i++) {
        struct sms_size size = size_of(rows[i].piece, rows[i].count, rows[i].end);
        if (size.ucs2 != rows[i].ucs2 || size.units != rows[i].units || size.segments != rows[i].segments) {
            fail_msg("row %zu: %s, %zu units, %zu segments", i, size.ucs2 ? "UCS-2" : "GSM", size.units, size.segments);
        }
    }
}

/* Each character of the alphabet, as the standard's table 6.2.1 has it, counts one; those of the extension table two. */
static void test_the_alphabet(void **state)
{
    static const char alphabet[] =
        "@£$¥èéùìòÇ\nØø\rÅåΔ_ΦΓΛΩΠΨΣΘΞÆæßÉ !\"#¤%&'()*+,-./0123456789:;<=>?¡ABCDEFGHIJKLMNOPQRSTUVWXYZ"
        "ÄÖÑÜ§¿abcdefghijklmnopqrstuvwxyzäöñüà";
    static const char extension[] = "\f^{}\\[~]|€";
    (void)state;
    struct sms_size size = sms_segment_count(slice_of(alphabet));
    assert_false(size.ucs2);
    assert_int_equal(size.units, 127); /* 128 places, of which one is the escape */
    size = sms_segment_count(slice_of(extension));
    assert_false(size.ucs2);
    assert_int_equal(size.units, 20);
}

static void test_what_is_no_text_is_counted(void **state)
{
    (void)state;
    struct sms_size size = sms_segment_count(SLICE("a\xff\xc3"));
    assert_true(size.ucs2);
    assert_int_equal(size.units, 3);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(test_boundaries),
        cmocka_unit_test(test_the_alphabet),
        cmocka_unit_test(test_what_is_no_text_is_counted),
    };
    return cmocka_run_group_tests_name("domain sms segment", tests, NULL, NULL);
}
