/* SPDX-License-Identifier: Apache-2.0
 * /livez, /readyz and /metrics from the scoreboard. */
#include "ops/ops.h"

#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "core/buffer.h"
#include "core/json_text.h"
#include "net/server.h"
#include "ops/metric_text.h"

enum { OPS_ANSWER_MAX = 4 * 1024 * 1024, BEAT_SECONDS = 10 };

struct ops {
    struct http_server *server;
    const struct scoreboard *scoreboard;
};

/* The reports of every process that is there; NULL when memory is out; the
 * caller frees. Larger than a request's arena may be. */
static struct process_report *gather(const struct ops *ops, size_t *count)
{
    struct process_report *reports = calloc(SCOREBOARD_SLOTS, sizeof(*reports));
    *count = 0;
    for (unsigned slot = 0; reports != NULL && slot < SCOREBOARD_SLOTS; slot++) {
        if (scoreboard_read(ops->scoreboard, slot, &reports[*count])) {
            ++*count;
        }
    }
    return reports;
}

static void respond(struct http_exchange *exchange, unsigned status, struct slice type, struct buffer *body)
{
    if (body->failed) {
        http_exchange_respond_simple(exchange, 500, SLICE("text/plain"), SLICE("out of memory\n"));
    } else {
        http_exchange_respond_simple(exchange, status, type, buffer_slice(body));
    }
    buffer_release(body);
}

static void livez(struct http_exchange *exchange, void *role)
{
    (void)role;
    http_exchange_respond_simple(exchange, 200, SLICE("text/plain"), SLICE("ok\n"));
}

static bool is_stale(const struct process_report *report)
{
    return clock_monotonic() - report->beat_us > BEAT_SECONDS * MICROSECONDS_A_SECOND;
}

static const char *reason_of(const struct process_report *report)
{
    return is_stale(report) ? "has not reported for 10 s" : report->reason;
}

/* Ready when an edge can make an answer durable: a load balancer that took us out because PostgreSQL is away would turn away the
 * check-ins that the journal is there for. What else is wrong is named in the body either way. */
static void readyz(struct http_exchange *exchange, void *role)
{
    const struct ops *ops = role;
    struct buffer body;
    size_t count = 0;
    bool edge_ready = false;
    bool all_ready = true;
    struct process_report *reports = gather(ops, &count);
    buffer_init(&body, OPS_ANSWER_MAX);
    buffer_add_text(&body, "{\"parts\":[");
    for (size_t i = 0; reports != NULL && i < count; i++) {
        bool ready = reports[i].ready && !is_stale(&reports[i]);
        bool degraded = reports[i].reason[0] != '\0';
        edge_ready = edge_ready || (ready && strcmp(reports[i].role, "edge") == 0);
        all_ready = all_ready && ready && !degraded;
        buffer_printf(&body, "%s{\"role\":\"%s\",\"instance\":%u,\"ready\":%s,\"reason\":", i > 0 ? "," : "",
                      reports[i].role, reports[i].instance, ready ? "true" : "false");
        json_text_add(&body, slice_of(reason_of(&reports[i])));
        buffer_add_byte(&body, '}');
    }
    buffer_printf(&body, "],\"status\":\"%s\"}\n", !edge_ready ? "not_ready" : all_ready ? "ready" : "degraded");
    free(reports);
    respond(exchange, edge_ready ? 200 : 503, SLICE("application/json"), &body);
}

static void metrics(struct http_exchange *exchange, void *role)
{
    const struct ops *ops = role;
    struct buffer body;
    size_t count = 0;
    struct process_report *reports = gather(ops, &count);
    buffer_init(&body, OPS_ANSWER_MAX);
    if (reports == NULL || !metric_text_write(&body, reports, count)) {
        body.failed = true;
    }
    free(reports);
    respond(exchange, 200, SLICE("text/plain; version=0.0.4; charset=utf-8"), &body);
}

struct ops *ops_new(const struct ops_config *config, struct error *error)
{
    static const struct http_route routes[] = {
        {HTTP_GET, "/livez", livez, ADMIT_PAGE, 0},
        {HTTP_GET, "/readyz", readyz, ADMIT_PAGE, 0},
        {HTTP_GET, "/metrics", metrics, ADMIT_PAGE, 0},
    };
    struct ops *ops = calloc(1, sizeof(*ops));
    if (ops == NULL) {
        (void)error_set(error, ERROR_NOMEM, "ops", "out of memory");
        return NULL;
    }
    ops->scoreboard = config->scoreboard;
    struct http_server_config server = {
        .base = config->base,
        .listen = config->listen,
        .routes = routes,
        .route_count = sizeof(routes) / sizeof(routes[0]),
        .role = ops,
        .content_security_policy = "default-src 'none'",
        .limits = http_limits_default(),
        .clock = config->clock,
    };
    ops->server = http_server_new(&server, error);
    if (ops->server == NULL) {
        ops_free(ops);
        return NULL;
    }
    return ops;
}

void ops_drain(struct ops *ops, void (*on_drained)(void *context), void *context)
{
    http_server_drain(ops->server, on_drained, context);
}

void ops_free(struct ops *ops)
{
    if (ops != NULL) {
        http_server_free(ops->server);
        free(ops);
    }
}

void ops_report(const struct ops *ops, struct process_report *report)
{
    report->ready = true;
    process_report_add(report, "muster_ops_connections_open", "",
                       (double)http_server_metrics(ops->server)->connections_open);
}
