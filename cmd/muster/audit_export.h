/* SPDX-License-Identifier: Apache-2.0
 * The audit as lines, within `muster audit`. */
#ifndef MUSTER_AUDIT_EXPORT_H
#define MUSTER_AUDIT_EXPORT_H

#include "cli.h"

int audit_export(struct cli *cli);

#endif
