/* SPDX-License-Identifier: Apache-2.0
 * A batch on a real PostgreSQL, its records, and what became of them. */
#ifndef TESTS_PG_BATCH_SITE_H
#define TESTS_PG_BATCH_SITE_H

#include "fixture.h"

#include "pg/batch.h"

enum { RECORDS_MAX = 2048 };
enum statement { STORE, STORE_WHEN_LET, STORE_ODDLY, STORE_FLAKILY, STATEMENTS };

#define STORE_SQL                                                                                                      \
    "INSERT INTO record (id, note) SELECT * FROM unnest($1::integer[], $2::text[]) RETURNING id, statement"

static const struct pg_statement_info statements[STATEMENTS] = {
    [STORE] = {"store", "tester", STORE_SQL},
    [STORE_WHEN_LET] = {"store_when_let", "tester", /* waits for whoever holds the advisory lock of its lowest id */
                        "WITH let AS MATERIALIZED (SELECT pg_advisory_xact_lock_shared(min(id)) "
                        "  FROM unnest($1::integer[]) AS t (id)) INSERT INTO record (id, note) "
                        "SELECT t.* FROM let, unnest($1::integer[], $2::text[]) AS t RETURNING id, statement"},
    [STORE_ODDLY] = {"store_oddly", "tester", "SELECT 1 FROM unnest($1::integer[], $2::text[]) OFFSET 1"},
    [STORE_FLAKILY] = {"store_flakily", "tester", "SELECT * FROM store_flakily($1::integer[], $2::text[])"},
};

struct record {
    int id;
    const char *note;
};

struct site;

/* What became of a record. */
struct outcome {
    struct site *site;
    int id;
    unsigned told, turn;
    enum pg_outcome outcome;
    int64_t stored_id, statement;
    char sqlstate[6];
    char constraint[64];
};

struct site {
    PGconn *owner;
    struct event_base *base;
    struct pg_pool *pool;
    struct batch *batch;
    struct batch *routine; /* a less urgent batch on the same pool; NULL in most tests */
    struct batch_kind kind;
    unsigned turn, records_freed;
    int64_t refill_from, refill_to; /* on_done adds these records, one each */
    unsigned added;
    struct outcome outcomes[RECORDS_MAX];
};

static struct site *current; /* free_record has no context */

static void encode(struct pg_params *params, const void *const records[], size_t count)
{
    const struct record *const *all = (const struct record *const *)records;
    pg_column_begin(params, PG_INT4);
    for (size_t i = 0; i < count; i++) {
        pg_add_int4(params, all[i]->id);
    }
    pg_column_end(params);
    pg_column_begin(params, PG_TEXT);
    for (size_t i = 0; i < count; i++) {
        pg_add_text_or_null(params, slice_of(all[i]->note));
    }
    pg_column_end(params);
}

static void free_record(void *record)
{
    current->records_freed++;
    free(record);
}

static int site_setup(void **state)
{
    struct site *site = calloc(1, sizeof(*site));
    assert_non_null(site);
    site->owner = fixture_connect(fixture_url());
    (void)fixture_sql(
        site->owner,
        "SET client_min_messages = warning; DROP TABLE IF EXISTS record; DROP SEQUENCE IF EXISTS failures;"
        "CREATE TABLE record (id integer PRIMARY KEY, note text CONSTRAINT note_is_good CHECK (note <> 'bad'),"
        "  statement bigint DEFAULT txid_current(), place bigserial);"
        "CREATE SEQUENCE failures;"
        "CREATE OR REPLACE FUNCTION store_flakily(ids integer[], notes text[]) "
        "RETURNS TABLE (stored integer, in_statement bigint) LANGUAGE plpgsql AS $$ BEGIN "
        "  IF nextval('failures') <= 3 THEN RAISE EXCEPTION 'not now' USING ERRCODE = '40001'; END IF;"
        "  RETURN QUERY INSERT INTO record (id, note) SELECT * FROM unnest(ids, notes) RETURNING id, statement;"
        "END $$");
    site->base = event_base_new();
    assert_non_null(site->base);
    current = site;
    *state = site;
    return 0;
}

static int site_teardown(void **state)
{
    struct site *site = *state;
    batch_free(site->batch);
    batch_free(site->routine);
    pg_pool_free(site->pool);
    assert_int_equal(site->records_freed, site->added);
    event_base_free(site->base);
    PQfinish(site->owner);
    free(site);
    return 0;
}

static void poke(void *context)
{
    struct site *site = context;
    if (site->batch != NULL) {
        batch_poke(site->batch);
    }
    if (site->routine != NULL) {
        batch_poke(site->routine);
    }
}

static void site_open(struct site *site, enum statement statement, unsigned connections, unsigned deadline_s)
{
    static const struct batch_limit limits[BATCH_CLASSES] = {
        {RECORDS_MAX, 0, 0}, {RECORDS_MAX, 0, 0}, {RECORDS_MAX, 100, 300}, {8, 100, 0}};
    struct error error = {.code = ERROR_NONE};
    const struct pg_pool_config config = {
        .base = site->base,
        .conninfo = fixture_url(),
        .role = "tester",
        .connections = connections,
        .pipeline_depth = 1,
        .queue_max = 100,
        .on_free = poke,
        .context = site,
        .statements = statements,
        .statement_count = STATEMENTS,
    };
    site->kind = (struct batch_kind){(enum pg_statement)statement, encode, free_record};
    site->pool = pg_pool_new(&config, &error);
    assert_non_null(site->pool);
    site->batch = batch_new(site->pool, &site->kind, limits, deadline_s);
    assert_non_null(site->batch);
    fixture_turn(site->base, fixture_pool_is_ready, site->pool);
}

static struct batch_item *add(struct site *site, unsigned class, int id, const char *note);

static void on_done(void *context, enum pg_outcome outcome, const PGresult *result, int row, const char *sqlstate,
                    const char *constraint)
{
    struct outcome *o = context;
    o->told++;
    o->turn = ++o->site->turn;
    o->outcome = outcome;
    if (outcome == PG_COMMITTED) {
        o->stored_id = pg_get_int(result, row, 0);
        o->statement = pg_get_int(result, row, 1);
    } else {
        assert_null(result);
    }
    (void)snprintf(o->sqlstate, sizeof(o->sqlstate), "%s", sqlstate);
    (void)snprintf(o->constraint, sizeof(o->constraint), "%s", constraint);
    if (o->site->refill_from < o->site->refill_to) {
        assert_non_null(add(o->site, 1, (int)o->site->refill_from++, "later"));
    }
}

/* Record `id` tells outcomes[id]. */
static struct batch_item *add(struct site *site, unsigned class, int id, const char *note)
{
    struct record *record = calloc(1, sizeof(*record));
    assert_non_null(record);
    *record = (struct record){id, note};
    site->outcomes[id] = (struct outcome){.site = site, .id = id};
    struct batch_item *item = batch_add(site->batch, class, record, on_done, &site->outcomes[id]);
    if (item == NULL) {
        free(record);
    } else {
        site->added++;
    }
    return item;
}

struct range {
    const struct site *site;
    int from, to;
};

static bool all_told(void *context)
{
    const struct range *range = context;
    for (int i = range->from; i < range->to; i++) {
        if (range->site->outcomes[i].told == 0) {
            return false;
        }
    }
    return true;
}

static void wait_for(struct site *site, int from, int to)
{
    struct range range = {site, from, to};
    fixture_turn(site->base, all_told, &range);
}

static void check_stored(const struct site *site, int from, int to)
{
    for (int i = from; i < to; i++) {
        const struct outcome *o = &site->outcomes[i];
        assert_int_equal(o->told, 1);
        assert_int_equal(o->outcome, PG_COMMITTED);
        assert_int_equal(o->stored_id, i); /* its own row */
    }
}

#endif
