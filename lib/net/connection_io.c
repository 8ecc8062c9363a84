/* SPDX-License-Identifier: Apache-2.0
 * Input blocks are lent by the server: a thousand idle connections hold none, and one block serves most requests. */
#include "net/connection_io.h"

#include "net/server_state.h"

void connection_io_listen(struct connection *connection)
{
    if (!connection->listening) {
        connection->listening = event_add(&connection->readable, NULL) == 0;
    }
}

void connection_io_stop_listening(struct connection *connection)
{
    if (connection->listening) {
        (void)event_del(&connection->readable);
        connection->listening = false;
    }
}

struct slice connection_io_unread(const struct connection *connection)
{
    return connection->input != NULL
               ? slice_make(connection->input + connection->input_at, connection->input_length - connection->input_at)
               : (struct slice){NULL, 0};
}

void connection_io_consume(struct connection *connection, size_t count)
{
    connection->input_at += count;
    if (connection->input != NULL && connection->input_at == connection->input_length) {
        server_give_input(connection->server, connection->input);
        connection->input = NULL;
        connection->input_at = 0;
        connection->input_length = 0;
    }
}

bool connection_io_may_read(const struct connection *connection)
{
    return connection->has_readable || transport_has_pending(&connection->transport);
}

bool connection_io_has_room(const struct connection *connection)
{
    return connection->input_length < CONNECTION_INPUT_SIZE;
}

enum transport_result connection_io_fill(struct connection *connection)
{
    size_t count = 0;
    if (connection->input == NULL) {
        connection->input = server_take_input(connection->server);
        if (connection->input == NULL) {
            return TRANSPORT_FAILED;
        }
    }
    connection->has_readable = false;
    enum transport_result result = transport_read(&connection->transport, connection->input + connection->input_length,
                                                  CONNECTION_INPUT_SIZE - connection->input_length, &count);
    connection->input_length += count;
    connection_io_consume(connection, 0); /* gives a block that stayed empty back */
    return result;
}

enum transport_result connection_io_flush(struct connection *connection)
{
    struct evbuffer_iovec piece;
    while (evbuffer_peek(connection->output, -1, NULL, &piece, 1) > 0 && piece.iov_len > 0) {
        size_t count = 0;
        enum transport_result result = transport_write(&connection->transport, piece.iov_base, piece.iov_len, &count);
        if (result != TRANSPORT_DONE) {
            return result;
        }
        connection->progressed = true;
        if (evbuffer_drain(connection->output, count) != 0) {
            return TRANSPORT_FAILED;
        }
    }
    return TRANSPORT_DONE;
}
