/* SPDX-License-Identifier: Apache-2.0
 * The edge as a whole: its routes, what it is made of, how it drains. */
#include "edge/edge.h"

#include <stdio.h>
#include <stdlib.h>

#include "core/json_memory.h"
#include "domain/phone.h"
#include "edge/handlers.h"
#include "edge/pages.h"
#include "edge/role.h"
#include "store/check_in_record.h"
#include "store/registration_record.h"
#include "store/reply_record.h"

enum {
    REGISTRATION_BODY_MAX = 64 * 1024,
    CHECK_IN_BODY_MAX = 16 * 1024,
    FORM_BODY_MAX = 64 * 1024,
    LIST_BODY_MAX = 1024 * 1024,   /* past its own limit, so that a page can say what that is */
    GATEWAY_BODY_MAX = 128 * 1024, /* some bring a hundred messages in one request */
    STORE_DEADLINE_SECONDS = 3,    /* then the journal: a citizen's battery does not wait for a failover */
    EDGE_QUEUE_MAX = 4096,         /* calls and records waiting, by class */
    CRY_WAIT_MS = 300,             /* behind other cries; one that would wait longer goes to the journal */
    CRY_UNSENT_MS = 500,           /* likewise one that did wait so long */
    CHECK_IN_WAIT_MS = 500,        /* a check-in that would wait longer is refused at once */
    REGISTRATION_WAIT_MS = 1000,
    SEND_BUFFER = 64 * 1024,
    TICK_SECONDS = 1,
};

/* A check-in or a registration is admitted as the cry for help that it may be: what it says is known only once it is read. Then it is
 * counted where it belongs, and routine ones are shed (admit.h). */
static const struct http_route routes[] = {
    {HTTP_GET, "/", edge_handle_home_page, ADMIT_PAGE, 0},
    {HTTP_GET, "/register", edge_handle_register_page, ADMIT_PAGE, 0},
    {HTTP_GET, "/register/all", edge_handle_register_all_page, ADMIT_PAGE, 0},
    {HTTP_POST, "/register", edge_handle_register_form, ADMIT_HELP, FORM_BODY_MAX},
    {HTTP_GET, "/check-in", edge_handle_check_in_page, ADMIT_PAGE, 0},
    {HTTP_POST, "/check-in", edge_handle_check_in_form, ADMIT_HELP, FORM_BODY_MAX},
    {HTTP_GET, "/status", edge_handle_status_page, ADMIT_PAGE, 0},
    {HTTP_POST, "/status", edge_handle_status_form, ADMIT_PAGE, FORM_BODY_MAX},
    {HTTP_GET, "/find", edge_handle_find_page, ADMIT_PAGE, 0},
    {HTTP_POST, "/find", edge_handle_find_form, ADMIT_REGISTRATION, FORM_BODY_MAX},
    {HTTP_GET, "/helper", edge_handle_helper_page, ADMIT_PAGE, 0},
    {HTTP_POST, "/helper", edge_handle_helper_form, ADMIT_HELP, FORM_BODY_MAX},
    {HTTP_GET, "/list", edge_handle_list_page, ADMIT_PAGE, 0},
    {HTTP_GET, "/list.csv", edge_handle_list_template, ADMIT_PAGE, 0},
    {HTTP_POST, "/list", edge_handle_list_form, ADMIT_REGISTRATION, LIST_BODY_MAX},
    {HTTP_GET, "/code", edge_handle_code_page, ADMIT_PAGE, 0},
    {HTTP_POST, "/code", edge_handle_code_form, ADMIT_PAGE, FORM_BODY_MAX},
    {HTTP_GET, "/alerts", edge_handle_alerts_page, ADMIT_PAGE, 0},
    {HTTP_GET, "/privacy", edge_handle_privacy_page, ADMIT_PAGE, 0},
    {HTTP_GET, "/place", edge_handle_place, ADMIT_PAGE, 0},
    {HTTP_POST, "/place", edge_handle_place, ADMIT_PAGE, FORM_BODY_MAX},
    {HTTP_GET, "/offline.js", edge_handle_asset, ADMIT_PAGE, 0},
    {HTTP_GET, "/more.js", edge_handle_asset, ADMIT_PAGE, 0},
    {HTTP_GET, "/map_ne.svg", edge_handle_asset, ADMIT_PAGE, 0},
    {HTTP_GET, "/leave", edge_handle_leave, ADMIT_PAGE, 0},
    {HTTP_POST, "/forget", edge_handle_forget, ADMIT_PAGE, FORM_BODY_MAX},
    {HTTP_GET, "/api/v1/crises", edge_handle_crises, ADMIT_PAGE, 0},
    {HTTP_POST, "/api/v1/registrations", edge_handle_post_registration, ADMIT_HELP, REGISTRATION_BODY_MAX},
    {HTTP_GET, "/api/v1/registrations/{case}", edge_handle_own_record, ADMIT_PAGE, 0},
    {HTTP_POST, "/api/v1/inquiries", edge_handle_post_inquiry, ADMIT_REGISTRATION, REGISTRATION_BODY_MAX},
    {HTTP_POST, "/api/v1/check-ins", edge_handle_post_check_in, ADMIT_HELP, CHECK_IN_BODY_MAX},
    {HTTP_POST, "/gateway/{name}/messages", edge_handle_gateway_message, ADMIT_HELP, GATEWAY_BODY_MAX},
    {HTTP_GET, "/gateway/{name}/messages", edge_handle_gateway_message, ADMIT_HELP, 0},
    {HTTP_POST, "/gateway/{name}/receipts", edge_handle_gateway_receipt, ADMIT_CHECK_IN, GATEWAY_BODY_MAX},
    {HTTP_GET, "/gateway/{name}/receipts", edge_handle_gateway_receipt, ADMIT_CHECK_IN, 0},
    {HTTP_GET, "/alerts.cap", edge_handle_alerts, ADMIT_PAGE, 0},
    {HTTP_GET, "/openapi.json", edge_handle_openapi, ADMIT_PAGE, 0},
    {HTTP_GET, "/.well-known/security.txt", edge_handle_security_txt, ADMIT_PAGE, 0},
};

static void on_pool_free(void *context)
{
    struct edge *edge = context;
    batch_poke(edge->check_ins); /* cries first */
    batch_poke(edge->registrations);
    batch_poke(edge->replies_out);
}

/* When PostgreSQL is back the segment being written is closed, so that the courier can replay it to its end and delete it. */
static void on_tick(evutil_socket_t fd, short events, void *context)
{
    struct edge *edge = context;
    const struct journal_metrics *metrics = journal_writer_metrics(edge->journal);
    (void)fd;
    (void)events;
    if (pg_pool_is_ready(edge->pool) && metrics->appended > edge->journal_rotated_at) {
        edge->journal_rotated_at = metrics->appended;
        journal_rotate(edge->journal);
    }
}

static bool open_stores(struct edge *edge, const struct edge_config *config, struct error *error)
{
    static const struct batch_limit limits[BATCH_CLASSES] = {
        [ADMIT_HELP] = {EDGE_QUEUE_MAX, CRY_WAIT_MS, CRY_UNSENT_MS},
        [ADMIT_CHECK_IN] = {EDGE_QUEUE_MAX, CHECK_IN_WAIT_MS, 0},
        [ADMIT_REGISTRATION] = {EDGE_QUEUE_MAX, REGISTRATION_WAIT_MS, 0},
    };
    static const struct batch_limit reply_limits[BATCH_CLASSES] = {{.queue_max = EDGE_QUEUE_MAX}};
    const struct pg_pool_config pool = {
        .base = config->base,
        .conninfo = config->conninfo,
        .role = "muster_edge",
        .connections = config->connections,
        .pipeline_depth = 1,
        .queue_max = EDGE_QUEUE_MAX,
        .on_free = on_pool_free,
        .context = edge,
    };
    const struct journal_writer_config journal = {
        .base = config->base, .directory = config->journal_directory, .name = config->journal_name};
    edge->pool = pg_pool_new(&pool, error);
    edge->journal = edge->pool != NULL ? journal_writer_new(&journal, error) : NULL;
    if (edge->journal == NULL) {
        return false;
    }
    edge->check_ins = batch_new(edge->pool, &check_in_batch_kind, limits, STORE_DEADLINE_SECONDS);
    edge->registrations = batch_new(edge->pool, &registration_batch_kind, limits, STORE_DEADLINE_SECONDS);
    edge->replies_out = batch_new(edge->pool, &reply_batch_kind, reply_limits, STORE_DEADLINE_SECONDS);
    return (edge->check_ins != NULL && edge->registrations != NULL && edge->replies_out != NULL) ||
           error_set(error, ERROR_NOMEM, "edge", "out of memory");
}

static bool open_rooms(struct edge *edge, const struct edge_config *config, struct error *error)
{
    static const struct timeval tick = {TICK_SECONDS, 0};
    edge->epochs = epochs_new(config->recipients, config->recipient_count, &edge->clock);
    edge->reference = reference_new(config->base);
    edge->kept = kept_pages_new();
    edge->tick = event_new(config->base, -1, EV_PERSIST, on_tick, edge);
    return (edge->epochs != NULL && edge->reference != NULL && edge->kept != NULL && edge->tick != NULL &&
            event_add(edge->tick, &tick) == 0 &&
            reference_start(edge->reference, edge->pool, config->journal_directory, config->journal_name)) ||
           error_set(error, ERROR_NOMEM, "edge", "out of memory");
}

/* What the edge answers is small: a client that does not take it must not hold the kernel's memory by the megabyte. */
static struct http_limits limits(void)
{
    struct http_limits limits = http_limits_default();
    limits.send_buffer = SEND_BUFFER;
    return limits;
}

static bool open_server(struct edge *edge, const struct edge_config *config, struct error *error)
{
    const struct http_server_config server = {
        .base = config->base,
        .listen = config->listen,
        .tls = config->tls,
        .routes = routes,
        .route_count = sizeof(routes) / sizeof(routes[0]),
        .fallback = edge_handle_not_found,
        .role = edge,
        .content_security_policy = pages_security_policy(),
        .limits = limits(),
        .clock = config->clock,
    };
    edge->server = http_server_new(&server, error);
    return edge->server != NULL;
}

struct edge *edge_new(const struct edge_config *config, struct error *error)
{
    struct edge *edge = calloc(1, sizeof(*edge));
    if (edge == NULL) {
        (void)error_set(error, ERROR_NOMEM, "edge", "out of memory");
        return NULL;
    }
    json_memory_watch();
    edge->base = config->base;
    edge->public_url = config->public_url;
    edge->clock = config->clock;
    arena_shelf_init(&edge->records, CHECK_IN_BLOCK_SIZE, EDGE_QUEUE_MAX);
    blind_keys_derive(config->index_key, &edge->keys);
    char warmed[PHONE_E164_SIZE];
    (void)phone_normalise(SLICE("90123456"), "NE",
                          warmed); /* libphonenumber reads its tables at the first number: not a citizen's wait */
    if (!open_stores(edge, config, error) || !open_rooms(edge, config, error) || !open_server(edge, config, error)) {
        edge_free(edge);
        return NULL;
    }
    return edge;
}

void edge_set_tls(struct edge *edge, SSL_CTX *tls)
{
    http_server_set_tls(edge->server, tls);
}

/* Answers in flight wait for their commit: the pool and the journal outlive the server's drain. */
void edge_drain(struct edge *edge, void (*on_drained)(void *context), void *context)
{
    http_server_drain(edge->server, on_drained, context);
}

void edge_free(struct edge *edge)
{
    if (edge == NULL) {
        return;
    }
    http_server_free(edge->server); /* first: drops every exchange, so no store tells one that is gone */
    reference_free(edge->reference);
    kept_pages_free(edge->kept);
    batch_free(edge->check_ins);
    batch_free(edge->registrations);
    batch_free(edge->replies_out);
    journal_writer_free(edge->journal);
    pg_pool_free(edge->pool);
    arena_shelf_release(&edge->records);
    epochs_free(edge->epochs);
    if (edge->tick != NULL) {
        event_free(edge->tick);
    }
    OPENSSL_cleanse(&edge->keys, sizeof(edge->keys));
    free(edge);
}

unsigned edge_port(const struct edge *edge)
{
    return http_server_port(edge->server);
}
