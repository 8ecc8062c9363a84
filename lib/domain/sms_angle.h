/* SPDX-License-Identifier: Apache-2.0
 * One latitude or longitude as people write it. */
#ifndef DOMAIN_SMS_ANGLE_H
#define DOMAIN_SMS_ANGLE_H

#include <stdbool.h>
#include <stddef.h>

#include "core/slice.h"

struct sms_angle {
    double degrees;    /* with its sign, or the hemisphere's */
    unsigned decimals; /* of the degrees, as written */
    bool sign;         /* a degree sign ("*" after folding) was written */
    char hemisphere;   /* 'n', 's', 'e', 'w', 'o' (ouest), or '\0' */
};

/* Reads an angle of folded text at `at`; returns the offset behind it, 0 when there is none. */
size_t sms_angle_read(struct slice text, size_t at, struct sms_angle *angle);
/* Reads a signed decimal number with a full stop; returns the offset behind it, 0 when there is none. */
size_t sms_angle_number(struct slice text, size_t at, double *value);

#endif
