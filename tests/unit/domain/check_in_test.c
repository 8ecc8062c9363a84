/* SPDX-License-Identifier: Apache-2.0
 * What is wrong with a check-in, and what is taken from a good one. */
#include "domain/check_in.h"

#include <setjmp.h>
#include <stdarg.h>
#include <stdint.h>
#include <string.h>
#include <cmocka.h>

#include "core/case_code.h"
#include "core/clock.h"
#include "domain/registration.h"

static char code[CASE_CODE_TEXT_SIZE + 1];
static const int64_t registration_id = INT64_C(0x123456789AB);

static struct check_in good(void)
{
    struct check_in c = {.has_client_id = true, .has_status = true, .status = STATUS_SAFE};
    c.case_code = case_code_format(registration_id, code);
    return c;
}

static void expect(struct check_in *c, const char *path, enum field_fault fault)
{
    struct field_errors errors = {.count = 0};
    assert_false(check_in_validate(c, "NE", &errors));
    if (errors.count != 1 || strcmp(errors.items[0].path, path) != 0 || errors.items[0].fault != fault) {
        fail_msg("%s: %zu errors, first %s %s", path, errors.count, errors.items[0].path,
                 field_fault_code(errors.items[0].fault));
    }
}

static bool validate(struct check_in *c)
{
    struct field_errors errors = {.count = 0};
    return check_in_validate(c, "NE", &errors);
}

static void test_senders(void **state)
{
    (void)state;
    struct check_in c = good();
    assert_true(validate(&c));
    assert_true(c.has_registration_id && c.registration_id == registration_id);
    c = good();
    c.case_code = (struct slice){NULL, 0};
    expect(&c, "case", FIELD_EITHER_OR);
    c.phone = SLICE("90 12 34 56");
    assert_true(validate(&c));
    assert_string_equal(c.e164, "+22790123456");
    assert_false(c.has_registration_id);
    c.phone = SLICE("nobody");
    expect(&c, "phone", FIELD_NOT_A_PHONE);
    c = good();
    c.phone = SLICE("90 12 34 56");
    expect(&c, "case", FIELD_EITHER_OR);
    c = good();
    c.case_code = SLICE("  ");
    c.phone = SLICE("+22790123456");
    assert_true(validate(&c));
    c = good();
    c.case_code = SLICE("K7M2Q");
    expect(&c, "case", FIELD_NOT_A_CASE);
    c = good();
    code[0] = code[0] == 'Z' ? 'Y' : 'Z';
    expect(&c, "case", FIELD_CASE_MISTYPED);
    assert_false(c.has_registration_id);
}

/* A reader that found no text under "case" has told so already. */
static void test_told_once(void **state)
{
    (void)state;
    struct field_errors errors = {.count = 0};
    struct check_in c = good();
    c.case_code = (struct slice){NULL, 0};
    c.has_status = false;
    c.has_client_id = false;
    field_error_add(&errors, FIELD_WRONG_TYPE, "case");
    field_error_add(&errors, FIELD_NOT_A_VALUE, "status");
    field_error_add(&errors, FIELD_NOT_A_UUID, "client_id");
    assert_false(check_in_validate(&c, "NE", &errors));
    assert_int_equal(errors.count, 3);
}

static void test_fields(void **state)
{
    static char message[MESSAGE_MAX_CHARACTERS + 1];
    (void)state;
    struct check_in c = good();
    c.has_client_id = false;
    expect(&c, "client_id", FIELD_MISSING);
    c = good();
    c.has_status = false;
    expect(&c, "status", FIELD_MISSING);
    static const int64_t wrong[] = {0, -1, PEOPLE_MAX + 1, INT64_MAX, INT64_MIN};
    for (size_t i = 0; i < sizeof(wrong) / sizeof(wrong[0]); i++) {
        c = good();
        c.has_people = true;
        c.people = wrong[i];
        expect(&c, "people", FIELD_OUT_OF_RANGE);
    }
    c.people = PEOPLE_MAX;
    assert_true(validate(&c));
    memset(message, 'm', sizeof(message));
    c.message = slice_make(message, sizeof(message) - 1);
    assert_true(validate(&c));
    c.message = slice_make(message, sizeof(message));
    expect(&c, "message", FIELD_TOO_LONG);
    c.message = SLICE("\x1B[31m");
    expect(&c, "message", FIELD_NOT_TEXT);
    c = good();
    c.location = (struct location){.given = true, .has_position = true};
    expect(&c, "location/lat", FIELD_OUT_OF_RANGE);
}

static void test_the_senders_clock(void **state)
{
    int64_t time = 0;
    (void)state;
    struct check_in c = good();
    c.at_text = SLICE("1970-01-01T00:00:01Z"); /* wrong by years, and kept */
    assert_true(validate(&c));
    assert_true(c.has_at && c.at_us == MICROSECONDS_A_SECOND);
    c.at_text = SLICE("2099-12-31T23:59:59+01:00");
    assert_true(validate(&c) && time_parse(c.at_text, &time));
    assert_int_equal(c.at_us, time);
    c.at_text = SLICE("yesterday");
    expect(&c, "at", FIELD_NOT_A_TIME);
    assert_false(c.has_at);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(test_senders),
        cmocka_unit_test(test_told_once),
        cmocka_unit_test(test_fields),
        cmocka_unit_test(test_the_senders_clock),
    };
    return cmocka_run_group_tests_name("domain/check_in", tests, NULL, NULL);
}
