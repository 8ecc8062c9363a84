/* SPDX-License-Identifier: Apache-2.0
 * From what was ticked and written to the facts that triage asks for. */
#include "domain/registration_triage.h"

/* What a registration says of needs is a condition, not a cry; these alone are help asked for wherever they are said. */
static const uint32_t cries = NEED_BIT(NEED_MEDICAL_EMERGENCY) | NEED_BIT(NEED_DETAINED) | NEED_BIT(NEED_VIOLENCE) |
                              NEED_BIT(NEED_UNACCOMPANIED_MINOR) | NEED_BIT(NEED_DOCUMENTS);

struct triage_verdict registration_triage(const struct triage_policy *policy, const struct registration *registration,
                                          bool inquiry, int64_t received_us)
{
    uint32_t needs = registration_needs(registration, date_of_time(received_us));
    struct triage_facts facts = {
        .needs = inquiry ? 0 : needs & cries, /* what a relative says of needs is read with the inquiry */
        .has_intent = registration->has_intent,
        .intent = registration->intent,
        .inquiry = inquiry,
        .in_danger_zone = registration->location.in_danger_zone,
    };
    return triage_decide(policy, &facts, received_us);
}
