/* SPDX-License-Identifier: Apache-2.0
 * `muster init`: directories, keys, a self-signed certificate, and the roles of the database. Makes only what is missing. */
#include <errno.h>
#include <fcntl.h>
#include <pwd.h>
#include <stdio.h>
#include <string.h>
#include <sys/stat.h>
#include <unistd.h>

#include "certificate.h"
#include "cli.h"
#include "seal/keys.h"

enum { PASSWORD_SYMBOLS = 32 };

static const char *const database_roles[] = {"muster_edge", "muster_desk", "muster_courier", "muster_report"};

static bool make_directory(const char *path, struct error *error)
{
    return mkdir(path, 0700) == 0 || errno == EEXIST || error_set_errno(error, "init", "cannot make %s", path);
}

static bool make_keys(struct cli *cli, struct error *error)
{
    static const char *const pairs[] = {"desk", "escrow"};
    const char *directory = cli->configuration.keys_directory;
    struct seal_recipient made;
    char path[4096];
    char file[4200];
    for (size_t i = 0; i < sizeof(pairs) / sizeof(pairs[0]); i++) {
        if (!cli_path(path, sizeof(path), directory, pairs[i])) {
            return false;
        }
        /* the public half alone is enough: an escrow key's secret half is kept off the machine */
        (void)snprintf(file, sizeof(file), "%s.public", path);
        if (access(file, F_OK) != 0 && !seal_key_pair_create(path, &made, error)) {
            return false;
        }
    }
    if (!cli_path(path, sizeof(path), directory, "index.key")) {
        return false;
    }
    return access(path, F_OK) == 0 || seal_index_key_create(path, error);
}

/* Reads the role's password, or makes one. The file is whole before it has its name. */
static bool role_password(struct cli *cli, const char *role, char password[PASSWORD_SYMBOLS + 2], struct error *error)
{
    char path[4096];
    char fresh[4200];
    if (!cli_path(path, sizeof(path), cli->configuration.secrets_directory, role)) {
        return error_set(error, ERROR_INVALID, "init", "the secrets directory's path is too long");
    }
    FILE *file = fopen(path, "re");
    if (file != NULL) {
        bool read = fgets(password, PASSWORD_SYMBOLS + 2, file) != NULL;
        (void)fclose(file); /* only read from */
        password[strcspn(password, "\r\n")] = '\0';
        return read || error_set(error, ERROR_INVALID, "init", "%s is empty: delete it and run init again", path);
    }
    cli_random_text(password, PASSWORD_SYMBOLS);
    (void)snprintf(fresh, sizeof(fresh), "%s.new", path);
    int fd = open(fresh, O_WRONLY | O_CREAT | O_TRUNC | O_CLOEXEC, 0600);
    bool written = fd >= 0 && write(fd, password, PASSWORD_SYMBOLS) == PASSWORD_SYMBOLS && fsync(fd) == 0;
    if (fd >= 0 && close(fd) != 0) {
        written = false;
    }
    return (written && rename(fresh, path) == 0) || error_set_errno(error, "init", "cannot write %s", path);
}

/* CREATE ROLE takes no parameters; both parts are our own words, and the password travels only as its SCRAM verifier. */
static bool make_role(struct cli *cli, const char *role, struct error *error)
{
    char password[PASSWORD_SYMBOLS + 2];
    char sql[1024];
    if (!role_password(cli, role, password, error)) {
        return false;
    }
    const char *const values[] = {role};
    PGresult *found = cli_run(cli, PG_ROLE_FIND, 1, values, NULL, NULL);
    if (found == NULL) {
        return error_set(error, ERROR_UNAVAILABLE, "init", "cannot ask for the role %s", role);
    }
    bool exists = PQntuples(found) > 0;
    PQclear(found);
    char *verifier = PQencryptPasswordConn(cli->owner, password, role, "scram-sha-256");
    explicit_bzero(password, sizeof(password));
    if (verifier == NULL) {
        return error_set(error, ERROR_CRYPTO, "init", "%s", PQerrorMessage(cli->owner));
    }
    /* an owner who is no superuser may not even say NOSUPERUSER of a role that is there */
    (void)snprintf(sql, sizeof(sql), "%s ROLE %s LOGIN %s PASSWORD '%s'", exists ? "ALTER" : "CREATE", role,
                   exists ? "" : "NOSUPERUSER NOCREATEDB NOCREATEROLE NOREPLICATION NOBYPASSRLS", verifier);
    PQfreemem(verifier);
    PGresult *result = PQexec(cli->owner, sql);
    bool ok = PQresultStatus(result) == PGRES_COMMAND_OK ||
              error_set(error, ERROR_UNAVAILABLE, "init", "role %s: %s", role, PQerrorMessage(cli->owner));
    PQclear(result);
    return ok;
}

/* What a role still needs after it stopped being root belongs to the user it becomes. */
static bool give_away(const struct cli *cli, const char *path, struct error *error)
{
    if (geteuid() != 0) {
        return true;
    }
    const struct passwd *account = getpwnam(cli->configuration.user);
    if (account == NULL) {
        return error_set(error, ERROR_INVALID, "init",
                         "there is no user \"%s\" for musterd to run as: make one, or set [musterd] user",
                         cli->configuration.user);
    }
    return chown(path, account->pw_uid, account->pw_gid) == 0 || errno == ENOENT ||
           error_set_errno(error, "init", "cannot give %s to %s", path, cli->configuration.user);
}

/* The user passes through to what is its own, and no more: who owns a directory can put another `keys` in its place. */
static bool let_through(const char *path, struct error *error)
{
    struct stat facts;
    if (geteuid() != 0) {
        return true;
    }
    return (stat(path, &facts) == 0 && chmod(path, (facts.st_mode & 07777) | S_IXGRP | S_IXOTH) == 0) ||
           error_set_errno(error, "init", "cannot open the way through %s", path);
}

/* Keys and passwords stay root's: each role reads its own before it drops, and none can read another's afterwards. */
static bool give_what_is_needed(struct cli *cli, struct error *error)
{
    const struct configuration *c = &cli->configuration;
    char path[4096];
    return cli_path(path, sizeof(path), c->state_dir, "tls") && give_away(cli, path, error) &&
           let_through(c->state_dir, error) && give_away(cli, c->journal_directory, error) &&
           give_away(cli, c->tls_certificate, error) && give_away(cli, c->tls_private_key, error);
}

static bool make_certificate(struct cli *cli, struct error *error)
{
    const struct configuration *c = &cli->configuration;
    char path[4096];
    if (access(c->tls_certificate, F_OK) == 0) {
        return true;
    }
    return cli_path(path, sizeof(path), c->state_dir, "tls") && make_directory(path, error) &&
           certificate_create(c->tls_certificate, c->tls_private_key, c->public_listen, c->desk_listen, error);
}

int command_init(struct cli *cli)
{
    struct error error = {.code = ERROR_NONE};
    const struct configuration *c = &cli->configuration;
    if (cli_flag(cli, "--help")) {
        (void)puts("usage: muster [-c FILE] init\nMakes what is missing: directories, recipients' keys (desk, escrow), "
                   "the index key, a "
                   "self-signed certificate, and the database roles with their passwords. Safe to run again.\n"
                   "Afterwards move <keys>/escrow.secret to a place off this machine.");
        return CLI_DONE;
    }
    if (!make_directory(c->state_dir, &error) || !make_directory(c->keys_directory, &error) ||
        !make_directory(c->secrets_directory, &error) || !make_directory(c->journal_directory, &error) ||
        !seal_start(&error) || !make_keys(cli, &error) || !make_certificate(cli, &error)) {
        return cli_fail(cli, &error);
    }
    if (!cli_connect(cli)) {
        return CLI_FAILED;
    }
    for (size_t i = 0; i < sizeof(database_roles) / sizeof(database_roles[0]); i++) {
        if (!make_role(cli, database_roles[i], &error)) {
            return cli_fail(cli, &error);
        }
    }
    if (!give_what_is_needed(cli, &error)) {
        return cli_fail(cli, &error);
    }
    return cli_answer(cli, json_pack("{s:s,s:s}", "state_dir", c->state_dir, "certificate", c->tls_certificate),
                      "Ready: keys in %s, certificate %s, database roles made.", c->keys_directory, c->tls_certificate);
}
