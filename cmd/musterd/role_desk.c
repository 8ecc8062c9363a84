/* SPDX-License-Identifier: Apache-2.0
 * A desk's process: it holds the key that opens seals, and faces staff only. */
#include <sodium.h>

#include "desk/desk.h"
#include "role_loop.h"
#include "roles.h"
#include "seal/keys.h"

static void *build(struct role_loop *loop, struct arena *arena, struct error *error)
{
    const struct role_start *start = loop->start;
    const struct configuration *c = start->configuration;
    struct seal_recipient recipients[SEAL_RECIPIENTS_MAX];
    char path[4096];
    struct desk_config config = {
        .base = loop->base,
        .listen = c->desk_listen,
        .connections = (unsigned)(c->desk_connections > 0 ? c->desk_connections : c->database_connections),
        .recipients = recipients,
        .asks_for_cards = *c->client_ca_file != '\0',
        .clock = clock_system(),
        .tiles_url = c->desk_tiles_url,
        .tiles_attribution = c->desk_tiles_attribution,
    };
    config.conninfo = role_conninfo(start, "muster_desk", arena, error);
    if (config.conninfo == NULL || !role_recipients(start, recipients, &config.recipient_count, error) ||
        !role_key_path(start, "index.key", path, sizeof(path)) || !seal_index_key_load(path, config.index_key, error) ||
        !role_key_path(start, "desk.secret", path, sizeof(path)) ||
        !seal_secret_key_load(path, config.secret_key, error)) {
        return NULL;
    }
    config.tls = role_tls(start, true, error);
    struct desk *desk = config.tls != NULL ? desk_new(&config, error) : NULL;
    SSL_CTX_free(config.tls);
    sodium_memzero(config.secret_key, sizeof(config.secret_key));
    sodium_memzero(config.index_key, sizeof(config.index_key));
    return desk;
}

static void report(const void *role, struct process_report *process_report)
{
    desk_report(role, process_report);
}

static void drain(void *role, void (*on_drained)(void *context), void *context)
{
    desk_drain(role, on_drained, context);
}

static void set_tls(void *role, SSL_CTX *tls)
{
    desk_set_tls(role, tls);
}

static void release(void *role)
{
    desk_free(role);
}

int role_desk_main(const struct role_start *start)
{
    static const struct role_kind kind = {"desk", build, report, drain, set_tls, release, false, true};
    return role_serve(start, &kind);
}
