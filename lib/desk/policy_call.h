/* SPDX-License-Identifier: Apache-2.0
 * What the requests about a triage policy share. */
#ifndef DESK_POLICY_CALL_H
#define DESK_POLICY_CALL_H

#include "desk/desk_call.h"
#include "domain/triage.h"

/* The crisis that the address names; false when it names none, and that is answered. */
bool policy_call_crisis(struct desk_call *call, struct slice *crisis);
/* Takes what the body says of a policy, all of it when `whole`; false when it was refused. */
bool policy_call_read(struct desk_call *call, bool whole, struct triage_policy *policy);
/* Sets "reasons", "answer_minutes" and "check_ins"; NULL: the limits of what a lead may make of them. */
void policy_call_render(struct render *render, json_t *object, const struct triage_policy *policy);

#endif
