/* SPDX-License-Identifier: Apache-2.0
 * The whole table of roles and rights, as staff are promised it. */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>

#include <cmocka.h>

#include "desk/rights.h"

static void the_whole_table(void **state)
{
    static const struct {
        struct slice role;
        bool may[DESK_RIGHT_COUNT]; /* anyone, be here, look, work, overrule, account, administer, rule, audit, ward */
    } promised[] = {
        {SLICE_INIT("viewer"), {true, true, true, false, false, true, false, false, false, false}},
        {SLICE_INIT("officer"), {true, true, true, true, false, true, false, false, false, false}},
        {SLICE_INIT("lead"), {true, true, true, true, true, true, false, true, true, false}},
        {SLICE_INIT("warden"), {true, true, false, false, false, true, false, false, false, true}},
        {SLICE_INIT("admin"), {true, true, false, false, false, true, true, false, true, false}},
    };
    (void)state;
    for (size_t i = 0; i < sizeof(promised) / sizeof(promised[0]); i++) {
        enum desk_role role = DESK_ROLE_COUNT;
        assert_true(rights_find_role(promised[i].role, &role));
        assert_string_equal(rights_role_name(role), promised[i].role.data);
        for (unsigned right = 0; right < DESK_RIGHT_COUNT; right++) {
            assert_int_equal(rights_allow(role, (enum desk_right)right), promised[i].may[right]);
        }
    }
}

static void what_is_no_role_may_nothing(void **state)
{
    enum desk_role role;
    (void)state;
    assert_false(rights_find_role(SLICE("Lead"), &role));
    assert_false(rights_find_role(SLICE(""), &role));
    assert_false(rights_allow(DESK_ROLE_COUNT, RIGHT_BE_HERE));
    assert_false(rights_allow(DESK_LEAD, DESK_RIGHT_COUNT));
}

static void a_scope_only_narrows(void **state)
{
    int scopes = 0;
    (void)state;
    assert_true(rights_allow_within(DESK_LEAD, RIGHTS_ALL, RIGHT_OVERRULE));
    assert_false(rights_allow_within(DESK_LEAD, scopes, RIGHT_LOOK));
    assert_true(rights_allow_within(DESK_LEAD, scopes, RIGHT_BE_HERE));
    assert_true(rights_add_scope(SLICE("look"), &scopes));
    assert_true(rights_allow_within(DESK_LEAD, scopes, RIGHT_LOOK));
    assert_false(rights_allow_within(DESK_LEAD, scopes, RIGHT_WORK));
    assert_true(rights_add_scope(SLICE("work"), &scopes) && rights_add_scope(SLICE("overrule"), &scopes));
    assert_false(rights_allow_within(DESK_VIEWER, scopes, RIGHT_WORK)); /* not more than the role */
    assert_false(rights_allow_within(DESK_OFFICER, scopes, RIGHT_OVERRULE));
    assert_false(rights_allow_within(DESK_ADMIN, scopes, RIGHT_ADMINISTER));
    char words[RIGHTS_WORDS_SIZE];
    assert_string_equal(rights_words(scopes, words), "be_here look work overrule");
    assert_string_equal(rights_words(0, words), "be_here");
    assert_string_equal(rights_words(RIGHTS_ALL, words),
                        "be_here look work overrule administer rule audit"); /* not account */
    assert_false(rights_add_scope(SLICE("administer"), &scopes) || rights_add_scope(SLICE("account"), &scopes) ||
                 rights_add_scope(SLICE(""), &scopes));
}

int main(void)
{
    const struct CMUnitTest tests[] = {cmocka_unit_test(the_whole_table), cmocka_unit_test(a_scope_only_narrows),
                                       cmocka_unit_test(what_is_no_role_may_nothing)};
    return cmocka_run_group_tests_name("desk/rights", tests, NULL, NULL);
}
