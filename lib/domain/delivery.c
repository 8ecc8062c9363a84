/* SPDX-License-Identifier: Apache-2.0
 * Delays that double, and a fallback after three attempts. */
#include "domain/delivery.h"

enum { FIRST_DELAY_S = 5, DELAY_MAX_S = 600, DOUBLINGS_MAX = 7, ATTEMPTS_AT_ONE_GATEWAY = 3 };

/* Between three quarters and five quarters of the doubled delay. */
static unsigned delay_of(unsigned attempts, uint32_t random)
{
    unsigned doublings = attempts > 0 ? attempts - 1 : 0;
    unsigned delay = (unsigned)FIRST_DELAY_S << (doublings < DOUBLINGS_MAX ? doublings : DOUBLINGS_MAX);
    delay = delay < DELAY_MAX_S ? delay : DELAY_MAX_S;
    return delay - delay / 4 + random % (delay / 2 + 1);
}

static struct delivery_next again(unsigned attempts, bool elsewhere, uint32_t random)
{
    return (struct delivery_next){
        .state = DELIVERY_QUEUED, .elsewhere = elsewhere, .delay_s = elsewhere ? 0 : delay_of(attempts, random)};
}

struct delivery_next delivery_next(enum delivery_event event, const struct delivery_past *past, uint32_t random)
{
    unsigned attempts = past->attempts;
    bool tried_enough = attempts > 0 && attempts % ATTEMPTS_AT_ONE_GATEWAY == 0;
    bool may_move = past->has_fallback && !past->stays;
    switch (event) {
    case DELIVERY_TAKEN:
        return (struct delivery_next){.state = DELIVERY_SENT};
    case DELIVERY_NOT_NOW:
        return again(attempts, may_move && tried_enough, random);
    case DELIVERY_SHUT:
        /* two that fall back on each other and are both shut must not pass a text to and fro without rest */
        return again(attempts, may_move && (!past->moved || tried_enough), random);
    case DELIVERY_REFUSED:
        return may_move && !past->moved ? again(attempts, true, random)
                                        : (struct delivery_next){.state = DELIVERY_FAILED};
    case DELIVERY_UNANSWERED:
        return past->repeats ? again(attempts, false, random) : (struct delivery_next){.state = DELIVERY_UNSURE};
    case DELIVERY_UNUSABLE:
        break;
    }
    return (struct delivery_next){.state = DELIVERY_FAILED};
}

const char *delivery_state_name(enum delivery_state state)
{
    static const char *const names[] = {
        [DELIVERY_QUEUED] = "queued", [DELIVERY_WIRED] = "wired",         [DELIVERY_UNSURE] = "unsure",
        [DELIVERY_SENT] = "sent",     [DELIVERY_DELIVERED] = "delivered", [DELIVERY_FAILED] = "failed",
    };
    return names[state];
}
