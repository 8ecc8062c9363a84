/* SPDX-License-Identifier: Apache-2.0
 * The closed lists have a name for each value, each once; field faults have codes; countries are those of ISO 3166. */
#include "domain/vocabulary.h"

#include <setjmp.h>
#include <stdarg.h>
#include <stdint.h>
#include <stdio.h>
#include <string.h>
#include <cmocka.h>

#include "domain/country.h"
#include "domain/field_check.h"
#include "domain/field_error.h"

static void test_names(void **state)
{
    static const struct {
        const struct vocabulary *list;
        unsigned count;
        unsigned value;
        const char *name;
    } lists[] = {
        {&vocabulary_party_category, 4, CATEGORY_PERMANENT_RESIDENT, "permanent_resident"},
        {&vocabulary_contact_kind, 3, CONTACT_WHATSAPP, "whatsapp"},
        {&vocabulary_intent, 4, INTENT_WANTS_EVACUATION, "wants_evacuation"},
        {&vocabulary_check_in_status, 6, STATUS_NEED_HELP, "need_help"},
        {&vocabulary_channel, 6, CHANNEL_SMS, "sms"},
        {&vocabulary_queue, 6, QUEUE_IDENTIFICATION, "identification"},
        {&vocabulary_case_state, 4, CASE_WAITING, "waiting"},
        {&vocabulary_look_reason, 6, LOOK_ASKED, "asked"},
        {&vocabulary_posture, 6, POSTURE_ORDERED_DEPARTURE, "ordered_departure"},
        {&vocabulary_need, NEED_COUNT, NEED_FOOD_WATER, "food_water"},
    };
    (void)state;
    for (size_t i = 0; i < sizeof(lists) / sizeof(lists[0]); i++) {
        const struct vocabulary *list = lists[i].list;
        assert_int_equal(list->count, lists[i].count);
        assert_true(slice_equal(vocabulary_name(list, lists[i].value), slice_of(lists[i].name)));
        for (unsigned value = 0; value < list->count; value++) {
            unsigned found = list->count;
            struct slice name = vocabulary_name(list, value);
            assert_true(name.length > 0 && vocabulary_find(list, name, &found));
            assert_int_equal(found, value);
        }
        unsigned found = 77;
        assert_int_equal(vocabulary_name(list, list->count).length, 0);
        assert_false(vocabulary_find(list, SLICE("SAFE"), &found));
        assert_false(vocabulary_find(list, (struct slice){NULL, 0}, &found));
        assert_int_equal(found, 77);
    }
}

static void test_fault_codes(void **state)
{
    (void)state;
    for (unsigned i = 0; i < FIELD_FAULT_COUNT; i++) {
        assert_true(strlen(field_fault_code((enum field_fault)i)) > 0);
        for (unsigned j = 0; j < i; j++) {
            assert_string_not_equal(field_fault_code((enum field_fault)i), field_fault_code((enum field_fault)j));
        }
    }
    assert_string_equal(field_fault_code(FIELD_CASE_MISTYPED), "case_mistyped");
}

static void test_errors_are_bounded(void **state)
{
    struct field_errors errors = {.count = 0};
    char long_name[300];
    (void)state;
    memset(long_name, 'n', sizeof(long_name) - 1);
    long_name[sizeof(long_name) - 1] = '\0';
    field_error_add(&errors, FIELD_UNKNOWN, "%s", long_name);
    assert_int_equal(strlen(errors.items[0].path), FIELD_PATH_MAX - 1);
    for (int i = 1; i < FIELD_ERRORS_MAX + 5; i++) {
        field_error_add_limit(&errors, FIELD_TOO_LONG, i, "party/%d/family_name", i);
    }
    assert_int_equal(errors.count, FIELD_ERRORS_MAX);
    assert_int_equal(errors.dropped, 5);
    assert_int_equal(field_error_find(&errors, "party/7/family_name")->limit, 7);
    assert_null(field_error_find(&errors, "party/64/family_name"));
}

static void test_countries(void **state)
{
    static const char *const no[] = {"", "N", "NER", "ne", "XX", "ZZ", "UK", "EU", "AA", "N1", "\xFF\xFF"};
    static const char *const yes[] = {"NE", "US", "FR", "BJ", "BF", "TD", "ML", "NG", "DZ", "AD", "ZW", "XK", "SS"};
    unsigned count = 0;
    (void)state;
    for (char a = 'A'; a <= 'Z'; a++) {
        for (char b = 'A'; b <= 'Z'; b++) {
            char code[] = {a, b};
            count += country_is_code(slice_make(code, 2)) ? 1 : 0;
        }
    }
    assert_int_equal(count, COUNTRY_COUNT);
    for (size_t i = 0; i < sizeof(yes) / sizeof(yes[0]); i++) {
        assert_true(country_is_code(slice_of(yes[i])));
    }
    for (size_t i = 0; i < sizeof(no) / sizeof(no[0]); i++) {
        assert_false(country_is_code(slice_of(no[i])));
    }
}

static void test_languages_and_addresses(void **state)
{
    static const struct {
        const char *text;
        bool good;
    } languages[] = {{"en", true},     {"fr", true},
                     {"ha", true},     {"dje", true},
                     {"pt-BR", true},  {"zh-Hans-CN", true},
                     {"ar-SD", true},  {"e", false},
                     {"engl", false},  {"en-", false},
                     {"-en", false},   {"en--US", false},
                     {"en_US", false}, {"en-toolongsub", false},
                     {"en-a", false},  {"", false},
                     {"12", false},    {"en-a1-b2-c3-d4", false}},
      addresses[] = {{"ann@example.org", true},
                     {"a.b+c@mail.example.org", true},
                     {" ann@example.org ", true},
                     {"\xC3\xA9va@example.org", true},
                     {"ann", false},
                     {"@example.org", false},
                     {"ann@", false},
                     {"ann@example", false},
                     {"ann@.org", false},
                     {"ann@example.", false},
                     {"a@b@example.org", false},
                     {"an n@example.org", false},
                     {"ann@exam ple.org", false},
                     {"", false}};
    (void)state;
    for (size_t i = 0; i < sizeof(languages) / sizeof(languages[0]); i++) {
        struct field_errors errors = {.count = 0};
        bool good = field_check_language(slice_of(languages[i].text), "language", &errors);
        if (good != languages[i].good || good != (errors.count == 0)) {
            fail_msg("\"%s\"", languages[i].text);
        }
    }
    for (size_t i = 0; i < sizeof(addresses) / sizeof(addresses[0]); i++) {
        struct field_errors errors = {.count = 0};
        bool good = field_check_email(slice_of(addresses[i].text), "email", &errors);
        if (good != addresses[i].good || good != (errors.count == 0)) {
            fail_msg("\"%s\"", addresses[i].text);
        }
    }
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(test_names),
        cmocka_unit_test(test_fault_codes),
        cmocka_unit_test(test_errors_are_bounded),
        cmocka_unit_test(test_countries),
        cmocka_unit_test(test_languages_and_addresses),
    };
    return cmocka_run_group_tests_name("domain/vocabulary", tests, NULL, NULL);
}
