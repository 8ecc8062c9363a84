/* SPDX-License-Identifier: Apache-2.0
 * One server context, set up as the architecture asks. */
#include "net/tls.h"

#include <openssl/err.h>
#include <stdlib.h>
#include <string.h>

#include "net/ticket.h"

/* The front of the list is what a phone without AES instructions is not hurt by: see SSL_OP_PRIORITIZE_CHACHA. */
static const char ciphers_1_2[] =
    "ECDHE-ECDSA-AES128-GCM-SHA256:ECDHE-ECDSA-CHACHA20-POLY1305:ECDHE-ECDSA-AES256-GCM-SHA384:"
    "ECDHE-RSA-AES128-GCM-SHA256:ECDHE-RSA-CHACHA20-POLY1305:ECDHE-RSA-AES256-GCM-SHA384";
static const char ciphers_1_3[] = "TLS_AES_128_GCM_SHA256:TLS_CHACHA20_POLY1305_SHA256:TLS_AES_256_GCM_SHA384";

static bool fail(struct error *error, const char *what, const char *file)
{
    char reason[160] = "";
    unsigned long code = ERR_peek_last_error();
    if (code != 0) {
        ERR_error_string_n(code, reason, sizeof(reason));
    }
    ERR_clear_error();
    return error_set(error, ERROR_INVALID, "tls.context_new", "%s%s%s%s%s", what, file != NULL ? " " : "",
                     file != NULL ? file : "", reason[0] != '\0' ? ": " : "", reason);
}

/* RFC 7301 section 3.2: a client that offers protocols but not ours is told so, not served another. */
static int choose_protocol(SSL *tls, const unsigned char **chosen, unsigned char *chosen_length,
                           const unsigned char *offered, unsigned int offered_length, void *context)
{
    static const unsigned char ours[] = "\x08http/1.1";
    unsigned char *found = NULL;
    (void)tls;
    (void)context;
    if (SSL_select_next_proto(&found, chosen_length, ours, sizeof(ours) - 1, offered, offered_length) !=
        OPENSSL_NPN_NEGOTIATED) {
        return SSL_TLSEXT_ERR_ALERT_FATAL;
    }
    *chosen = found;
    return SSL_TLSEXT_ERR_OK;
}

static bool configure(SSL_CTX *context)
{
    static const unsigned char session_id_context[] = "muster";
    char groups[] = "X25519:P-256:P-384"; /* OpenSSL's macro casts const away */
    (void)SSL_CTX_set_mode(context, SSL_MODE_RELEASE_BUFFERS | SSL_MODE_ENABLE_PARTIAL_WRITE |
                                        SSL_MODE_ACCEPT_MOVING_WRITE_BUFFER);
    /* A client may leave by FIN alone: HTTP's own framing tells whether its request was whole (RFC 9112 section 9.8). */
    (void)SSL_CTX_set_options(context, SSL_OP_NO_RENEGOTIATION | SSL_OP_NO_COMPRESSION |
                                           SSL_OP_CIPHER_SERVER_PREFERENCE | SSL_OP_PRIORITIZE_CHACHA |
                                           SSL_OP_IGNORE_UNEXPECTED_EOF);
    (void)SSL_CTX_set_session_cache_mode(context, SSL_SESS_CACHE_OFF); /* tickets carry the sessions */
    (void)SSL_CTX_set_timeout(context, 3600);
    SSL_CTX_set_read_ahead(context, 1); /* one read(2) for a record's header and content */
    SSL_CTX_set_alpn_select_cb(context, choose_protocol, NULL);
    return SSL_CTX_set_min_proto_version(context, TLS1_2_VERSION) == 1 &&
           SSL_CTX_set1_groups_list(context, groups) == 1 && SSL_CTX_set_cipher_list(context, ciphers_1_2) == 1 &&
           SSL_CTX_set_ciphersuites(context, ciphers_1_3) == 1 && SSL_CTX_set_num_tickets(context, 1) == 1 &&
           SSL_CTX_set_max_early_data(context, 0) == 1 && /* what may be replayed must not store */
           SSL_CTX_set_session_id_context(context, session_id_context, sizeof(session_id_context) - 1) == 1;
}

static bool set_tickets(SSL_CTX *context, const uint8_t secret[TLS_TICKET_SECRET_SIZE])
{
    struct ticket_ring *ring = malloc(sizeof(*ring));
    if (ring == NULL) {
        return false;
    }
    ticket_ring_init(ring, secret, clock_system());
    if (!ticket_ring_attach(ring, context)) {
        ticket_ring_release(ring);
        free(ring);
        return false;
    }
    return true;
}

static bool set_up(SSL_CTX *context, const struct tls_files *files, const uint8_t secret[TLS_TICKET_SECRET_SIZE],
                   struct error *error)
{
    if (!configure(context) || !set_tickets(context, secret)) {
        return fail(error, "OpenSSL refuses the settings", NULL);
    }
    if (SSL_CTX_use_certificate_chain_file(context, files->certificate) != 1) {
        return fail(error, "no certificate chain in", files->certificate);
    }
    if (SSL_CTX_use_PrivateKey_file(context, files->private_key, SSL_FILETYPE_PEM) != 1) {
        return fail(error, "no private key for the certificate in", files->private_key);
    }
    return SSL_CTX_check_private_key(context) == 1 ||
           fail(error, "the certificate is not of the key", files->private_key);
}

SSL_CTX *tls_context_new(const struct tls_files *files, const uint8_t ticket_secret[TLS_TICKET_SECRET_SIZE],
                         struct error *error)
{
    ERR_clear_error();
    SSL_CTX *context = SSL_CTX_new(TLS_server_method());
    if (context == NULL) {
        (void)fail(error, "no TLS context", NULL);
        return NULL;
    }
    if (!set_up(context, files, ticket_secret, error)) {
        SSL_CTX_free(context);
        return NULL;
    }
    return context;
}
