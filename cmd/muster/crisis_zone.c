/* SPDX-License-Identifier: Apache-2.0
 * Which zones a country has is read from the system's time zone database (zone.tab: a line a zone, its country first). */
#include "crisis_zone.h"

#include <stdio.h>
#include <string.h>

#include "pg/pool.h"

enum { LINE_MAX_SIZE = 512, ZONE_NAME_SIZE = 64 };

#define ZONE_TABLE "/usr/share/zoneinfo/zone.tab"

/* False when the country has none or several there, or there is no such table. */
static bool only_zone(const char *country, char name[ZONE_NAME_SIZE])
{
    char line[LINE_MAX_SIZE];
    unsigned found = 0;
    FILE *file = fopen(ZONE_TABLE, "re");
    while (file != NULL && fgets(line, sizeof(line), file) != NULL) {
        char code[3] = "";
        char zone[ZONE_NAME_SIZE] = "";
        if (sscanf(line, "%2[A-Z]\t%*[^\t]\t%63[^\t\n]", code, zone) == 2 && strcmp(code, country) == 0) {
            memcpy(name, zone, sizeof(zone));
            found++;
        }
    }
    if (file != NULL) {
        (void)fclose(file);
    }
    return found == 1;
}

/* Of how many rows; -1 after saying why. */
static int keep(struct cli *cli, const char *id, const char *name)
{
    const char *const values[] = {id, name};
    PGresult *result = cli_run(cli, PG_CRISIS_TIME_ZONE, 2, values, NULL, NULL);
    int count = result != NULL ? PQntuples(result) : -1;
    PQclear(result);
    return count;
}

int crisis_zone_set(struct cli *cli, const char *id, const char *name)
{
    struct error error = {.code = ERROR_NONE};
    char of_country[ZONE_NAME_SIZE] = "";
    const char *const values[] = {id};
    PGresult *result = cli_run(cli, PG_CRISIS_ZONELESS, 1, values, NULL, NULL);
    if (result == NULL) {
        return CLI_FAILED;
    }
    bool there = PQntuples(result) == 1;
    bool one = there && only_zone(PQgetvalue(result, 0, 1), of_country);
    PQclear(result);
    if (!there) {
        (void)error_set(&error, ERROR_INVALID, "crisis", "there is no crisis \"%s\"", id);
        return cli_fail(cli, &error);
    }
    if (name == NULL && !one) {
        (void)error_set(&error, ERROR_INVALID, "crisis",
                        "its country has no one time zone: say --name, such as Africa/Niamey");
        return cli_fail(cli, &error);
    }
    name = name != NULL ? name : of_country;
    int kept = keep(cli, id, name);
    if (kept < 0) {
        return CLI_FAILED;
    }
    if (kept == 0) {
        (void)error_set(&error, ERROR_INVALID, "crisis", "PostgreSQL knows no time zone \"%s\"", name);
        return cli_fail(cli, &error);
    }
    return cli_answer(cli, json_pack("{s:s,s:s}", "crisis", id, "time_zone", name),
                      "Crisis %s keeps the nights of %s quiet.", id, name);
}

bool crisis_zone_fill(struct cli *cli)
{
    const char *const values[] = {""};
    PGresult *result = cli_run(cli, PG_CRISIS_ZONELESS, 1, values, NULL, NULL);
    bool ok = result != NULL;
    for (int i = 0; ok && i < PQntuples(result); i++) {
        char name[ZONE_NAME_SIZE];
        if (only_zone(PQgetvalue(result, i, 1), name)) {
            ok = keep(cli, PQgetvalue(result, i, 0), name) >= 0; /* one that PostgreSQL does not know is left unsaid */
        }
    }
    PQclear(result);
    return ok;
}
