/* SPDX-License-Identifier: Apache-2.0
 * A pool with statements of its own, and calls that note what they were told. */
#ifndef TESTS_PG_POOL_SITE_H
#define TESTS_PG_POOL_SITE_H

#include "fixture.h"

enum statement {
    ECHO,
    DIVIDE,
    SLEEP_MS,
    BACKEND_AFTER_MS,
    SHOW_STAFF,
    STORE,
    STORE_CHILD,
    ECHO_BYTES,
    DEALLOCATE,
    SHAPE,
    QUOTE,
    OTHERS,
    LOSE,
    PLANNED,
    STATEMENTS
};

static const struct pg_statement_info site_statements[STATEMENTS] = {
    [ECHO] = {"echo", "tester", "SELECT $1::integer"},
    [DIVIDE] = {"divide", "nobody tester", "SELECT 100 / $1::integer"},
    [SLEEP_MS] = {"sleep_ms", "tester", "SELECT pg_sleep($1::integer / 1000.0)"},
    [BACKEND_AFTER_MS] = {"backend_after_ms", "tester", "SELECT pg_backend_pid() FROM pg_sleep($1::integer / 1000.0)"},
    [SHOW_STAFF] = {"show_staff", "tester",
                    "SELECT coalesce(nullif(current_setting('muster.staff', true), ''), '0')::integer"},
    [STORE] = {"store", "tester", "INSERT INTO item (id) VALUES ($1::integer) RETURNING id"},
    [STORE_CHILD] = {"store_child", "tester", "INSERT INTO child (item_id) VALUES ($1::integer) RETURNING item_id"},
    [ECHO_BYTES] = {"echo_bytes", "tester", "SELECT $1::bytea"},
    [DEALLOCATE] = {"deallocate", "tester", "DEALLOCATE echo"},
    [SHAPE] = {"shape", "tester", "SELECT * FROM shape"},
    [QUOTE] = {"quote", "tester", "SELECT quote_back($1::integer)"},
    [OTHERS] = {"others", "nobody", "SELECT $1::integer"},
    [LOSE] = {"lose", "tester", "SELECT lose($1::integer)"},
    [PLANNED] = {"planned", "tester", "SELECT $1::integer + plan_number()"},
};

struct site {
    PGconn *owner; /* a connection of the test's own */
    struct event_base *base;
    struct pg_pool *pool;
    struct pg_pool_config config;
    unsigned turn, free_told, heard_count;
    char heard[64];
};

/* What a call was told. */
struct call {
    struct site *site;
    unsigned told, turn;
    enum pg_outcome outcome;
    int64_t value;
    size_t length;
    char sqlstate[6];
    char constraint[64];
};

static inline void site_on_free(void *context)
{
    ((struct site *)context)->free_told++;
}

static inline void site_on_notify(void *context, struct slice channel, struct slice payload)
{
    struct site *site = context;
    site->heard_count++;
    (void)snprintf(site->heard, sizeof(site->heard), "%.*s: %.*s", SLICE_ARGS(channel), SLICE_ARGS(payload));
}

static inline int site_setup(void **state)
{
    struct site *site = calloc(1, sizeof(*site));
    assert_non_null(site);
    site->owner = fixture_connect(fixture_url());
    (void)fixture_sql(site->owner,
                      "SET client_min_messages = warning; DROP TABLE IF EXISTS child, item, shape;"
                      "DROP SEQUENCE IF EXISTS attempt; CREATE SEQUENCE attempt;"
                      "CREATE OR REPLACE FUNCTION lose(times integer) RETURNS integer LANGUAGE plpgsql AS $$ BEGIN "
                      "  INSERT INTO item SELECT 1000 + n FROM nextval('attempt') AS n WHERE n <= times; "
                      "  IF FOUND THEN RAISE EXCEPTION USING ERRCODE = '40P01'; END IF; "
                      "  RETURN times; END $$;"
                      /* what is immutable is asked for when it is planned */
                      "CREATE OR REPLACE FUNCTION plan_number() RETURNS integer LANGUAGE plpgsql IMMUTABLE AS $$ BEGIN "
                      "  RETURN nextval('attempt'); END $$;"
                      "CREATE TABLE item (id integer PRIMARY KEY CONSTRAINT item_is_positive CHECK (id > 0));"
                      "CREATE TABLE child (item_id integer CONSTRAINT child_has_item REFERENCES item "
                      "  DEFERRABLE INITIALLY DEFERRED);"
                      "CREATE TABLE shape (id integer); INSERT INTO shape VALUES (1);"
                      "CREATE OR REPLACE FUNCTION quote_back(n integer) RETURNS integer LANGUAGE plpgsql AS $$ BEGIN "
                      "  RAISE NOTICE 'Amina Example %', n; RAISE EXCEPTION 'Amina Example %', n "
                      "  USING DETAIL = 'Amina Example', ERRCODE = '22000'; END $$");
    site->base = event_base_new();
    assert_non_null(site->base);
    site->config = (struct pg_pool_config){
        .base = site->base,
        .conninfo = fixture_url(),
        .role = "tester",
        .connections = 1,
        .pipeline_depth = 1,
        .queue_max = 1000,
        .on_free = site_on_free,
        .on_notify = site_on_notify,
        .context = site,
        .statements = site_statements,
        .statement_count = STATEMENTS,
    };
    *state = site;
    return 0;
}

static inline int site_teardown(void **state)
{
    struct site *site = *state;
    pg_pool_free(site->pool);
    event_base_free(site->base);
    PQfinish(site->owner);
    free(site);
    return 0;
}

static inline void site_open_unready(struct site *site, unsigned connections, unsigned depth)
{
    struct error error = {.code = ERROR_NONE};
    site->config.connections = connections;
    site->config.pipeline_depth = depth;
    site->pool = pg_pool_new(&site->config, &error);
    if (site->pool == NULL) {
        fail_msg("%s", error.detail);
    }
}

static inline void site_open(struct site *site, unsigned connections, unsigned depth)
{
    site_open_unready(site, connections, depth);
    fixture_turn(site->base, fixture_pool_is_ready, site->pool);
}

static inline void site_on_done(void *context, const struct pg_answer *answer)
{
    struct call *call = context;
    call->told++;
    call->turn = ++call->site->turn;
    call->outcome = answer->outcome;
    if (answer->outcome == PG_COMMITTED) {
        assert_non_null(answer->result);
        call->value = pg_get_int(answer->result, 0, 0);
        call->length = pg_get_slice(answer->result, 0, 0).length;
    } else {
        assert_null(answer->result);
    }
    memcpy(call->sqlstate, answer->sqlstate, sizeof(call->sqlstate));
    memcpy(call->constraint, answer->constraint, sizeof(call->constraint));
}

/* `params` NULL: none. */
static inline struct pg_call *site_call(struct site *site, struct call *call, enum statement statement,
                                        const struct pg_params *params, const char *const *settings,
                                        int64_t deadline_us)
{
    struct pg_params none;
    *call = (struct call){.site = site};
    pg_params_init(&none);
    struct pg_call *started = pg_pool_call(site->pool, (enum pg_statement)statement, params != NULL ? params : &none,
                                           settings, deadline_us, site_on_done, call);
    assert_non_null(started);
    return started;
}

static inline struct pg_call *site_call_number(struct site *site, struct call *call, enum statement statement,
                                               int number, int64_t deadline_us)
{
    struct pg_params params;
    pg_params_init(&params);
    pg_add_int4(&params, number);
    struct pg_call *started = site_call(site, call, statement, &params, NULL, deadline_us);
    pg_params_release(&params);
    return started;
}

struct site_wait {
    const struct site *site;
    const struct call *calls;
    unsigned count;
};

static inline bool site_all_told(void *context)
{
    const struct site_wait *wait = context;
    for (unsigned i = 0; i < wait->count; i++) {
        if (wait->calls[i].told == 0) {
            return false;
        }
    }
    return true;
}

static inline void site_wait(struct site *site, const struct call *calls, unsigned count)
{
    struct site_wait wait = {site, calls, count};
    fixture_turn(site->base, site_all_told, &wait);
}

static inline bool site_has_connections(void *context)
{
    const struct site_wait *wait = context;
    return pg_pool_metrics(wait->site->pool)->ready == wait->count;
}

static inline void site_wait_connections(struct site *site, unsigned count)
{
    struct site_wait wait = {site, NULL, count};
    fixture_turn(site->base, site_has_connections, &wait);
}

static inline bool site_has_heard(void *context)
{
    const struct site_wait *wait = context;
    return wait->site->heard_count >= wait->count;
}

static inline void site_wait_heard(struct site *site, unsigned count)
{
    struct site_wait wait = {site, NULL, count};
    fixture_turn(site->base, site_has_heard, &wait);
}

#endif
