/* SPDX-License-Identifier: Apache-2.0
 * `muster crisis`: open a sample, close, list. */
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "cli.h"
#include "places.h"
#include "crisis_zone.h"
#include "domain/triage_policy.h"
#include "pg/pool.h"
#include "pg/sample.h"

enum { APPROVAL_MOST = 1000000 };

static const char usage[] =
    "usage: muster crisis open --sample NAME   open a sample crisis (niger-2023); safe to run again\n"
    "       muster crisis close --id ID        stop taking registrations and check-ins for it\n"
    "       muster crisis approval --id ID --above N   broadcasts to more than N people need a second officer (200)\n"
    "       muster crisis capital --id ID --post POST --country CC --name NAME --lat LAT --lon LON\n"
    "                                          the post above the lead post: what that escalates goes there\n"
    "       muster crisis policy --id ID       which band each reason has, and when each band is answered\n"
    "       muster crisis zone --id ID [--name ZONE]   whose nights are kept quiet (Africa/Niamey); its country's\n"
    "       muster crisis why --id ID --when resolved,other_post   which looks at cases ask for a reason; empty: none\n"
    "       muster crisis list\n";

static int open_sample(struct cli *cli, const char *name)
{
    struct error error = {.code = ERROR_NONE};
    const struct pg_sample *sample = pg_sample_table;
    while (sample->name != NULL && strcmp(sample->name, name) != 0) {
        sample++;
    }
    if (sample->name == NULL) {
        (void)error_set(&error, ERROR_INVALID, "crisis", "there is no sample \"%s\"", name);
        return cli_fail(cli, &error);
    }
    if (!cli_connect(cli)) {
        return CLI_FAILED;
    }
    PGresult *result = PQexec(cli->owner, sample->text); /* several statements: one implicit transaction */
    bool ok = PQresultStatus(result) == PGRES_COMMAND_OK ||
              error_set(&error, ERROR_INVALID, "crisis", "%s", PQerrorMessage(cli->owner));
    PQclear(result);
    if (!ok) {
        return cli_fail(cli, &error);
    }
    if (!crisis_zone_fill(cli) || (sample->places != NULL && !import_sample(cli, sample->crisis, sample->places))) {
        return CLI_FAILED;
    }
    return cli_answer(cli, json_pack("{s:s}", "sample", name), "The sample crisis %s is open.", name);
}

static int close_crisis(struct cli *cli, const char *id)
{
    struct error error = {.code = ERROR_NONE};
    const char *const values[] = {id};
    PGresult *result = cli_run(cli, PG_CRISIS_CLOSE, 1, values, NULL, NULL);
    if (result == NULL) {
        return CLI_FAILED;
    }
    bool closed = PQntuples(result) == 1;
    PQclear(result);
    if (!closed) {
        (void)error_set(&error, ERROR_INVALID, "crisis", "there is no open crisis \"%s\"", id);
        return cli_fail(cli, &error);
    }
    return cli_answer(cli, json_pack("{s:s}", "closed", id), "Crisis %s is closed.", id);
}

static int set_approval(struct cli *cli, const char *id, const char *above)
{
    struct error error = {.code = ERROR_NONE};
    const char *const values[] = {id, above};
    char *end = NULL;
    long most = strtol(above, &end, 10);
    if (*above == '\0' || *end != '\0' || most < 0 || most > APPROVAL_MOST) {
        (void)error_set(&error, ERROR_INVALID, "crisis", "--above must be a whole number from 0 to 1000000");
        return cli_fail(cli, &error);
    }
    PGresult *result = cli_run(cli, PG_CRISIS_APPROVAL, 2, values, NULL, NULL);
    if (result == NULL) {
        return CLI_FAILED;
    }
    bool there = PQntuples(result) == 1;
    PQclear(result);
    if (!there) {
        (void)error_set(&error, ERROR_INVALID, "crisis", "there is no crisis \"%s\"", id);
        return cli_fail(cli, &error);
    }
    return cli_answer(cli, json_pack("{s:s,s:I}", "crisis", id, "approval_above", (json_int_t)most),
                      "Broadcasts of %s to more than %ld people need a second officer.", id, most);
}

static int set_why(struct cli *cli, const char *id, const char *when)
{
    struct error error = {.code = ERROR_NONE};
    const char *const values[] = {id, when};
    PGresult *result = cli_run(cli, PG_CRISIS_ASK_WHY, 2, values, NULL, NULL);
    if (result == NULL) {
        return CLI_FAILED;
    }
    bool there = PQntuples(result) == 1;
    PQclear(result);
    if (!there) {
        (void)error_set(&error, ERROR_INVALID, "crisis", "there is no crisis \"%s\"", id);
        return cli_fail(cli, &error);
    }
    return cli_answer(cli, json_pack("{s:s,s:s}", "crisis", id, "ask_why", when), "Crisis %s asks why: %s.", id,
                      *when != '\0' ? when : "never");
}

static int list(struct cli *cli)
{
    PGresult *result = cli_run(cli, PG_CRISIS_OVERVIEW, 0, NULL, NULL, NULL);
    if (result == NULL) {
        return CLI_FAILED;
    }
    json_t *rows = json_array();
    for (int i = 0; i < PQntuples(result); i++) {
        const char *open = PQgetvalue(result, i, 3);
        (void)json_array_append_new(rows, json_pack("{s:s,s:s,s:s,s:b,s:s,s:s}", "id", PQgetvalue(result, i, 0),
                                                    "country", PQgetvalue(result, i, 1), "posture",
                                                    PQgetvalue(result, i, 2), "open", open[0] == 't', "parties",
                                                    PQgetvalue(result, i, 4), "cases", PQgetvalue(result, i, 5)));
        if (!cli->json) {
            (void)printf("%-20s %s  %-24s %-6s %s parties, %s open cases\n", PQgetvalue(result, i, 0),
                         PQgetvalue(result, i, 1), PQgetvalue(result, i, 2), open[0] == 't' ? "open" : "closed",
                         PQgetvalue(result, i, 4), PQgetvalue(result, i, 5));
        }
    }
    int count = PQntuples(result);
    PQclear(result);
    return cli_answer(cli, json_pack("{s:o}", "crises", rows), "%d crises", count);
}

static int set_capital(struct cli *cli, const char *id)
{
    static const char *const names[] = {"--post", "--country", "--name", "--lat", "--lon"};
    struct error error = {.code = ERROR_NONE};
    const char *values[6] = {id};
    for (size_t i = 0; i < 5; i++) {
        values[i + 1] = cli_option(cli, names[i]);
        if (values[i + 1] == NULL) {
            return cli_usage(usage);
        }
    }
    PGresult *result = cli_run(cli, PG_CRISIS_CAPITAL, 6, values, NULL, NULL);
    if (result == NULL) {
        return CLI_FAILED;
    }
    bool made = PQntuples(result) == 1;
    PQclear(result);
    if (!made) {
        (void)error_set(&error, ERROR_INVALID, "crisis", "there is no crisis \"%s\", or %s leads it", id, values[1]);
        return cli_fail(cli, &error);
    }
    return cli_answer(cli, json_pack("{s:s,s:s}", "crisis", id, "capital", values[1]),
                      "%s is the capital of crisis %s.", values[1], id);
}

static int show_policy(struct cli *cli, const char *id)
{
    struct error error = {.code = ERROR_NONE};
    struct triage_policy policy;
    const char *const values[] = {id};
    PGresult *result = cli_run(cli, PG_POLICY_SHOW, 1, values, NULL, NULL);
    if (result == NULL) {
        return CLI_FAILED;
    }
    bool there = PQntuples(result) == 1;
    bool own = there && strcmp(PQgetvalue(result, 0, 2), "0") != 0;
    triage_policy_read(slice_of(there ? PQgetvalue(result, 0, 0) : ""), slice_of(there ? PQgetvalue(result, 0, 1) : ""),
                       &policy);
    const char *danger = there ? PQgetvalue(result, 0, 6) : "";
    json_t *check_ins =
        json_pack("{s:s,s:b,s:s}", "danger_minutes", danger, "texts_at_night",
                  there && *PQgetvalue(result, 0, 4) == 't', "time_zone", there ? PQgetvalue(result, 0, 5) : "");
    (void)(cli->json || !there ||
           printf("In a danger zone a check-in is due every %s min. Texts at night: %s.\n", danger,
                  *PQgetvalue(result, 0, 4) == 't'    ? "yes"
                  : *PQgetvalue(result, 0, 5) == '\0' ? "yes, for want of a time zone"
                                                      : "no"));
    PQclear(result);
    if (!there) {
        json_decref(check_ins);
        (void)error_set(&error, ERROR_INVALID, "crisis", "there is no crisis \"%s\"", id);
        return cli_fail(cli, &error);
    }
    json_t *reasons = json_object();
    json_t *minutes = json_array();
    for (unsigned i = 0; i < REASON_COUNT; i++) {
        const char *reason = vocabulary_name(&vocabulary_triage_reason, i).data;
        if (policy.band_of[i] != BAND_NONE) {
            (void)json_object_set_new(reasons, reason, json_integer(policy.band_of[i]));
            (void)(cli->json || printf("%-24s band %u, answered within %u min\n", reason, policy.band_of[i],
                                       policy.answer_minutes[policy.band_of[i]]));
        }
    }
    for (unsigned band = BAND_IMMEDIATE; band < BAND_COUNT; band++) {
        (void)json_array_append_new(minutes, json_integer(policy.answer_minutes[band]));
    }
    return cli_answer(cli,
                      json_pack("{s:s,s:b,s:o,s:o,s:o}", "crisis", id, "changed", own, "reasons", reasons,
                                "answer_minutes", minutes, "check_ins", check_ins),
                      own ? "The policy of %s was changed by a lead." : "Crisis %s has the default policy.", id);
}

int command_crisis(struct cli *cli)
{
    const char *verb = cli_verb(cli);
    const char *sample = cli_option(cli, "--sample");
    const char *id = cli_option(cli, "--id");
    if (strcmp(verb, "open") == 0 && sample != NULL) {
        return open_sample(cli, sample);
    }
    if (strcmp(verb, "close") == 0 && id != NULL) {
        return close_crisis(cli, id);
    }
    if (strcmp(verb, "approval") == 0 && id != NULL && cli_option(cli, "--above") != NULL) {
        return set_approval(cli, id, cli_option(cli, "--above"));
    }
    if (strcmp(verb, "capital") == 0 && id != NULL) {
        return set_capital(cli, id);
    }
    if (strcmp(verb, "why") == 0 && id != NULL && cli_option(cli, "--when") != NULL) {
        return set_why(cli, id, cli_option(cli, "--when"));
    }
    if (strcmp(verb, "zone") == 0 && id != NULL) {
        return crisis_zone_set(cli, id, cli_option(cli, "--name"));
    }
    if (strcmp(verb, "policy") == 0 && id != NULL) {
        return show_policy(cli, id);
    }
    return strcmp(verb, "list") == 0 ? list(cli) : cli_usage(usage);
}
