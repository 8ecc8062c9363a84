/* SPDX-License-Identifier: Apache-2.0
 * GET /api/v1/queues/{queue}/cases: a page of a queue, in answer order. */
#include "desk/case_filter.h"
#include "desk/desk_call.h"
#include "desk/handlers.h"
#include "desk/place_filter.h"
#include "store/audit.h"
#include "store/sealed_row.h"

/*   BEGIN ---------------------------------------------------------------> LIST --a page--> AUDIT --the look is on record--> answered
 *     \--of a place--> PLACE --its cells--> COUNT --some are there, or perhaps--^               |
 *                         \--no such--> 400  \--nobody is there: an empty page---------------^
 * A queue is long, and one who is nowhere in it would be looked for to its end: so the counts are asked first. */
enum cases_step { CASES_BEGIN, CASES_PLACE, CASES_COUNT, CASES_LIST, CASES_AUDIT };

struct cases {
    struct desk_call call;
    enum cases_step step;
    struct case_filter filter;
    struct slice next; /* the Link header; empty on the last page */
};

/* Given names, then the family's; null for who is not identified. */
static json_t *name_of(struct cases *cases, int64_t registration_id, unsigned ordinal, const struct sealed_cell *person,
                       bool *unreadable)
{
    uint8_t row[SEALED_ROW_SIZE];
    struct seal_place place = {"party_member", "person", sealed_row_member(registration_id, ordinal, row)};
    json_t *opened = opening_object(&cases->call.desk->opening, person, &place, unreadable);
    const char *given = json_string_value(json_object_get(opened, "given_names"));
    const char *family = json_string_value(json_object_get(opened, "family_name"));
    json_t *name = json_null();
    if (given != NULL && family != NULL) {
        name = json_sprintf("%s %s", given, family);
    } else if (given != NULL || family != NULL) {
        name = json_string(given != NULL ? given : family);
    }
    json_decref(opened);
    return name;
}

static json_t *line(struct cases *cases, const PGresult *rows, int index, struct case_row *row)
{
    struct render *render = &cases->call.answer;
    struct sealed_cell person;
    unsigned ordinal = 0;
    bool unreadable = false;
    json_t *object = json_object();
    case_list_read(rows, index, row, &ordinal, &person);
    render_case_row(render, object, row);
    render_set(render, object, "name", name_of(cases, row->registration_id, ordinal, &person, &unreadable));
    if (unreadable) {
        render_set(render, object, "unreadable", json_true());
    }
    return object;
}

static void list(struct cases *cases)
{
    struct case_filter asked = cases->filter;
    struct pg_params params;
    cases->step = CASES_LIST;
    asked.limit++; /* one more tells whether there is a next page */
    pg_params_init(&params);
    case_list_params(&params, &asked, opening_recipient_id(&cases->call.desk->opening));
    desk_call_query(&cases->call, PG_CASE_LIST, &params);
}

static void gather(struct cases *cases, const PGresult *rows)
{
    struct desk_call *call = &cases->call;
    struct pg_params params;
    int found = rows != NULL ? PQntuples(rows) : 0; /* NULL: nobody is there */
    int shown = found < cases->filter.limit ? found : cases->filter.limit;
    struct case_row row = {.registration_id = 0};
    render_begin(&call->answer);
    json_t *lines = json_array();
    for (int i = 0; i < shown; i++) {
        render_add(&call->answer, lines, line(cases, rows, i, &row));
    }
    render_set(&call->answer, call->answer.root, "cases", lines);
    if (found > shown) {
        struct case_key last = case_key_of(&row);
        cases->next = case_filter_next(call->arena, &cases->filter, &last);
        call->answer.failed = call->answer.failed || cases->next.length == 0;
    }
    cases->step = CASES_AUDIT;
    pg_params_init(&params);
    audit_list_params(&params, call->who.staff_id, call->origin, cases->filter.queue, shown);
    desk_call_query(call, PG_AUDIT_ADD, &params);
}

static void count(struct cases *cases, const PGresult *rows)
{
    struct pg_params params;
    const struct place_cells *cells = place_filter_read(&cases->call, rows);
    if (cells != NULL) { /* else answered, and the call is gone */
        cases->filter.cells = cells;
        cases->step = CASES_COUNT;
        pg_params_init(&params);
        case_count_at_params(&params, cells);
        desk_call_query(&cases->call, PG_QUEUE_LIST_AT, &params);
    }
}

static void on_counted(struct cases *cases, const PGresult *rows)
{
    bool nobody = false;
    for (int i = 0; i < PQntuples(rows); i++) {
        struct queue_row queue;
        queue_row_read(rows, i, &queue);
        nobody =
            nobody || (slice_equal(queue.queue, cases->filter.queue) && queue.open == 0 && queue_row_is_exact(rows, i));
    }
    if (nobody) {
        gather(cases, NULL);
    } else {
        list(cases);
    }
}

static void begin(struct cases *cases)
{
    struct desk_call *call = &cases->call;
    struct field_errors errors = {.count = 0};
    unsigned queue = 0;
    if (!vocabulary_find(&vocabulary_queue, call->request->parameters[0], &queue)) {
        desk_refuse(call, 404, NULL);
        return;
    }
    cases->filter.queue = vocabulary_name(&vocabulary_queue, queue);
    if (!case_filter_parse(call->arena, call->request->query, &cases->filter, &errors)) {
        desk_refuse_fields(call, 400, &errors);
        return;
    }
    if (cases->filter.place.length > 0) {
        cases->step = CASES_PLACE;
        place_filter_ask(call, cases->filter.place);
    } else {
        list(cases);
    }
}

static void step(struct desk_call *call, const PGresult *rows)
{
    struct cases *cases = (struct cases *)call;
    switch (cases->step) {
    case CASES_BEGIN:
        begin(cases);
        break;
    case CASES_PLACE:
        count(cases, rows);
        break;
    case CASES_COUNT:
        on_counted(cases, rows);
        break;
    case CASES_LIST:
        gather(cases, rows);
        break;
    case CASES_AUDIT: {
        struct http_header link = {SLICE("Link"), cases->next};
        desk_respond_json(call, 200, &link, cases->next.length > 0 ? 1 : 0);
        break;
    }
    }
}

void desk_cases(struct http_exchange *exchange, void *role)
{
    static const struct desk_capability capability = {.right = RIGHT_LOOK, .size = sizeof(struct cases), .step = step};
    desk_call_start(exchange, role, &capability);
}
