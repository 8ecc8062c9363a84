/* SPDX-License-Identifier: Apache-2.0
 * POST /api/v1/password: a new password of one's own, for the old one and a code where a second factor is enrolled. One's other sessions end.
 *
 *   BEGIN --may try--> ACCOUNT --hash--> VERIFY --right--> HASH --> CHANGE --> 204
 *      \--too soon--> 429                   \--wrong, or the code--> 422   \--the code was taken--> 422
 */
#include <stddef.h>

#include "desk/body.h"
#include "desk/desk_call.h"
#include "desk/handlers.h"
#include "desk/one_time.h"
#include "store/reset.h"
#include "store/sealed_row.h"

enum password_step { PASSWORD_BEGIN, PASSWORD_ACCOUNT, PASSWORD_VERIFY, PASSWORD_HASH, PASSWORD_CHANGE };

enum { CHARACTERS_MAX = 256, CHARACTERS_MIN = 12, CODE_MAX = 16 };

struct password_call {
    struct desk_call call;
    enum password_step step;
    struct {
        struct slice old, wanted, totp;
    } said;
    struct sign_in_try attempt;
    struct password_job *job;
    struct staff_factor factor;
    uint8_t mac[BLIND_SIZE];
    bool factor_holds; /* there is none, or its code is right */
};

static const struct body_member members[] = {
    {SLICE_INIT("old"), offsetof(struct password_call, said.old), CHARACTERS_MAX, true, BODY_TEXT},
    {SLICE_INIT("new"), offsetof(struct password_call, said.wanted), CHARACTERS_MAX, true, BODY_TEXT},
    {SLICE_INIT("totp"), offsetof(struct password_call, said.totp), CODE_MAX, false, BODY_TEXT},
};

static void begin(struct password_call *password)
{
    struct desk_call *call = &password->call;
    struct field_errors errors = {.count = 0};
    struct pg_params params;
    switch (
        body_read_json(call->request, call->arena, members, sizeof(members) / sizeof(members[0]), password, &errors)) {
    case BODY_OK:
        break;
    case BODY_FAULTS:
        desk_refuse_fields(call, 422, &errors);
        return;
    case BODY_WRONG_TYPE:
        desk_refuse(call, 415, NULL);
        return;
    default:
        desk_refuse(call, 400, NULL);
        return;
    }
    if (password->said.wanted.length < CHARACTERS_MIN || slice_equal(password->said.wanted, password->said.old)) {
        desk_refuse(call, 422, "problem.password_weak.detail");
        return;
    }
    /* who has the session alone must not try every password: slowed as signing in is, and apart from it */
    password->attempt =
        (struct sign_in_try){.user = arena_printf(call->arena, "password:%.*s", SLICE_ARGS(call->who.name)),
                             .address = &call->request->peer};
    unsigned wait = sign_in_guard_enter(call->desk->guard, &password->attempt, clock_now(&call->desk->clock));
    if (wait > 0) {
        desk_refuse_for(call, 429, NULL, wait);
        return;
    }
    password->step = PASSWORD_ACCOUNT;
    pg_params_init(&params);
    staff_account_params(&params, call->who.name, opening_recipient_id(&call->desk->opening));
    desk_call_query(call, PG_STAFF_BY_NAME, &params);
}

static void on_hashed(void *context, bool made)
{
    struct password_call *password = context;
    struct desk_call *call = &password->call;
    struct slice hash = arena_dup(call->arena, made ? password_job_hash(password->job) : SLICE(""));
    struct pg_params params;
    password->job = NULL;
    if (hash.length == 0) {
        desk_refuse_for(call, 503, NULL, 1);
        return;
    }
    password->step = PASSWORD_CHANGE;
    pg_params_init(&params);
    reset_password_params(&params, hash, &password->factor, call->origin);
    desk_call_query(call, PG_PASSWORD_CHANGE, &params);
}

static void on_verified(void *context, bool right)
{
    struct password_call *password = context;
    struct desk_call *call = &password->call;
    password->job = NULL;
    if (!right || !password->factor_holds) {
        desk_refuse(call, 422, "problem.password_wrong.detail");
        return;
    }
    password->step = PASSWORD_HASH;
    password->job = password_pool_make(call->desk->passwords, password->said.wanted, on_hashed, password);
    if (password->job == NULL) {
        desk_refuse_for(call, 503, NULL, 2);
    }
}

static void on_account(struct password_call *password, const PGresult *rows)
{
    struct desk_call *call = &password->call;
    struct staff_account account = {.id = 0};
    uint8_t id[SEALED_ROW_SIZE];
    struct slice secret = {NULL, 0};
    struct slice said = one_time_trim(call->arena, password->said.totp);
    if (!staff_account_read(rows, &account)) {
        desk_refuse(call, 422, "problem.password_wrong.detail");
        return;
    }
    password->factor_holds = account.totp_secret.sealed.length == 0;
    if (!password->factor_holds) {
        struct seal_place place = {"staff_totp", "secret", sealed_row_registration(account.id, id)};
        (void)opening_plain(&call->desk->opening, &account.totp_secret, &place, call->arena, &secret);
        password->factor.step = one_time_step(secret, said, clock_now(&call->desk->clock), account.last_step);
        if (password->factor.step == 0 && one_time_recovery_mac(&call->desk->keys, account.id, said, password->mac)) {
            password->factor.recovery_mac = slice_make(password->mac, BLIND_SIZE);
        }
        password->factor_holds = password->factor.step > 0 || password->factor.recovery_mac.length > 0;
    }
    password->step = PASSWORD_VERIFY;
    password->job =
        password_pool_check(call->desk->passwords, account.password_hash, password->said.old, on_verified, password);
    if (password->job == NULL) {
        desk_refuse_for(call, 503, NULL, 2);
    }
}

static void step(struct desk_call *call, const PGresult *rows)
{
    struct password_call *password = (struct password_call *)call;
    switch (password->step) {
    case PASSWORD_BEGIN:
        begin(password);
        break;
    case PASSWORD_ACCOUNT:
        on_account(password, rows);
        break;
    case PASSWORD_VERIFY:
    case PASSWORD_HASH:
        break; /* no statement is under way: on_verified and on_hashed go on */
    case PASSWORD_CHANGE:
        if (reset_password_read(rows)) {
            sign_in_guard_pass(call->desk->guard, &password->attempt);
            desk_respond(call, 204, NULL, 0);
        } else {
            desk_refuse(call, 422, "problem.password_wrong.detail");
        }
        break;
    }
}

static void drop(struct desk_call *call)
{
    struct password_call *password = (struct password_call *)call;
    if (password->job != NULL) {
        password_job_cancel(password->job);
    }
}

void desk_post_password(struct http_exchange *exchange, void *role)
{
    static const struct desk_capability capability = {
        .right = RIGHT_ACCOUNT, .size = sizeof(struct password_call), .step = step, .drop = drop};
    desk_call_start(exchange, role, &capability);
}
