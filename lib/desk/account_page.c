/* SPDX-License-Identifier: Apache-2.0
 * GET /account and POST /account/totp: one's own second factor, by forms that need no script.
 *
 *   BEGIN --begin--> STORE --> 303 to /account, which shows the square
 *       \--confirm, codes, remove--> PROVE --code right--> SETTLE --taken--> the page with new recovery codes, or 303
 *                                        \--wrong--> the page, saying so   \--the code was taken before--> the same
 */
#include <stddef.h>

#include "desk/body.h"
#include "desk/console.h"
#include "desk/handlers.h"
#include "desk/one_time.h"
#include "page/desk_account.h"
#include "store/sealed_row.h"
#include "store/totp.h"

enum account_step { ACCOUNT_BEGIN, ACCOUNT_STORE, ACCOUNT_PROVE, ACCOUNT_SETTLE };

enum { ACTION_MAX = 16, CODE_MAX = 16 };

struct account_call {
    struct desk_call call;
    enum account_step step;
    struct {
        struct slice action;
        struct slice code;
    } said;
    const char *problem_key;
    struct desk_account_view view;
    char codes[ONE_TIME_RECOVERY_CODES][ONE_TIME_RECOVERY_WRITTEN_SIZE + 1];
    struct slice code_texts[ONE_TIME_RECOVERY_CODES];
};

static const struct body_member members[] = {
    {SLICE_INIT("action"), offsetof(struct account_call, said.action), ACTION_MAX, true, BODY_TEXT},
    {SLICE_INIT("code"), offsetof(struct account_call, said.code), CODE_MAX, false, BODY_TEXT},
};

static struct seal_place place_of(const struct desk_call *call, uint8_t row[SEALED_ROW_SIZE])
{
    return (struct seal_place){"staff_totp", "secret", sealed_row_registration(call->who.staff_id, row)};
}

static void respond(struct account_call *account, unsigned status)
{
    struct desk_call *call = &account->call;
    struct page_request request = console_page_request(call, SLICE("/account"));
    char csrf[SESSION_CSRF_SIZE + 1];
    struct buffer page;
    account->view.user = call->who.name;
    account->view.role = slice_of(rights_role_name(call->role));
    account->view.due = call->who.totp_due;
    account->view.password_due = call->who.password_due;
    account->view.csrf = session_csrf(&call->desk->keys, call->credential.token, csrf);
    account->view.problem_key = account->problem_key;
    buffer_init(&page, PAGE_MAX);
    page_desk_account(&page, &request, &account->view);
    desk_respond_page(call, status, NULL, 0, &page);
}

static void go_back(struct desk_call *call)
{
    const struct http_header location = {
        SLICE("Location"), arena_printf(call->arena, "/account?lang=%.*s", SLICE_ARGS(call->language->tag))};
    if (location.value.data == NULL) {
        desk_refuse_for(call, 503, NULL, 1);
        return;
    }
    desk_respond(call, 303, &location, 1);
}

static void look(struct desk_call *call)
{
    struct pg_params params;
    pg_params_init(&params);
    totp_get_params(&params, call->who.staff_id, opening_recipient_id(&call->desk->opening));
    desk_call_query(call, PG_TOTP_GET, &params);
}

/* What the page shows of the row. False, and answered, when it cannot be. */
static bool read_row(struct account_call *account, const PGresult *rows, struct totp_row *row, struct slice *secret)
{
    uint8_t id[SEALED_ROW_SIZE];
    struct desk_call *call = &account->call;
    struct seal_place place = place_of(call, id);
    *secret = SLICE("");
    if (!totp_row_read(rows, row)) {
        desk_refuse(call, 404, NULL);
        return false;
    }
    if (row->secret.sealed.length > 0 &&
        !opening_plain(&call->desk->opening, &row->secret, &place, call->arena, secret)) {
        desk_refuse_for(call, 503, NULL, 1);
        return false;
    }
    account->view.enrolled = row->enrolled;
    account->view.codes_left = (long)row->codes_left;
    if (!row->enrolled && secret->length > 0) {
        account->view.secret = *secret;
        account->view.uri = one_time_uri(call->arena, call->who.name, *secret);
    }
    return true;
}

static void step_show(struct desk_call *call, const PGresult *rows)
{
    struct account_call *account = (struct account_call *)call;
    struct totp_row row;
    struct slice secret;
    if (rows == NULL) {
        look(call);
    } else if (read_row(account, rows, &row, &secret)) {
        respond(account, 200);
    }
}

static void store_secret(struct account_call *account)
{
    uint8_t id[SEALED_ROW_SIZE];
    char text[ONE_TIME_SECRET_SIZE + 1];
    struct desk_call *call = &account->call;
    struct note_epoch *notes = &call->desk->notes;
    struct seal_place place = place_of(call, id);
    struct sealed_note secret = {.epoch = note_epoch_current(notes), .epoch_opened_us = notes->opened_us};
    struct pg_params params;
    if (secret.epoch != NULL) {
        secret.text = seal_field(notes->keys, call->arena, &place, one_time_secret_make(text));
        explicit_bzero(text, sizeof(text));
    }
    if (secret.text.data == NULL) {
        desk_refuse_for(call, 503, NULL, 1);
        return;
    }
    account->step = ACCOUNT_STORE;
    pg_params_init(&params);
    totp_begin_params(&params, call->who.staff_id, &secret);
    desk_call_query(call, PG_TOTP_BEGIN, &params);
}

static bool is_action(const struct account_call *account, const char *name)
{
    return slice_equal(account->said.action, slice_of(name));
}

static struct sign_in_try attempt_of(const struct desk_call *call)
{
    return (struct sign_in_try){.user = arena_printf(call->arena, "totp:%.*s", SLICE_ARGS(call->who.name)),
                                .address = &call->request->peer};
}

static void begin(struct account_call *account)
{
    struct desk_call *call = &account->call;
    struct field_errors errors = {.count = 0};
    if (body_read_form(call->request, call->arena, members, sizeof(members) / sizeof(members[0]), account, &errors) !=
        BODY_OK) {
        desk_refuse(call, 400, NULL);
    } else if (is_action(account, "begin")) {
        store_secret(account);
    } else if (is_action(account, "confirm") || is_action(account, "codes") || is_action(account, "remove")) {
        /* who has the session alone must not try every code: slowed as signing in is, and apart from it */
        struct sign_in_try attempt = attempt_of(call);
        unsigned wait = sign_in_guard_enter(call->desk->guard, &attempt, clock_now(&call->desk->clock));
        if (wait > 0) {
            desk_refuse_for(call, 429, NULL, wait);
            return;
        }
        account->step = ACCOUNT_PROVE;
        look(call);
    } else {
        desk_refuse(call, 400, NULL);
    }
}

static void refuse_code(struct account_call *account)
{
    account->problem_key = "account.code_wrong";
    account->view.codes = NULL;
    respond(account, 422);
}

static void settle(struct account_call *account, int64_t step)
{
    uint8_t macs[ONE_TIME_RECOVERY_CODES][BLIND_SIZE];
    struct desk_call *call = &account->call;
    struct pg_params params;
    account->step = ACCOUNT_SETTLE;
    pg_params_init(&params);
    if (is_action(account, "remove")) {
        totp_remove_params(&params, call->who.staff_id, step, call->origin);
        desk_call_query(call, PG_TOTP_REMOVE, &params);
        return;
    }
    for (unsigned i = 0; i < ONE_TIME_RECOVERY_CODES; i++) {
        account->code_texts[i] = one_time_recovery_make(account->codes[i]);
        (void)one_time_recovery_mac(&call->desk->keys, call->who.staff_id, account->code_texts[i],
                                    macs[i]); /* its own */
    }
    totp_enrol_params(&params, call->who.staff_id, step, call->origin, (const uint8_t(*)[BLIND_SIZE])macs,
                      ONE_TIME_RECOVERY_CODES, is_action(account, "confirm") ? "totp.enrol" : "totp.codes");
    desk_call_query(call, PG_TOTP_ENROL, &params);
}

static void prove(struct account_call *account, const PGresult *rows)
{
    struct desk_call *call = &account->call;
    struct totp_row row;
    struct slice secret;
    if (!read_row(account, rows, &row, &secret)) {
        return; /* answered */
    }
    if (secret.length == 0 || row.enrolled == is_action(account, "confirm")) {
        go_back(call); /* another page of theirs was quicker: the page shows what is */
        return;
    }
    int64_t step = one_time_step(secret, one_time_trim(call->arena, account->said.code), clock_now(&call->desk->clock),
                                 row.last_step);
    if (step == 0) {
        refuse_code(account);
    } else {
        settle(account, step);
    }
}

static void on_settled(struct account_call *account, const PGresult *rows)
{
    struct desk_call *call = &account->call;
    if (PQntuples(rows) != 1) {
        refuse_code(account);
        return;
    }
    struct sign_in_try attempt = attempt_of(call);
    sign_in_guard_pass(call->desk->guard, &attempt);
    if (is_action(account, "remove")) {
        go_back(call);
        return;
    }
    call->who.totp_due = false;
    account->view.enrolled = true;
    account->view.secret = SLICE("");
    account->view.codes = account->code_texts;
    account->view.code_count = ONE_TIME_RECOVERY_CODES;
    account->view.codes_left = ONE_TIME_RECOVERY_CODES;
    respond(account, 200);
}

static void step_change(struct desk_call *call, const PGresult *rows)
{
    struct account_call *account = (struct account_call *)call;
    switch (account->step) {
    case ACCOUNT_BEGIN:
        begin(account);
        break;
    case ACCOUNT_STORE:
        go_back(call);
        break;
    case ACCOUNT_PROVE:
        prove(account, rows);
        break;
    case ACCOUNT_SETTLE:
        on_settled(account, rows);
        break;
    }
}

void desk_account_page(struct http_exchange *exchange, void *role)
{
    static const struct desk_capability capability = {.right = RIGHT_BE_HERE,
                                                      .size = sizeof(struct account_call),
                                                      .step = step_show,
                                                      .unauthenticated = console_show_sign_in};
    desk_call_start(exchange, role, &capability);
}

void desk_account_totp(struct http_exchange *exchange, void *role)
{
    static const struct desk_capability capability = {.right = RIGHT_ACCOUNT,
                                                      .size = sizeof(struct account_call),
                                                      .step = step_change,
                                                      .unauthenticated = console_show_sign_in};
    desk_call_start(exchange, role, &capability);
}
