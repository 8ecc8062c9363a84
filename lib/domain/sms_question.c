/* SPDX-License-Identifier: Apache-2.0
 * No memory but what was heard: the same message sent again is asked the same again. */
#include "domain/sms_question.h"

#include <stddef.h>

enum sms_question sms_question_next(const struct sms_heard *heard)
{
    const struct {
        enum sms_question question;
        bool answered;
    } questions[] = {
        {SMS_ASK_WHERE, heard->place},
        {SMS_ASK_HOW_MANY, heard->people},
        {SMS_ASK_WHO, false},
    };
    for (size_t i = 0; i < sizeof(questions) / sizeof(questions[0]); i++) {
        if (!questions[i].answered && i + 1 >= heard->messages) {
            return questions[i].question;
        }
    }
    return SMS_ASK_NOTHING;
}
