/* SPDX-License-Identifier: Apache-2.0
 * The time zone of a crisis: whose nights are kept quiet. */
#ifndef MUSTER_CRISIS_ZONE_H
#define MUSTER_CRISIS_ZONE_H

#include "cli.h"

/* `muster crisis zone`. `name` NULL: the one that its country has. */
int crisis_zone_set(struct cli *cli, const char *id, const char *name);
/* Gives each open crisis that has none the one of its country, where that has but one. False after saying why. */
bool crisis_zone_fill(struct cli *cli);

#endif
