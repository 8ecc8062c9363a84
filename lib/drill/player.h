/* SPDX-License-Identifier: Apache-2.0
 * Plays a scenario against a server until all of it is answered. */
#ifndef DRILL_PLAYER_H
#define DRILL_PLAYER_H

#include <stdbool.h>

#include "core/error.h"
#include "drill/ledger.h"
#include "drill/roll.h"
#include "drill/scenario.h"
#include "drill/submission.h"
#include "drill/tally.h"
#include "drill/target.h"

enum {
    PLAYER_CONNECTIONS_MAX = 4096, /* 26 KiB each */
    PLAYER_DRAIN_SECONDS = 120,    /* without any answer, once nothing new is begun */
};

struct player_config {
    const struct target *target;
    struct submission_frame frame;
    struct roll *roll;
    struct ledger *ledger;
    unsigned connections;
    void (*on_second)(void *context, const struct tally *tally); /* may be NULL */
    void *context;
};

/* Returns when everything begun is answered, when nothing was answered for PLAYER_DRAIN_SECONDS after the last phase, or on SIGINT or
 * SIGTERM (the first ends the phases, the second everything). False when the server cannot be reached or proved, or the
 * ledger cannot be written; `tally` is then what happened until there. */
bool player_run(const struct player_config *config, struct tally *tally, struct error *error);

#endif
