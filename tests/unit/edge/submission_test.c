/* SPDX-License-Identifier: Apache-2.0
 * Forms and JSON come to the same structs, and every member that does not fit is named. */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>

#include <cmocka.h>
#include <stdio.h>
#include <string.h>

#include "core/json_read.h"
#include "domain/decode_submission.h"
#include "edge/form_tree.h"

struct fixture {
    struct arena arena;
    struct field_errors errors;
    struct decoder decoder;
};

static void begin(struct fixture *f, bool from_form)
{
    arena_init(&f->arena, 1 << 20);
    f->errors = (struct field_errors){.count = 0};
    f->decoder = (struct decoder){&f->arena, &f->errors, from_form};
}

static void assert_fault(const struct fixture *f, const char *path, enum field_fault fault)
{
    const struct field_error *error = field_error_find(&f->errors, path);
    if (error == NULL || error->fault != fault) {
        print_error("%s: expected %s, got %s\n", path, field_fault_code(fault),
                    error != NULL ? field_fault_code(error->fault) : "nothing");
    }
    assert_true(error != NULL && error->fault == fault);
}

struct faulty {
    const char *json;
    const char *path;
    enum field_fault fault;
};

static void test_faults_of_registrations(void **state)
{
    static const struct faulty rows[] = {
        {"{\"crisis\":1}", "crisis", FIELD_WRONG_TYPE},
        {"{\"client_id\":\"x\"}", "client_id", FIELD_NOT_A_UUID},
        {"{\"client_id\":7}", "client_id", FIELD_WRONG_TYPE},
        {"{\"surprise\":true}", "surprise", FIELD_UNKNOWN},
        {"{\"party\":{}}", "party", FIELD_WRONG_TYPE},
        {"{\"party\":[1]}", "party/0", FIELD_WRONG_TYPE},
        {"{\"party\":[null]}", "party/0", FIELD_WRONG_TYPE},
        {"{\"party\":[{},{\"birth_date\":7}]}", "party/1/birth_date", FIELD_WRONG_TYPE},
        {"{\"party\":[{\"nick\":\"x\"}]}", "party/0/nick", FIELD_UNKNOWN},
        {"{\"party\":[{\"category\":\"king\"}]}", "party/0/category", FIELD_NOT_A_VALUE},
        {"{\"party\":[{\"needs\":[\"gold\"]}]}", "party/0/needs/0", FIELD_NOT_A_VALUE},
        {"{\"party\":[{\"needs\":\"medication\"}]}", "party/0/needs", FIELD_WRONG_TYPE},
        {"{\"party\":[{\"citizenships\":[\"US\",\"NE\",\"FR\",\"CA\",\"GB\",\"DE\"]}]}", "party/0/citizenships",
         FIELD_TOO_MANY},
        {"{\"party\":[{\"document\":{\"issuer\":\"x\"}}]}", "party/0/document/issuer", FIELD_UNKNOWN},
        {"{\"contacts\":[{\"kind\":\"pigeon\"}]}", "contacts/0/kind", FIELD_NOT_A_VALUE},
        {"{\"contacts\":[{\"primary\":\"yes\"}]}", "contacts/0/primary", FIELD_WRONG_TYPE},
        {"{\"location\":{\"lat\":\"13\"}}", "location/lat", FIELD_WRONG_TYPE},
        {"{\"location\":{\"lat\":13}}", "location/lon", FIELD_EITHER_OR},
        {"{\"location\":[1,2]}", "location", FIELD_WRONG_TYPE},
        {"{\"intent\":\"fleeing\"}", "intent", FIELD_NOT_A_VALUE},
        {"{\"emergency_contact\":{\"name\":[]}}", "emergency_contact/name", FIELD_WRONG_TYPE},
        {"{\"consent\":{\"family\":1}}", "consent/family", FIELD_WRONG_TYPE},
    };
    (void)state;
    for (size_t i = 0; i < sizeof(rows) / sizeof(rows[0]); i++) {
        struct fixture f;
        struct registration registration = {.party_count = 0};
        begin(&f, false);
        const struct tree *json = json_read(&f.arena, slice_of(rows[i].json));
        assert_non_null(json);
        decode_registration(&f.decoder, json, &registration);
        assert_fault(&f, rows[i].path, rows[i].fault);
        assert_int_equal(f.errors.count, 1);
        arena_release(&f.arena);
    }
}

static void test_faults_of_check_ins(void **state)
{
    static const struct faulty rows[] = {
        {"{\"status\":\"fine\"}", "status", FIELD_NOT_A_VALUE}, {"{\"people\":0}", "people", FIELD_OUT_OF_RANGE},
        {"{\"people\":1.5}", "people", FIELD_OUT_OF_RANGE},     {"{\"people\":\"4\"}", "people", FIELD_WRONG_TYPE},
        {"{\"people\":1e9}", "people", FIELD_OUT_OF_RANGE},     {"{\"at\":5}", "at", FIELD_WRONG_TYPE},
        {"{\"message\":{}}", "message", FIELD_WRONG_TYPE},      {"{\"crisis\":\"x\"}", "crisis", FIELD_UNKNOWN},
    };
    (void)state;
    for (size_t i = 0; i < sizeof(rows) / sizeof(rows[0]); i++) {
        struct fixture f;
        struct check_in check_in = {.has_status = false};
        begin(&f, false);
        const struct tree *json = json_read(&f.arena, slice_of(rows[i].json));
        assert_non_null(json);
        decode_check_in(&f.decoder, json, &check_in);
        assert_fault(&f, rows[i].path, rows[i].fault);
        assert_int_equal(f.errors.count, 1);
        arena_release(&f.arena);
    }
}

static struct tree *tree_of(struct fixture *f, const char *body)
{
    struct form form;
    assert_true(form_parse(&f->arena, slice_of(body), &form));
    struct tree *tree = form_tree_new(&f->arena, &form, &f->errors);
    assert_non_null(tree);
    return tree;
}

static void test_a_form_is_the_same_registration(void **state)
{
    struct fixture f;
    struct registration r = {.party_count = 0};
    (void)state;
    begin(&f, true);
    struct tree *tree =
        tree_of(&f, "crisis=ner-2023&client_id=0d9f7c3e-1111-4222-8333-444455556666&party/0/family_name=Exemple&"
                    "party/0/given_names=A%C3%AFcha&party/0/needs=medication&party/0/needs=infant&"
                    "party/0/citizenships/0=US&party/2/family_name=Third&contacts/0/kind=phone&"
                    "contacts/0/value=+90+12+34+56+&contacts/0/primary=on&contacts/1/kind=email&contacts/2/value=12&"
                    "location/lat=13.5&location/lon=2.1&"
                    "location/place=&intent=staying&consent/family=on&_page=2");
    decode_registration(&f.decoder, tree, &r);
    assert_int_equal(f.errors.count, 0);
    (void)registration_validate(&r, "NE", (struct date){2023, 8, 2}, &f.errors);
    assert_fault(&f, "contacts/2/value", FIELD_NOT_A_PHONE);
    assert_int_equal(f.errors.count, 1); /* nothing for the contact's place that was left empty */
    assert_int_equal(r.party_count, 3);  /* the second place was left empty */
    assert_true(slice_equal(r.party[0].given_names, SLICE("A\xc3\xaf"
                                                          "cha")));
    assert_int_equal(r.party[0].needs, NEED_BIT(NEED_MEDICATION) | NEED_BIT(NEED_INFANT));
    assert_int_equal(r.party[1].needs, 0);
    assert_true(slice_equal(r.party[2].family_name, SLICE("Third")));
    assert_true(slice_equal(r.contacts[0].value, SLICE("90 12 34 56")) && r.contacts[0].primary);
    assert_true(r.location.has_position && r.location.place.length == 0);
    assert_true(r.consent.given && r.consent.family && !r.consent.partners);
    arena_release(&f.arena);
}

static void test_forms_that_do_not_fit(void **state)
{
    static const struct faulty rows[] = {
        {"status=safe&status=injured", "status", FIELD_REPEATED},
        {"party/0=x&party/0/family_name=y", "party/0/family_name", FIELD_UNKNOWN},
        {"a/b/c/d/e/f=x", "a/b/c/d/e/f", FIELD_UNKNOWN},
        {"party/100/family_name=x&party/0/family_name=y", "party/0/family_name", FIELD_UNKNOWN},
        {"message=%FF", "message", FIELD_NOT_TEXT},
        {"/=x", "/", FIELD_UNKNOWN},
    };
    (void)state;
    for (size_t i = 0; i < sizeof(rows) / sizeof(rows[0]); i++) {
        struct fixture f;
        begin(&f, true);
        (void)tree_of(&f, rows[i].json);
        if (i != 3) { /* 100 is no index: it makes "party" an object, and a list is then refused by the decoder */
            assert_fault(&f, rows[i].path, rows[i].fault);
        }
        arena_release(&f.arena);
    }
}

static void test_an_inquiry_is_the_party_it_asks_after(void **state)
{
    struct fixture f;
    struct registration r = {.party_count = 0};
    (void)state;
    begin(&f, false);
    const struct tree *json = json_read(
        &f.arena, SLICE("{\"crisis\":\"ner-2023\",\"about\":{\"family_name\":\"Exemple\",\"place\":\"Agadez\","
                        "\"last_contact\":\"Tuesday\"},\"asker\":{\"name\":\"B\"},\"message\":\"He is ill\"}"));
    decode_inquiry(&f.decoder, json, &r);
    assert_int_equal(f.errors.count, 0);
    assert_int_equal(r.party_count, 1);
    assert_true(slice_equal(r.party[0].needs_note, SLICE("Tuesday\nHe is ill")));
    assert_true(slice_equal(r.location.place, SLICE("Agadez")) && slice_equal(r.emergency_contact.name, SLICE("B")));
    arena_release(&f.arena);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(test_faults_of_registrations),
        cmocka_unit_test(test_faults_of_check_ins),
        cmocka_unit_test(test_a_form_is_the_same_registration),
        cmocka_unit_test(test_forms_that_do_not_fit),
        cmocka_unit_test(test_an_inquiry_is_the_party_it_asks_after),
    };
    return cmocka_run_group_tests_name("edge submissions", tests, NULL, NULL);
}
