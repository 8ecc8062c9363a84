/* SPDX-License-Identifier: Apache-2.0
 * A text that asks for the sender's own case code, and says nothing else. */
#ifndef DOMAIN_SMS_CODE_H
#define DOMAIN_SMS_CODE_H

#include <stdbool.h>

#include "core/slice.h"

/* The whole text is one of a few words in our languages ("CODE", "mon code", "lambata", "ay kodo"), without regard to case, marks and blanks around
 * it. */
bool sms_code_asked(struct slice text);

#endif
