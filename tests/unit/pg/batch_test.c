/* SPDX-License-Identifier: Apache-2.0
 * Group commit against a real PostgreSQL: few statements, each record once, and nobody pays for another's mistake. */
#include "batch_site.h"

static void records_share_statements(void **state)
{
    struct site *site = *state;
    site_open(site, STORE, 1, 5);
    site->refill_from = 1000;
    site->refill_to = 2000;
    for (int i = 0; i < 1000; i++) {
        assert_non_null(add(site, 1, i, "first"));
        assert_int_equal(site->outcomes[i].told, 0);
    }
    wait_for(site, 0, 1000);
    wait_for(site, 1000, 2000);
    check_stored(site, 0, 2000);
    assert_int_equal(fixture_sql(site->owner, "SELECT count(*) FROM record"), 2000);
    assert_int_equal(fixture_sql(site->owner, "SELECT count(*) FROM record WHERE place <> id + 1"), 0); /* in order */
    assert_in_range(fixture_sql(site->owner, "SELECT count(DISTINCT statement) FROM record"), 4, 8);
    const struct batch_metrics *metrics = batch_metrics(site->batch);
    assert_int_equal(metrics->records, 2000);
    assert_in_range(metrics->flushes, 4, 8);
    assert_int_equal(metrics->waiting, 0);
    assert_int_equal(metrics->size_bucket[9], metrics->flushes);
    assert_int_equal(metrics->size_bucket[0], 0);
    assert_int_equal(metrics->splits + metrics->retries, 0);
}

static void an_idle_server_adds_no_delay(void **state)
{
    struct site *site = *state;
    site_open(site, STORE, 1, 5);
    int64_t start = clock_monotonic();
    add(site, 0, 1, "alone");
    wait_for(site, 1, 2);
    check_stored(site, 1, 2);
    assert_true(clock_monotonic() - start < 80000); /* not even a tick */
}

static void on_moment(evutil_socket_t fd, short events, void *context)
{
    (void)fd;
    (void)events;
    *(bool *)context = true;
}

static bool is_over(void *context)
{
    return *(const bool *)context;
}

static void let_pass(struct site *site, const struct timeval *moment)
{
    bool over = false;
    event_base_once(site->base, -1, EV_TIMEOUT, on_moment, &over, moment);
    fixture_turn(site->base, is_over, &over);
}

/* Where several share statements that take their time, one that comes a moment later waits for others, though connections are free. */
static void a_moment_later_shares_a_statement(void **state)
{
    struct site *site = *state;
    static const struct timeval long_enough = {0, 10000}, moment = {0, 500};
    site_open(site, STORE_WHEN_LET, 8, 5);
    for (int i = 0; i < 10; i += 2) {
        (void)fixture_sql(site->owner, "SELECT pg_advisory_lock(0), pg_advisory_lock(2), pg_advisory_lock(4), "
                                       "pg_advisory_lock(6), pg_advisory_lock(8)");
        add(site, 1, i, "first");
        add(site, 1, i + 1, "with it");
        let_pass(site, &long_enough);
        (void)fixture_sql(site->owner, "SELECT pg_advisory_unlock_all()");
        wait_for(site, i, i + 2);
    }
    uint64_t flushes = batch_metrics(site->batch)->flushes;
    for (int i = 10; i < 20; i++) {
        add(site, 1, i, "a moment later");
        let_pass(site, &moment);
    }
    wait_for(site, 10, 20);
    check_stored(site, 0, 20);
    assert_in_range(batch_metrics(site->batch)->flushes - flushes, 1, 9);
}

static void one_bad_record_is_refused_alone(void **state)
{
    struct site *site = *state;
    site_open(site, STORE, 3, 9);
    for (int i = 0; i < BATCH_MAX; i++) {
        add(site, 1, i, i == 300 ? "bad" : i == 17 ? "" : "good");
    }
    wait_for(site, 0, BATCH_MAX);
    check_stored(site, 0, 300);
    check_stored(site, 301, BATCH_MAX);
    assert_int_equal(site->outcomes[300].told, 1);
    assert_int_equal(site->outcomes[300].outcome, PG_REFUSED);
    assert_string_equal(site->outcomes[300].sqlstate, "23514");
    assert_string_equal(site->outcomes[300].constraint, "note_is_good");
    assert_int_equal(fixture_sql(site->owner, "SELECT count(*) FROM record"), BATCH_MAX - 1);
    assert_int_equal(batch_metrics(site->batch)->splits, 9); /* 512, 256, ... 2 */
}

static void records_that_collide_are_told_apart(void **state)
{
    struct site *site = *state;
    static const char *const notes[] = {"good", "bad", "bad", "good", "not \xff UTF-8", "good"};
    site_open(site, STORE, 2, 9);
    (void)fixture_sql(site->owner, "INSERT INTO record (id) VALUES (3)");
    for (int i = 0; i < 6; i++) {
        add(site, 1, i, notes[i]);
    }
    wait_for(site, 0, 6);
    static const char *const expected[] = {"", "23514", "23514", "23505", "22021", ""};
    for (int i = 0; i < 6; i++) {
        assert_string_equal(site->outcomes[i].sqlstate, expected[i]);
        assert_int_equal(site->outcomes[i].outcome, expected[i][0] == '\0' ? PG_COMMITTED : PG_REFUSED);
    }
}

static bool has_two(void *pool)
{
    return pg_pool_metrics(pool)->ready == 2;
}

/* The pieces {2, 3} and {1} would each hold a connection for as long as their locks are held. */
static void others_go_on_while_a_batch_splits(void **state)
{
    struct site *site = *state;
    site_open(site, STORE_WHEN_LET, 2, 9);
    fixture_turn(site->base, has_two, site->pool);
    (void)fixture_sql(site->owner, "SELECT pg_advisory_lock(1), pg_advisory_lock(2)");
    for (int i = 0; i < 4; i++) {
        add(site, 1, i, i == 0 ? "bad" : "good");
    }
    (void)event_base_loop(site->base, EVLOOP_NONBLOCK);
    for (int i = 10; i < 20; i++) {
        add(site, 0, i, "good");
        wait_for(site, i, i + 1);
        check_stored(site, i, i + 1);
    }
    for (int i = 0; i < 4; i++) {
        assert_int_equal(site->outcomes[i].told, 0);
    }
    (void)fixture_sql(site->owner, "SELECT pg_advisory_unlock_all()");
    wait_for(site, 0, 4);
    check_stored(site, 1, 4);
    assert_int_equal(site->outcomes[0].outcome, PG_REFUSED);
}

static void others_take_turns_with_the_pieces(void **state)
{
    struct site *site = *state;
    site_open(site, STORE, 1, 9);
    for (int i = 0; i < 400; i++) {
        add(site, 1, i, i % 2 == 0 ? "bad" : "good");
    }
    wait_for(site, 0, 1); /* by now hundreds of pieces are to be sent */
    unsigned before = site->turn;
    add(site, 0, 400, "good");
    wait_for(site, 400, 401);
    check_stored(site, 400, 401);
    assert_in_range(site->outcomes[400].turn - before, 1, 4);
    wait_for(site, 0, 400);
    assert_int_equal(fixture_sql(site->owner, "SELECT count(*) FROM record"), 201);
}

static void pieces_take_turns_with_others(void **state)
{
    struct site *site = *state;
    site_open(site, STORE, 1, 9);
    add(site, 0, 0, "bad");
    add(site, 0, 1, "good");
    (void)event_base_loop(site->base, EVLOOP_NONBLOCK);
    site->refill_from = 10;
    site->refill_to = 500; /* a new record whenever one was told of: there is always one waiting */
    add(site, 0, 9, "good");
    wait_for(site, 0, 2);
    assert_in_range(site->turn, 2, 20);
    check_stored(site, 1, 2);
    assert_int_equal(site->outcomes[0].outcome, PG_REFUSED);
    site->refill_to = site->refill_from;
    wait_for(site, 9, (int)site->refill_from);
}

static void a_conflict_that_passes_is_tried_again(void **state)
{
    struct site *site = *state;
    site_open(site, STORE_FLAKILY, 1, 5);
    for (int i = 0; i < 20; i++) {
        add(site, 1, i, "good");
    }
    wait_for(site, 0, 20);
    check_stored(site, 0, 20);
    assert_int_equal(batch_metrics(site->batch)->retries, 3);
    assert_int_equal(batch_metrics(site->batch)->flushes, 1);
}

static void a_conflict_that_stays_is_refused_in_the_end(void **state)
{
    struct site *site = *state;
    site_open(site, STORE_FLAKILY, 1, 5);
    (void)fixture_sql(site->owner, "ALTER SEQUENCE failures MINVALUE -100 RESTART -100");
    add(site, 1, 1, "good");
    add(site, 1, 2, "good");
    wait_for(site, 1, 3);
    assert_int_equal(site->outcomes[1].outcome, PG_REFUSED);
    assert_string_equal(site->outcomes[2].sqlstate, "40001");
    assert_int_equal(batch_metrics(site->batch)->retries, 5);
}

static void the_most_urgent_leave_first(void **state)
{
    struct site *site = *state;
    site_open(site, STORE, 1, 5);
    for (int i = 0; i < 600; i++) { /* fills more than one statement */
        add(site, 2, i, "routine");
    }
    for (int i = 600; i < 610; i++) {
        add(site, 1, i, "check-in");
    }
    for (int i = 610; i < 620; i++) {
        add(site, 0, i, "cry");
    }
    wait_for(site, 0, 620);
    check_stored(site, 0, 620);
    for (int i = 610; i < 620; i++) {
        assert_int_equal(site->outcomes[i].turn, i - 609); /* cries 1 to 10 */
        assert_int_equal(site->outcomes[i - 10].turn, i - 599);
    }
    assert_int_equal(site->outcomes[0].turn, 21);
    assert_true(site->outcomes[0].statement == site->outcomes[610].statement); /* what room was left was used */
    assert_true(site->outcomes[599].statement != site->outcomes[610].statement);
}

/* A freed connection goes to the batch that the owner pokes first, not to the one whose answer freed it. */
static void the_most_urgent_batch_gets_the_connection(void **state)
{
    static const struct batch_limit limits[BATCH_CLASSES] = {
        {RECORDS_MAX, 0, 0}, {.queue_max = 0}, {.queue_max = 0}, {RECORDS_MAX, 0, 0}};
    struct site *site = *state;
    site_open(site, STORE, 1, 5);
    struct batch *urgent = site->batch;
    site->routine = batch_new(site->pool, &site->kind, limits, 5);
    assert_non_null(site->routine);
    site->batch = site->routine;
    for (int i = 0; i < 600; i++) {
        add(site, 0, i, "routine");
    }
    site->batch = urgent;
    (void)event_base_loop(site->base, EVLOOP_NONBLOCK); /* the first 512 are on their way */
    add(site, 3, 600, "cry");
    wait_for(site, 0, 601);
    check_stored(site, 0, 601);
    assert_int_equal(site->outcomes[600].turn, 513);
}

static void a_forgotten_record_is_stored_untold(void **state)
{
    struct site *site = *state;
    site_open(site, STORE, 1, 5);
    batch_forget(add(site, 1, 1, "good"));
    add(site, 1, 2, "good");
    wait_for(site, 2, 3);
    assert_int_equal(site->outcomes[1].told, 0);
    assert_int_equal(fixture_sql(site->owner, "SELECT count(*) FROM record"), 2);
}

static void a_full_class_takes_no_more(void **state)
{
    struct site *site = *state;
    site_open(site, STORE, 1, 5);
    for (int i = 0; i < 10; i++) {
        assert_true(batch_has_room(site->batch, 3) == (i < 8));
        assert_true((add(site, 3, i, "page") != NULL) == (i < 8));
    }
    assert_non_null(add(site, 0, 10, "cry"));
    assert_int_equal(batch_metrics(site->batch)->waiting, 9);
    wait_for(site, 0, 8);
    check_stored(site, 0, 8);
    assert_int_equal(site->outcomes[8].told, 0);
}

static void rows_that_do_not_match_are_refused(void **state)
{
    struct site *site = *state;
    site_open(site, STORE_ODDLY, 1, 5);
    add(site, 1, 1, "good");
    add(site, 1, 2, "good");
    wait_for(site, 1, 3);
    assert_int_equal(site->outcomes[1].outcome, PG_REFUSED);
    assert_string_equal(site->outcomes[2].sqlstate, "XX"
                                                    "000");
}

static bool is_past(void *time_us)
{
    return clock_monotonic() > *(const int64_t *)time_us;
}

static void a_record_is_told_at_its_deadline(void **state)
{
    struct site *site = *state;
    site_open(site, STORE_WHEN_LET, 1, 1);
    (void)fixture_sql(site->owner, "SELECT pg_advisory_lock(0)");
    int64_t start = clock_monotonic();
    add(site, 1, 0, "sent");
    (void)event_base_loop(site->base, EVLOOP_NONBLOCK);
    add(site, 1, 1, "waits");
    wait_for(site, 0, 2);
    assert_in_range(clock_monotonic() - start, 950000, 1500000);
    assert_int_equal(site->outcomes[0].outcome, PG_UNKNOWN);
    assert_int_equal(site->outcomes[1].outcome, PG_UNSENT);
    (void)fixture_sql(site->owner, "SELECT pg_advisory_unlock(0)");
    fixture_turn(site->base, fixture_pool_is_ready, site->pool);
    assert_int_equal(site->outcomes[0].told, 1);
    assert_int_equal(fixture_sql(site->owner, "SELECT count(*) FROM record"), 1); /* late, but done */
}

/* It never left, so it may go another way: sooner than one that was sent is told that nobody knows. */
static void a_record_that_waits_too_long_is_told_that_it_was_not_sent(void **state)
{
    struct site *site = *state;
    site_open(site, STORE_WHEN_LET, 1, 20);
    (void)fixture_sql(site->owner, "SELECT pg_advisory_lock(0)");
    add(site, 1, 0, "sent");
    (void)event_base_loop(site->base, EVLOOP_NONBLOCK);
    add(site, 2, 1, "waits");
    wait_for(site, 1, 2);
    assert_int_equal(site->outcomes[1].outcome, PG_UNSENT);
    assert_int_equal(site->outcomes[0].told, 0);
    (void)fixture_sql(site->owner, "SELECT pg_advisory_unlock(0)");
    wait_for(site, 0, 1);
    assert_int_equal(site->outcomes[0].outcome, PG_COMMITTED);
    assert_int_equal(fixture_sql(site->owner, "SELECT count(*) FROM record"), 1);
}

static void an_old_record_does_not_hurry_its_batch(void **state)
{
    struct site *site = *state;
    site_open(site, STORE_WHEN_LET, 1, 1);
    (void)fixture_sql(site->owner, "SELECT pg_advisory_lock(0), pg_advisory_lock(1)");
    add(site, 1, 0, "holds the connection");
    (void)event_base_loop(site->base, EVLOOP_NONBLOCK);
    add(site, 1, 1, "old");
    int64_t later = clock_monotonic() + 600000;
    fixture_turn(site->base, is_past, &later);
    add(site, 0, 2, "young, in one statement with the old");
    (void)fixture_sql(site->owner, "SELECT pg_advisory_unlock(0)");
    wait_for(site, 0, 2);
    assert_int_equal(site->outcomes[0].outcome, PG_COMMITTED);
    assert_int_equal(site->outcomes[1].outcome, PG_UNKNOWN);
    assert_int_equal(site->outcomes[2].told, 0);
    (void)fixture_sql(site->owner, "SELECT pg_advisory_unlock(1)");
    wait_for(site, 2, 3);
    check_stored(site, 2, 3);
    assert_int_equal(site->outcomes[1].told, 1); /* unknown, and no second word */
    assert_int_equal(fixture_sql(site->owner, "SELECT count(*) FROM record"), 3);
}

static void losing_the_server_tells_every_record(void **state)
{
    struct site *site = *state;
    site_open(site, STORE_WHEN_LET, 1, 5);
    (void)fixture_sql(site->owner, "SELECT pg_advisory_lock(0)");
    for (int i = 0; i < 600; i++) {
        add(site, 1, i, "good");
    }
    (void)event_base_loop(site->base, EVLOOP_NONBLOCK);
    (void)fixture_sql(site->owner, "SELECT pg_terminate_backend(pid) FROM pg_stat_activity "
                                   "WHERE backend_type = 'client backend' AND pid <> pg_backend_pid()");
    wait_for(site, 0, 600);
    for (int i = 0; i < 600; i++) {
        assert_int_equal(site->outcomes[i].told, 1);
        assert_int_equal(site->outcomes[i].outcome, i < BATCH_MAX ? PG_UNKNOWN : PG_UNSENT);
    }
}

static void freeing_tells_every_record(void **state)
{
    struct site *site = *state;
    site_open(site, STORE_WHEN_LET, 1, 5);
    (void)fixture_sql(site->owner, "SELECT pg_advisory_lock(0)");
    for (int i = 0; i < 600; i++) {
        add(site, 1, i, "good");
    }
    (void)event_base_loop(site->base, EVLOOP_NONBLOCK);
    batch_free(site->batch);
    site->batch = NULL;
    for (int i = 0; i < 600; i++) {
        assert_int_equal(site->outcomes[i].told, 1);
        assert_int_equal(site->outcomes[i].outcome, i < BATCH_MAX ? PG_UNKNOWN : PG_UNSENT);
    }
    batch_free(NULL);
}

#define TEST(name) cmocka_unit_test_setup_teardown(name, site_setup, site_teardown)

int main(void)
{
    const struct CMUnitTest tests[] = {
        TEST(records_share_statements),
        TEST(an_idle_server_adds_no_delay),
        TEST(a_moment_later_shares_a_statement),
        TEST(one_bad_record_is_refused_alone),
        TEST(records_that_collide_are_told_apart),
        TEST(others_go_on_while_a_batch_splits),
        TEST(others_take_turns_with_the_pieces),
        TEST(pieces_take_turns_with_others),
        TEST(a_conflict_that_passes_is_tried_again),
        TEST(a_conflict_that_stays_is_refused_in_the_end),
        TEST(the_most_urgent_leave_first),
        TEST(the_most_urgent_batch_gets_the_connection),
        TEST(a_forgotten_record_is_stored_untold),
        TEST(a_full_class_takes_no_more),
        TEST(rows_that_do_not_match_are_refused),
        TEST(a_record_is_told_at_its_deadline),
        TEST(a_record_that_waits_too_long_is_told_that_it_was_not_sent),
        TEST(an_old_record_does_not_hurry_its_batch),
        TEST(losing_the_server_tells_every_record),
        TEST(freeing_tells_every_record),
    };
    return cmocka_run_group_tests_name("pg.batch", tests, NULL, NULL);
}
