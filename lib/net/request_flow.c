/* SPDX-License-Identifier: Apache-2.0
 * One request through the listener's routes. */
#include "net/request_flow.h"

#include <string.h>

#include "net/connection_io.h"
#include "net/problem.h"
#include "net/server_state.h"

bool request_flow_route(struct connection *connection)
{
    const struct http_server_config *config = &connection->server->config;
    struct http_exchange *exchange = &connection->exchange;
    struct http_parser *parser = &connection->parser;
    struct http_request *request = parser->request;
    struct router_match match;
    exchange->request = request;
    exchange->minor = parser->facts.minor;
    exchange->head_only = request->method == HTTP_HEAD;
    exchange->close = parser->facts.close;
    router_find(config->routes, config->route_count, request->method, request->path, &match);
    connection->outcome = match.outcome;
    connection->route = match.route;
    connection->allowed = match.allowed;
    if (match.outcome != ROUTER_FOUND && http_parser_has_body(parser)) {
        exchange->close = true;
        return false;
    }
    memcpy(request->parameters, match.parameters, sizeof(request->parameters));
    (void)http_parser_accept(parser, match.outcome == ROUTER_FOUND ? match.route->body_max : 0);
    return true;
}

void request_flow_continue(struct connection *connection, bool waiting)
{
    const struct slice go_on = SLICE("HTTP/1.1 100 Continue\r\n\r\n");
    if (waiting && connection->parser.facts.expect_continue && !connection_io_add(connection, go_on, go_on.length)) {
        connection->exchange.close = true; /* without it the client sends its content after a while all the same */
    }
}

static void run_handler(struct connection *connection)
{
    struct http_server *server = connection->server;
    struct http_exchange *exchange = &connection->exchange;
    const struct http_route *route = connection->route;
    exchange->admission = route->admission;
    server->metrics.requests[route->admission]++;
    if (!admission_enter(&server->admission, route->admission)) {
        struct problem problem = {
            .status = 503,
            .detail = SLICE("Too much is being asked at this moment. Please try again after the time given."),
            .retry_after_s = http_exchange_shed(exchange),
        };
        problem_respond(exchange, &problem);
        return;
    }
    exchange->admitted = true;
    route->handle(exchange, server->config.role);
}

static void answer_allow(struct connection *connection)
{
    char text[ROUTER_ALLOW_MAX];
    struct http_header allow = {SLICE("Allow"), router_allow(connection->allowed, text)};
    if (connection->outcome == ROUTER_OPTIONS) {
        http_exchange_respond(&connection->exchange, 204, &allow, 1, (struct slice){NULL, 0});
        return;
    }
    struct problem problem = {.status = 405,
                              .detail = SLICE("The resource does not take this method; see Allow."),
                              .headers = &allow,
                              .header_count = 1};
    problem_respond(&connection->exchange, &problem);
}

static void answer_unknown_path(struct connection *connection)
{
    const struct http_server_config *config = &connection->server->config;
    if (config->fallback != NULL) {
        config->fallback(&connection->exchange, config->role);
        return;
    }
    struct problem problem = {.status = 404, .detail = SLICE("There is nothing at this address.")};
    problem_respond(&connection->exchange, &problem);
}

void request_flow_dispatch(struct connection *connection)
{
    struct http_request *request = connection->exchange.request;
    memcpy(&request->peer, &connection->peer, sizeof(connection->peer));
    transport_card(&connection->transport, connection->server->tls, connection->server->now_us, &request->card);
    request->received_us = clock_now(&connection->server->config.clock);
    memcpy(request->id, connection->exchange.id, sizeof(request->id));
    if (request->method == HTTP_HEAD) {
        request->method = HTTP_GET;
    }
    switch (connection->outcome) {
    case ROUTER_FOUND:
        run_handler(connection);
        break;
    case ROUTER_NO_PATH:
        answer_unknown_path(connection);
        break;
    case ROUTER_NO_METHOD:
    case ROUTER_OPTIONS:
        answer_allow(connection);
        break;
    }
}

void request_flow_time_out(struct connection *connection, unsigned status)
{
    struct problem problem = {
        .status = status,
        .detail = status == 408 ? SLICE("The request did not arrive in time.")
                                : SLICE("No answer was ready in time. Please try again."),
        .retry_after_s = status == 503 ? 5 : 0,
    };
    connection->exchange.close = true;
    problem_respond(&connection->exchange, &problem);
}
