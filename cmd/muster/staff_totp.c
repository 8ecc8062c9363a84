/* SPDX-License-Identifier: Apache-2.0
 * `muster staff totp` and `muster staff require-totp`: the second factor of accounts. It is enrolled by its owner, at the desk. */
#include "staff_totp.h"

#include <stdio.h>
#include <string.h>

int staff_totp(struct cli *cli)
{
    struct error error = {.code = ERROR_NONE};
    bool named = cli->argc > 2 && cli->argv[2][0] != '-';
    const char *user = named ? cli->argv[2] : cli_option(cli, "--user");
    bool removes = cli_flag(cli, "--remove");
    const char *const values[] = {user, removes ? "true" : "false"};
    PGresult *result = user != NULL ? cli_run(cli, PG_STAFF_TOTP, 2, values, NULL, NULL) : NULL;
    if (result == NULL) {
        return user == NULL ? CLI_USAGE : CLI_FAILED;
    }
    if (PQntuples(result) != 1) {
        PQclear(result);
        (void)error_set(&error, ERROR_INVALID, "staff", "there is no account \"%s\"", user);
        return cli_fail(cli, &error);
    }
    /* the statement sees what was there before it: what it removed, too */
    bool was = !PQgetisnull(result, 0, 0);
    bool is = was && !removes;
    const char *left = is ? PQgetvalue(result, 0, 1) : "0";
    int status = cli_answer(cli, json_pack("{s:s,s:b,s:s}", "user", user, "enrolled", is, "recovery_codes_left", left),
                            "%s %s", user,
                            is    ? "signs in with a second factor."
                            : was ? "has no second factor any more. Whoever has the password signs in with it alone, "
                                    "until it is enrolled anew."
                                  : "has no second factor.");
    PQclear(result);
    return status;
}

int staff_require_totp(struct cli *cli)
{
    const char *role = cli_option(cli, "--role");
    bool required = !cli_flag(cli, "--off");
    const char *const values[] = {role, required ? "true" : "false"};
    PGresult *result = role != NULL ? cli_run(cli, PG_TOTP_REQUIRE, 2, values, NULL, NULL) : NULL;
    if (result == NULL) {
        return role == NULL ? CLI_USAGE : CLI_FAILED;
    }
    PQclear(result);
    return cli_answer(
        cli, json_pack("{s:s,s:b}", "role", role, "required", required), "%s: a second factor is %s.", role,
        required ? "required; who has none can do nothing but enrol it" : "asked of who has enrolled one");
}
