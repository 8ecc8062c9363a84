/* SPDX-License-Identifier: Apache-2.0
 * From a parsed head to an answer: routing, admission, the handler, and what is answered without one. */
#ifndef NET_REQUEST_FLOW_H
#define NET_REQUEST_FLOW_H

#include <stdbool.h>

#include "net/connection.h"

/* The head is in: finds the route and lets the parser go on to the body the route takes. False when the answer does not need
 * the body (request_flow_dispatch gives it, and the connection closes after it, the body unread). */
bool request_flow_route(struct connection *connection);
/* Sends 100 (Continue) when the client waits for it (RFC 9110 section 10.1.1); not when the content is coming already. */
void request_flow_continue(struct connection *connection, bool waiting);
/* Hands the request to its handler when its class has room, and answers 404, 405, OPTIONS and 503 itself. */
void request_flow_dispatch(struct connection *connection);
/* 408 for a request that did not come in time, 503 for a handler that did not answer in time. */
void request_flow_time_out(struct connection *connection, unsigned status);

#endif
