/* SPDX-License-Identifier: Apache-2.0
 * An edge's process: it gets public keys, the index key and muster_edge's password, and nothing that opens a seal. */
#include <sodium.h>
#include <stdio.h>

#include "edge/edge.h"
#include "role_loop.h"
#include "roles.h"
#include "seal/keys.h"

static void *build(struct role_loop *loop, struct arena *arena, struct error *error)
{
    const struct role_start *start = loop->start;
    const struct configuration *c = start->configuration;
    struct seal_recipient recipients[SEAL_RECIPIENTS_MAX];
    char path[4096];
    char journal_name[32];
    struct edge_config config = {
        .base = loop->base,
        .listen = c->public_listen,
        .public_url = c->public_url,
        .connections = (unsigned)c->database_connections,
        .journal_directory = c->journal_directory,
        .journal_name = journal_name,
        .recipients = recipients,
        .clock = clock_system(),
    };
    (void)snprintf(journal_name, sizeof(journal_name), "edge-%u", start->instance);
    config.conninfo = role_conninfo(start, "muster_edge", arena, error);
    if (config.conninfo == NULL || !role_recipients(start, recipients, &config.recipient_count, error) ||
        !role_key_path(start, "index.key", path, sizeof(path)) || !seal_index_key_load(path, config.index_key, error)) {
        return NULL;
    }
    config.tls = role_tls(start, false, error);
    struct edge *edge = config.tls != NULL ? edge_new(&config, error) : NULL;
    SSL_CTX_free(config.tls);
    sodium_memzero(config.index_key, sizeof(config.index_key));
    return edge;
}

static void report(const void *role, struct process_report *process_report)
{
    edge_report(role, process_report);
}

static void drain(void *role, void (*on_drained)(void *context), void *context)
{
    edge_drain(role, on_drained, context);
}

static void set_tls(void *role, SSL_CTX *tls)
{
    edge_set_tls(role, tls);
}

static void release(void *role)
{
    edge_free(role);
}

int role_edge_main(const struct role_start *start)
{
    static const struct role_kind kind = {"edge", build, report, drain, set_tls, release, true, false};
    return role_serve(start, &kind);
}
