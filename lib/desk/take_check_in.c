/* SPDX-License-Identifier: Apache-2.0
 * POST /api/v1/cases/{case}/check-ins: what a party, or somebody for it, said by phone or radio, taken down by an officer. The same record as the citizen's
 * own, triaged alike, once by its client_id. The case is the path's; `phone`, where it is given, is the number of who told it.
 *
 *   BEGIN --body read--> CASE --theirs, no fault--> STORING --new, or the same again--> answered (201)
 *     \--400, 415--> answered  \--404, 422--> answered  \--404, 409--> answered
 */
#include "core/json_read.h"
#include "desk/case_view.h"
#include "desk/handlers.h"
#include "domain/check_in_triage.h"
#include "domain/decode_submission.h"
#include "domain/phone.h"
#include "domain/triage_policy.h"
#include "pg/pool.h"
#include "store/check_in_seal.h"

enum heard_step { HEARD_BEGIN, HEARD_CASE, HEARD_STORING };

struct heard {
    struct desk_call call;
    enum heard_step step;
    int64_t registration_id;
    const struct tree *content;
    struct slice phone; /* of who told it, as typed */
    struct check_in check_in;
    struct field_errors errors;
    int64_t received_us;
    unsigned band; /* as decided here */
};

static void begin(struct heard *heard)
{
    struct desk_call *call = &heard->call;
    struct decoder decoder = {call->arena, &heard->errors, false};
    struct pg_params params;
    if (!case_view_parse(call, &heard->registration_id)) {
        return; /* answered */
    }
    if (!http_request_media_type_is(call->request, SLICE("application/json"))) {
        desk_refuse(call, 415, NULL);
        return;
    }
    heard->content = json_read(call->arena, call->request->body);
    if (heard->content == NULL || heard->content->kind != TREE_OBJECT) {
        desk_refuse(call, call->arena->failed ? 503 : 400, call->arena->failed ? NULL : "problem.not_json.detail");
        return;
    }
    heard->received_us = clock_now(&call->desk->clock);
    decode_check_in(&decoder, heard->content, &heard->check_in);
    if (call->arena->failed) {
        desk_refuse_for(call, 503, NULL, 1); /* something that was said is missing */
        return;
    }
    if (heard->check_in.case_code.length > 0) {
        field_error_add(&heard->errors, FIELD_UNKNOWN, "case"); /* the path says it */
    }
    heard->step = HEARD_CASE;
    pg_params_init(&params);
    pg_add_int8(&params, heard->registration_id);
    desk_call_query(call, PG_CASE_WORKED, &params);
}

static bool is_right(struct heard *heard, const char *country)
{
    struct check_in *check_in = &heard->check_in;
    struct slice phone = slice_trim(check_in->phone);
    check_in->phone = SLICE("");
    check_in->case_code = heard->call.request->parameters[0];
    (void)check_in_validate(check_in, country, &heard->errors);
    if (phone.length > 0 && !phone_normalise(phone, country, check_in->e164)) {
        field_error_add(&heard->errors, FIELD_NOT_A_PHONE, "phone");
    }
    return heard->errors.count == 0;
}

static bool seal(struct heard *heard, struct check_in_record *record, struct slice crisis,
                 const struct triage_policy *policy)
{
    struct note_epoch *notes = &heard->call.desk->notes;
    struct seal_epoch *epoch = note_epoch_current(notes);
    struct sealed_epoch *travels = epoch != NULL ? sealed_epoch_new(epoch, "", notes->opened_us) : NULL;
    const struct check_in_sealing with = {
        .keys = &heard->call.desk->keys,
        .epoch = epoch,
        .travels = travels,
        .crisis = crisis,
        .channel = CHANNEL_STAFF,
        .received_us = heard->received_us,
        .content = heard->content,
        .verdict = check_in_triage(policy, &heard->check_in, NULL, heard->received_us),
    };
    bool sealed = travels != NULL && check_in_seal(record, &heard->check_in, &with);
    heard->band = record->band;
    sealed_epoch_drop(travels); /* the record has its own reference */
    return sealed;
}

/* A case that is none of theirs looks like one that is not there. */
static void on_case(struct heard *heard, const PGresult *rows)
{
    struct desk_call *call = &heard->call;
    struct triage_policy policy;
    struct pg_params params;
    if (PQntuples(rows) != 1) {
        desk_refuse(call, 404, NULL);
        return;
    }
    if (!is_right(heard, PQgetvalue(rows, 0, 1))) {
        desk_refuse_fields(call, 422, &heard->errors);
        return;
    }
    triage_policy_read(pg_get_slice(rows, 0, 2), pg_get_slice(rows, 0, 3), &policy);
    struct check_in_record *record = check_in_record_new(NULL);
    if (record == NULL || !seal(heard, record, pg_get_slice(rows, 0, 0), &policy)) {
        check_in_record_free(record);
        desk_refuse_for(call, 503, NULL, 1);
        return;
    }
    const void *records[] = {record};
    heard->step = HEARD_STORING;
    pg_params_init(&params);
    check_in_batch_kind.encode(&params, records, 1);
    pg_add_text(&params, call->origin);
    check_in_record_free(record);
    desk_call_query(call, PG_CHECK_IN_TAKE, &params);
}

static void on_stored(struct heard *heard, const PGresult *rows)
{
    struct desk_call *call = &heard->call;
    struct render *render = &call->answer;
    char receipt[UUID_TEXT_SIZE + 1];
    if (PQntuples(rows) != 1) {
        desk_refuse(call, 404, NULL); /* it left their post between the two statements */
        return;
    }
    struct check_in_stored stored = check_in_stored_row(rows, 0);
    if (stored.outcome == STORE_CONFLICT) {
        desk_refuse(call, 409, "problem.client_id_reused.detail");
        return;
    }
    if (stored.outcome == STORE_TAKEN) {
        desk_refuse_for(call, 503, NULL, 1);
        return;
    }
    live_poke(call->desk->live);
    render_begin(render);
    render_set(render, render->root, "receipt", render_slice(uuid_format(&heard->check_in.client_id, receipt)));
    render_set(render, render->root, "stored", json_string(stored.via_journal ? "journal" : "database"));
    render_set(render, render->root, "band", render_number_or_null(heard->band));
    desk_respond_json(call, 201, NULL, 0);
}

static void step(struct desk_call *call, const PGresult *rows)
{
    struct heard *heard = (struct heard *)call;
    switch (heard->step) {
    case HEARD_BEGIN:
        begin(heard);
        return;
    case HEARD_CASE:
        on_case(heard, rows);
        return;
    case HEARD_STORING:
        on_stored(heard, rows);
        return;
    }
}

void desk_post_check_in(struct http_exchange *exchange, void *role)
{
    static const struct desk_capability capability = {.right = RIGHT_WORK, .size = sizeof(struct heard), .step = step};
    desk_call_start(exchange, role, &capability);
}
