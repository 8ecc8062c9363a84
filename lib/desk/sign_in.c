/* SPDX-License-Identifier: Apache-2.0
 * POST /api/v1/session, and the same as a form at /sign-in. A wrong name costs what a wrong password costs, and looks the same.
 *
 *   BEGIN --may try--> ACCOUNT --hash, or nobody's--> VERIFY --right--> OPEN --> answered, with the cookie
 *      \--too soon--> 429                                |            \--the code was taken before--\
 *                                                         \--password or code wrong--------------> REFUSE --on record--> 401
 */
#include <stddef.h>
#include <string.h>

#include "desk/account.h"
#include "desk/body.h"
#include "desk/console.h"
#include "desk/handlers.h"
#include "desk/one_time.h"
#include "desk/way_back.h"
#include "store/sealed_row.h"

enum sign_in_step { SIGN_IN_BEGIN, SIGN_IN_ACCOUNT, SIGN_IN_VERIFY, SIGN_IN_OPEN, SIGN_IN_REFUSE };

enum { USER_MAX = 63, PASSWORD_CHARACTERS_MAX = 256, TOTP_MAX = 16 };

struct sign_in {
    struct desk_call call;
    enum sign_in_step step;
    bool from_form;
    struct {
        struct slice user;
        struct slice password;
        struct slice totp; /* a code of their phone, or a recovery code */
        struct slice next; /* where they were */
    } said;
    struct sign_in_try attempt;
    struct password_job *job; /* VERIFY */
    int64_t staff_id;         /* 0: no such account */
    char role[16];
    bool has_factor;     /* a second one is enrolled */
    struct slice secret; /* of it; empty: it does not open */
    int64_t last_step;
    const char *refusal; /* what a refusal says */
    char token[SESSION_TOKEN_SIZE + 1];
};

static const struct body_member members[] = {
    {SLICE_INIT("user"), offsetof(struct sign_in, said.user), USER_MAX, true, BODY_TEXT},
    {SLICE_INIT("password"), offsetof(struct sign_in, said.password), PASSWORD_CHARACTERS_MAX, true, BODY_TEXT},
    {SLICE_INIT("totp"), offsetof(struct sign_in, said.totp), TOTP_MAX, false, BODY_TEXT},
    {SLICE_INIT("next"), offsetof(struct sign_in, said.next), WAY_BACK_MAX, false, BODY_TEXT}, /* of the form alone */
};
enum { MEMBERS = sizeof(members) / sizeof(members[0]) };

/* In the form the caller understands. */
static void refuse(struct sign_in *sign_in, unsigned status, const char *page_key, const char *detail_key,
                   unsigned retry_after_s)
{
    if (sign_in->from_form) {
        console_respond_sign_in(&sign_in->call, status, sign_in->said.user, sign_in->said.next, page_key,
                                retry_after_s);
    } else {
        desk_refuse_for(&sign_in->call, status, detail_key, retry_after_s);
    }
}

static bool read_body(struct sign_in *sign_in)
{
    struct desk_call *call = &sign_in->call;
    struct field_errors errors = {.count = 0};
    enum body_reading reading =
        sign_in->from_form ? body_read_form(call->request, call->arena, members, MEMBERS, sign_in, &errors)
                           : body_read_json(call->request, call->arena, members, MEMBERS - 1, sign_in, &errors);
    if (!way_back_is_own(sign_in->said.next)) {
        sign_in->said.next = SLICE("");
    }
    switch (reading) {
    case BODY_OK:
        return true;
    case BODY_FAULTS:
        if (sign_in->from_form) {
            refuse(sign_in, 401, "sign_in.failed", NULL, 0);
        } else {
            desk_refuse_fields(call, 400, &errors);
        }
        return false;
    case BODY_WRONG_TYPE:
        desk_refuse(call, 415, NULL);
        return false;
    case BODY_NO_MEMORY:
        desk_refuse_for(call, 503, NULL, 1);
        return false;
    case BODY_NOT_JSON:
    case BODY_NOT_A_FORM:
        break;
    }
    desk_refuse(call, 400, NULL);
    return false;
}

static void begin(struct sign_in *sign_in)
{
    struct desk_call *call = &sign_in->call;
    struct pg_params params;
    if (!session_is_same_origin(call->request)) {
        desk_refuse(call, 403, "problem.csrf.detail");
        return;
    }
    if (!read_body(sign_in)) {
        return; /* answered */
    }
    sign_in->attempt = (struct sign_in_try){
        .user = sign_in->said.user,
        .address = &call->request->peer,
        .known_device = session_device_matches(&call->desk->keys, sign_in->said.user, call->request),
    };
    unsigned wait = sign_in_guard_enter(call->desk->guard, &sign_in->attempt, clock_now(&call->desk->clock));
    if (wait > 0) {
        call->desk->metrics.sign_in_slowed++;
        refuse(sign_in, 429, "sign_in.too_many", NULL, wait);
        return;
    }
    sign_in->step = SIGN_IN_ACCOUNT;
    pg_params_init(&params);
    staff_account_params(&params, sign_in->said.user, opening_recipient_id(&call->desk->opening));
    desk_call_query(call, PG_STAFF_BY_NAME, &params);
}

/* Whether the second factor that there is was shown, too. Whether it was taken before, the register says. */
static bool read_factor(struct sign_in *sign_in, struct staff_factor *factor, uint8_t mac[BLIND_SIZE])
{
    struct desk *desk = sign_in->call.desk;
    struct slice said = one_time_trim(sign_in->call.arena, sign_in->said.totp);
    if (!sign_in->has_factor) {
        return true;
    }
    factor->step = one_time_step(sign_in->secret, said, clock_now(&desk->clock), sign_in->last_step);
    if (factor->step == 0 && one_time_recovery_mac(&desk->keys, sign_in->staff_id, said, mac)) {
        factor->recovery_mac = slice_make(mac, BLIND_SIZE);
    }
    return factor->step > 0 || factor->recovery_mac.length > 0;
}

static void open_session(struct sign_in *sign_in, const struct staff_factor *factor)
{
    struct desk_call *call = &sign_in->call;
    uint8_t mac[BLIND_SIZE];
    struct pg_params params;
    session_mac(&call->desk->keys, session_token_make(sign_in->token), mac);
    sign_in->step = SIGN_IN_OPEN;
    pg_params_init(&params);
    staff_session_open_params(&params, mac, sign_in->staff_id, call->origin, factor);
    desk_call_query(call, PG_SESSION_OPEN, &params);
}

static void put_on_record(struct sign_in *sign_in)
{
    struct pg_params params;
    sign_in->step = SIGN_IN_REFUSE;
    sign_in->call.desk->metrics.sign_in_failed++;
    pg_params_init(&params);
    staff_session_refuse_params(&params, sign_in->said.user, sign_in->call.origin);
    desk_call_query(&sign_in->call, PG_SESSION_REFUSE, &params);
}

static void on_verified(void *context, bool right)
{
    struct sign_in *sign_in = context;
    struct staff_factor factor = {.step = 0};
    uint8_t mac[BLIND_SIZE];
    sign_in->job = NULL;
    if (right && sign_in->staff_id != 0 && read_factor(sign_in, &factor, mac)) {
        open_session(sign_in, &factor);
        return;
    }
    if (right && sign_in->staff_id != 0 && sign_in->said.totp.length == 0) {
        sign_in->refusal = "sign_in.totp_needed"; /* who knows the password is told what is asked next */
    }
    put_on_record(sign_in);
}

static void on_account(struct sign_in *sign_in, const PGresult *rows)
{
    struct desk_call *call = &sign_in->call;
    struct staff_account account = {.id = 0};
    bool there = staff_account_read(rows, &account) && account.role.length < sizeof(sign_in->role);
    uint8_t id[SEALED_ROW_SIZE];
    sign_in->refusal = "sign_in.failed";
    if (there) {
        struct seal_place place = {"staff_totp", "secret", sealed_row_registration(account.id, id)};
        sign_in->last_step = account.last_step;
        sign_in->has_factor = account.totp_secret.sealed.length > 0;
        (void)opening_plain(&call->desk->opening, &account.totp_secret, &place, call->arena, &sign_in->secret);
        sign_in->staff_id = account.password_hash.length > 0 ? account.id : 0;
        memcpy(sign_in->role, account.role.data, account.role.length); /* the struct is zeroed */
    }
    sign_in->step = SIGN_IN_VERIFY;
    sign_in->job =
        password_pool_check(call->desk->passwords, account.password_hash, sign_in->said.password, on_verified, sign_in);
    if (sign_in->job == NULL) {
        refuse(sign_in, 503, "sign_in.too_many", NULL, 2);
    }
}

static void on_opened(struct sign_in *sign_in, const PGresult *rows)
{
    struct desk_call *call = &sign_in->call;
    struct slice token = slice_make(sign_in->token, SESSION_TOKEN_SIZE);
    char device[SESSION_CSRF_SIZE + 1];
    struct http_header headers[] = {
        {SLICE("Set-Cookie"), session_cookie(call->arena, token)},
        {SLICE("Set-Cookie"),
         session_device_cookie(call->arena, session_device(&call->desk->keys, sign_in->said.user, device))},
        {SLICE("Location"), sign_in->said.next.length > 0 ? sign_in->said.next : SLICE("/")},
    };
    if (!staff_session_open_read(rows, &call->who)) {
        put_on_record(sign_in); /* the code was taken before */
        return;
    }
    call->desk->metrics.signed_in++;
    sign_in_guard_pass(call->desk->guard, &sign_in->attempt);
    if (headers[0].value.data == NULL || headers[1].value.data == NULL) {
        desk_refuse_for(call, 503, NULL, 1);
        return;
    }
    if (sign_in->from_form) {
        desk_respond(call, 303, headers, 3);
        return;
    }
    call->who.name = sign_in->said.user;
    account_render(call, sign_in->role, token);
    desk_respond_json(call, 200, headers, 2);
}

static void step(struct desk_call *call, const PGresult *rows)
{
    struct sign_in *sign_in = (struct sign_in *)call;
    switch (sign_in->step) {
    case SIGN_IN_BEGIN:
        begin(sign_in);
        break;
    case SIGN_IN_ACCOUNT:
        on_account(sign_in, rows);
        break;
    case SIGN_IN_VERIFY:
        break; /* no statement is under way: on_verified goes on */
    case SIGN_IN_OPEN:
        on_opened(sign_in, rows);
        break;
    case SIGN_IN_REFUSE:
        refuse(sign_in, 401, sign_in->refusal, sign_in->refusal, 0);
        break;
    }
}

static void step_form(struct desk_call *call, const PGresult *rows)
{
    ((struct sign_in *)call)->from_form = true;
    step(call, rows);
}

static void drop(struct desk_call *call)
{
    struct sign_in *sign_in = (struct sign_in *)call;
    if (sign_in->job != NULL) {
        password_job_cancel(sign_in->job);
    }
}

void desk_post_session(struct http_exchange *exchange, void *role)
{
    static const struct desk_capability capability = {
        .right = RIGHT_ANYONE, .size = sizeof(struct sign_in), .step = step, .drop = drop};
    desk_call_start(exchange, role, &capability);
}

void desk_sign_in_form(struct http_exchange *exchange, void *role)
{
    static const struct desk_capability capability = {
        .right = RIGHT_ANYONE, .size = sizeof(struct sign_in), .step = step_form, .drop = drop};
    desk_call_start(exchange, role, &capability);
}
