/* SPDX-License-Identifier: Apache-2.0
 * What is asked next, and that it ends. */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>

#include <cmocka.h>

#include "domain/sms_question.h"

static void test_conversations(void **state)
{
    static const struct {
        struct sms_heard heard;
        enum sms_question next;
    } rows[] = {
        {{1, false, false}, SMS_ASK_WHERE},     {{1, true, false}, SMS_ASK_HOW_MANY},
        {{1, false, true}, SMS_ASK_WHERE},      {{1, true, true}, SMS_ASK_WHO},
        {{2, false, false}, SMS_ASK_HOW_MANY}, /* the place was not understood */
        {{2, true, false}, SMS_ASK_HOW_MANY},   {{2, true, true}, SMS_ASK_WHO},
        {{3, true, true}, SMS_ASK_WHO},         {{3, false, false}, SMS_ASK_WHO},
        {{4, true, true}, SMS_ASK_NOTHING},     {{4, false, false}, SMS_ASK_NOTHING},
        {{1000, false, true}, SMS_ASK_NOTHING},
    };
    (void)state;
    for (size_t i = 0; i < sizeof(rows) / sizeof(rows[0]); i++) {
        assert_int_equal(sms_question_next(&rows[i].heard), rows[i].next);
    }
}

/* Whatever is answered when: at most three questions, and never one twice in a row unless it was answered neither time. */
static void test_it_ends(void **state)
{
    (void)state;
    for (unsigned answers = 0; answers < 1U << 12; answers++) {
        struct sms_heard heard = {.messages = 0};
        unsigned asked = 0;
        for (unsigned message = 0; message < 6; message++) {
            heard.messages++;
            heard.place = heard.place || (answers >> (2 * message) & 1U) != 0;
            heard.people = heard.people || (answers >> (2 * message + 1) & 1U) != 0;
            enum sms_question next = sms_question_next(&heard);
            asked += next != SMS_ASK_NOTHING ? 1 : 0;
            assert_false(next == SMS_ASK_WHERE && heard.place);
            assert_false(next == SMS_ASK_HOW_MANY && heard.people);
        }
        assert_in_range(asked, 1, 3);
    }
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(test_conversations),
        cmocka_unit_test(test_it_ends),
    };
    return cmocka_run_group_tests_name("domain sms question", tests, NULL, NULL);
}
