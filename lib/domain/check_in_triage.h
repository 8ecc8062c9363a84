/* SPDX-License-Identifier: Apache-2.0
 * How urgent a check-in is, and how a text message becomes one. */
#ifndef DOMAIN_CHECK_IN_TRIAGE_H
#define DOMAIN_CHECK_IN_TRIAGE_H

#include "domain/check_in.h"
#include "domain/sms.h"
#include "domain/triage.h"

/* `reading`: of a text message; NULL for others. */
struct triage_verdict check_in_triage(const struct triage_policy *policy, const struct check_in *check_in,
                                      const struct sms_reading *reading, int64_t received_us);
/* What was read of a text, as its sender's check-in; who sent it and when stays as it is. Borrows `text`. */
void check_in_of_sms(struct check_in *check_in, const struct sms_reading *reading, struct slice text);

#endif
