/* SPDX-License-Identifier: Apache-2.0
 * Arguments, answers and the owner's connection. */
#include "cli.h"

#include <stdarg.h>
#include <stdio.h>
#include <string.h>

#include "core/id.h"
#include "seal/keys.h"

/* "already exists, skipping" is no news to an operator; errors come with the result. */
static void ignore_notice(void *context, const char *message)
{
    (void)context;
    (void)message;
}

bool cli_connect(struct cli *cli)
{
    struct error error = {.code = ERROR_NONE};
    if (cli->owner != NULL) {
        return true;
    }
    if (cli->configuration.database_url[0] == '\0') {
        (void)error_set(&error, ERROR_INVALID, "database", "no database: set [database] url or MUSTER_DATABASE_URL");
        (void)cli_fail(cli, &error);
        return false;
    }
    cli->owner = PQconnectdb(cli->configuration.database_url);
    (void)PQsetNoticeProcessor(cli->owner, ignore_notice, NULL);
    if (PQstatus(cli->owner) != CONNECTION_OK) {
        (void)error_set(&error, ERROR_UNAVAILABLE, "database", "%s", PQerrorMessage(cli->owner));
        (void)cli_fail(cli, &error);
        return false;
    }
    return true;
}

PGresult *cli_run(struct cli *cli, enum pg_statement statement, int count, const char *const values[],
                  const int lengths[], const int formats[])
{
    struct error error = {.code = ERROR_NONE};
    const struct pg_statement_info *info = &pg_statement_table[statement];
    if (!cli_connect(cli)) {
        return NULL;
    }
    PGresult *result = PQexecParams(cli->owner, info->text, count, NULL, values, lengths, formats, 0);
    ExecStatusType status = PQresultStatus(result);
    if (status != PGRES_COMMAND_OK && status != PGRES_TUPLES_OK) {
        (void)error_set(&error, ERROR_INVALID, info->name, "%s", PQerrorMessage(cli->owner));
        (void)cli_fail(cli, &error);
        PQclear(result);
        return NULL;
    }
    return result;
}

bool cli_blind_keys(struct cli *cli, struct blind_keys *keys)
{
    struct error error = {.code = ERROR_NONE};
    uint8_t index_key[SEAL_KEY_SIZE];
    char path[4096];
    if (!cli_path(path, sizeof(path), cli->configuration.keys_directory, "index.key") || !seal_start(&error) ||
        !seal_index_key_load(path, index_key, &error)) {
        (void)cli_fail(cli, &error);
        return false;
    }
    blind_keys_derive(index_key, keys);
    explicit_bzero(index_key, sizeof(index_key));
    return true;
}

int cli_fail(const struct cli *cli, const struct error *error)
{
    if (cli->json) {
        json_t *object = json_pack("{s:{s:s,s:s,s:s}}", "error", "code", error_code_name(error->code), "where",
                                   error->where != NULL ? error->where : "", "detail", error->detail);
        (void)json_dumpf(object, stderr, JSON_COMPACT);
        (void)fputc('\n', stderr);
        json_decref(object);
    } else {
        (void)fprintf(stderr, "muster: %s\n", error->detail);
    }
    return CLI_FAILED;
}

int cli_usage(const char *text)
{
    (void)fputs(text, stderr);
    return CLI_USAGE;
}

int cli_answer(const struct cli *cli, json_t *answer, const char *format, ...)
{
    if (cli->json) {
        (void)json_dumpf(answer, stdout, JSON_COMPACT);
    } else {
        va_list arguments;
        va_start(arguments, format);
        (void)vprintf(format, arguments);
        va_end(arguments);
    }
    (void)putchar('\n');
    json_decref(answer);
    return CLI_DONE;
}

const char *cli_option(const struct cli *cli, const char *name)
{
    for (int i = 1; i + 1 < cli->argc; i++) {
        if (strcmp(cli->argv[i], name) == 0) {
            return cli->argv[i + 1];
        }
    }
    return NULL;
}

bool cli_flag(const struct cli *cli, const char *name)
{
    for (int i = 1; i < cli->argc; i++) {
        if (strcmp(cli->argv[i], name) == 0) {
            return true;
        }
    }
    return false;
}

const char *cli_verb(const struct cli *cli)
{
    return cli->argc > 1 && cli->argv[1][0] != '-' ? cli->argv[1] : "";
}

bool cli_path(char *path, size_t size, const char *directory, const char *name)
{
    int length = snprintf(path, size, "%s/%s", directory, name);
    if (length < 0 || (size_t)length >= size) {
        (void)fprintf(stderr, "muster: the path %s/%s is too long\n", directory, name);
        return false;
    }
    return true;
}

bool cli_first_line(const struct cli *cli, const char *path, char *text, size_t size)
{
    struct error error = {.code = ERROR_NONE};
    FILE *file = fopen(path, "re");
    bool read = file != NULL && fgets(text, (int)size, file) != NULL;
    if (!read) {
        (void)error_set_errno(&error, "cli", "cannot read %s", path);
    }
    if (file != NULL) {
        (void)fclose(file); /* only read from */
    }
    if (!read) {
        (void)cli_fail(cli, &error);
        return false;
    }
    text[strcspn(text, "\r\n")] = '\0';
    return true;
}

void cli_random_text(char *text, size_t symbols)
{
    static const char alphabet[] = "0123456789abcdefghjkmnpqrstvwxyz";
    random_fill(text, symbols);
    for (size_t i = 0; i < symbols; i++) {
        text[i] = alphabet[(unsigned char)text[i] & 31U];
    }
    text[symbols] = '\0';
}
