/* SPDX-License-Identifier: Apache-2.0
 * The assembly points that citizens are told of, as edges read them. */
#ifndef STORE_ASSEMBLY_H
#define STORE_ASSEMBLY_H

#include <libpq-fe.h>
#include <stdbool.h>
#include <stddef.h>

#include "core/arena.h"
#include "domain/assembly.h"

/* The rows of assembly_list.sql, one at least; copies into the arena. `seen`: which these are. False when memory is out. */
bool assembly_point_read_all(const PGresult *result, struct arena *arena, struct slice *seen,
                             struct assembly_point **points, size_t *count);

#endif
