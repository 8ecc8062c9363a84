/* SPDX-License-Identifier: Apache-2.0
 * Looking at the register: the rows of schema `report`, streamed, until what was journalled is there too. */
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

#include "core/clock.h"
#include "domain/exercise.h"
#include "drill.h"
#include "drill/ledger.h"

enum { WAIT_SECONDS = 120, LOOK_AGAIN_SECONDS = 2 };

bool drill_look_read(struct cli *cli, struct drill_look *look, bool *possible)
{
    uint64_t wait = WAIT_SECONDS;
    *look = (struct drill_look){.desk_url = cli_option(cli, "--desk"),
                                .token_file = cli_option(cli, "--token-file"),
                                .database_url = cli->configuration.database_url};
    if ((look->desk_url != NULL) != (look->token_file != NULL)) {
        (void)fputs("muster drill: --desk and --token-file belong together\n", stderr);
        return false;
    }
    if (!drill_number(cli, "--wait", 0, 86400, &wait)) {
        return false;
    }
    look->wait_s = (long)wait;
    *possible = look->desk_url != NULL || look->database_url[0] != '\0';
    return true;
}

static unsigned number_at(const PGresult *row, int column)
{
    uint64_t value = 0;
    struct slice text = slice_make(PQgetvalue(row, 0, column), (size_t)PQgetlength(row, 0, column));
    return slice_to_u64(text, UINT32_MAX, &value) ? (unsigned)value : 0;
}

static void show_row(struct verdict *verdict, const PGresult *row, bool parties)
{
    struct uuid id;
    uint64_t registration_id = 0;
    if (!uuid_parse(slice_of(PQgetvalue(row, 0, 0)), &id) ||
        !slice_to_u64(slice_of(PQgetvalue(row, 0, 1)), INT64_MAX, &registration_id)) {
        return; /* the columns are never null */
    }
    bool by_journal = strcmp(PQgetvalue(row, 0, parties ? 4 : 6), "journal") == 0;
    if (parties) {
        verdict_party(verdict, &id, (int64_t)registration_id, strcmp(PQgetvalue(row, 0, 2), "registered") == 0,
                      number_at(row, 3), by_journal);
        return;
    }
    struct verdict_check_in check_in = {
        .id = id,
        .registration_id = (int64_t)registration_id,
        .status = slice_of(PQgetvalue(row, 0, 2)),
        .band = number_at(row, 3),
        .people = number_at(row, 4),
        .sms = strcmp(PQgetvalue(row, 0, 5), "sms") == 0,
        .via_journal = by_journal,
    };
    verdict_check_in(verdict, &check_in);
}

/* Row by row, so that a million need no memory here. */
static bool show_rows(struct cli *cli, enum pg_statement statement, struct verdict *verdict)
{
    char first_text[UUID_TEXT_SIZE + 1], last_text[UUID_TEXT_SIZE + 1];
    struct uuid first = exercise_first(verdict->roll->drill), last = exercise_last(verdict->roll->drill);
    const char *const values[] = {uuid_format(&first, first_text).data, uuid_format(&last, last_text).data};
    struct error error = {.code = ERROR_NONE};
    PGresult *row;
    bool good =
        PQsendQueryParams(cli->owner, pg_statement_table[statement].text, 2, NULL, values, NULL, NULL, 0) == 1 &&
        PQsetSingleRowMode(cli->owner) == 1;
    while (good && (row = PQgetResult(cli->owner)) != NULL) {
        ExecStatusType status = PQresultStatus(row);
        if (status == PGRES_SINGLE_TUPLE) {
            show_row(verdict, row, statement == PG_DRILL_PARTIES);
        }
        good = status == PGRES_SINGLE_TUPLE || status == PGRES_TUPLES_OK;
        PQclear(row);
    }
    if (!good) {
        (void)error_set(&error, ERROR_UNAVAILABLE, "drill.verify", "%s", PQerrorMessage(cli->owner));
        (void)cli_fail(cli, &error);
    }
    return good;
}

static bool look_once(struct cli *cli, const struct drill_look *look, struct roll *roll, bool ended,
                      struct verdict *verdict)
{
    if (look->desk_url != NULL) {
        return drill_look_at_desk(cli, look, roll, ended, verdict);
    }
    verdict_begin(verdict, roll, ended);
    if (!show_rows(cli, PG_DRILL_PARTIES, verdict) || !show_rows(cli, PG_DRILL_CHECK_INS, verdict)) {
        return false;
    }
    verdict_end(verdict, NULL, NULL);
    return true;
}

/* PostgreSQL may be away still, or again: that is what drills are about. Says why when it is to be waited for no longer. */
static bool connect_until(struct cli *cli, int64_t until_us)
{
    for (;;) {
        PGconn *conn = PQconnectdb(cli->configuration.database_url);
        bool good = PQstatus(conn) == CONNECTION_OK;
        PQfinish(conn);
        if (good || clock_monotonic() >= until_us) {
            PQfinish(cli->owner);
            cli->owner = NULL;
            return cli_connect(cli);
        }
        (void)sleep(1);
    }
}

bool drill_look(struct cli *cli, const struct drill_look *look, struct roll *roll, bool ended, struct verdict *verdict)
{
    int64_t until_us = clock_monotonic() + look->wait_s * MICROSECONDS_A_SECOND;
    bool terminal = isatty(STDERR_FILENO) == 1;
    bool waited = false;
    if (look->desk_url == NULL && !connect_until(cli, until_us)) {
        return false;
    }
    while (look_once(cli, look, roll, ended, verdict)) {
        /* what only is late is lost for now; anything else does not get better by waiting */
        if (verdict->lost == 0 || clock_monotonic() >= until_us) {
            (void)fputs(waited && terminal ? "\n" : "", stderr);
            return true;
        }
        if (terminal || !waited) {
            (void)fprintf(stderr, "%swaiting for the journal: %llu answered records are not in the register yet%s",
                          terminal ? "\r\033[K" : "", (unsigned long long)verdict->lost, terminal ? "" : "\n");
        }
        waited = true;
        verdict_release(verdict);
        (void)sleep(LOOK_AGAIN_SECONDS);
    }
    verdict_release(verdict);
    return false;
}

int drill_verify(struct cli *cli, const char *ledger)
{
    struct error error = {.code = ERROR_NONE};
    struct ledger_head head;
    struct roll roll;
    struct drill_look look;
    struct verdict verdict = {.failed = false};
    char drill[EXERCISE_DRILL_DIGITS + 1];
    bool possible = false;
    if (!drill_look_read(cli, &look, &possible)) {
        return CLI_USAGE;
    }
    if (!ledger_load(ledger, &roll, &head, &error)) {
        return cli_fail(cli, &error);
    }
    if (!possible) {
        (void)error_set(&error, ERROR_INVALID, "drill.verify", "give --database, or --desk and --token-file");
    }
    int status = CLI_FAILED;
    if (!possible) {
        (void)cli_fail(cli, &error);
    } else if (drill_look(cli, &look, &roll, head.ended, &verdict)) {
        status = verdict_is_good(&verdict) ? CLI_DONE : CLI_FAILED;
        if (cli->json) {
            (void)cli_answer(cli,
                             json_pack("{s:s,s:s,s:b,s:o}", "drill", exercise_drill_format(roll.drill, drill).data,
                                       "started", head.started, "ended", head.ended, "verified",
                                       report_verdict_json(&verdict)),
                             "%s", "");
        } else {
            (void)printf("Drill %s of %s%s\n", exercise_drill_format(roll.drill, drill).data, head.started,
                         head.ended ? "" : ", which was stopped before its end");
            report_verdict_words(&verdict, stdout);
        }
    }
    verdict_release(&verdict);
    roll_release(&roll);
    return status;
}
