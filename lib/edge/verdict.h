/* SPDX-License-Identifier: Apache-2.0
 * How urgent a check-in is, by what it says: known before anything dear is done with it, so that it can be refused cheaply, or not at all. */
#ifndef EDGE_VERDICT_H
#define EDGE_VERDICT_H

#include "domain/check_in.h"
#include "domain/sms.h"
#include "domain/triage.h"
#include "net/http.h"

/* `reading`: of a text message; NULL for others. */
struct triage_verdict verdict_of_check_in(const struct check_in *check_in, const struct sms_reading *reading,
                                          int64_t received_us);
/* A cry is let past everything else; what a citizen calls safe waits with the rest. */
enum admission_class verdict_class(const struct triage_verdict *verdict);

#endif
