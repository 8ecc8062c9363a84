/* SPDX-License-Identifier: Apache-2.0
 * A rule for each event: in which states, by whom, and what comes of it in each. */
#include "domain/case_state.h"

enum case_state_bit {
    IN_OPEN = 1 << CASE_OPEN,
    IN_CLAIMED = 1 << CASE_CLAIMED,
    IN_WAITING = 1 << CASE_WAITING,
    IN_RESOLVED = 1 << CASE_RESOLVED,
    IN_WORK = IN_CLAIMED | IN_WAITING,
    NOT_RESOLVED = IN_OPEN | IN_WORK,
    IN_ANY = NOT_RESOLVED | IN_RESOLVED,
};

enum who {
    BY_ANYONE,           /* or by nobody: time, or the party */
    BY_WHOEVER_IS_FIRST, /* when nobody holds it, or has for too long, or oneself does */
    BY_HOLDER_OR_LEAD,
    BY_ANYONE_UNLESS_HELD, /* by another, for whom a lead may */
    BY_HOLDER,
    AT_LAPSE, /* when its holder has had it too long */
};

struct rule {
    unsigned states;
    enum who who;
    enum case_state to[CASE_RESOLVED + 1]; /* by the state before */
    enum case_hold hold;
};

#define ALWAYS(state)                                                                                                  \
    {                                                                                                                  \
        (state), (state), (state), (state)                                                                             \
    }
#define AS_IT_WAS                                                                                                      \
    {                                                                                                                  \
        CASE_OPEN, CASE_CLAIMED, CASE_WAITING, CASE_RESOLVED                                                           \
    }
#define UNRESOLVED                                                                                                     \
    {                                                                                                                  \
        CASE_OPEN, CASE_CLAIMED, CASE_WAITING, CASE_OPEN                                                               \
    }

static const struct rule rules[CASE_EVENTS] = {
    [CASE_CLAIM] = {NOT_RESOLVED, BY_WHOEVER_IS_FIRST, ALWAYS(CASE_CLAIMED), CASE_HOLD_CALLERS},
    [CASE_RELEASE] = {IN_WORK, BY_HOLDER_OR_LEAD, ALWAYS(CASE_OPEN), CASE_HOLD_NOBODYS},
    [CASE_WAIT] = {IN_WORK, BY_HOLDER_OR_LEAD, ALWAYS(CASE_WAITING), CASE_HOLD_KEPT},
    [CASE_RESOLVE] = {IN_WORK, BY_HOLDER_OR_LEAD, ALWAYS(CASE_RESOLVED), CASE_HOLD_KEPT},
    [CASE_REOPEN] = {IN_RESOLVED, BY_ANYONE, ALWAYS(CASE_OPEN), CASE_HOLD_NOBODYS},
    [CASE_PASS_TO_POST] = {NOT_RESOLVED, BY_ANYONE_UNLESS_HELD, ALWAYS(CASE_OPEN), CASE_HOLD_NOBODYS},
    [CASE_PASS_TO_PERSON] = {NOT_RESOLVED, BY_ANYONE_UNLESS_HELD, ALWAYS(CASE_CLAIMED), CASE_HOLD_TAKERS},
    [CASE_HAND_OVER] = {IN_WORK,
                        BY_HOLDER,
                        {[CASE_CLAIMED] = CASE_OPEN, [CASE_WAITING] = CASE_WAITING},
                        CASE_HOLD_NOBODYS},
    [CASE_HAND_OVER_TO_PERSON] = {IN_WORK, BY_HOLDER, AS_IT_WAS, CASE_HOLD_TAKERS},
    [CASE_LEASE_LAPSED] = {IN_CLAIMED, AT_LAPSE, ALWAYS(CASE_OPEN), CASE_HOLD_NOBODYS},
    [CASE_WAIT_OVER] = {IN_WAITING, BY_ANYONE, ALWAYS(CASE_OPEN), CASE_HOLD_NOBODYS},
    [CASE_CRY_FOR_HELP] = {IN_ANY, BY_ANYONE, UNRESOLVED, CASE_HOLD_KEPT}, /* see below */
    [CASE_OVERDUE] = {IN_ANY, BY_ANYONE, UNRESOLVED, CASE_HOLD_KEPT},
    [CASE_HEARD_FROM] = {IN_OPEN, BY_ANYONE, ALWAYS(CASE_RESOLVED), CASE_HOLD_KEPT},
};

static enum case_refusal refusal_of(const struct rule *rule, const struct case_standing *standing)
{
    bool is_callers = standing->holder == CASE_HELD_BY_CALLER;
    bool is_free = standing->holder == CASE_HELD_BY_NOBODY;
    if ((rule->states & (1U << standing->state)) == 0) {
        return CASE_NOT_IN_THIS_STATE;
    }
    switch (rule->who) {
    case BY_ANYONE:
        return CASE_MAY;
    case BY_WHOEVER_IS_FIRST:
        return standing->holder == CASE_HELD_BY_OTHER ? CASE_HELD_BY_ANOTHER : CASE_MAY;
    case BY_HOLDER_OR_LEAD:
        if (is_callers || standing->may_overrule) {
            return CASE_MAY;
        }
        return is_free ? CASE_NOT_IN_THIS_STATE : CASE_HELD_BY_ANOTHER; /* nobody has it: it is to be claimed first */
    case BY_ANYONE_UNLESS_HELD:
        return is_callers || is_free || standing->may_overrule ? CASE_MAY : CASE_HELD_BY_ANOTHER;
    case BY_HOLDER:
        return is_callers ? CASE_MAY : CASE_NOT_IN_THIS_STATE;
    case AT_LAPSE:
        break;
    }
    return standing->holder == CASE_HELD_BY_OTHER_TOO_LONG ? CASE_MAY : CASE_NOT_IN_THIS_STATE;
}

struct case_next case_step(enum case_event event, const struct case_standing *standing)
{
    const struct rule *rule = &rules[event];
    struct case_next next = {refusal_of(rule, standing), rule->to[standing->state], rule->hold};
    if (next.refusal != CASE_MAY) {
        return next;
    }
    /* A case that waited on the citizen has heard from them: whoever had it goes on, else anybody does. */
    if (event == CASE_CRY_FOR_HELP && standing->state == CASE_WAITING) {
        next.state = standing->holder == CASE_HELD_BY_NOBODY ? CASE_OPEN : CASE_CLAIMED;
    }
    if (next.state == CASE_OPEN) {
        next.hold = CASE_HOLD_NOBODYS;
    }
    return next;
}
