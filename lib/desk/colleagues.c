/* SPDX-License-Identifier: Apache-2.0
 * GET /api/v1/colleagues: to whom the caller may pass a case. Names of posts and of staff, and nothing of anybody else's. */
#include "desk/desk_call.h"
#include "desk/handlers.h"
#include "store/colleague.h"

static json_t *render_one(struct render *render, const struct colleague_row *row)
{
    json_t *object = json_object();
    render_set(render, object, "crisis", render_slice(row->crisis));
    if (row->is_post) {
        render_set(render, object, "id", render_slice(row->post));
        render_set(render, object, "name", render_slice(row->name));
        render_set(render, object, "part", render_slice(row->part));
    } else {
        render_set(render, object, "post", render_slice(row->post));
        render_set(render, object, "user", render_slice(row->name));
        render_set(render, object, "role", render_slice(row->part));
    }
    return object;
}

static void answer(struct desk_call *call, const PGresult *rows)
{
    struct render *render = &call->answer;
    render_begin(render);
    json_t *posts = json_array();
    json_t *staff = json_array();
    for (int i = 0; i < PQntuples(rows); i++) {
        struct colleague_row row;
        colleague_row_read(rows, i, &row);
        render_add(render, row.is_post ? posts : staff, render_one(render, &row));
    }
    render_set(render, render->root, "posts", posts);
    render_set(render, render->root, "staff", staff);
    desk_respond_json(call, 200, NULL, 0);
}

static void step(struct desk_call *call, const PGresult *rows)
{
    struct pg_params params;
    if (rows != NULL) {
        answer(call, rows);
        return;
    }
    pg_params_init(&params);
    colleague_list_params(&params, call->who.staff_id);
    desk_call_query(call, PG_COLLEAGUE_LIST, &params);
}

void desk_colleagues(struct http_exchange *exchange, void *role)
{
    static const struct desk_capability capability = {
        .right = RIGHT_WORK, .size = sizeof(struct desk_call), .step = step};
    desk_call_start(exchange, role, &capability);
}
