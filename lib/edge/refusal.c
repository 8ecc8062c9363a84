/* SPDX-License-Identifier: Apache-2.0
 * Problems in the caller's words. */
#include "edge/refusal.h"

#include "core/buffer.h"
#include "core/json_text.h"
#include "edge/pages.h"
#include "net/problem.h"
#include "page/fault.h"
#include "page/text.h"

enum { ERRORS_JSON_MAX = 64 * 1024, RETRY_SECONDS = 5 };

static void respond(struct http_exchange *exchange, unsigned status, struct slice detail, struct slice errors_json,
                    unsigned retry_after_s)
{
    const struct page_language *language = pages_language(exchange);
    const struct http_header headers[] = {{SLICE("Content-Language"), language->tag}};
    struct problem problem = {
        .status = status,
        .title = page_problem_title(language, status),
        .detail = detail.length > 0 ? detail : page_problem_detail(language, status),
        .errors_json = errors_json,
        .retry_after_s = status == 503 || status == 429 ? retry_after_s : 0,
        .headers = headers,
        .header_count = 1,
    };
    problem_respond(exchange, &problem);
}

void edge_refuse(struct http_exchange *exchange, unsigned status)
{
    respond(exchange, status, SLICE(""), SLICE(""), RETRY_SECONDS);
}

void edge_refuse_for_now(struct http_exchange *exchange, unsigned retry_after_s)
{
    respond(exchange, 503, SLICE(""), SLICE(""), retry_after_s);
}

void edge_refuse_because(struct http_exchange *exchange, unsigned status, const char *detail_key)
{
    respond(exchange, status, page_text(pages_language(exchange), detail_key), SLICE(""), RETRY_SECONDS);
}

static void add_error(struct buffer *json, const struct page_language *language, const struct field_error *error)
{
    struct buffer message;
    buffer_init(&message, ERRORS_JSON_MAX);
    page_field_message(&message, language, error);
    buffer_add_text(json, "{\"field\":");
    json_text_add(json, slice_of(error->path));
    buffer_printf(json, ",\"code\":\"%s\",\"message\":", field_fault_code(error->fault));
    json_text_add(json, buffer_slice(&message));
    buffer_add_byte(json, '}');
    buffer_release(&message);
}

void edge_refuse_fields(struct http_exchange *exchange, const struct field_errors *errors)
{
    struct buffer json;
    const struct page_language *language = pages_language(exchange);
    buffer_init(&json, ERRORS_JSON_MAX);
    buffer_add_byte(&json, '[');
    for (size_t i = 0; i < errors->count; i++) {
        buffer_add_text(&json, i > 0 ? "," : "");
        add_error(&json, language, &errors->items[i]);
    }
    buffer_add_byte(&json, ']');
    respond(exchange, 422, SLICE(""), json.failed ? SLICE("") : buffer_slice(&json), RETRY_SECONDS);
    buffer_release(&json);
}
