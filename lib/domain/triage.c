/* SPDX-License-Identifier: Apache-2.0
 * The default policy, the table of when each reason holds, and the small engine over both.
 *
 * Every rule asks only that facts are there, never that they are missing, so knowing more about a party can add reasons but
 * not take one away: a fact never makes a case less urgent, under any policy. */
#include "domain/triage.h"

#include <stddef.h>

#include "core/clock.h"

static const struct slice reason_names[REASON_COUNT] = {
    [REASON_INJURED_LIFE_THREAT] = SLICE_INIT("injured_life_threat"),
    [REASON_IN_DANGER_LIFE_THREAT] = SLICE_INIT("in_danger_life_threat"),
    [REASON_TRAPPED] = SLICE_INIT("trapped"),
    [REASON_UNDER_FIRE] = SLICE_INIT("under_fire"),
    [REASON_CHILD_ALONE_IN_DANGER] = SLICE_INIT("child_alone_in_danger"),
    [REASON_INJURED] = SLICE_INIT("injured"),
    [REASON_IN_DANGER] = SLICE_INIT("in_danger"),
    [REASON_MEDICAL] = SLICE_INIT("medical"),
    [REASON_MEDICATION] = SLICE_INIT("medication"),
    [REASON_PREGNANT] = SLICE_INIT("pregnant"),
    [REASON_UNACCOMPANIED_MINOR] = SLICE_INIT("unaccompanied_minor"),
    [REASON_DETAINED] = SLICE_INIT("detained"),
    [REASON_VIOLENCE] = SLICE_INIT("violence"),
    [REASON_HELP_ASKED] = SLICE_INIT("help_asked"),
    [REASON_MOVING] = SLICE_INIT("moving"),
    [REASON_OVERDUE_IN_DANGER_ZONE] = SLICE_INIT("overdue_in_danger_zone"),
    [REASON_WANTS_EVACUATION] = SLICE_INIT("wants_evacuation"),
    [REASON_OVERDUE] = SLICE_INIT("overdue"),
    [REASON_TRAVEL_DOCUMENTS] = SLICE_INIT("travel_documents"),
    [REASON_CHANGE_OF_PLAN] = SLICE_INIT("change_of_plan"),
    [REASON_MESSAGE_TO_READ] = SLICE_INIT("message_to_read"),
    [REASON_UNCLEAR_MESSAGE] = SLICE_INIT("unclear_message"),
    [REASON_UNKNOWN_SENDER] = SLICE_INIT("unknown_sender"),
    [REASON_INQUIRY] = SLICE_INIT("inquiry"),
    [REASON_OPTED_OUT] = SLICE_INIT("opted_out"),
    [REASON_OPTED_IN] = SLICE_INIT("opted_in"),
    [REASON_IN_DANGER_ZONE] = SLICE_INIT("in_danger_zone"),
};
const struct vocabulary vocabulary_triage_reason = {reason_names, REASON_COUNT};

const struct triage_policy triage_policy_default = {
    .band_of =
        {
            [REASON_INJURED_LIFE_THREAT] = BAND_IMMEDIATE,
            [REASON_IN_DANGER_LIFE_THREAT] = BAND_IMMEDIATE,
            [REASON_TRAPPED] = BAND_IMMEDIATE,
            [REASON_UNDER_FIRE] = BAND_IMMEDIATE,
            [REASON_CHILD_ALONE_IN_DANGER] = BAND_IMMEDIATE,
            [REASON_INJURED] = BAND_VERY_URGENT,
            [REASON_IN_DANGER] = BAND_VERY_URGENT,
            [REASON_MEDICAL] = BAND_VERY_URGENT,
            [REASON_MEDICATION] = BAND_VERY_URGENT,
            [REASON_PREGNANT] = BAND_VERY_URGENT,
            [REASON_UNACCOMPANIED_MINOR] = BAND_VERY_URGENT,
            [REASON_DETAINED] = BAND_VERY_URGENT,
            [REASON_VIOLENCE] = BAND_VERY_URGENT,
            [REASON_HELP_ASKED] = BAND_URGENT,
            [REASON_MOVING] = BAND_URGENT,
            [REASON_OVERDUE_IN_DANGER_ZONE] = BAND_URGENT,
            [REASON_UNCLEAR_MESSAGE] = BAND_URGENT,
            [REASON_WANTS_EVACUATION] = BAND_STANDARD,
            [REASON_OVERDUE] = BAND_STANDARD,
            [REASON_TRAVEL_DOCUMENTS] = BAND_STANDARD,
            [REASON_CHANGE_OF_PLAN] = BAND_NON_URGENT,
            [REASON_MESSAGE_TO_READ] = BAND_NON_URGENT,
            [REASON_UNKNOWN_SENDER] = BAND_NONE,
            [REASON_INQUIRY] = BAND_NON_URGENT,
            [REASON_OPTED_OUT] = BAND_NONE,
            [REASON_OPTED_IN] = BAND_NONE,
            [REASON_IN_DANGER_ZONE] = BAND_URGENT,
        },
    .answer_minutes = {[BAND_IMMEDIATE] = 0,
                       [BAND_VERY_URGENT] = 10,
                       [BAND_URGENT] = 60,
                       [BAND_STANDARD] = 120,
                       [BAND_NON_URGENT] = 240},
};

/* Sets of statuses; SILENT stands for a record without one: a registration, or a text message nobody could read. */
enum status_set {
    IS_SAFE = 1U << STATUS_SAFE,
    IS_NEED_HELP = 1U << STATUS_NEED_HELP,
    IS_INJURED = 1U << STATUS_INJURED,
    IS_IN_DANGER = 1U << STATUS_IN_DANGER,
    IS_MOVING = 1U << STATUS_MOVING,
    IS_DEPARTED = 1U << STATUS_DEPARTED,
    IS_SILENT = 1U << (STATUS_DEPARTED + 1),
    IS_HURT = IS_INJURED | IS_IN_DANGER,
    IS_HELP = IS_NEED_HELP | IS_HURT,
    IS_CALM = IS_SAFE | IS_MOVING | IS_DEPARTED | IS_SILENT,
    IS_ANY = IS_HELP | IS_CALM,
};

/* Facts that are there or not. */
enum sign {
    SIGN_TRAPPED = 1 << 0,
    SIGN_UNDER_FIRE = 1 << 1,
    SIGN_MESSAGE = 1 << 2,
    SIGN_UNCLEAR = 1 << 3,
    SIGN_UNKNOWN = 1 << 4,
    SIGN_OVERDUE = 1 << 5,
    SIGN_DANGER_ZONE = 1 << 6,
    SIGN_EVACUATION = 1 << 7,
    SIGN_INQUIRY = 1 << 8,
    SIGN_OPTS_OUT = 1 << 9,
    SIGN_OPTS_IN = 1 << 10,
};

#define LIFE_THREATS (NEED_BIT(NEED_MEDICAL_EMERGENCY) | NEED_BIT(NEED_VIOLENCE))
#define CHILD_ALONE  NEED_BIT(NEED_UNACCOMPANIED_MINOR)
/* Needs that someone who is safe may well have, and that an officer still should read of. */
#define QUIET_NEEDS                                                                                                    \
    (NEED_BIT(NEED_MOBILITY) | NEED_BIT(NEED_PREGNANT) | NEED_BIT(NEED_INFANT) | NEED_BIT(NEED_OLDER_PERSON) |         \
     NEED_BIT(NEED_MENTAL_HEALTH) | NEED_BIT(NEED_HEARING) | NEED_BIT(NEED_VISION) | NEED_BIT(NEED_SHELTER) |          \
     NEED_BIT(NEED_FOOD_WATER) | NEED_BIT(NEED_MONEY) | NEED_BIT(NEED_DOCUMENTS) | NEED_BIT(NEED_TRANSPORT) |          \
     NEED_BIT(NEED_PETS))

/* A reason holds when one of its rows does: the status is in the set, every need and sign named is there, and one need of
 * `any_need` when that is not empty. */
struct rule {
    enum triage_reason reason;
    unsigned statuses;
    uint32_t any_need;
    uint32_t all_needs;
    unsigned signs;
};

/* Medicine, arrest, violence, a medical emergency and a child alone are cries for help whatever the status says: when in
 * doubt between safe and help, it is help. */
static const struct rule rules[] = {
    {REASON_INJURED_LIFE_THREAT, IS_INJURED, LIFE_THREATS, 0, 0},
    {REASON_IN_DANGER_LIFE_THREAT, IS_IN_DANGER, LIFE_THREATS, 0, 0},
    {REASON_TRAPPED, IS_ANY, 0, 0, SIGN_TRAPPED},
    {REASON_UNDER_FIRE, IS_ANY, 0, 0, SIGN_UNDER_FIRE},
    {REASON_CHILD_ALONE_IN_DANGER, IS_HURT, 0, CHILD_ALONE, 0},
    {REASON_CHILD_ALONE_IN_DANGER, IS_ANY, 0, CHILD_ALONE | NEED_BIT(NEED_VIOLENCE), 0},
    {REASON_INJURED, IS_INJURED, 0, 0, 0},
    {REASON_IN_DANGER, IS_IN_DANGER, 0, 0, 0},
    {REASON_MEDICAL, IS_ANY, 0, NEED_BIT(NEED_MEDICAL_EMERGENCY), 0},
    {REASON_MEDICATION, IS_ANY, 0, NEED_BIT(NEED_MEDICATION), 0},
    {REASON_PREGNANT, IS_HELP, 0, NEED_BIT(NEED_PREGNANT), 0},
    {REASON_UNACCOMPANIED_MINOR, IS_ANY, 0, CHILD_ALONE, 0},
    {REASON_DETAINED, IS_ANY, 0, NEED_BIT(NEED_DETAINED), 0},
    {REASON_VIOLENCE, IS_ANY, 0, NEED_BIT(NEED_VIOLENCE), 0},
    {REASON_HELP_ASKED, IS_NEED_HELP, 0, 0, 0},
    {REASON_MOVING, IS_MOVING, 0, 0, 0},
    {REASON_OVERDUE_IN_DANGER_ZONE, IS_ANY, 0, 0, SIGN_OVERDUE | SIGN_DANGER_ZONE},
    {REASON_WANTS_EVACUATION, IS_ANY, 0, 0, SIGN_EVACUATION},
    {REASON_OVERDUE, IS_ANY, 0, 0, SIGN_OVERDUE},
    {REASON_TRAVEL_DOCUMENTS, IS_CALM, 0, NEED_BIT(NEED_DOCUMENTS), 0},
    {REASON_CHANGE_OF_PLAN, IS_DEPARTED, 0, 0, SIGN_MESSAGE},
    {REASON_MESSAGE_TO_READ, IS_CALM, 0, 0, SIGN_MESSAGE},
    {REASON_MESSAGE_TO_READ, IS_SAFE | IS_DEPARTED, QUIET_NEEDS, 0, 0},
    {REASON_UNCLEAR_MESSAGE, IS_ANY, 0, 0, SIGN_UNCLEAR},
    {REASON_UNKNOWN_SENDER, IS_ANY, 0, 0, SIGN_UNKNOWN},
    {REASON_INQUIRY, IS_ANY, 0, 0, SIGN_INQUIRY},
    {REASON_OPTED_OUT, IS_ANY, 0, 0, SIGN_OPTS_OUT},
    {REASON_OPTED_IN, IS_ANY, 0, 0, SIGN_OPTS_IN},
    {REASON_IN_DANGER_ZONE, IS_ANY, 0, 0, SIGN_DANGER_ZONE},
};

static unsigned signs_of(const struct triage_facts *facts)
{
    const struct {
        bool there;
        unsigned sign;
    } all[] = {
        {facts->trapped, SIGN_TRAPPED},
        {facts->under_fire, SIGN_UNDER_FIRE},
        {facts->has_message, SIGN_MESSAGE},
        {facts->unclear, SIGN_UNCLEAR},
        {facts->unknown_sender, SIGN_UNKNOWN},
        {facts->overdue, SIGN_OVERDUE},
        {facts->in_danger_zone, SIGN_DANGER_ZONE},
        {facts->has_intent && facts->intent == INTENT_WANTS_EVACUATION, SIGN_EVACUATION},
        {facts->inquiry, SIGN_INQUIRY},
        {facts->opts_out, SIGN_OPTS_OUT},
        {facts->opts_in, SIGN_OPTS_IN},
    };
    unsigned signs = 0;
    for (size_t i = 0; i < sizeof(all) / sizeof(all[0]); i++) {
        signs |= all[i].there ? all[i].sign : 0U;
    }
    return signs;
}

static bool rule_holds(const struct rule *rule, unsigned status, uint32_t needs, unsigned signs)
{
    return (rule->statuses & status) != 0 && (rule->any_need == 0 || (rule->any_need & needs) != 0) &&
           (rule->all_needs & ~needs) == 0 && (rule->signs & ~signs) == 0;
}

static uint32_t reasons_of(const struct triage_facts *facts)
{
    unsigned status = facts->has_status && facts->status <= STATUS_DEPARTED ? 1U << facts->status : IS_SILENT;
    unsigned signs = signs_of(facts);
    uint32_t reasons = 0;
    for (size_t i = 0; i < sizeof(rules) / sizeof(rules[0]); i++) {
        if (rule_holds(&rules[i], status, facts->needs, signs)) {
            reasons |= REASON_BIT(rules[i].reason);
        }
    }
    return reasons;
}

/* The most urgent band of the reasons; a policy row past the last band counts as the last. */
static unsigned band_of_reason(const struct triage_policy *policy, unsigned reason)
{
    unsigned band = policy->band_of[reason];
    return band < BAND_COUNT ? band : BAND_NON_URGENT;
}

static unsigned more_urgent(unsigned a, unsigned b)
{
    return b != BAND_NONE && (a == BAND_NONE || b < a) ? b : a;
}

/* Of all reasons but the place itself: who is safe in a danger zone is no case for that. */
static unsigned band_elsewhere(const struct triage_policy *policy, uint32_t reasons)
{
    unsigned worst = BAND_NONE;
    for (unsigned i = 0; i < REASON_COUNT; i++) {
        if ((reasons & REASON_BIT(i)) != 0 && i != REASON_IN_DANGER_ZONE) {
            worst = more_urgent(worst, band_of_reason(policy, i));
        }
    }
    if (worst == BAND_NONE && (reasons & REASON_BIT(REASON_UNKNOWN_SENDER)) != 0) {
        return BAND_NON_URGENT; /* somebody must at least find out who it is */
    }
    return worst;
}

static unsigned band_of(const struct triage_policy *policy, uint32_t reasons)
{
    unsigned band = band_elsewhere(policy, reasons);
    bool inside = (reasons & REASON_BIT(REASON_IN_DANGER_ZONE)) != 0;
    return inside && band != BAND_NONE ? more_urgent(band, band_of_reason(policy, REASON_IN_DANGER_ZONE)) : band;
}

static struct triage_verdict decide(const struct triage_policy *policy, uint32_t reasons, int64_t received_us)
{
    struct triage_verdict verdict = {.reasons = reasons};
    verdict.band = band_of(policy, reasons);
    verdict.queue = triage_queue(policy, verdict.band, reasons);
    verdict.respond_by_us = received_us + policy->answer_minutes[verdict.band] * MICROSECONDS_A_MINUTE;
    return verdict;
}

struct triage_verdict triage_decide(const struct triage_policy *policy, const struct triage_facts *facts,
                                    int64_t received_us)
{
    return decide(policy, reasons_of(facts), received_us);
}

struct triage_verdict triage_judge(const struct triage_policy *policy, uint32_t reasons, bool unknown_sender,
                                   int64_t received_us)
{
    const uint32_t unknown = REASON_BIT(REASON_UNKNOWN_SENDER);
    struct triage_verdict verdict =
        decide(policy, unknown_sender ? reasons | unknown : reasons & ~unknown, received_us);
    if (verdict.band == BAND_NONE) { /* it was raised, so somebody looks at it */
        verdict.band = BAND_NON_URGENT;
        verdict.respond_by_us = received_us + policy->answer_minutes[BAND_NON_URGENT] * MICROSECONDS_A_MINUTE;
    }
    verdict.reasons = reasons;
    return verdict;
}

enum queue triage_queue(const struct triage_policy *policy, unsigned band, uint32_t reasons)
{
    const uint32_t silence = REASON_BIT(REASON_OVERDUE) | REASON_BIT(REASON_OVERDUE_IN_DANGER_ZONE);
    const uint32_t wish = REASON_BIT(REASON_WANTS_EVACUATION);
    uint32_t worst = 0;
    if ((reasons & REASON_BIT(REASON_UNKNOWN_SENDER)) != 0) {
        return QUEUE_IDENTIFICATION;
    }
    if (band == BAND_IMMEDIATE || band == BAND_VERY_URGENT) {
        return QUEUE_EMERGENCY;
    }
    if ((reasons & REASON_BIT(REASON_IN_DANGER_ZONE)) != 0) { /* where they are moves them up, not to another queue */
        reasons &= ~REASON_BIT(REASON_IN_DANGER_ZONE);
        band = band_elsewhere(policy, reasons);
    }
    for (unsigned i = 0; i < REASON_COUNT; i++) {
        if ((reasons & REASON_BIT(i)) != 0 && band_of_reason(policy, i) == band) {
            worst |= REASON_BIT(i);
        }
    }
    if (worst == REASON_BIT(REASON_INQUIRY)) {
        return QUEUE_INQUIRY;
    }
    /* Among equals, what someone asks for comes before silence, and silence before a wish that was known. */
    if (band == BAND_NONE || (worst & ~(silence | wish)) != 0) {
        return QUEUE_ASSISTANCE;
    }
    if ((worst & silence) != 0) {
        return QUEUE_OVERDUE;
    }
    return worst == wish ? QUEUE_DEPARTURE : QUEUE_ASSISTANCE;
}

struct slice band_name(unsigned band)
{
    static const struct slice names[BAND_COUNT] = {
        [BAND_NONE] = SLICE_INIT("none"),
        [BAND_IMMEDIATE] = SLICE_INIT("immediate"),
        [BAND_VERY_URGENT] = SLICE_INIT("very urgent"),
        [BAND_URGENT] = SLICE_INIT("urgent"),
        [BAND_STANDARD] = SLICE_INIT("standard"),
        [BAND_NON_URGENT] = SLICE_INIT("non-urgent"),
    };
    return band < BAND_COUNT ? names[band] : (struct slice){NULL, 0};
}
