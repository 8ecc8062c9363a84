/* SPDX-License-Identifier: Apache-2.0
 * Page keys come back as they went out, and nothing else is one. */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>

#include <cmocka.h>

#include "core/case_code.h"
#include "desk/page_key.h"

static void there_and_back(void **state)
{
    static const int64_t values[] = {0, 1, 255, 256, INT64_C(1691000000123456), REGISTRATION_ID_MAX};
    static const size_t count = sizeof(values) / sizeof(values[0]);
    (void)state;
    for (size_t i = 0; i < count * count * 2; i++) {
        struct case_key key = {i % 2 == 1, values[i / 2 % count], values[i / 2 / count]};
        struct case_key back = {.registration_id = -1};
        char text[PAGE_KEY_SIZE + 1];
        assert_true(page_key_parse(page_key_format(&key, text), &back));
        assert_true(back.after_first_band == key.after_first_band && back.respond_by_us == key.respond_by_us &&
                    back.registration_id == key.registration_id);
    }
}

static void before_1970(void **state)
{
    struct case_key key = {false, -1, 5};
    struct case_key back;
    char text[PAGE_KEY_SIZE + 1];
    (void)state;
    assert_true(page_key_parse(page_key_format(&key, text), &back));
    assert_int_equal(back.respond_by_us, -1);
}

static void what_is_none(void **state)
{
    static const char *const texts[] = {
        "",
        "AQ",
        "AQAAAAAAAAAAAAAAAAAAAAA",
        "AQAAAAAAAAAAAAAAAAAAAAAAA",
        "AgAAAAAAAAAAAAAAAAAAAAAA",
        "AQIAAAAAAAAAAAAAAAAAAAAA",
        "AQAAAAAAAAAAAP__________",
        "AQAAAAAAAAAAAAAAAAAAAAA=",
        "AQAAAAAAAAAAAAAAAAAAAA!A",
        "AQAAAAAAAAAAAAAAAAAA AAA",
    };
    struct case_key key;
    (void)state;
    assert_true(page_key_parse(SLICE("AQAAAAAAAAAAAAAAAAAAAAAA"), &key));
    for (size_t i = 0; i < sizeof(texts) / sizeof(texts[0]); i++) {
        assert_false(page_key_parse(slice_of(texts[i]), &key));
    }
}

int main(void)
{
    const struct CMUnitTest tests[] = {cmocka_unit_test(there_and_back), cmocka_unit_test(before_1970),
                                       cmocka_unit_test(what_is_none)};
    return cmocka_run_group_tests_name("desk/page_key", tests, NULL, NULL);
}
