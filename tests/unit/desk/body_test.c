/* SPDX-License-Identifier: Apache-2.0
 * Small bodies, as JSON and as forms. */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>

#include <cmocka.h>

#include "desk/body.h"

struct target {
    struct slice user, note;
    struct body_number contact;
    struct body_uuid receipt;
};
static const struct body_member members[] = {
    {SLICE_INIT("user"), offsetof(struct target, user), 8, true, BODY_TEXT},
    {SLICE_INIT("note"), offsetof(struct target, note), 4, false, BODY_TEXT},
    {SLICE_INIT("contact"), offsetof(struct target, contact), 99, false, BODY_NUMBER},
    {SLICE_INIT("receipt"), offsetof(struct target, receipt), 0, false, BODY_UUID},
};
enum { FORM_MEMBERS = 2, MEMBERS = sizeof(members) / sizeof(members[0]) };

static struct arena arena;

static enum body_reading read_body(const char *type, struct slice body, struct target *target,
                                   struct field_errors *errors)
{
    struct http_request request = {.body = body};
    request.headers[request.header_count++] = (struct http_header){SLICE("Content-Type"), slice_of(type)};
    *target = (struct target){.user = {NULL, 0}};
    *errors = (struct field_errors){.count = 0};
    bool form = type[12] == 'x';
    return form ? body_read_form(&request, &arena, members, FORM_MEMBERS, target, errors)
                : body_read_json(&request, &arena, members, MEMBERS, target, errors);
}

static const char json[] = "application/json; charset=utf-8";
static const char form[] = "application/x-www-form-urlencoded";

static void readings(void **state)
{
    static const struct {
        const char *type;
        const char *body;
        enum body_reading reading;
        const char *path; /* of the fault */
        enum field_fault fault;
    } cases[] = {
        {json, "{\"user\":\"ada\"}", BODY_OK, NULL, 0},
        {json, "{\"user\":\"ada\",\"note\":null}", BODY_OK, NULL, 0},
        {json, "{\"user\":\"\\u00e9\\u00e9\\u00e9\\u00e9\\u00e9\\u00e9\\u00e9\\u00e9\"}", BODY_OK, NULL,
         0}, /* characters, not bytes */
        {json, "", BODY_FAULTS, "user", FIELD_MISSING},
        {json, "{}", BODY_FAULTS, "user", FIELD_MISSING},
        {json, "{\"user\":\"\"}", BODY_FAULTS, "user", FIELD_MISSING},
        {json, "{\"user\":7}", BODY_FAULTS, "user", FIELD_WRONG_TYPE},
        {json, "{\"user\":\"ada\",\"extra\":1}", BODY_FAULTS, "extra", FIELD_UNKNOWN},
        {json, "{\"user\":\"123456789\"}", BODY_FAULTS, "user", FIELD_TOO_LONG},
        {json, "{\"user\":\"a\\u0007\"}", BODY_FAULTS, "user", FIELD_NOT_TEXT},
        {json, "{\"user\":\"a\",\"contact\":0}", BODY_OK, NULL, 0},
        {json, "{\"user\":\"a\",\"contact\":null,\"receipt\":null}", BODY_OK, NULL, 0},
        {json, "{\"user\":\"a\",\"contact\":100}", BODY_FAULTS, "contact", FIELD_OUT_OF_RANGE},
        {json, "{\"user\":\"a\",\"contact\":-1}", BODY_FAULTS, "contact", FIELD_OUT_OF_RANGE},
        {json, "{\"user\":\"a\",\"contact\":1.5}", BODY_FAULTS, "contact", FIELD_WRONG_TYPE},
        {json, "{\"user\":\"a\",\"contact\":\"1\"}", BODY_FAULTS, "contact", FIELD_WRONG_TYPE},
        {json, "{\"user\":\"a\",\"receipt\":7}", BODY_FAULTS, "receipt", FIELD_WRONG_TYPE},
        {json, "{\"user\":\"a\",\"receipt\":\"\"}", BODY_FAULTS, "receipt", FIELD_NOT_A_UUID},
        {json, "{\"user\":\"a\",\"receipt\":\"123e4567\"}", BODY_FAULTS, "receipt", FIELD_NOT_A_UUID},
        {json, "[\"user\"]", BODY_NOT_JSON, NULL, 0},
        {json, "{\"user\":", BODY_NOT_JSON, NULL, 0},
        {json, "{\"user\":\"a\",\"user\":\"b\"}", BODY_NOT_JSON, NULL, 0},
        {"text/plain;  ", "{\"user\":\"ada\"}", BODY_WRONG_TYPE, NULL, 0},
        {form, "user=ada&note=ok", BODY_OK, NULL, 0},
        {form, "user=ada&csrf=123", BODY_OK, NULL, 0},
        {form, "note=ok", BODY_FAULTS, "user", FIELD_MISSING},
        {form, "user=%ff", BODY_FAULTS, "user", FIELD_NOT_TEXT},
        {form, "user=%", BODY_NOT_A_FORM, NULL, 0},
    };
    (void)state;
    for (size_t i = 0; i < sizeof(cases) / sizeof(cases[0]); i++) {
        struct target target;
        struct field_errors errors;
        assert_int_equal(read_body(cases[i].type, slice_of(cases[i].body), &target, &errors), cases[i].reading);
        assert_int_equal(errors.count, cases[i].path != NULL ? 1 : 0);
        if (cases[i].path != NULL) {
            assert_string_equal(errors.items[0].path, cases[i].path);
            assert_int_equal(errors.items[0].fault, cases[i].fault);
        }
    }
}

static void values_are_kept(void **state)
{
    struct target target;
    struct field_errors errors;
    (void)state;
    assert_int_equal(read_body(json, SLICE("{\"user\":\"ada\",\"note\":\"b\\u00e9\"}"), &target, &errors), BODY_OK);
    assert_true(slice_equal(target.user, SLICE("ada")) && slice_equal(target.note, SLICE("b\xc3\xa9")));
    assert_false(target.contact.given || target.receipt.given);
    struct slice all = SLICE("{\"user\":\"a\",\"contact\":99,\"receipt\":\"123E4567-e89b-42d3-a456-426614174000\"}");
    char text[UUID_TEXT_SIZE + 1];
    assert_int_equal(read_body(json, all, &target, &errors), BODY_OK);
    assert_true(target.contact.given && target.contact.value == 99 && target.receipt.given);
    assert_string_equal(uuid_format(&target.receipt.id, text).data, "123e4567-e89b-42d3-a456-426614174000");
    assert_int_equal(read_body(form, SLICE("note=a+b&user=%61da"), &target, &errors), BODY_OK);
    assert_true(slice_equal(target.user, SLICE("ada")) && slice_equal(target.note, SLICE("a b")));
}

static int set_up(void **state)
{
    (void)state;
    arena_init(&arena, 1024 * 1024);
    return 0;
}

static int tear_down(void **state)
{
    (void)state;
    arena_release(&arena);
    return 0;
}

int main(void)
{
    const struct CMUnitTest tests[] = {cmocka_unit_test(readings), cmocka_unit_test(values_are_kept)};
    return cmocka_run_group_tests_name("desk/body", tests, set_up, tear_down);
}
