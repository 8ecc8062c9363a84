/* SPDX-License-Identifier: Apache-2.0
 * Bringing a database forward to this version, one numbered migration a transaction; never back. Blocking: for the command line. */
#ifndef PG_MIGRATE_H
#define PG_MIGRATE_H

#include <libpq-fe.h>
#include <stdbool.h>

#include "core/error.h"

struct pg_migration {
    int version; /* from 1, rising */
    const char *name;
    const char *text;
};
/* sql/migrations, embedded by the build; ends with version 0. */
extern const struct pg_migration pg_migration_table[];

/* Applies what is missing, telling `on_applied` (may be NULL) of each. Two at once wait for each other (advisory lock). Refuses when a
 * migration that was applied has other text now, or the database is newer than this program. */
bool pg_migrate(PGconn *owner, const struct pg_migration migrations[],
                void (*on_applied)(void *context, const struct pg_migration *migration), void *context,
                struct error *error);
/* True when nothing is to be applied and nothing refused. */
bool pg_migrate_is_current(PGconn *owner, const struct pg_migration migrations[], struct error *error);

#endif
