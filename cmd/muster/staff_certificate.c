/* SPDX-License-Identifier: Apache-2.0
 * `muster staff certificate`: whose a smart card is, by the SHA-256 of its public key (SubjectPublicKeyInfo), which stays when the certificate is renewed. */
#include "staff_certificate.h"

#include <openssl/evp.h>
#include <openssl/pem.h>
#include <openssl/x509.h>
#include <stdio.h>

#include "core/id.h"
#include "core/slice.h"

enum { HASH_SIZE = 32, SUBJECT_MAX = 256 };

struct card {
    char hash[2 * HASH_SIZE + 1];
    char subject[SUBJECT_MAX];
};

static bool read_card(const struct cli *cli, const char *path, struct card *card)
{
    struct error error = {.code = ERROR_NONE};
    unsigned char *key = NULL;
    uint8_t hash[HASH_SIZE];
    FILE *file = fopen(path, "re");
    X509 *certificate = file != NULL ? PEM_read_X509(file, NULL, NULL, NULL) : NULL;
    int length = certificate != NULL ? i2d_X509_PUBKEY(X509_get_X509_PUBKEY(certificate), &key) : 0;
    bool ok = length > 0 && EVP_Digest(key, (size_t)length, hash, NULL, EVP_sha256(), NULL) == 1 &&
              X509_NAME_oneline(X509_get_subject_name(certificate), card->subject, sizeof(card->subject)) != NULL;
    if (ok) {
        (void)hex_format(hash, sizeof(hash), card->hash);
    } else {
        (void)error_set(&error, ERROR_INVALID, "staff", "there is no certificate (PEM) in %s", path);
        (void)cli_fail(cli, &error);
    }
    OPENSSL_free(key);
    X509_free(certificate);
    if (file != NULL) {
        (void)fclose(file); /* only read */
    }
    return ok;
}

static int change(struct cli *cli, const char *user, const char *path, bool adds)
{
    struct error error = {.code = ERROR_NONE};
    struct card card;
    if (!read_card(cli, path, &card)) {
        return CLI_FAILED;
    }
    const char *const values[] = {user, card.hash, card.subject};
    PGresult *result =
        cli_run(cli, adds ? PG_CERTIFICATE_ADD : PG_CERTIFICATE_REMOVE, adds ? 3 : 2, values, NULL, NULL);
    if (result == NULL) {
        return CLI_FAILED;
    }
    bool done = PQntuples(result) == 1;
    PQclear(result);
    if (!done) {
        (void)error_set(&error, ERROR_INVALID, "staff",
                        adds ? "there is no account \"%s\", or the card is another's" : "\"%s\" has no such card",
                        user);
        return cli_fail(cli, &error);
    }
    return cli_answer(cli, json_pack("{s:s,s:s,s:b}", "user", user, "key_hash", card.hash, "added", adds),
                      adds ? "%s signs in with the card %s." : "%s does not sign in with the card %s any more.", user,
                      card.subject);
}

static int list(struct cli *cli, const char *user)
{
    const char *const values[] = {user};
    PGresult *result = cli_run(cli, PG_CERTIFICATE_LIST, 1, values, NULL, NULL);
    if (result == NULL) {
        return CLI_FAILED;
    }
    json_t *rows = json_array();
    int count = PQntuples(result);
    for (int i = 0; i < count; i++) {
        (void)json_array_append_new(rows, json_pack("{s:s,s:s,s:s}", "key_hash", PQgetvalue(result, i, 0), "subject",
                                                    PQgetvalue(result, i, 1), "added_at", PQgetvalue(result, i, 2)));
        (void)(cli->json || printf("%s  %s\n", PQgetvalue(result, i, 0), PQgetvalue(result, i, 1)));
    }
    PQclear(result);
    return cli_answer(cli, json_pack("{s:s,s:o}", "user", user, "cards", rows), "%d cards", count);
}

int staff_certificate(struct cli *cli)
{
    const char *user = cli_option(cli, "--user");
    const char *added = cli_option(cli, "--add");
    const char *removed = cli_option(cli, "--remove");
    if (user == NULL || (added != NULL && removed != NULL)) {
        return CLI_USAGE;
    }
    return added != NULL     ? change(cli, user, added, true)
           : removed != NULL ? change(cli, user, removed, false)
                             : list(cli, user);
}
