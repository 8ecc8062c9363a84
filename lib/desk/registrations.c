/* SPDX-License-Identifier: Apache-2.0
 * POST /api/v1/registrations: a party that somebody told of by phone or radio, taken down by an officer. The same record as the citizen's
 * own form makes, the same answer, once by its client_id.
 *
 *   BEGIN --body read--> CRISIS --theirs, no fault--> STORING --new, or the same again--> answered (201)
 *     \--400, 415--> answered  \--422--> answered        ^ |  \--other content--> answered (409)
 *                                                        \-/ number taken: the next one
 */
#include "core/json_read.h"
#include "desk/desk_call.h"
#include "desk/handlers.h"
#include "domain/decode_submission.h"
#include "domain/field_check.h"
#include "domain/registration_triage.h"
#include "domain/triage_policy.h"
#include "page/text.h"
#include "store/derive.h"
#include "store/registration_seal.h"

enum { ATTEMPTS_MAX = 8 }; /* as at the edge (lib/edge/registration.c) */

enum taking_step { TAKING_BEGIN, TAKING_CRISIS, TAKING_STORING };

struct taking {
    struct desk_call call;
    enum taking_step step;
    const struct tree *content;
    struct registration registration;
    struct field_errors errors;
    struct triage_policy policy; /* the crisis's */
    int64_t received_us;
    unsigned attempt;
};

static void ask_crisis(struct taking *taking)
{
    struct pg_params params;
    taking->step = TAKING_CRISIS;
    pg_params_init(&params);
    pg_add_int8(&params, taking->call.who.staff_id);
    pg_add_text(&params, taking->registration.crisis);
    desk_call_query(&taking->call, PG_CRISIS_WORKED, &params);
}

static void begin(struct taking *taking)
{
    struct desk_call *call = &taking->call;
    struct decoder decoder = {call->arena, &taking->errors, false};
    if (!http_request_media_type_is(call->request, SLICE("application/json"))) {
        desk_refuse(call, 415, NULL);
        return;
    }
    taking->content = json_read(call->arena, call->request->body);
    if (taking->content == NULL || taking->content->kind != TREE_OBJECT) {
        desk_refuse(call, call->arena->failed ? 503 : 400, call->arena->failed ? NULL : "problem.not_json.detail");
        return;
    }
    taking->received_us = clock_now(&call->desk->clock);
    decode_registration(&decoder, taking->content, &taking->registration);
    if (call->arena->failed) {
        desk_refuse_for(call, 503, NULL, 1); /* something that was said is missing */
        return;
    }
    ask_crisis(taking);
}

static bool seal(struct taking *taking, struct registration_record *record)
{
    struct note_epoch *notes = &taking->call.desk->notes;
    struct seal_epoch *epoch = note_epoch_current(notes);
    struct sealed_epoch *travels = epoch != NULL ? sealed_epoch_new(epoch, "", notes->opened_us) : NULL;
    const struct registration *r = &taking->registration;
    const struct registration_sealing with = {
        .keys = &taking->call.desk->keys,
        .epoch = epoch,
        .travels = travels,
        .crisis = r->crisis,
        .language = r->language,
        .channel = CHANNEL_STAFF,
        .received_us = taking->received_us,
        .content = taking->content,
        .verdict = registration_triage(&taking->policy, r, false, taking->received_us),
        .attempt = taking->attempt,
    };
    bool sealed = travels != NULL && registration_seal(record, r, &with);
    sealed_epoch_drop(travels); /* the record has its own reference */
    return sealed;
}

static void store(struct taking *taking)
{
    struct registration_record *record = registration_record_new();
    struct pg_params params;
    if (record == NULL || !seal(taking, record)) {
        registration_record_free(record);
        desk_refuse_for(&taking->call, 503, NULL, 1);
        return;
    }
    const void *records[] = {record};
    taking->step = TAKING_STORING;
    pg_params_init(&params);
    registration_batch_kind.encode(&params, records, 1);
    pg_add_text(&params, taking->call.origin);
    registration_record_free(record);
    desk_call_query(&taking->call, PG_REGISTRATION_TAKE, &params);
}

/* A crisis that is none of theirs looks like one that is not there. */
static void on_crisis(struct taking *taking, const PGresult *rows)
{
    bool theirs = PQntuples(rows) == 1;
    const char *country = theirs ? PQgetvalue(rows, 0, 0) : "ZZ";
    if (theirs) {
        triage_policy_read(pg_get_slice(rows, 0, 1), pg_get_slice(rows, 0, 2), &taking->policy);
    }
    if (taking->registration.crisis.length > 0 && !theirs) {
        field_error_add(&taking->errors, FIELD_NOT_A_CRISIS, "crisis");
    }
    (void)registration_validate(&taking->registration, country, date_of_time(taking->received_us), &taking->errors);
    if (taking->errors.count > 0 || !theirs) {
        desk_refuse_fields(&taking->call, 422, &taking->errors);
        return;
    }
    store(taking);
}

static void respond(struct taking *taking, const struct registration_stored *stored)
{
    struct desk_call *call = &taking->call;
    struct render *render = &call->answer;
    char secret[SECRET_TEXT_SIZE + 1];
    const struct uuid *client_id = &taking->registration.client_id;
    render_begin(render);
    render_set(render, render->root, "case",
               render_case_code(derive_registration_id(&call->desk->keys, client_id, taking->attempt)));
    render_set(render, render->root, "secret", render_slice(derive_secret(&call->desk->keys, client_id, secret)));
    render_set(render, render->root, "stored", json_string(stored->via_journal ? "journal" : "database"));
    render_set(render, render->root, "check_in_by", render_time(stored->check_in_by_us));
    desk_respond_json(call, 201, NULL, 0);
}

static void on_stored(struct taking *taking, const PGresult *rows)
{
    if (PQntuples(rows) != 1) {
        desk_refuse(&taking->call, 403, NULL); /* their access ended between the two statements */
        return;
    }
    struct registration_stored stored = registration_stored_row(rows, 0);
    switch (stored.outcome) {
    case STORE_NEW:
    case STORE_SAME:
        respond(taking, &stored);
        return;
    case STORE_CONFLICT:
        desk_refuse(&taking->call, 409, "problem.client_id_reused.detail");
        return;
    case STORE_TAKEN:
        if (++taking->attempt < ATTEMPTS_MAX) {
            store(taking);
        } else {
            desk_refuse_for(&taking->call, 503, NULL, 1);
        }
        return;
    }
}

static void step(struct desk_call *call, const PGresult *rows)
{
    struct taking *taking = (struct taking *)call;
    switch (taking->step) {
    case TAKING_BEGIN:
        begin(taking);
        return;
    case TAKING_CRISIS:
        on_crisis(taking, rows);
        return;
    case TAKING_STORING:
        on_stored(taking, rows);
        return;
    }
}

void desk_post_registration(struct http_exchange *exchange, void *role)
{
    static const struct desk_capability capability = {.right = RIGHT_WORK, .size = sizeof(struct taking), .step = step};
    desk_call_start(exchange, role, &capability);
}
