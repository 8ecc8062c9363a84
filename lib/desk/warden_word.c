/* SPDX-License-Identifier: Apache-2.0
 * POST /api/v1/warden/{case}/words, one tap at a door: "safe", "need_help" or "not_found", once by its client_id; and DELETE of it, which takes it back.
 *
 *   BEGIN --body read--> HOUSEHOLD --theirs--> STORING --> answered (201)      DELETE: BEGIN --> UNDOING --> answered (204)
 */
#include "desk/body.h"
#include "desk/case_view.h"
#include "desk/handlers.h"
#include "domain/check_in_triage.h"
#include "domain/triage_policy.h"
#include "pg/pool.h"
#include "store/check_in_seal.h"
#include "store/warden.h"

enum { WORD_MAX_CHARACTERS = 16, TIME_TEXT_CHARACTERS = 40 };
enum word_step { WORD_BEGIN, WORD_HOUSEHOLD, WORD_STORING, WORD_UNDOING };

struct word_said {
    struct body_uuid client_id;
    struct slice word, at;
};

struct word {
    struct desk_call call;
    enum word_step step;
    int64_t registration_id;
    struct word_said said;
    struct check_in check_in;
};

static const struct body_member members[] = {
    {SLICE_INIT("client_id"), offsetof(struct word_said, client_id), 0, false, BODY_UUID},
    {SLICE_INIT("word"), offsetof(struct word_said, word), WORD_MAX_CHARACTERS, true, BODY_TEXT},
    {SLICE_INIT("at"), offsetof(struct word_said, at), TIME_TEXT_CHARACTERS, false, BODY_TEXT},
};

static bool is_not_found(const struct word *word)
{
    return slice_equal(word->said.word, SLICE("not_found"));
}

static void check(struct word *word, struct field_errors *errors)
{
    struct check_in *check_in = &word->check_in;
    if (!word->said.client_id.given && field_error_find(errors, "client_id") == NULL) {
        field_error_add(errors, FIELD_MISSING, "client_id");
    }
    check_in->client_id = word->said.client_id.id;
    check_in->has_registration_id = true;
    check_in->registration_id = word->registration_id;
    check_in->has_status = !is_not_found(word);
    check_in->status = slice_equal(word->said.word, SLICE("safe")) ? STATUS_SAFE : STATUS_NEED_HELP;
    if (word->said.word.length > 0 && check_in->has_status && check_in->status != STATUS_SAFE &&
        !slice_equal(word->said.word, SLICE("need_help"))) {
        field_error_add(errors, FIELD_NOT_A_VALUE, "word");
    }
    check_in->has_at = word->said.at.length > 0 && time_parse(word->said.at, &check_in->at_us);
    if (word->said.at.length > 0 && !check_in->has_at) {
        field_error_add(errors, FIELD_NOT_A_TIME, "at");
    }
}

static void begin(struct word *word)
{
    struct desk_call *call = &word->call;
    struct field_errors errors = {.count = 0};
    struct pg_params params;
    if (!case_view_parse(call, &word->registration_id)) {
        return; /* answered */
    }
    enum body_reading reading =
        body_read_json(call->request, call->arena, members, sizeof(members) / sizeof(members[0]), &word->said, &errors);
    if (reading != BODY_OK && reading != BODY_FAULTS) {
        desk_refuse(call, reading == BODY_WRONG_TYPE ? 415 : reading == BODY_NO_MEMORY ? 503 : 400, NULL);
        return;
    }
    check(word, &errors);
    if (errors.count > 0) {
        desk_refuse_fields(call, 422, &errors);
        return;
    }
    word->step = WORD_HOUSEHOLD;
    pg_params_init(&params);
    pg_add_int8(&params, word->registration_id);
    desk_call_query(call, PG_WARDEN_HOUSEHOLD, &params);
}

static bool seal(struct word *word, struct check_in_record *record, const PGresult *rows)
{
    struct desk_call *call = &word->call;
    struct note_epoch *notes = &call->desk->notes;
    struct seal_epoch *epoch = note_epoch_current(notes);
    struct sealed_epoch *travels = epoch != NULL ? sealed_epoch_new(epoch, "", notes->opened_us) : NULL;
    const struct tree *content = tree_text(call->arena, word->said.word); /* the register compares the word itself */
    struct triage_policy policy;
    int64_t now_us = clock_now(&call->desk->clock);
    triage_policy_read(pg_get_slice(rows, 0, 2), pg_get_slice(rows, 0, 3), &policy);
    const struct check_in_sealing with = {
        .keys = &call->desk->keys,
        .epoch = epoch,
        .travels = travels,
        .crisis = pg_get_slice(rows, 0, 0),
        .channel = CHANNEL_STAFF,
        .received_us = now_us,
        .content = content,
        .verdict = check_in_triage(&policy, &word->check_in, NULL, now_us),
    };
    bool sealed = travels != NULL && content != NULL && check_in_seal(record, &word->check_in, &with);
    sealed_epoch_drop(travels); /* the record has its own reference */
    return sealed;
}

static void on_household(struct word *word, const PGresult *rows)
{
    struct desk_call *call = &word->call;
    struct pg_params params;
    if (PQntuples(rows) != 1) {
        desk_refuse(call, 404, NULL);
        return;
    }
    struct check_in_record *record = check_in_record_new(NULL);
    if (record == NULL || !seal(word, record, rows)) {
        check_in_record_free(record);
        desk_refuse_for(call, 503, NULL, 1);
        return;
    }
    const void *records[] = {record};
    word->step = WORD_STORING;
    pg_params_init(&params);
    check_in_batch_kind.encode(&params, records, 1);
    pg_add_text(&params, word->said.word);
    pg_add_text(&params, call->origin);
    check_in_record_free(record);
    desk_call_query(call, PG_WORD_STORE, &params);
}

static void on_stored(struct word *word, const PGresult *rows)
{
    struct desk_call *call = &word->call;
    struct render *render = &call->answer;
    char id[UUID_TEXT_SIZE + 1];
    if (PQntuples(rows) != 1) {
        desk_refuse(call, 404, NULL); /* it left their list between the two statements */
        return;
    }
    if (pg_get_int(rows, 0, 0) == STORE_CONFLICT) {
        desk_refuse(call, 409, "problem.client_id_reused.detail");
        return;
    }
    live_poke(call->desk->live);
    render_begin(render);
    render_set(render, render->root, "receipt", render_slice(uuid_format(&word->said.client_id.id, id)));
    render_set(render, render->root, "word", render_slice(word->said.word));
    desk_respond_json(call, 201, NULL, 0);
}

static void step(struct desk_call *call, const PGresult *rows)
{
    struct word *word = (struct word *)call;
    switch (word->step) {
    case WORD_BEGIN:
        begin(word);
        return;
    case WORD_HOUSEHOLD:
        on_household(word, rows);
        return;
    case WORD_STORING:
    case WORD_UNDOING:
        on_stored(word, rows);
        return;
    }
}

static void step_undo(struct desk_call *call, const PGresult *rows)
{
    struct word *word = (struct word *)call;
    struct pg_params params;
    struct uuid id;
    if (word->step == WORD_UNDOING) {
        if (PQntuples(rows) == 1) {
            live_poke(call->desk->live);
            desk_respond(call, 204, NULL, 0);
        } else {
            desk_refuse(call, 404, NULL);
        }
        return;
    }
    if (!case_view_parse(call, &word->registration_id)) {
        return; /* answered */
    }
    if (!uuid_parse(call->request->parameters[1], &id)) {
        desk_refuse(call, 404, NULL);
        return;
    }
    word->step = WORD_UNDOING;
    pg_params_init(&params);
    warden_word_undo_params(&params, word->registration_id, &id, call->origin);
    desk_call_query(call, PG_WORD_UNDO, &params);
}

void desk_post_word(struct http_exchange *exchange, void *role)
{
    static const struct desk_capability capability = {.right = RIGHT_WARD, .size = sizeof(struct word), .step = step};
    desk_call_start(exchange, role, &capability);
}

void desk_delete_word(struct http_exchange *exchange, void *role)
{
    static const struct desk_capability capability = {
        .right = RIGHT_WARD, .size = sizeof(struct word), .step = step_undo};
    desk_call_start(exchange, role, &capability);
}
