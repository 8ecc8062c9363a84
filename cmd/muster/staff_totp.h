/* SPDX-License-Identifier: Apache-2.0
 * The second factor, within `muster staff`. Each answers, or returns CLI_USAGE and leaves the usage to be said. */
#ifndef MUSTER_STAFF_TOTP_H
#define MUSTER_STAFF_TOTP_H

#include "cli.h"

int staff_totp(struct cli *cli);
int staff_require_totp(struct cli *cli);

#endif
