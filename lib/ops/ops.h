/* SPDX-License-Identifier: Apache-2.0
 * The operator's listener: is it alive, is it ready and if not which part, and every process's figures. Plain HTTP, for loopback or a
 * private network. */
#ifndef OPS_OPS_H
#define OPS_OPS_H

#include <event2/event.h>

#include "core/clock.h"
#include "core/error.h"
#include "core/scoreboard.h"

struct ops;

struct ops_config {
    struct event_base *base;
    const char *listen;
    const struct scoreboard *scoreboard;
    struct clock clock;
};

struct ops *ops_new(const struct ops_config *config, struct error *error);
void ops_drain(struct ops *ops, void (*on_drained)(void *context), void *context);
void ops_free(struct ops *ops);
void ops_report(const struct ops *ops, struct process_report *report);

#endif
