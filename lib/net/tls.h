/* SPDX-License-Identifier: Apache-2.0
 * TLS 1.2 and 1.3 as the architecture asks: groups X25519:P-256:P-384, no renegotiation, no 0-RTT, released buffers. */
#ifndef NET_TLS_H
#define NET_TLS_H

#include <openssl/ssl.h>
#include <stdint.h>

#include "core/error.h"

struct tls_files {
    const char *certificate; /* PEM, the chain */
    const char *private_key; /* PEM */
};

/* The secret from which session ticket keys are derived, shared by the edges of one host; 48 random bytes made by the supervisor. */
enum { TLS_TICKET_SECRET_SIZE = 48 };

/* NULL with `error` naming the file at fault. ALPN offers http/1.1. */
SSL_CTX *tls_context_new(const struct tls_files *files, const uint8_t ticket_secret[TLS_TICKET_SECRET_SIZE],
                         struct error *error);

/* Asks each client for a certificate, and requires none: what is wrong with one is said by the page that signs in, not by the handshake, which proves
 * only that the client holds its key. Who may vouch for one stands in `ca_file`, with or without who is above it; which are revoked in `crl_file` (empty: not asked). Sessions are not
 * resumed then, so that each connection proves it anew. */
bool tls_ask_for_cards(SSL_CTX *context, const char *ca_file, const char *crl_file, struct error *error);
/* Whether what the client has shown holds now, by the authority and the list of revoked ones of `as_of`: that of a connection may be older. X509_V_OK, or what
 * is wrong. */
long tls_card_verdict(SSL *tls, SSL_CTX *as_of);

#endif
