/* SPDX-License-Identifier: Apache-2.0
 * Input blocks are lent by the server: a thousand idle connections hold none, and one block serves most requests. */
#include "net/connection_io.h"

#include <string.h>

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

struct slice connection_io_unsent(const struct connection *connection)
{
    return slice_sub(buffer_slice(&connection->output), connection->output_at, connection->output.length);
}

/* Moves what is unsent to the front when more than half is sent: a stream's memory is bounded by what waits, not by what went. */
static void compact(struct connection *connection)
{
    struct slice unsent = connection_io_unsent(connection);
    if (connection->output_at > connection->output.length / 2) {
        memmove(connection->output.data, unsent.data, unsent.length);
        connection->output.length = unsent.length;
        connection->output_at = 0;
    }
}

bool connection_io_add(struct connection *connection, struct slice piece, size_t room)
{
    struct buffer *output = &connection->output;
    if (output->data == NULL) {
        server_take_output(connection->server, output);
    }
    compact(connection);
    size_t before = output->length;
    if (buffer_reserve(output, room > piece.length ? room : piece.length) == NULL) {
        output->failed = false; /* what was there before stays sound */
        return false;
    }
    if (piece.length > 0) {
        memcpy(output->data + before, piece.data, piece.length);
    }
    output->length = before + piece.length;
    return true;
}

static void drop_output(struct connection *connection)
{
    connection->output_at = 0;
    if (connection->output.data != NULL) {
        server_give_output(connection->server, &connection->output);
    }
}

enum transport_result connection_io_flush(struct connection *connection)
{
    for (struct slice unsent = connection_io_unsent(connection); unsent.length > 0;
         unsent = connection_io_unsent(connection)) {
        size_t count = 0;
        enum transport_result result = transport_write(&connection->transport, unsent.data, unsent.length, &count);
        if (result != TRANSPORT_DONE) {
            return result;
        }
        connection->progressed = true;
        connection->output_at += count;
    }
    drop_output(connection);
    return TRANSPORT_DONE;
}
