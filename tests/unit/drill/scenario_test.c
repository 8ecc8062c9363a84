/* SPDX-License-Identifier: Apache-2.0
 * Scenarios: the shipped ones are good, and of a bad one every fault is named where it stands. */
#include "drill/scenario.h"

#include <setjmp.h>
#include <stdarg.h>
#include <stdint.h>
#include <stdio.h>
#include <string.h>
#include <cmocka.h>

#define POPULATION                                                                                                     \
    "\"population\":{\"parties\":10,\"languages\":[{\"tag\":\"fr\"}],\"households\":[{\"people\":2}],"                 \
    "\"places\":[{\"name\":\"Niamey\",\"lat\":13.5,\"lon\":2.1}]},\"reports\":[{\"status\":\"safe\"}]"
#define PHASE(more) "{" POPULATION ",\"phases\":[{\"name\":\"a\",\"seconds\":10,\"register\":1" more "}]}"

static struct arena arena;
static struct scenario_faults faults;

static bool reads(const char *json, struct scenario *scenario)
{
    arena_release(&arena);
    arena_init(&arena, 4 << 20);
    return scenario_read(scenario, &arena, slice_of(json), &faults);
}

static void test_the_least_one(void **state)
{
    struct scenario s;
    (void)state;
    assert_true(reads(PHASE(",\"check_in\":[2,4],\"outages\":[{\"at\":1,\"seconds\":2}]"), &s));
    assert_int_equal(s.parties, 10);
    assert_true(s.phones == 1 && s.languages[0].weight == 1 && s.phases[0].outages[0].share == 1);
    assert_true(scenario_total(&s, KIND_REGISTER) == 10 && scenario_total(&s, KIND_CHECK_IN) == 30);
    scenario_fit(&s, 3, 5);
    assert_true(scenario_seconds(&s) == 5 && scenario_total(&s, KIND_CHECK_IN) == 45);
    assert_true(s.parties == 30 && s.phases[0].outages[0].at == 0.5);
}

static void test_every_fault_is_named(void **state)
{
    static const struct {
        const char *json, *path;
    } rows[] = {
        {"[]", ""},
        {"{", "the file"},
        {"{" POPULATION "}", "phases"},
        {"{" POPULATION ",\"phases\":[]}", "phases"},
        {"{" POPULATION ",\"phases\":[{\"name\":\"a\",\"seconds\":10}]}", "phases"},
        {PHASE(",\"colour\":1"), "phases/0/colour"},
        {PHASE(",\"check_in\":-1"), "phases/0/check_in"},
        {PHASE(",\"check_in\":[1]"), "phases/0/check_in"},
        {PHASE(",\"check_in\":[1,\"2\"]"), "phases/0/check_in"},
        {PHASE(",\"late\":1.5"), "phases/0/late"},
        {PHASE(",\"text\":1"), "phases/0/text"},
        {PHASE(",\"outages\":[{\"at\":9,\"seconds\":2}]"), "phases/0/outages"},
        {PHASE(",\"outages\":[{\"at\":\"x\",\"seconds\":2}]"), "phases/0/outages/0/at"},
        {PHASE(",\"outages\":[{\"at\":1}]"), "phases/0/outages/0/seconds"},
        {"{\"population\":{\"parties\":0},\"reports\":[{\"status\":\"well\"}],\"phases\":[{}]}", "population/parties"},
        {"{\"population\":{},\"reports\":[{\"status\":\"well\"}],\"phases\":[{}]}", "reports/0/status"},
        {"{\"population\":{},\"reports\":[{\"status\":\"safe\",\"needs\":[\"rest\"]}],\"phases\":[{}]}",
         "reports/0/needs"},
        {"{\"population\":{\"households\":[{\"people\":13}]},\"reports\":[{\"status\":\"safe\",\"message\":"
         "\"a\\u0007\"}]}",
         "reports/0/message"},
        {"{\"population\":{\"households\":[{\"people\":13}]}}", "population/households/0/people"},
    };
    (void)state;
    for (size_t i = 0; i < sizeof(rows) / sizeof(rows[0]); i++) {
        struct scenario s;
        bool named = false;
        assert_false(reads(rows[i].json, &s));
        for (size_t k = 0; k < faults.count; k++) {
            named = named || strcmp(faults.items[k].path, rows[i].path) == 0;
        }
        if (!named) {
            fail_msg("%s: no fault at \"%s\" but at \"%s\"", rows[i].json, rows[i].path, faults.items[0].path);
        }
    }
}

static void test_what_is_shipped(void **state)
{
    static const char *const paths[] = {"docs/scenarios/rehearsal.json", "docs/scenarios/niger.json"};
    static char text[SCENARIO_FILE_MAX + 1];
    (void)state;
    for (size_t i = 0; i < sizeof(paths) / sizeof(paths[0]); i++) {
        struct scenario s;
        FILE *file = fopen(paths[i], "re");
        assert_non_null(file);
        text[fread(text, 1, SCENARIO_FILE_MAX, file)] = '\0';
        assert_int_equal(fclose(file), 0);
        if (!reads(text, &s)) {
            fail_msg("%s: %s %s", paths[i], faults.items[0].path, faults.items[0].what);
        }
        assert_true(s.text_count > 0 && scenario_total(&s, KIND_TEXT) > 1);
    }
}

static void test_picking_by_weight(void **state)
{
    const struct scenario_language items[] = {{1, SLICE_INIT("a")}, {2, SLICE_INIT("b")}, {1, SLICE_INIT("c")}};
    (void)state;
    assert_int_equal(scenario_pick(items, 3, sizeof(items[0]), 0), 0);
    assert_int_equal(scenario_pick(items, 3, sizeof(items[0]), 0.26), 1);
    assert_int_equal(scenario_pick(items, 3, sizeof(items[0]), 0.74), 1);
    assert_int_equal(scenario_pick(items, 3, sizeof(items[0]), 0.76), 2);
    assert_int_equal(scenario_pick(items, 3, sizeof(items[0]), 0.999999), 2);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(test_the_least_one),
        cmocka_unit_test(test_every_fault_is_named),
        cmocka_unit_test(test_what_is_shipped),
        cmocka_unit_test(test_picking_by_weight),
    };
    int failed = cmocka_run_group_tests(tests, NULL, NULL);
    arena_release(&arena);
    return failed;
}
