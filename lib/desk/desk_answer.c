/* SPDX-License-Identifier: Apache-2.0
 * The ways out of a desk call. Each releases what the call holds outside its arena, then answers, and touches it no more. */
#include <string.h>

#include "core/json_text.h"
#include "desk/desk_call.h"
#include "domain/field_error.h"
#include "net/problem.h"
#include "page/encoding.h"
#include "page/fault.h"
#include "page/text.h"

enum {
    ANSWER_HEADERS_ADDED_MAX = 8,
    ERRORS_TEXT_MAX = 48 * 1024,
    SHRINK_MIN = 1024, /* a smaller one goes into one packet anyway */
    SHRINK_ROOM = 1024,
};

void desk_respond(struct desk_call *call, unsigned status, const struct http_header *headers, size_t count)
{
    render_release(&call->answer);
    http_exchange_respond(call->exchange, status, headers, count, SLICE(""));
}

/* Answers with a body of that type. */
static void respond_with(struct desk_call *call, unsigned status, struct slice type, const struct http_header *headers,
                         size_t count, struct slice body)
{
    struct http_header all[ANSWER_HEADERS_ADDED_MAX + 3] = {{SLICE("Content-Type"), type}};
    enum page_encoding encoding = PAGE_PLAIN;
    struct buffer small;
    for (size_t i = 0; i < count && i < ANSWER_HEADERS_ADDED_MAX; i++) {
        all[i + 1] = headers[i];
    }
    count++;
    buffer_init(&small, 2 * body.length + SHRINK_ROOM);
    if (call->may_shrink && body.length >= SHRINK_MIN) {
        encoding = page_encoding_negotiate(http_request_header(call->request, SLICE("Accept-Encoding")));
        all[count++] = (struct http_header){SLICE("Vary"), SLICE("Accept-Language, Accept-Encoding")};
    }
    if (encoding != PAGE_PLAIN && page_encode(&small, encoding, PAGE_EFFORT_ONE, body)) { /* else it goes as it is */
        all[count++] = (struct http_header){SLICE("Content-Encoding"), page_encoding_name(encoding)};
        body = buffer_slice(&small);
    }
    http_exchange_respond(call->exchange, status, all, count, body);
    buffer_release(&small);
}

void desk_respond_json(struct desk_call *call, unsigned status, const struct http_header *headers, size_t count)
{
    char *text = render_text(&call->answer);
    render_release(&call->answer);
    if (text == NULL || count > ANSWER_HEADERS_ADDED_MAX) {
        free(text);
        desk_refuse_for(call, 503, NULL, 1);
        return;
    }
    respond_with(call, status, SLICE("application/json"), headers, count, slice_of(text));
    free(text);
}

void desk_respond_text(struct desk_call *call, struct slice type, const struct http_header *headers, size_t count,
                       struct slice body)
{
    render_release(&call->answer);
    respond_with(call, 200, type, headers, count, body);
}

void desk_respond_page(struct desk_call *call, unsigned status, const struct http_header *headers, size_t count,
                       struct buffer *page)
{
    if (page->failed || count > ANSWER_HEADERS_ADDED_MAX) {
        buffer_release(page);
        desk_refuse_for(call, 503, NULL, 1);
        return;
    }
    render_release(&call->answer);
    respond_with(call, status, SLICE("text/html; charset=utf-8"), headers, count, buffer_slice(page));
    buffer_release(page);
}

static struct problem problem_of(const struct desk_call *call, unsigned status, const char *detail_key)
{
    /* RFC 9110 section 15.5.2: a 401 says how to sign in */
    static const struct http_header challenge = {SLICE_INIT("WWW-Authenticate"), SLICE_INIT("Bearer realm=\"muster\"")};
    struct problem problem = {
        .status = status,
        .title = page_problem_title(call->language, status),
        .detail = page_problem_detail(call->language, status),
    };
    if (detail_key != NULL) {
        problem.detail = page_text(call->language, detail_key);
    }
    if (status == 401) {
        problem.headers = &challenge;
        problem.header_count = 1;
    }
    return problem;
}

void desk_refuse_for(struct desk_call *call, unsigned status, const char *detail_key, unsigned retry_after_s)
{
    struct problem problem = problem_of(call, status, detail_key);
    problem.retry_after_s = retry_after_s;
    render_release(&call->answer);
    problem_respond(call->exchange, &problem);
}

void desk_refuse(struct desk_call *call, unsigned status, const char *detail_key)
{
    desk_refuse_for(call, status, detail_key, 0);
}

static void add_error(struct buffer *out, const struct desk_call *call, const struct field_error *error)
{
    struct buffer message;
    buffer_init(&message, ERRORS_TEXT_MAX);
    page_field_message(&message, call->language, error);
    buffer_add_text(out, "{\"field\":");
    json_text_add(out, slice_of(error->path));
    buffer_add_text(out, ",\"code\":");
    json_text_add(out, slice_of(field_fault_code(error->fault)));
    buffer_add_text(out, ",\"message\":");
    json_text_add(out, buffer_slice(&message));
    buffer_add_text(out, "}");
    buffer_release(&message);
}

void desk_refuse_fields(struct desk_call *call, unsigned status, const struct field_errors *errors)
{
    struct problem problem = problem_of(call, status, NULL);
    struct buffer out;
    buffer_init(&out, ERRORS_TEXT_MAX);
    buffer_add_text(&out, "[");
    for (size_t i = 0; i < errors->count; i++) {
        buffer_add_text(&out, i > 0 ? "," : "");
        add_error(&out, call, &errors->items[i]);
    }
    buffer_add_text(&out, "]");
    if (!out.failed) {
        problem.errors_json = buffer_slice(&out);
    }
    render_release(&call->answer);
    problem_respond(call->exchange, &problem);
    buffer_release(&out);
}
