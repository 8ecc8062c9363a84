/* SPDX-License-Identifier: Apache-2.0
 * GET /api/v1/queues: how much waits where. */
#include "desk/desk_call.h"
#include "desk/handlers.h"

static void step(struct desk_call *call, const PGresult *rows)
{
    struct pg_params params;
    if (rows == NULL) {
        pg_params_init(&params);
        desk_call_query(call, PG_QUEUE_LIST, &params);
        return;
    }
    struct render *render = &call->answer;
    int64_t counted_us = 0;
    render_begin(render);
    json_t *queues = json_array();
    for (int i = 0; i < PQntuples(rows); i++) {
        struct queue_row queue;
        queue_row_read(rows, i, &queue);
        json_t *object = json_object();
        render_set(render, object, "queue", render_slice(queue.queue));
        render_set(render, object, "open", json_integer(queue.open));
        render_set(render, object, "unclaimed", json_integer(queue.unclaimed));
        render_set(render, object, "late", json_integer(queue.late));
        render_set(render, object, "oldest", render_time(queue.oldest_us));
        render_add(render, queues, object);
        counted_us = counted_us == 0 || queue.counted_us < counted_us ? queue.counted_us : counted_us;
    }
    render_set(render, render->root, "queues", queues);
    render_set(render, render->root, "counted_at", render_time(counted_us));
    call->may_shrink = true; /* counts alone */
    desk_respond_json(call, 200, NULL, 0);
}

void desk_queues(struct http_exchange *exchange, void *role)
{
    static const struct desk_capability capability = {
        .right = RIGHT_LOOK, .size = sizeof(struct desk_call), .step = step};
    desk_call_start(exchange, role, &capability);
}
