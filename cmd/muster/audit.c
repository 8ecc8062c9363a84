/* SPDX-License-Identifier: Apache-2.0
 * `muster audit verify`: every link of the chain anew, with our own SHA-256 over what the entries say now. `muster audit export`: export.c's. */
#include <sodium.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "audit_export.h"
#include "cli.h"
#include "core/id.h"

static const char usage[] =
    "usage: muster audit verify [--anchor FILE]\n"
    "         checks that no entry was changed, removed, put in or moved; FILE keeps heads of the chain, away from "
    "this\n"
    "         machine: the last one in it must still be in the chain, and the head of now is added to it\n"
    "       muster audit export [--csv] [--case CODE] [--user NAME]\n"
    "         the entries, oldest first, one JSON object a line, or as CSV\n";

enum { HASH_SIZE = crypto_hash_sha256_BYTES, HASH_TEXT_SIZE = 2 * HASH_SIZE + 1, FAULTS_TOLD_MAX = 20, FETCH = 5000 };

struct verification {
    struct cli *cli;
    long long link; /* the last one seen */
    uint8_t head[HASH_SIZE];
    char head_text[HASH_TEXT_SIZE];
    long long anchor_link; /* 0: there is none */
    char anchor_text[HASH_TEXT_SIZE];
    json_t *faults;
    unsigned fault_count;
};

static void fault(struct verification *v, const char *what, long long number)
{
    v->fault_count++;
    if (v->fault_count > FAULTS_TOLD_MAX) {
        return;
    }
    (void)json_array_append_new(v->faults, json_pack("{s:s,s:I}", "fault", what, "number", (json_int_t)number));
    if (!v->cli->json) {
        (void)fprintf(stderr, "muster: %s %lld\n", what, number);
    }
}

static void check_link(struct verification *v, PGresult *rows, int row)
{
    crypto_hash_sha256_state state;
    uint8_t expected[HASH_SIZE];
    char expected_text[HASH_TEXT_SIZE];
    long long link = strtoll(PQgetvalue(rows, row, 0), NULL, 10);
    long long entry = strtoll(PQgetvalue(rows, row, 1), NULL, 10);
    const char *stored = PQgetvalue(rows, row, 2);
    const char *content = PQgetvalue(rows, row, 3);
    if (link != v->link + 1) {
        fault(v, "links are missing before link", link);
    }
    (void)crypto_hash_sha256_init(&state); /* these cannot fail */
    (void)crypto_hash_sha256_update(&state, v->head, HASH_SIZE);
    (void)crypto_hash_sha256_update(&state, (const uint8_t *)content, strlen(content));
    (void)crypto_hash_sha256_final(&state, expected);
    (void)hex_format(expected, HASH_SIZE, expected_text);
    if (PQgetisnull(rows, row, 3)) {
        fault(v, "removed: entry", entry);
    } else if (link == v->link + 1 && strcmp(stored, expected_text) != 0) {
        fault(v, "changed or moved: entry", entry);
    }
    if (link == v->anchor_link && strcmp(stored, v->anchor_text) != 0) {
        fault(v, "the anchor has another hash for link", link);
    }
    /* on from what is stored: the entries behind one at fault are judged by themselves */
    (void)snprintf(v->head_text, sizeof(v->head_text), "%s", stored);
    if (sodium_hex2bin(v->head, HASH_SIZE, stored, strlen(stored), NULL, NULL, NULL) != 0) {
        fault(v, "no hash at link", link);
    }
    v->link = link;
}

static bool read_anchor(struct verification *v, const char *path)
{
    char line[256];
    FILE *file = fopen(path, "re");
    if (file == NULL) {
        return true; /* the first time: nothing to hold the chain to */
    }
    bool fits = true;
    while (fits && fgets(line, sizeof(line), file) != NULL) {
        char *rest = NULL;
        v->anchor_link = strtoll(line, &rest, 10);
        fits = v->anchor_link > 0 && *rest == ' ' && strlen(rest) >= HASH_TEXT_SIZE;
        (void)snprintf(v->anchor_text, sizeof(v->anchor_text), "%.*s", HASH_TEXT_SIZE - 1, fits ? rest + 1 : "");
    }
    (void)fclose(file); /* only read from */
    return fits;
}

static bool add_anchor(const struct verification *v, const char *path)
{
    FILE *file = fopen(path, "ae");
    bool written = file != NULL && fprintf(file, "%lld %s\n", v->link, v->head_text) > 0;
    return file != NULL && fclose(file) == 0 && written;
}

/* False after saying why. */
static bool walk(struct verification *v)
{
    for (int count = FETCH; count > 0;) {
        char after[24];
        char most[16];
        (void)snprintf(after, sizeof(after), "%lld", v->link);
        (void)snprintf(most, sizeof(most), "%d", FETCH);
        const char *const values[] = {after, most};
        PGresult *rows = cli_run(v->cli, PG_AUDIT_CHAIN, 2, values, NULL, NULL);
        if (rows == NULL) {
            return false;
        }
        count = PQntuples(rows);
        for (int i = 0; i < count; i++) {
            check_link(v, rows, i);
        }
        PQclear(rows);
    }
    if (v->anchor_link > v->link) {
        fault(v, "cut off: the anchor knows link", v->anchor_link);
    }
    PGresult *strays = cli_run(v->cli, PG_AUDIT_STRAY, 0, NULL, NULL, NULL);
    for (int i = 0; strays != NULL && i < PQntuples(strays); i++) {
        fault(v, "in no link: entry", strtoll(PQgetvalue(strays, i, 0), NULL, 10));
    }
    PQclear(strays);
    return strays != NULL;
}

/* What was committed until now is linked first, as the courier does it. */
static bool link_all(struct cli *cli)
{
    for (bool more = true; more;) {
        PGresult *result = cli_run(cli, PG_AUDIT_LINK, 0, NULL, NULL, NULL);
        if (result == NULL) {
            return false;
        }
        more = strcmp(PQgetvalue(result, 0, 0), "0") != 0;
        PQclear(result);
    }
    return true;
}

static int verify(struct cli *cli)
{
    struct error error = {.code = ERROR_NONE};
    struct verification v = {.cli = cli, .faults = json_array()};
    const char *anchor = cli_option(cli, "--anchor");
    bool done = link_all(cli);
    if (done && anchor != NULL && !read_anchor(&v, anchor)) {
        done = false;
        (void)error_set(&error, ERROR_INVALID, "audit", "%s is no file of anchors", anchor);
        (void)cli_fail(cli, &error);
    }
    done = done && walk(&v);
    if (done && v.fault_count == 0 && anchor != NULL && v.link > 0 && !add_anchor(&v, anchor)) {
        done = false;
        (void)error_set_errno(&error, "audit", "cannot write %s", anchor);
        (void)cli_fail(cli, &error);
    }
    if (!done) {
        json_decref(v.faults);
        return CLI_FAILED;
    }
    json_t *answer = json_pack("{s:b,s:I,s:s,s:I,s:o}", "whole", v.fault_count == 0, "links", (json_int_t)v.link,
                               "head", v.head_text, "fault_count", (json_int_t)v.fault_count, "faults", v.faults);
    (void)cli_answer(cli, answer, "%lld entries, %s. Head: %lld %s", v.link,
                     v.fault_count == 0 ? "none changed, removed or moved" : "NOT WHOLE", v.link, v.head_text);
    return v.fault_count == 0 ? CLI_DONE : CLI_FAILED;
}

int command_audit(struct cli *cli)
{
    const char *verb = cli_verb(cli);
    if (cli_flag(cli, "--help")) {
        (void)fputs(usage, stdout);
        return CLI_DONE;
    }
    if (strcmp(verb, "verify") == 0) {
        return verify(cli);
    }
    return strcmp(verb, "export") == 0 ? audit_export(cli) : cli_usage(usage);
}
