/* SPDX-License-Identifier: Apache-2.0
 * OpenSSL and recv/send behind the same five results.
 *
 * Not a bufferevent: called directly, a keep-alive request over TLS is one read, one write and no epoll_ctl (13 us of CPU where
 * bare bufferevents took 24, measured on one machine), and nothing is freed or called back later than when it happened.
 */
#include "net/transport.h"

#include <errno.h>
#include <limits.h>
#include <openssl/err.h>
#include <sys/socket.h>
#include <unistd.h>

#include "net/http.h"
#include "net/tls.h"

bool transport_open(struct transport *transport, int fd, SSL_CTX *context)
{
    *transport = (struct transport){.fd = fd};
    if (context == NULL) {
        return true;
    }
    transport->tls = SSL_new(context);
    if (transport->tls == NULL || SSL_set_fd(transport->tls, fd) != 1) {
        transport_close(transport);
        return false;
    }
    SSL_set_accept_state(transport->tls);
    return true;
}

/* SSL_get_error looks at the thread's queue: leftovers of another connection would mislead it. Nearly always there are none, and
 * looking costs a twentieth of clearing. */
static void clear_errors(void)
{
    if (ERR_peek_error() != 0) {
        ERR_clear_error();
    }
}

static enum transport_result tls_result(const SSL *tls, int outcome)
{
    switch (SSL_get_error(tls, outcome)) {
    case SSL_ERROR_WANT_READ:
        return TRANSPORT_WAIT_READ;
    case SSL_ERROR_WANT_WRITE:
        return TRANSPORT_WAIT_WRITE;
    case SSL_ERROR_ZERO_RETURN:
        return TRANSPORT_END;
    default:
        return TRANSPORT_FAILED;
    }
}

enum transport_result transport_handshake(struct transport *transport)
{
    if (transport->tls == NULL) {
        return TRANSPORT_DONE;
    }
    clear_errors();
    int outcome = SSL_do_handshake(transport->tls);
    return outcome == 1 ? TRANSPORT_DONE : tls_result(transport->tls, outcome);
}

static enum transport_result socket_read(int fd, void *data, size_t size, size_t *count)
{
    ssize_t got = recv(fd, data, size, 0);
    if (got > 0) {
        *count = (size_t)got;
        return TRANSPORT_DONE;
    }
    if (got == 0) {
        return TRANSPORT_END;
    }
    return errno == EAGAIN || errno == EINTR ? TRANSPORT_WAIT_READ : TRANSPORT_FAILED;
}

enum transport_result transport_read(struct transport *transport, void *data, size_t size, size_t *count)
{
    *count = 0;
    if (transport->tls == NULL) {
        return socket_read(transport->fd, data, size, count);
    }
    clear_errors();
    int outcome = SSL_read_ex(transport->tls, data, size, count);
    return outcome == 1 ? TRANSPORT_DONE : tls_result(transport->tls, outcome);
}

enum transport_result transport_write(struct transport *transport, const void *data, size_t size, size_t *count)
{
    *count = 0;
    if (transport->tls != NULL) {
        clear_errors();
        int outcome = SSL_write_ex(transport->tls, data, size, count);
        return outcome == 1 ? TRANSPORT_DONE : tls_result(transport->tls, outcome);
    }
    ssize_t put = send(transport->fd, data, size, MSG_NOSIGNAL);
    if (put >= 0) {
        *count = (size_t)put;
        return TRANSPORT_DONE;
    }
    return errno == EAGAIN || errno == EINTR ? TRANSPORT_WAIT_WRITE : TRANSPORT_FAILED;
}

bool transport_has_pending(const struct transport *transport)
{
    return transport->tls != NULL && SSL_has_pending(transport->tls) == 1;
}

/* RFC 8446 section 6.1: each side sends close_notify before it closes its direction. Only after a handshake: before one there is
 * nothing to close, and OpenSSL would refuse. We do not wait for the peer's. */
static void end_tls(struct transport *transport)
{
    if (transport->tls != NULL) {
        clear_errors();
        if (SSL_is_init_finished(transport->tls)) {
            (void)SSL_shutdown(transport->tls); /* a full socket loses the alert; the FIN follows all the same */
        }
        SSL_free(transport->tls);
        transport->tls = NULL;
        clear_errors();
    }
}

void transport_finish(struct transport *transport)
{
    end_tls(transport);
    if (transport->fd >= 0) {
        (void)shutdown(transport->fd, SHUT_WR); /* fails only when the peer has already reset */
    }
}

enum transport_result transport_discard(struct transport *transport, void *scratch, size_t size, size_t *count)
{
    *count = 0;
    return socket_read(transport->fd, scratch, size, count);
}

void transport_close(struct transport *transport)
{
    end_tls(transport);
    if (transport->fd >= 0) {
        (void)close(transport->fd);
        transport->fd = -1;
    }
}

/* A connection may stay for hours, and its card be revoked meanwhile: then there is another context, which it goes over to. Or the card runs out, or the list of
 * revoked ones, and nobody says so: looking each time would be dear, for a long list is hashed as a whole. */
static bool holds(struct transport *transport, SSL_CTX *as_of, int64_t now_us)
{
    static const int64_t looked_at_us = 10000000;
    bool is_new = SSL_get_SSL_CTX(transport->tls) != as_of;
    if (transport->card_us == 0 || is_new || now_us - transport->card_us > looked_at_us) {
        SSL_set_verify_result(transport->tls, tls_card_verdict(transport->tls, as_of));
        transport->card_us = now_us;
    }
    if (is_new) {
        (void)SSL_set_SSL_CTX(transport->tls, as_of); /* without memory for it, it is looked at again the next time */
    }
    return SSL_get_verify_result(transport->tls) == X509_V_OK;
}

void transport_card(struct transport *transport, SSL_CTX *as_of, int64_t now_us, struct http_card *card)
{
    unsigned char *key = NULL;
    card->proof = HTTP_CARD_NONE;
    if (transport->tls == NULL || SSL_get_verify_mode(transport->tls) == SSL_VERIFY_NONE) {
        return;
    }
    X509 *certificate = SSL_get0_peer_certificate(transport->tls);
    if (certificate == NULL) {
        return;
    }
    int length = i2d_X509_PUBKEY(X509_get_X509_PUBKEY(certificate), &key);
    bool hashed = length > 0 && EVP_Digest(key, (size_t)length, card->key_hash, NULL, EVP_sha256(), NULL) == 1;
    OPENSSL_free(key);
    card->proof = hashed && holds(transport, as_of, now_us) ? HTTP_CARD_GOOD : HTTP_CARD_BAD;
}
