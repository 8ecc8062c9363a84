/* SPDX-License-Identifier: Apache-2.0
 * Taking exercises out of the register again, a few thousand rows a transaction. */
#include <stdio.h>
#include <string.h>
#include <unistd.h>

#include "core/case_code.h"
#include "domain/exercise.h"
#include "domain/triage.h"
#include "drill.h"
#include "drill/ledger.h"
#include "journal/journal.h"

enum { CHUNK = 5000, KEPT_MAX = 20, NUMBER_SIZE = 24 };

/* The columns of both statements, after the first. */
enum { CHECK_INS, PARTIES, MEMBERS, CONTACTS, CASES, NOTES, COUNT_COUNT };
static const char *const count_names[COUNT_COUNT] = {"check_ins", "parties", "members", "contacts", "cases", "notes"};

struct cleaning {
    struct cli *cli;
    bool all;
    uint64_t chunk; /* rows a transaction */
    uint32_t drill;
    char first[UUID_TEXT_SIZE + 1], last[UUID_TEXT_SIZE + 1];
    uint64_t counts[COUNT_COUNT];
    uint64_t kept;
    char kept_codes[KEPT_MAX][CASE_CODE_TEXT_SIZE + 1];
};

static bool which(struct cleaning *c)
{
    struct error error = {.code = ERROR_NONE};
    const char *drill = cli_option(c->cli, "--drill");
    const char *ledger = cli_option(c->cli, "--ledger");
    c->all = cli_flag(c->cli, "--all");
    if ((drill != NULL) + (ledger != NULL) + c->all != 1) {
        (void)fputs("muster drill --clean: say which: --drill ID, --ledger FILE or --all\n", stderr);
        return false;
    }
    if (drill != NULL && !exercise_drill_parse(slice_of(drill), &c->drill)) {
        (void)fprintf(stderr, "muster drill --clean: %s is no drill: seven hexadecimal digits\n", drill);
        return false;
    }
    if (ledger != NULL) {
        struct roll roll;
        struct ledger_head head;
        if (!ledger_load(ledger, &roll, &head, &error)) {
            (void)cli_fail(c->cli, &error);
            return false;
        }
        c->drill = roll.drill;
        roll_release(&roll);
    }
    struct uuid first = exercise_first(c->all ? 0 : c->drill);
    struct uuid last = exercise_last(c->all ? EXERCISE_DRILL_MAX : c->drill);
    (void)uuid_format(&first, c->first);
    (void)uuid_format(&last, c->last);
    return true;
}

static uint64_t number_at(const PGresult *rows, int column)
{
    uint64_t value = 0;
    (void)slice_to_u64(slice_of(PQgetvalue(rows, 0, column)), UINT64_MAX, &value); /* counts are numbers */
    return value;
}

/* Parties that are somebody's: said, so that a person can look at them. */
static void add_kept(struct cleaning *c, const char *numbers)
{
    struct slice rest = slice_of(numbers);
    struct slice word;
    uint64_t number = 0;
    while (slice_split(&rest, ' ', &word)) {
        if (slice_to_u64(word, (uint64_t)REGISTRATION_ID_MAX, &number) && c->kept++ < KEPT_MAX) {
            (void)case_code_format((int64_t)number, c->kept_codes[c->kept - 1]);
        }
    }
}

static void add_chunk(struct cleaning *c, const PGresult *rows)
{
    for (int i = 0; i < COUNT_COUNT; i++) {
        c->counts[i] += number_at(rows, i + 1);
    }
    add_kept(c, PQgetvalue(rows, 0, COUNT_COUNT + 1));
    if (isatty(STDERR_FILENO) == 1) {
        (void)fprintf(stderr, "\r\033[Kremoved %llu check-ins, %llu parties", (unsigned long long)c->counts[CHECK_INS],
                      (unsigned long long)c->counts[PARTIES]);
    }
}

/* Chunk by chunk until the statement says that there is no more; `after` is the key it stands at. */
static bool clean_with(struct cleaning *c, enum pg_statement statement, char *after, size_t after_size)
{
    char chunk[NUMBER_SIZE], reason[NUMBER_SIZE], minutes[NUMBER_SIZE];
    (void)snprintf(chunk, sizeof(chunk), "%lu", (unsigned long)c->chunk);
    (void)snprintf(reason, sizeof(reason), "%u", REASON_BIT(REASON_UNKNOWN_SENDER));
    (void)snprintf(minutes, sizeof(minutes), "%u", triage_policy_default.answer_minutes[BAND_NON_URGENT]);
    const char *const values[] = {after, c->first, c->last, chunk, reason, minutes};
    for (;;) {
        PGresult *rows = cli_run(c->cli, statement, statement == PG_DRILL_CLEAN_PARTIES ? 6 : 4, values, NULL, NULL);
        if (rows == NULL) {
            return false;
        }
        bool more = PQgetisnull(rows, 0, 0) == 0;
        if (more) {
            (void)snprintf(after, after_size, "%s", PQgetvalue(rows, 0, 0));
            add_chunk(c, rows);
        }
        PQclear(rows);
        if (!more) {
            return true;
        }
    }
}

static json_t *begin_json(const struct cleaning *c)
{
    char drill[EXERCISE_DRILL_DIGITS + 1];
    json_t *detail = json_object();
    (void)json_object_set_new(detail, "drill",
                              json_string(c->all ? "all" : exercise_drill_format(c->drill, drill).data));
    return detail;
}

static json_t *detail_json(const struct cleaning *c)
{
    json_t *detail = begin_json(c);
    for (int i = 0; i < COUNT_COUNT; i++) {
        (void)json_object_set_new(detail, count_names[i], json_integer((json_int_t)c->counts[i]));
    }
    (void)json_object_set_new(detail, "kept", json_integer((json_int_t)c->kept));
    return detail;
}

/* What was removed, or only that it begins: should it be killed, that much stands in the audit. */
static bool put_on_record(struct cleaning *c, bool begins)
{
    char origin[128];
    const char *user = getlogin();
    json_t *detail = begins ? begin_json(c) : detail_json(c);
    char *text = json_dumps(detail, JSON_COMPACT);
    (void)snprintf(origin, sizeof(origin), "%s as %s", user != NULL ? user : "uid unknown", PQuser(c->cli->owner));
    const char *const values[] = {origin, text};
    PGresult *rows = text != NULL ? cli_run(c->cli, PG_DRILL_AUDIT, 2, values, NULL, NULL) : NULL;
    bool done = rows != NULL;
    PQclear(rows);
    free(text);
    json_decref(detail);
    return done;
}

/* What the journal still holds of a drill would come back after it was removed. */
static void warn_of_journal(const struct cleaning *c)
{
    struct error error = {.code = ERROR_NONE};
    struct journal_summary summary = {.segments = 0};
    if (journal_list(c->cli->configuration.journal_directory, NULL, 0, &summary, &error) && summary.bytes > 0) {
        (void)fprintf(stderr, "muster: the journal holds %llu bytes: once it is replayed, run this again\n",
                      (unsigned long long)summary.bytes);
    }
}

static int count_only(struct cleaning *c)
{
    const char *const values[] = {c->first, c->last};
    PGresult *rows = cli_run(c->cli, PG_DRILL_MARKED, 2, values, NULL, NULL);
    if (rows == NULL) {
        return CLI_FAILED;
    }
    unsigned long long check_ins = number_at(rows, 0), parties = number_at(rows, 1), strangers = number_at(rows, 2);
    PQclear(rows);
    return cli_answer(
        c->cli,
        json_pack("{s:I,s:I,s:I}", "check_ins", (json_int_t)check_ins, "parties", (json_int_t)parties, "unidentified",
                  (json_int_t)strangers),
        "Marked as an exercise: %llu check-ins, %llu registered parties, %llu parties that nobody registered. "
        "Nothing was removed.",
        check_ins, parties, strangers);
}

static int answer(struct cleaning *c)
{
    json_t *codes = json_array();
    for (unsigned i = 0; i < c->kept && i < KEPT_MAX; i++) {
        (void)json_array_append_new(codes, json_string(c->kept_codes[i]));
        if (!c->cli->json) {
            (void)printf("  %s stays: it is, or holds, somebody's own\n", c->kept_codes[i]);
        }
    }
    json_t *detail = detail_json(c);
    (void)json_object_set_new(detail, "kept_cases", codes);
    return cli_answer(c->cli, detail,
                      "Removed %llu check-ins and %llu parties with %llu members, %llu contacts, %llu cases and %llu "
                      "notes; %llu parties with something real stay.",
                      (unsigned long long)c->counts[CHECK_INS], (unsigned long long)c->counts[PARTIES],
                      (unsigned long long)c->counts[MEMBERS], (unsigned long long)c->counts[CONTACTS],
                      (unsigned long long)c->counts[CASES], (unsigned long long)c->counts[NOTES],
                      (unsigned long long)c->kept);
}

int drill_clean(struct cli *cli)
{
    struct cleaning cleaning = {.cli = cli, .chunk = CHUNK};
    char after_id[UUID_TEXT_SIZE + 1] = "00000000-0000-0000-0000-000000000000";
    char after_number[NUMBER_SIZE] = "-1";
    if (!which(&cleaning) || !drill_number(cli, "--chunk", 1, 100000, &cleaning.chunk)) {
        return CLI_USAGE;
    }
    if (cli_flag(cli, "--dry-run")) {
        return count_only(&cleaning);
    }
    bool done = cli_connect(cli) && put_on_record(&cleaning, true) &&
                clean_with(&cleaning, PG_DRILL_CLEAN_CHECK_INS, after_id, sizeof(after_id)) &&
                clean_with(&cleaning, PG_DRILL_CLEAN_PARTIES, after_number, sizeof(after_number));
    if (isatty(STDERR_FILENO) == 1) {
        (void)fputc('\n', stderr);
    }
    if (cli->owner != NULL && PQstatus(cli->owner) == CONNECTION_OK) {
        done = put_on_record(&cleaning, false) && done; /* also of what was removed before it failed */
    }
    warn_of_journal(&cleaning);
    return done ? answer(&cleaning) : CLI_FAILED;
}
