/* SPDX-License-Identifier: Apache-2.0
 * Smart cards, within `muster staff`. Answers, or returns CLI_USAGE and leaves the usage to be said. */
#ifndef MUSTER_STAFF_CERTIFICATE_H
#define MUSTER_STAFF_CERTIFICATE_H

#include "cli.h"

int staff_certificate(struct cli *cli);

#endif
