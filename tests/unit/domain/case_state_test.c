/* SPDX-License-Identifier: Apache-2.0
 * Every event in every standing by every role, against the table that the register's statements are held to as well. */
#include "domain/case_state.h"

#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <string.h>

#include <cmocka.h>

static const struct {
    enum case_state state;
    enum case_holder holder;
} standings[] = {
    {CASE_OPEN, CASE_HELD_BY_NOBODY},    {CASE_CLAIMED, CASE_HELD_BY_CALLER},
    {CASE_CLAIMED, CASE_HELD_BY_OTHER},  {CASE_CLAIMED, CASE_HELD_BY_OTHER_TOO_LONG},
    {CASE_WAITING, CASE_HELD_BY_NOBODY}, {CASE_WAITING, CASE_HELD_BY_CALLER},
    {CASE_WAITING, CASE_HELD_BY_OTHER},  {CASE_RESOLVED, CASE_HELD_BY_CALLER},
    {CASE_RESOLVED, CASE_HELD_BY_OTHER},
};
enum { STANDINGS = sizeof(standings) / sizeof(standings[0]), CELL = 3 };

static const struct {
    enum case_event event;
    const char *role, *cells;
} table[] = {
#define ROW(event, role, cells) {CASE_##event, role, cells},
#include "case_states.inc"
#undef ROW
};
enum { ROWS = sizeof(table) / sizeof(table[0]) };

static void cell_of(const struct case_next *next, char cell[CELL])
{
    static const char states[] = "OCWR", holds[] = "knct";
    memcpy(cell, next->refusal == CASE_HELD_BY_ANOTHER ? "!!" : "--", CELL);
    if (next->refusal == CASE_MAY) {
        cell[0] = states[next->state];
        cell[1] = holds[next->hold];
    }
}

static void test_the_whole_table(void **state)
{
    unsigned rows_of[CASE_EVENTS] = {0};
    (void)state;
    for (size_t i = 0; i < ROWS; i++) {
        assert_int_equal(strlen(table[i].cells), STANDINGS * CELL - 1);
        for (size_t k = 0; k < STANDINGS; k++) {
            const struct case_standing standing = {standings[k].state, standings[k].holder,
                                                   strcmp(table[i].role, "lead") == 0};
            const struct case_next next = case_step(table[i].event, &standing);
            char cell[CELL];
            cell_of(&next, cell);
            if (memcmp(cell, table[i].cells + k * CELL, 2) != 0) {
                fail_msg("event %u, %s, standing %zu: %s, not %.2s", table[i].event, table[i].role, k, cell,
                         table[i].cells + k * CELL);
            }
        }
        rows_of[table[i].event]++;
    }
    for (unsigned event = 0; event < CASE_EVENTS; event++) {
        assert_int_equal(rows_of[event], event < CASE_LEASE_LAPSED ? 2 : 1);
    }
}

/* Whatever happens: who holds nothing has not claimed it, and a lead may all that an officer may. */
static void test_what_always_holds(void **state)
{
    (void)state;
    for (unsigned event = 0; event < CASE_EVENTS; event++) {
        for (size_t k = 0; k < STANDINGS; k++) {
            const struct case_standing officers = {standings[k].state, standings[k].holder, false};
            const struct case_standing leads = {standings[k].state, standings[k].holder, true};
            struct case_next by_officer = case_step((enum case_event)event, &officers);
            struct case_next by_lead = case_step((enum case_event)event, &leads);
            assert_true(by_officer.refusal != CASE_MAY || by_lead.refusal == CASE_MAY);
            if (by_lead.refusal != CASE_MAY) {
                continue;
            }
            bool is_held = by_lead.hold == CASE_HOLD_CALLERS || by_lead.hold == CASE_HOLD_TAKERS ||
                           (by_lead.hold == CASE_HOLD_KEPT && leads.holder != CASE_HELD_BY_NOBODY);
            assert_true(by_lead.state != CASE_CLAIMED || is_held);
            assert_true(by_lead.state != CASE_OPEN || !is_held);
        }
    }
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(test_the_whole_table),
        cmocka_unit_test(test_what_always_holds),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
