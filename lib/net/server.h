/* SPDX-License-Identifier: Apache-2.0
 * A listener, its connections, and the routes they lead to. */
#ifndef NET_SERVER_H
#define NET_SERVER_H

#include <event2/event.h>
#include <openssl/ssl.h>

#include "core/clock.h"
#include "core/error.h"
#include "net/http.h"

struct http_server;

struct http_limits {
    unsigned connections_max; /* default 20000 */
    unsigned slow_per_address,
        slow_s; /* default 512, 3: past so many of one address that lag, those that lag so long go */
    unsigned handshake_s, header_s, body_s, answer_s, idle_s; /* absolute deadlines: 5, 10, 30, 30, 60 */
    unsigned
        send_buffer; /* octets the kernel may hold for a client that does not read; default 0: as many as it likes */
    unsigned in_flight_max[ADMIT_COUNT]; /* requests with a handler, by class; past it 503 with Retry-After */
};
struct http_limits http_limits_default(void);

struct http_metrics { /* plain counters, read by the ops listener */
    uint64_t connections_accepted, connections_open, connections_refused, connections_evicted, handshakes_queued,
        handshake_failures, timeouts;
    uint64_t requests[ADMIT_COUNT], shed[ADMIT_COUNT], parse_errors;
    uint64_t answers_by_status[6]; /* [2]: 2xx */
    uint64_t duration_count[ADMIT_COUNT];
    uint64_t duration_sum_us[ADMIT_COUNT];
    uint64_t duration_bucket[ADMIT_COUNT][12]; /* answers within 1 2 5 10 20 50 100 200 500 1000 2000 ms, +Inf; each
                                                * counts those before it too, as Prometheus wants them */
};

struct http_server_config {
    struct event_base *base;
    const char *listen; /* "127.0.0.1:8443", "[::1]:8443"; SO_REUSEPORT is set */
    SSL_CTX *tls;       /* NULL: plain HTTP (the ops listener only). The server takes a reference of its own */
    const struct http_route *routes;
    size_t route_count;
    http_handler *fallback;              /* NULL: a problem+json 404/405; else called for paths no route has */
    void *role;                          /* handed to every handler */
    const char *content_security_policy; /* added to every answer */
    struct http_limits limits;
    struct clock clock;
};

/* Binds and listens; NULL with `error` when it cannot. Port 0 takes a free one (http_server_port tells).
 * Ignores SIGPIPE in this process: a client that leaves is an error to return, not a signal. */
struct http_server *http_server_new(const struct http_server_config *config, struct error *error);
unsigned http_server_port(const struct http_server *server);
/* New handshakes use `tls` (its reference is taken); connections made keep the old one. */
void http_server_set_tls(struct http_server *server, SSL_CTX *tls);
/* Stops accepting; answers in flight are finished with "Connection: close"; idle connections are closed.
 * `on_drained` runs once when none is left. */
void http_server_drain(struct http_server *server, void (*on_drained)(void *context), void *context);
const struct http_metrics *http_server_metrics(const struct http_server *server);
void http_server_free(struct http_server *server);

#endif
