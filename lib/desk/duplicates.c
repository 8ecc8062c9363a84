/* SPDX-License-Identifier: Apache-2.0
 * GET /api/v1/cases/{case}/duplicates: parties that may be the same people, with what speaks for it. They are looked for by index at each look, so none
 * is missed because it came later; what an officer kept apart stays listed, as that.
 *
 *   BEGIN --> PHONES --opened--> FIND --opened and weighed--> AUDIT --on record--> answered
 *                                  \--not there, or not theirs--> 404
 */
#include <string.h>

#include "desk/case_view.h"
#include "desk/handlers.h"
#include "desk/person_name.h"
#include "domain/duplicate.h"
#include "store/alike.h"
#include "store/audit.h"
#include "store/sealed_row.h"

enum duplicates_step { DUPLICATES_BEGIN, DUPLICATES_PHONES, DUPLICATES_FIND, DUPLICATES_AUDIT };

/* A party that may be the same. */
struct candidate {
    struct alike_row row; /* its slices are not kept beyond the rows' call */
    struct duplicate_party party;
    struct slice names;
    unsigned score;
    uint32_t evidence;
    bool unreadable;
};

struct duplicates {
    struct desk_call call;
    enum duplicates_step step;
    int64_t registration_id;
    struct candidate *candidates; /* the first is the party itself */
    size_t count;
};

static void on_phones(struct duplicates *d, const PGresult *rows)
{
    struct desk_call *call = &d->call;
    struct alike_phones phones = {.count = 0};
    struct pg_params params;
    for (int i = 0; i < PQntuples(rows); i++) {
        uint8_t contact_id[SEALED_ROW_SIZE], check_in_id[SEALED_ROW_SIZE];
        struct alike_phone_row row;
        bool unreadable = false;
        alike_phone_row_read(rows, i, &row);
        const struct seal_place contact = {"contact", "value",
                                           sealed_row_member(row.registration_id, row.ordinal, contact_id)};
        const struct seal_place sender = {"check_in", "sender", sealed_row_uuid(&row.client_id, check_in_id)};
        json_t *opened = row.is_contact ? opening_object(&call->desk->opening, &row.phone, &contact, &unreadable)
                                        : opening_text(&call->desk->opening, &row.phone, &sender, &unreadable);
        const json_t *e164 = row.is_contact ? json_object_get(opened, "e164") : opened;
        alike_phones_add(&phones, &call->desk->keys, slice_of(json_string_value(e164)));
        json_decref(opened);
    }
    d->step = DUPLICATES_FIND;
    pg_params_init(&params);
    alike_find_params(&params, d->registration_id, &phones, opening_recipient_id(&call->desk->opening));
    desk_call_query(call, PG_ALIKE_FIND, &params);
}

static void add_name(struct desk_call *call, struct candidate *candidate, struct slice name)
{
    struct buffer names;
    buffer_init(&names, SEAL_PLAIN_MAX);
    buffer_add_slice(&names, candidate->names);
    buffer_add_text(&names, candidate->names.length > 0 && name.length > 0 ? ", " : "");
    buffer_add_slice(&names, name);
    if (!names.failed) {
        candidate->names = arena_dup(call->arena, buffer_slice(&names));
    }
    buffer_release(&names);
}

static void add_person(struct desk_call *call, struct candidate *candidate, const struct alike_row *row)
{
    struct duplicate_person *person = &candidate->party.people[candidate->party.count];
    if (row->person.sealed.length == 0 || candidate->party.count == DUPLICATE_PEOPLE_MAX) {
        return;
    }
    add_name(call, candidate,
             person_name(call, row->member_of, row->ordinal, &row->person, &person->words, &person->birth_date,
                         &candidate->unreadable));
    candidate->party.count++;
}

static bool gather(struct duplicates *d, const PGresult *rows)
{
    int count = PQntuples(rows);
    d->candidates = arena_array(d->call.arena, (size_t)count + 1, sizeof(*d->candidates));
    for (int i = 0; d->candidates != NULL && i < count; i++) {
        struct alike_row row;
        alike_row_read(rows, i, &row);
        if (d->count == 0 || d->candidates[d->count - 1].row.registration_id != row.registration_id) {
            d->candidates[d->count++].row = row;
        }
        add_person(&d->call, &d->candidates[d->count - 1], &row);
    }
    return d->candidates != NULL;
}

/* Best first. Drops who is not alike enough. */
static void weigh(struct duplicates *d)
{
    size_t kept = 1;
    for (size_t i = 1; i < d->count; i++) {
        struct candidate one = d->candidates[i];
        one.score = duplicate_score(&d->candidates[0].party, &one.party, one.row.shares_phone, one.row.shares_document,
                                    &one.evidence);
        size_t at = kept;
        if (one.score < DUPLICATE_LEAST && one.row.apart_us == 0) {
            continue;
        }
        for (; at > 1 && d->candidates[at - 1].score < one.score; at--) {
            d->candidates[at] = d->candidates[at - 1];
        }
        d->candidates[at] = one;
        kept++;
    }
    d->count = kept;
}

static json_t *line(struct render *render, const struct candidate *one)
{
    json_t *object = json_object();
    json_t *apart = one->row.apart_us != 0 ? json_object() : json_null();
    if (one->row.apart_us != 0) {
        render_set(render, apart, "by", render_slice(one->row.apart_by));
        render_set(render, apart, "at", render_time(one->row.apart_us));
    }
    render_set(render, object, "case", render_case_code(one->row.registration_id));
    render_set(render, object, "names", render_slice(one->names));
    render_set(render, object, "score", json_integer(one->score));
    render_set(render, object, "evidence", render_words(&vocabulary_duplicate, one->evidence));
    render_set(render, object, "known", json_boolean(slice_equal(one->row.state, SLICE("registered"))));
    render_set(render, object, "party_size", json_integer(one->row.party_size));
    render_set(render, object, "last_status", render_slice(one->row.last_status));
    render_set(render, object, "queue", render_slice(one->row.queue));
    render_set(render, object, "state", render_slice(one->row.case_state));
    render_set(render, object, "kept_apart", apart);
    if (one->unreadable) {
        render_set(render, object, "unreadable", json_true());
    }
    return object;
}

static void on_found(struct duplicates *d, const PGresult *rows)
{
    struct desk_call *call = &d->call;
    struct render *render = &call->answer;
    struct pg_params params;
    if (PQntuples(rows) == 0) {
        desk_refuse(call, 404, NULL);
        return;
    }
    if (!gather(d, rows)) {
        desk_refuse_for(call, 503, NULL, 1);
        return;
    }
    weigh(d);
    json_t *list = json_array();
    render_begin(render);
    for (size_t i = 1; i < d->count; i++) {
        render_add(render, list, line(render, &d->candidates[i]));
    }
    render_set(render, render->root, "duplicates", list);
    d->step = DUPLICATES_AUDIT;
    pg_params_init(&params);
    audit_duplicates_params(&params, call->who.staff_id, d->registration_id, call->origin, (int)d->count - 1);
    desk_call_query(call, PG_AUDIT_ADD, &params);
}

static void begin(struct duplicates *d)
{
    struct pg_params params;
    if (!case_view_parse(&d->call, &d->registration_id)) {
        return; /* answered */
    }
    d->step = DUPLICATES_PHONES;
    pg_params_init(&params);
    pg_add_int8(&params, d->registration_id);
    pg_add_text(&params, slice_of(opening_recipient_id(&d->call.desk->opening)));
    desk_call_query(&d->call, PG_ALIKE_PHONES, &params);
}

static void step(struct desk_call *call, const PGresult *rows)
{
    struct duplicates *d = (struct duplicates *)call;
    switch (d->step) {
    case DUPLICATES_BEGIN:
        begin(d);
        break;
    case DUPLICATES_PHONES:
        on_phones(d, rows);
        break;
    case DUPLICATES_FIND:
        on_found(d, rows);
        break;
    case DUPLICATES_AUDIT:
        desk_respond_json(call, 200, NULL, 0);
        break;
    }
}

void desk_duplicates(struct http_exchange *exchange, void *role)
{
    static const struct desk_capability capability = {
        .right = RIGHT_LOOK, .size = sizeof(struct duplicates), .step = step};
    desk_call_start(exchange, role, &capability);
}
