/* SPDX-License-Identifier: Apache-2.0
 * The language a caller gets: the one asked for by address, else the best of Accept-Language. */
#include "page/language.h"

#include <setjmp.h>
#include <stdarg.h>
#include <stdint.h>
#include <string.h>
#include <cmocka.h>

static void test_find(void **state)
{
    static const struct {
        const char *tag;
        const char *found;
    } rows[] = {
        {"en", "en"},   {"fr", "fr"},  {"FR", "fr"}, {"fr-NE", "fr"}, {"fr_FR.UTF-8", "fr"},
        {" fr ", "fr"}, {"fro", NULL}, {"f", NULL},  {"", NULL},      {"-fr", NULL},
        {"ha", "ha"},   {"en-", "en"}, {"yo", NULL}, {"ar-NE", "ar"}, {"DJE", "dje"},
    };
    (void)state;
    for (size_t i = 0; i < sizeof(rows) / sizeof(rows[0]); i++) {
        const struct page_language *language = page_language_find(slice_of(rows[i].tag));
        assert_int_equal(language != NULL, rows[i].found != NULL);
        assert_true(language == NULL || slice_equal(language->tag, slice_of(rows[i].found)));
    }
}

/* RFC 9110 sections 12.4.2 and 12.5.4. */
static void test_negotiate(void **state)
{
    static const struct {
        const char *parameter;
        const char *accept;
        const char *chosen;
    } rows[] = {
        {"", "", "en"},
        {"fr", "en", "fr"},
        {"xx", "fr", "fr"},
        {"", "fr", "fr"},
        {"", "fr-NE, fr;q=0.9, en;q=0.8", "fr"},
        {"", "en;q=0.8, fr;q=0.9", "fr"},
        {"", "en;q=0.9, fr;q=0.9", "en"},
        {"", "fr;q=0.9, en;q=0.9", "fr"},
        {"", "yo, ff, fr;q=0.1", "fr"},
        {"", "yo, *;q=0.5", "en"},
        {"", "ff, dje;q=0.9, fr;q=0.8", "dje"},
        {"", "fr, *;q=0.1", "fr"},
        {"", "*, fr", "en"},
        {"", "fr;q=0", "en"},
        {"", "fr;q=0.000, en;q=0.001", "en"},
        {"", "fr;q=1.001, en;q=0.1", "en"},
        {"", "fr;q=2, en;q=0.1", "en"},
        {"", "fr;q=, en;q=0.1", "en"},
        {"", "fr;q=0.1234, en;q=0.1", "en"},
        {"", "fr;Q=0.5, en;q=0.4", "fr"},
        {"", "fr ; q=0.5 , en ; q=0.4", "fr"},
        {"", "fr;level=1;q=0.5, en;q=0.4", "fr"},
        {"", ",,fr,,", "fr"},
        {"", ";;;q=,,=;", "en"},
    };
    (void)state;
    for (size_t i = 0; i < sizeof(rows) / sizeof(rows[0]); i++) {
        const struct page_language *language =
            page_language_negotiate(slice_of(rows[i].parameter), slice_of(rows[i].accept));
        assert_string_equal(language->tag.data, rows[i].chosen);
    }
}

/* What only officers read is not in every language. */
static void test_the_desk_speaks_fewer(void **state)
{
    (void)state;
    assert_string_equal(page_language_negotiate_officer(SLICE("ha"), SLICE("fr"))->tag.data, "fr");
    assert_string_equal(page_language_negotiate_officer(SLICE(""), SLICE("ar, dje, fr;q=0.1"))->tag.data, "fr");
    assert_string_equal(page_language_negotiate_officer(SLICE("ar"), SLICE("ha"))->tag.data, "en");
    assert_true(page_language_find(SLICE("fr"))->officers && !page_language_find(SLICE("ar"))->officers);
}

static void test_only_so_many_ranges_are_read(void **state)
{
    char accept[4 * PAGE_ACCEPTED_MAX + 3];
    (void)state;
    for (size_t i = 0; i < PAGE_ACCEPTED_MAX; i++) {
        memcpy(&accept[4 * i], "yo, ", 4);
    }
    memcpy(&accept[sizeof(accept) - 3], "fr", 3);
    assert_string_equal(page_language_negotiate(SLICE(""), slice_of(accept))->tag.data, "en");
    assert_string_equal(page_language_negotiate(SLICE(""), slice_of(accept + 4))->tag.data, "fr");
}

static void test_list(void **state)
{
    (void)state;
    assert_string_equal(page_language_at(0)->tag.data, "en");
    for (size_t i = 0; i < page_language_count(); i++) {
        const struct page_language *language = page_language_at(i);
        assert_ptr_equal(page_language_find(language->tag), language);
        assert_true(slice_equal(language->direction, SLICE("ltr")) || slice_equal(language->direction, SLICE("rtl")));
        assert_true(language->name.length > 0);
    }
    assert_null(page_language_at(page_language_count()));
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(test_find),
        cmocka_unit_test(test_negotiate),
        cmocka_unit_test(test_the_desk_speaks_fewer),
        cmocka_unit_test(test_only_so_many_ranges_are_read),
        cmocka_unit_test(test_list),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
