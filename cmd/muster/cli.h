/* SPDX-License-Identifier: Apache-2.0
 * What the subcommands of `muster` share: configuration, the owner's connection, and answers as words or JSON. */
#ifndef MUSTER_CLI_H
#define MUSTER_CLI_H

#include <jansson.h>
#include <libpq-fe.h>
#include <stdbool.h>

#include "core/configuration.h"
#include "core/error.h"
#include "pg/statement.h"
#include "seal/blind.h"

enum cli_status { CLI_DONE = 0, CLI_FAILED = 1, CLI_USAGE = 2 };

struct cli {
    struct configuration configuration;
    bool json;     /* --json: one JSON object on standard output */
    int argc;      /* what stands behind the subcommand */
    char **argv;   /* argv[0] is the subcommand */
    PGconn *owner; /* after cli_connect */
};

/* Connects as the owner; false after saying why on standard error. */
bool cli_connect(struct cli *cli);
/* Runs a statement of the catalogue with text parameters; NULL after saying why. `lengths`/`formats` as PQexecParams (NULL: text). */
PGresult *cli_run(struct cli *cli, enum pg_statement statement, int count, const char *const values[],
                  const int lengths[], const int formats[]);
/* The index key's subkeys; false after saying why. */
bool cli_blind_keys(struct cli *cli, struct blind_keys *keys);
/* Says an error on standard error (as JSON when --json) and returns CLI_FAILED. */
int cli_fail(const struct cli *cli, const struct error *error);
int cli_usage(const char *text);
/* Prints `answer` when --json, else `words` with a line end; drops `answer`. Returns CLI_DONE. */
int cli_answer(const struct cli *cli, json_t *answer, const char *format, ...) __attribute__((format(printf, 3, 4)));

/* The value of "--name VALUE" among the arguments, or NULL; cli_flag: whether "--name" stands there. */
const char *cli_option(const struct cli *cli, const char *name);
bool cli_flag(const struct cli *cli, const char *name);
/* The first argument that is neither an option nor an option's value ("open" in `crisis open`), or "". */
const char *cli_verb(const struct cli *cli);

/* A path below `directory`; false (said) when it is too long. */
bool cli_path(char *path, size_t size, const char *directory, const char *name);
/* The first line of a file without its end, in `text`: passwords, secrets and tokens are no arguments, which everybody on the machine can
 * see. False after saying why. */
bool cli_first_line(const struct cli *cli, const char *path, char *text, size_t size);
/* Random text of `symbols` base-32 symbols and a NUL. */
void cli_random_text(char *text, size_t symbols);

/* The subcommands, a file each. */
int command_init(struct cli *cli);
int command_migrate(struct cli *cli);
int command_crisis(struct cli *cli);
int command_import(struct cli *cli);
int command_places(struct cli *cli);
int command_staff(struct cli *cli);
int command_gateway(struct cli *cli);
/* `gateway account`, with --name and --account-file given. */
int command_gateway_account(struct cli *cli);
int command_key(struct cli *cli);
int command_audit(struct cli *cli);
int command_drill(struct cli *cli);
int command_doctor(struct cli *cli);

#endif
