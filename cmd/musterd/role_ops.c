/* SPDX-License-Identifier: Apache-2.0
 * The ops listener's process: it sees figures only. */
#include "ops/ops.h"
#include "role_loop.h"
#include "roles.h"

static void *build(struct role_loop *loop, struct arena *arena, struct error *error)
{
    struct ops_config config = {loop->base, loop->start->configuration->ops_listen, loop->start->scoreboard,
                                clock_system()};
    (void)arena;
    return ops_new(&config, error);
}

static void report(const void *role, struct process_report *process_report)
{
    ops_report(role, process_report);
}

static void drain(void *role, void (*on_drained)(void *context), void *context)
{
    ops_drain(role, on_drained, context);
}

static void release(void *role)
{
    ops_free(role);
}

int role_ops_main(const struct role_start *start)
{
    static const struct role_kind kind = {"ops", build, report, drain, NULL, release, false, false};
    return role_serve(start, &kind);
}
