/* SPDX-License-Identifier: Apache-2.0
 * `muster gateway`: making a gateway known, with what is to be entered at it. */
#include <stdio.h>
#include <string.h>

#include "cli.h"
#include "core/arena.h"
#include "gateway/kind.h"
#include "seal/locked.h"

static const char usage[] =
    "usage: muster gateway add --name NAME --kind KIND --crisis ID [--secret-file FILE] [--fields "
    "\"text=body&from=sender\"]\n"
    "         makes the gateway, or gives it a new secret; prints what to enter there, a secret once.\n"
    "         --replace: one of this name is turned to another kind or crisis\n"
    "         --secret-file: the first line is the key with which the gateway signs (twilio, vonage, messagebird, "
    "plivo)\n"
    "         --fields: names of its fields, where they are not those of its kind (for generic): from, to, id, text, "
    "at,\n"
    "           charset, list, part_reference, part_number, part_total\n"
    "       muster gateway account --name NAME --account-file FILE [--fallback NAME] [--texts-a-second 10]\n"
    "           [--segment-price 0.0450 --currency EUR]      what a segment costs, for the count of a broadcast\n"
    "         your account there, for sending: FILE is JSON, {\"base\", \"user\", \"password\", \"from\"} "
    "(docs/gateways.md)\n"
    "       muster gateway account --name NAME --remove      nothing is sent through it any more\n"
    "       muster gateway kinds      the kinds there are\n";

enum { SECRET_SYMBOLS = 32, SECRET_MAX = 1024, URL_MAX = 4096, ARENA_MAX = 16 * 1024 };

/* What is made, before it is stored. */
struct new_gateway {
    const struct gateway_kind *kind;
    char secret[SECRET_MAX];
    bool is_theirs; /* nothing to enter at the gateway */
    uint8_t check[BLIND_SIZE];
    struct slice signing_key; /* locked; data NULL: the secret is shown, its check is enough */
};

/* The secret: read, or made. False after saying why. */
static bool find_secret(const struct cli *cli, struct new_gateway *gateway)
{
    struct error error = {.code = ERROR_NONE};
    const char *file = cli_option(cli, "--secret-file");
    gateway->is_theirs = gateway_proof_secret(gateway->kind->proof) == GATEWAY_SECRET_THEIRS;
    if (file != NULL) {
        return cli_first_line(cli, file, gateway->secret, sizeof(gateway->secret));
    }
    if (gateway->is_theirs) {
        (void)error_set(&error, ERROR_INVALID, "gateway",
                        "%s signs with a key that it makes: copy it to a file and name that by --secret-file",
                        gateway->kind->title);
        (void)cli_fail(cli, &error);
        return false;
    }
    cli_random_text(gateway->secret, SECRET_SYMBOLS);
    return true;
}

static bool protect(const struct blind_keys *keys, const char *name, struct new_gateway *gateway, struct arena *arena,
                    struct error *error)
{
    struct slice secret = slice_of(gateway->secret);
    blind(keys, BLIND_SESSION, secret, gateway->check);
    if (gateway_proof_secret(gateway->kind->proof) == GATEWAY_SECRET_CHECKED) {
        return true;
    }
    gateway->signing_key = locked_make(keys, slice_of(name), secret, arena);
    return gateway->signing_key.data != NULL || error_set(error, ERROR_NOMEM, "gateway", "out of memory");
}

/* False after saying why. */
static bool store(struct cli *cli, const struct new_gateway *gateway)
{
    struct error error = {.code = ERROR_NONE};
    const char *fields = cli_option(cli, "--fields");
    const char *const values[] = {cli_option(cli, "--name"),
                                  gateway->kind->name,
                                  cli_option(cli, "--crisis"),
                                  (const char *)gateway->check,
                                  gateway->signing_key.data,
                                  fields != NULL ? fields : "",
                                  cli_flag(cli, "--replace") ? "true" : "false"};
    const int lengths[] = {0, 0, 0, BLIND_SIZE, (int)gateway->signing_key.length, 0, 0};
    const int formats[] = {0, 0, 0, 1, 1, 0, 0};
    PGresult *result = cli_run(cli, PG_GATEWAY_ADD, 7, values, lengths, formats);
    if (result == NULL) {
        return false;
    }
    bool added = PQntuples(result) == 1;
    PQclear(result);
    if (!added) {
        (void)error_set(&error, ERROR_INVALID, "gateway",
                        "there is no open crisis \"%s\", or the gateway \"%s\" is there with another kind or crisis: "
                        "--replace turns it to these",
                        values[2], values[0]);
        (void)cli_fail(cli, &error);
    }
    return added;
}

static int tell(const struct cli *cli, const struct new_gateway *gateway)
{
    char url[URL_MAX];
    const char *name = cli_option(cli, "--name");
    bool in_url = gateway->kind->proof == GATEWAY_PROOF_SECRET;
    (void)snprintf(url, sizeof(url), "%s/gateway/%s/messages%s%s", cli->configuration.public_url, name,
                   in_url ? "?secret=" : "", in_url ? gateway->secret : "");
    if (gateway->is_theirs) {
        return cli_answer(cli,
                          json_pack("{s:s,s:s,s:s}", "name", name, "kind", gateway->kind->name, "messages_url", url),
                          "Gateway %s. Enter this URL at %s for inbound messages (docs/gateways.md), exactly so, for "
                          "it is signed:\n%s",
                          name, gateway->kind->title, url);
    }
    json_t *answer = json_pack("{s:s,s:s,s:s,s:s}", "name", name, "kind", gateway->kind->name, "messages_url", url,
                               "secret", gateway->secret);
    return in_url ? cli_answer(cli, answer,
                               "Gateway %s. Enter this URL at %s (docs/gateways.md says what to add to it):\n%s", name,
                               gateway->kind->title, url)
                  : cli_answer(cli, answer,
                               "Gateway %s. Enter at %s (docs/gateways.md)\n  the URL     %s\n  the secret  %s", name,
                               gateway->kind->title, url, gateway->secret);
}

static bool choose_kind(const struct cli *cli, struct new_gateway *gateway, struct arena *arena)
{
    struct error error = {.code = ERROR_NONE};
    const char *kind = cli_option(cli, "--kind");
    struct slice fields = slice_of(cli_option(cli, "--fields"));
    gateway->kind = gateway_kind_find(slice_of(kind));
    if (gateway->kind == NULL) {
        (void)error_set(&error, ERROR_INVALID, "gateway", "there is no kind \"%s\": see muster gateway kinds", kind);
    } else if (fields.length > 0 && gateway->kind->proof != GATEWAY_PROOF_SECRET) {
        (void)error_set(&error, ERROR_INVALID, "gateway", "what %s signs has its own names: --fields is not for it",
                        gateway->kind->title);
    } else if (gateway_kind_with_names(gateway->kind, fields, arena) == NULL) {
        (void)error_set(&error, ERROR_INVALID, "gateway",
                        "--fields takes name=value pairs parted by &, with the names that `muster gateway` prints");
    } else if (cli_option(cli, "--secret-file") != NULL &&
               gateway_proof_secret(gateway->kind->proof) == GATEWAY_SECRET_CHECKED) {
        (void)error_set(&error, ERROR_INVALID, "gateway", "the secret for %s is made here: leave out --secret-file",
                        gateway->kind->title);
    }
    if (error.code != ERROR_NONE) {
        (void)cli_fail(cli, &error);
    }
    return error.code == ERROR_NONE;
}

/* Of two gateways with one key each would take what is signed for the other. False after saying so. */
static bool is_only_one(struct cli *cli, const struct new_gateway *gateway)
{
    struct error error = {.code = ERROR_NONE};
    const char *const values[] = {(const char *)gateway->check, cli_option(cli, "--name")};
    const int lengths[] = {BLIND_SIZE, 0};
    const int formats[] = {1, 0};
    PGresult *result = cli_run(cli, PG_GATEWAY_OF_KEY, 2, values, lengths, formats);
    if (result == NULL) {
        return false;
    }
    bool only = PQntuples(result) == 0;
    if (!only) {
        (void)error_set(&error, ERROR_INVALID, "gateway",
                        "the gateway \"%s\" has this key: what is signed for one would be taken for the other",
                        PQgetvalue(result, 0, 0));
        (void)cli_fail(cli, &error);
    }
    PQclear(result);
    return only;
}

/* False after saying why. */
static bool make(struct cli *cli, struct new_gateway *gateway, struct arena *arena)
{
    struct blind_keys keys;
    struct error error = {.code = ERROR_NONE};
    if (!choose_kind(cli, gateway, arena) || !find_secret(cli, gateway) || !cli_blind_keys(cli, &keys)) {
        return false;
    }
    bool protected = protect(&keys, cli_option(cli, "--name"), gateway, arena, &error);
    explicit_bzero(&keys, sizeof(keys));
    if (!protected) {
        (void)cli_fail(cli, &error);
    }
    return protected;
}

static int add(struct cli *cli)
{
    struct arena arena;
    struct new_gateway gateway = {.kind = NULL};
    arena_init(&arena, ARENA_MAX);
    int status = make(cli, &gateway, &arena) && is_only_one(cli, &gateway) && store(cli, &gateway) ? tell(cli, &gateway)
                                                                                                   : CLI_FAILED;
    explicit_bzero(&gateway, sizeof(gateway));
    arena_release(&arena);
    return status;
}

static int list_kinds(const struct cli *cli)
{
    json_t *kinds = json_array();
    const struct gateway_kind *kind = NULL;
    for (size_t i = 0; (kind = gateway_kind_at(i)) != NULL; i++) {
        (void)json_array_append_new(
            kinds, json_pack("{s:s,s:s,s:s}", "kind", kind->name, "title", kind->title, "source", kind->source));
        if (!cli->json) {
            (void)printf("%-16s%-28s%s\n", kind->name, kind->title, kind->source);
        }
    }
    if (cli->json) {
        return cli_answer(cli, json_pack("{s:o}", "kinds", kinds), "%s", "");
    }
    json_decref(kinds);
    return CLI_DONE;
}

int command_gateway(struct cli *cli)
{
    bool whole =
        cli_option(cli, "--name") != NULL && cli_option(cli, "--kind") != NULL && cli_option(cli, "--crisis") != NULL;
    if (strcmp(cli_verb(cli), "kinds") == 0) {
        return list_kinds(cli);
    }
    if (strcmp(cli_verb(cli), "account") == 0 && cli_option(cli, "--name") != NULL &&
        (cli_option(cli, "--account-file") != NULL || cli_flag(cli, "--remove"))) {
        return command_gateway_account(cli);
    }
    return strcmp(cli_verb(cli), "add") == 0 && whole ? add(cli) : cli_usage(usage);
}
