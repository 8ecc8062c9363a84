/* SPDX-License-Identifier: Apache-2.0
 * `muster doctor`: what an operator at 3 a.m. would check by hand, each with what to do about it. */
#include <openssl/pem.h>
#include <openssl/x509.h>
#include <stdarg.h>
#include <stdio.h>
#include <string.h>
#include <unistd.h>

#include "cli.h"
#include "doctor_cards.h"
#include "doctor_journal.h"
#include "pg/migrate.h"
#include "seal/keys.h"

enum { DETAIL_MAX = 768, CERTIFICATE_DAYS = 14 };

struct finding {
    bool ok;
    char detail[DETAIL_MAX]; /* what was seen, and when not ok what to do */
    json_t *facts;           /* the same for programs; NULL when there is no more to say */
};

static void found(struct finding *finding, bool ok, const char *format, ...) __attribute__((format(printf, 3, 4)));

static void found(struct finding *finding, bool ok, const char *format, ...)
{
    va_list arguments;
    va_start(arguments, format);
    (void)vsnprintf(finding->detail, sizeof(finding->detail), format, arguments);
    va_end(arguments);
    finding->ok = ok;
}

static void check_database(struct cli *cli, struct finding *finding)
{
    if (cli->configuration.database_url[0] == '\0') {
        found(finding, false, "no [database] url is set");
        return;
    }
    cli->owner = PQconnectdb(cli->configuration.database_url);
    if (PQstatus(cli->owner) != CONNECTION_OK) {
        found(finding, false, "%.400s", PQerrorMessage(cli->owner));
        return;
    }
    found(finding, true, "PostgreSQL %d.%d", PQserverVersion(cli->owner) / 10000, PQserverVersion(cli->owner) % 10000);
}

static void check_durability(struct cli *cli, struct finding *finding)
{
    static const char *const settings[] = {"fsync", "synchronous_commit", "full_page_writes"};
    for (size_t i = 0; i < sizeof(settings) / sizeof(settings[0]); i++) {
        const char *const values[] = {settings[i]};
        PGresult *result =
            PQexecParams(cli->owner, pg_statement_table[PG_SETTING_SHOW].text, 1, NULL, values, NULL, NULL, 0);
        bool off = PQresultStatus(result) != PGRES_TUPLES_OK || PQntuples(result) != 1 ||
                   strcmp(PQgetvalue(result, 0, 0), "off") == 0;
        PQclear(result);
        if (off) {
            found(finding, false, "%s is off: answered records can be lost; turn it on in postgresql.conf",
                  settings[i]);
            return;
        }
    }
    found(finding, true, "fsync, synchronous_commit and full_page_writes are on");
}

static void check_schema(struct cli *cli, struct finding *finding)
{
    struct error error = {.code = ERROR_NONE};
    bool current = pg_migrate_is_current(cli->owner, pg_migration_table, &error);
    found(finding, current, "%s", current ? "the database is at this version" : error.detail);
}

static void check_keys(struct cli *cli, struct finding *finding)
{
    struct error error = {.code = ERROR_NONE};
    struct seal_recipient desk;
    uint8_t key[SEAL_KEY_SIZE];
    char public_path[4096];
    char secret_path[4096];
    char index_path[4096];
    char escrow_path[4096];
    const char *directory = cli->configuration.keys_directory;
    if (!cli_path(public_path, sizeof(public_path), directory, "desk.public") ||
        !cli_path(secret_path, sizeof(secret_path), directory, "desk.secret") ||
        !cli_path(index_path, sizeof(index_path), directory, "index.key") ||
        !cli_path(escrow_path, sizeof(escrow_path), directory, "escrow.secret")) {
        found(finding, false, "the keys directory's path is too long");
        return;
    }
    bool ok = seal_start(&error) && seal_public_key_load(public_path, &desk, &error) &&
              seal_secret_key_load(secret_path, key, &error);
    if (ok) {
        struct seal_opener *opener = seal_opener_new(key, 1);
        ok = opener != NULL && strcmp(seal_opener_recipient_id(opener), desk.id) == 0;
        seal_opener_free(opener);
        (void)(ok ||
               error_set(&error, ERROR_CRYPTO, "keys", "%s is not the other half of %s", secret_path, public_path));
    }
    ok = ok && seal_index_key_load(index_path, key, &error);
    explicit_bzero(key, sizeof(key));
    if (!ok) {
        found(finding, false, "%s", error.detail);
    } else if (access(escrow_path, F_OK) == 0) {
        found(finding, true, "whole; but %.300s is still on this machine: move it to a safe elsewhere", escrow_path);
    } else {
        found(finding, true, "whole; the escrow key is not on this machine");
    }
}

static void check_certificate(struct cli *cli, struct finding *finding)
{
    const char *path = cli->configuration.tls_certificate;
    FILE *file = fopen(path, "re");
    X509 *certificate = file != NULL ? PEM_read_X509(file, NULL, NULL, NULL) : NULL;
    int days = 0;
    int seconds = 0;
    if (file != NULL) {
        (void)fclose(file); /* only read from */
    }
    if (certificate == NULL || ASN1_TIME_diff(&days, &seconds, NULL, X509_get0_notAfter(certificate)) != 1) {
        found(finding, false, "%s cannot be read as a PEM certificate", path);
    } else {
        found(finding, days >= CERTIFICATE_DAYS, "%s ends in %d days%s", path, days,
              days >= CERTIFICATE_DAYS ? "" : ": renew it, then send musterd a SIGHUP");
    }
    X509_free(certificate);
}

static void check_cards(struct cli *cli, struct finding *finding)
{
    finding->ok = doctor_cards(&cli->configuration, finding->detail, sizeof(finding->detail));
}

static void check_journal(struct cli *cli, struct finding *finding)
{
    struct doctor_journal journal;
    struct error error = {.code = ERROR_NONE};
    if (!doctor_journal_read(cli->configuration.journal_directory, cli->configuration.user, &journal, &error)) {
        found(finding, false, "%s", error.detail);
    } else {
        found(finding, journal.ok,
              "%llu entries wait in %u segments (%u of them live), %llu bytes, the oldest for %lld s; %u end torn, %u "
              "damaged; %u kept aside; %llu MiB free%s",
              (unsigned long long)journal.entries, journal.segments, journal.live, (unsigned long long)journal.bytes,
              (long long)journal.age_seconds, journal.torn, journal.damaged, journal.refused,
              (unsigned long long)journal.free_mib, journal.advice);
        finding->facts =
            json_pack("{s:I,s:I,s:I,s:I,s:O,s:O}", "entries", (json_int_t)journal.entries, "bytes",
                      (json_int_t)journal.bytes, "oldest_s", (json_int_t)journal.age_seconds, "free_mib",
                      (json_int_t)journal.free_mib, "segments", journal.facts, "refused", journal.refused_facts);
    }
    doctor_journal_release(&journal);
}

struct check {
    const char *name;
    void (*run)(struct cli *cli, struct finding *finding);
    bool needs_database;
};

int command_doctor(struct cli *cli)
{
    static const struct check checks[] = {
        {"keys", check_keys, false},         {"certificate", check_certificate, false},
        {"cards", check_cards, false},       {"journal", check_journal, false},
        {"database", check_database, false}, {"durability", check_durability, true},
        {"schema", check_schema, true},
    };
    json_t *answer = json_object();
    bool all = true;
    if (cli_flag(cli, "--help")) {
        json_decref(answer);
        (void)puts("usage: muster [-c FILE] doctor [--json]\nChecks keys, certificates, journal, database and schema; "
                   "exit status 1 when "
                   "one needs you.");
        return CLI_DONE;
    }
    for (size_t i = 0; i < sizeof(checks) / sizeof(checks[0]); i++) {
        struct finding finding = {.ok = false, .detail = "not checked: no database"};
        if (!checks[i].needs_database || (cli->owner != NULL && PQstatus(cli->owner) == CONNECTION_OK)) {
            checks[i].run(cli, &finding);
        }
        all = all && finding.ok;
        if (!cli->json) {
            (void)printf("%-4s %-12s %s\n", finding.ok ? "ok" : "BAD", checks[i].name, finding.detail);
        }
        (void)json_object_set_new(
            answer, checks[i].name,
            json_pack("{s:b,s:s,s:o*}", "ok", finding.ok, "detail", finding.detail, "facts", finding.facts));
    }
    (void)cli_answer(cli, answer, "%s", all ? "Nothing needs you." : "Something needs you: see BAD above.");
    return all ? CLI_DONE : CLI_FAILED;
}
