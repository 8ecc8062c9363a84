/* SPDX-License-Identifier: Apache-2.0
 * The ledger muster.schema_migration and what stands in it. */
#include "pg/migrate.h"

#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "pg/statement.h"

static bool ok(PGconn *owner, PGresult *result, const char *what, struct error *error)
{
    ExecStatusType status = PQresultStatus(result);
    bool done = status == PGRES_COMMAND_OK || status == PGRES_TUPLES_OK;
    PQclear(result);
    return done || error_set(error, ERROR_INVALID, "migrate", "%s: %.250s", what, PQerrorMessage(owner));
}

static bool run(PGconn *owner, enum pg_statement statement, struct error *error)
{
    const struct pg_statement_info *info = &pg_statement_table[statement];
    return ok(owner, PQexec(owner, info->text), info->name, error);
}

static void on_notice(void *context, const PGresult *result)
{
    (void)context;
    (void)result;
}

/* Without the notices that it is there already. */
static bool make_ledger(PGconn *owner, struct error *error)
{
    PQnoticeReceiver usual = PQsetNoticeReceiver(owner, on_notice, NULL);
    bool made = run(owner, PG_MIGRATION_LEDGER, error);
    (void)PQsetNoticeReceiver(owner, usual, NULL);
    return made;
}

/* How many are applied, after checking that each is what we know it as; -1 with `error`. */
static int applied(PGconn *owner, const struct pg_migration migrations[], struct error *error)
{
    PGresult *result = PQexec(owner, pg_statement_table[PG_MIGRATION_LIST].text);
    int count = -1;
    if (PQresultStatus(result) != PGRES_TUPLES_OK) {
        (void)error_set(error, ERROR_INVALID, "migrate",
                        "the database was not migrated yet: run `muster migrate` (%.200s)", PQerrorMessage(owner));
        PQclear(result);
        return -1;
    }
    for (count = 0; count < PQntuples(result); count++) {
        const struct pg_migration *known = &migrations[count];
        const char *const values[] = {known->text};
        if (known->version == 0) {
            (void)error_set(error, ERROR_INVALID, "migrate",
                            "the database is newer than this program: it has migration %s",
                            PQgetvalue(result, count, 1));
            break;
        }
        PGresult *sum =
            PQexecParams(owner, pg_statement_table[PG_MIGRATION_CHECKSUM].text, 1, NULL, values, NULL, NULL, 0);
        bool same =
            PQresultStatus(sum) == PGRES_TUPLES_OK && strcmp(PQgetvalue(sum, 0, 0), PQgetvalue(result, count, 2)) == 0;
        PQclear(sum);
        if (!same) {
            (void)error_set(error, ERROR_INVALID, "migrate",
                            "migration %s was applied with other text than this program has: "
                            "this is not the program or not the database you mean",
                            known->name);
            break;
        }
    }
    count = count == PQntuples(result) ? count : -1;
    PQclear(result);
    return count;
}

static bool apply(PGconn *owner, const struct pg_migration *migration, struct error *error)
{
    char version[16];
    (void)snprintf(version, sizeof(version), "%d", migration->version);
    const char *const values[] = {version, migration->name, migration->text};
    bool done =
        ok(owner, PQexec(owner, "BEGIN"), migration->name, error) &&
        ok(owner, PQexec(owner, migration->text), migration->name, error) &&
        ok(owner, PQexecParams(owner, pg_statement_table[PG_MIGRATION_ADD].text, 3, NULL, values, NULL, NULL, 0),
           migration->name, error) &&
        ok(owner, PQexec(owner, "COMMIT"), migration->name, error);
    if (!done) {
        PQclear(PQexec(owner, "ROLLBACK")); /* the first error is the one to tell */
    }
    return done;
}

bool pg_migrate(PGconn *owner, const struct pg_migration migrations[],
                void (*on_applied)(void *context, const struct pg_migration *migration), void *context,
                struct error *error)
{
    if (!run(owner, PG_MIGRATION_LOCK, error)) {
        return false;
    }
    int count = make_ledger(owner, error) ? applied(owner, migrations, error) : -1;
    bool done = count >= 0;
    for (; done && migrations[count].version != 0; count++) {
        done = apply(owner, &migrations[count], error);
        if (done && on_applied != NULL) {
            on_applied(context, &migrations[count]);
        }
    }
    struct error ignored;
    (void)run(owner, PG_MIGRATION_UNLOCK, &ignored); /* it ends with the connection at the latest */
    return done;
}

bool pg_migrate_is_current(PGconn *owner, const struct pg_migration migrations[], struct error *error)
{
    int count = applied(owner, migrations, error);
    if (count < 0) {
        return false;
    }
    return migrations[count].version == 0 ||
           error_set(error, ERROR_INVALID, "migrate", "migration %s is not applied: run `muster migrate`",
                     migrations[count].name);
}
