/* SPDX-License-Identifier: Apache-2.0
 * GET /api/v1/warden: the signed-in warden's list, and no more of it than is needed at the door.
 *
 *   BEGIN --> AUDIT --on record--> HOUSEHOLDS --> MEMBERS --> PHONES --> answered
 */
#include "desk/handlers.h"
#include "desk/person_name.h"
#include "desk/desk_call.h"
#include "pg/pool.h"
#include "store/sealed_row.h"
#include "store/warden.h"

enum warden_step { WARDEN_BEGIN, WARDEN_AUDIT, WARDEN_HOUSEHOLDS, WARDEN_MEMBERS, WARDEN_PHONES };

struct warden_look {
    struct desk_call call;
    enum warden_step step;
    json_t *list;                        /* the answer's */
    int64_t households[WARDEN_LIST_MAX]; /* in the list's order */
    size_t count;
};

static void ask(struct warden_look *look, enum pg_statement statement, enum warden_step step)
{
    struct pg_params params;
    look->step = step;
    pg_params_init(&params);
    pg_add_text(&params, slice_of(opening_recipient_id(&look->call.desk->opening)));
    desk_call_query(&look->call, statement, &params);
}

static json_t *render_word(struct render *render, const struct household_row *row)
{
    char id[UUID_TEXT_SIZE + 1];
    if (row->word.length == 0) {
        return json_null();
    }
    json_t *word = json_object();
    render_set(render, word, "word", render_slice(row->word));
    render_set(render, word, "client_id", render_slice(uuid_format(&row->word_id, id)));
    render_set(render, word, "received_at", render_time(row->word_us));
    return word;
}

static json_t *render_household(struct warden_look *look, const struct household_row *row)
{
    uint8_t row_id[SEALED_ROW_SIZE];
    struct render *render = &look->call.answer;
    json_t *object = json_object();
    bool unreadable = false;
    struct seal_place place = {"registration", "location", sealed_row_registration(row->registration_id, row_id)};
    render_set(render, object, "case", render_case_code(row->registration_id));
    render_set(render, object, "people", render_number_or_null(row->people));
    render_set(render, object, "needs", render_words(&vocabulary_need, row->needs));
    render_set(render, object, "last_status", render_slice(row->last_status));
    render_set(render, object, "last_heard_at", render_time(row->last_heard_us));
    render_set(render, object, "check_in_by", render_time(row->check_in_by_us));
    render_set(render, object, "overdue", json_boolean(row->is_overdue));
    render_set(render, object, "location",
               opening_object(&look->call.desk->opening, &row->location, &place, &unreadable));
    render_set(render, object, "word", render_word(render, row));
    render_set(render, object, "names", json_array());
    render_set(render, object, "phones", json_array());
    return object;
}

static void on_households(struct warden_look *look, const PGresult *rows)
{
    struct render *render = &look->call.answer;
    render_begin(render);
    look->list = json_array();
    for (int i = 0; i < PQntuples(rows) && look->count < WARDEN_LIST_MAX; i++) {
        struct household_row row;
        household_row_read(rows, i, &row);
        look->households[look->count++] = row.registration_id;
        render_add(render, look->list, render_household(look, &row));
    }
    render_set(render, render->root, "households", look->list);
    ask(look, PG_WARDEN_MEMBERS, WARDEN_MEMBERS);
}

/* The household's list of that name; both statements come in the order of the households. */
static json_t *list_of(struct warden_look *look, int64_t case_id, const char *name, size_t *at)
{
    while (*at < look->count && look->households[*at] < case_id) {
        ++*at;
    }
    return *at < look->count && look->households[*at] == case_id
               ? json_object_get(json_array_get(look->list, *at), name)
               : NULL;
}

static void on_members(struct warden_look *look, const PGresult *rows)
{
    size_t at = 0;
    for (int i = 0; i < PQntuples(rows); i++) {
        struct household_part_row row;
        struct name_tokens words = {.count = 0};
        bool unreadable = false;
        household_part_row_read(rows, i, &row);
        json_t *names = list_of(look, row.case_id, "names", &at);
        struct slice name =
            person_name(&look->call, row.registration_id, row.ordinal, &row.cell, &words, NULL, &unreadable);
        if (names != NULL && name.length > 0) {
            render_add(&look->call.answer, names, render_slice(name));
        }
    }
    ask(look, PG_WARDEN_PHONES, WARDEN_PHONES);
}

static void on_phones(struct warden_look *look, const PGresult *rows)
{
    size_t at = 0;
    for (int i = 0; i < PQntuples(rows); i++) {
        uint8_t row_id[SEALED_ROW_SIZE];
        struct household_part_row row;
        bool unreadable = false;
        household_part_row_read(rows, i, &row);
        struct seal_place place = {"contact", "value", sealed_row_member(row.registration_id, row.ordinal, row_id)};
        json_t *opened = opening_object(&look->call.desk->opening, &row.cell, &place, &unreadable);
        json_t *phones = list_of(look, row.case_id, "phones", &at);
        const json_t *e164 = json_object_get(opened, "e164");
        if (phones != NULL && json_is_string(e164)) {
            render_add(&look->call.answer, phones, json_string(json_string_value(e164)));
        }
        json_decref(opened);
    }
    desk_respond_json(&look->call, 200, NULL, 0);
}

static void step(struct desk_call *call, const PGresult *rows)
{
    struct warden_look *look = (struct warden_look *)call;
    struct pg_params params;
    switch (look->step) {
    case WARDEN_BEGIN: /* on record before anything is shown */
        look->step = WARDEN_AUDIT;
        pg_params_init(&params);
        pg_add_int8(&params, call->who.staff_id);
        pg_add_text(&params, call->origin);
        desk_call_query(call, PG_WARDEN_LOOKED, &params);
        break;
    case WARDEN_AUDIT:
        ask(look, PG_WARDEN_HOUSEHOLDS, WARDEN_HOUSEHOLDS);
        break;
    case WARDEN_HOUSEHOLDS:
        on_households(look, rows);
        break;
    case WARDEN_MEMBERS:
        on_members(look, rows);
        break;
    case WARDEN_PHONES:
        on_phones(look, rows);
        break;
    }
}

void desk_warden(struct http_exchange *exchange, void *role)
{
    static const struct desk_capability capability = {
        .right = RIGHT_WARD, .size = sizeof(struct warden_look), .step = step};
    desk_call_start(exchange, role, &capability);
}
