/* SPDX-License-Identifier: Apache-2.0
 * `muster drill`: rehearse a crisis, hold the register to what it answered, and take the exercise out again (docs/drill.md). */
#include "drill.h"

#include <stdio.h>
#include <string.h>
#include <unistd.h>

static const char usage[] =
    "usage: muster drill SCENARIO.json [options]          plays it, then verifies\n"
    "         --url https://NAME:PORT  --ca FILE           the public listener; on its own machine both are known\n"
    "         --gateway NAME --secret-file FILE            where texts go; without it they are left out\n"
    "         --crisis ID  --connections N  --scale X  --seconds N  --seed N  --ledger FILE  --plot FILE.svg  "
    "--no-verify\n"
    "       muster drill --verify --ledger FILE            verifies again, also after a drill was killed\n"
    "         --database URL | --desk URL --token-file FILE   how the register is looked at (default: [database] url)\n"
    "         --wait SECONDS                               for the journal (default 120)\n"
    "       muster drill --clean (--drill ID | --ledger FILE | --all) [--dry-run] [--chunk ROWS] [--database URL]\n"
    "         removes exactly what drills made\n"
    "Exit status: 0 all true, 1 something lost, twice or wrong (or it could not be done), 2 not understood.\n";

static const char *const with_value[] = {"--url",         "--ca",       "--gateway", "--secret-file", "--crisis",
                                         "--connections", "--scale",    "--seconds", "--seed",        "--ledger",
                                         "--plot",        "--database", "--desk",    "--token-file",  "--wait",
                                         "--drill",       "--chunk"};
static const char *const alone[] = {"--verify", "--clean", "--all", "--dry-run", "--no-verify", "--json"};

static bool is_in(const char *word, const char *const list[], size_t count)
{
    for (size_t i = 0; i < count; i++) {
        if (strcmp(word, list[i]) == 0) {
            return true;
        }
    }
    return false;
}

/* A mistyped option must not start a drill. */
static bool arguments_are_known(const struct cli *cli)
{
    for (int i = cli_verb(cli)[0] != '\0' ? 2 : 1; i < cli->argc; i++) {
        bool valued = is_in(cli->argv[i], with_value, sizeof(with_value) / sizeof(with_value[0]));
        if (!valued && !is_in(cli->argv[i], alone, sizeof(alone) / sizeof(alone[0]))) {
            (void)fprintf(stderr, "muster drill: %s is not known here\n", cli->argv[i]);
            return false;
        }
        if (valued && ++i == cli->argc) {
            (void)fprintf(stderr, "muster drill: %s needs a value\n", cli->argv[i - 1]);
            return false;
        }
    }
    return true;
}

bool drill_number(struct cli *cli, const char *name, uint64_t least, uint64_t most, uint64_t *value)
{
    const char *text = cli_option(cli, name);
    if (text == NULL) {
        return true;
    }
    if (slice_to_u64(slice_of(text), most, value) && *value >= least) {
        return true;
    }
    (void)fprintf(stderr, "muster drill: %s must be a number from %llu to %llu\n", name, (unsigned long long)least,
                  (unsigned long long)most);
    return false;
}

const char *drill_ca_file(struct cli *cli)
{
    const char *own = cli->configuration.tls_certificate;
    const char *given = cli_option(cli, "--ca");
    return given != NULL ? given : access(own, R_OK) == 0 ? own : NULL;
}

int command_drill(struct cli *cli)
{
    const char *scenario = cli_verb(cli);
    if (cli_flag(cli, "--help")) {
        (void)fputs(usage, stdout);
        return CLI_DONE;
    }
    if (!arguments_are_known(cli)) {
        return CLI_USAGE;
    }
    if (cli_option(cli, "--database") != NULL) {
        cli->configuration.database_url = cli_option(cli, "--database");
    }
    if (cli_flag(cli, "--clean") && scenario[0] == '\0') {
        return drill_clean(cli);
    }
    if (cli_flag(cli, "--verify") && scenario[0] == '\0' && cli_option(cli, "--ledger") != NULL) {
        return drill_verify(cli, cli_option(cli, "--ledger"));
    }
    return scenario[0] != '\0' && !cli_flag(cli, "--clean") && !cli_flag(cli, "--verify") ? drill_play(cli, scenario)
                                                                                          : cli_usage(usage);
}
