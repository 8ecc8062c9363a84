/* SPDX-License-Identifier: Apache-2.0
 * GET /api/v1/queues: how much waits where; of all, or of a place.
 *
 *   BEGIN ------------------------------------> COUNT --> answered
 *     \--of a place--> PLACE --its cells--------^
 *                         \--no such--> 400
 */
#include "desk/desk_call.h"
#include "desk/handlers.h"
#include "desk/place_filter.h"
#include "desk/query_table.h"

enum queues_step { QUEUES_BEGIN, QUEUES_PLACE, QUEUES_COUNT };

struct queues {
    struct desk_call call;
    enum queues_step step;
    struct slice place; /* empty: of all */
};

static bool parse_place(struct slice value, void *target)
{
    return place_filter_parse(value, &((struct queues *)target)->place);
}

static const struct query_parameter parameters[] = {{SLICE_INIT("place"), parse_place, FIELD_TOO_LONG}};

static void begin(struct queues *queues)
{
    struct desk_call *call = &queues->call;
    struct field_errors errors = {.count = 0};
    struct pg_params params;
    if (!query_table_read(call->arena, call->request->query, parameters, 1, queues, &errors)) {
        desk_refuse_fields(call, 400, &errors);
    } else if (queues->place.length > 0) {
        queues->step = QUEUES_PLACE;
        place_filter_ask(call, queues->place);
    } else {
        queues->step = QUEUES_COUNT;
        pg_params_init(&params);
        desk_call_query(call, PG_QUEUE_LIST, &params);
    }
}

static void on_place(struct queues *queues, const PGresult *rows)
{
    struct pg_params params;
    const struct place_cells *cells = place_filter_read(&queues->call, rows);
    if (cells != NULL) { /* else answered, and the call is gone */
        queues->step = QUEUES_COUNT;
        pg_params_init(&params);
        case_count_at_params(&params, cells);
        desk_call_query(&queues->call, PG_QUEUE_LIST_AT, &params);
    }
}

static void show(struct desk_call *call, const PGresult *rows)
{
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

static void step(struct desk_call *call, const PGresult *rows)
{
    struct queues *queues = (struct queues *)call;
    switch (queues->step) {
    case QUEUES_BEGIN:
        begin(queues);
        break;
    case QUEUES_PLACE:
        on_place(queues, rows);
        break;
    case QUEUES_COUNT:
        show(call, rows);
        break;
    }
}

void desk_queues(struct http_exchange *exchange, void *role)
{
    static const struct desk_capability capability = {.right = RIGHT_LOOK, .size = sizeof(struct queues), .step = step};
    desk_call_start(exchange, role, &capability);
}
