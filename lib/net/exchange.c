/* SPDX-License-Identifier: Apache-2.0
 * The handler's side: one answer or one stream for each request. */
#include "net/exchange.h"

#include <assert.h>
#include <stdio.h>
#include <string.h>

#include "core/log.h"
#include "net/connection_io.h"
#include "net/problem.h"
#include "net/server_state.h"

void exchange_begin(struct http_exchange *exchange, struct connection *connection)
{
    *exchange = (struct http_exchange){.connection = connection, .phase = EXCHANGE_PENDING, .minor = 1};
    arena_init(&exchange->arena, EXCHANGE_ARENA_MAX);
    server_make_id(connection->server, exchange->id);
    exchange->started_us = connection->server->now_us;
}

static void leave_class(struct http_exchange *exchange)
{
    if (exchange->admitted) {
        admission_leave(&exchange->connection->server->admission, exchange->admission);
        exchange->admitted = false;
    }
}

void exchange_end(struct http_exchange *exchange)
{
    if (exchange->phase != EXCHANGE_NONE) {
        leave_class(exchange);
        exchange->phase = EXCHANGE_NONE;
    }
    exchange->request = NULL;
    exchange->on_drop = NULL;
    arena_release(&exchange->arena);
}

void exchange_drop(struct http_exchange *exchange)
{
    void (*on_drop)(void *context) = exchange->on_drop;
    exchange->on_drop = NULL;
    leave_class(exchange);
    if (on_drop != NULL && (exchange->phase == EXCHANGE_PENDING || exchange->phase == EXCHANGE_STREAMING)) {
        on_drop(exchange->drop_context);
    }
}

void exchange_refuse(struct http_exchange *exchange, enum refusal reason)
{
    char detail[256];
    const struct refusal_text *text = refusal_text(reason);
    int length = snprintf(detail, sizeof(detail), "%s (%s)", text->sentence, text->section);
    struct problem problem = {.status = text->status, .detail = slice_make(detail, (size_t)length)};
    if (text->status == 503) {
        problem.retry_after_s = 1;
    }
    exchange->close = true;
    exchange->connection->server->metrics.parse_errors++;
    log_event(LOG_DEBUG, "request.refused", log_text("request", exchange->id), log_text("reason", text->name));
    problem_respond(exchange, &problem);
}

const struct http_request *http_exchange_request(const struct http_exchange *exchange)
{
    return exchange->request;
}

enum http_card_proof http_exchange_card(struct http_exchange *exchange)
{
    struct http_card card;
    struct connection *connection = exchange->connection;
    transport_card(&connection->transport, connection->server->tls, clock_monotonic(), &card);
    return card.proof;
}

struct arena *http_exchange_arena(struct http_exchange *exchange)
{
    return &exchange->arena;
}

bool http_exchange_admit(struct http_exchange *exchange, enum admission_class class)
{
    struct http_server *server = exchange->connection->server;
    if (class == exchange->admission) {
        return true;
    }
    leave_class(exchange);
    server->metrics.requests[exchange->admission]--;
    server->metrics.requests[class]++;
    exchange->admission = class;
    exchange->admitted = admission_enter(&server->admission, class);
    return exchange->admitted;
}

unsigned http_exchange_shed(struct http_exchange *exchange)
{
    leave_class(exchange); /* how soon it was refused is no measure of how soon its class is answered */
    exchange->connection->server->metrics.shed[exchange->admission]++;
    return admission_retry_after(exchange->admission, (unsigned)exchange->id[0]);
}

void http_exchange_on_drop(struct http_exchange *exchange, void (*on_drop)(void *context), void *context)
{
    exchange->on_drop = on_drop;
    exchange->drop_context = context;
}

/* Head and body go into the output together, so they leave in one TLS record when they fit. */
static bool write_out(struct http_exchange *exchange, struct slice head, struct slice body)
{
    struct connection *connection = exchange->connection;
    return connection_io_add(connection, head, head.length + body.length) &&
           connection_io_add(connection, body, body.length);
}

enum sending { SENT, NOT_AN_ANSWER, OUT_OF_MEMORY };

static enum sending send_head(struct http_exchange *exchange, struct answer *answer, struct slice body)
{
    struct http_server *server = exchange->connection->server;
    bool has_body = !exchange->head_only && answer->status != 204 && answer->status != 304;
    exchange->close = exchange->close || server->draining;
    answer->close = exchange->close;
    answer->request_id = slice_make(exchange->id, REQUEST_ID_SIZE);
    struct slice head = answer_head(&server->answers, answer, clock_now(&server->config.clock));
    if (head.length == 0) {
        return NOT_AN_ANSWER;
    }
    return write_out(exchange, head, has_body ? body : (struct slice){NULL, 0}) ? SENT : OUT_OF_MEMORY;
}

/* An answer that cannot be written as asked is our mistake, or memory was out: then the same again may be answered. The client gets
 * the bare fact and the connection ends. Returns its status. */
static unsigned send_failure(struct http_exchange *exchange, enum sending why)
{
    static const struct http_header later = {SLICE_INIT("Retry-After"), SLICE_INIT("5")};
    struct answer bare = {.status = 500};
    if (why == OUT_OF_MEMORY) {
        bare = (struct answer){.status = 503, .headers = &later, .header_count = 1};
    }
    log_event(LOG_ERROR, "answer.unwritable", log_text("request", exchange->id));
    exchange->close = true;
    if (send_head(exchange, &bare, (struct slice){NULL, 0}) != SENT) {
        log_event(LOG_ERROR, "answer.lost",
                  log_text("request", exchange->id)); /* out of memory: it closes unanswered */
    }
    return bare.status;
}

/* The answer to an exchange whose client went away unseen by the handler: only the remains are cleared. */
static bool is_abandoned(struct http_exchange *exchange)
{
    if (exchange->connection->state != CONNECTION_ABANDONED) {
        return false;
    }
    exchange_end(exchange);
    connection_free(exchange->connection);
    return true;
}

void http_exchange_respond(struct http_exchange *exchange, unsigned status, const struct http_header *headers,
                           size_t header_count, struct slice body)
{
    struct answer answer = {.status = status, .headers = headers, .header_count = header_count, .length = body.length};
    assert(exchange->phase == EXCHANGE_PENDING);
    if (is_abandoned(exchange)) {
        return;
    }
    enum sending sent = body.length <= EXCHANGE_ANSWER_MAX ? send_head(exchange, &answer, body) : NOT_AN_ANSWER;
    if (sent != SENT) {
        status = send_failure(exchange, sent);
    }
    exchange->phase = EXCHANGE_ANSWERED;
    exchange->on_drop = NULL;
    server_count_answer(exchange->connection->server, exchange, status);
    leave_class(exchange);
    connection_step(exchange->connection);
}

void http_exchange_respond_simple(struct http_exchange *exchange, unsigned status, struct slice content_type,
                                  struct slice body)
{
    struct http_header header = {SLICE("Content-Type"), content_type};
    http_exchange_respond(exchange, status, &header, 1, body);
}

/* HTTP/1.0 has no chunks (RFC 9112 section 6.1): there the stream ends with the connection. */
void http_exchange_start_stream(struct http_exchange *exchange, unsigned status, const struct http_header *headers,
                                size_t header_count)
{
    assert(exchange->phase == EXCHANGE_PENDING);
    exchange->chunked = exchange->minor > 0;
    exchange->close = exchange->close || !exchange->chunked;
    struct answer answer = {.status = status,
                            .headers = headers,
                            .header_count = header_count,
                            .framing = exchange->chunked ? ANSWER_CHUNKED : ANSWER_UNTIL_CLOSE};
    exchange->phase = EXCHANGE_STREAMING;
    if (exchange->connection->state == CONNECTION_ABANDONED) {
        return; /* the first send tells */
    }
    enum sending sent = send_head(exchange, &answer, (struct slice){NULL, 0});
    if (sent != SENT) {
        status = send_failure(exchange, sent);
        exchange->chunked = false;
        exchange->head_only = true; /* what the handler still sends goes nowhere */
    }
    server_count_answer(exchange->connection->server, exchange, status);
    leave_class(exchange); /* a stream lives for hours: it is not work in flight */
    connection_step(exchange->connection);
}

static bool write_chunk(struct http_exchange *exchange, struct slice piece)
{
    struct connection *connection = exchange->connection;
    char size[2 * sizeof(piece.length) + 3];
    if (!exchange->chunked) {
        return connection_io_add(connection, piece, piece.length);
    }
    int digits = snprintf(size, sizeof(size), "%zx\r\n", piece.length);
    return digits > 0 && connection_io_add(connection, slice_make(size, (size_t)digits), piece.length + sizeof(size)) &&
           connection_io_add(connection, piece, piece.length) && connection_io_add(connection, SLICE("\r\n"), 2);
}

/* The step that flushes is left to the loop: the caller is often walking a list of such streams, and none of them may vanish
 * under its feet. A stream that is over its cap, or whose client is gone, is told by the return value alone. */
bool http_exchange_send(struct http_exchange *exchange, struct slice piece)
{
    struct connection *connection = exchange->connection;
    assert(exchange->phase == EXCHANGE_STREAMING);
    if (is_abandoned(exchange)) {
        return false;
    }
    if (piece.length == 0 || exchange->head_only) {
        return true; /* an empty chunk would end the stream (RFC 9112 section 7.1) */
    }
    if (connection_io_unsent(connection).length + piece.length > EXCHANGE_UNSENT_MAX || !write_chunk(exchange, piece)) {
        log_event(LOG_INFO, "stream.dropped", log_text("request", exchange->id));
        exchange->on_drop = NULL;
        exchange_end(exchange);
        connection_abort(connection);
        return false;
    }
    event_active(&connection->writable, EV_WRITE, 0);
    return true;
}

void http_exchange_end_stream(struct http_exchange *exchange)
{
    assert(exchange->phase == EXCHANGE_STREAMING);
    if (is_abandoned(exchange)) {
        return;
    }
    if (exchange->chunked && !exchange->head_only && !connection_io_add(exchange->connection, SLICE("0\r\n\r\n"), 5)) {
        exchange->close = true; /* unended: the client sees a cut stream, which is what it is */
    }
    exchange->phase = EXCHANGE_ANSWERED;
    exchange->on_drop = NULL;
    connection_step(exchange->connection);
}
