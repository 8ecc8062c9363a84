/* SPDX-License-Identifier: Apache-2.0
 * A listener with TLS on the loopback, its loop and its clients, all driven by one thread in step. No test sleeps: deadlines are
 * passed by telling the server a later time. */
#ifndef TESTS_NET_BENCH_H
#define TESTS_NET_BENCH_H

#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <string.h>

#include <cmocka.h>

#include <arpa/inet.h>
#include <errno.h>
#include <netinet/in.h>
#include <openssl/pem.h>
#include <openssl/x509.h>
#include <stdlib.h>
#include <unistd.h>

#include "core/buffer.h"
#include "net/problem.h"
#include "net/server.h"
#include "net/server_state.h"
#include "net/tls.h"

#define H "Host: localhost\r\n"

enum { ANSWER_MAX = 17 << 20, TURNS_MAX = 20000, BIG_BODY = 16 << 20 };

struct role {
    struct http_exchange *held; /* by hold(), until the test answers */
    struct http_exchange *stream;
    unsigned handled, dropped;
    bool listen_for_drop;
};

static inline void on_dropped(void *context)
{
    struct role *role = context;
    role->dropped++;
    role->held = NULL;
    role->stream = NULL;
}

static inline void echo(struct http_exchange *exchange, void *context)
{
    struct role *role = context;
    const struct http_request *request = http_exchange_request(exchange);
    role->handled++;
    struct slice text = arena_printf(http_exchange_arena(exchange), "%.*s %.*s %.*s", SLICE_ARGS(request->path),
                                     SLICE_ARGS(request->parameters[0]), SLICE_ARGS(request->body));
    http_exchange_respond_simple(exchange, 200, SLICE("text/plain"), text);
}

static inline void hold(struct http_exchange *exchange, void *context)
{
    struct role *role = context;
    role->held = exchange;
    if (role->listen_for_drop) {
        http_exchange_on_drop(exchange, on_dropped, role);
    }
}

static inline void big(struct http_exchange *exchange, void *context)
{
    char *body = malloc(BIG_BODY);
    (void)context;
    assert_non_null(body);
    memset(body, 'b', BIG_BODY);
    http_exchange_respond_simple(exchange, 200, SLICE("text/plain"), slice_make(body, BIG_BODY));
    free(body);
}

static inline void start_stream(struct http_exchange *exchange, void *context)
{
    struct role *role = context;
    const struct http_header header = {SLICE("Content-Type"), SLICE("text/event-stream")};
    role->stream = exchange;
    http_exchange_on_drop(exchange, on_dropped, role);
    http_exchange_start_stream(exchange, 200, &header, 1);
}

static inline void split_answer(struct http_exchange *exchange, void *context)
{
    const struct http_header header = {SLICE("X-Name"), SLICE("a\r\nSet-Cookie: b=c")};
    (void)context;
    http_exchange_respond(exchange, 200, &header, 1, SLICE("x"));
}

static inline void cached(struct http_exchange *exchange, void *context)
{
    const struct http_header header = {SLICE("cache-control"), SLICE("max-age=60")};
    (void)context;
    http_exchange_respond(exchange, 304, &header, 1, SLICE("never sent"));
}

static const struct http_route routes[] = {
    {HTTP_GET, "/echo", echo, ADMIT_PAGE, 0},
    {HTTP_POST, "/echo", echo, ADMIT_CHECK_IN, 64},
    {HTTP_GET, "/cases/{case}", echo, ADMIT_PAGE, 0},
    {HTTP_GET, "/hold", hold, ADMIT_HELP, 0},
    {HTTP_GET, "/big", big, ADMIT_PAGE, 0},
    {HTTP_GET, "/stream", start_stream, ADMIT_PAGE, 0},
    {HTTP_GET, "/split", split_answer, ADMIT_PAGE, 0},
    {HTTP_GET, "/cached", cached, ADMIT_PAGE, 0},
};

static inline bool write_pem(const char *path, X509 *certificate, EVP_PKEY *key)
{
    FILE *file = fopen(path, "w");
    bool ok = file != NULL && (certificate != NULL ? PEM_write_X509(file, certificate)
                                                   : PEM_write_PrivateKey(file, key, NULL, NULL, 0, NULL, NULL)) == 1;
    return file != NULL && fclose(file) == 0 && ok;
}

static SSL_CTX *make_tls(const uint8_t secret[TLS_TICKET_SECRET_SIZE])
{
    char certificate_path[] = "/tmp/muster-test-cert-XXXXXX";
    char key_path[] = "/tmp/muster-test-key-XXXXXX";
    (void)close(mkstemp(certificate_path));
    (void)close(mkstemp(key_path));
    EVP_PKEY *key = EVP_EC_gen("P-256");
    X509 *certificate = X509_new();
    X509_NAME *name = X509_get_subject_name(certificate);
    assert_int_equal(ASN1_INTEGER_set(X509_get_serialNumber(certificate), 1), 1);
    assert_non_null(X509_gmtime_adj(X509_getm_notBefore(certificate), -60));
    assert_non_null(X509_gmtime_adj(X509_getm_notAfter(certificate), 3600));
    assert_int_equal(
        X509_NAME_add_entry_by_txt(name, "CN", MBSTRING_ASC, (const unsigned char *)"localhost", -1, -1, 0), 1);
    assert_int_equal(X509_set_issuer_name(certificate, name), 1);
    assert_int_equal(X509_set_pubkey(certificate, key), 1);
    assert_true(X509_sign(certificate, key, EVP_sha256()) > 0);
    assert_true(write_pem(certificate_path, certificate, NULL) && write_pem(key_path, NULL, key));
    struct error error = {.code = ERROR_NONE};
    struct tls_files files = {certificate_path, key_path};
    SSL_CTX *context = tls_context_new(&files, secret, &error);
    if (context == NULL) {
        fail_msg("%s", error.detail);
    }
    (void)unlink(certificate_path);
    (void)unlink(key_path);
    X509_free(certificate);
    EVP_PKEY_free(key);
    return context;
}

struct bench {
    struct event_base *base;
    SSL_CTX *server_tls, *client_tls;
    struct http_server *server;
    struct role role;
    bool drained;
};

struct client {
    struct bench *bench;
    int fd;
    SSL *tls; /* NULL: plain */
    struct buffer got;
    bool ended; /* close_notify or FIN came */
    bool reset;
};

static inline void turn(struct bench *bench)
{
    assert_true(event_base_loop(bench->base, EVLOOP_NONBLOCK | EVLOOP_ONCE) >= 0);
}

static inline struct http_limits small_limits(void)
{
    struct http_limits limits = http_limits_default();
    limits.connections_max = 8;
    limits.slow_per_address = 4;
    limits.in_flight_max[ADMIT_HELP] = 1;
    return limits;
}

static inline void bench_start_with(struct bench *bench, bool secure, struct http_limits limits)
{
    static const uint8_t secret[TLS_TICKET_SECRET_SIZE] = "forty-eight bytes that only this test would use";
    struct error error = {.code = ERROR_NONE};
    *bench = (struct bench){.base = event_base_new(), .client_tls = SSL_CTX_new(TLS_client_method())};
    bench->server_tls = secure ? make_tls(secret) : NULL;
    bench->role.listen_for_drop = true;
    struct http_server_config config = {
        .base = bench->base,
        .listen = "127.0.0.1:0",
        .tls = bench->server_tls,
        .routes = routes,
        .route_count = sizeof(routes) / sizeof(routes[0]),
        .role = &bench->role,
        .content_security_policy = "default-src 'self'",
        .limits = limits,
        .clock = clock_system(),
    };
    bench->server = http_server_new(&config, &error);
    if (bench->server == NULL) {
        fail_msg("%s", error.detail);
    }
}

static inline void bench_start(struct bench *bench, bool secure)
{
    bench_start_with(bench, secure, small_limits());
}

static inline void bench_stop(struct bench *bench)
{
    http_server_free(bench->server);
    event_base_free(bench->base);
    SSL_CTX_free(bench->server_tls);
    SSL_CTX_free(bench->client_tls);
}

static inline void client_connect(struct client *client, struct bench *bench)
{
    struct sockaddr_in address = {.sin_family = AF_INET, .sin_port = htons((uint16_t)http_server_port(bench->server))};
    *client = (struct client){.bench = bench, .fd = socket(AF_INET, SOCK_STREAM | SOCK_CLOEXEC, 0)};
    buffer_init(&client->got, ANSWER_MAX);
    int small = 65536; /* so that a large answer cannot hide in the kernel */
    assert_int_equal(setsockopt(client->fd, SOL_SOCKET, SO_RCVBUF, &small, sizeof(small)), 0);
    address.sin_addr.s_addr = htonl(INADDR_LOOPBACK);
    assert_int_equal(connect(client->fd, (const struct sockaddr *)(const void *)&address, sizeof(address)), 0);
    struct timeval none = {.tv_usec = 1};
    assert_int_equal(setsockopt(client->fd, SOL_SOCKET, SO_RCVTIMEO, &none, sizeof(none)), 0);
    turn(bench);
}

static inline void client_open(struct client *client, struct bench *bench)
{
    client_connect(client, bench);
    if (bench->server_tls == NULL) {
        return;
    }
    client->tls = SSL_new(bench->client_tls);
    assert_int_equal(SSL_set_fd(client->tls, client->fd), 1);
    for (int i = 0; i < TURNS_MAX && SSL_connect(client->tls) != 1; i++) {
        turn(bench);
    }
    assert_true(SSL_is_init_finished(client->tls));
}

static inline void client_close(struct client *client)
{
    SSL_free(client->tls);
    (void)close(client->fd);
    buffer_release(&client->got);
    for (int i = 0; i < 3; i++) {
        turn(client->bench);
    }
}

static inline void client_send(struct client *client, struct slice octets)
{
    if (client->tls != NULL) {
        assert_int_equal(SSL_write(client->tls, octets.data, (int)octets.length), (int)octets.length);
    } else {
        assert_int_equal(send(client->fd, octets.data, octets.length, MSG_NOSIGNAL), (ssize_t)octets.length);
    }
}

/* Reads what is there; true when something was, or the end was seen. */
static inline bool client_read(struct client *client)
{
    char text[16384];
    if (client->ended || client->reset) {
        return false;
    }
    int count =
        client->tls != NULL ? SSL_read(client->tls, text, sizeof(text)) : (int)recv(client->fd, text, sizeof(text), 0);
    if (count > 0) {
        buffer_add(&client->got, text, (size_t)count);
        return true;
    }
    int reason = client->tls != NULL ? SSL_get_error(client->tls, count) : SSL_ERROR_NONE;
    client->ended = client->tls != NULL ? reason == SSL_ERROR_ZERO_RETURN : count == 0;
    client->reset =
        client->tls != NULL && (reason == SSL_ERROR_SSL || (reason == SSL_ERROR_SYSCALL && errno != EAGAIN));
    return client->ended || client->reset;
}

/* Runs loop and client until `marker` is in what came, or the connection ended. */
static inline bool client_await(struct client *client, const char *marker)
{
    struct slice wanted = slice_of(marker);
    for (int i = 0; i < TURNS_MAX && !client->ended && !client->reset; i++) {
        turn(client->bench);
        (void)client_read(client);
        if (wanted.length > 0 && slice_find(buffer_slice(&client->got), wanted) < client->got.length) {
            return true;
        }
    }
    return wanted.length == 0 && client->ended;
}

static inline bool client_got(const struct client *client, const char *text)
{
    return slice_find(buffer_slice(&client->got), slice_of(text)) < client->got.length;
}

static inline size_t count_of(struct slice text, struct slice part)
{
    size_t count = 0;
    for (size_t at = slice_find(text, part); at < text.length; at = slice_find(text, part)) {
        text = slice_sub(text, at + part.length, text.length);
        count++;
    }
    return count;
}

#endif
