/* SPDX-License-Identifier: Apache-2.0
 * From what was ticked and written to the facts that triage asks for. */
#include "domain/check_in_triage.h"

#include <stddef.h>

/* Words can say what no box was ticked for. */
static struct triage_facts facts_of(const struct check_in *check_in, const struct sms_reading *reading)
{
    struct triage_facts facts = {.has_status = check_in->has_status,
                                 .status = check_in->status,
                                 .needs = check_in->needs,
                                 .in_danger_zone = check_in->location.in_danger_zone};
    if (reading == NULL && check_in->message.length > 0) {
        struct sms_danger danger = sms_read_danger(check_in->message);
        facts.has_message = true;
        facts.trapped = danger.trapped;
        facts.under_fire = danger.under_fire;
    } else if (reading != NULL) {
        facts.unclear = !check_in->has_status && !reading->stop && !reading->start && !reading->asks_code;
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

struct triage_verdict check_in_triage(const struct triage_policy *policy, const struct check_in *check_in,
                                      const struct sms_reading *reading, int64_t received_us)
{
    struct triage_facts facts = facts_of(check_in, reading);
    return triage_decide(policy, &facts, received_us);
}

void check_in_of_sms(struct check_in *check_in, const struct sms_reading *reading, struct slice text)
{
    check_in->has_status = reading->has_status;
    check_in->status = reading->status;
    check_in->needs = reading->needs;
    check_in->has_people = reading->has_people;
    check_in->people = reading->people;
    check_in->location = reading->location;
    check_in->message = text;
    check_in->has_registration_id = reading->has_case;
    check_in->registration_id = reading->registration_id;
}
