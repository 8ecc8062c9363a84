/* SPDX-License-Identifier: Apache-2.0
 * Migrations on a database of each test's own. */
#include "fixture.h"

#include <sys/wait.h>
#include <unistd.h>

#include "pg/migrate.h"

#define ONE                                                                                                            \
    {                                                                                                                  \
        1, "0001_one", "CREATE TABLE one (id integer); INSERT INTO one VALUES (1);\n"                                  \
    }
#define TWO                                                                                                            \
    {                                                                                                                  \
        2, "0002_two", "SELECT pg_sleep(0.1); CREATE TABLE two (id integer);\nINSERT INTO two SELECT id FROM one;\n"   \
    }
#define THREE                                                                                                          \
    {                                                                                                                  \
        3, "0003_three", "ALTER TABLE two ADD COLUMN note text;\n"                                                     \
    }
#define END                                                                                                            \
    {                                                                                                                  \
        0, NULL, NULL                                                                                                  \
    }

static const struct pg_migration first[] = {ONE, END};
static const struct pg_migration all[] = {ONE, TWO, THREE, END};

struct site {
    PGconn *owner;
    char url[512];
    unsigned applied;
    char last[32];
};

/* The same server, database migrate_test. */
static int site_setup(void **state)
{
    struct site *site = calloc(1, sizeof(*site));
    assert_non_null(site);
    PGconn *server = fixture_connect(fixture_url());
    (void)fixture_sql(server, "SET client_min_messages = warning");
    (void)fixture_sql(server, "DROP DATABASE IF EXISTS migrate_test WITH (FORCE)");
    (void)fixture_sql(server, "CREATE DATABASE migrate_test");
    int length = snprintf(site->url, sizeof(site->url), "host=%s user=owner dbname=migrate_test", PQhost(server));
    assert_true(length > 0 && (size_t)length < sizeof(site->url));
    PQfinish(server);
    site->owner = fixture_connect(site->url);
    (void)fixture_sql(site->owner, "SET client_min_messages = warning");
    *state = site;
    return 0;
}

static int site_teardown(void **state)
{
    struct site *site = *state;
    PQfinish(site->owner);
    free(site);
    return 0;
}

static void on_applied(void *context, const struct pg_migration *migration)
{
    struct site *site = context;
    site->applied++;
    (void)snprintf(site->last, sizeof(site->last), "%s", migration->name);
}

static void check_migrates(struct site *site, const struct pg_migration migrations[], unsigned applied)
{
    struct error error = {.code = ERROR_NONE};
    site->applied = 0;
    if (!pg_migrate(site->owner, migrations, on_applied, site, &error)) {
        fail_msg("%s", error.detail);
    }
    assert_int_equal(site->applied, applied);
    assert_true(pg_migrate_is_current(site->owner, migrations, &error));
}

static void check_refuses(struct site *site, const struct pg_migration migrations[], const char *because)
{
    struct error error = {.code = ERROR_NONE};
    site->applied = 0;
    assert_false(pg_migrate(site->owner, migrations, on_applied, site, &error));
    assert_int_equal(error.code, ERROR_INVALID);
    if (strstr(error.detail, because) == NULL) {
        fail_msg("\"%s\" does not say \"%s\"", error.detail, because);
    }
    assert_int_equal(fixture_sql(site->owner, "SELECT count(*) FROM pg_locks WHERE locktype = 'advisory'"), 0);
    assert_int_equal(PQtransactionStatus(site->owner), PQTRANS_IDLE);
}

static void each_is_applied_once(void **state)
{
    struct site *site = *state;
    struct error error;
    assert_false(pg_migrate_is_current(site->owner, first, &error));
    check_migrates(site, first, 1);
    assert_false(pg_migrate_is_current(site->owner, all, &error));
    assert_non_null(strstr(error.detail, "0002_two"));
    check_migrates(site, all, 2);
    assert_string_equal(site->last, "0003_three");
    check_migrates(site, all, 0);
    assert_int_equal(fixture_sql(site->owner, "SELECT count(note) + count(*) FROM two"), 1);
    assert_int_equal(fixture_sql(site->owner,
                                 "SELECT count(*) FROM muster.schema_migration WHERE length(checksum) = 64 "
                                 "AND applied_at <= now() AND name ~ '^000'"),
                     3);
}

static void other_text_is_refused(void **state)
{
    static const struct pg_migration changed[] = {
        {1, "0001_one", "CREATE TABLE one (id integer); INSERT INTO one VALUES (2);\n"}, TWO, THREE, END};
    struct error error;
    check_migrates(*state, first, 1);
    check_refuses(*state, changed, "0001_one");
    assert_int_equal(((struct site *)*state)->applied, 0);
    assert_false(pg_migrate_is_current(((struct site *)*state)->owner, changed, &error));
}

static void a_newer_database_is_refused(void **state)
{
    struct error error;
    check_migrates(*state, all, 3);
    check_refuses(*state, first, "newer");
    assert_false(pg_migrate_is_current(((struct site *)*state)->owner, first, &error));
}

static void what_fails_leaves_nothing(void **state)
{
    static const struct pg_migration wrong[] = {
        ONE,
        {2, "0002_wrong", "CREATE TABLE two (id integer); SELECT 1 / 0; CREATE TABLE more (id integer);\n"},
        THREE,
        END};
    struct site *site = *state;
    check_refuses(site, wrong, "0002_wrong: ERROR:  division by zero");
    assert_int_equal(site->applied, 1); /* the first stays */
    assert_int_equal(fixture_sql(site->owner, "SELECT count(*) FROM pg_tables WHERE tablename IN ('two', 'more')"), 0);
    assert_int_equal(fixture_sql(site->owner, "SELECT count(*) FROM muster.schema_migration"), 1);
    check_migrates(site, all, 2); /* mended */
}

/* The ledger's entry and what it stands for are one transaction. */
static void what_cannot_be_entered_is_undone(void **state)
{
    static const struct pg_migration twice[] = {ONE, {1, "0001_again", "CREATE TABLE again (id integer);\n"}, END};
    struct site *site = *state;
    check_refuses(site, twice, "duplicate key");
    assert_int_equal(fixture_sql(site->owner, "SELECT count(*) FROM pg_tables WHERE tablename = 'again'"), 0);
}

/* Processes rather than threads: libpq's connections must not be shared. */
static void several_at_once_apply_each_once(void **state)
{
    enum { MIGRATORS = 4 };
    struct site *site = *state;
    pid_t children[MIGRATORS];
    for (unsigned i = 0; i < MIGRATORS; i++) {
        children[i] = fork();
        assert_true(children[i] >= 0);
        if (children[i] == 0) {
            PGconn *conn = PQconnectdb(site->url);
            struct error error;
            bool ok = PQstatus(conn) == CONNECTION_OK && pg_migrate(conn, all, NULL, NULL, &error);
            _exit(ok ? 0 : 1);
        }
    }
    for (unsigned i = 0; i < MIGRATORS; i++) {
        int status = 0;
        assert_int_equal(waitpid(children[i], &status, 0), children[i]);
        assert_int_equal(status, 0);
    }
    assert_int_equal(fixture_sql(site->owner, "SELECT count(*) FROM muster.schema_migration"), 3);
    assert_int_equal(fixture_sql(site->owner, "SELECT count(*) FROM one"), 1);
}

#define TEST(name) cmocka_unit_test_setup_teardown(name, site_setup, site_teardown)

int main(void)
{
    const struct CMUnitTest tests[] = {
        TEST(each_is_applied_once),
        TEST(other_text_is_refused),
        TEST(a_newer_database_is_refused),
        TEST(what_fails_leaves_nothing),
        TEST(what_cannot_be_entered_is_undone),
        TEST(several_at_once_apply_each_once),
    };
    return cmocka_run_group_tests_name("pg.migrate", tests, NULL, NULL);
}
