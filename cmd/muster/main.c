/* SPDX-License-Identifier: Apache-2.0
 * muster: the operator's command line; one file a subcommand. */
#include <stdio.h>
#include <string.h>

#include "cli.h"

struct command {
    const char *name;
    int (*run)(struct cli *cli);
    const char *help;
};

static const struct command commands[] = {
    {"init", command_init, "make what is missing: directories, keys, certificate, database roles"},
    {"migrate", command_migrate, "bring the database to this version"},
    {"crisis", command_crisis, "open, close and list crises"},
    {"import", command_import, "bring places that people may name into a crisis"},
    {"places", command_places, "list the places of a crisis, take one out"},
    {"staff", command_staff, "add staff, give API tokens, list"},
    {"gateway", command_gateway, "connect an SMS gateway"},
    {"key", command_key, "make a recipient's key pair"},
    {"audit", command_audit, "verify the chain of the audit, export it"},
    {"drill", command_drill, "rehearse a crisis, verify what was answered, take the exercise out again"},
    {"doctor", command_doctor, "check this installation and say what is wrong"},
};

static int usage(FILE *out, int status)
{
    (void)fputs("usage: muster [-c FILE] [--json] SUBCOMMAND ...\n", out);
    for (size_t i = 0; i < sizeof(commands) / sizeof(commands[0]); i++) {
        (void)fprintf(out, "  %-9s %s\n", commands[i].name, commands[i].help);
    }
    (void)fputs("Exit status: 0 done, 1 failed, 2 not understood. `muster SUBCOMMAND --help` says more.\n", out);
    return status;
}

static const struct command *find(const char *name)
{
    for (size_t i = 0; i < sizeof(commands) / sizeof(commands[0]); i++) {
        if (strcmp(commands[i].name, name) == 0) {
            return &commands[i];
        }
    }
    return NULL;
}

int main(int argc, char *argv[])
{
    struct cli cli = {.json = false};
    struct error error = {.code = ERROR_NONE};
    const char *file = NULL;
    int at = 1;
    for (; at < argc && argv[at][0] == '-'; at++) {
        if (strcmp(argv[at], "-c") == 0 && at + 1 < argc) {
            file = argv[++at];
        } else if (strcmp(argv[at], "--json") == 0) {
            cli.json = true;
        } else {
            return usage(strcmp(argv[at], "--help") == 0 ? stdout : stderr,
                         strcmp(argv[at], "--help") == 0 ? 0 : CLI_USAGE);
        }
    }
    const struct command *command = at < argc ? find(argv[at]) : NULL;
    if (command == NULL) {
        return usage(stderr, CLI_USAGE);
    }
    cli.argc = argc - at;
    cli.argv = argv + at;
    cli.json = cli.json || cli_flag(&cli, "--json");
    int status = configuration_load(&cli.configuration, file, &error) ? command->run(&cli) : cli_fail(&cli, &error);
    PQfinish(cli.owner);
    configuration_release(&cli.configuration);
    return status;
}
