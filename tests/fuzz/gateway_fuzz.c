/* SPDX-License-Identifier: Apache-2.0
 * What anyone may send to a gateway's address: its fields, its signature, its messages, its receipts and its answers. The first octet chooses the kind, the lines after it
 * are the query and the header that signs, the rest is the content. */
#include <stdlib.h>

#include "core/json_read.h"
#include "core/utf8.h"
#include "gateway/answer.h"
#include "gateway/message.h"
#include "gateway/proof.h"
#include "gateway/receipt.h"
#include "gateway/send.h"
#include "seal/locked.h"

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size);

static void sign(struct http_request *request, const struct gateway_kind *kind, struct slice line)
{
    static const struct slice names[GATEWAY_PROOF_COUNT] = {
        [GATEWAY_PROOF_SECRET] = SLICE_INIT("Authorization"),
        [GATEWAY_PROOF_FIELD] = SLICE_INIT("Authorization"),
        [GATEWAY_PROOF_TWILIO] = SLICE_INIT("X-Twilio-Signature"),
        [GATEWAY_PROOF_VONAGE] = SLICE_INIT("Authorization"),
        [GATEWAY_PROOF_PLIVO] = SLICE_INIT("X-Plivo-Signature-V3"),
        [GATEWAY_PROOF_PLIVO_V2] = SLICE_INIT("X-Plivo-Signature-V2"),
        [GATEWAY_PROOF_MESSAGEBIRD] = SLICE_INIT("MessageBird-Signature-JWT"),
        [GATEWAY_PROOF_ANDROID] = SLICE_INIT("X-Signature"),
    };
    request->headers[request->header_count++] = (struct http_header){names[kind->proof], line};
    request->headers[request->header_count++] = (struct http_header){SLICE("X-Plivo-Signature-V3-Nonce"), SLICE("1")};
    request->headers[request->header_count++] = (struct http_header){SLICE("X-Plivo-Signature-V2-Nonce"), SLICE("1")};
    request->headers[request->header_count++] = (struct http_header){SLICE("X-Timestamp"), SLICE("0")};
}

static void prove(const struct gateway_kind *kind, const struct http_request *request,
                  const struct gateway_fields *fields, struct arena *arena)
{
    static const uint8_t check[BLIND_SIZE];
    static const struct blind_keys keys;
    struct gateway_evidence evidence = {.request = request,
                                        .fields = fields,
                                        .url = SLICE("https://example.org:443/gateway/x/messages?a=b"),
                                        .key = SLICE("key"),
                                        .keys = &keys,
                                        .secret_check = check};
    struct slice plain;
    if (gateway_proof_holds(kind->proof, &evidence, arena) ||
        locked_open(&keys, SLICE("x"), request->body, arena, &plain)) {
        abort(); /* nobody guesses a MAC */
    }
}

static void read_messages(const struct gateway_kind *kind, const struct gateway_fields *fields, struct arena *arena)
{
    struct gateway_message *messages = NULL;
    size_t count = 0;
    enum gateway_reading reading = gateway_message_read_all(kind, fields, arena, &messages, &count);
    if ((reading == GATEWAY_READ) != (count > 0) || count > GATEWAY_MESSAGES_MAX) {
        abort();
    }
    for (size_t i = 0; i < count; i++) {
        const struct gateway_message *m = &messages[i];
        if (m->from.length == 0 || !utf8_is_text(m->from) || !utf8_is_text(m->id) || !utf8_is_text(m->text) ||
            m->part.number > m->part.total) {
            abort();
        }
        (void)gateway_answer(kind, m->text, m->from, arena);
    }
}

static void read_receipts(const struct gateway_kind *kind, const struct gateway_fields *fields, struct arena *arena)
{
    struct gateway_receipt *receipts = NULL;
    size_t count = 0;
    enum gateway_reading reading = gateway_receipt_read_all(kind, fields, arena, &receipts, &count);
    if ((reading == GATEWAY_READ) != (count > 0) || count > GATEWAY_MESSAGES_MAX) {
        abort();
    }
    for (size_t i = 0; i < count; i++) {
        if (receipts[i].id.length + receipts[i].reference.length == 0 || !utf8_is_text(receipts[i].reason)) {
            abort();
        }
    }
}

/* What a gateway, or whoever stands between, may answer. */
static void read_answer(const struct gateway_kind *kind, struct slice body, struct arena *arena)
{
    static const unsigned statuses[] = {200, 201, 202, 302, 400, 403, 409, 412, 429, 500};
    for (size_t i = 0; i < sizeof(statuses) / sizeof(statuses[0]); i++) {
        struct slice id;
        enum gateway_sending sending = gateway_send_read(kind, statuses[i], body, arena, &id);
        if (sending == GATEWAY_VERDICTS_END ||
            (statuses[i] / 100 == 5 && sending == GATEWAY_TAKEN && kind->send.verdicts == NULL)) {
            abort();
        }
    }
}

/* Anything may be in a text: it must not leave its place. */
static void make_call(const struct gateway_kind *kind, struct slice any, struct arena *arena)
{
    const struct gateway_account account = {SLICE("https://gw.example.org"), SLICE("user"), SLICE("key"),
                                            SLICE("2020")};
    const struct gateway_text text = {SLICE("+22790123456"), any, SLICE("7d3e"),
                                      SLICE("https://m.example.org/r?ref=7d3e")};
    struct gateway_call call;
    if (!gateway_send_make(kind, &account, &text, arena, &call)) {
        return;
    }
    if (slice_starts_with(call.type, SLICE("application/json")) && !arena->failed &&
        json_read(arena, call.body) == NULL && !arena->failed && slice_index(any, '\0') == any.length) {
        abort(); /* the text broke out of its string */
    }
}

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
    static const struct slice types[] = {SLICE_INIT("application/x-www-form-urlencoded"),
                                         SLICE_INIT("application/json"), SLICE_INIT("text/plain")};
    struct slice rest = slice_make(data, size);
    struct slice query = SLICE(""), line = SLICE("");
    struct gateway_fields fields;
    struct arena arena;
    struct http_request request = {.header_count = 0};
    if (size == 0) {
        return 0;
    }
    size_t kinds = 0;
    while (gateway_kind_at(kinds) != NULL) {
        kinds++;
    }
    const struct gateway_kind *kind = gateway_kind_at(data[0] / 3 % kinds);
    rest = slice_sub(rest, 1, rest.length);
    (void)slice_split(&rest, '\n', &query);
    (void)slice_split(&rest, '\n', &line);
    request.query = query;
    request.body = rest;
    request.headers[request.header_count++] = (struct http_header){SLICE("Content-Type"), types[data[0] % 3]};
    sign(&request, kind, line);
    arena_init(&arena, 4 << 20);
    if (gateway_fields_read(&fields, &request, kind->carriage, &arena)) {
        prove(kind, &request, &fields, &arena);
        read_messages(kind, &fields, &arena);
        read_receipts(kind, &fields, &arena);
    }
    read_answer(kind, rest, &arena);
    make_call(kind, rest, &arena);
    const struct gateway_kind *own = gateway_kind_with_names(kind, query, &arena);
    if (own != NULL && gateway_fields_read(&fields, &request, own->carriage, &arena)) {
        read_messages(own, &fields, &arena);
    }
    arena_release(&arena);
    return 0;
}
