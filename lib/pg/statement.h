/* SPDX-License-Identifier: Apache-2.0
 * The catalogue of statements, one file each in sql/queries, embedded by the build. */
#ifndef PG_STATEMENT_H
#define PG_STATEMENT_H

#include <stddef.h>

/* enum pg_statement { PG_CHECK_IN_STORE, ... PG_STATEMENT_COUNT }: one for each sql/queries/<name>.sql */
#include "pg/statement_list.h"

struct pg_statement_info {
    const char *name;  /* the file's name without .sql; also the prepared statement's name */
    const char *roles; /* the PostgreSQL roles that may run it: "muster_edge muster_courier" */
    const char *text;
};
extern const struct pg_statement_info pg_statement_table[PG_STATEMENT_COUNT];

#endif
