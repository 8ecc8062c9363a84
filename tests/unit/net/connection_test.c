/* SPDX-License-Identifier: Apache-2.0
 * Clients that are slow, rude or gone: deadlines, caps, drops, streams, drain. */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <string.h>

#include <cmocka.h>

#include <sys/resource.h>

#include "bench.h"

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

/* With no descriptor left the listener closes one client, rests instead of spinning, and accepts again when one is free. */
static void test_no_descriptors(void **state)
{
    enum { FILLERS_MAX = 256 };
    struct bench bench;
    struct client first, second, third;
    struct rlimit before, tight;
    int fillers[FILLERS_MAX];
    size_t count = 0;
    (void)state;
    bench_start(&bench, false);
    client_open(&first, &bench);
    second = (struct client){.bench = &bench, .fd = socket(AF_INET, SOCK_STREAM | SOCK_CLOEXEC, 0)};
    assert_int_equal(getrlimit(RLIMIT_NOFILE, &before), 0);
    tight = before;
    tight.rlim_cur = FILLERS_MAX / 2;
    assert_int_equal(setrlimit(RLIMIT_NOFILE, &tight), 0);
    for (int fd = dup(0); fd >= 0 && count < FILLERS_MAX; fd = dup(0)) {
        fillers[count++] = fd;
    }
    struct sockaddr_in address = {.sin_family = AF_INET, .sin_port = htons((uint16_t)http_server_port(bench.server))};
    address.sin_addr.s_addr = htonl(INADDR_LOOPBACK);
    assert_int_equal(connect(second.fd, (const struct sockaddr *)(const void *)&address, sizeof(address)), 0);
    int events = event_base_get_num_events(bench.base, EVENT_BASE_COUNT_ADDED);
    turn(&bench);
    assert_true(bench.server->paused);
    assert_int_equal(event_base_get_num_events(bench.base, EVENT_BASE_COUNT_ADDED), events - 1); /* the listener's */
    assert_int_equal(http_server_metrics(bench.server)->connections_refused, 1);
    while (count > 0) {
        (void)close(fillers[--count]);
    }
    assert_int_equal(setrlimit(RLIMIT_NOFILE, &before), 0);
    client_close(&first);
    assert_false(bench.server->paused);
    client_open(&third, &bench);
    client_send(&third, SLICE("GET /echo HTTP/1.1\r\n" H "\r\n"));
    assert_true(client_await(&third, "/echo"));
    client_close(&second);
    client_close(&third);
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

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(test_slow_reader_is_dropped),
        cmocka_unit_test(test_drop_is_told),
        cmocka_unit_test(test_untold_handler),
        cmocka_unit_test(test_garbage_instead_of_tls),
        cmocka_unit_test(test_deadlines),
        cmocka_unit_test(test_handshake_deadline),
        cmocka_unit_test(test_no_descriptors),
        cmocka_unit_test(test_stream),
        cmocka_unit_test(test_stream_to_a_slow_reader),
        cmocka_unit_test(test_stream_client_leaves),
        cmocka_unit_test(test_drain),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
