/* SPDX-License-Identifier: Apache-2.0
 * Deadlines, and losing the server in every way: what was sent is unknown, what was not is unsent, and the pool comes back. */
#include "fixture.h"

#include <arpa/inet.h>
#include <netinet/in.h>
#include <sys/socket.h>
#include <unistd.h>

#include "pool_site.h"

enum { CONNINFO_SIZE = 512 };

static bool is_sleeping(void *owner)
{
    return fixture_sql(owner,
                       "SELECT count(*) FROM pg_stat_activity WHERE state = 'active' AND wait_event = 'PgSleep'") == 1;
}

static bool is_not_ready(void *pool)
{
    return !pg_pool_is_ready(pool);
}

static bool is_asleep_no_more(void *owner)
{
    return !is_sleeping(owner);
}

static void check_works(struct site *site, int number)
{
    struct call call;
    fixture_turn(site->base, fixture_pool_is_ready, site->pool);
    site_call_number(site, &call, ECHO, number, fixture_in(9000));
    site_wait(site, &call, 1);
    assert_int_equal(call.outcome, PG_COMMITTED);
    assert_int_equal(call.value, number);
}

static void a_terminated_backend_leaves_calls_unknown(void **state)
{
    struct site *site = *state;
    struct call calls[4];
    site_open(site, 1, 3);
    for (unsigned i = 0; i < 4; i++) { /* three are sent, the last waits for the connection after this one */
        site_call_number(site, &calls[i], i == 0 ? SLEEP_MS : ECHO, i == 0 ? 8000 : (int)i, fixture_in(9000));
    }
    fixture_turn(site->base, is_sleeping, site->owner);
    assert_int_equal(fixture_sql(site->owner, "SELECT count(pg_terminate_backend(pid)) FROM pg_stat_activity "
                                              "WHERE wait_event = 'PgSleep'"),
                     1);
    site_wait(site, calls, 4);
    for (unsigned i = 0; i < 3; i++) {
        assert_int_equal(calls[i].outcome, PG_UNKNOWN);
    }
    assert_int_equal(calls[3].outcome, PG_COMMITTED);
    assert_int_equal(calls[3].value, 3);
    check_works(site, 7);
    assert_int_equal(pg_pool_metrics(site->pool)->connects, 2);
    assert_int_equal(pg_pool_metrics(site->pool)->unknown, 3);
}

static void a_backend_ends_with_its_client(void **state)
{
    struct site *site = *state;
    struct call call;
    site_open(site, 1, 1);
    site_call_number(site, &call, SLEEP_MS, 60000, fixture_in(9000));
    fixture_turn(site->base, is_sleeping, site->owner);
    pg_pool_free(site->pool);
    site->pool = NULL;
    assert_int_equal(call.outcome, PG_UNKNOWN);
    fixture_turn(site->base, is_asleep_no_more, site->owner);
}

static void an_idle_connection_that_ends_is_replaced(void **state)
{
    struct site *site = *state;
    site_open(site, 1, 1);
    assert_int_equal(fixture_sql(site->owner, "SELECT count(pg_terminate_backend(pid)) FROM pg_stat_activity "
                                              "WHERE backend_type = 'client backend' AND pid <> pg_backend_pid()"),
                     1);
    fixture_turn(site->base, is_not_ready, site->pool);
    assert_true(pg_pool_last_error(site->pool)[0] != '\0');
    check_works(site, 8);
    assert_string_equal(pg_pool_last_error(site->pool), "");
}

static void check_server_returns(struct site *site, const char *how)
{
    struct call calls[2];
    site_open(site, 2, 1);
    site_wait_connections(site, 2);
    site_call_number(site, &calls[0], SLEEP_MS, 8000, fixture_in(9000));
    fixture_turn(site->base, is_sleeping, site->owner);
    PQfinish(site->owner);
    site->owner = NULL;
    fixture_server(how);
    fixture_turn(site->base, is_not_ready, site->pool);
    site_call_number(site, &calls[1], ECHO, 1, fixture_in(300));
    site_wait(site, calls, 2);
    assert_int_equal(calls[0].outcome, PG_UNKNOWN);
    assert_int_equal(calls[1].outcome, PG_UNSENT);
    uint64_t failures = pg_pool_metrics(site->pool)->connect_failures;
    assert_in_range(failures, 1, 20); /* it backs off: two connections, 50 ms and more apart, for half a second */
    fixture_server("start");
    site->owner = fixture_connect(fixture_url());
    check_works(site, 9);
}

static void a_stopped_server_comes_back(void **state)
{
    check_server_returns(*state, "stop");
}

static void a_crashed_server_comes_back(void **state)
{
    check_server_returns(*state, "crash");
}

static void attempts_back_off(void **state)
{
    struct site *site = *state;
    struct call call;
    site->config.conninfo = "host=/nonexistent dbname=postgres";
    site_open_unready(site, 1, 1);
    site_call_number(site, &call, ECHO, 1, fixture_in(1500));
    site_wait(site, &call, 1);
    assert_int_equal(call.outcome, PG_UNSENT);
    assert_in_range(pg_pool_metrics(site->pool)->connect_failures, 2, 7); /* 0.1 + 0.2 + 0.4 + 0.8 s, less jitter */
    assert_non_null(strstr(pg_pool_last_error(site->pool), "/nonexistent"));
}

/* The owner is told in time; the connection is used again only when the late answer is in, and no one else gets that. */
static void a_late_answer_is_nobodys(void **state)
{
    struct site *site = *state;
    struct call calls[4];
    site_open(site, 1, 2);
    site_call_number(site, &calls[0], BACKEND_AFTER_MS, 0, fixture_in(5000));
    site_wait(site, &calls[0], 1);
    int64_t start = clock_monotonic();
    site_call_number(site, &calls[1], SLEEP_MS, 900, fixture_in(100));
    site_wait(site, &calls[1], 1);
    assert_int_equal(calls[1].outcome, PG_UNKNOWN);
    assert_in_range(clock_monotonic() - start, 100000, 800000);
    assert_false(pg_pool_is_ready(site->pool));
    assert_false(pg_pool_is_free(site->pool));
    site_call_number(site, &calls[2], BACKEND_AFTER_MS, 0, fixture_in(5000));
    site_call_number(site, &calls[3], ECHO, 4, fixture_in(5000));
    site_wait(site, calls, 4);
    assert_in_range(clock_monotonic() - start, 900000, 5000000);
    assert_int_equal(calls[1].told, 1);
    assert_int_equal(calls[2].value, calls[0].value); /* the same connection */
    assert_int_equal(calls[3].value, 4);
    assert_true(pg_pool_is_ready(site->pool));
    assert_int_equal(pg_pool_metrics(site->pool)->connects, 1);
}

static void a_late_call_that_was_cancelled_is_drained_too(void **state)
{
    struct site *site = *state;
    struct call calls[2];
    site_open(site, 1, 2);
    struct pg_call *late = site_call_number(site, &calls[0], SLEEP_MS, 300, fixture_in(50));
    (void)event_base_loop(site->base, EVLOOP_NONBLOCK);
    pg_call_cancel(late);
    fixture_turn(site->base, is_not_ready, site->pool);
    check_works(site, 3);
    assert_int_equal(calls[0].told, 0);
    assert_int_equal(pg_pool_metrics(site->pool)->connects, 1);
}

static void waiting_past_the_deadline_is_unsent(void **state)
{
    struct site *site = *state;
    struct call calls[3];
    site_open(site, 1, 1);
    site_call_number(site, &calls[0], SLEEP_MS, 600, fixture_in(5000));
    site_call_number(site, &calls[1], STORE, 77, fixture_in(5000));
    site_call_number(site, &calls[2], STORE, 78, fixture_in(150)); /* behind one with more time */
    site_wait(site, &calls[2], 1);
    assert_int_equal(calls[0].told + calls[1].told, 0);
    assert_int_equal(calls[2].outcome, PG_UNSENT);
    site_wait(site, calls, 3);
    assert_int_equal(calls[1].outcome, PG_COMMITTED);
    assert_int_equal(fixture_sql(site->owner, "SELECT count(*) FROM item WHERE id = 78"), 0);
}

static void a_connection_silent_too_long_is_given_up(void **state)
{
    struct site *site = *state;
    struct call call;
    site_open(site, 1, 1);
    site_call_number(site, &call, SLEEP_MS, 8000, fixture_in(-31000)); /* its deadline was 31 s ago */
    site_wait(site, &call, 1);
    assert_int_equal(call.outcome, PG_UNKNOWN);
    check_works(site, 10);
    assert_int_equal(pg_pool_metrics(site->pool)->connects, 2);
}

/* Errors that will not pass while this connection lasts. */
static void errors_of_the_connection_replace_it(void **state)
{
    static const char *const read_only[] = {"transaction_read_only", "on", NULL};
    struct site *site = *state;
    struct pg_params params;
    struct call call;
    site_open(site, 1, 1);

    pg_params_init(&params);
    pg_add_int4(&params, 600);
    site_call(site, &call, STORE, &params, read_only, fixture_in(5000));
    pg_params_release(&params);
    site_wait(site, &call, 1);
    assert_string_equal(call.sqlstate, "25006");
    check_works(site, 1);
    assert_int_equal(pg_pool_metrics(site->pool)->connects, 2);

    (void)fixture_sql(site->owner, "ALTER TABLE shape ADD COLUMN more text");
    site_call(site, &call, SHAPE, NULL, NULL, fixture_in(5000));
    site_wait(site, &call, 1);
    assert_string_equal(call.sqlstate, "0A000"); /* cached plan must not change result type */
    check_works(site, 2);
    site_call(site, &call, SHAPE, NULL, NULL, fixture_in(5000));
    site_wait(site, &call, 1);
    assert_int_equal(call.outcome, PG_COMMITTED);
    assert_int_equal(pg_pool_metrics(site->pool)->connects, 3);

    site_call(site, &call, DEALLOCATE, NULL, NULL, fixture_in(5000));
    site_wait(site, &call, 1);
    assert_int_equal(call.outcome, PG_COMMITTED);
    site_call_number(site, &call, ECHO, 1, fixture_in(5000));
    site_wait(site, &call, 1);
    assert_string_equal(call.sqlstate, "26000");
    check_works(site, 3);
    assert_int_equal(pg_pool_metrics(site->pool)->connects, 4);
}

static void a_statement_that_does_not_fit_the_schema_is_named(void **state)
{
    struct site *site = *state;
    (void)fixture_sql(site->owner, "DROP TABLE shape");
    site_open_unready(site, 1, 1);
    for (unsigned i = 0; i < 8; i++) {
        (void)event_base_loop(site->base, EVLOOP_ONCE);
    }
    while (pg_pool_metrics(site->pool)->connect_failures < 2) {
        (void)event_base_loop(site->base, EVLOOP_ONCE);
    }
    assert_false(pg_pool_is_ready(site->pool));
    assert_string_equal(pg_pool_last_error(site->pool), "cannot prepare shape: relation \"shape\" does not exist");
    (void)fixture_sql(site->owner, "CREATE TABLE shape (id integer)");
    check_works(site, 1);
}

/* A host whose machine is gone neither accepts nor refuses; libpq alone would try it first for ever. */
static void a_silent_host_is_passed_over(void **state)
{
    struct site *site = *state;
    char conninfo[CONNINFO_SIZE];
    struct sockaddr_in address = {.sin_family = AF_INET, .sin_addr.s_addr = htonl(INADDR_LOOPBACK)};
    socklen_t length = sizeof(address);
    int silent = socket(AF_INET, SOCK_STREAM | SOCK_CLOEXEC, 0);
    assert_true(silent >= 0);
    assert_int_equal(bind(silent, (const struct sockaddr *)&address, length), 0);
    assert_int_equal(listen(silent, 8), 0); /* the kernel accepts; nobody ever answers */
    assert_int_equal(getsockname(silent, (struct sockaddr *)&address, &length), 0);
    (void)snprintf(conninfo, sizeof(conninfo),
                   "host=127.0.0.1,%s port=%d,5432 user=owner dbname=postgres connect_timeout=1", PQhost(site->owner),
                   ntohs(address.sin_port));
    site->config.conninfo = conninfo;
    int64_t start = clock_monotonic();
    site_open_unready(site, 1, 1);
    check_works(site, 5);
    assert_in_range(clock_monotonic() - start, 900000, 3000000);
    assert_int_equal(close(silent), 0);
}

static void the_log_quotes_nobody(void **state)
{
    struct site *site = *state;
    char text[8192];
    struct call call;
    FILE *log = tmpfile();
    assert_non_null(log);
    int standard_error = dup(STDERR_FILENO);
    assert_true(standard_error >= 0 && dup2(fileno(log), STDERR_FILENO) >= 0);
    site_open(site, 1, 1);
    site_call_number(site, &call, QUOTE, 1, fixture_in(5000));
    site_wait(site, &call, 1);
    (void)fixture_sql(site->owner, "SELECT pg_terminate_backend(pid) FROM pg_stat_activity "
                                   "WHERE backend_type = 'client backend' AND pid <> pg_backend_pid()");
    fixture_turn(site->base, is_not_ready, site->pool);
    assert_true(dup2(standard_error, STDERR_FILENO) >= 0);
    assert_int_equal(close(standard_error), 0);
    rewind(log);
    text[fread(text, 1, sizeof(text) - 1, log)] = '\0';
    assert_int_equal(fclose(log), 0);
    assert_string_equal(call.sqlstate, "22000");
    assert_non_null(strstr(text, "pg.refused"));
    assert_non_null(strstr(text, "pg.connection_failed"));
    assert_null(strstr(text, "Amina"));
    for (const char *line = text; *line != '\0'; line = strchr(line, '\n') + 1) {
        assert_int_equal(line[0], '{'); /* nor does libpq print anything of its own */
    }
}

#define TEST(name) cmocka_unit_test_setup_teardown(name, site_setup, site_teardown)

int main(void)
{
    const struct CMUnitTest tests[] = {
        TEST(a_terminated_backend_leaves_calls_unknown),
        TEST(a_backend_ends_with_its_client),
        TEST(an_idle_connection_that_ends_is_replaced),
        TEST(a_stopped_server_comes_back),
        TEST(a_crashed_server_comes_back),
        TEST(attempts_back_off),
        TEST(a_late_answer_is_nobodys),
        TEST(a_late_call_that_was_cancelled_is_drained_too),
        TEST(waiting_past_the_deadline_is_unsent),
        TEST(a_connection_silent_too_long_is_given_up),
        TEST(errors_of_the_connection_replace_it),
        TEST(a_statement_that_does_not_fit_the_schema_is_named),
        TEST(a_silent_host_is_passed_over),
        TEST(the_log_quotes_nobody),
    };
    return cmocka_run_group_tests_name("pg.pool_loss", tests, NULL, NULL);
}
