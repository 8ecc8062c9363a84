/* SPDX-License-Identifier: Apache-2.0
 * GET, PUT and PATCH /api/v1/policy?crisis=: which band each reason has, and in how many minutes each band is answered. A lead of the crisis changes it,
 * seen at the version that If-Match names.
 *
 *   BEGIN --crisis named--> READ --GET--> answered
 *                             \--a change that may be--> CHANGE --changed--> AGAIN --> answered
 *                                                          \--not--> 412
 */
#include "desk/policy_call.h"

#include "core/json_read.h"
#include "desk/etag.h"
#include "desk/handlers.h"
#include "domain/triage_policy.h"
#include "store/policy.h"

enum policy_step { POLICY_BEGIN, POLICY_READ, POLICY_CHANGE, POLICY_AGAIN };
enum policy_wish { POLICY_SHOW, POLICY_REPLACE, POLICY_AMEND };

struct policy_call {
    struct desk_call call;
    enum policy_step step;
    enum policy_wish wish;
    struct slice crisis;
};

static void read_policy(struct policy_call *p, enum policy_step step)
{
    struct pg_params params;
    p->step = step;
    pg_params_init(&params);
    policy_get_params(&params, p->crisis, p->call.who.staff_id);
    desk_call_query(&p->call, PG_POLICY_GET, &params);
}

bool policy_call_crisis(struct desk_call *call, struct slice *crisis)
{
    struct field_errors errors = {.count = 0};
    if (http_request_query(call->request, call->arena, SLICE("crisis"), crisis)) {
        return true;
    }
    field_error_add(&errors, FIELD_MISSING, "crisis");
    desk_refuse_fields(call, 400, &errors);
    return false;
}

/* NULL: the limits of what a lead may make of it. */
static json_t *render_bands(struct render *render, const struct triage_policy *policy)
{
    json_t *object = json_object();
    for (unsigned i = 0; i < REASON_COUNT; i++) {
        unsigned most = triage_policy_band_most((enum triage_reason)i);
        if (most != BAND_NONE) {
            render_set(render, object, vocabulary_name(&vocabulary_triage_reason, i).data,
                       json_integer(policy != NULL ? policy->band_of[i] : most));
        }
    }
    return object;
}

static json_t *render_minutes(struct render *render, const struct triage_policy *policy)
{
    json_t *object = json_object();
    for (unsigned band = BAND_IMMEDIATE; band < BAND_COUNT; band++) {
        const char name[2] = {(char)('0' + band), '\0'};
        render_set(render, object, name,
                   json_integer(policy != NULL ? policy->answer_minutes[band] : triage_policy_minutes_most(band)));
    }
    return object;
}

static json_t *render_check_ins(struct render *render, const struct triage_policy *policy)
{
    json_t *object = json_object();
    render_set(render, object, "danger_minutes",
               policy == NULL                         ? json_integer(DANGER_MINUTES_MOST)
               : policy->danger_check_in_minutes != 0 ? json_integer(policy->danger_check_in_minutes)
                                                      : json_null());
    if (policy != NULL) {
        render_set(render, object, "texts_at_night", json_boolean(policy->texts_at_night));
    }
    return object;
}

void policy_call_render(struct render *render, json_t *object, const struct triage_policy *policy)
{
    render_set(render, object, "reasons", render_bands(render, policy));
    render_set(render, object, "answer_minutes", render_minutes(render, policy));
    render_set(render, object, "check_ins", render_check_ins(render, policy));
}

static void show(struct policy_call *p, const struct policy_row *row)
{
    struct render *render = &p->call.answer;
    char etag[ETAG_SIZE];
    json_t *fallback = json_object();
    json_t *limits = json_object();
    render_begin(render);
    render_set(render, render->root, "crisis", render_slice(row->crisis));
    render_set(render, render->root, "version", json_integer(row->version));
    render_set(render, render->root, "changed_at", render_time(row->changed_us));
    render_set(render, render->root, "judging", json_boolean(row->judging));
    render_set(render, render->root, "may_change",
               json_boolean(row->may_change && rights_allow(p->call.role, RIGHT_RULE)));
    policy_call_render(render, render->root, &row->policy);
    render_set(render, render->root, "check_in_minutes", json_integer(row->check_in_minutes));
    policy_call_render(render, fallback, &triage_policy_default);
    policy_call_render(render, limits, NULL);
    render_set(render, render->root, "default", fallback);
    render_set(render, render->root, "at_most", limits);
    struct http_header header = {SLICE("ETag"), etag_format(row->version, etag)};
    desk_respond_json(&p->call, 200, &header, 1);
}

bool policy_call_read(struct desk_call *call, bool whole, struct triage_policy *policy)
{
    struct field_errors errors = {.count = 0};
    if (!http_request_media_type_is(call->request, SLICE("application/json"))) {
        desk_refuse(call, 415, NULL);
        return false;
    }
    const struct tree *tree = json_read(call->arena, call->request->body);
    if (tree == NULL || tree->kind != TREE_OBJECT) {
        desk_refuse(call, 400, "problem.not_json.detail");
        return false;
    }
    triage_policy_decode(tree, whole, policy, &errors);
    if (errors.count > 0) {
        desk_refuse_fields(call, 422, &errors);
    }
    return errors.count == 0;
}

static void change(struct policy_call *p, const struct policy_row *row)
{
    struct pg_params params;
    struct policy_change change = {
        .crisis = p->crisis,
        .staff_id = p->call.who.staff_id,
        .before = row->policy,
        .after = row->policy,
        .origin = p->call.origin,
    };
    if (!row->may_change) {
        desk_refuse(&p->call, 403, NULL);
        return;
    }
    if (!etag_if_match(http_request_header(p->call.request, SLICE("If-Match")), &change.version)) {
        desk_refuse(&p->call, 428, NULL); /* a lead changes what they have seen */
        return;
    }
    if (change.version != row->version) {
        desk_refuse(&p->call, 412, "problem.conflict.detail");
        return;
    }
    if (!policy_call_read(&p->call, p->wish == POLICY_REPLACE, &change.after)) {
        return;
    }
    p->step = POLICY_CHANGE;
    pg_params_init(&params);
    policy_set_params(&params, &change);
    desk_call_query(&p->call, PG_POLICY_SET, &params);
}

static void on_read(struct policy_call *p, const PGresult *rows)
{
    struct policy_row row;
    if (!policy_get_read(rows, &row)) {
        desk_refuse(&p->call, 404, NULL);
    } else if (p->wish == POLICY_SHOW || p->step == POLICY_AGAIN) {
        show(p, &row);
    } else {
        change(p, &row);
    }
}

static void step(struct desk_call *call, const PGresult *rows)
{
    struct policy_call *p = (struct policy_call *)call;
    switch (p->step) {
    case POLICY_BEGIN:
        p->wish = call->request->method == HTTP_PUT     ? POLICY_REPLACE
                  : call->request->method == HTTP_PATCH ? POLICY_AMEND
                                                        : POLICY_SHOW;
        if (policy_call_crisis(call, &p->crisis)) {
            read_policy(p, POLICY_READ);
        }
        break;
    case POLICY_READ:
    case POLICY_AGAIN:
        on_read(p, rows);
        break;
    case POLICY_CHANGE:
        if (PQntuples(rows) == 1) {
            read_policy(p, POLICY_AGAIN);
        } else {
            desk_refuse(call, 412, "problem.conflict.detail");
        }
        break;
    }
}

void desk_policy(struct http_exchange *exchange, void *role)
{
    static const struct desk_capability capability = {
        .right = RIGHT_LOOK, .size = sizeof(struct policy_call), .step = step};
    desk_call_start(exchange, role, &capability);
}

void desk_put_policy(struct http_exchange *exchange, void *role)
{
    static const struct desk_capability capability = {
        .right = RIGHT_RULE, .size = sizeof(struct policy_call), .step = step};
    desk_call_start(exchange, role, &capability);
}

void desk_patch_policy(struct http_exchange *exchange, void *role)
{
    desk_put_policy(exchange, role);
}
