/* SPDX-License-Identifier: Apache-2.0
 * GET /, /broadcasts, /map, /dashboard, /warden, /wardens, /sign-in and /assets/{name}; and what is not there. */
#include "desk/console.h"

#include <stdio.h>

#include "desk/handlers.h"
#include "desk/kept_asset.h"
#include "desk/way_back.h"
#include "page/asset.h"
#include "page/desk.h"

struct page_request console_page_request(const struct desk_call *call, struct slice path)
{
    return (struct page_request){
        .arena = call->arena,
        .language = call->language,
        .path = path,
        .now_us = clock_now(&call->desk->clock),
        .officers = true,
    };
}

void console_respond_sign_in(struct desk_call *call, unsigned status, struct slice user, struct slice next,
                             const char *problem_key, unsigned retry_after_s)
{
    struct page_request request = console_page_request(call, way_back_path(next));
    /* no token: nobody is signed in whose session a foreign page could use; the origin was looked at */
    const struct desk_sign_in_view view = {
        .csrf = SLICE(""), .user = user, .next = next, .problem_key = problem_key, .cards = call->desk->asks_for_cards};
    char seconds[16];
    struct buffer page;
    int length = snprintf(seconds, sizeof(seconds), "%u", retry_after_s);
    struct http_header retry = {SLICE("Retry-After"), slice_make(seconds, (size_t)length)};
    request.filters = way_back_filters(call->arena, next);
    buffer_init(&page, PAGE_MAX);
    page_desk_sign_in(&page, &request, &view);
    desk_respond_page(call, status, &retry, retry_after_s > 0 ? 1 : 0, &page);
}

void console_show_sign_in(struct desk_call *call)
{
    /* a cookie that is no session any more: say so */
    bool ended = call->credential.kind == SESSION_COOKIE;
    struct slice next = call->request->method == HTTP_GET
                            ? way_back_make(call->arena, call->request->path, call->request->query)
                            : SLICE("");
    console_respond_sign_in(call, 200, SLICE(""), next, ended ? "sign_in.ended" : NULL, 0);
}

static void step_sign_in(struct desk_call *call, const PGresult *rows)
{
    (void)rows;
    console_respond_sign_in(call, 200, SLICE(""), SLICE(""), NULL, 0);
}

static void respond_signed_in(struct desk_call *call, enum desk_page which)
{
    static const struct http_header to_account = {SLICE_INIT("Location"), SLICE_INIT("/account")};
    static const struct http_header to_list = {SLICE_INIT("Location"), SLICE_INIT("/warden")};
    if (call->who.totp_due || call->who.password_due) {
        desk_respond(call, 303, &to_account, 1); /* nothing here would be answered */
        return;
    }
    if (call->role == DESK_WARDEN && which == DESK_PAGE_CONSOLE) {
        desk_respond(call, 303, &to_list, 1); /* all that a warden has */
        return;
    }
    struct page_request request = console_page_request(call, page_desk_path(which));
    char csrf[SESSION_CSRF_SIZE + 1];
    const struct desk_console_view view = {
        .user = call->who.name,
        .role = slice_of(rights_role_name(call->role)),
        .csrf = session_csrf(&call->desk->keys, call->credential.token, csrf),
        .tiles_url = call->desk->tiles_url,
        .tiles_attribution = call->desk->tiles_attribution,
    };
    struct buffer page;
    buffer_init(&page, PAGE_MAX);
    page_desk(&page, &request, &view, which);
    call->may_shrink =
        true; /* the session's token for posts is a secret, but nothing in the page is of another's choosing */
    desk_respond_page(call, 200, NULL, 0, &page);
}

static void step_page(struct desk_call *call, const PGresult *rows)
{
    (void)rows;
    for (enum desk_page which = 0; which < DESK_PAGE_COUNT; which++) {
        if (slice_equal(call->request->path, page_desk_path(which))) {
            respond_signed_in(call, which);
            return;
        }
    }
    desk_refuse(call, 404, NULL);
}

static void step_not_found(struct desk_call *call, const PGresult *rows)
{
    (void)rows;
    desk_refuse(call, 404, NULL);
}

void desk_page(struct http_exchange *exchange, void *role)
{
    static const struct desk_capability capability = {.right = RIGHT_BE_HERE,
                                                      .size = sizeof(struct desk_call),
                                                      .step = step_page,
                                                      .unauthenticated = console_show_sign_in};
    desk_call_start(exchange, role, &capability);
}

void desk_sign_in_page(struct http_exchange *exchange, void *role)
{
    static const struct desk_capability capability = {
        .right = RIGHT_ANYONE, .size = sizeof(struct desk_call), .step = step_sign_in};
    desk_call_start(exchange, role, &capability);
}

void desk_not_found(struct http_exchange *exchange, void *role)
{
    static const struct desk_capability capability = {
        .right = RIGHT_ANYONE, .size = sizeof(struct desk_call), .step = step_not_found};
    desk_call_start(exchange, role, &capability);
}

/* The same for everyone, so kept compressed, and by the browser, which asks after it by its tag. */
void desk_asset(struct http_exchange *exchange, void *role)
{
    const struct http_request *request = http_exchange_request(exchange);
    const struct page_asset *asset = page_asset_find(request->parameters[0]);
    if (asset == NULL) {
        desk_not_found(exchange, role);
        return;
    }
    kept_assets_respond(((struct desk *)role)->assets, exchange, asset);
}
