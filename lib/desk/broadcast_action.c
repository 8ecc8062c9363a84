/* SPDX-License-Identifier: Apache-2.0
 * POST /api/v1/broadcasts/{broadcast}/{send,approve,stop}: the rule decides on what is there, and the register moves only from that.
 *
 *   LOOK --what it is--> DECIDE --allowed--> MOVE --moved--> shown (broadcast_call.h)
 *                           \--not--> 409      \--it had moved--> 409
 */
#include "desk/broadcast_call.h"
#include "desk/handlers.h"

enum action_step { ACTION_LOOK, ACTION_DECIDE, ACTION_MOVE };

struct action {
    struct broadcast_call b;
    enum action_step step;
    enum broadcast_event event;
    struct slice name; /* of the event; static */
};

static const struct {
    struct slice name;
    enum broadcast_event event;
} events[] = {
    {SLICE_INIT("send"), BROADCAST_SEND},
    {SLICE_INIT("approve"), BROADCAST_APPROVE},
    {SLICE_INIT("stop"), BROADCAST_STOP},
};

static void look(struct action *action)
{
    struct pg_params params;
    struct slice name = action->b.call.request->parameters[1];
    for (size_t i = 0; i < sizeof(events) / sizeof(events[0]); i++) {
        if (slice_equal(events[i].name, name)) {
            action->event = events[i].event;
            action->name = events[i].name;
        }
    }
    if (action->name.length == 0) {
        desk_refuse(&action->b.call, 404, NULL);
        return;
    }
    if (!broadcast_call_parse(&action->b)) {
        return; /* answered */
    }
    action->step = ACTION_DECIDE;
    pg_params_init(&params);
    broadcast_get_params(&params, &action->b.id);
    desk_call_query(&action->b.call, PG_BROADCAST_GET, &params);
}

static void decide(struct action *action, const PGresult *rows)
{
    static const char *const details[] = {
        [BROADCAST_OK] = NULL,
        [BROADCAST_NOT_NOW] = "problem.broadcast_not_now.detail",
        [BROADCAST_NOT_YOURS] = "problem.broadcast_not_yours.detail",
        [BROADCAST_NOT_BY_SELF] = "problem.broadcast_not_by_self.detail",
        [BROADCAST_COUNT_OLD] = "problem.broadcast_count_old.detail",
        [BROADCAST_NOBODY] = "problem.broadcast_nobody.detail",
        [BROADCAST_NO_GATEWAY] = "problem.broadcast_no_gateway.detail",
    };
    struct desk_call *call = &action->b.call;
    struct broadcast_detail detail;
    struct pg_params params;
    enum broadcast_state state = BROADCAST_DRAFT;
    if (!broadcast_detail_read(rows, &detail) || !broadcast_state_find(detail.row.state, &state)) {
        desk_refuse(call, 404, NULL);
        return;
    }
    const struct broadcast_facts facts = {
        .state = state,
        .by_author = detail.author_id == call->who.staff_id,
        .has_gateway = detail.gateway.length > 0,
        .counted_us = detail.counted_us,
        .now_us = detail.now_us,
        .recipients = detail.row.recipients,
        .approval_above = detail.row.approval_above,
    };
    struct broadcast_next next = broadcast_step(action->event, &facts);
    if (next.refusal != BROADCAST_OK) {
        desk_refuse(call, 409, details[next.refusal]);
        return;
    }
    const struct broadcast_change change = {.id = action->b.id,
                                            .staff_id = call->who.staff_id,
                                            .from = state,
                                            .to = next.state,
                                            .origin = call->origin,
                                            .what = action->name};
    action->step = ACTION_MOVE;
    pg_params_init(&params);
    broadcast_step_params(&params, &change);
    desk_call_query(call, PG_BROADCAST_STEP, &params);
}

static void step(struct desk_call *call, const PGresult *rows)
{
    struct action *action = (struct action *)call;
    if (action->b.step != BROADCAST_CALL_OWN) {
        broadcast_call_go_on(&action->b, rows);
        return;
    }
    switch (action->step) {
    case ACTION_LOOK:
        look(action);
        break;
    case ACTION_DECIDE:
        decide(action, rows);
        break;
    case ACTION_MOVE:
        if (PQntuples(rows) == 1) {
            broadcast_call_show(&action->b, false);
        } else { /* somebody was quicker, or it is not theirs to move */
            desk_refuse(call, 409, "problem.broadcast_not_now.detail");
        }
        break;
    }
}

void desk_broadcast_action(struct http_exchange *exchange, void *role)
{
    static const struct desk_capability capability = {.right = RIGHT_WORK, .size = sizeof(struct action), .step = step};
    desk_call_start(exchange, role, &capability);
}
