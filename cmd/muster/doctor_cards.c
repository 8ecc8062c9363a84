/* SPDX-License-Identifier: Apache-2.0
 * Reads the files as musterd would at its next SIGHUP. */
#include "doctor_cards.h"

#include <openssl/err.h>
#include <openssl/pem.h>
#include <openssl/x509.h>
#include <openssl/x509v3.h>
#include <stdio.h>

enum { AUTHORITY_DAYS = 14, SUBJECT_MAX = 128 };

static STACK_OF(X509_INFO) * read_all(const char *path)
{
    BIO *file = BIO_new_file(path, "r");
    STACK_OF(X509_INFO) *all = file != NULL ? PEM_X509_INFO_read_bio(file, NULL, NULL, NULL) : NULL;
    BIO_free(file);
    ERR_clear_error();
    return all;
}

static void release(STACK_OF(X509_INFO) * all)
{
    sk_X509_INFO_pop_free(all, X509_INFO_free);
}

/* One that only vouches for others of the file gives out no cards, and is asked for no list. */
static bool is_above_another(X509 *authority, const STACK_OF(X509_INFO) * all)
{
    for (int i = 0; i < sk_X509_INFO_num(all); i++) {
        X509 *other = sk_X509_INFO_value(all, i)->x509;
        if (other != NULL && X509_cmp(other, authority) != 0 && X509_check_issued(authority, other) == X509_V_OK) {
            return true;
        }
    }
    return false;
}

/* The list of this authority that holds longest; NULL when there is none. */
static X509_CRL *list_of(X509 *authority, const STACK_OF(X509_INFO) * lists)
{
    X509_CRL *found = NULL;
    for (int i = 0; i < sk_X509_INFO_num(lists); i++) {
        X509_CRL *list = sk_X509_INFO_value(lists, i)->crl;
        int days = 0;
        int seconds = 0;
        if (list == NULL || X509_NAME_cmp(X509_CRL_get_issuer(list), X509_get_subject_name(authority)) != 0 ||
            X509_CRL_verify(list, X509_get0_pubkey(authority)) != 1) {
            continue;
        }
        if (found == NULL || X509_CRL_get0_nextUpdate(list) == NULL ||
            (ASN1_TIME_diff(&days, &seconds, X509_CRL_get0_nextUpdate(found), X509_CRL_get0_nextUpdate(list)) == 1 &&
             days * 86400L + seconds > 0)) {
            found = list;
        }
    }
    ERR_clear_error();
    return found;
}

/* From now; false for a time that cannot be read, or has passed. */
static bool hours_until(const ASN1_TIME *end, int *hours)
{
    int days = 0;
    int seconds = 0;
    bool read = ASN1_TIME_diff(&days, &seconds, NULL, end) == 1;
    *hours = days * 24 + seconds / 3600;
    return read && days >= 0 && seconds >= 0;
}

static bool say_list(const char *subject, X509_CRL *list, char *detail, size_t size)
{
    int hours = 0;
    if (list == NULL) {
        (void)snprintf(detail, size,
                       "there is no list of revoked cards of %s: each of its cards is refused; put its list (PEM) into "
                       "client_crl_file, then send musterd a SIGHUP",
                       subject);
        return false;
    }
    const ASN1_TIME *next = X509_CRL_get0_nextUpdate(list);
    if (next == NULL) {
        (void)snprintf(detail, size, "the list of revoked cards of %s never runs out", subject);
        return true;
    }
    if (!hours_until(next, &hours)) {
        (void)snprintf(detail, size,
                       "the list of revoked cards of %s has run out: each of its cards is refused; fetch the new one, "
                       "then send musterd a SIGHUP",
                       subject);
        return false;
    }
    (void)snprintf(detail, size, "the list of revoked cards of %s runs out in %d hours", subject, hours);
    return true;
}

/* Of one authority. */
static bool say_authority(X509 *authority, const STACK_OF(X509_INFO) * lists, char *detail, size_t size)
{
    char subject[SUBJECT_MAX];
    int hours = 0;
    (void)X509_NAME_oneline(X509_get_subject_name(authority), subject, sizeof(subject));
    if (!hours_until(X509_get0_notAfter(authority), &hours) || hours < AUTHORITY_DAYS * 24) {
        (void)snprintf(detail, size, "the certificate of %s ends in %d days: put the next one into client_ca_file too",
                       subject, hours / 24);
        return false;
    }
    if (lists == NULL) {
        (void)snprintf(detail, size, "cards of %s; no client_crl_file is set, so a revoked card still opens", subject);
        return true;
    }
    return say_list(subject, list_of(authority, lists), detail, size);
}

bool doctor_cards(const struct configuration *configuration, char *detail, size_t size)
{
    const char *const ca_file = configuration->client_ca_file;
    const char *const crl_file = configuration->client_crl_file;
    if (*ca_file == '\0') {
        (void)snprintf(detail, size, "%s", "the desk asks for none");
        return true;
    }
    STACK_OF(X509_INFO) *authorities = read_all(ca_file);
    STACK_OF(X509_INFO) *lists = *crl_file != '\0' ? read_all(crl_file) : NULL;
    bool ok = false;
    if (*crl_file != '\0' && lists == NULL) {
        (void)snprintf(detail, size, "%s cannot be read as a PEM list of revoked certificates", crl_file);
    } else {
        (void)snprintf(detail, size, "%s holds no PEM certificate of an authority", ca_file);
        bool all = true;
        for (int i = 0; all && i < sk_X509_INFO_num(authorities); i++) {
            X509 *authority = sk_X509_INFO_value(authorities, i)->x509;
            if (authority != NULL && !is_above_another(authority, authorities)) {
                ok = all = say_authority(authority, lists, detail, size);
            }
        }
    }
    release(authorities);
    release(lists);
    return ok;
}
