/* SPDX-License-Identifier: Apache-2.0
 * One non-blocking byte stream to a client: TLS, or a bare socket for the ops listener. */
#ifndef NET_TRANSPORT_H
#define NET_TRANSPORT_H

#include <openssl/ssl.h>
#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

struct transport {
    int fd;          /* -1: closed */
    SSL *tls;        /* NULL: plain, or TLS that has been shut down */
    int64_t card_us; /* monotonic: when the client's certificate was last looked at; 0: never */
};

enum transport_result {
    TRANSPORT_DONE,
    TRANSPORT_WAIT_READ,  /* again when the socket is readable */
    TRANSPORT_WAIT_WRITE, /* again when it is writable */
    TRANSPORT_END,        /* the peer has sent all it will */
    TRANSPORT_FAILED,
};

/* Takes the descriptor over, also on failure. `context` NULL: plain. */
bool transport_open(struct transport *transport, int fd, SSL_CTX *context);
enum transport_result transport_handshake(struct transport *transport);
/* On TRANSPORT_DONE *count octets (at least one) were read. */
enum transport_result transport_read(struct transport *transport, void *data, size_t size, size_t *count);
/* On TRANSPORT_DONE *count octets (at least one) were written. A write that has to wait must be repeated with the same octets
 * and possibly more behind them. */
enum transport_result transport_write(struct transport *transport, const void *data, size_t size, size_t *count);
struct http_card;
/* What certificate the client has shown, and whether it holds: by what `as_of` knows now, asked anew when that is another, and every ten seconds. */
void transport_card(struct transport *transport, SSL_CTX *as_of, int64_t now_us, struct http_card *card);
/* TLS holds octets that no readable event will announce. */
bool transport_has_pending(const struct transport *transport);
/* Sends close_notify and ends our direction; what still comes can be discarded with transport_discard. Frees the TLS state. */
void transport_finish(struct transport *transport);
/* After transport_finish: throws away at most `size` octets (`scratch` holds them); results as for transport_read. */
enum transport_result transport_discard(struct transport *transport, void *scratch, size_t size, size_t *count);
/* Closes, politely when TLS still stands. Harmless when closed. */
void transport_close(struct transport *transport);

#endif
