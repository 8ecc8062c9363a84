/* SPDX-License-Identifier: Apache-2.0
 * What may become of a case, and who may do it. Pure: how it stands and what happens in; how it stands then, or why not, out.
 *
 *   OPEN --claim--> CLAIMED --wait--> WAITING --its time is over--> OPEN
 *    ^  ^--release, lease lapsed--/ |    | \--a cry for help--> CLAIMED, when somebody has it
 *    |                              \----+--resolve--> RESOLVED --reopen, or a cry for help--> OPEN
 *    \--passed to a post, from any of them but RESOLVED; passed to a person it is CLAIMED
 *
 * The register's statements judge, as they alone see two who act at once; tests/integration/test_case_states.py proves that they and this are one. */
#ifndef DOMAIN_CASE_STATE_H
#define DOMAIN_CASE_STATE_H

#include <stdbool.h>

#include "domain/vocabulary.h"

enum case_event {
    /* an officer's */
    CASE_CLAIM,
    CASE_RELEASE,
    CASE_WAIT,
    CASE_RESOLVE,
    CASE_REOPEN,
    CASE_PASS_TO_POST, /* transferred there, or escalated */
    CASE_PASS_TO_PERSON,
    CASE_HAND_OVER, /* the shift of its holder ends */
    CASE_HAND_OVER_TO_PERSON,
    /* nobody's */
    CASE_LEASE_LAPSED,
    CASE_WAIT_OVER,
    CASE_CRY_FOR_HELP,
    CASE_OVERDUE,    /* its party did not check in when it was time */
    CASE_HEARD_FROM, /* it did after all, and there was no other reason for the case */
    CASE_EVENTS
};

/* As who acts sees it. */
enum case_holder { CASE_HELD_BY_NOBODY, CASE_HELD_BY_CALLER, CASE_HELD_BY_OTHER, CASE_HELD_BY_OTHER_TOO_LONG };

struct case_standing {
    enum case_state state;
    enum case_holder holder;
    bool may_overrule; /* the caller may act for who holds it */
};

enum case_refusal {
    CASE_MAY,
    CASE_NOT_IN_THIS_STATE,
    CASE_HELD_BY_ANOTHER,
};

/* Whose it is then. */
enum case_hold { CASE_HOLD_KEPT, CASE_HOLD_NOBODYS, CASE_HOLD_CALLERS, CASE_HOLD_TAKERS };

struct case_next {
    enum case_refusal refusal;
    enum case_state state; /* MAY; these too */
    enum case_hold hold;
};

struct case_next case_step(enum case_event event, const struct case_standing *standing);

#endif
