/* SPDX-License-Identifier: Apache-2.0
 * fixed_server: lib/net with one route that answers every check-in with the same 201, to see what a request costs before anybody looks
 * at what it says.
 *
 * fixed_server CERTIFICATE KEY: listens on a free port of 127.0.0.1, prints it, serves until SIGTERM. */
#include <signal.h>
#include <stdio.h>
#include <stdlib.h>

#include "core/id.h"
#include "net/server.h"
#include "net/tls.h"

static void answer(struct http_exchange *exchange, void *role)
{
    const struct http_header fields[] = {{SLICE("Content-Type"), SLICE("application/json")}};
    (void)role;
    http_exchange_respond(
        exchange, 201, fields, 1,
        SLICE("{\"case\":\"NER-0000000\",\"stored\":\"register\",\"message\":\"Your check-in is stored.\"}"));
}

static void on_signal(evutil_socket_t number, short what, void *base)
{
    (void)number;
    (void)what;
    if (event_base_loopbreak(base) != 0) {
        exit(1);
    }
}

static _Noreturn void fail(const char *what, const struct error *error)
{
    (void)fprintf(stderr, "fixed_server: %s: %s\n", what, error->detail);
    exit(1);
}

int main(int argc, char **argv)
{
    static const struct http_route routes[] = {{HTTP_POST, "/api/v1/check-ins", answer, ADMIT_CHECK_IN, 8192}};
    struct error error = {0};
    uint8_t secret[TLS_TICKET_SECRET_SIZE];
    if (argc != 3) {
        (void)fprintf(stderr, "usage: fixed_server CERTIFICATE KEY\n");
        return 2;
    }
    random_fill(secret, sizeof(secret));
    const struct tls_files files = {argv[1], argv[2]};
    SSL_CTX *tls = tls_context_new(&files, secret, &error);
    struct event_base *base = event_base_new();
    struct event *stop = base != NULL ? evsignal_new(base, SIGTERM, on_signal, base) : NULL;
    if (tls == NULL || stop == NULL || event_add(stop, NULL) != 0) {
        fail("starting", &error);
    }
    const struct http_server_config config = {
        .base = base,
        .listen = "127.0.0.1:0",
        .tls = tls,
        .routes = routes,
        .route_count = sizeof(routes) / sizeof(routes[0]),
        .content_security_policy = "default-src 'none'; frame-ancestors 'none'",
        .limits = http_limits_default(),
        .clock = clock_system(),
    };
    struct http_server *server = http_server_new(&config, &error);
    if (server == NULL) {
        fail("listening", &error);
    }
    printf("%u\n", http_server_port(server));
    (void)fflush(stdout); /* whoever reads it waits for it */
    int outcome = event_base_dispatch(base);
    http_server_free(server);
    event_free(stop);
    event_base_free(base);
    SSL_CTX_free(tls);
    return outcome == 0 ? 0 : 1;
}
