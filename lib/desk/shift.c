/* SPDX-License-Identifier: Apache-2.0
 * POST /api/v1/hand-over: an officer ends the shift; what they hold goes to a colleague or back to its queues, with a note for who comes next.
 * GET /api/v1/hand-over: what was handed over of late. POST /api/v1/hand-over/{id}/read: who has read it says so; showing it reads nothing. */
#include <stddef.h>
#include <stdio.h>

#include "core/case_code.h"
#include "core/json_read.h"
#include "desk/desk_call.h"
#include "desk/handlers.h"
#include "desk/live.h"
#include "domain/decode.h"
#include "domain/field_check.h"
#include "domain/registration.h"
#include "store/sealed_row.h"
#include "store/shift.h"

enum { NOTES_MAX = 100, COLLEAGUE_MAX_CHARACTERS = 64 };

struct said_of_case {
    struct slice code, note;
};

struct shift_call {
    struct desk_call call;
    struct {
        struct slice note, to;
        struct said_of_case notes[NOTES_MAX];
        size_t note_count;
    } said;
    struct uuid key; /* of the request; a random one when it names none */
    struct sealed_note note;
    struct shift_note notes[NOTES_MAX];
};

/* --- what is said --------------------------------------------------------------------------------------------------------- */

static void decode_said_of_case(struct decoder *decoder, const struct tree *tree, const struct decode_path *path,
                                void *target)
{
    static const struct decode_member members[] = {
        {SLICE_INIT("case"), decode_text, offsetof(struct said_of_case, code)},
        {SLICE_INIT("note"), decode_text, offsetof(struct said_of_case, note)},
    };
    decode_object(decoder, tree, path, members, sizeof(members) / sizeof(members[0]), target);
}

static void decode_notes(struct decoder *decoder, const struct tree *tree, const struct decode_path *path, void *target)
{
    struct shift_call *shift = target;
    shift->said.note_count = decode_array(decoder, tree, path, NOTES_MAX, decode_said_of_case, shift->said.notes,
                                          sizeof(shift->said.notes[0]));
}

static const struct decode_member members[] = {
    {SLICE_INIT("note"), decode_text, offsetof(struct shift_call, said.note)},
    {SLICE_INIT("to"), decode_text, offsetof(struct shift_call, said.to)},
    {SLICE_INIT("notes"), decode_notes, 0},
};

static void check_text(struct slice text, const char *field, struct field_errors *errors)
{
    if (field_check_is_blank(text)) {
        field_check_missing(field, errors);
    } else {
        (void)field_check_text(text, NOTE_MAX_CHARACTERS, field, errors); /* it names what is wrong */
    }
}

static void check(struct shift_call *shift, struct field_errors *errors)
{
    check_text(shift->said.note, "note", errors);
    if (shift->said.to.length > 0) {
        (void)field_check_line(shift->said.to, COLLEAGUE_MAX_CHARACTERS, "to", errors);
    }
    for (size_t i = 0; i < shift->said.note_count; i++) {
        char field[32];
        (void)snprintf(field, sizeof(field), "notes/%zu/note", i);
        check_text(shift->said.notes[i].note, field, errors);
        if (case_code_parse(shift->said.notes[i].code, &shift->notes[i].registration_id) != CASE_CODE_OK) {
            field_error_add(errors, FIELD_NOT_A_VALUE, "notes/%zu/case", i);
        }
        for (size_t k = 0; k < i; k++) {
            if (shift->notes[k].registration_id == shift->notes[i].registration_id) {
                field_error_add(errors, FIELD_NOT_A_VALUE, "notes/%zu/case", i); /* one note a case */
                break;
            }
        }
    }
}

/* False when it refused. */
static bool read_body(struct shift_call *shift)
{
    struct desk_call *call = &shift->call;
    struct field_errors errors = {.count = 0};
    struct decoder decoder = {call->arena, &errors, false};
    if (!http_request_media_type_is(call->request, SLICE("application/json"))) {
        desk_refuse(call, 415, NULL);
        return false;
    }
    const struct tree *tree = json_read(call->arena, call->request->body);
    if (tree == NULL || tree->kind != TREE_OBJECT) {
        desk_refuse(call, 400, "problem.not_json.detail");
        return false;
    }
    decode_object(&decoder, tree, NULL, members, sizeof(members) / sizeof(members[0]), shift);
    if (errors.count == 0) {
        check(shift, &errors);
    }
    if (errors.count > 0) {
        desk_refuse_fields(call, 422, &errors);
    }
    return errors.count == 0;
}

static bool seal_notes(struct shift_call *shift)
{
    uint8_t row[SEALED_ROW_SIZE];
    struct note_epoch *notes = &shift->call.desk->notes;
    struct seal_epoch *keys = note_epoch_current(notes);
    if (keys == NULL) {
        return false;
    }
    /* said again with the same key it is one, as contract.md has it */
    shift->note = (struct sealed_note){.id = shift->key, .epoch = keys, .epoch_opened_us = notes->opened_us};
    struct seal_place place = {"hand_over", "text", sealed_row_uuid(&shift->note.id, row)};
    shift->note.text = seal_field(keys, shift->call.arena, &place, shift->said.note);
    bool whole = shift->note.text.data != NULL;
    for (size_t i = 0; whole && i < shift->said.note_count; i++) {
        struct shift_note *note = &shift->notes[i];
        note->id = uuid_random();
        place = (struct seal_place){"case_note", "text", sealed_row_uuid(&note->id, row)};
        note->text = seal_field(keys, shift->call.arena, &place, shift->said.notes[i].note);
        whole = note->text.data != NULL;
    }
    return whole;
}

static void end(struct shift_call *shift)
{
    struct desk_call *call = &shift->call;
    struct pg_params params;
    if (!read_body(shift)) {
        return; /* answered */
    }
    shift->key = uuid_random();
    if (!desk_call_key(call, &shift->key)) {
        return; /* answered */
    }
    if (!seal_notes(shift)) {
        desk_refuse_for(call, 503, NULL, 1);
        return;
    }
    const struct shift_end said = {
        .note = &shift->note,
        .to = slice_trim(shift->said.to),
        .origin = call->origin,
        .notes = shift->notes,
        .note_count = shift->said.note_count,
    };
    pg_params_init(&params);
    shift_end_params(&params, &said);
    desk_call_query(call, PG_HAND_OVER_ADD, &params);
}

static void on_ended(struct shift_call *shift, const PGresult *rows)
{
    struct desk_call *call = &shift->call;
    struct render *render = &call->answer;
    struct field_errors errors = {.count = 0};
    struct shift_ended ended;
    char id[UUID_TEXT_SIZE + 1];
    shift_ended_read(rows, &ended);
    if (ended.outcome == SHIFT_MAY_NOT) {
        desk_refuse(call, 403, NULL);
        return;
    }
    if (ended.outcome != SHIFT_ENDED) {
        field_error_add(&errors, FIELD_NOT_A_VALUE, "%s", ended.outcome == SHIFT_NO_COLLEAGUE ? "to" : "notes");
        desk_refuse_fields(call, 422, &errors);
        return;
    }
    live_poke(call->desk->live);
    render_begin(render);
    render_set(render, render->root, "id", render_slice(uuid_format(&shift->note.id, id)));
    render_set(render, render->root, "given", json_integer(ended.given));
    render_set(render, render->root, "returned", json_integer(ended.returned));
    desk_respond_json(call, 201, NULL, 0);
}

static void step_end(struct desk_call *call, const PGresult *rows)
{
    struct shift_call *shift = (struct shift_call *)call;
    if (rows == NULL) {
        end(shift);
    } else {
        on_ended(shift, rows);
    }
}

void desk_post_hand_over(struct http_exchange *exchange, void *role)
{
    static const struct desk_capability capability = {
        .right = RIGHT_WORK, .size = sizeof(struct shift_call), .step = step_end};
    desk_call_start(exchange, role, &capability);
}

/* --- what was said -------------------------------------------------------------------------------------------------------- */

static json_t *names_of(struct render *render, struct slice names)
{
    json_t *array = json_array();
    struct slice name;
    while (slice_split(&names, ' ', &name)) {
        render_add(render, array, render_slice(name));
    }
    return array;
}

static void show(struct desk_call *call, const PGresult *rows)
{
    struct render *render = &call->answer;
    render_begin(render);
    json_t *list = json_array();
    for (int i = 0; i < PQntuples(rows); i++) {
        struct shift_row row;
        uint8_t row_id[SEALED_ROW_SIZE];
        char id[UUID_TEXT_SIZE + 1];
        bool unreadable = false;
        json_t *one = json_object();
        shift_row_read(rows, i, &row);
        struct seal_place place = {"hand_over", "text", sealed_row_uuid(&row.id, row_id)};
        render_set(render, one, "id", render_slice(uuid_format(&row.id, id)));
        render_set(render, one, "by", render_slice(row.author));
        render_set(render, one, "to", render_slice(row.to));
        render_set(render, one, "at", render_time(row.at_us));
        render_set(render, one, "given", json_integer(row.given));
        render_set(render, one, "returned", json_integer(row.returned));
        render_set(render, one, "note", opening_text(&call->desk->opening, &row.text, &place, &unreadable));
        render_set(render, one, "unreadable", json_boolean(unreadable));
        render_set(render, one, "mine", json_boolean(row.mine));
        render_set(render, one, "read", json_boolean(row.read));
        render_set(render, one, "read_by", names_of(render, row.read_by));
        render_add(render, list, one);
    }
    render_set(render, render->root, "hand_overs", list);
    desk_respond_json(call, 200, NULL, 0);
}

static void step_list(struct desk_call *call, const PGresult *rows)
{
    struct pg_params params;
    if (rows != NULL) {
        show(call, rows);
        return;
    }
    pg_params_init(&params);
    shift_list_params(&params, call->who.staff_id, opening_recipient_id(&call->desk->opening), call->origin);
    desk_call_query(call, PG_HAND_OVER_LIST, &params);
}

void desk_hand_overs(struct http_exchange *exchange, void *role)
{
    static const struct desk_capability capability = {
        .right = RIGHT_LOOK, .size = sizeof(struct desk_call), .step = step_list};
    desk_call_start(exchange, role, &capability);
}

static void step_read(struct desk_call *call, const PGresult *rows)
{
    struct pg_params params;
    struct uuid id;
    if (rows == NULL && uuid_parse(call->request->parameters[0], &id)) {
        pg_params_init(&params);
        shift_read_params(&params, &id, call->who.staff_id, call->origin);
        desk_call_query(call, PG_HAND_OVER_READ, &params);
    } else if (rows == NULL || PQntuples(rows) == 0) {
        desk_refuse(call, 404, NULL);
    } else {
        desk_respond(call, 204, NULL, 0);
    }
}

void desk_hand_over_read(struct http_exchange *exchange, void *role)
{
    static const struct desk_capability capability = {
        .right = RIGHT_WORK, .size = sizeof(struct desk_call), .step = step_read};
    desk_call_start(exchange, role, &capability);
}
