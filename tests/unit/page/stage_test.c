/* SPDX-License-Identifier: Apache-2.0
 * The order of the questions of a registration. */
#include <setjmp.h>
#include <stdarg.h>
#include <stdint.h>
#include <stdio.h>
#include <string.h>
#include <cmocka.h>

#include "page/stage.h"

static struct page_stage stage(const char *text)
{
    struct page_stage read;
    if (!page_stage_read(slice_of(text), &read)) {
        fail_msg("%s is no question", text);
    }
    return read;
}

static void assert_moves(const char *from, const char *go, unsigned people, bool checking, const char *expected)
{
    struct page_stage to;
    char text[PAGE_STAGE_TEXT];
    enum page_go pressed = page_go_read(slice_of(go), &to);
    struct slice got = page_stage_write(page_stage_move(stage(from), pressed, to, people, checking), text);
    if (!slice_equal(got, slice_of(expected))) {
        fail_msg("%s, %s, %u people: %s, not %s", from, go, people, text, expected);
    }
}

static void test_moves(void **state)
{
    (void)state;
    assert_moves("name", "next", 1, false, "where");
    assert_moves("name", "back", 1, false, "name");
    assert_moves("where", "next", 1, false, "with-1");
    assert_moves("where", "next", 4, false, "with-1");
    assert_moves("with-1", "next", 1, false, "needs");
    assert_moves("with-1", "next", 3, false, "with-2");
    assert_moves("with-2", "next", 3, false, "needs");
    assert_moves("with-1", "add", 2, false, "with-2");
    assert_moves("with-1", "add", 1, false, "with-1"); /* nobody was named */
    assert_moves("with-2", "back", 3, false, "with-1");
    assert_moves("with-1", "back", 3, false, "where");
    assert_moves("needs", "back", 3, false, "with-2");
    assert_moves("consent", "next", 1, false, "check");
    assert_moves("check", "next", 1, false, "check");
    assert_moves("check", "back", 1, false, "consent");
    assert_moves("check", "birth", 1, false, "birth");
    assert_moves("check", "with-2", 3, false, "with-2");
    assert_moves("birth", "next", 1, true, "check");
    assert_moves("with-1", "back", 3, true, "check");
    assert_moves("with-1", "nonsense", 1, false, "needs");
    assert_moves("with-11", "add", 12, false, "needs");
    assert_moves("with-11", "add", 400, true, "check");
}

/* Whoever only presses Continue comes through every question to the list of answers, and back again. */
static void test_every_question_is_passed(void **state)
{
    (void)state;
    for (unsigned people = 1; people <= PAGE_PEOPLE_MAX; people++) {
        struct page_stage there[64] = {{PAGE_STEP_NAME, 0}};
        size_t count = 1;
        while (there[count - 1].step != PAGE_STEP_CHECK) {
            assert_true(count < 63);
            there[count] = page_stage_move(there[count - 1], PAGE_GO_NEXT, there[0], people, false);
            count++;
        }
        assert_int_equal(count, PAGE_STEP_COUNT + (people > 2 ? people - 2 : 0));
        for (size_t i = count - 1; i > 0; i--) {
            struct page_stage back = page_stage_move(there[i], PAGE_GO_BACK, there[0], people, false);
            assert_true(page_stage_equal(back, there[i - 1]));
        }
    }
}

static void test_reading(void **state)
{
    struct page_stage read;
    char text[PAGE_STAGE_TEXT];
    (void)state;
    for (unsigned i = 0; i < PAGE_STEP_COUNT; i++) {
        struct page_stage one = {(enum page_step)i, i == PAGE_STEP_WITH ? 7 : 0};
        assert_true(page_stage_read(page_stage_write(one, text), &read) && page_stage_equal(one, read));
    }
    assert_false(page_stage_read(SLICE(""), &read) || page_stage_read(SLICE("whereabouts"), &read));
    assert_int_equal(read.step, PAGE_STEP_NAME);
    assert_true(page_stage_read(SLICE("with-99"), &read) && read.person == 1);
    assert_true(page_stage_read(SLICE("with-0"), &read) && read.person == 1);
    assert_true(page_stage_read(SLICE("with"), &read) && read.person == 1);
}

static void test_owners(void **state)
{
    static const char *const paths[][2] = {
        {"party/0/family_name", "name"},
        {"party", "name"},
        {"contacts/0/value", "name"},
        {"contacts/1/value", "reach"},
        {"party/0/needs/3", "needs"},
        {"party/0/needs_note", "needs"},
        {"party/0/birth_date", "birth"},
        {"party/0/document/number", "papers"},
        {"party/3/birth_date", "with-3"},
        {"party/99/birth_date", "name"},
        {"location/lat", "where"},
        {"intent", "plan"},
        {"emergency_contact/phone", "emergency"},
        {"consent/family", "consent"},
        {"client_id", "name"},
    };
    char text[PAGE_STAGE_TEXT];
    (void)state;
    for (size_t i = 0; i < sizeof(paths) / sizeof(paths[0]); i++) {
        struct slice owner = page_stage_write(page_stage_of(slice_of(paths[i][0])), text);
        if (!slice_equal(owner, slice_of(paths[i][1]))) {
            fail_msg("%s belongs to %s", paths[i][0], text);
        }
    }
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(test_moves),
        cmocka_unit_test(test_every_question_is_passed),
        cmocka_unit_test(test_reading),
        cmocka_unit_test(test_owners),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
