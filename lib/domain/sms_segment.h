/* SPDX-License-Identifier: Apache-2.0
 * In how many messages of the network a text goes, which is what it costs. Source: 3GPP TS 23.038 sections 6.2.1 and 6.2.3 (alphabets), TS 23.040
 * section 9.2.3.24.1 (a concatenation header of six octets). */
#ifndef DOMAIN_SMS_SEGMENT_H
#define DOMAIN_SMS_SEGMENT_H

#include <stdbool.h>
#include <stddef.h>

#include "core/slice.h"

enum {
    SMS_GSM_ONE = 160, /* septets in a message alone */
    SMS_GSM_PART = 153,
    SMS_UCS2_ONE = 70, /* UTF-16 units */
    SMS_UCS2_PART = 67,
};

struct sms_size {
    bool ucs2;       /* a character is outside the GSM 7-bit default alphabet and its extension */
    size_t units;    /* septets (an extension's character takes two), or UTF-16 units */
    size_t segments; /* at least 1 */
};

/* `text` is UTF-8. A pair that would be split between two segments goes to the second whole. */
struct sms_size sms_segment_count(struct slice text);

#endif
