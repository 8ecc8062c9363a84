/* SPDX-License-Identifier: Apache-2.0
 * `muster gateway account`: the operator's account at a gateway, with which texts are handed over; sealed so that only the courier opens it. */
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "cli.h"
#include "core/arena.h"
#include "gateway/kind.h"
#include "gateway/send.h"
#include "seal/keys.h"

enum {
    ACCOUNT_MAX = 1024,
    ARENA_MAX = 64 * 1024,
    PATH_BYTES = 4096,
    RATE_MOST = 1000,
    RATE_USUAL = 10,
    PRICE_MAX = 12,
    SEGMENT_PRICE_MOST = 9999
};

static const char *const members[] = {"base", "user", "password", "from"};

static bool complain(const struct cli *cli, const char *sentence, const char *name)
{
    struct error error = {.code = ERROR_NONE};
    (void)error_set(&error, ERROR_INVALID, "gateway", "%s: %s", name, sentence);
    (void)cli_fail(cli, &error);
    return false;
}

static bool is_member(const char *name)
{
    for (size_t i = 0; i < sizeof(members) / sizeof(members[0]); i++) {
        if (strcmp(members[i], name) == 0) {
            return true;
        }
    }
    return false;
}

static bool is_text(const json_t *value)
{
    const char *text = json_string_value(value);
    bool plain = text != NULL && json_string_length(value) <= ACCOUNT_MAX && strlen(text) == json_string_length(value);
    for (size_t i = 0; plain && text[i] != '\0'; i++) {
        plain = (unsigned char)text[i] >= 0x20 && text[i] != 0x7F;
    }
    return plain;
}

/* False after saying what is wrong with it; what it holds is never said. */
static bool check_account(const struct cli *cli, const json_t *account, const struct gateway_kind *kind)
{
    const char *name = NULL;
    json_t *value = NULL;
    const char *base = json_string_value(json_object_get(account, "base"));
    json_object_foreach((json_t *)(uintptr_t)account, name, value)
    {
        if (!is_member(name)) {
            return complain(cli, "an account has base, user, password and from, and no other member", name);
        }
        if (!is_text(value)) {
            return complain(cli, "must be a text of at most 1024 octets without control characters", name);
        }
    }
    if (base != NULL && strncmp(base, "https://", 8) != 0 && strncmp(base, "http://", 7) != 0) {
        return complain(cli, "must begin with https:// (or, on a network of your own, http://)", "base");
    }
    if (base != NULL && base[strlen(base) - 1] == '/') {
        return complain(cli, "must not end in a slash", "base");
    }
    return base != NULL || kind->send.base != NULL || kind->fetches ||
           complain(cli, "is missing: the address of your gateway, \"https://...\"", "base");
}

/* The account's file; NULL after saying why. */
static json_t *read_account(const struct cli *cli, const struct gateway_kind *kind)
{
    json_error_t fault;
    struct error error = {.code = ERROR_NONE};
    const char *path = cli_option(cli, "--account-file");
    json_t *account = json_load_file(path, JSON_REJECT_DUPLICATES, &fault);
    if (!json_is_object(account)) {
        (void)error_set(&error, ERROR_INVALID, "gateway", "%s must hold a JSON object with base, user, password, from",
                        path);
        (void)cli_fail(cli, &error);
    } else if (check_account(cli, account, kind)) {
        return account;
    }
    json_decref(account);
    return NULL;
}

/* The kind of the gateway as the register has it; NULL after saying why. */
static const struct gateway_kind *find_kind(struct cli *cli, const char *name)
{
    struct error error = {.code = ERROR_NONE};
    const struct gateway_kind *kind = NULL;
    PGresult *result = cli_run(cli, PG_GATEWAY_LIST, 0, NULL, NULL, NULL);
    for (int i = 0; result != NULL && i < PQntuples(result); i++) {
        if (strcmp(PQgetvalue(result, i, 0), name) == 0) {
            kind = gateway_kind_find(slice_of(PQgetvalue(result, i, 1)));
        }
    }
    if (result != NULL && kind == NULL) {
        (void)error_set(&error, ERROR_INVALID, "gateway", "there is no gateway \"%s\": see muster gateway add", name);
        (void)cli_fail(cli, &error);
    } else if (kind != NULL && !gateway_send_can(kind) && !kind->fetches) {
        (void)error_set(&error, ERROR_INVALID, "gateway", "nothing can be handed to %s", kind->title);
        (void)cli_fail(cli, &error);
        kind = NULL;
    }
    PQclear(result);
    return kind;
}

static struct slice seal_account(struct seal_epoch *epoch, const json_t *account, const char *name, struct arena *arena)
{
    struct seal_place place = {"gateway", "account", slice_of(name)};
    char *text = json_dumps(account, JSON_COMPACT);
    struct slice sealed = text != NULL ? seal_field(epoch, arena, &place, slice_of(text)) : (struct slice){NULL, 0};
    if (text != NULL) {
        explicit_bzero(text, strlen(text));
    }
    free(text);
    return sealed;
}

/* One recipient: the key that desk and courier hold. As PostgreSQL's arrays in text. */
static int store(struct cli *cli, struct seal_epoch *epoch, struct slice sealed, const char *name, const char *rate)
{
    const char *price = cli_option(cli, "--segment-price");
    const char *currency = cli_option(cli, "--currency");
    char id[UUID_TEXT_SIZE + 1];
    char recipients[SEAL_RECIPIENT_ID_SIZE + 8];
    char wraps[2 * SEAL_WRAP_SIZE + 16] = "{\"\\\\x";
    const char *recipient = NULL;
    const char *fallback = cli_option(cli, "--fallback");
    struct slice wrap = seal_epoch_wrap(epoch, 0, &recipient);
    size_t at = strlen(wraps);
    for (size_t i = 0; i < wrap.length; i++) {
        (void)snprintf(wraps + at + 2 * i, 3, "%02x", (unsigned char)wrap.data[i]);
    }
    (void)snprintf(wraps + at + 2 * wrap.length, 3, "\"}");
    (void)snprintf(recipients, sizeof(recipients), "{%s}", recipient);
    const char *const values[] = {name,
                                  uuid_format(seal_epoch_id(epoch), id).data,
                                  sealed.data,
                                  fallback != NULL ? fallback : "",
                                  rate,
                                  recipients,
                                  wraps,
                                  price != NULL ? price : "",
                                  currency != NULL ? currency : ""};
    const int lengths[] = {0, 0, (int)sealed.length, 0, 0, 0, 0, 0, 0};
    const int formats[] = {0, 0, 1, 0, 0, 0, 0, 0, 0};
    PGresult *result = cli_run(cli, PG_GATEWAY_ACCOUNT, 9, values, lengths, formats);
    if (result == NULL) {
        return CLI_FAILED;
    }
    PQclear(result);
    return cli_answer(cli, json_pack("{s:s,s:s}", "name", name, "texts_a_second", rate),
                      "Gateway %s sends, %s texts a second at most%s%s.", name, rate,
                      fallback != NULL ? "; what it does not take goes to " : "", fallback != NULL ? fallback : "");
}

/* "10", a number from 1 to RATE_MOST; NULL after saying so. */
static const char *find_rate(const struct cli *cli)
{
    const char *rate = cli_option(cli, "--texts-a-second");
    char *end = NULL;
    long value = rate != NULL ? strtol(rate, &end, 10) : RATE_USUAL;
    if (rate != NULL && (*rate == '\0' || *end != '\0' || value < 1 || value > RATE_MOST)) {
        (void)complain(cli, "must be a whole number from 1 to 1000", "--texts-a-second");
        return NULL;
    }
    return rate != NULL ? rate : "10";
}

/* "0.045" and "EUR", both or none. False after saying what is wrong. */
static bool check_price(const struct cli *cli)
{
    const char *price = cli_option(cli, "--segment-price");
    const char *currency = cli_option(cli, "--currency");
    if (price == NULL && currency == NULL) {
        return true;
    }
    size_t digits = price != NULL ? strspn(price, "0123456789.") : 0;
    char *end = NULL;
    double value = digits > 0 && price[digits] == '\0' ? strtod(price, &end) : -1;
    if (digits > PRICE_MAX || value < 0 || value > SEGMENT_PRICE_MOST || *end != '\0') {
        return complain(cli, "must be an amount such as 0.0450, with --currency", "--segment-price");
    }
    return (currency != NULL && strlen(currency) == 3 && strspn(currency, "ABCDEFGHIJKLMNOPQRSTUVWXYZ") == 3) ||
           complain(cli, "must be three capitals of ISO 4217, such as EUR", "--currency");
}

static int seal_and_store(struct cli *cli, const json_t *account, const char *rate)
{
    struct error error = {.code = ERROR_NONE};
    struct seal_recipient recipient;
    struct arena arena;
    char path[PATH_BYTES];
    int status = CLI_FAILED;
    const char *name = cli_option(cli, "--name");
    if (!cli_path(path, sizeof(path), cli->configuration.keys_directory, "desk.public")) {
        return CLI_FAILED; /* said */
    }
    arena_init(&arena, ARENA_MAX);
    struct seal_epoch *epoch =
        seal_start(&error) && seal_public_key_load(path, &recipient, &error) ? seal_epoch_new(&recipient, 1) : NULL;
    struct slice sealed = epoch != NULL ? seal_account(epoch, account, name, &arena) : (struct slice){NULL, 0};
    if (sealed.data != NULL) {
        status = store(cli, epoch, sealed, name, rate);
    } else {
        if (error.code == ERROR_NONE) {
            (void)error_set(&error, ERROR_NOMEM, "gateway", "out of memory");
        }
        (void)cli_fail(cli, &error);
    }
    seal_epoch_free(epoch);
    arena_release(&arena);
    return status;
}

static int remove_account(struct cli *cli, const char *name)
{
    PGresult *result = cli_run(cli, PG_GATEWAY_ACCOUNT_REMOVE, 1, &name, NULL, NULL);
    if (result == NULL) {
        return CLI_FAILED;
    }
    bool found = PQntuples(result) == 1;
    PQclear(result);
    return found ? cli_answer(cli, json_pack("{s:s}", "name", name), "Nothing is sent through %s any more.", name)
                 : (complain(cli, "there is no such gateway", name), CLI_FAILED);
}

int command_gateway_account(struct cli *cli)
{
    if (cli_flag(cli, "--remove")) {
        return remove_account(cli, cli_option(cli, "--name"));
    }
    const char *rate = find_rate(cli);
    const struct gateway_kind *kind = rate != NULL ? find_kind(cli, cli_option(cli, "--name")) : NULL;
    const char *fallback = cli_option(cli, "--fallback");
    if (kind == NULL || !check_price(cli) || (fallback != NULL && find_kind(cli, fallback) == NULL)) {
        return CLI_FAILED;
    }
    json_t *account = read_account(cli, kind);
    int status = account != NULL ? seal_and_store(cli, account, rate) : CLI_FAILED;
    json_decref(account);
    return status;
}
