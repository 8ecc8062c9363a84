/* SPDX-License-Identifier: Apache-2.0
 * What a stranger who cries for help is asked next: one short question with each reply, for what an officer needs. */
#ifndef DOMAIN_SMS_QUESTION_H
#define DOMAIN_SMS_QUESTION_H

#include <stdbool.h>

/* What a number that nobody registered has told so far, the message that is answered included. */
struct sms_heard {
    unsigned messages; /* from 1 */
    bool place;
    bool people; /* how many they are */
};

enum sms_question { SMS_ASK_NOTHING, SMS_ASK_WHERE, SMS_ASK_HOW_MANY, SMS_ASK_WHO };

/* Where, how many, who: the first of them that is not answered and that the conversation has not passed yet. The reply to message k asks none
 * before the k-th, so nobody is asked more than three, nor the same for ever when we do not understand the answer. Who they are only a person can
 * tell: it is asked once all else is, or was. */
enum sms_question sms_question_next(const struct sms_heard *heard);

#endif
