/* SPDX-License-Identifier: Apache-2.0
 * HKDF over the hour's number, and OpenSSL's ticket callback. */
#include "net/ticket.h"

#include <openssl/core_names.h>
#include <openssl/kdf.h>
#include <openssl/rand.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

enum { INFO_MAX = 64 };

void ticket_ring_init(struct ticket_ring *ring, const uint8_t secret[TLS_TICKET_SECRET_SIZE], struct clock clock)
{
    *ring = (struct ticket_ring){.clock = clock, .hour = -1};
    memcpy(ring->secret, secret, TLS_TICKET_SECRET_SIZE);
}

void ticket_ring_release(struct ticket_ring *ring)
{
    OPENSSL_cleanse(ring, sizeof(*ring));
}

static bool derive(const uint8_t secret[TLS_TICKET_SECRET_SIZE], int64_t hour, struct ticket_keys *keys)
{
    char info[INFO_MAX];
    int info_length = snprintf(info, sizeof(info), "muster session ticket %lld", (long long)hour);
    EVP_KDF *kdf = EVP_KDF_fetch(NULL, "HKDF", NULL);
    EVP_KDF_CTX *context = kdf != NULL ? EVP_KDF_CTX_new(kdf) : NULL;
    uint8_t secret_copy[TLS_TICKET_SECRET_SIZE]; /* OSSL_PARAM takes no const */
    memcpy(secret_copy, secret, sizeof(secret_copy));
    char digest[] = "SHA256";
    OSSL_PARAM parameters[] = {
        OSSL_PARAM_construct_utf8_string(OSSL_KDF_PARAM_DIGEST, digest, 0),
        OSSL_PARAM_construct_octet_string(OSSL_KDF_PARAM_KEY, secret_copy, sizeof(secret_copy)),
        OSSL_PARAM_construct_octet_string(OSSL_KDF_PARAM_INFO, info, info_length > 0 ? (size_t)info_length : 0),
        OSSL_PARAM_construct_end(),
    };
    bool ok = context != NULL && info_length > 0 &&
              EVP_KDF_derive(context, (unsigned char *)keys, sizeof(*keys), parameters) == 1;
    OPENSSL_cleanse(secret_copy, sizeof(secret_copy));
    EVP_KDF_CTX_free(context);
    EVP_KDF_free(kdf);
    return ok;
}

bool ticket_ring_turn(struct ticket_ring *ring)
{
    _Static_assert(sizeof(struct ticket_keys) == TICKET_NAME_SIZE + TICKET_CIPHER_KEY_SIZE + TICKET_MAC_KEY_SIZE,
                   "derived as one run of octets");
    int64_t hour = clock_now(&ring->clock) / MICROSECONDS_AN_HOUR;
    if (hour == ring->hour) {
        return true;
    }
    ring->hour = -1;
    if (!derive(ring->secret, hour, &ring->current) || !derive(ring->secret, hour - 1, &ring->previous)) {
        return false;
    }
    ring->hour = hour;
    return true;
}

static int ring_index(void);

static bool set_mac(EVP_MAC_CTX *mac, const struct ticket_keys *keys)
{
    uint8_t key[TICKET_MAC_KEY_SIZE];
    char digest[] = "SHA256";
    memcpy(key, keys->mac, sizeof(key));
    OSSL_PARAM parameters[] = {
        OSSL_PARAM_construct_octet_string(OSSL_MAC_PARAM_KEY, key, sizeof(key)),
        OSSL_PARAM_construct_utf8_string(OSSL_MAC_PARAM_DIGEST, digest, 0),
        OSSL_PARAM_construct_end(),
    };
    bool ok = EVP_MAC_CTX_set_params(mac, parameters) == 1;
    OPENSSL_cleanse(key, sizeof(key));
    return ok;
}

/* SSL_CTX_set_tlsext_ticket_key_evp_cb(3): -1 error, 0 no such key (a full handshake follows), 1 done, 2 done and renew. */
static int on_ticket(SSL *tls, unsigned char name[TICKET_NAME_SIZE], unsigned char iv[EVP_MAX_IV_LENGTH],
                     EVP_CIPHER_CTX *cipher, EVP_MAC_CTX *mac, int encrypt)
{
    struct ticket_ring *ring = SSL_CTX_get_ex_data(SSL_get_SSL_CTX(tls), ring_index());
    if (ring == NULL || !ticket_ring_turn(ring)) {
        return -1;
    }
    const EVP_CIPHER *algorithm = EVP_aes_256_cbc();
    if (encrypt == 1) {
        memcpy(name, ring->current.name, TICKET_NAME_SIZE);
        bool ok = RAND_bytes(iv, EVP_CIPHER_get_iv_length(algorithm)) == 1 &&
                  EVP_EncryptInit_ex2(cipher, algorithm, ring->current.cipher, iv, NULL) == 1 &&
                  set_mac(mac, &ring->current);
        return ok ? 1 : -1;
    }
    bool is_current = memcmp(name, ring->current.name, TICKET_NAME_SIZE) == 0;
    const struct ticket_keys *keys = is_current ? &ring->current : &ring->previous;
    if (memcmp(name, keys->name, TICKET_NAME_SIZE) != 0) {
        return 0;
    }
    if (EVP_DecryptInit_ex2(cipher, algorithm, keys->cipher, iv, NULL) != 1 || !set_mac(mac, keys)) {
        return -1;
    }
    /* RFC 8446 appendix C.4: a ticket serves one connection, so each resumed one is given the next; TLS 1.2's serve many. */
    return is_current && SSL_version(tls) < TLS1_3_VERSION ? 1 : 2;
}

static void on_context_freed(void *parent, void *ring, CRYPTO_EX_DATA *data, int index, long l, void *p)
{
    (void)parent;
    (void)data;
    (void)index;
    (void)l;
    (void)p;
    if (ring != NULL) {
        ticket_ring_release(ring);
        free(ring);
    }
}

static int ring_index(void)
{
    static int index = -1; /* OpenSSL's registry is the process's; this is our row in it */
    if (index < 0) {
        index = SSL_CTX_get_ex_new_index(0, NULL, NULL, NULL, on_context_freed);
    }
    return index;
}

bool ticket_ring_attach(struct ticket_ring *ring, SSL_CTX *context)
{
    if (ring_index() < 0 || !ticket_ring_turn(ring) || SSL_CTX_set_tlsext_ticket_key_evp_cb(context, on_ticket) != 1 ||
        SSL_CTX_set_ex_data(context, ring_index(), ring) != 1) {
        return false;
    }
    return true;
}
