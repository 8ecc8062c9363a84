/* SPDX-License-Identifier: Apache-2.0
 * GET /api/v1/cases/{case} and /check-ins. The look is on record before anything is shown. A party that has no case is shown as that.
 *
 *   READ --on record--> CASE --there--> PARTS --all lists, beside each other--> answered
 *     \--they owe a reason--> 428   \--not there, or not theirs--> 404
 */
#include "desk/case_view.h"

#include "core/case_code.h"
#include "desk/handlers.h"
#include "domain/field_error.h"
#include "pg/pool.h"
#include "store/sealed_row.h"

static void render_location_and_contact(struct case_view *view, json_t *root, const struct case_detail *detail)
{
    uint8_t row[SEALED_ROW_SIZE];
    struct render *render = &view->call.answer;
    struct opening *opening = &view->call.desk->opening;
    struct seal_place location = {"registration", "location", sealed_row_registration(view->registration_id, row)};
    struct seal_place contact = {"registration", "emergency_contact", location.row_id};
    bool unreadable = false;
    render_set(render, root, "location", opening_object(opening, &detail->location, &location, &unreadable));
    case_parts_set_apart(render, root, "emergency_contact",
                         opening_object(opening, &detail->emergency_contact, &contact, &unreadable));
    if (unreadable) {
        render_set(render, root, "unreadable", json_true());
    }
}

static void render_acknowledgement(struct case_view *view, json_t *root, const struct case_detail *detail)
{
    struct render *render = &view->call.answer;
    json_t *facts = json_object();
    render_set(render, facts, "received_at", render_time(detail->row.received_us));
    render_set(render, facts, "read_at", render_time(detail->read_us));
    render_set(render, facts, "acted_at", render_time(detail->row.answered_us));
    render_set(render, root, "acknowledgement", facts);
}

/* They registered, and nothing of it waits for an officer. */
static void render_no_case(struct render *render, json_t *root)
{
    render_set(render, root, "state", json_string("none"));
    render_set(render, root, "band", json_null());
    render_set(render, root, "waiting_s", json_integer(0));
    render_set(render, root, "version", json_null());
}

static void render_case(struct case_view *view, const struct case_detail *detail)
{
    struct render *render = &view->call.answer;
    json_t *root = render->root;
    json_t *consent = detail->has_consent ? json_object() : json_null();
    if (detail->has_consent) {
        render_set(render, consent, "family", json_boolean(detail->consent_family));
        render_set(render, consent, "partners", json_boolean(detail->consent_partners));
    }
    render_case_row(render, root, &detail->row);
    if (detail->row.state.length == 0) {
        render_no_case(render, root);
    }
    if (view->asked_id != view->registration_id) {
        render_set(render, root, "asked_for", render_case_code(view->asked_id));
    }
    render_set(render, root, "known", json_boolean(detail->row.known));
    render_set(render, root, "language", render_slice(detail->language));
    render_set(render, root, "intent", render_slice(detail->intent));
    render_set(render, root, "consent", consent);
    render_set(render, root, "check_in_by", render_time(detail->check_in_by_us));
    render_location_and_contact(view, root, detail);
    render_acknowledgement(view, root, detail);
}

_Static_assert((unsigned)PART_COUNT <= (unsigned)DESK_BESIDE_MAX,
               "the lists of a case are asked for beside each other");

static bool is_asked_for(const struct case_view *view, unsigned part)
{
    return !view->check_ins_only || part == PART_CHECK_INS;
}

/* The lists stand in the answer in their own order, whichever comes first. */
static void query_parts(struct case_view *view)
{
    struct render *render = &view->call.answer;
    for (unsigned part = 0; part < PART_COUNT; part++) {
        if (is_asked_for(view, part)) {
            view->parts[part] = json_array();
            render_set(render, render->root, case_parts[part].name, view->parts[part]);
            view->parts_due++;
        }
    }
    for (unsigned part = 0; part < PART_COUNT; part++) {
        struct pg_params params;
        if (!is_asked_for(view, part)) {
            continue;
        }
        pg_params_init(&params);
        party_list_params(&params, view->registration_id, opening_recipient_id(&view->call.desk->opening));
        if (!desk_call_query_beside(&view->call, part, case_parts[part].statement, &params)) {
            return; /* answered */
        }
    }
}

static void on_case(struct case_view *view, const PGresult *rows)
{
    struct case_detail detail;
    if (!case_get_read(rows, &detail)) {
        desk_refuse(&view->call, 404, NULL);
        return;
    }
    render_begin(&view->call.answer);
    if (!view->check_ins_only) {
        render_case(view, &detail);
    }
    view->version = detail.row.version;
    view->has_version = detail.row.state.length > 0;
    view->step = VIEW_PARTS;
    query_parts(view);
}

static void on_part(struct case_view *view, const PGresult *rows)
{
    struct render *render = &view->call.answer;
    unsigned place = view->call.place;
    for (int i = 0; i < PQntuples(rows); i++) {
        render_add(render, view->parts[place],
                   case_parts[place].render(render, &view->call.desk->opening, view->registration_id, rows, i));
    }
    if (--view->parts_due == 0) {
        struct http_header etag = {SLICE("ETag"), etag_format(view->version, view->etag)};
        desk_respond_json(&view->call, 200, &etag, view->has_version && !view->check_ins_only ? 1 : 0);
    }
}

static void query_case(struct case_view *view)
{
    struct pg_params params;
    view->step = VIEW_CASE;
    pg_params_init(&params);
    case_get_params(&params, view->registration_id, opening_recipient_id(&view->call.desk->opening));
    desk_call_query(&view->call, PG_CASE_GET, &params);
}

static void step(struct desk_call *call, const PGresult *rows)
{
    struct case_view *view = (struct case_view *)call;
    switch (view->step) {
    case VIEW_READ:
        if (case_read_owes_why(rows)) {
            desk_refuse(call, 428, "problem.why.detail");
        } else {
            view->registration_id = pg_get_int(rows, 0, 0); /* what was merged into another case is shown as that */
            query_case(view);
        }
        break;
    case VIEW_CASE:
        on_case(view, rows);
        break;
    case VIEW_PARTS:
        on_part(view, rows);
        break;
    }
}

static void begin_view(struct case_view *view, int64_t registration_id)
{
    view->call.step = step;
    view->registration_id = registration_id;
    view->asked_id = registration_id;
}

void case_view_show(struct case_view *view, int64_t registration_id)
{
    begin_view(view, registration_id);
    query_case(view);
}

void case_view_start(struct case_view *view, int64_t registration_id)
{
    struct desk_call *call = &view->call;
    struct pg_params params;
    const struct case_change look = {
        .registration_id = registration_id, .staff_id = call->who.staff_id, .origin = call->origin};
    begin_view(view, registration_id);
    view->step = VIEW_READ;
    pg_params_init(&params);
    case_read_params(&params, &look, desk_call_may(call, RIGHT_WORK), view->why);
    desk_call_query(call, PG_CASE_READ, &params);
}

bool case_view_parse(struct desk_call *call, int64_t *registration_id)
{
    switch (case_code_parse(call->request->parameters[0], registration_id)) {
    case CASE_CODE_OK:
        return true;
    case CASE_CODE_MISTYPED:
        desk_refuse(call, 404, "fault.case_mistyped");
        return false;
    case CASE_CODE_SHAPE:
        break;
    }
    desk_refuse(call, 404, NULL);
    return false;
}

static void begin(struct desk_call *call, const PGresult *rows)
{
    struct case_view *view = (struct case_view *)call;
    struct field_errors errors = {.count = 0};
    int64_t registration_id = 0;
    unsigned reason = 0;
    (void)rows;                                                                     /* the first step has none */
    (void)http_request_query(call->request, call->arena, SLICE("why"), &view->why); /* absent: none is given */
    if (view->why.length > 0 && !vocabulary_find(&vocabulary_look_reason, view->why, &reason)) {
        field_error_add(&errors, FIELD_NOT_A_VALUE, "why");
        desk_refuse_fields(call, 400, &errors);
    } else if (case_view_parse(call, &registration_id)) {
        case_view_start(view, registration_id);
    }
}

static void begin_check_ins(struct desk_call *call, const PGresult *rows)
{
    ((struct case_view *)call)->check_ins_only = true;
    begin(call, rows);
}

void desk_case(struct http_exchange *exchange, void *role)
{
    static const struct desk_capability capability = {
        .right = RIGHT_LOOK, .size = sizeof(struct case_view), .step = begin};
    desk_call_start(exchange, role, &capability);
}

void desk_check_ins(struct http_exchange *exchange, void *role)
{
    static const struct desk_capability capability = {
        .right = RIGHT_LOOK, .size = sizeof(struct case_view), .step = begin_check_ins};
    desk_call_start(exchange, role, &capability);
}
