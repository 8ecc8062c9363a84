/* SPDX-License-Identifier: Apache-2.0
 * Resolving, connecting, and one plain question. */
#include "drill/target.h"

#include <arpa/inet.h>
#include <errno.h>
#include <fcntl.h>
#include <netdb.h>
#include <netinet/in.h>
#include <netinet/tcp.h>
#include <openssl/err.h>
#include <openssl/x509v3.h>
#include <stdio.h>
#include <string.h>
#include <sys/time.h>
#include <unistd.h>

#include "drill/reply.h"

enum { PATIENCE_SECONDS = 30, GET_MAX = 1024 };

static bool read_url(struct target *target, const char *url, char port[8], struct error *error)
{
    uint64_t number = 443;
    struct slice rest = slice_of(url);
    if (!slice_starts_with(rest, SLICE("https://"))) {
        return error_set(error, ERROR_INVALID, "drill.url", "%s must begin with https://", url);
    }
    rest = slice_sub(rest, 8, rest.length);
    if (rest.length > 0 && rest.data[rest.length - 1] == '/') {
        rest = slice_sub(rest, 0, rest.length - 1);
    }
    struct slice authority = rest;
    struct slice host = slice_sub(rest, 0, slice_index(rest, ':'));
    if (rest.length > 0 && rest.data[0] == '[') {
        host = slice_sub(rest, 1, slice_index(rest, ']'));
        rest = slice_sub(rest, host.length + 2, rest.length);
    } else {
        rest = slice_sub(rest, host.length, rest.length);
    }
    bool good = host.length > 0 && host.length < TARGET_HOST_MAX && slice_index(authority, '/') == authority.length &&
                (rest.length == 0 ||
                 (rest.data[0] == ':' && slice_to_u64(slice_sub(rest, 1, rest.length), 65535, &number) && number > 0));
    if (!good) {
        return error_set(error, ERROR_INVALID, "drill.url", "%s must be https://NAME or https://NAME:PORT", url);
    }
    (void)snprintf(target->host, sizeof(target->host), "%.*s", SLICE_ARGS(host));
    (void)snprintf(target->authority, sizeof(target->authority), "%.*s", SLICE_ARGS(authority));
    (void)snprintf(port, 8, "%u", (unsigned)number);
    return true;
}

static bool resolve(struct target *target, const char *port, struct error *error)
{
    struct addrinfo hints = {.ai_family = AF_UNSPEC, .ai_socktype = SOCK_STREAM};
    struct addrinfo *found = NULL;
    int result = getaddrinfo(target->host, port, &hints, &found);
    if (result != 0) {
        return error_set(error, ERROR_UNAVAILABLE, "drill.url", "%s: %s", target->host, gai_strerror(result));
    }
    memcpy(&target->address, found->ai_addr, found->ai_addrlen);
    target->length = found->ai_addrlen;
    freeaddrinfo(found);
    struct in6_addr address;
    target->is_address =
        inet_pton(AF_INET, target->host, &address) == 1 || inet_pton(AF_INET6, target->host, &address) == 1;
    return true;
}

bool target_init(struct target *target, const char *url, const char *ca_file, struct error *error)
{
    char port[8];
    *target = (struct target){.length = 0};
    if (!read_url(target, url, port, error) || !resolve(target, port, error)) {
        return false;
    }
    target->tls = SSL_CTX_new(TLS_client_method());
    if (target->tls == NULL || SSL_CTX_set_min_proto_version(target->tls, TLS1_2_VERSION) != 1) {
        target_release(target);
        return error_set(error, ERROR_NOMEM, "drill.tls", "out of memory");
    }
    int trusted = ca_file != NULL ? SSL_CTX_load_verify_locations(target->tls, ca_file, NULL)
                                  : SSL_CTX_set_default_verify_paths(target->tls);
    if (trusted != 1) {
        target_release(target);
        return error_set(error, ERROR_INVALID, "drill.tls", "%s holds no certificates to trust",
                         ca_file != NULL ? ca_file : "this system");
    }
    SSL_CTX_set_verify(target->tls, SSL_VERIFY_PEER, NULL);
    (void)SSL_CTX_set_session_cache_mode(target->tls, SSL_SESS_CACHE_OFF);
    return true;
}

void target_release(struct target *target)
{
    SSL_CTX_free(target->tls);
    target->tls = NULL;
}

static SSL *make_tls(const struct target *target, int fd)
{
    SSL *tls = SSL_new(target->tls);
    if (tls == NULL) {
        return NULL;
    }
    char host[TARGET_HOST_MAX]; /* OpenSSL's macro casts const away */
    memcpy(host, target->host, sizeof(host));
    bool named = target->is_address ? X509_VERIFY_PARAM_set1_ip_asc(SSL_get0_param(tls), host) == 1
                                    : SSL_set1_host(tls, host) == 1 && SSL_set_tlsext_host_name(tls, host) == 1;
    if (!named || SSL_set_fd(tls, fd) != 1) {
        SSL_free(tls);
        return NULL;
    }
    SSL_set_connect_state(tls);
    SSL_set_read_ahead(tls, 1); /* one read a record, not two */
    return tls;
}

bool target_open(const struct target *target, bool blocking, int *fd, SSL **tls)
{
    int one = 1;
    *tls = NULL;
    *fd = socket(target->address.ss_family, SOCK_STREAM | SOCK_CLOEXEC | (blocking ? 0 : SOCK_NONBLOCK), 0);
    if (*fd < 0) {
        return false;
    }
    if (setsockopt(*fd, IPPROTO_TCP, TCP_NODELAY, &one, sizeof(one)) == 0 &&
        (connect(*fd, (const struct sockaddr *)&target->address, target->length) == 0 || errno == EINPROGRESS)) {
        *tls = make_tls(target, *fd);
    }
    if (*tls == NULL) {
        (void)close(*fd); /* nothing was sent on it */
        *fd = -1;
    }
    return *tls != NULL;
}

/* Reads until the answer is whole. Bodies of the desk may be long: the arena's. */
static bool read_answer(SSL *tls, struct arena *arena, struct reply *reply)
{
    size_t used = 0, got = 0;
    char *bytes = arena_alloc(arena, REPLY_MAX * 16);
    while (bytes != NULL && used < REPLY_MAX * 16) {
        if (SSL_read_ex(tls, bytes + used, REPLY_MAX * 16 - used, &got) != 1) {
            return false;
        }
        used += got;
        enum reply_progress progress = reply_read(slice_make(bytes, used), REPLY_MAX * 16, reply);
        if (progress != REPLY_PARTIAL) {
            return progress == REPLY_WHOLE;
        }
    }
    return false;
}

bool target_get(const struct target *target, struct arena *arena, const char *path, const char *token, unsigned *status,
                struct slice *body, struct error *error)
{
    char request[GET_MAX];
    int fd = -1;
    SSL *tls = NULL;
    struct reply reply;
    const struct timeval patience = {.tv_sec = PATIENCE_SECONDS};
    int length = snprintf(request, sizeof(request), "GET %s HTTP/1.1\r\nHost: %s\r\n%s%s%sConnection: close\r\n\r\n",
                          path, target->authority, token != NULL ? "Authorization: Bearer " : "",
                          token != NULL ? token : "", token != NULL ? "\r\n" : "");
    ERR_clear_error();
    bool answered = length > 0 && (size_t)length < sizeof(request) && target_open(target, true, &fd, &tls) &&
                    setsockopt(fd, SOL_SOCKET, SO_RCVTIMEO, &patience, sizeof(patience)) == 0 &&
                    SSL_connect(tls) == 1 && SSL_write(tls, request, length) == length &&
                    read_answer(tls, arena, &reply);
    if (!answered) {
        long verified = tls != NULL ? SSL_get_verify_result(tls) : X509_V_OK;
        (void)error_set(error, ERROR_UNAVAILABLE, "drill.target", "%s does not answer%s%s", target->authority,
                        verified != X509_V_OK ? ": its certificate is not trusted: " : "",
                        verified != X509_V_OK ? X509_verify_cert_error_string(verified) : "");
    } else {
        *status = reply.status;
        *body = reply.body;
    }
    SSL_free(tls);
    if (fd >= 0) {
        (void)close(fd); /* the answer is in hand */
    }
    return answered;
}
