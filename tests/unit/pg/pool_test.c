/* SPDX-License-Identifier: Apache-2.0
 * The pool's calls against a real PostgreSQL: each is told the one true outcome, once. Losing the server: pool_loss_test.c. */
#include "fixture.h"

#include "pool_site.h"

static void calls_carry_their_values(void **state)
{
    struct site *site = *state;
    site_open(site, 1, 1);
    struct call call;
    site_call_number(site, &call, ECHO, 42, fixture_in(5000));
    assert_int_equal(call.told, 0); /* never before pg_pool_call returns */
    site_wait(site, &call, 1);
    assert_int_equal(call.outcome, PG_COMMITTED);
    assert_int_equal(call.value, 42);
    assert_int_equal(pg_pool_metrics(site->pool)->committed, 1);
}

static bool is_not_free(void *pool)
{
    return !pg_pool_is_free(pool);
}

/* Of many calls in flight at once each gets its own answer, and a refused one harms no neighbour. */
static void a_pipeline_keeps_order_and_isolates(void **state)
{
    enum { CALLS = 200 };
    struct site *site = *state;
    static struct call calls[CALLS];
    site_open(site, 1, 8);
    for (unsigned i = 0; i < CALLS; i++) {
        site_call_number(site, &calls[i], i % 7 == 3 ? DIVIDE : ECHO, i % 7 == 3 ? 0 : (int)i, fixture_in(9000));
    }
    site_wait(site, calls, CALLS);
    for (unsigned i = 0; i < CALLS; i++) {
        assert_int_equal(calls[i].told, 1);
        assert_int_equal(calls[i].outcome, i % 7 == 3 ? PG_REFUSED : PG_COMMITTED);
        if (i % 7 == 3) {
            assert_string_equal(calls[i].sqlstate, "22012");
        } else {
            assert_int_equal(calls[i].value, i);
        }
        assert_true(i == 0 || calls[i].turn > calls[i - 1].turn);
    }
    assert_int_equal(pg_pool_metrics(site->pool)->connects, 1);
}

static void a_pipeline_is_as_deep_as_asked(void **state)
{
    struct site *site = *state;
    struct call calls[8];
    site_open(site, 1, 8);
    for (unsigned i = 0; i < 7; i++) {
        site_call_number(site, &calls[i], SLEEP_MS, i == 0 ? 100 : 0, fixture_in(5000));
    }
    (void)event_base_loop(site->base, EVLOOP_NONBLOCK);
    assert_true(pg_pool_is_free(site->pool));
    site_call_number(site, &calls[7], SLEEP_MS, 0, fixture_in(5000));
    fixture_turn(site->base, is_not_free, site->pool);
    assert_int_equal(calls[0].told, 0);
    site_wait(site, calls, 8);
    assert_true(pg_pool_is_free(site->pool));
}

static void work_spreads_over_connections(void **state)
{
    struct site *site = *state;
    struct call calls[2];
    site_open(site, 2, 1);
    site_wait_connections(site, 2);
    site_call_number(site, &calls[0], BACKEND_AFTER_MS, 50, fixture_in(5000));
    site_call_number(site, &calls[1], BACKEND_AFTER_MS, 50, fixture_in(5000));
    site_wait(site, calls, 2);
    assert_int_not_equal(calls[0].value, calls[1].value);
}

static void settings_last_for_one_call(void **state)
{
    static const char *const settings[] = {"muster.staff", "7", "muster.other", "it's", NULL};
    struct site *site = *state;
    struct call calls[3];
    site_open(site, 1, 4);
    for (unsigned i = 0; i < 3; i++) {
        site_call(site, &calls[i], SHOW_STAFF, NULL, i == 1 ? settings : NULL, fixture_in(5000));
    }
    site_wait(site, calls, 3);
    assert_int_equal(calls[0].value, 0);
    assert_int_equal(calls[1].value, 7);
    assert_int_equal(calls[2].value, 0);
}

static void a_setting_that_fails_stops_its_statement(void **state)
{
    static const char *const settings[] = {"no such setting!", "1", NULL};
    struct site *site = *state;
    struct call calls[2];
    struct pg_params params;
    site_open(site, 1, 4);
    pg_params_init(&params);
    pg_add_int4(&params, 900);
    site_call(site, &calls[0], STORE, &params, settings, fixture_in(5000));
    pg_params_release(&params);
    site_call_number(site, &calls[1], ECHO, 5, fixture_in(5000));
    site_wait(site, calls, 2);
    assert_int_equal(calls[0].outcome, PG_REFUSED);
    assert_int_equal(calls[1].value, 5);
    assert_int_equal(fixture_sql(site->owner, "SELECT count(*) FROM item WHERE id = 900"), 0);
}

static void too_many_settings_are_not_started(void **state)
{
    static const char *const settings[] = {"a.a", "", "a.b", "", "a.c", "", "a.d", "", "a.e", "", NULL};
    struct site *site = *state;
    struct pg_params params;
    site_open(site, 1, 1);
    pg_params_init(&params);
    assert_null(
        pg_pool_call(site->pool, (enum pg_statement)SHOW_STAFF, &params, settings, fixture_in(5000), NULL, NULL));
    pg_column_begin(&params, PG_INT4); /* never ended: not whole */
    assert_null(pg_pool_call(site->pool, (enum pg_statement)ECHO, &params, NULL, fixture_in(5000), NULL, NULL));
    pg_params_release(&params);
}

static void a_refusal_names_its_constraint(void **state)
{
    struct site *site = *state;
    struct call calls[3];
    site_open(site, 1, 1);
    site_call_number(site, &calls[0], STORE, 1, fixture_in(5000));
    site_call_number(site, &calls[1], STORE, 1, fixture_in(5000));
    site_call_number(site, &calls[2], STORE, -1, fixture_in(5000));
    site_wait(site, calls, 3);
    assert_int_equal(calls[0].outcome, PG_COMMITTED);
    assert_int_equal(calls[1].outcome, PG_REFUSED);
    assert_string_equal(calls[1].sqlstate, "23505");
    assert_string_equal(calls[1].constraint, "item_pkey");
    assert_string_equal(calls[2].sqlstate, "23514");
    assert_string_equal(calls[2].constraint, "item_is_positive");
    assert_int_equal(pg_pool_metrics(site->pool)->refused, 2);
}

/* The statement itself succeeds; it is the commit that fails. */
static void a_commit_that_fails_is_refused(void **state)
{
    struct site *site = *state;
    struct call calls[3];
    site_open(site, 1, 8);
    site_call_number(site, &calls[0], ECHO, 1, fixture_in(5000));
    site_call_number(site, &calls[1], STORE_CHILD, 12345, fixture_in(5000));
    site_call_number(site, &calls[2], ECHO, 2, fixture_in(5000));
    site_wait(site, calls, 3);
    assert_int_equal(calls[1].outcome, PG_REFUSED);
    assert_string_equal(calls[1].sqlstate, "23503");
    assert_string_equal(calls[1].constraint, "child_has_item");
    assert_int_equal(calls[2].value, 2);
    assert_int_equal(fixture_sql(site->owner, "SELECT count(*) FROM child"), 0);
}

/* Lost to a deadlock it is sent again, as often as the pool is told to and no more; what it did before is not there. */
static void what_lost_a_deadlock_is_tried_again(void **state)
{
    static const struct {
        unsigned retries;
        int32_t losses;
        enum pg_outcome outcome;
        uint64_t retried;
    } table[] = {{3, 2, PG_COMMITTED, 2}, {3, 3, PG_COMMITTED, 3}, {3, 4, PG_REFUSED, 3}, {0, 1, PG_REFUSED, 0}};
    struct site *site = *state;
    struct call calls[3];
    for (size_t i = 0; i < sizeof(table) / sizeof(table[0]); i++) {
        (void)fixture_sql(site->owner, "ALTER SEQUENCE attempt RESTART");
        site->config.retries = table[i].retries;
        site_open(site, 1, 8);
        site_call_number(site, &calls[0], ECHO, 1, fixture_in(5000));
        site_call_number(site, &calls[1], LOSE, table[i].losses, fixture_in(5000));
        site_call_number(site, &calls[2], ECHO, 2, fixture_in(5000));
        site_wait(site, calls, 3);
        assert_int_equal(calls[0].value + calls[2].value, 3);
        assert_int_equal(calls[1].outcome, table[i].outcome);
        assert_string_equal(calls[1].sqlstate, table[i].outcome == PG_REFUSED ? "40P01" : "");
        assert_int_equal(calls[1].value, table[i].outcome == PG_COMMITTED ? table[i].losses : 0);
        assert_int_equal(pg_pool_metrics(site->pool)->retried, table[i].retried);
        assert_int_equal(fixture_sql(site->owner, "SELECT count(*) FROM item WHERE id > 1000"), 0);
        pg_pool_free(site->pool);
        site->pool = NULL;
    }
}

/* A register grows while its plans are kept: after their time they are made anew, before and without a call of its own. */
static void plans_are_made_anew_after_their_time(void **state)
{
    static const char *const settings[] = {"SET plan_cache_mode = force_generic_plan", NULL};
    static const struct {
        int64_t plan_us;
        int64_t plans[3];
    } table[] = {{0, {1, 1, 1}}, {1, {1, 2, 3}}};
    struct site *site = *state;
    for (size_t i = 0; i < sizeof(table) / sizeof(table[0]); i++) {
        (void)fixture_sql(site->owner, "ALTER SEQUENCE attempt RESTART");
        site->config.plan_us = table[i].plan_us;
        site->config.settings = settings;
        site_open(site, 1, 1);
        for (unsigned turn = 0; turn < 3; turn++) {
            struct call call;
            site_call_number(site, &call, PLANNED, 0, fixture_in(5000));
            site_wait(site, &call, 1);
            assert_int_equal(call.outcome, PG_COMMITTED);
            assert_int_equal(call.value, table[i].plans[turn]);
        }
        pg_pool_free(site->pool);
        site->pool = NULL;
    }
}

/* Whoever asked is gone, or has been told: it is not tried for nobody. */
static void nobody_waits_for_what_is_not_tried_again(void **state)
{
    struct site *site = *state;
    struct call calls[2];
    site->config.retries = 3;
    site_open(site, 1, 8);
    pg_call_cancel(site_call_number(site, &calls[0], LOSE, 3, fixture_in(5000)));
    site_call_number(site, &calls[1], ECHO, 1, fixture_in(5000));
    site_wait(site, &calls[1], 1);
    assert_int_equal(pg_pool_metrics(site->pool)->retried, 0);
}

/* More than a socket holds, both ways at once: neither side may wait for the other to read. */
static void megabytes_pass_both_ways(void **state)
{
    enum { CALLS = 8, BYTES = 4 * 1024 * 1024 };
    struct site *site = *state;
    struct call calls[CALLS];
    char *bytes = malloc(BYTES);
    struct pg_params params;
    assert_non_null(bytes);
    memset(bytes, 'm', BYTES);
    site_open(site, 1, CALLS);
    pg_params_init(&params);
    pg_add_bytea(&params, slice_make(bytes, BYTES));
    for (unsigned i = 0; i < CALLS; i++) {
        site_call(site, &calls[i], ECHO_BYTES, &params, NULL, fixture_in(15000));
    }
    pg_params_release(&params);
    free(bytes);
    site_wait(site, calls, CALLS);
    for (unsigned i = 0; i < CALLS; i++) {
        assert_int_equal(calls[i].outcome, PG_COMMITTED);
        assert_int_equal(calls[i].length, BYTES);
    }
}

static void a_cancelled_call_is_not_told(void **state)
{
    struct site *site = *state;
    struct call calls[3];
    site_open(site, 1, 1);
    site_call_number(site, &calls[0], SLEEP_MS, 30, fixture_in(5000));
    struct pg_call *waiting = site_call_number(site, &calls[1], STORE, 501, fixture_in(5000));
    site_call_number(site, &calls[2], ECHO, 3, fixture_in(5000));
    pg_call_cancel(waiting);
    site_wait(site, &calls[2], 1);
    assert_int_equal(calls[0].told, 1);
    assert_int_equal(calls[1].told, 0);
    assert_int_equal(fixture_sql(site->owner, "SELECT count(*) FROM item WHERE id = 501"),
                     1); /* it was done all the same */
}

static void a_full_queue_says_so_at_once(void **state)
{
    struct site *site = *state;
    struct call calls[6];
    site->config.queue_max = 4;
    site->config.conninfo = "host=/nonexistent dbname=postgres";
    site_open_unready(site, 1, 1);
    for (unsigned i = 0; i < 6; i++) {
        site_call_number(site, &calls[i], ECHO, 1, fixture_in(60000));
        assert_int_equal(calls[i].told, 0);
    }
    (void)event_base_loop(site->base, EVLOOP_NONBLOCK);
    for (unsigned i = 0; i < 6; i++) {
        assert_int_equal(calls[i].told, i < 4 ? 0 : 1);
    }
    assert_int_equal(calls[4].outcome, PG_UNSENT);
    pg_pool_free(site->pool);
    site->pool = NULL;
    for (unsigned i = 0; i < 4; i++) {
        assert_int_equal(calls[i].told, 1);
        assert_int_equal(calls[i].outcome, PG_UNSENT);
    }
}

static void freeing_tells_every_call(void **state)
{
    struct site *site = *state;
    struct call calls[2];
    site_open(site, 1, 1);
    site_call_number(site, &calls[0], SLEEP_MS, 5000, fixture_in(9000));
    (void)event_base_loop(site->base, EVLOOP_NONBLOCK);
    site_call_number(site, &calls[1], ECHO, 1, fixture_in(9000));
    pg_pool_free(site->pool);
    site->pool = NULL;
    assert_int_equal(calls[0].outcome, PG_UNKNOWN);
    assert_int_equal(calls[1].outcome, PG_UNSENT);
    assert_int_equal(calls[0].told + calls[1].told, 2);
}

static void notifications_arrive(void **state)
{
    static const char *const channels[] = {"muster_room", "Muster \"Odd\"", NULL};
    struct site *site = *state;
    site->config.listen = channels;
    site_open(site, 2, 1);
    site_wait_connections(site, 2);
    (void)fixture_sql(site->owner, "NOTIFY muster_room, 'case 7'");
    site_wait_heard(site, 1);
    assert_string_equal(site->heard, "muster_room: case 7");
    (void)fixture_sql(site->owner, "NOTIFY \"Muster \"\"Odd\"\"\", 'case 8'");
    site_wait_heard(site, 2);
    assert_string_equal(site->heard, "Muster \"Odd\": case 8");
}

static void only_the_roles_statements_are_prepared(void **state)
{
    struct site *site = *state;
    struct call call;
    site_open(site, 1, 1);
    site_call_number(site, &call, OTHERS, 1, fixture_in(5000));
    site_wait(site, &call, 1);
    assert_int_equal(call.outcome, PG_REFUSED);
    assert_string_equal(call.sqlstate, "26000");
}

static void what_cannot_be_is_refused_at_new(void **state)
{
    struct site *site = *state;
    struct error error;
    struct pg_pool_config config = site->config;
    config.connections = 0;
    assert_null(pg_pool_new(&config, &error));
    assert_int_equal(error.code, ERROR_INVALID);
    config.connections = 65;
    assert_null(pg_pool_new(&config, &error));
    config.connections = 1;
    config.conninfo = "hunter2";
    assert_null(pg_pool_new(&config, &error));
    assert_null(strstr(error.detail, "hunter2"));
    pg_pool_free(NULL);
}

#define TEST(name) cmocka_unit_test_setup_teardown(name, site_setup, site_teardown)

int main(void)
{
    const struct CMUnitTest tests[] = {
        TEST(calls_carry_their_values),
        TEST(a_pipeline_keeps_order_and_isolates),
        TEST(a_pipeline_is_as_deep_as_asked),
        TEST(work_spreads_over_connections),
        TEST(settings_last_for_one_call),
        TEST(a_setting_that_fails_stops_its_statement),
        TEST(too_many_settings_are_not_started),
        TEST(a_refusal_names_its_constraint),
        TEST(a_commit_that_fails_is_refused),
        TEST(what_lost_a_deadlock_is_tried_again),
        TEST(nobody_waits_for_what_is_not_tried_again),
        TEST(plans_are_made_anew_after_their_time),
        TEST(megabytes_pass_both_ways),
        TEST(a_cancelled_call_is_not_told),
        TEST(a_full_queue_says_so_at_once),
        TEST(freeing_tells_every_call),
        TEST(notifications_arrive),
        TEST(only_the_roles_statements_are_prepared),
        TEST(what_cannot_be_is_refused_at_new),
    };
    return cmocka_run_group_tests_name("pg.pool", tests, NULL, NULL);
}
