/* SPDX-License-Identifier: Apache-2.0
 * Forks the roles and restarts what dies. */
#ifndef MUSTERD_SUPERVISOR_H
#define MUSTERD_SUPERVISOR_H

#include <stdint.h>

#include "core/configuration.h"
#include "core/scoreboard.h"
#include "net/tls.h"

/* What a child is given; it lives in memory copied by fork. */
struct role_start {
    const struct configuration *configuration;
    struct scoreboard *scoreboard;
    unsigned slot;     /* its own, in the scoreboard */
    unsigned instance; /* from 0 within the role */
    uint8_t ticket_secret[TLS_TICKET_SECRET_SIZE];
};

/* Runs until SIGTERM; returns the process's exit status. */
typedef int role_main(const struct role_start *start);

struct role {
    const char *name;
    role_main *run;
    unsigned (*count)(const struct configuration *configuration);
};

/* Returns the exit status of musterd: 0 after an orderly stop, 1 when it could not start. */
int supervise(const struct configuration *configuration, const struct role roles[], unsigned role_count);

#endif
