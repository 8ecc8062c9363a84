/* SPDX-License-Identifier: Apache-2.0
 * A connection's octets: the input block, the output, and when the socket is listened to. Private to the connection. */
#ifndef NET_CONNECTION_IO_H
#define NET_CONNECTION_IO_H

#include "net/connection.h"

/* Level-triggered: what will not be read now must not wake us again and again, so the two go in pairs. */
void connection_io_listen(struct connection *connection);
void connection_io_stop_listening(struct connection *connection);

/* Octets read and not yet parsed. */
struct slice connection_io_unread(const struct connection *connection);
/* `count` of them are done with; an empty block goes back to the server. */
void connection_io_consume(struct connection *connection, size_t count);
/* Something may be read without waiting for an event. */
bool connection_io_may_read(const struct connection *connection);
/* Reads once, behind what is unread. On TRANSPORT_DONE there is more unread than before. */
enum transport_result connection_io_fill(struct connection *connection);
/* Room is left for another fill. */
bool connection_io_has_room(const struct connection *connection);
/* Octets that wait to be sent. */
struct slice connection_io_unsent(const struct connection *connection);
/* Copies `piece` behind them, and makes room for `room` octets in all when that is more. False without memory. */
bool connection_io_add(struct connection *connection, struct slice piece, size_t room);
/* Writes output until none is left (TRANSPORT_DONE) or the socket takes no more. */
enum transport_result connection_io_flush(struct connection *connection);

#endif
