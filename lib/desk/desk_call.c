/* SPDX-License-Identifier: Apache-2.0
 * From the request to the capability's step, through the session. */
#include "desk/desk_call.h"

#include <arpa/inet.h>
#include <stdio.h>
#include <string.h>

#include "core/log.h"
#include "core/utf8.h"
#include "domain/field_error.h"
#include "net/form.h"
#include "net/percent.h"

static const int64_t statement_deadline_us = 5 * MICROSECONDS_A_SECOND;
enum { RETRY_SECONDS = 2 };

/* Nobody waits for their rows any more. */
static void cancel(struct desk_call *call)
{
    for (unsigned i = 0; i < DESK_BESIDE_MAX; i++) {
        if (call->statements[i].running != NULL) {
            pg_call_cancel(call->statements[i].running);
            call->statements[i].running = NULL;
        }
    }
}

static void on_dropped(void *context)
{
    struct desk_call *call = context;
    cancel(call);
    if (call->capability->drop != NULL) {
        call->capability->drop(call);
    }
    render_release(&call->answer);
}

static struct slice origin_of(struct arena *arena, const struct sockaddr_storage *peer)
{
    char text[INET6_ADDRSTRLEN] = "";
    const void *address = peer->ss_family == AF_INET6
                              ? (const void *)&((const struct sockaddr_in6 *)(const void *)peer)->sin6_addr
                              : (const void *)&((const struct sockaddr_in *)(const void *)peer)->sin_addr;
    const char *written = inet_ntop(peer->ss_family, address, text, sizeof(text));
    return arena_dup(arena, slice_of(written != NULL ? text : "unknown"));
}

static struct desk_call *make(struct http_exchange *exchange, struct desk *desk,
                              const struct desk_capability *capability)
{
    const struct http_request *request = http_exchange_request(exchange);
    struct arena *arena = http_exchange_arena(exchange);
    struct desk_call *call = arena_alloc(arena, capability->size);
    struct slice lang = {NULL, 0};
    if (call == NULL) {
        return NULL;
    }
    call->desk = desk;
    call->capability = capability;
    call->exchange = exchange;
    call->request = request;
    call->arena = arena;
    (void)http_request_query(request, arena, SLICE("lang"), &lang); /* absent: the header decides */
    call->language = page_language_negotiate_officer(lang, http_request_header(request, SLICE("Accept-Language")));
    call->credential = session_credential_of(request);
    call->origin = origin_of(arena, &request->peer);
    call->step = capability->step;
    return call->origin.data != NULL ? call : NULL;
}

static void refuse_unauthenticated(struct desk_call *call)
{
    if (call->capability->unauthenticated != NULL) {
        call->capability->unauthenticated(call);
    } else {
        desk_refuse(call, 401, NULL);
    }
}

static bool remember(struct desk_call *call, const struct staff_session *session)
{
    call->who = *session;
    call->who.name = arena_dup(call->arena, session->name);
    call->who.crises = arena_dup(call->arena, session->crises);
    call->who.role = SLICE(""); /* call->role says it */
    call->who.scopes = SLICE("");
    call->who.card = SLICE("");
    call->scopes = session->is_narrowed ? 0 : RIGHTS_ALL;
    struct slice rest = session->scopes;
    for (struct slice scope; slice_split(&rest, ' ', &scope);) {
        (void)rights_add_scope(scope, &call->scopes); /* one that is no more gives nothing */
    }
    (void)snprintf(call->staff_id, sizeof(call->staff_id), "%lld", (long long)session->staff_id);
    (void)uuid_format(&session->id, call->session_id);
    if (session->is_token) {
        (void)rights_words(call->scopes, call->within);
    }
    call->settings[0] = "muster.staff";
    call->settings[1] = call->staff_id;
    call->settings[2] = "muster.session";
    call->settings[3] = call->session_id;
    call->settings[4] = "muster.within";
    call->settings[5] = call->within; /* said even when empty: the connection is another caller's the next time */
    return rights_find_role(session->role, &call->role) && call->who.name.data != NULL &&
           (call->who.crises.data != NULL || session->crises.length == 0);
}

bool desk_call_may(const struct desk_call *call, enum desk_right right)
{
    return rights_allow_within(call->role, call->scopes, right) && !(right == RIGHT_ACCOUNT && call->who.is_token);
}

/* A cookie comes along whoever's page the request was made by; a bearer token only from who holds it. */
static bool is_meant(const struct desk_call *call)
{
    bool changes = call->request->method != HTTP_GET && call->request->method != HTTP_OPTIONS;
    return !changes || call->credential.kind == SESSION_BEARER ||
           (session_is_same_origin(call->request) &&
            session_csrf_matches(&call->desk->keys, call->credential.token, call->request, call->arena));
}

/* A session that a smart card opened is one with that card: taken out, or revoked, it is over. */
static bool shows_card(const struct desk_call *call, const struct staff_session *session)
{
    const struct http_card *card = &call->request->card;
    return session->card.length == 0 ||
           (card->proof == HTTP_CARD_GOOD && session->card.length == sizeof(card->key_hash) &&
            memcmp(card->key_hash, session->card.data, sizeof(card->key_hash)) == 0);
}

static void on_session(struct desk_call *call, const PGresult *rows)
{
    struct staff_session session;
    if (!staff_session_read(rows, &session) || session.is_token != (call->credential.kind == SESSION_BEARER) ||
        !shows_card(call, &session)) {
        refuse_unauthenticated(call);
    } else if (!remember(call, &session)) {
        desk_refuse_for(call, 503, NULL, RETRY_SECONDS);
    } else if (!is_meant(call)) {
        desk_refuse(call, 403, "problem.csrf.detail");
    } else if ((call->who.totp_due || call->who.password_due) && call->capability->right != RIGHT_BE_HERE &&
               call->capability->right != RIGHT_ACCOUNT) {
        desk_refuse(call, 403, call->who.password_due ? "problem.password_due.detail" : "problem.totp_due.detail");
    } else if (!desk_call_may(call, call->capability->right)) {
        desk_refuse(call, 403, NULL);
    } else {
        call->step = call->capability->step;
        call->step(call, NULL);
    }
}

static void authenticate(struct desk_call *call)
{
    uint8_t mac[BLIND_SIZE];
    struct pg_params params;
    if (call->credential.kind == SESSION_NONE) {
        refuse_unauthenticated(call);
        return;
    }
    session_mac(&call->desk->keys, call->credential.token, mac);
    pg_params_init(&params);
    staff_session_params(&params, mac);
    call->step = on_session;
    desk_call_query(call, PG_SESSION_FIND, &params);
}

/* A parameter that is not text fits no capability, and PostgreSQL takes none: named here once, for all of them. */
static bool has_readable_query(const struct desk_call *call, struct field_errors *errors)
{
    struct slice rest = call->request->query;
    for (struct form_pair raw; form_next_raw(&rest, &raw) && errors->count < FIELD_ERRORS_MAX;) {
        struct slice name;
        struct slice value;
        bool named = percent_decode(call->arena, PERCENT_FORM, raw.name, &name) && utf8_is_text(name);
        if (!named || !percent_decode(call->arena, PERCENT_FORM, raw.value, &value) || !utf8_is_text(value)) {
            field_error_add(errors, FIELD_NOT_TEXT, "%.*s", SLICE_ARGS(named ? name : SLICE("query")));
        }
    }
    return errors->count == 0;
}

void desk_call_start(struct http_exchange *exchange, void *role, const struct desk_capability *capability)
{
    struct desk_call *call = make(exchange, role, capability);
    struct field_errors errors = {.count = 0};
    if (call == NULL) {
        http_exchange_respond(exchange, 503, NULL, 0, SLICE(""));
        return;
    }
    if (!has_readable_query(call, &errors)) {
        desk_refuse_fields(call, 400, &errors);
        return;
    }
    http_exchange_on_drop(exchange, on_dropped, call);
    if (capability->right == RIGHT_ANYONE) {
        call->step(call, NULL);
    } else {
        authenticate(call);
    }
}

/* Deadlocks, failed serialisation and a server that is going away pass; what else it refuses is our mistake. */
static bool passes(const char *sqlstate)
{
    return strncmp(sqlstate, "40", 2) == 0 || strncmp(sqlstate, "57", 2) == 0 || strncmp(sqlstate, "53", 2) == 0;
}

static void on_answer(void *context, const struct pg_answer *answer)
{
    struct desk_statement *statement = context;
    struct desk_call *call = statement->call;
    statement->running = NULL;
    if (answer->outcome == PG_COMMITTED) {
        call->place = (unsigned)(statement - call->statements);
        call->step(call, answer->result);
        return;
    }
    bool ours = answer->outcome == PG_REFUSED && !passes(answer->sqlstate);
    log_event(ours ? LOG_ERROR : LOG_WARNING, "desk.statement_failed", log_text("request", call->request->id),
              log_text("sqlstate", answer->sqlstate), log_integer("outcome", answer->outcome));
    cancel(call);
    desk_refuse_for(call, ours ? 500 : 503, NULL, ours ? 0 : RETRY_SECONDS);
}

bool desk_call_query_beside(struct desk_call *call, unsigned place, enum pg_statement statement,
                            struct pg_params *params)
{
    const char *const *settings = call->who.staff_id != 0 ? call->settings : NULL;
    struct desk_statement *started = &call->statements[place];
    started->call = call;
    started->running = pg_pool_call(call->desk->pool, statement, params, settings,
                                    clock_monotonic() + statement_deadline_us, on_answer, started);
    pg_params_release(params);
    if (started->running == NULL) {
        cancel(call);
        desk_refuse_for(call, 503, NULL, RETRY_SECONDS);
        return false;
    }
    return true;
}

void desk_call_query(struct desk_call *call, enum pg_statement statement, struct pg_params *params)
{
    (void)desk_call_query_beside(call, 0, statement, params); /* else it is answered */
}

/* Said as if there were none, it would be done twice. */
bool desk_call_key(struct desk_call *call, struct uuid *id)
{
    struct slice key = slice_trim(http_request_header(call->request, SLICE("Idempotency-Key")));
    if (key.length >= 2 && key.data[0] == '"' && key.data[key.length - 1] == '"') {
        key = slice_sub(key, 1, key.length - 1);
    }
    if (key.length > 0 && !uuid_parse(key, id)) {
        desk_refuse(call, 400, "problem.not_a_key.detail");
        return false;
    }
    return true;
}
