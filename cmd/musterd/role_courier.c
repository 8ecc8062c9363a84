/* SPDX-License-Identifier: Apache-2.0
 * The courier's process. */
#include "courier/courier.h"
#include "role_loop.h"
#include "roles.h"

static void *build(struct role_loop *loop, struct arena *arena, struct error *error)
{
    struct courier_config config = {
        .base = loop->base,
        .conninfo = role_conninfo(loop->start, "muster_courier", arena, error),
        .journal_directory = loop->start->configuration->journal_directory,
    };
    return config.conninfo != NULL ? courier_new(&config, error) : NULL;
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
    static const struct role_kind kind = {"courier", build, report, drain, NULL, release, true};
    return role_serve(start, &kind);
}
