/* SPDX-License-Identifier: Apache-2.0
 * Every fault of a registration is named, at its place, and half a record is good enough. Everyone here is invented. */
#include "domain/registration.h"

#include <setjmp.h>
#include <stdarg.h>
#include <stdint.h>
#include <stdio.h>
#include <string.h>
#include <cmocka.h>

static const struct date today = {2023, 8, 2};

struct fixture {
    struct party_member party[PARTY_MAX + 1];
    struct contact contacts[CONTACTS_MAX + 1];
    struct registration registration;
    struct field_errors errors;
};

/* The least that is enough. */
static struct fixture *least(void)
{
    static struct fixture f;
    f = (struct fixture){.errors = {.count = 0}};
    f.registration = (struct registration){.crisis = SLICE("ner-2023"), .has_client_id = true, .party_count = 1};
    f.party[0].family_name = SLICE("Zubko");
    f.registration.party = f.party;
    f.registration.contacts = f.contacts;
    return &f;
}

static bool validate(struct fixture *f)
{
    return registration_validate(&f->registration, "NE", today, &f->errors);
}

/* Exactly this fault at this path. */
static void expect(struct fixture *f, const char *path, enum field_fault fault)
{
    assert_false(validate(f));
    const struct field_error *error = field_error_find(&f->errors, path);
    if (error == NULL || error->fault != fault || f->errors.count != 1) {
        fail_msg("%s: %zu errors, first %s %s", path, f->errors.count,
                 f->errors.count > 0 ? f->errors.items[0].path : "",
                 error != NULL ? field_fault_code(error->fault) : "");
    }
}

static void test_least_is_enough(void **state)
{
    (void)state;
    assert_true(validate(least()));
    struct fixture *f = least();
    f->party[0].family_name = (struct slice){NULL, 0};
    f->party[0].given_names = SLICE("Oluwaseun");
    assert_true(validate(f));
    f = least();
    f->party[1] = f->party[0];
    f->party[0] = (struct party_member){.needs = 0}; /* one name in the party is enough */
    f->registration.party_count = 2;
    assert_true(validate(f));
}

static void test_what_must_be_there(void **state)
{
    static const char *const blanks[] = {"", "  \t", "\xC2\xA0\xE2\x80\x8B", "\xE3\x80\x80"};
    (void)state;
    struct fixture *f = least();
    f->registration.crisis = SLICE(" ");
    expect(f, "crisis", FIELD_MISSING);
    f = least();
    f->registration.has_client_id = false;
    expect(f, "client_id", FIELD_MISSING);
    f = least();
    f->registration.party_count = 0;
    expect(f, "party", FIELD_MISSING);
    for (size_t i = 0; i < sizeof(blanks) / sizeof(blanks[0]); i++) {
        f = least();
        f->party[0].family_name = slice_of(blanks[i]);
        expect(f, "party/0/family_name", FIELD_MISSING);
    }
}

/* Whoever read the JSON already said why: not told twice. */
static void test_known_faults_are_not_repeated(void **state)
{
    (void)state;
    struct fixture *f = least();
    f->registration.has_client_id = false;
    f->registration.party_count = 0;
    field_error_add(&f->errors, FIELD_NOT_A_UUID, "client_id");
    field_error_add(&f->errors, FIELD_WRONG_TYPE, "party");
    assert_false(validate(f));
    assert_int_equal(f->errors.count, 2);
}

static void test_birth_dates(void **state)
{
    static const struct {
        const char *text;
        int fault; /* -1: none */
    } dates[] = {
        {"", -1},
        {"1980-02-29", -1},
        {"2023-08-02", -1},
        {"2023-08-03", FIELD_DATE_IN_FUTURE},
        {"1898-08-02", -1},
        {"1898-08-01", -1},
        {"1897-08-02", FIELD_DATE_TOO_OLD},
        {"1981-02-29", FIELD_NOT_A_DATE},
        {"1980-2-3", FIELD_NOT_A_DATE},
        {"born 1980", FIELD_NOT_A_DATE},
        {"0000-01-01", FIELD_NOT_A_DATE},
    };
    (void)state;
    for (size_t i = 0; i < sizeof(dates) / sizeof(dates[0]); i++) {
        struct fixture *f = least();
        f->party[0].birth_date_text = slice_of(dates[i].text);
        if (dates[i].fault >= 0) {
            expect(f, "party/0/birth_date", (enum field_fault)dates[i].fault);
            assert_false(f->party[0].has_birth_date);
        } else {
            assert_true(validate(f));
            assert_int_equal(f->party[0].has_birth_date, dates[i].text[0] != '\0');
        }
    }
}

static void test_members(void **state)
{
    static char long_name[NAME_MAX_CHARACTERS * 2 + 4];
    (void)state;
    for (size_t i = 0; i < NAME_MAX_CHARACTERS; i++) { /* characters, not bytes: two bytes each */
        memcpy(long_name + 2 * i, "\xC3\xA9", 2);
    }
    struct fixture *f = least();
    f->party[0].family_name = slice_make(long_name, 2 * NAME_MAX_CHARACTERS);
    assert_true(validate(f));
    long_name[2 * NAME_MAX_CHARACTERS] = 'x';
    f->party[0].family_name = slice_make(long_name, 2 * NAME_MAX_CHARACTERS + 1);
    expect(f, "party/0/family_name", FIELD_TOO_LONG);
    f = least();
    f->party[0].given_names = SLICE("a\xFF");
    expect(f, "party/0/given_names", FIELD_NOT_TEXT);
    f = least();
    f->party[0].citizenships[0] = SLICE("US");
    f->party[0].citizenships[1] = SLICE("XX");
    f->party[0].citizenship_count = 2;
    expect(f, "party/0/citizenships/1", FIELD_NOT_A_COUNTRY);
    f = least();
    f->party[0].document =
        (struct identity_document){.given = true, .number = SLICE("X0000000"), .country = SLICE("us")};
    expect(f, "party/0/document/country", FIELD_NOT_A_COUNTRY);
    f = least();
    f->party[0].document = (struct identity_document){.given = true, .number = SLICE("X\n\x02")};
    expect(f, "party/0/document/number", FIELD_NOT_TEXT);
    f = least();
    f->party[0].needs_note = SLICE("\x01");
    expect(f, "party/0/needs_note", FIELD_NOT_TEXT);
    f = least();
    f->registration.party_count = PARTY_MAX + 1;
    expect(f, "party", FIELD_TOO_MANY);
    f = least();
    f->party[0].citizenship_count = CITIZENSHIPS_MAX + 1;
    for (size_t i = 0; i < CITIZENSHIPS_MAX; i++) {
        f->party[0].citizenships[i] = SLICE("NE");
    }
    expect(f, "party/0/citizenships", FIELD_TOO_MANY);
}

static void test_contacts(void **state)
{
    (void)state;
    struct fixture *f = least();
    f->contacts[0] = (struct contact){.kind = CONTACT_PHONE, .value = SLICE("90 12 34 56")};
    f->contacts[1] = (struct contact){.kind = CONTACT_WHATSAPP, .value = SLICE("+1 202 555 0123")};
    f->contacts[2] = (struct contact){.kind = CONTACT_EMAIL, .value = SLICE("zubko@example.org"), .e164 = "stale"};
    f->registration.contact_count = 3;
    assert_true(validate(f));
    assert_string_equal(f->contacts[0].e164, "+22790123456");
    assert_string_equal(f->contacts[1].e164, "+12025550123");
    assert_string_equal(f->contacts[2].e164, "");
    f->contacts[1].value = SLICE("nobody");
    expect(f, "contacts/1/value", FIELD_NOT_A_PHONE);
    f = least();
    f->registration.contact_count = 1;
    expect(f, "contacts/0/value", FIELD_MISSING);
    f = least();
    f->registration.contact_count = 1;
    f->contacts[0] = (struct contact){.kind = CONTACT_EMAIL, .value = SLICE("zubko at example.org")};
    expect(f, "contacts/0/value", FIELD_NOT_AN_EMAIL);
    f = least();
    f->registration.contact_count = CONTACTS_MAX + 1;
    for (size_t i = 0; i < CONTACTS_MAX; i++) {
        f->contacts[i] = (struct contact){.kind = CONTACT_PHONE, .value = SLICE("90123456")};
    }
    expect(f, "contacts", FIELD_TOO_MANY);
}

static void test_the_rest(void **state)
{
    (void)state;
    struct fixture *f = least();
    f->registration.language = SLICE("english");
    expect(f, "language", FIELD_NOT_A_LANGUAGE);
    f = least();
    f->registration.location = (struct location){.given = true, .has_position = true, .lat = 91, .lon = 2};
    expect(f, "location/lat", FIELD_OUT_OF_RANGE);
    f = least();
    f->registration.emergency_contact = (struct emergency_contact){.given = true, .name = SLICE("Ann Example")};
    assert_true(validate(f));
    f->registration.emergency_contact.phone = SLICE("no idea");
    expect(f, "emergency_contact/phone", FIELD_NOT_A_PHONE);
    f = least();
    f->registration.emergency_contact = (struct emergency_contact){.given = true, .email = SLICE("ann")};
    expect(f, "emergency_contact/email", FIELD_NOT_AN_EMAIL);
}

static void test_every_fault_at_once(void **state)
{
    static const char *const paths[] = {"crisis",
                                        "client_id",
                                        "language",
                                        "party/0/birth_date",
                                        "party/1/given_names",
                                        "contacts/0/value",
                                        "location/lon",
                                        "emergency_contact/phone"};
    (void)state;
    struct fixture *f = least();
    f->registration.crisis = (struct slice){NULL, 0};
    f->registration.has_client_id = false;
    f->registration.language = SLICE("?");
    f->registration.party_count = 2;
    f->party[0].birth_date_text = SLICE("soon");
    f->party[1].given_names = SLICE("\x02");
    f->registration.contact_count = 1;
    f->contacts[0].value = SLICE("x");
    f->registration.location = (struct location){.given = true, .has_position = true, .lat = 1, .lon = 200};
    f->registration.emergency_contact = (struct emergency_contact){.given = true, .phone = SLICE("x")};
    assert_false(validate(f));
    assert_int_equal(f->errors.count, sizeof(paths) / sizeof(paths[0]));
    for (size_t i = 0; i < sizeof(paths) / sizeof(paths[0]); i++) {
        assert_non_null(field_error_find(&f->errors, paths[i]));
    }
}

static void test_needs_of_a_party(void **state)
{
    static const struct {
        const char *births[3]; /* NULL ends; "" is not known */
        uint32_t needs;
    } parties[] = {
        {{"1980-01-01"}, 0},
        {{""}, 0},
        {{"2021-08-03", "1980-01-01"}, NEED_BIT(NEED_INFANT)},
        {{"2021-08-02", "1980-01-01"}, 0},
        {{"1953-08-02"}, NEED_BIT(NEED_OLDER_PERSON)},
        {{"1953-08-03"}, 0},
        {{"2005-08-03"}, NEED_BIT(NEED_UNACCOMPANIED_MINOR)},
        {{"2005-08-02"}, 0},
        {{"2010-01-01", "2012-01-01"}, NEED_BIT(NEED_UNACCOMPANIED_MINOR)},
        {{"2010-01-01", ""}, 0}, /* the other may be the parent */
        {{"2010-01-01", "1985-01-01"}, 0},
    };
    (void)state;
    for (size_t i = 0; i < sizeof(parties) / sizeof(parties[0]); i++) {
        struct fixture *f = least();
        size_t count = 0;
        for (; count < 3 && parties[i].births[count] != NULL; count++) {
            f->party[count].family_name = SLICE("Zubko");
            f->party[count].birth_date_text = slice_of(parties[i].births[count]);
        }
        f->party[0].needs = NEED_BIT(NEED_PETS);
        f->registration.party_count = count;
        assert_true(validate(f));
        assert_int_equal(registration_needs(&f->registration, today), parties[i].needs | NEED_BIT(NEED_PETS));
    }
    struct registration nobody = {.party_count = 0};
    assert_int_equal(registration_needs(&nobody, today), 0);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(test_least_is_enough),
        cmocka_unit_test(test_what_must_be_there),
        cmocka_unit_test(test_known_faults_are_not_repeated),
        cmocka_unit_test(test_birth_dates),
        cmocka_unit_test(test_members),
        cmocka_unit_test(test_contacts),
        cmocka_unit_test(test_the_rest),
        cmocka_unit_test(test_every_fault_at_once),
        cmocka_unit_test(test_needs_of_a_party),
    };
    return cmocka_run_group_tests_name("domain/registration", tests, NULL, NULL);
}
