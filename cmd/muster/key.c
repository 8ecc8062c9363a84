/* SPDX-License-Identifier: Apache-2.0
 * `muster key new`: a recipient's X25519 pair. */
#include <string.h>

#include "cli.h"
#include "seal/keys.h"

int command_key(struct cli *cli)
{
    struct error error = {.code = ERROR_NONE};
    struct seal_recipient recipient;
    const char *prefix = cli_option(cli, "--out");
    if (strcmp(cli_verb(cli), "new") != 0 || prefix == NULL) {
        return cli_usage(
            "usage: muster key new --out PREFIX\n"
            "         writes PREFIX.public, to be put into every edge's keys directory, and PREFIX.secret, to be kept\n"
            "         where seals are to be opened: an escrow key on no machine of the service\n");
    }
    if (!seal_start(&error) || !seal_key_pair_create(prefix, &recipient, &error)) {
        return cli_fail(cli, &error);
    }
    return cli_answer(cli, json_pack("{s:s,s:s}", "recipient", recipient.id, "prefix", prefix),
                      "Recipient %s: %s.public and %s.secret", recipient.id, prefix, prefix);
}
