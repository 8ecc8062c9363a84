/* SPDX-License-Identifier: Apache-2.0
 * One request at the desk on its way to an answer: who asks, whether they may, the statements it needs one after the other, and one way
 * out. Every capability is a struct that begins with this one, and a step function.
 *
 *   AUTHENTICATE --session and right--> STEP <--its statement's rows-- QUERY
 *        |                               | \--desk_call_query-----------^ |
 *        \--401, 403-->  answered  <-----/ desk_respond_*, desk_refuse    \--503, 500--> answered
 *
 * It lives in the request's arena, so after any answer it is gone. A client that leaves first cancels the statements in flight. */
#ifndef DESK_DESK_CALL_H
#define DESK_DESK_CALL_H

#include <jansson.h>
#include <libpq-fe.h>

#include "core/arena.h"
#include "core/buffer.h"
#include "desk/render.h"
#include "desk/rights.h"
#include "desk/role.h"
#include "desk/session.h"
#include "net/http.h"
#include "page/language.h"
#include "pg/pool.h"
#include "store/staff.h"

struct desk_call;

enum { DESK_BESIDE_MAX = 8 };

/* A statement in flight. */
struct desk_statement {
    struct desk_call *call;
    struct pg_call *running; /* NULL: none */
};

/* First with `rows` NULL, when the caller is known and may; then with the rows of each statement it started. Ends each time in exactly
 * one of: desk_call_query, an answer, or a wait of its own (sign_in.c waits for a password). Rows are valid during the call only. */
typedef void desk_step(struct desk_call *call, const PGresult *rows);

struct desk_capability {
    enum desk_right right;
    size_t size; /* of the struct that begins with struct desk_call */
    desk_step *step;
    void (*unauthenticated)(struct desk_call *call); /* answers; NULL: 401 */
    void (*drop)(struct desk_call *call);            /* the client is gone: ends a wait of its own. May be NULL */
};

struct desk_call {
    struct desk *desk;
    const struct desk_capability *capability;
    struct http_exchange *exchange;
    const struct http_request *request;
    struct arena *arena; /* the request's */
    const struct page_language *language;
    struct session_credential credential;
    struct staff_session who; /* staff_id 0: nobody */
    enum desk_role role;
    int scopes; /* what a token is narrowed to, or RIGHTS_ALL */
    char staff_id[24];
    char session_id[UUID_TEXT_SIZE + 1];
    char within[RIGHTS_WORDS_SIZE]; /* what a token may at most; empty: a person's own session */
    const char *settings[7];        /* for row-level security: without them nothing is visible */
    struct slice origin;            /* the address asked from, for the audit */
    desk_step *step;
    struct desk_statement statements[DESK_BESIDE_MAX];
    unsigned place;       /* during a step: of the statement whose rows came */
    struct render answer; /* released with the call */
    /* The answer holds no secret, or nothing that somebody else chose: not both, so its length when compressed tells nothing (BREACH). */
    bool may_shrink;
};

/* Answers, now or later. `role` is the struct desk. */
void desk_call_start(struct http_exchange *exchange, void *role, const struct desk_capability *capability);

/* Whether who asks has the right, by role and by what their token is narrowed to. Of cases, row-level security says which. */
bool desk_call_may(const struct desk_call *call, enum desk_right right);
/* The request's Idempotency-Key, a UUID, which what is made of it is named by; without one `id` stays as it is. False: what was sent is none, and
 * that is answered. */
bool desk_call_key(struct desk_call *call, struct uuid *id);

/* Starts a statement; its rows come to call->step. Releases `params`. */
void desk_call_query(struct desk_call *call, enum pg_statement statement, struct pg_params *params);
/* The same for several that need nothing of each other: each has a place of its own, below DESK_BESIDE_MAX, and its rows come to call->step with
 * call->place, in any order. The step answers when it has all of them. False: it could not be started, and the call is answered. */
bool desk_call_query_beside(struct desk_call *call, unsigned place, enum pg_statement statement,
                            struct pg_params *params);

/* The answers. Each ends the call. */
void desk_respond(struct desk_call *call, unsigned status, const struct http_header *headers, size_t count);
void desk_respond_json(struct desk_call *call, unsigned status, const struct http_header *headers, size_t count);
/* 200 with a body of that type. */
void desk_respond_text(struct desk_call *call, struct slice type, const struct http_header *headers, size_t count,
                       struct slice body);
/* Releases `page`. */
void desk_respond_page(struct desk_call *call, unsigned status, const struct http_header *headers, size_t count,
                       struct buffer *page);
/* A problem with the title and detail that the catalogue has for the status, or the detail of `detail_key` (may be NULL). */
void desk_refuse(struct desk_call *call, unsigned status, const char *detail_key);
void desk_refuse_for(struct desk_call *call, unsigned status, const char *detail_key, unsigned retry_after_s);

struct field_errors;
/* A problem that names each field at fault: 400 for a query, 422 for a body. */
void desk_refuse_fields(struct desk_call *call, unsigned status, const struct field_errors *errors);

#endif
