/* SPDX-License-Identifier: Apache-2.0
 * An hour for each step: long enough to wake up, charge a phone or get back to where there is a network; with four texts an officer knows within four
 * hours. A quarter of it where silence is likelier to be harm. */
#include "domain/overdue.h"

#include "core/clock.h"

enum { MINUTES_A_STEP = 60, URGENT_MINUTES_A_STEP = 15, STALE_HOURS_LEAST = 24 };
enum { NIGHT_BEGINS_S = 22 * 3600, NIGHT_ENDS_S = 6 * 3600, DAY_S = 24 * 3600 };

static const struct slice rung_names[OVERDUE_RUNGS] = {
    [OVERDUE_FOUND] = SLICE_INIT("found"),
    [OVERDUE_ASKED] = SLICE_INIT("asked"),
    [OVERDUE_ASKED_ELSEWHERE] = SLICE_INIT("asked_elsewhere"),
    [OVERDUE_CONTACT_ASKED] = SLICE_INIT("contact_asked"),
    [OVERDUE_WARDEN_TOLD] = SLICE_INIT("warden_told"),
    [OVERDUE_CASE_RAISED] = SLICE_INIT("case_raised"),
    [OVERDUE_ASKED_AGAIN] = SLICE_INIT("asked_again"),
};
const struct vocabulary vocabulary_overdue_rung = {rung_names, OVERDUE_RUNGS};

bool overdue_is_text(enum overdue_rung rung)
{
    return rung == OVERDUE_ASKED || rung == OVERDUE_ASKED_ELSEWHERE || rung == OVERDUE_CONTACT_ASKED ||
           rung == OVERDUE_ASKED_AGAIN;
}

bool overdue_is_urgent(uint32_t needs, bool in_danger_zone)
{
    const uint32_t cannot_wait = NEED_BIT(NEED_MEDICAL_EMERGENCY) | NEED_BIT(NEED_MEDICATION) |
                                 NEED_BIT(NEED_PREGNANT) | NEED_BIT(NEED_INFANT) | NEED_BIT(NEED_UNACCOMPANIED_MINOR) |
                                 NEED_BIT(NEED_DETAINED) | NEED_BIT(NEED_VIOLENCE);
    return in_danger_zone || (needs & cannot_wait) != 0;
}

int64_t overdue_quiet_us(int64_t clock_s)
{
    if (clock_s >= NIGHT_ENDS_S && clock_s < NIGHT_BEGINS_S) {
        return 0;
    }
    return (NIGHT_ENDS_S - clock_s + (clock_s >= NIGHT_BEGINS_S ? DAY_S : 0)) * MICROSECONDS_A_SECOND;
}

static int64_t wait_us(const struct overdue_facts *facts)
{
    return (facts->urgent ? URGENT_MINUTES_A_STEP : MINUTES_A_STEP) * MICROSECONDS_A_MINUTE;
}

static bool has_way(enum overdue_rung rung, const struct overdue_facts *facts)
{
    switch (rung) {
    case OVERDUE_ASKED:
    case OVERDUE_ASKED_AGAIN:
        return facts->has_number;
    case OVERDUE_ASKED_ELSEWHERE:
        return facts->has_another;
    case OVERDUE_CONTACT_ASKED:
        return facts->has_contact;
    case OVERDUE_WARDEN_TOLD:
        return facts->has_warden;
    case OVERDUE_CASE_RAISED:
        return true;
    case OVERDUE_FOUND:
    case OVERDUE_RUNGS:
        break;
    }
    return false;
}

/* An officer is awake; a warden is a neighbour. */
static bool is_for_the_day(enum overdue_rung rung)
{
    return overdue_is_text(rung) || rung == OVERDUE_WARDEN_TOLD;
}

static struct overdue_next wait_for_morning(enum overdue_rung rung, const struct overdue_facts *facts)
{
    return (struct overdue_next){OVERDUE_WAIT, rung, facts->now_us + facts->quiet_us};
}

/* Asked again and again while it is stale; a party without a number is looked at again as often, as it may have one by then. */
static struct overdue_next ask_again(enum overdue_rung rung, const struct overdue_facts *facts)
{
    const struct overdue_next rest = {.act = OVERDUE_REST};
    const struct overdue_next again = {OVERDUE_CLIMB, OVERDUE_ASKED_AGAIN, facts->now_us + facts->stale_every_us};
    if (facts->has_number && facts->quiet_us > 0) {
        return wait_for_morning(rung, facts);
    }
    return facts->has_number && !facts->has_room ? rest : again;
}

/* It becomes stale when nobody has confirmed it for so long, but an officer has a day first. */
static int64_t after_case(const struct overdue_facts *facts)
{
    int64_t soonest = facts->now_us + STALE_HOURS_LEAST * MICROSECONDS_AN_HOUR;
    return facts->stale_us > soonest ? facts->stale_us : soonest;
}

struct overdue_next overdue_step(enum overdue_rung rung, const struct overdue_facts *facts)
{
    if (!facts->silent) {
        return (struct overdue_next){.act = OVERDUE_LEAVE};
    }
    if (rung >= OVERDUE_CASE_RAISED) {
        return ask_again(rung, facts);
    }
    unsigned to = rung + 1U;
    while (!has_way((enum overdue_rung)to, facts)) {
        to++; /* CASE_RAISED always has one */
    }
    if (facts->quiet_us > 0 && is_for_the_day((enum overdue_rung)to)) {
        return wait_for_morning(rung, facts);
    }
    /* Texts wait for room as long as the step would last; then an officer is the better way. */
    if (overdue_is_text((enum overdue_rung)to) && !facts->has_room) {
        if (facts->now_us < facts->due_us + wait_us(facts)) {
            return (struct overdue_next){.act = OVERDUE_REST};
        }
        to = facts->has_warden ? OVERDUE_WARDEN_TOLD : OVERDUE_CASE_RAISED;
    }
    return (struct overdue_next){
        OVERDUE_CLIMB,
        (enum overdue_rung)to,
        to == OVERDUE_CASE_RAISED ? after_case(facts) : facts->now_us + wait_us(facts),
    };
}
