/* SPDX-License-Identifier: Apache-2.0
 * Query parameters by table: one row each, read by one engine. */
#ifndef DESK_QUERY_TABLE_H
#define DESK_QUERY_TABLE_H

#include <stdbool.h>
#include <stddef.h>

#include "core/arena.h"
#include "core/slice.h"
#include "domain/field_error.h"

struct query_parameter {
    struct slice name;
    bool (*parse)(struct slice value, void *filter); /* false: `fault` */
    enum field_fault fault;
};

/* Reads a query into *filter, naming every parameter at fault, repeated or not in the table; true when there was none. Empty parameters are as absent;
 * `lang` is passed over, as the answer's language is the business of desk_call.c. */
bool query_table_read(struct arena *arena, struct slice query, const struct query_parameter table[], size_t count,
                      void *filter, struct field_errors *errors);

#endif
