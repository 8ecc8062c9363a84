/* SPDX-License-Identifier: Apache-2.0
 * The courier's process: it holds the key that opens seals, and faces gateways only, outbound. */
#include <sodium.h>

#include "courier/courier.h"
#include "role_loop.h"
#include "roles.h"
#include "seal/keys.h"

static void *build(struct role_loop *loop, struct arena *arena, struct error *error)
{
    const struct role_start *start = loop->start;
    char path[4096];
    struct seal_recipient recipients[SEAL_RECIPIENTS_MAX];
    struct courier_config config = {
        .base = loop->base,
        .conninfo = role_conninfo(start, "muster_courier", arena, error),
        .journal_directory = start->configuration->journal_directory,
        .public_url = start->configuration->public_url,
        .recipients = recipients,
    };
    bool ready =
        config.conninfo != NULL && role_recipients(start, recipients, &config.recipient_count, error) &&
        role_key_path(start, "index.key", path, sizeof(path)) && seal_index_key_load(path, config.index_key, error) &&
        role_key_path(start, "desk.secret", path, sizeof(path)) && seal_secret_key_load(path, config.secret_key, error);
    struct courier *courier = ready ? courier_new(&config, error) : NULL;
    sodium_memzero(config.secret_key, sizeof(config.secret_key));
    sodium_memzero(config.index_key, sizeof(config.index_key));
    return courier;
}

static void report(const void *role, struct process_report *process_report)
{
    courier_report(role, process_report);
}

static void drain(void *role, void (*on_drained)(void *context), void *context)
{
    courier_drain(role, on_drained, context);
}

static void release(void *role)
{
    courier_free(role);
}

int role_courier_main(const struct role_start *start)
{
    static const struct role_kind kind = {"courier", build, report, drain, NULL, release, true, false};
    return role_serve(start, &kind);
}
