/* SPDX-License-Identifier: Apache-2.0
 * The four kinds of process, each in a file of its own. */
#ifndef MUSTERD_ROLES_H
#define MUSTERD_ROLES_H

#include "supervisor.h"

int role_edge_main(const struct role_start *start);
int role_desk_main(const struct role_start *start);
int role_courier_main(const struct role_start *start);
int role_ops_main(const struct role_start *start);

#endif
