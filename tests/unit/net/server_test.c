/* SPDX-License-Identifier: Apache-2.0
 * A real listener with TLS on the loopback, and clients that are polite, rude, slow or gone. No test sleeps: deadlines are
 * passed by telling the server a later time. */
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
#include <poll.h>
#include <stdlib.h>
#include <unistd.h>

#include "core/buffer.h"
#include "net/problem.h"
#include "net/server.h"
#include "net/server_state.h"
#include "net/tls.h"

#define H "Host: localhost\r\n"

enum { ANSWER_MAX = 17 << 20, TURNS_MAX = 20000, BIG_BODY = 16 << 20 };

/* --- the role under test's handlers ------------------------------------------------------------------------------- */

struct role {
    struct http_exchange *held; /* by hold(), until the test answers */
    struct http_exchange *stream;
    unsigned handled, dropped;
    bool listen_for_drop;
};

static void on_dropped(void *context)
{
    struct role *role = context;
    role->dropped++;
    role->held = NULL;
    role->stream = NULL;
}

static void echo(struct http_exchange *exchange, void *context)
{
    struct role *role = context;
    const struct http_request *request = http_exchange_request(exchange);
    role->handled++;
    struct slice text = arena_printf(http_exchange_arena(exchange), "%.*s %.*s %.*s", SLICE_ARGS(request->path),
                                     SLICE_ARGS(request->parameters[0]), SLICE_ARGS(request->body));
    http_exchange_respond_simple(exchange, 200, SLICE("text/plain"), text);
}

static void hold(struct http_exchange *exchange, void *context)
{
    struct role *role = context;
    role->held = exchange;
    if (role->listen_for_drop) {
        http_exchange_on_drop(exchange, on_dropped, role);
    }
}

static void big(struct http_exchange *exchange, void *context)
{
    char *body = malloc(BIG_BODY);
    (void)context;
    assert_non_null(body);
    memset(body, 'b', BIG_BODY);
    http_exchange_respond_simple(exchange, 200, SLICE("text/plain"), slice_make(body, BIG_BODY));
    free(body);
}

static void start_stream(struct http_exchange *exchange, void *context)
{
    struct role *role = context;
    const struct http_header header = {SLICE("Content-Type"), SLICE("text/event-stream")};
    role->stream = exchange;
    http_exchange_on_drop(exchange, on_dropped, role);
    http_exchange_start_stream(exchange, 200, &header, 1);
}

static void split_answer(struct http_exchange *exchange, void *context)
{
    const struct http_header header = {SLICE("X-Name"), SLICE("a\r\nSet-Cookie: b=c")};
    (void)context;
    http_exchange_respond(exchange, 200, &header, 1, SLICE("x"));
}

static void cached(struct http_exchange *exchange, void *context)
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

/* --- a certificate made in memory ----------------------------------------------------------------------------------- */

static bool write_pem(const char *path, X509 *certificate, EVP_PKEY *key)
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

/* --- the bench: one listener, one loop, clients driven in step with it ---------------------------------------------- */

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

static void turn(struct bench *bench)
{
    assert_true(event_base_loop(bench->base, EVLOOP_NONBLOCK | EVLOOP_ONCE) >= 0);
}

static struct http_limits small_limits(void)
{
    struct http_limits limits = http_limits_default();
    limits.connections_max = 8;
    limits.connections_per_address = 6;
    limits.in_flight_max[ADMIT_HELP] = 1;
    return limits;
}

static void bench_start(struct bench *bench, bool secure)
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
        .limits = small_limits(),
        .clock = clock_system(),
    };
    bench->server = http_server_new(&config, &error);
    if (bench->server == NULL) {
        fail_msg("%s", error.detail);
    }
}

static void bench_stop(struct bench *bench)
{
    http_server_free(bench->server);
    event_base_free(bench->base);
    SSL_CTX_free(bench->server_tls);
    SSL_CTX_free(bench->client_tls);
}

static void client_connect(struct client *client, struct bench *bench)
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

static void client_open(struct client *client, struct bench *bench)
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

static void client_close(struct client *client)
{
    SSL_free(client->tls);
    (void)close(client->fd);
    buffer_release(&client->got);
    for (int i = 0; i < 3; i++) {
        turn(client->bench);
    }
}

static void client_send(struct client *client, struct slice octets)
{
    if (client->tls != NULL) {
        assert_int_equal(SSL_write(client->tls, octets.data, (int)octets.length), (int)octets.length);
    } else {
        assert_int_equal(send(client->fd, octets.data, octets.length, MSG_NOSIGNAL), (ssize_t)octets.length);
    }
}

/* Reads what is there; true when something was, or the end was seen. */
static bool client_read(struct client *client)
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
static bool client_await(struct client *client, const char *marker)
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

static bool client_got(const struct client *client, const char *text)
{
    return slice_find(buffer_slice(&client->got), slice_of(text)) < client->got.length;
}

static size_t count_of(struct slice text, struct slice part)
{
    size_t count = 0;
    for (size_t at = slice_find(text, part); at < text.length; at = slice_find(text, part)) {
        text = slice_sub(text, at + part.length, text.length);
        count++;
    }
    return count;
}

/* --- tests ----------------------------------------------------------------------------------------------------------- */

static void test_keep_alive(void **state)
{
    struct bench bench;
    struct client client;
    (void)state;
    bench_start(&bench, true);
    client_open(&client, &bench);
    for (int i = 0; i < 3; i++) {
        buffer_clear(&client.got);
        client_send(&client, SLICE("GET /cases/K7M2Q HTTP/1.1\r\n" H "\r\n"));
        assert_true(client_await(&client, "/cases/K7M2Q K7M2Q "));
        assert_true(client_got(&client, "HTTP/1.1 200 OK\r\n"));
        assert_true(client_got(&client, "\r\nContent-Length: 19\r\n"));
        assert_true(client_got(&client, "\r\nStrict-Transport-Security: "));
        assert_true(client_got(&client, "\r\nContent-Security-Policy: default-src 'self'\r\n"));
        assert_true(client_got(&client, "\r\nCache-Control: no-store\r\n"));
        assert_true(client_got(&client, "\r\nX-Content-Type-Options: nosniff\r\n"));
        assert_true(client_got(&client, "\r\nX-Request-Id: "));
        assert_true(client_got(&client, " GMT\r\n"));
    }
    assert_int_equal(http_server_metrics(bench.server)->connections_accepted, 1);
    assert_int_equal(http_server_metrics(bench.server)->duration_bucket[ADMIT_PAGE][11], 3);
    client_close(&client);
    assert_int_equal(http_server_metrics(bench.server)->connections_open, 0);
    bench_stop(&bench);
}

static void test_pipeline(void **state)
{
    struct bench bench;
    struct client client;
    (void)state;
    bench_start(&bench, true);
    client_open(&client, &bench);
    client_send(&client, SLICE("POST /echo HTTP/1.1\r\n" H "Content-Length: 3\r\n\r\none"
                               "POST /echo HTTP/1.1\r\n" H "Transfer-Encoding: chunked\r\n\r\n3\r\ntwo\r\n0\r\n\r\n"
                               "POST /echo HTTP/1.1\r\n" H "Content-Length: 5\r\n\r\nthree"));
    assert_true(client_await(&client, "three"));
    size_t one = slice_find(buffer_slice(&client.got), SLICE("one"));
    size_t two = slice_find(buffer_slice(&client.got), SLICE("two"));
    assert_true(one < two && two < client.got.length);
    assert_int_equal(bench.role.handled, 3);
    client_close(&client);
    bench_stop(&bench);
}

/* More pipelined requests than one step takes: the rest follow without any further event from the client. */
static void test_long_pipeline(void **state)
{
    struct bench bench;
    struct client client;
    struct buffer requests;
    (void)state;
    bench_start(&bench, true);
    client_open(&client, &bench);
    buffer_init(&requests, 16384);
    for (int i = 0; i < 200; i++) {
        buffer_add_text(&requests, "GET /echo HTTP/1.1\r\n" H "\r\n");
    }
    client_send(&client, buffer_slice(&requests));
    for (int i = 0; i < TURNS_MAX && count_of(buffer_slice(&client.got), SLICE("200 OK")) < 200; i++) {
        turn(&bench);
        (void)client_read(&client);
    }
    assert_int_equal(bench.role.handled, 200);
    assert_int_equal(count_of(buffer_slice(&client.got), SLICE("200 OK")), 200);
    buffer_release(&requests);
    client_close(&client);
    bench_stop(&bench);
}

struct exchange_case {
    struct slice request;
    const char *answer;  /* in what comes */
    const char *another; /* also */
    const char *absent;  /* never */
    bool closes;
};

static void run_case(struct bench *bench, const struct exchange_case *row)
{
    struct client client;
    client_open(&client, bench);
    client_send(&client, row->request);
    assert_true(client_await(&client, row->closes ? "" : "\r\n\r\n") || row->closes);
    if (!client_got(&client, row->answer) || !client_got(&client, row->another) ||
        (row->absent != NULL && client_got(&client, row->absent)) || (row->closes && !client.ended)) {
        fail_msg("%.*s\n--> %.*s", SLICE_ARGS(row->request), SLICE_ARGS(buffer_slice(&client.got)));
    }
    client_close(&client);
}

static void test_answers(void **state)
{
    static const struct exchange_case rows[] = {
        {SLICE_INIT("HEAD /echo HTTP/1.1\r\n" H "\r\n"), "200 OK", "Content-Length: 7", "/echo", false},
        {SLICE_INIT("GET /nothing HTTP/1.1\r\n" H "\r\n"), "404 Not Found", "application/problem+json", NULL, false},
        {SLICE_INIT("PUT /echo HTTP/1.1\r\n" H "\r\n"), "405 Method", "Allow: GET, HEAD, POST, OPTIONS\r\n", NULL,
         false},
        {SLICE_INIT("OPTIONS /echo HTTP/1.1\r\n" H "\r\n"), "204 No Content", "Allow: GET, HEAD, POST",
         "Content-Length", false},
        {SLICE_INIT("OPTIONS * HTTP/1.1\r\n" H "\r\n"), "204 No Content", "Allow: ", NULL, false},
        {SLICE_INIT("GET /cached HTTP/1.1\r\n" H "\r\n"), "304 Not Modified", "cache-control: max-age=60", "no-store",
         false},
        {SLICE_INIT("GET /echo HTTP/1.1\r\n" H "Connection: close\r\n\r\n"), "200 OK", "Connection: close\r\n", NULL,
         true},
        {SLICE_INIT("GET /echo HTTP/1.0\r\n\r\n"), "200 OK", "Connection: close\r\n", NULL, true},
        {SLICE_INIT("POST /echo HTTP/1.1\r\n" H "Content-Length: 65\r\n\r\n"), "413 Content Too Large", "\"detail\"",
         NULL, true},
        {SLICE_INIT("POST /nothing HTTP/1.1\r\n" H "Content-Length: 5\r\n\r\nhello"), "404 Not Found",
         "Connection: close", NULL, true},
        {SLICE_INIT("GET /echo HTTP/1.1\r\n\r\n"), "400 Bad Request", "RFC 9112 section 3.2", NULL, true},
        {SLICE_INIT("GET /echo HTTP/3.0\r\n\r\n"), "505 HTTP Version", "Connection: close", NULL, true},
        {SLICE_INIT("BREW /echo HTTP/1.1\r\n" H "\r\n"), "501 Not Implemented", "Connection: close", NULL, true},
        {SLICE_INIT("POST /echo HTTP/1.1\r\n" H "Expect: tea\r\nContent-Length: 2\r\n\r\n"), "417 Expectation",
         "Connection: close", NULL, true},
        {SLICE_INIT("GET /split HTTP/1.1\r\n" H "\r\n"), "500 Internal", "Connection: close", "Set-Cookie", true},
        {SLICE_INIT("\r\nGET /echo HTTP/1.1\r\n" H "\r\n"), "200 OK", "/echo", NULL, false},
    };
    struct bench bench;
    (void)state;
    for (int secure = 0; secure <= 1; secure++) {
        bench_start(&bench, secure == 1);
        for (size_t i = 0; i < sizeof(rows) / sizeof(rows[0]); i++) {
            run_case(&bench, &rows[i]);
        }
        assert_int_equal(http_server_metrics(bench.server)->connections_open, 0);
        bench_stop(&bench);
    }
}

static void test_head_too_large(void **state)
{
    static char request[20000];
    struct bench bench;
    (void)state;
    bench_start(&bench, true);
    memset(request, 'x', sizeof(request));
    memcpy(request, "GET /echo HTTP/1.1\r\n" H "X: ", sizeof("GET /echo HTTP/1.1\r\n" H "X: ") - 1);
    run_case(&bench,
             &(struct exchange_case){slice_make(request, sizeof(request)), "431 Request Header", "16 KiB", NULL, true});
    bench_stop(&bench);
}

static void test_expect_continue(void **state)
{
    struct bench bench;
    struct client client;
    (void)state;
    bench_start(&bench, true);
    client_open(&client, &bench);
    client_send(&client, SLICE("POST /echo HTTP/1.1\r\n" H "Expect: 100-continue\r\nContent-Length: 5\r\n\r\n"));
    assert_true(client_await(&client, "HTTP/1.1 100 Continue\r\n\r\n"));
    client_send(&client, SLICE("hello"));
    assert_true(client_await(&client, "/echo  hello"));
    buffer_clear(&client.got); /* content in the same record: nobody waits for a 100 */
    client_send(&client, SLICE("POST /echo HTTP/1.1\r\n" H "Expect: 100-continue\r\nContent-Length: 2\r\n\r\nhi"));
    assert_true(client_await(&client, "/echo  hi"));
    assert_false(client_got(&client, "100 Continue"));
    client_close(&client);
    bench_stop(&bench);
}

static void test_large_answer_in_parts(void **state)
{
    struct bench bench;
    struct client client;
    (void)state;
    bench_start(&bench, true);
    client_open(&client, &bench);
    client_send(&client, SLICE("GET /big HTTP/1.1\r\n" H "\r\n"));
    for (int i = 0; i < TURNS_MAX && client.got.length <= BIG_BODY; i++) {
        turn(&bench);
        (void)client_read(&client);
    }
    assert_true(client.got.length > BIG_BODY);
    buffer_clear(&client.got);
    client_send(&client, SLICE("GET /echo HTTP/1.1\r\n" H "\r\n"));
    assert_true(client_await(&client, "/echo"));
    client_close(&client);
    bench_stop(&bench);
}

static void test_slow_reader_is_dropped(void **state)
{
    struct bench bench;
    struct client client;
    (void)state;
    bench_start(&bench, true);
    client_open(&client, &bench);
    client_send(&client, SLICE("GET /big HTTP/1.1\r\n" H "\r\n"));
    for (int i = 0; i < 50; i++) {
        turn(&bench);
    }
    server_expire(bench.server, clock_monotonic() + 31 * MICROSECONDS_A_SECOND);
    assert_int_equal(http_server_metrics(bench.server)->connections_open, 0);
    assert_int_equal(http_server_metrics(bench.server)->timeouts, 1);
    client_close(&client);
    bench_stop(&bench);
}

static void test_later_answer(void **state)
{
    struct bench bench;
    struct client client;
    (void)state;
    bench_start(&bench, true);
    client_open(&client, &bench);
    client_send(&client, SLICE("GET /hold HTTP/1.1\r\n" H "\r\nGET /echo HTTP/1.1\r\n" H "\r\n"));
    for (int i = 0; i < 20; i++) {
        turn(&bench);
    }
    assert_non_null(bench.role.held);
    assert_int_equal(bench.role.handled, 0); /* in order: the second waits for the first */
    http_exchange_respond_simple(bench.role.held, 202, SLICE("text/plain"), SLICE("later"));
    assert_true(client_await(&client, "/echo"));
    assert_true(client_got(&client, "202 Accepted"));
    assert_true(client_got(&client, "later"));
    client_close(&client);
    bench_stop(&bench);
}

static void test_drop_is_told(void **state)
{
    struct bench bench;
    struct client client;
    (void)state;
    bench_start(&bench, true);
    client_open(&client, &bench);
    client_send(&client, SLICE("GET /hold HTTP/1.1\r\n" H "\r\n"));
    for (int i = 0; i < TURNS_MAX && bench.role.held == NULL; i++) {
        turn(&bench);
    }
    client_close(&client);
    assert_int_equal(bench.role.dropped, 1);
    assert_int_equal(http_server_metrics(bench.server)->connections_open, 0);
    bench_stop(&bench);
}

/* A handler that did not ask to be told finds its exchange all the same, and answers into the void. */
static void test_untold_handler(void **state)
{
    struct bench bench;
    struct client client;
    (void)state;
    bench_start(&bench, true);
    bench.role.listen_for_drop = false;
    client_open(&client, &bench);
    client_send(&client, SLICE("GET /hold HTTP/1.1\r\n" H "\r\n"));
    for (int i = 0; i < TURNS_MAX && bench.role.held == NULL; i++) {
        turn(&bench);
    }
    client_close(&client);
    assert_int_equal(http_server_metrics(bench.server)->connections_open, 1);
    http_exchange_respond_simple(bench.role.held, 200, SLICE("text/plain"), SLICE("hello?"));
    assert_int_equal(http_server_metrics(bench.server)->connections_open, 0);
    bench_stop(&bench);
}

static void test_shedding(void **state)
{
    struct bench bench;
    struct client first, second;
    (void)state;
    bench_start(&bench, true);
    client_open(&first, &bench);
    client_open(&second, &bench);
    client_send(&first, SLICE("GET /hold HTTP/1.1\r\n" H "\r\n"));
    for (int i = 0; i < TURNS_MAX && bench.role.held == NULL; i++) {
        turn(&bench);
    }
    client_send(&second, SLICE("GET /hold HTTP/1.1\r\n" H "\r\n"));
    assert_true(client_await(&second, "503 Service Unavailable"));
    assert_true(client_got(&second, "\r\nRetry-After: "));
    assert_int_equal(http_server_metrics(bench.server)->shed[ADMIT_HELP], 1);
    http_exchange_respond_simple(bench.role.held, 200, SLICE("text/plain"), SLICE("first"));
    assert_true(client_await(&first, "first"));
    bench.role.held = NULL;
    client_send(&second, SLICE("GET /hold HTTP/1.1\r\n" H "\r\n"));
    for (int i = 0; i < TURNS_MAX && bench.role.held == NULL; i++) {
        turn(&bench);
    }
    assert_non_null(bench.role.held);
    client_close(&first);
    client_close(&second);
    bench_stop(&bench);
}

static void test_garbage_instead_of_tls(void **state)
{
    struct bench bench;
    struct client client;
    (void)state;
    bench_start(&bench, true);
    client_connect(&client, &bench);
    client_send(&client, SLICE("GET / HTTP/1.1\r\n" H "\r\n"));
    for (int i = 0; i < 20; i++) {
        turn(&bench);
    }
    assert_int_equal(http_server_metrics(bench.server)->connections_open, 0);
    assert_int_equal(http_server_metrics(bench.server)->handshake_failures, 1);
    client_close(&client);
    bench_stop(&bench);
}

static void test_deadlines(void **state)
{
    static const struct {
        struct slice sent;
        int64_t after_s;
        const char *answer; /* NULL: closed without one */
    } rows[] = {
        {SLICE_INIT(""), 11, NULL},
        {SLICE_INIT("GET /echo HTTP/1.1\r\nHos"), 11, "408 Request Timeout"},
        {SLICE_INIT("POST /echo HTTP/1.1\r\n" H "Content-Length: 9\r\n\r\nhalf"), 31, "408 Request Timeout"},
        {SLICE_INIT("GET /hold HTTP/1.1\r\n" H "\r\n"), 31, "503 Service Unavailable"},
    };
    struct bench bench;
    struct client client;
    (void)state;
    bench_start(&bench, true);
    for (size_t i = 0; i < sizeof(rows) / sizeof(rows[0]); i++) {
        client_open(&client, &bench);
        if (rows[i].sent.length > 0) {
            client_send(&client, rows[i].sent);
        }
        for (int j = 0; j < 20; j++) {
            turn(&bench);
        }
        server_expire(bench.server, clock_monotonic() + (rows[i].after_s - 2) * MICROSECONDS_A_SECOND);
        assert_int_equal(http_server_metrics(bench.server)->timeouts, i);
        server_expire(bench.server, clock_monotonic() + rows[i].after_s * MICROSECONDS_A_SECOND);
        assert_int_equal(http_server_metrics(bench.server)->timeouts, i + 1);
        assert_true(client_await(&client, ""));
        assert_true(rows[i].answer == NULL ? client.got.length == 0 : client_got(&client, rows[i].answer));
        client_close(&client);
    }
    assert_int_equal(bench.role.dropped, 1); /* the late handler was told */
    bench_stop(&bench);
}

static void test_handshake_deadline(void **state)
{
    struct bench bench;
    struct client client;
    (void)state;
    bench_start(&bench, true);
    client_connect(&client, &bench);
    turn(&bench);
    assert_int_equal(http_server_metrics(bench.server)->connections_open, 1);
    server_expire(bench.server, clock_monotonic() + 6 * MICROSECONDS_A_SECOND);
    assert_int_equal(http_server_metrics(bench.server)->connections_open, 0);
    client_close(&client);
    bench_stop(&bench);
}

static void test_connection_caps(void **state)
{
    struct bench bench;
    struct client clients[7];
    (void)state;
    bench_start(&bench, false);
    for (size_t i = 0; i < 7; i++) {
        client_connect(&clients[i], &bench);
        turn(&bench);
    }
    assert_int_equal(http_server_metrics(bench.server)->connections_open, 6);
    assert_int_equal(http_server_metrics(bench.server)->connections_refused, 1);
    client_close(&clients[0]);
    client_connect(&clients[0], &bench);
    client_send(&clients[0], SLICE("GET /echo HTTP/1.1\r\n" H "\r\n"));
    assert_true(client_await(&clients[0], "/echo"));
    for (size_t i = 0; i < 7; i++) {
        client_close(&clients[i]);
    }
    bench_stop(&bench);
}

static void test_stream(void **state)
{
    struct bench bench;
    struct client client;
    (void)state;
    bench_start(&bench, true);
    client_open(&client, &bench);
    client_send(&client, SLICE("GET /stream HTTP/1.1\r\n" H "\r\n"));
    assert_true(client_await(&client, "Transfer-Encoding: chunked\r\n"));
    assert_true(http_exchange_send(bench.role.stream, SLICE("data: 1\n\n")));
    assert_true(client_await(&client, "9\r\ndata: 1\n\n\r\n"));
    server_expire(bench.server, clock_monotonic() + 3600 * MICROSECONDS_A_SECOND); /* silence is no fault */
    assert_true(http_exchange_send(bench.role.stream, SLICE("data: 2\n\n")));
    http_exchange_end_stream(bench.role.stream);
    assert_true(client_await(&client, "data: 2\n\n\r\n0\r\n\r\n"));
    buffer_clear(&client.got);
    client_send(&client, SLICE("GET /echo HTTP/1.1\r\n" H "\r\n"));
    assert_true(client_await(&client, "/echo"));
    client_close(&client);
    assert_int_equal(bench.role.dropped, 0);
    bench_stop(&bench);
}

static void test_stream_to_a_slow_reader(void **state)
{
    static char piece[16384];
    struct bench bench;
    struct client client;
    unsigned sent = 0;
    (void)state;
    bench_start(&bench, true);
    client_open(&client, &bench);
    client_send(&client, SLICE("GET /stream HTTP/1.1\r\n" H "\r\n"));
    assert_true(client_await(&client, "chunked\r\n"));
    while (sent < 10000 && http_exchange_send(bench.role.stream, slice_make(piece, sizeof(piece)))) {
        turn(&bench);
        sent++;
    }
    assert_true(sent > 16 && sent < 10000);
    assert_int_equal(http_server_metrics(bench.server)->connections_open, 0);
    assert_int_equal(bench.role.dropped, 0); /* the return value told */
    client_close(&client);
    bench_stop(&bench);
}

static void test_stream_client_leaves(void **state)
{
    struct bench bench;
    struct client client;
    (void)state;
    bench_start(&bench, true);
    client_open(&client, &bench);
    client_send(&client, SLICE("GET /stream HTTP/1.1\r\n" H "\r\n"));
    assert_true(client_await(&client, "chunked\r\n"));
    client_close(&client);
    assert_int_equal(bench.role.dropped, 1);
    bench_stop(&bench);
}

static void on_drained(void *context)
{
    ((struct bench *)context)->drained = true;
}

static void test_drain(void **state)
{
    struct bench bench;
    struct client idle, busy;
    (void)state;
    bench_start(&bench, true);
    client_open(&idle, &bench);
    client_open(&busy, &bench);
    client_send(&idle, SLICE("GET /echo HTTP/1.1\r\n" H "\r\n"));
    assert_true(client_await(&idle, "/echo"));
    client_send(&busy, SLICE("GET /hold HTTP/1.1\r\n" H "\r\n"));
    for (int i = 0; i < TURNS_MAX && bench.role.held == NULL; i++) {
        turn(&bench);
    }
    http_server_drain(bench.server, on_drained, &bench);
    assert_true(client_await(&idle, ""));
    assert_false(bench.drained);
    http_exchange_respond_simple(bench.role.held, 200, SLICE("text/plain"), SLICE("the last"));
    assert_true(client_await(&busy, ""));
    assert_true(client_got(&busy, "the last"));
    assert_true(client_got(&busy, "Connection: close\r\n"));
    client_close(&busy);
    client_close(&idle);
    assert_true(bench.drained);
    bench_stop(&bench);
}

/* The first octet to the last, one record each: the state machine sees every partial state. */
static void test_octet_by_octet(void **state)
{
    const struct slice request =
        SLICE("POST /echo HTTP/1.1\r\n" H "Transfer-Encoding: chunked\r\n\r\n2\r\nhi\r\n0\r\n\r\n");
    struct bench bench;
    struct client client;
    (void)state;
    bench_start(&bench, true);
    client_open(&client, &bench);
    for (size_t i = 0; i < request.length; i++) {
        client_send(&client, slice_sub(request, i, i + 1));
        turn(&bench);
    }
    assert_true(client_await(&client, "/echo  hi"));
    client_close(&client);
    bench_stop(&bench);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(test_keep_alive),
        cmocka_unit_test(test_pipeline),
        cmocka_unit_test(test_long_pipeline),
        cmocka_unit_test(test_answers),
        cmocka_unit_test(test_head_too_large),
        cmocka_unit_test(test_expect_continue),
        cmocka_unit_test(test_large_answer_in_parts),
        cmocka_unit_test(test_slow_reader_is_dropped),
        cmocka_unit_test(test_later_answer),
        cmocka_unit_test(test_drop_is_told),
        cmocka_unit_test(test_untold_handler),
        cmocka_unit_test(test_shedding),
        cmocka_unit_test(test_garbage_instead_of_tls),
        cmocka_unit_test(test_deadlines),
        cmocka_unit_test(test_handshake_deadline),
        cmocka_unit_test(test_connection_caps),
        cmocka_unit_test(test_stream),
        cmocka_unit_test(test_stream_to_a_slow_reader),
        cmocka_unit_test(test_stream_client_leaves),
        cmocka_unit_test(test_drain),
        cmocka_unit_test(test_octet_by_octet),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
