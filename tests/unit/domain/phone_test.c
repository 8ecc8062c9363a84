/* SPDX-License-Identifier: Apache-2.0
 * Telephone numbers as people write them. All are of ranges for invention, or in no use. */
#include "domain/phone.h"

#include <setjmp.h>
#include <stdarg.h>
#include <stdint.h>
#include <string.h>
#include <cmocka.h>

#include "core/clock.h"

static void test_numbers(void **state)
{
    static const struct {
        const char *text;
        const char *country;
        const char *e164; /* NULL: no number */
    } numbers[] = {
        {"90 12 34 56", "NE", "+22790123456"},
        {"90123456", "NE", "+22790123456"},
        {"90-12.34 56", "NE", "+22790123456"},
        {"+227 90 12 34 56", "NE", "+22790123456"},
        {"+22790123456", "US", "+22790123456"},
        {"0022790123456", "NE", "+22790123456"},
        {"00 227 90 12 34 56", "US", "+22790123456"}, /* "00" is not how America dials abroad */
        {"(202) 555-0123", "US", "+12025550123"},
        {"+1 202 555 0123", "NE", "+12025550123"},
        {"011 227 90 12 34 56", "US", "+22790123456"},
        {"tel: +227 90 12 34 56", "NE", "+22790123456"},
        {"+227 90123456 (WhatsApp)", "NE", "+22790123456"},
        {"90123456 / 91234567", "NE", "+22790123456"},
        {"\xD9\xA9\xD9\xA0\xD9\xA1\xD9\xA2\xD9\xA3\xD9\xA4\xD9\xA5\xD9\xA6", "NE", "+22790123456"},
        {"\xDB\xB9\xDB\xB0\xDB\xB1\xDB\xB2\xDB\xB3\xDB\xB4\xDB\xB5\xDB\xB6", "NE", "+22790123456"},
        {"\xEF\xBC\x8B"
         "227 90123456",
         "NE", "+22790123456"},
        {"\xE2\x80\xAA+227\xC2\xA0"
         "90\xC2\xA0"
         "12 34 56\xE2\x80\xAC",
         "NE", "+22790123456"}, /* as copied from a page */
        {"+33 1 99 00 12 34", "NE", "+33199001234"},
        {"", "NE", NULL},
        {" ", "NE", NULL},
        {"call my brother", "NE", NULL},
        {"123", "NE", NULL},
        {"112", "NE", NULL},
        {"+", "NE", NULL},
        {"00", "NE", NULL},
        {"+999 1234567890", "NE", NULL},
        {"+227 9012345678901234567", "NE", NULL},
        {"555-0123", "US", NULL}, /* dialled within one town only */
        {"90123456", "XX", NULL}, /* a local form of no country */
        {"+22790123456", "XX", "+22790123456"},
        {"90\x01"
         "12\xFF",
         "NE", NULL},
    };
    (void)state;
    for (size_t i = 0; i < sizeof(numbers) / sizeof(numbers[0]); i++) {
        char e164[PHONE_E164_SIZE] = "stale";
        bool read = phone_normalise(slice_of(numbers[i].text), numbers[i].country, e164);
        if (read != (numbers[i].e164 != NULL) || strcmp(e164, read ? numbers[i].e164 : "") != 0) {
            fail_msg("\"%s\" in %s: \"%s\"", numbers[i].text, numbers[i].country, e164);
        }
    }
}

/* What is written is read back as itself, in any country. */
static void test_normal_form_is_stable(void **state)
{
    static const char *const countries[] = {"NE", "US", "FR", "NG", "XX"};
    (void)state;
    for (unsigned n = 0; n < 200; n++) {
        char text[16] = "+2279";
        char first[PHONE_E164_SIZE];
        char again[PHONE_E164_SIZE];
        for (size_t i = 0; i < 7; i++) {
            text[5 + i] = (char)('0' + (n * 7919U + 31U * (unsigned)i * n) % 10U);
        }
        text[12] = '\0';
        assert_true(phone_normalise(slice_of(text), "NE", first));
        for (size_t i = 0; i < sizeof(countries) / sizeof(countries[0]); i++) {
            assert_true(phone_normalise(slice_of(first), countries[i], again));
            assert_string_equal(first, again);
        }
    }
}

static void test_long_text_is_refused(void **state)
{
    static char text[4096];
    char e164[PHONE_E164_SIZE];
    (void)state;
    memset(text, '9', sizeof(text));
    assert_false(phone_normalise(slice_make(text, sizeof(text)), "NE", e164));
    assert_false(phone_normalise((struct slice){NULL, 0}, "NE", e164));
    assert_false(phone_normalise(slice_make("9012\0"
                                            "3456",
                                            9),
                                 "NE", e164) &&
                 strlen(e164) != 12);
}

/* As people of that country would read it out. */
static void test_shown(void **state)
{
    static const char *const numbers[][3] = {
        {"+22790123456", "NE", "90 12 34 56"},
        {"+22790123456", "FR", "+227 90 12 34 56"},
        {"+33612345678", "NE", "+33 6 12 34 56 78"},
        {"+22790123456", "ZZ", "+227 90 12 34 56"},
        {"nonsense", "NE", "nonsense"},
    };
    char shown[PHONE_SHOWN_SIZE];
    (void)state;
    for (size_t i = 0; i < sizeof(numbers) / sizeof(numbers[0]); i++) {
        bool read = phone_show(slice_of(numbers[i][0]), numbers[i][1], shown);
        assert_string_equal(shown, numbers[i][2]);
        assert_int_equal(read, numbers[i][0][0] == '+');
    }
    assert_false(phone_show(SLICE(""), "NE", shown));
    assert_string_equal(shown, "");
}

int main(void)
{
    char e164[PHONE_E164_SIZE];
    int64_t start = clock_monotonic();
    (void)phone_normalise(SLICE("90 12 34 56"), "NE", e164);
    int64_t first = clock_monotonic();
    for (unsigned i = 0; i < 1000; i++) {
        (void)phone_normalise(SLICE("90 12 34 56"), "NE", e164);
    }
    print_message("phone: the first number took %lld us, each further %lld ns\n", (long long)(first - start),
                  (long long)(clock_monotonic() - first));
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(test_numbers),
        cmocka_unit_test(test_normal_form_is_stable),
        cmocka_unit_test(test_long_text_is_refused),
        cmocka_unit_test(test_shown),
    };
    return cmocka_run_group_tests_name("domain/phone", tests, NULL, NULL);
}
