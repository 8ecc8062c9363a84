/* SPDX-License-Identifier: Apache-2.0
 * From what was ticked and written to the facts that triage asks for. */
#include "edge/verdict.h"

#include <stddef.h>

/* Words can say what no box was ticked for. */
static struct triage_facts facts_of(const struct check_in *check_in, const struct sms_reading *reading)
{
    struct triage_facts facts = {
        .has_status = check_in->has_status, .status = check_in->status, .needs = check_in->needs};
    if (reading == NULL && check_in->message.length > 0) {
        struct sms_danger danger = sms_read_danger(check_in->message);
        facts.has_message = true;
        facts.trapped = danger.trapped;
        facts.under_fire = danger.under_fire;
    } else if (reading != NULL) {
        facts.unclear = !check_in->has_status && !reading->stop && !reading->start;
        facts.opts_out = reading->stop;
        facts.opts_in = reading->start;
        facts.has_message = reading->left_over;
        facts.has_intent = reading->wants_evacuation;
        facts.intent = INTENT_WANTS_EVACUATION;
        facts.trapped = reading->trapped;
        facts.under_fire = reading->under_fire;
    }
    return facts;
}

struct triage_verdict verdict_of_check_in(const struct check_in *check_in, const struct sms_reading *reading,
                                          int64_t received_us)
{
    struct triage_facts facts = facts_of(check_in, reading);
    return triage_decide(&triage_policy_default, &facts, received_us);
}

/* What a registration says of needs is a condition, not a cry; these alone are help asked for wherever they are said. */
static const uint32_t cries = NEED_BIT(NEED_MEDICAL_EMERGENCY) | NEED_BIT(NEED_DETAINED) | NEED_BIT(NEED_VIOLENCE) |
                              NEED_BIT(NEED_UNACCOMPANIED_MINOR) | NEED_BIT(NEED_DOCUMENTS);

struct triage_verdict verdict_of_registration(const struct registration *registration, bool inquiry,
                                              int64_t received_us)
{
    uint32_t needs = registration_needs(registration, date_of_time(received_us));
    struct triage_facts facts = {
        .needs = inquiry ? 0 : needs & cries, /* what a relative says of needs is read with the inquiry */
        .has_intent = registration->has_intent,
        .intent = registration->intent,
        .inquiry = inquiry,
    };
    return triage_decide(&triage_policy_default, &facts, received_us);
}

enum admission_class verdict_class(const struct triage_verdict *verdict, enum admission_class routine)
{
    return verdict->band != BAND_NONE && verdict->band <= BAND_URGENT ? ADMIT_HELP : routine;
}
