/* SPDX-License-Identifier: Apache-2.0
 * The life of a connection: callbacks note what happened, connection_step() decides what follows. */
#include "net/connection.h"

#include <assert.h>
#include <netinet/in.h>
#include <stdlib.h>
#include <string.h>

#include "core/log.h"
#include "net/connection_io.h"
#include "net/request_flow.h"
#include "net/server_state.h"

/* What one look at the state led to. */
enum progress {
    PROGRESS_AGAIN, /* the state changed: look again */
    PROGRESS_WAIT,  /* for the socket, the handler or the deadline */
    PROGRESS_OVER,  /* free the connection */
};

static const char *const state_names[CONNECTION_STATE_COUNT] = {
    [CONNECTION_QUEUED] = "queued",       [CONNECTION_HANDSHAKE] = "handshake", [CONNECTION_HEAD] = "head",
    [CONNECTION_BODY] = "body",           [CONNECTION_HANDLING] = "handling",   [CONNECTION_STREAMING] = "streaming",
    [CONNECTION_WRITING] = "writing",     [CONNECTION_IDLE] = "idle",           [CONNECTION_LINGERING] = "lingering",
    [CONNECTION_ABANDONED] = "abandoned",
};

/* The one place where the state changes. A state's connections all have the same time, so appending keeps each list ordered
 * by deadline and the server finds the late ones at its front, without a timer for each. */
static void set_state(struct connection *connection, enum connection_state state)
{
    struct http_server *server = connection->server;
    log_event(LOG_DEBUG, "connection.state", log_text("from", state_names[connection->state]),
              log_text("to", state_names[state]), log_integer("fd", connection->transport.fd));
    connection_list_remove(&server->lists[connection->state], connection);
    connection->state = state;
    connection->timed_out = false;
    connection->deadline_us = server->allowed_us[state] > 0 ? server->now_us + server->allowed_us[state] : 0;
    connection_list_append(&server->lists[state], connection);
}

/* False when it has to wait for its turn. It does so once: what follows the first message is cheap. */
static bool begins_handshake(struct connection *connection)
{
    struct http_server *server = connection->server;
    if (connection->was_queued) {
        return true;
    }
    connection->was_queued = true;
    server_end_turn(server);
    if (server->handshakes_left > 0) {
        server->handshakes_left--;
        return true;
    }
    server->now_us = clock_monotonic();
    connection_io_stop_listening(connection);
    set_state(connection, CONNECTION_QUEUED);
    server->metrics.handshakes_queued++;
    return false;
}

void connection_take_turn(struct connection *connection)
{
    connection->server->now_us = clock_monotonic();
    set_state(connection, CONNECTION_HANDSHAKE);
    connection_step(connection);
}

static void on_readable(evutil_socket_t fd, short what, void *context)
{
    struct connection *connection = context;
    (void)fd;
    (void)what;
    connection->has_readable = true;
    if (connection->state != CONNECTION_HANDSHAKE || begins_handshake(connection)) {
        connection_step(connection);
    }
}

static void on_writable(evutil_socket_t fd, short what, void *context)
{
    (void)fd;
    (void)what;
    connection_step(context);
}

static enum progress wait_for(struct connection *connection, enum transport_result result)
{
    switch (result) {
    case TRANSPORT_WAIT_WRITE:
        return event_add(&connection->writable, NULL) == 0 ? PROGRESS_WAIT : PROGRESS_OVER;
    case TRANSPORT_WAIT_READ:
        connection_io_listen(connection);
        return PROGRESS_WAIT;
    case TRANSPORT_DONE:
        return PROGRESS_AGAIN;
    case TRANSPORT_END:
    case TRANSPORT_FAILED:
        break;
    }
    return PROGRESS_OVER;
}

static enum progress shake_hands(struct connection *connection)
{
    connection->has_readable = false;
    enum transport_result result = transport_handshake(&connection->transport);
    if (result == TRANSPORT_DONE) {
        set_state(connection, CONNECTION_HEAD);
        connection->has_readable = true; /* the request may have come with the client's Finished */
    } else if (result == TRANSPORT_END || result == TRANSPORT_FAILED) {
        connection->server->metrics.handshake_failures++;
    }
    return wait_for(connection, result);
}

/* The request is whole, refused, or answerable from its head: from here on it owes an answer. */
static void start_answer(struct connection *connection)
{
    set_state(connection, CONNECTION_HANDLING);
    if (connection->parser.state == HTTP_PARSER_REFUSED) {
        exchange_refuse(&connection->exchange, connection->parser.refusal);
    } else {
        request_flow_dispatch(connection);
    }
}

/* What the parser's state means for ours. */
static void follow_parser(struct connection *connection)
{
    if (connection->parser.state == HTTP_PARSER_HELD && !request_flow_route(connection)) {
        start_answer(connection);
        return;
    }
    if (connection->parser.state == HTTP_PARSER_DONE || connection->parser.state == HTTP_PARSER_REFUSED) {
        start_answer(connection);
    } else if (connection->parser.state == HTTP_PARSER_BODY && connection->state == CONNECTION_HEAD) {
        set_state(connection, CONNECTION_BODY);
        request_flow_continue(connection, connection_io_unread(connection).length == 0);
    }
}

/* HEAD, BODY and IDLE: reads, and lets the parser have it. */
static enum progress receive(struct connection *connection)
{
    if (connection_io_unsent(connection).length > 0) { /* a 100 (Continue) that did not go out at once */
        enum transport_result result = connection_io_flush(connection);
        if (result != TRANSPORT_DONE && wait_for(connection, result) == PROGRESS_OVER) {
            return PROGRESS_OVER;
        }
    }
    if (connection_io_unread(connection).length == 0) {
        enum transport_result result =
            connection_io_may_read(connection) ? connection_io_fill(connection) : TRANSPORT_WAIT_READ;
        if (result != TRANSPORT_DONE) {
            return wait_for(connection, result);
        }
    }
    if (connection->state == CONNECTION_IDLE) {
        set_state(connection, CONNECTION_HEAD);
    }
    if (connection->exchange.phase == EXCHANGE_NONE) {
        exchange_begin(&connection->exchange, connection);
    }
    size_t used = 0;
    (void)http_parser_feed(&connection->parser, connection_io_unread(connection), &used);
    connection_io_consume(connection, used);
    follow_parser(connection);
    return PROGRESS_AGAIN;
}

/* While the handler works or the stream waits: takes what the client sends ahead, until the block is full, and notices that
 * it left. A client that only ended its own direction looks the same as one that is gone, and is treated so, as nginx does. */
static enum progress watch_client(struct connection *connection)
{
    if (!connection_io_may_read(connection)) {
        return PROGRESS_WAIT;
    }
    if (!connection_io_has_room(connection)) {
        connection->has_readable = false;
        connection_io_stop_listening(connection);
        return PROGRESS_WAIT;
    }
    enum transport_result result = connection_io_fill(connection);
    return result == TRANSPORT_DONE ? PROGRESS_AGAIN : wait_for(connection, result);
}

static enum progress handle(struct connection *connection)
{
    switch (connection->exchange.phase) {
    case EXCHANGE_ANSWERED:
        set_state(connection, CONNECTION_WRITING);
        return PROGRESS_AGAIN;
    case EXCHANGE_STREAMING:
        set_state(connection, CONNECTION_STREAMING);
        return PROGRESS_AGAIN;
    case EXCHANGE_PENDING:
    case EXCHANGE_NONE:
        break;
    }
    return watch_client(connection);
}

static enum progress stream(struct connection *connection)
{
    enum transport_result result = connection_io_flush(connection);
    if (result == TRANSPORT_FAILED || result == TRANSPORT_END) {
        return PROGRESS_OVER;
    }
    if (connection->exchange.phase == EXCHANGE_ANSWERED) {
        set_state(connection, CONNECTION_WRITING);
        return PROGRESS_AGAIN;
    }
    if (result != TRANSPORT_DONE && wait_for(connection, result) == PROGRESS_OVER) {
        return PROGRESS_OVER;
    }
    return watch_client(connection);
}

static void end_exchange(struct connection *connection)
{
    exchange_end(&connection->exchange);
    http_parser_start(&connection->parser);
}

/* RFC 9112 section 9.6: closing at once on octets the client still sends would make its system reset the connection and
 * throw our answer away. So we end our direction and read on for a little. */
static enum progress start_lingering(struct connection *connection)
{
    end_exchange(connection);
    connection_io_consume(connection, connection_io_unread(connection).length);
    transport_finish(&connection->transport);
    connection->has_readable = true;
    connection_io_listen(connection);
    set_state(connection, CONNECTION_LINGERING);
    return PROGRESS_AGAIN;
}

static enum progress write_out(struct connection *connection)
{
    enum transport_result result = connection_io_flush(connection);
    if (result != TRANSPORT_DONE) {
        connection_io_stop_listening(connection); /* backpressure: nothing is read before the answer is out */
        return wait_for(connection, result);
    }
    if (connection->exchange.close || connection->server->draining) {
        return start_lingering(connection);
    }
    end_exchange(connection);
    connection_io_listen(connection);
    set_state(connection, CONNECTION_IDLE);
    return PROGRESS_AGAIN;
}

static enum progress linger(struct connection *connection)
{
    size_t count = 0;
    char scratch[4096];
    if (!connection->has_readable) {
        return PROGRESS_WAIT;
    }
    enum transport_result result = transport_discard(&connection->transport, scratch, sizeof(scratch), &count);
    connection->discarded += count;
    connection->has_readable = result == TRANSPORT_DONE;
    return connection->discarded > CONNECTION_LINGER_MAX ? PROGRESS_OVER : wait_for(connection, result);
}

/* A request that never came whole is answered 408; one whose handler is late, 503, provided the handler can be told that its
 * own answer will not be heard. */
static enum progress time_out_request(struct connection *connection, unsigned status)
{
    connection->server->metrics.timeouts++;
    if (http_parser_is_fresh(&connection->parser) ||
        (connection->state == CONNECTION_HANDLING && connection->exchange.on_drop == NULL)) {
        return PROGRESS_OVER;
    }
    exchange_drop(&connection->exchange);
    set_state(connection, CONNECTION_HANDLING);
    request_flow_time_out(connection, status);
    return PROGRESS_AGAIN;
}

/* A stream may be silent for ever, but its client may not leave unread what we sent. */
static enum progress time_out_stream(struct connection *connection)
{
    if (connection->progressed || connection_io_unsent(connection).length == 0) {
        connection->progressed = false;
        set_state(connection, CONNECTION_STREAMING);
        return PROGRESS_WAIT;
    }
    connection->server->metrics.timeouts++;
    return PROGRESS_OVER;
}

static enum progress expire(struct connection *connection)
{
    struct http_metrics *metrics = &connection->server->metrics;
    connection->timed_out = false;
    switch (connection->state) {
    case CONNECTION_HEAD:
    case CONNECTION_BODY:
        return time_out_request(connection, 408);
    case CONNECTION_HANDLING:
        return time_out_request(connection, 503);
    case CONNECTION_STREAMING:
        return time_out_stream(connection);
    case CONNECTION_QUEUED:
    case CONNECTION_HANDSHAKE:
        metrics->handshake_failures++;
        metrics->timeouts++;
        break;
    case CONNECTION_WRITING:
        metrics->timeouts++;
        break;
    case CONNECTION_IDLE:
    case CONNECTION_LINGERING:
    case CONNECTION_ABANDONED:
    case CONNECTION_STATE_COUNT:
        break;
    }
    return PROGRESS_OVER;
}

static enum progress advance(struct connection *connection)
{
    if (connection->aborted) {
        return PROGRESS_OVER;
    }
    if (connection->timed_out) {
        return expire(connection);
    }
    switch (connection->state) {
    case CONNECTION_HANDSHAKE:
        return shake_hands(connection);
    case CONNECTION_HEAD:
    case CONNECTION_BODY:
    case CONNECTION_IDLE:
        return receive(connection);
    case CONNECTION_HANDLING:
        return handle(connection);
    case CONNECTION_STREAMING:
        return stream(connection);
    case CONNECTION_WRITING:
        return write_out(connection);
    case CONNECTION_LINGERING:
        return linger(connection);
    case CONNECTION_QUEUED:
    case CONNECTION_ABANDONED:
    case CONNECTION_STATE_COUNT:
        break;
    }
    return PROGRESS_WAIT;
}

/* A handler that will answer later but did not ask to be told must still find its exchange: the shell waits for it. */
static bool must_wait_for_handler(const struct connection *connection)
{
    const struct http_exchange *exchange = &connection->exchange;
    return exchange->on_drop == NULL && !connection->aborted &&
           (exchange->phase == EXCHANGE_PENDING || exchange->phase == EXCHANGE_STREAMING) &&
           (connection->state == CONNECTION_HANDLING || connection->state == CONNECTION_STREAMING);
}

/* Told when a step ends, not at each change of state: a client that keeps up never lags, and costs nothing here. */
static void note_lag(struct connection *connection)
{
    static const bool lags_in[CONNECTION_STATE_COUNT] = {
        [CONNECTION_QUEUED] = true, [CONNECTION_HANDSHAKE] = true, [CONNECTION_HEAD] = true,
        [CONNECTION_BODY] = true,   [CONNECTION_WRITING] = true,   [CONNECTION_LINGERING] = true,
    };
    struct http_server *server = connection->server;
    bool lags = lags_in[connection->state];
    if (lags && !connection->lags) {
        connection->lags_since_us = server->now_us;
        peers_lag(&server->peers, connection->peer_key, &connection->lag);
    } else if (!lags && connection->lags) {
        peers_catch_up(&server->peers, connection->peer_key, &connection->lag);
    }
    connection->lags = lags;
}

void connection_step(struct connection *connection)
{
    enum progress progress = PROGRESS_AGAIN;
    if (connection->stepping) {
        return;
    }
    connection->stepping = true;
    connection->server->now_us = clock_monotonic();
    for (unsigned turn = 0; turn < CONNECTION_TURNS_MAX && progress == PROGRESS_AGAIN; turn++) {
        progress = advance(connection);
    }
    connection->stepping = false;
    if (progress == PROGRESS_AGAIN) {
        event_active(&connection->writable, EV_WRITE, 0); /* others first */
    } else if (progress == PROGRESS_OVER && must_wait_for_handler(connection)) {
        connection_io_stop_listening(connection);
        (void)event_del(&connection->writable);
        transport_close(&connection->transport);
        set_state(connection, CONNECTION_ABANDONED);
        note_lag(connection);
    } else if (progress == PROGRESS_OVER) {
        connection_free(connection);
    } else {
        note_lag(connection);
    }
}

void connection_abort(struct connection *connection)
{
    connection->aborted = true;
    if (!connection->stepping) {
        connection_free(connection);
    }
}

void connection_drain(struct connection *connection)
{
    bool unasked = connection->state == CONNECTION_QUEUED || connection->state == CONNECTION_HANDSHAKE ||
                   connection->state == CONNECTION_IDLE ||
                   (connection->state == CONNECTION_HEAD && http_parser_is_fresh(&connection->parser));
    if (unasked) {
        connection_abort(connection);
    }
}

void connection_free(struct connection *connection)
{
    struct http_server *server = connection->server;
    exchange_drop(&connection->exchange);
    exchange_end(&connection->exchange);
    http_parser_release(&connection->parser);
    connection_io_consume(connection, connection_io_unread(connection).length);
    connection_io_stop_listening(connection);
    (void)event_del(&connection->writable);
    transport_close(&connection->transport);
    buffer_release(&connection->output);
    connection_list_remove(&server->lists[connection->state], connection);
    if (connection->lags) {
        peers_catch_up(&server->peers, connection->peer_key, &connection->lag);
    }
    peers_leave(&server->peers, connection->peer_key);
    free(connection);
    server_connection_gone(server);
}

/* Everything that can fail; what it leaves behind connection_open clears. */
static bool set_up(struct connection *connection, int fd)
{
    struct http_server *server = connection->server;
    if (!transport_open(&connection->transport, fd, server->tls) ||
        event_assign(&connection->readable, server->config.base, fd, EV_READ | EV_PERSIST, on_readable, connection) !=
            0 ||
        event_assign(&connection->writable, server->config.base, fd, EV_WRITE, on_writable, connection) != 0) {
        return false;
    }
    connection_io_listen(connection);
    return connection->listening;
}

bool connection_open(struct http_server *server, int fd, const struct sockaddr_storage *peer)
{
    struct connection *connection = calloc(1, sizeof(*connection));
    struct transport refused = {.fd = fd};
    if (connection == NULL) {
        transport_close(&refused);
        return false;
    }
    connection->server = server;
    memcpy(&connection->peer, peer, sizeof(connection->peer));
    connection->peer_key = address_key_of(peer);
    connection->exchange.connection = connection;
    buffer_init(&connection->output, CONNECTION_OUTPUT_MAX);
    server->now_us = clock_monotonic();
    http_parser_init(&connection->parser, server->tls != NULL, &connection->exchange.arena);
    if (!peers_enter(&server->peers, connection->peer_key)) {
        transport_close(&refused);
        free(connection);
        return false;
    }
    if (!set_up(connection, fd)) {
        transport_close(&connection->transport);
        peers_leave(&server->peers, connection->peer_key);
        free(connection);
        return false;
    }
    connection->state = CONNECTION_HANDSHAKE;
    connection_list_append(&server->lists[CONNECTION_HANDSHAKE], connection);
    set_state(connection, CONNECTION_HANDSHAKE); /* its deadline */
    note_lag(connection);
    server->metrics.connections_open++;
    return true;
}
