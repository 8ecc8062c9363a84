/* SPDX-License-Identifier: Apache-2.0
 * Who goes so that another may come: clients from many loopback addresses, and a clock that the test tells. The listener takes ten. */
#include "bench.h"

#include "net/crowd.h"

enum { MOST = 10 };

static void open_from(struct client *client, struct bench *bench, unsigned host)
{
    struct sockaddr_in from = {.sin_family = AF_INET, .sin_addr.s_addr = htonl(0x7f020000 + host)};
    struct sockaddr_in to = {.sin_family = AF_INET, .sin_port = htons((uint16_t)http_server_port(bench->server))};
    to.sin_addr.s_addr = htonl(INADDR_LOOPBACK);
    *client = (struct client){.bench = bench, .fd = socket(AF_INET, SOCK_STREAM | SOCK_CLOEXEC, 0)};
    buffer_init(&client->got, ANSWER_MAX);
    assert_int_equal(bind(client->fd, (const struct sockaddr *)(const void *)&from, sizeof(from)), 0);
    assert_int_equal(connect(client->fd, (const struct sockaddr *)(const void *)&to, sizeof(to)), 0);
    struct timeval none = {.tv_usec = 1};
    assert_int_equal(setsockopt(client->fd, SOL_SOCKET, SO_RCVTIMEO, &none, sizeof(none)), 0);
    turn(bench);
}

/* Asks once, so that it is idle and no laggard. */
static void be_idle(struct client *client)
{
    client_send(client, SLICE("GET /echo HTTP/1.1\r\n" H "\r\n"));
    assert_true(client_await(client, "/echo"));
    buffer_clear(&client->got);
}

static void crowd_start(struct bench *bench)
{
    struct http_limits limits = small_limits();
    limits.connections_max = MOST;
    limits.in_flight_max[ADMIT_HELP] = MOST;
    bench_start_with(bench, false, limits);
}

static bool is_open(struct client *client)
{
    for (int i = 0; i < 10; i++) {
        turn(client->bench);
        (void)client_read(client);
    }
    return !client->ended && !client->reset;
}

static const struct http_metrics *counts(const struct bench *bench)
{
    return http_server_metrics(bench->server);
}

/* A carrier's network: one address, all of them quick. Nothing bites before the listener is four fifths full; then the oldest idle goes. */
static void test_one_address_may_have_nearly_all(void **state)
{
    struct bench bench;
    struct client clients[MOST];
    (void)state;
    crowd_start(&bench);
    for (unsigned i = 0; i < 8; i++) {
        open_from(&clients[i], &bench, 1);
        be_idle(&clients[i]);
    }
    assert_int_equal(counts(&bench)->connections_evicted + counts(&bench)->connections_refused, 0);
    open_from(&clients[8], &bench, 2); /* now the first address has more than its half */
    be_idle(&clients[8]);
    assert_int_equal(counts(&bench)->connections_evicted, 0);
    open_from(&clients[9], &bench, 1);
    be_idle(&clients[9]);
    assert_false(is_open(&clients[0])); /* its own, the longest idle */
    assert_true(is_open(&clients[8]) && is_open(&clients[1]));
    assert_int_equal(counts(&bench)->connections_refused, 0);
    for (unsigned i = 0; i < MOST; i++) {
        client_close(&clients[i]);
    }
    bench_stop(&bench);
}

/* The more slow connections an address has, the sooner they go; those that just came are let alone, and so are the idle. */
static void test_laggards_of_one_address(void **state)
{
    struct bench bench;
    struct client idle, slow[6], other;
    (void)state;
    crowd_start(&bench); /* slow_per_address is 4 */
    open_from(&idle, &bench, 1);
    be_idle(&idle);
    for (unsigned i = 0; i < 6; i++) {
        open_from(&slow[i], &bench, 1);
        client_send(&slow[i], SLICE("POST /echo HTTP/1.1\r\n" H));
        turn(&bench);
    }
    assert_int_equal(counts(&bench)->connections_evicted, 0); /* none is old enough */
    bench.server->now_us = clock_monotonic() + 4 * MICROSECONDS_A_SECOND;
    assert_true(crowd_make_room(bench.server, bench.server->lists[CONNECTION_HEAD].first->peer_key));
    assert_false(is_open(&slow[0]));
    assert_false(is_open(&slow[1]));
    assert_true(is_open(&slow[2]) && is_open(&idle));
    bench.server->now_us = clock_monotonic() + 9 * MICROSECONDS_A_SECOND;
    assert_true(crowd_make_room(bench.server, bench.server->lists[CONNECTION_HEAD].first->peer_key));
    assert_int_equal(counts(&bench)->connections_evicted, 2); /* four may lag as long as their deadlines let them */
    open_from(&other, &bench, 2);
    be_idle(&other);
    client_close(&other);
    client_close(&idle);
    for (unsigned i = 0; i < 6; i++) {
        client_close(&slow[i]);
    }
    bench_stop(&bench);
}

/* Full of slow ones, each from its own address: whoever lags longest goes, and the newcomer is served. */
static void test_full_of_laggards(void **state)
{
    struct bench bench;
    struct client slow[MOST], newcomer;
    (void)state;
    crowd_start(&bench);
    for (unsigned i = 0; i < MOST; i++) {
        open_from(&slow[i], &bench, 10 + i);
        client_send(&slow[i], SLICE("POST /echo HTTP/1.1\r\n" H));
        turn(&bench);
    }
    assert_int_equal(counts(&bench)->connections_evicted, 0);
    open_from(&newcomer, &bench, 100);
    be_idle(&newcomer);
    assert_int_equal(counts(&bench)->connections_evicted, 1);
    assert_false(is_open(&slow[0]));
    for (unsigned i = 1; i < MOST; i++) {
        assert_true(is_open(&slow[i]));
    }
    client_close(&newcomer);
    for (unsigned i = 0; i < MOST; i++) {
        client_close(&slow[i]);
    }
    bench_stop(&bench);
}

/* Only when every connection has a request in work is a newcomer refused. */
static void test_full_of_work(void **state)
{
    struct bench bench;
    struct client busy[MOST], newcomer;
    (void)state;
    crowd_start(&bench);
    bench.role.listen_for_drop = false;
    for (unsigned i = 0; i < MOST; i++) {
        open_from(&busy[i], &bench, 10 + i);
        client_send(&busy[i], SLICE("GET /hold HTTP/1.1\r\n" H "\r\n"));
        bench.role.held = NULL;
        for (int k = 0; k < TURNS_MAX && bench.role.held == NULL; k++) {
            turn(&bench);
        }
    }
    open_from(&newcomer, &bench, 100);
    assert_false(is_open(&newcomer));
    assert_int_equal(counts(&bench)->connections_refused, 1);
    assert_int_equal(counts(&bench)->connections_evicted, 0);
    client_close(&newcomer);
    for (unsigned i = 0; i < MOST; i++) {
        SSL_free(busy[i].tls);
        (void)close(busy[i].fd);
        buffer_release(&busy[i].got);
    }
    bench_stop(&bench);
}

/* More handshakes than a turn of the loop has room for: all are made, and a request that is there goes between them. */
static void test_handshakes_take_turns(void **state)
{
    enum { CROWD = 60 };
    struct bench bench;
    struct client guest, crowd[CROWD];
    size_t done = 0;
    (void)state;
    bench_start_with(&bench, true, http_limits_default());
    client_open(&guest, &bench);
    for (unsigned i = 0; i < CROWD; i++) {
        client_connect(&crowd[i], &bench);
    }
    for (unsigned i = 0; i < CROWD; i++) {
        crowd[i].tls = SSL_new(bench.client_tls);
        assert_int_equal(SSL_set_fd(crowd[i].tls, crowd[i].fd), 1);
        assert_int_equal(SSL_connect(crowd[i].tls), -1); /* its first message is sent */
    }
    be_idle(&guest);
    for (int i = 0; i < TURNS_MAX && done < CROWD; i++) {
        turn(&bench);
        done = 0;
        for (unsigned k = 0; k < CROWD; k++) {
            done += SSL_connect(crowd[k].tls) == 1 ? 1 : 0;
        }
    }
    assert_int_equal(done, CROWD);
    assert_in_range(counts(&bench)->handshakes_queued, 1, CROWD - 16);
    be_idle(&crowd[CROWD - 1]);
    client_close(&guest);
    for (unsigned i = 0; i < CROWD; i++) {
        client_close(&crowd[i]);
    }
    bench_stop(&bench);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(test_one_address_may_have_nearly_all),
        cmocka_unit_test(test_laggards_of_one_address),
        cmocka_unit_test(test_full_of_laggards),
        cmocka_unit_test(test_full_of_work),
        cmocka_unit_test(test_handshakes_take_turns),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
