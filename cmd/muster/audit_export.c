/* SPDX-License-Identifier: Apache-2.0
 * `muster audit export`: JSON lines, or CSV (RFC 4180) with the same columns. */
#include "audit_export.h"

#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "core/case_code.h"

enum { COLUMNS = 7, CASE_COLUMN = 4, DETAIL_COLUMN = 6, FETCH = 5000 };

static const char *const columns[COLUMNS] = {"number", "at", "staff", "action", "case", "origin", "detail"};

/* Quoted always; a spreadsheet runs what begins like a formula, so that begins with an apostrophe. */
static void write_field(const char *text)
{
    (void)putchar('"');
    if (text[0] != '\0' && strchr("=+-@\t\r", text[0]) != NULL) {
        (void)putchar('\'');
    }
    for (; *text != '\0'; text++) {
        if (*text == '"') {
            (void)putchar('"');
        }
        (void)putchar(*text);
    }
    (void)putchar('"');
}

static void write_csv(const char *const values[COLUMNS])
{
    for (int i = 0; i < COLUMNS; i++) {
        if (i > 0) {
            (void)putchar(',');
        }
        write_field(values[i] != NULL ? values[i] : "");
    }
    (void)fputs("\r\n", stdout);
}

static void write_json(const char *const values[COLUMNS])
{
    json_t *object = json_object();
    for (int i = 0; i < COLUMNS; i++) {
        json_t *value = values[i] == NULL    ? json_null()
                        : i == 0             ? json_integer(strtoll(values[i], NULL, 10))
                        : i == DETAIL_COLUMN ? json_loads(values[i], JSON_DECODE_ANY, NULL)
                                             : json_string(values[i]);
        (void)json_object_set_new(object, columns[i], value);
    }
    (void)json_dumpf(object, stdout, JSON_COMPACT);
    (void)putchar('\n');
    json_decref(object);
}

static void write_row(PGresult *rows, int row, bool csv)
{
    char code[CASE_CODE_TEXT_SIZE + 1];
    const char *values[COLUMNS];
    for (int i = 0; i < COLUMNS; i++) {
        values[i] = PQgetisnull(rows, row, i) ? NULL : PQgetvalue(rows, row, i);
    }
    if (values[CASE_COLUMN] != NULL) {
        (void)case_code_format(strtoll(values[CASE_COLUMN], NULL, 10), code);
        values[CASE_COLUMN] = code;
    }
    (csv ? write_csv : write_json)(values);
}

int audit_export(struct cli *cli)
{
    struct error error = {.code = ERROR_NONE};
    const char *code = cli_option(cli, "--case");
    bool csv = cli_flag(cli, "--csv");
    int64_t number = 0;
    char after[24] = "0";
    char number_text[24];
    if (code != NULL && case_code_parse(slice_of(code), &number) != CASE_CODE_OK) {
        (void)error_set(&error, ERROR_INVALID, "audit", "\"%s\" is no case code", code);
        return cli_fail(cli, &error);
    }
    (void)snprintf(number_text, sizeof(number_text), "%lld", (long long)number);
    if (csv) {
        write_csv(columns);
    }
    for (int count = FETCH; count > 0;) {
        const char *const values[] = {after, code != NULL ? number_text : NULL, cli_option(cli, "--user"), "5000"};
        PGresult *rows = cli_run(cli, PG_AUDIT_EXPORT, 4, values, NULL, NULL);
        if (rows == NULL) {
            return CLI_FAILED;
        }
        count = PQntuples(rows);
        for (int i = 0; i < count; i++) {
            write_row(rows, i, csv);
        }
        if (count > 0) {
            (void)snprintf(after, sizeof(after), "%s", PQgetvalue(rows, count - 1, 0));
        }
        PQclear(rows);
    }
    return ferror(stdout) == 0 ? CLI_DONE : CLI_FAILED;
}
