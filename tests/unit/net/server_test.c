/* SPDX-License-Identifier: Apache-2.0
 * What a polite client is answered: keep-alive, pipelining, statuses, expectations, large answers, shedding. */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <string.h>

#include <cmocka.h>

#include "bench.h"

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
        cmocka_unit_test(test_later_answer),
        cmocka_unit_test(test_shedding),
        cmocka_unit_test(test_octet_by_octet),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
