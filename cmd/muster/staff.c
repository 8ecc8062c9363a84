/* SPDX-License-Identifier: Apache-2.0
 * `muster staff`: accounts, their crises, and API tokens. */
#include <sodium.h>
#include <stdio.h>
#include <string.h>

#include "cli.h"
#include "core/id.h"
#include "staff_certificate.h"
#include "staff_totp.h"

static const char usage[] =
    "usage: muster staff add --user NAME --role viewer|officer|lead|warden|admin [--crisis ID] "
    "[--post ID] [--password-file FILE]\n"
    "         makes the account, or changes it; without a password file a new account is given "
    "a password, which is printed once\n"
    "       muster staff reset --user NAME      a password for once, printed once: it must be changed at the next "
    "sign-in\n"
    "       muster staff token --user NAME      an API token for programs, printed once\n"
    "       muster staff disable --user NAME    ends the account with its sessions and tokens; `add` enables it again\n"
    "       muster staff totp NAME [--remove]   whether it signs in with a second factor; take it away\n"
    "       muster staff require-totp --role ROLE [--off]\n"
    "         who has that role and no second factor can do nothing but enrol it\n"
    "       muster staff certificate --user NAME [--add FILE | --remove FILE]\n"
    "         the smart cards that the account signs in with; FILE holds a card's certificate (PEM)\n"
    "       muster staff list\n";

enum { PASSWORD_SYMBOLS = 20, PASSWORD_MAX = 256, TOKEN_BYTES = 32, PASSWORD_SHORTEST = 12 };

static bool read_password(const struct cli *cli, const char *path, char password[PASSWORD_MAX])
{
    struct error error = {.code = ERROR_NONE};
    if (!cli_first_line(cli, path, password, PASSWORD_MAX)) {
        return false;
    }
    if (strlen(password) < PASSWORD_SHORTEST) {
        (void)error_set(&error, ERROR_INVALID, "staff", "the password in %s must have at least %d characters", path,
                        PASSWORD_SHORTEST);
        (void)cli_fail(cli, &error);
        return false;
    }
    return true;
}

static bool give_access(struct cli *cli, const char *staff_id, struct error *error)
{
    const char *crisis = cli_option(cli, "--crisis");
    const char *const values[] = {staff_id, crisis, cli_option(cli, "--post")};
    if (crisis == NULL) {
        return true;
    }
    PGresult *result = cli_run(cli, PG_STAFF_ACCESS_ADD, 3, values, NULL, NULL);
    PQclear(result);
    return result != NULL || error_set(error, ERROR_INVALID, "staff", "no access to %s was given", crisis);
}

static int add(struct cli *cli)
{
    struct error error = {.code = ERROR_NONE};
    char password[PASSWORD_MAX];
    char hash[crypto_pwhash_STRBYTES];
    char staff_id[32];
    const char *file = cli_option(cli, "--password-file");
    if (file == NULL) {
        cli_random_text(password, PASSWORD_SYMBOLS);
    } else if (!read_password(cli, file, password)) {
        return CLI_FAILED;
    }
    /* RFC 9106 asks for 64 MiB and 3 passes where memory is scarce: libsodium's interactive memory with one pass more */
    if (sodium_init() < 0 ||
        crypto_pwhash_str(hash, password, strlen(password), 3, crypto_pwhash_MEMLIMIT_INTERACTIVE) != 0) {
        (void)error_set(&error, ERROR_NOMEM, "staff", "not enough memory to hash the password");
        return cli_fail(cli, &error);
    }
    const char *const values[] = {cli_option(cli, "--user"), cli_option(cli, "--role"), hash};
    PGresult *result = cli_run(cli, PG_STAFF_ADD, 3, values, NULL, NULL);
    if (result == NULL) {
        return CLI_FAILED;
    }
    (void)snprintf(staff_id, sizeof(staff_id), "%s", PQgetvalue(result, 0, 0));
    PQclear(result);
    if (!give_access(cli, staff_id, &error)) {
        return cli_fail(cli, &error);
    }
    int status =
        file != NULL
            ? cli_answer(cli, json_pack("{s:s,s:s}", "user", values[0], "role", values[1]), "%s is a %s.", values[0],
                         values[1])
            : cli_answer(cli, json_pack("{s:s,s:s,s:s}", "user", values[0], "role", values[1], "password", password),
                         "%s is a %s. Password, shown once: %s", values[0], values[1], password);
    sodium_memzero(password, sizeof(password));
    return status;
}

static int reset(struct cli *cli)
{
    struct error error = {.code = ERROR_NONE};
    char password[PASSWORD_MAX];
    char hash[crypto_pwhash_STRBYTES];
    cli_random_text(password, PASSWORD_SYMBOLS);
    if (sodium_init() < 0 ||
        crypto_pwhash_str(hash, password, strlen(password), 3, crypto_pwhash_MEMLIMIT_INTERACTIVE) != 0) {
        (void)error_set(&error, ERROR_NOMEM, "staff", "not enough memory to hash the password");
        return cli_fail(cli, &error);
    }
    const char *const values[] = {cli_option(cli, "--user"), hash};
    PGresult *result = cli_run(cli, PG_STAFF_RESET, 2, values, NULL, NULL);
    if (result == NULL) {
        return CLI_FAILED;
    }
    bool found = PQntuples(result) == 1;
    PQclear(result);
    if (!found) {
        (void)error_set(&error, ERROR_INVALID, "staff", "there is no account \"%s\"", values[0]);
        return cli_fail(cli, &error);
    }
    int status = cli_answer(cli, json_pack("{s:s,s:s}", "user", values[0], "password", password),
                            "%s is signed out. Password for the next sign-in within three days, shown once: %s",
                            values[0], password);
    sodium_memzero(password, sizeof(password));
    return status;
}

static int token(struct cli *cli)
{
    struct error error = {.code = ERROR_NONE};
    struct blind_keys keys;
    uint8_t random[TOKEN_BYTES];
    uint8_t mac[BLIND_SIZE];
    char text[2 * TOKEN_BYTES + 1];
    if (!cli_blind_keys(cli, &keys)) {
        return CLI_FAILED;
    }
    random_fill(random, sizeof(random));
    struct slice token_text = hex_format(random, sizeof(random), text);
    blind(&keys, BLIND_SESSION, token_text, mac);
    const char *const values[] = {cli_option(cli, "--user"), (const char *)mac};
    const int lengths[] = {0, BLIND_SIZE};
    const int formats[] = {0, 1};
    PGresult *result = cli_run(cli, PG_STAFF_TOKEN_ADD, 2, values, lengths, formats);
    if (result == NULL) {
        return CLI_FAILED;
    }
    bool added = PQntuples(result) == 1;
    PQclear(result);
    if (!added) {
        (void)error_set(&error, ERROR_INVALID, "staff", "there is no account \"%s\"", values[0]);
        return cli_fail(cli, &error);
    }
    return cli_answer(cli, json_pack("{s:s}", "token", text), "%s", text);
}

static int disable(struct cli *cli)
{
    struct error error = {.code = ERROR_NONE};
    const char *const values[] = {cli_option(cli, "--user")};
    PGresult *result = cli_run(cli, PG_STAFF_DISABLE, 1, values, NULL, NULL);
    if (result == NULL) {
        return CLI_FAILED;
    }
    bool found = PQntuples(result) == 1;
    PQclear(result);
    if (!found) {
        (void)error_set(&error, ERROR_INVALID, "staff", "there is no account \"%s\"", values[0]);
        return cli_fail(cli, &error);
    }
    return cli_answer(cli, json_pack("{s:s,s:b}", "user", values[0], "enabled", false),
                      "%s is disabled; its sessions and tokens are over.", values[0]);
}

static int list(struct cli *cli)
{
    PGresult *result = cli_run(cli, PG_STAFF_LIST, 0, NULL, NULL, NULL);
    if (result == NULL) {
        return CLI_FAILED;
    }
    json_t *rows = json_array();
    int count = PQntuples(result);
    for (int i = 0; i < count; i++) {
        const char *name = PQgetvalue(result, i, 0);
        const char *role = PQgetvalue(result, i, 1);
        const char *crises = PQgetvalue(result, i, 4);
        bool enabled = PQgetvalue(result, i, 2)[0] == 't';
        (void)json_array_append_new(
            rows, json_pack("{s:s,s:s,s:b,s:s}", "user", name, "role", role, "enabled", enabled, "crises", crises));
        if (!cli->json) {
            (void)printf("%-24s %-8s %-9s %s\n", name, role, enabled ? "" : "disabled", crises);
        }
    }
    PQclear(result);
    return cli_answer(cli, json_pack("{s:o}", "staff", rows), "%d accounts", count);
}

int command_staff(struct cli *cli)
{
    const char *verb = cli_verb(cli);
    bool named = cli_option(cli, "--user") != NULL;
    if (strcmp(verb, "add") == 0 && named && cli_option(cli, "--role") != NULL) {
        return add(cli);
    }
    if (strcmp(verb, "reset") == 0 && named) {
        return reset(cli);
    }
    if (strcmp(verb, "certificate") == 0) {
        int status = staff_certificate(cli);
        return status == CLI_USAGE ? cli_usage(usage) : status;
    }
    if (strcmp(verb, "token") == 0 && named) {
        return token(cli);
    }
    if (strcmp(verb, "disable") == 0 && named) {
        return disable(cli);
    }
    int status = strcmp(verb, "totp") == 0           ? staff_totp(cli)
                 : strcmp(verb, "require-totp") == 0 ? staff_require_totp(cli)
                 : strcmp(verb, "list") == 0         ? list(cli)
                                                     : CLI_USAGE;
    return status == CLI_USAGE ? cli_usage(usage) : status;
}
