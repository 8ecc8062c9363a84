/* SPDX-License-Identifier: Apache-2.0
 * Who is proposed as the same, by what, and who is not. */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>

#include <cmocka.h>

#include "domain/duplicate.h"

enum { PEOPLE = 3 };

struct said {
    const char *name;
    const char *birth_date;
};

static struct duplicate_party party_of(const struct said said[PEOPLE])
{
    struct duplicate_party party = {.count = 0};
    for (size_t i = 0; i < PEOPLE && said[i].name != NULL; i++) {
        struct duplicate_person *person = &party.people[party.count++];
        name_add(&person->words, slice_of(said[i].name));
        person->birth_date = slice_of(said[i].birth_date);
    }
    return party;
}

#define E(evidence) (1U << DUPLICATE_##evidence)

static void test_table(void **state)
{
    static const struct {
        struct said a[PEOPLE];
        struct said b[PEOPLE];
        bool phone, document, proposed;
        uint32_t evidence;
    } rows[] = {
        {{{"Aïchatou Maïga", "1979-05-23"}},
         {{"Aishatu Maiga", "1979-05-23"}},
         false,
         false,
         true,
         E(NAME_SOUNDS) | E(BIRTH_DATE)},
        {{{"Aïchatou Maïga", ""}}, {{"Aïchatou Maïga", ""}}, false, false, false, E(NAME)},
        {{{"Aïchatou Maïga", ""}}, {{"Maiga Aichatou", ""}}, true, false, true, E(NAME) | E(PHONE)},
        {{{"Aïchatou Maïga", "1979-05-23"}},
         {{"Aïchatou Maïga", "1990-01-01"}},
         false,
         false,
         false,
         E(NAME) | E(BIRTH_DATE_DIFFERS)},
        {{{"Aïchatou Maïga", ""}, {"Oumar Maïga", ""}},
         {{"Umar Maiga", ""}, {"Aishatu Maiga", ""}},
         false,
         false,
         true,
         E(NAME_SOUNDS) | E(PARTY)},
        {{{"Aïchatou Maïga", ""}}, {{"Bertrand Coulibaly", ""}}, false, false, false, 0},
        {{{"Aïchatou Maïga", "1979-05-23"}}, {{"Bertrand Coulibaly", "1979-05-23"}}, false, false, false, 0},
        {{{"Aïchatou", ""}}, {{"Aïchatou", ""}}, false, false, false, 0},
        {{{"Aïchatou Maïga", ""}}, {{NULL, NULL}}, true, false, true, E(PHONE)},
        {{{"Ada Okafor", ""}}, {{"Adaeze Mary Okafor", ""}}, false, true, true, E(NAME_SOUNDS) | E(DOCUMENT)},
    };
    (void)state;
    for (size_t i = 0; i < sizeof(rows) / sizeof(rows[0]); i++) {
        struct duplicate_party a = party_of(rows[i].a), b = party_of(rows[i].b);
        uint32_t evidence = 0, other_way = 0;
        unsigned score = duplicate_score(&a, &b, rows[i].phone, rows[i].document, &evidence);
        assert_int_equal(evidence, rows[i].evidence);
        assert_int_equal(score >= DUPLICATE_LEAST, rows[i].proposed);
        assert_int_equal(duplicate_score(&b, &a, rows[i].phone, rows[i].document, &other_way), score);
        assert_int_equal(other_way, evidence);
    }
}

int main(void)
{
    const struct CMUnitTest tests[] = {cmocka_unit_test(test_table)};
    return cmocka_run_group_tests(tests, NULL, NULL);
}
