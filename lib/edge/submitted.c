/* SPDX-License-Identifier: Apache-2.0
 * Reading what was posted. */
#include "edge/submitted.h"

#include <string.h>

#include "core/id.h"
#include "core/json_read.h"
#include "core/utf8.h"
#include "edge/form_tree.h"
#include "edge/pages.h"
#include "edge/refusal.h"

/* Without memory good JSON looks bad and a member may be missing: the sender is asked to come again instead of being told of faults,
 * or stored in part. */
static bool is_cut_short(struct submitted *submitted, struct http_exchange *exchange)
{
    if (!http_exchange_arena(exchange)->failed) {
        return false;
    }
    submitted->content = NULL;
    edge_refuse(exchange, 503);
    return true;
}

static bool read_json(struct submitted *submitted, struct http_exchange *exchange)
{
    const struct http_request *request = http_exchange_request(exchange);
    if (!http_request_media_type_is(request, SLICE("application/json"))) {
        edge_refuse(exchange, 415);
        return false;
    }
    submitted->content = json_read(http_exchange_arena(exchange), request->body);
    if (is_cut_short(submitted, exchange)) {
        return false;
    }
    if (submitted->content == NULL || submitted->content->kind != TREE_OBJECT) {
        edge_refuse_because(exchange, 400, "problem.not_json.detail");
        return false;
    }
    return true;
}

static bool read_form(struct submitted *submitted, struct http_exchange *exchange, struct field_errors *errors)
{
    const struct http_request *request = http_exchange_request(exchange);
    if (!http_request_media_type_is(request, SLICE("application/x-www-form-urlencoded"))) {
        edge_refuse(exchange, 415);
        return false;
    }
    bool parsed = form_parse(http_exchange_arena(exchange), request->body, &submitted->form);
    if (is_cut_short(submitted, exchange)) {
        return false;
    }
    if (!parsed) {
        edge_refuse(exchange, 400);
        return false;
    }
    submitted->content = form_tree_new(http_exchange_arena(exchange), &submitted->form, errors);
    if (submitted->content == NULL) {
        edge_refuse(exchange, 503);
        return false;
    }
    return true;
}

/* draft-ietf-httpapi-idempotency-key-header: a quoted or bare string; here it is the client_id. */
static void apply_idempotency_key(struct submitted *submitted, struct http_exchange *exchange,
                                  struct field_errors *errors)
{
    const struct http_request *request = http_exchange_request(exchange);
    struct slice key = slice_trim(http_request_header(request, SLICE("Idempotency-Key")));
    struct uuid in_header;
    struct uuid in_body;
    if (key.length >= 2 && key.data[0] == '"' && key.data[key.length - 1] == '"') {
        key = slice_sub(key, 1, key.length - 1);
    }
    if (key.length == 0) {
        return;
    }
    const struct tree *there = tree_member(submitted->content, SLICE("client_id"));
    if (there == NULL) {
        /* when it is no text it stays missing, and is named as that */
        (void)(utf8_is_valid(key) &&
               tree_add_text(http_exchange_arena(exchange), submitted->content, SLICE("client_id"), key));
        return;
    }
    struct slice text = there->kind == TREE_TEXT ? there->text : SLICE("");
    if (!uuid_parse(key, &in_header) || (uuid_parse(text, &in_body) && !uuid_equal(&in_header, &in_body))) {
        field_error_add(errors, FIELD_REPEATED, "client_id");
    }
}

bool submitted_read(struct submitted *submitted, struct http_exchange *exchange, bool from_form,
                    struct field_errors *errors)
{
    *submitted = (struct submitted){.from_form = from_form};
    submitted->language = pages_language_tag(exchange);
    bool read = from_form ? read_form(submitted, exchange, errors) : read_json(submitted, exchange);
    if (read) {
        apply_idempotency_key(submitted, exchange, errors);
        read = !is_cut_short(submitted, exchange);
    }
    return read;
}

void submitted_refuse(struct edge *edge, struct http_exchange *exchange, const struct submitted *submitted,
                      unsigned status, const char *detail_key)
{
    if (submitted->from_form) {
        pages_respond_error(edge, exchange, status, detail_key);
    } else if (detail_key != NULL) {
        edge_refuse_because(exchange, status, detail_key);
    } else {
        edge_refuse(exchange, status);
    }
}

void submitted_refuse_fields(struct edge *edge, struct http_exchange *exchange, const struct submitted *submitted,
                             enum form_page page, const struct field_errors *errors)
{
    if (submitted->from_form) {
        pages_respond_form(edge, exchange, page, &submitted->form, errors);
    } else {
        edge_refuse_fields(exchange, errors);
    }
}
