/* SPDX-License-Identifier: Apache-2.0
 * `muster gateway add`: a gateway's secret and the URLs to enter at it. */
#include <stdio.h>
#include <string.h>

#include "cli.h"

static const char usage[] =
    "usage: muster gateway add --name NAME --kind kannel|generic --crisis ID\n"
    "         makes the gateway, or gives it a new secret; prints the URL to enter there, once\n";

enum { SECRET_SYMBOLS = 32 };

static int add(struct cli *cli)
{
    struct blind_keys keys;
    struct error error = {.code = ERROR_NONE};
    uint8_t mac[BLIND_SIZE];
    char secret[SECRET_SYMBOLS + 1];
    char url[1024];
    if (!cli_blind_keys(cli, &keys)) {
        return CLI_FAILED;
    }
    cli_random_text(secret, SECRET_SYMBOLS);
    blind(&keys, BLIND_SESSION, slice_of(secret), mac);
    const char *const values[] = {cli_option(cli, "--name"), cli_option(cli, "--kind"), cli_option(cli, "--crisis"),
                                  (const char *)mac};
    const int lengths[] = {0, 0, 0, BLIND_SIZE};
    const int formats[] = {0, 0, 0, 1};
    PGresult *result = cli_run(cli, PG_GATEWAY_ADD, 4, values, lengths, formats);
    if (result == NULL) {
        return CLI_FAILED;
    }
    bool added = PQntuples(result) == 1;
    PQclear(result);
    if (!added) {
        (void)error_set(&error, ERROR_INVALID, "gateway", "there is no open crisis \"%s\"", values[2]);
        return cli_fail(cli, &error);
    }
    (void)snprintf(url, sizeof(url), "%s/gateway/%s/messages?secret=%s", cli->configuration.public_url, values[0],
                   secret);
    return cli_answer(
        cli,
        json_pack("{s:s,s:s,s:s,s:s}", "name", values[0], "kind", values[1], "messages_url", url, "secret", secret),
        "Gateway %s. Enter this URL there, followed by its own fields (docs/gateways.md):\n%s", values[0], url);
}

int command_gateway(struct cli *cli)
{
    bool whole =
        cli_option(cli, "--name") != NULL && cli_option(cli, "--kind") != NULL && cli_option(cli, "--crisis") != NULL;
    return strcmp(cli_verb(cli), "add") == 0 && whole ? add(cli) : cli_usage(usage);
}
