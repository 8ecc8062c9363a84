/* SPDX-License-Identifier: Apache-2.0
 * One server context, set up as the architecture asks. */
#include "net/tls.h"

#include <openssl/err.h>
#include <stdlib.h>
#include <string.h>

#include "core/log.h"
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

/* The handshake goes on whatever was shown; until tls_card_verdict has looked, it is good for nothing. */
static int go_on(X509_STORE_CTX *shown, void *context)
{
    (void)context;
    X509_STORE_CTX_set_error(shown, X509_V_ERR_UNSPECIFIED);
    return 1;
}

static bool add_revoked(SSL_CTX *context, const char *crl_file)
{
    X509_STORE *store = SSL_CTX_get_cert_store(context);
    X509_LOOKUP *lookup = X509_STORE_add_lookup(store, X509_LOOKUP_file());
    return lookup != NULL && X509_load_crl_file(lookup, crl_file, X509_FILETYPE_PEM) > 0 &&
           X509_STORE_set_flags(store, X509_V_FLAG_CRL_CHECK) == 1;
}

bool tls_ask_for_cards(SSL_CTX *context, const char *ca_file, const char *crl_file, struct error *error)
{
    ERR_clear_error();
    STACK_OF(X509_NAME) *names = SSL_load_client_CA_file(ca_file);
    if (names == NULL || SSL_CTX_load_verify_file(context, ca_file) != 1) {
        sk_X509_NAME_pop_free(names, X509_NAME_free);
        return fail(error, "no authority for client certificates in", ca_file);
    }
    SSL_CTX_set_client_CA_list(context, names); /* takes them over */
    /* who gives out the cards vouches for them, without the state's root, under which others give out certificates too */
    (void)X509_STORE_set_flags(SSL_CTX_get_cert_store(context), X509_V_FLAG_PARTIAL_CHAIN);
    if (*crl_file != '\0' && !add_revoked(context, crl_file)) {
        return fail(error, "no list of revoked certificates in", crl_file);
    }
    SSL_CTX_set_verify(context, SSL_VERIFY_PEER, NULL);
    SSL_CTX_set_cert_verify_callback(context, go_on, NULL);
    (void)SSL_CTX_set_options(context, SSL_OP_NO_TICKET);
    return SSL_CTX_set_num_tickets(context, 0) == 1 || fail(error, "OpenSSL refuses the settings", NULL);
}

/* As OpenSSL's handshake would (ssl_verify_cert_chain), but by today's store; what is wrong ends it, so that nothing later can hide it. */
long tls_card_verdict(SSL *tls, SSL_CTX *as_of)
{
    long verdict = X509_V_ERR_UNSPECIFIED;
    X509_STORE_CTX *look = X509_STORE_CTX_new();
    if (look != NULL && X509_STORE_CTX_init(look, SSL_CTX_get_cert_store(as_of), SSL_get0_peer_certificate(tls),
                                            SSL_get_peer_cert_chain(tls)) == 1) {
        X509_VERIFY_PARAM_set_auth_level(X509_STORE_CTX_get0_param(look), SSL_get_security_level(tls));
        if (X509_STORE_CTX_set_default(look, "ssl_client") == 1) {
            verdict = X509_verify_cert(look) == 1 ? X509_V_OK : X509_STORE_CTX_get_error(look);
        }
    }
    X509_STORE_CTX_free(look);
    ERR_clear_error();
    if (verdict != X509_V_OK) { /* the page cannot tell an officer that it is the operator's list that has run out */
        log_event(LOG_INFO, "tls.card_refused", log_text("reason", X509_verify_cert_error_string(verdict)));
    }
    return verdict;
}
