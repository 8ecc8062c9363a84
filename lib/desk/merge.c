/* SPDX-License-Identifier: Apache-2.0
 * POST /api/v1/cases/{case}/merge and /unmerge: the same people, registered twice, are one case from now on; or two again.
 *
 *   BEGIN --body read, note sealed--> done, and answered (200)
 *     \--400, 415, 422--> answered     \--404, 409, 412--> answered
 */
#include "core/case_code.h"
#include "desk/body.h"
#include "desk/case_view.h"
#include "desk/etag.h"
#include "desk/handlers.h"
#include "domain/registration.h"
#include "store/merge.h"
#include "store/sealed_row.h"

enum { CODE_TYPED_MAX = 32 };

struct merge_said {
    struct slice with, note;
};

struct merge {
    struct desk_call call;
    bool undo;
    bool asked;
    int64_t other_id;
    struct case_change change;
    struct merge_said said;
    struct sealed_note note;
};

static const struct body_member members[] = {
    {SLICE_INIT("with"), offsetof(struct merge_said, with), CODE_TYPED_MAX, true, BODY_TEXT},
    {SLICE_INIT("note"), offsetof(struct merge_said, note), NOTE_MAX_CHARACTERS, false, BODY_TEXT},
};

static bool read(struct merge *m)
{
    struct desk_call *call = &m->call;
    struct field_errors errors = {.count = 0};
    enum body_reading reading = body_read_json(call->request, call->arena, members, m->undo ? 1 : 2, &m->said, &errors);
    if (reading == BODY_OK &&
        (case_code_parse(m->said.with, &m->other_id) != CASE_CODE_OK || m->other_id == m->change.registration_id)) {
        field_error_add(&errors, FIELD_NOT_A_CASE, "with");
        reading = BODY_FAULTS;
    }
    if (reading == BODY_FAULTS) {
        desk_refuse_fields(call, 422, &errors);
    } else if (reading != BODY_OK) {
        desk_refuse(call, reading == BODY_WRONG_TYPE ? 415 : reading == BODY_NO_MEMORY ? 503 : 400, NULL);
    }
    return reading == BODY_OK;
}

static bool seal_note(struct merge *m)
{
    uint8_t row[SEALED_ROW_SIZE];
    struct note_epoch *notes = &m->call.desk->notes;
    struct seal_epoch *keys = note_epoch_current(notes);
    if (keys == NULL) {
        return false;
    }
    m->note = (struct sealed_note){.id = uuid_random(), .epoch = keys, .epoch_opened_us = notes->opened_us};
    struct seal_place place = {"case_note", "text", sealed_row_uuid(&m->note.id, row)};
    m->note.text = seal_field(keys, m->call.arena, &place, m->said.note);
    return m->note.text.data != NULL;
}

static void begin(struct merge *m)
{
    struct desk_call *call = &m->call;
    struct case_change *change = &m->change;
    struct pg_params params;
    if (!case_view_parse(call, &change->registration_id) || !read(m)) {
        return; /* answered */
    }
    if (m->said.note.length > 0 && !seal_note(m)) {
        desk_refuse_for(call, 503, NULL, 1);
        return;
    }
    change->staff_id = call->who.staff_id;
    change->origin = call->origin;
    change->has_version = etag_if_match(http_request_header(call->request, SLICE("If-Match")), &change->version);
    m->asked = true;
    pg_params_init(&params);
    if (m->undo) {
        merge_undo_params(&params, change, m->other_id);
    } else {
        merge_params(&params, change, m->other_id, m->said.note.length > 0 ? &m->note : NULL);
    }
    desk_call_query(call, m->undo ? PG_CASE_UNMERGE : PG_CASE_MERGE, &params);
}

static void refuse(struct desk_call *call, struct slice why)
{
    static const struct {
        struct slice why;
        unsigned status;
        const char *detail_key;
    } refusals[] = {
        {SLICE_INIT("changed"), 412, "problem.conflict.detail"},
        {SLICE_INIT("held"), 412, "problem.not_yours.detail"},
        {SLICE_INIT("merged"), 409, "problem.merged.detail"},
        {SLICE_INIT("crises"), 409, "problem.merge_crises.detail"},
        {SLICE_INIT("exercise"), 409, "problem.merge_exercise.detail"},
        {SLICE_INIT("not_merged"), 409, "problem.not_merged.detail"},
    };
    for (size_t i = 0; i < sizeof(refusals) / sizeof(refusals[0]); i++) {
        if (slice_equal(refusals[i].why, why)) {
            desk_refuse(call, refusals[i].status, refusals[i].detail_key);
            return;
        }
    }
    desk_refuse(call, 404, NULL); /* "absent", or not theirs */
}

static void on_done(struct merge *m, const PGresult *rows)
{
    struct desk_call *call = &m->call;
    struct render *render = &call->answer;
    char etag[ETAG_SIZE];
    struct merge_done done;
    merge_done_read(rows, &done);
    if (done.why.length > 0) {
        refuse(call, done.why);
        return;
    }
    live_poke(call->desk->live);
    render_begin(render);
    render_set(render, render->root, "case", render_case_code(done.kept_id));
    render_set(render, render->root, m->undo ? "parted" : "merged",
               render_case_code(done.kept_id == m->other_id ? m->change.registration_id : m->other_id));
    render_set(render, render->root, "version", json_integer(done.version));
    struct http_header header = {SLICE("ETag"), etag_format(done.version, etag)};
    desk_respond_json(call, 200, &header, done.version > 0 ? 1 : 0); /* 0: neither party has a case */
}

static void step(struct desk_call *call, const PGresult *rows)
{
    struct merge *m = (struct merge *)call;
    if (m->asked) {
        on_done(m, rows);
    } else {
        begin(m);
    }
}

static void step_undo(struct desk_call *call, const PGresult *rows)
{
    ((struct merge *)call)->undo = true;
    step(call, rows);
}

void desk_merge(struct http_exchange *exchange, void *role)
{
    static const struct desk_capability capability = {.right = RIGHT_WORK, .size = sizeof(struct merge), .step = step};
    desk_call_start(exchange, role, &capability);
}

void desk_unmerge(struct http_exchange *exchange, void *role)
{
    static const struct desk_capability capability = {
        .right = RIGHT_WORK, .size = sizeof(struct merge), .step = step_undo};
    desk_call_start(exchange, role, &capability);
}
