/* SPDX-License-Identifier: Apache-2.0
 * Writes the problem as JSON. */
#include "net/problem.h"

#include <assert.h>
#include <stdio.h>

#include "core/buffer.h"
#include "core/json_text.h"
#include "net/status.h"

enum { PROBLEM_SIZE_MAX = 64 * 1024, PROBLEM_HEADERS_MAX = 16, RETRY_TEXT_MAX = 12 };

static void write_problem(struct buffer *body, const struct problem *problem)
{
    struct slice title = problem->title.length > 0 ? problem->title : status_reason(problem->status);
    buffer_add_text(body, "{\"type\":");
    json_text_add(body, slice_of(problem->type != NULL ? problem->type : "about:blank"));
    buffer_add_text(body, ",\"title\":");
    json_text_add(body, title);
    buffer_printf(body, ",\"status\":%u", problem->status);
    if (problem->detail.length > 0) {
        buffer_add_text(body, ",\"detail\":");
        json_text_add(body, problem->detail);
    }
    if (problem->errors_json.length > 0) {
        buffer_add_text(body, ",\"errors\":");
        buffer_add_slice(body, problem->errors_json);
    }
    buffer_add_text(body, "}\n");
}

/* Cache-Control: no-store is what every answer says unless its headers say otherwise. */
void problem_respond(struct http_exchange *exchange, const struct problem *problem)
{
    struct http_header headers[PROBLEM_HEADERS_MAX + 2];
    char retry_text[RETRY_TEXT_MAX];
    size_t count = 0;
    struct buffer body;
    assert(problem->header_count <= PROBLEM_HEADERS_MAX);
    headers[count++] = (struct http_header){SLICE("Content-Type"), SLICE("application/problem+json")};
    if (problem->retry_after_s > 0) {
        int length = snprintf(retry_text, sizeof(retry_text), "%u", problem->retry_after_s);
        headers[count++] = (struct http_header){SLICE("Retry-After"), slice_make(retry_text, (size_t)length)};
    }
    for (size_t i = 0; i < problem->header_count && i < PROBLEM_HEADERS_MAX; i++) {
        headers[count++] = problem->headers[i];
    }
    buffer_init(&body, PROBLEM_SIZE_MAX);
    write_problem(&body, problem);
    /* A problem too long to tell, or memory too short: the status alone still tells most of it. */
    http_exchange_respond(exchange, problem->status, headers, count,
                          body.failed ? (struct slice){NULL, 0} : buffer_slice(&body));
    buffer_release(&body);
}
