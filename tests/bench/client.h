/* SPDX-License-Identifier: Apache-2.0
 * What the benches' clients share: TLS 1.3 with one group and one cipher, so that every server is asked for the same work, over blocking
 * sockets with many source addresses, so that no server takes the bench for one client. Failures end the program. */
#ifndef BENCH_CLIENT_H
#define BENCH_CLIENT_H

#include <arpa/inet.h>
#include <errno.h>
#include <netinet/in.h>
#include <netinet/tcp.h>
#include <openssl/err.h>
#include <openssl/ssl.h>
#include <signal.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/resource.h>
#include <sys/socket.h>
#include <unistd.h>

#include "core/slice.h"

enum { CLIENT_ANSWER_MAX = 256 * 1024 };

static inline _Noreturn void client_fail(const char *what)
{
    (void)fprintf(stderr, "bench client: %s: %s\n", what, errno != 0 ? strerror(errno) : "failed");
    ERR_print_errors_fp(stderr);
    exit(1);
}

/* An argument from 1 to `most`. */
static inline size_t client_number(const char *text, size_t most)
{
    uint64_t value = 0;
    if (!slice_to_u64(slice_of(text), most, &value) || value == 0) {
        (void)fprintf(stderr, "%s is not a number from 1 to %zu\n", text, most);
        exit(2);
    }
    return (size_t)value;
}

/* Trusts `certificate` alone. SSL_read returns after a session ticket instead of waiting for what may never come. */
static inline SSL_CTX *client_context(const char *certificate)
{
    SSL_CTX *context = SSL_CTX_new(TLS_client_method());
    char groups[] = "X25519"; /* OpenSSL's macro casts const away */
    if (context == NULL || SSL_CTX_load_verify_locations(context, certificate, NULL) != 1 ||
        SSL_CTX_set_min_proto_version(context, TLS1_3_VERSION) != 1 || SSL_CTX_set1_groups_list(context, groups) != 1 ||
        SSL_CTX_set_ciphersuites(context, "TLS_AES_128_GCM_SHA256") != 1) {
        client_fail("preparing TLS");
    }
    SSL_CTX_set_verify(context, SSL_VERIFY_PEER, NULL);
    SSL_CTX_set_read_ahead(context, 1);
    (void)SSL_CTX_set_mode(context, SSL_MODE_RELEASE_BUFFERS);
    (void)SSL_CTX_clear_mode(context, SSL_MODE_AUTO_RETRY);
    (void)signal(SIGPIPE, SIG_IGN); /* a lost connection is an error to report, not a signal */
    return context;
}

/* Room for `count` descriptors and a few more. */
static inline void client_want_descriptors(size_t count)
{
    struct rlimit limit;
    if (getrlimit(RLIMIT_NOFILE, &limit) != 0) {
        client_fail("getrlimit");
    }
    rlim_t wanted = count + 64;
    if (limit.rlim_cur < wanted) {
        limit.rlim_cur = wanted;
        limit.rlim_max = limit.rlim_max < wanted ? wanted : limit.rlim_max;
        if (setrlimit(RLIMIT_NOFILE, &limit) != 0) {
            client_fail("RLIMIT_NOFILE");
        }
    }
}

/* Connects to 127.0.0.1 from an address of the client's own: 64,000 of them, each in another network of 65,536. */
static inline int client_connect(size_t port, size_t client)
{
    int one = 1;
    struct sockaddr_in to = {.sin_family = AF_INET, .sin_port = htons((uint16_t)port)};
    struct sockaddr_in from = {.sin_family = AF_INET};
    size_t network = 2 + client % 250, host = 1 + client / 250;
    to.sin_addr.s_addr = htonl(INADDR_LOOPBACK);
    from.sin_addr.s_addr = htonl((uint32_t)(127U << 24 | network << 16 | host / 250 << 8 | (1 + host % 250)));
    int fd = socket(AF_INET, SOCK_STREAM | SOCK_CLOEXEC, 0);
    if (fd < 0 || setsockopt(fd, IPPROTO_IP, IP_BIND_ADDRESS_NO_PORT, &one, sizeof(one)) != 0 ||
        bind(fd, (struct sockaddr *)&from, sizeof(from)) != 0 || connect(fd, (struct sockaddr *)&to, sizeof(to)) != 0 ||
        setsockopt(fd, IPPROTO_TCP, TCP_NODELAY, &one, sizeof(one)) != 0) {
        client_fail("connect");
    }
    return fd;
}

/* A handshaken connection. `session` NULL: a full handshake. */
static inline SSL *client_open(SSL_CTX *context, size_t port, size_t client, SSL_SESSION *session, void *owner)
{
    SSL *tls = SSL_new(context);
    if (tls == NULL || SSL_set_fd(tls, client_connect(port, client)) != 1 || SSL_set_app_data(tls, owner) != 1 ||
        (session != NULL && SSL_set_session(tls, session) != 1)) {
        client_fail("SSL_new");
    }
    if (SSL_connect(tls) != 1) {
        client_fail("handshake");
    }
    return tls;
}

static inline void client_close(SSL *tls)
{
    int fd = SSL_get_fd(tls);
    (void)SSL_shutdown(tls); /* close_notify; the server's is not waited for */
    SSL_free(tls);
    (void)close(fd);
}

/* Sends one request and reads the whole answer into `answer` (CLIENT_ANSWER_MAX octets); the slice is of all of it. */
static inline struct slice client_ask(SSL *tls, struct slice request, char *answer, struct slice *body)
{
    size_t sent = 0, got = 0, length = 0;
    if (SSL_write_ex(tls, request.data, request.length, &sent) != 1) {
        client_fail("sending");
    }
    for (;;) {
        size_t count = 0;
        if (SSL_read_ex(tls, answer + got, CLIENT_ANSWER_MAX - got, &count) != 1) {
            if (SSL_get_error(tls, 0) == SSL_ERROR_WANT_READ) { /* a ticket */
                continue;
            }
            client_fail("reading an answer");
        }
        got += count;
        struct slice all = slice_make(answer, got);
        size_t head = slice_find(all, SLICE("\r\n\r\n"));
        if (head == got) {
            continue;
        }
        struct slice lines = slice_sub(all, 0, head);
        struct slice line;
        while (slice_split(&lines, '\n', &line)) {
            uint64_t value = 0;
            if (slice_equal_nocase(slice_sub(line, 0, 15), SLICE("content-length:")) &&
                slice_to_u64(slice_trim(slice_sub(line, 15, line.length)), CLIENT_ANSWER_MAX, &value)) {
                length = (size_t)value;
            }
        }
        if (got >= head + 4 + length) {
            *body = slice_sub(all, head + 4, head + 4 + length);
            return all;
        }
    }
}

/* The status of an answer, as text. */
static inline struct slice client_status(struct slice answer)
{
    return slice_sub(answer, 9, 12);
}

#endif
