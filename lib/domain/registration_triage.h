/* SPDX-License-Identifier: Apache-2.0
 * The case that a registration raises by itself: needs that cry, the wish to be evacuated; or that a relative asks. */
#ifndef DOMAIN_REGISTRATION_TRIAGE_H
#define DOMAIN_REGISTRATION_TRIAGE_H

#include <stdbool.h>

#include "domain/registration.h"
#include "domain/triage.h"

/* Of a registration, or of an inquiry, that was validated: birth dates tell of children alone. */
struct triage_verdict registration_triage(const struct triage_policy *policy, const struct registration *registration,
                                          bool inquiry, int64_t received_us);

#endif
