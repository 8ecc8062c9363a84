/* SPDX-License-Identifier: Apache-2.0
 * How urgent a submission is, by what it says: known before anything dear is done with it, so that it can be refused cheaply, or not at all. */
#ifndef EDGE_VERDICT_H
#define EDGE_VERDICT_H

#include "domain/registration.h"
#include "domain/triage.h"
#include "net/http.h"

/* Of a registration, or of an inquiry, that was validated: birth dates tell of children alone. */
struct triage_verdict verdict_of_registration(const struct triage_policy *policy,
                                              const struct registration *registration, bool inquiry,
                                              int64_t received_us);
/* A cry is let past everything else; what is none waits with those of its own kind, which is `routine`. */
enum admission_class verdict_class(const struct triage_verdict *verdict, enum admission_class routine);

#endif
