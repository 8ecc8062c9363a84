/* SPDX-License-Identifier: Apache-2.0
 * `muster migrate`: the database to this version. */
#include <stdio.h>

#include "cli.h"
#include "crisis_zone.h"
#include "pg/migrate.h"

static void on_applied(void *context, const struct pg_migration *migration)
{
    json_t *names = context;
    (void)fprintf(stderr, "migrated: %s\n", migration->name);
    (void)json_array_append_new(names, json_string(migration->name));
}

int command_migrate(struct cli *cli)
{
    struct error error = {.code = ERROR_NONE};
    if (cli_flag(cli, "--help")) {
        (void)puts("usage: muster [-c FILE] migrate\nApplies the migrations that the database does not have yet; safe "
                   "to run again.");
        return CLI_DONE;
    }
    if (!cli_connect(cli)) {
        return CLI_FAILED;
    }
    json_t *names = json_array();
    if (!pg_migrate(cli->owner, pg_migration_table, on_applied, names, &error)) {
        json_decref(names);
        return cli_fail(cli, &error);
    }
    if (!crisis_zone_fill(cli)) {
        json_decref(names);
        return CLI_FAILED;
    }
    size_t count = json_array_size(names);
    return cli_answer(cli, json_pack("{s:o}", "applied", names),
                      "%zu migrations applied; the database is at this version.", count);
}
