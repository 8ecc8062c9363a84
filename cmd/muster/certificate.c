/* SPDX-License-Identifier: Apache-2.0
 * Making a certificate with OpenSSL. */
#include "certificate.h"

#include <arpa/inet.h>
#include <fcntl.h>
#include <openssl/ec.h>
#include <openssl/evp.h>
#include <openssl/pem.h>
#include <openssl/x509v3.h>
#include <stdio.h>
#include <string.h>
#include <unistd.h>

#include "core/id.h"
#include "core/slice.h"

enum { DAYS = 365, NAMES_MAX = 1024 };

/* "DNS:localhost,IP:127.0.0.1,..." */
static void add_host(char names[NAMES_MAX], const char *listen)
{
    char host[256];
    unsigned char address[16];
    struct slice text = slice_of(listen);
    size_t end = text.length;
    while (end > 0 && text.data[end - 1] != ':') {
        end--;
    }
    struct slice name = end > 0 ? slice_sub(text, 0, end - 1) : text;
    if (name.length >= 2 && name.data[0] == '[') {
        name = slice_sub(name, 1, name.length - 1);
    }
    (void)snprintf(host, sizeof(host), "%.*s", SLICE_ARGS(name));
    bool ip = inet_pton(AF_INET, host, address) == 1 || inet_pton(AF_INET6, host, address) == 1;
    size_t used = strlen(names);
    if (host[0] != '\0') {
        (void)snprintf(names + used, NAMES_MAX - used, ",%s:%s", ip ? "IP" : "DNS", host);
    }
}

static bool add_extension(X509 *certificate, int nid, const char *value)
{
    X509V3_CTX context;
    X509V3_set_ctx_nodb(&context);
    X509V3_set_ctx(&context, certificate, certificate, NULL, NULL, 0);
    X509_EXTENSION *extension = X509V3_EXT_conf_nid(NULL, &context, nid, value);
    bool ok = extension != NULL && X509_add_ext(certificate, extension, -1) == 1;
    X509_EXTENSION_free(extension);
    return ok;
}

static X509 *make(EVP_PKEY *key, const char *names)
{
    X509 *certificate = X509_new();
    uint64_t serial = 0;
    random_fill(&serial, sizeof(serial));
    X509_NAME *name = certificate != NULL ? X509_get_subject_name(certificate) : NULL;
    static const unsigned char common_name[] = "Muster (self-signed)";
    bool ok = name != NULL && X509_set_version(certificate, X509_VERSION_3) == 1 &&
              ASN1_INTEGER_set_uint64(X509_get_serialNumber(certificate), serial >> 1) == 1 &&
              X509_gmtime_adj(X509_getm_notBefore(certificate), -3600) != NULL && /* a phone's clock may be behind */
              X509_gmtime_adj(X509_getm_notAfter(certificate), 86400L * DAYS) != NULL &&
              X509_set_pubkey(certificate, key) == 1 &&
              X509_NAME_add_entry_by_txt(name, "CN", MBSTRING_ASC, common_name, -1, -1, 0) == 1 &&
              X509_set_issuer_name(certificate, name) == 1 &&
              add_extension(certificate, NID_basic_constraints, "critical,CA:TRUE,pathlen:0") &&
              add_extension(certificate, NID_key_usage, "critical,digitalSignature,keyCertSign") &&
              add_extension(certificate, NID_ext_key_usage, "serverAuth") &&
              add_extension(certificate, NID_subject_alt_name, names) && X509_sign(certificate, key, EVP_sha256()) > 0;
    if (!ok) {
        X509_free(certificate);
        return NULL;
    }
    return certificate;
}

static bool write_pem(const char *path, int mode, X509 *certificate, EVP_PKEY *key, struct error *error)
{
    int fd = open(path, O_WRONLY | O_CREAT | O_EXCL | O_CLOEXEC, mode);
    FILE *file = fd >= 0 ? fdopen(fd, "w") : NULL;
    if (file == NULL) {
        if (fd >= 0) {
            (void)close(fd);
        }
        return error_set_errno(error, "certificate", "cannot make %s", path);
    }
    bool ok = certificate != NULL ? PEM_write_X509(file, certificate) == 1
                                  : PEM_write_PKCS8PrivateKey(file, key, NULL, NULL, 0, NULL, NULL) == 1;
    ok = fflush(file) == 0 && fsync(fileno(file)) == 0 && ok;
    return (fclose(file) == 0 && ok) || error_set_errno(error, "certificate", "cannot write %s", path);
}

bool certificate_create(const char *certificate_path, const char *key_path, const char *listen_a, const char *listen_b,
                        struct error *error)
{
    char names[NAMES_MAX] = "DNS:localhost";
    add_host(names, listen_a);
    add_host(names, listen_b);
    EVP_PKEY *key = EVP_EC_gen("P-256");
    X509 *certificate = key != NULL ? make(key, names) : NULL;
    bool ok = certificate != NULL ||
              error_set(error, ERROR_CRYPTO, "certificate", "OpenSSL could not make a certificate for %s", names);
    ok = ok && write_pem(key_path, 0600, NULL, key, error) &&
         write_pem(certificate_path, 0644, certificate, NULL, error);
    X509_free(certificate);
    EVP_PKEY_free(key);
    return ok;
}
