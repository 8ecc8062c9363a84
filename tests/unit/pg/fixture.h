/* SPDX-License-Identifier: Apache-2.0
 * What the tests against a real PostgreSQL share: the private server of tests/unit/pg_cluster.sh, and turning the loop until
 * something is so. */
#ifndef TESTS_PG_FIXTURE_H
#define TESTS_PG_FIXTURE_H

#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include <cmocka.h>
#include <event2/event.h>
#include <libpq-fe.h>

#include "core/clock.h"
#include "pg/pool.h"

enum { FIXTURE_LIMIT_S = 20 }; /* the longest that a test waits for anything */

static inline const char *fixture_environment(const char *name)
{
    const char *value = getenv(name);
    if (value == NULL) {
        fail_msg("%s is not set: run this test by tests/unit/pg_cluster.sh", name);
    }
    return value;
}

static inline const char *fixture_url(void)
{
    return fixture_environment("MUSTER_TEST_DATABASE_URL");
}

static inline PGconn *fixture_connect(const char *url)
{
    PGconn *conn = PQconnectdb(url);
    if (PQstatus(conn) != CONNECTION_OK) {
        fail_msg("%s", PQerrorMessage(conn));
    }
    return conn;
}

/* Runs SQL that must succeed; returns the first value as an integer, 0 when there is none. */
static inline long fixture_sql(PGconn *conn, const char *sql)
{
    PGresult *result = PQexec(conn, sql);
    ExecStatusType status = PQresultStatus(result);
    if (status != PGRES_TUPLES_OK && status != PGRES_COMMAND_OK) {
        fail_msg("%s: %s", sql, PQerrorMessage(conn));
    }
    long value = PQntuples(result) > 0 && PQnfields(result) > 0 ? strtol(PQgetvalue(result, 0, 0), NULL, 10) : 0;
    PQclear(result);
    return value;
}

/* start, stop or crash the server. */
static inline void fixture_server(const char *what)
{
    char command[512];
    int length = snprintf(command, sizeof(command), "%s %s", fixture_environment("MUSTER_TEST_DATABASE_CONTROL"), what);
    assert_true(length > 0 && (size_t)length < sizeof(command));
    assert_int_equal(system(command), 0);
}

/* Turns the loop until `is_so(context)`; fails the test after FIXTURE_LIMIT_S. */
static inline void fixture_turn(struct event_base *base, bool (*is_so)(void *context), void *context)
{
    int64_t limit = clock_monotonic() + FIXTURE_LIMIT_S * MICROSECONDS_A_SECOND;
    while (!is_so(context)) {
        assert_true(event_base_loop(base, EVLOOP_ONCE) >= 0); /* a pool's tick ends each wait */
        if (clock_monotonic() > limit) {
            fail_msg("it did not come to be in %d s", FIXTURE_LIMIT_S);
        }
    }
}

static inline bool fixture_pool_is_ready(void *pool)
{
    return pg_pool_is_ready(pool);
}

static inline int64_t fixture_in(int64_t milliseconds)
{
    return clock_monotonic() + milliseconds * 1000;
}

#endif
