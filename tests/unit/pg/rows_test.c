/* SPDX-License-Identifier: Apache-2.0
 * Every type there and back through a real PostgreSQL, as parameter, as column, and as row. */
#include "fixture.h"

#include <math.h>

static int connect_owner(void **state)
{
    *state = fixture_connect(fixture_url());
    return 0;
}

static int disconnect_owner(void **state)
{
    PQfinish(*state);
    return 0;
}

static PGresult *run(PGconn *conn, const char *sql, struct pg_params *params)
{
    const char *values[PG_PARAMS_MAX];
    int lengths[PG_PARAMS_MAX];
    int formats[PG_PARAMS_MAX];
    assert_true(pg_params_ok(params));
    for (unsigned i = 0; i < params->count; i++) {
        values[i] = params->null[i] ? NULL : params->bytes.data + params->offset[i];
        lengths[i] = (int)params->length[i];
        formats[i] = 1;
    }
    PGresult *result = PQexecParams(conn, sql, (int)params->count, NULL, values, lengths, formats, 1);
    if (PQresultStatus(result) != PGRES_TUPLES_OK) {
        fail_msg("%s", PQerrorMessage(conn));
    }
    pg_params_release(params);
    return result;
}

static void scalars_come_back(void **state)
{
    static const int64_t times[] = {0, 1, -1, INT64_C(1690995845123456), INT64_C(-62135596800000000)};
    struct uuid uuid = uuid_random();
    struct uuid read;
    struct pg_params params;
    for (size_t i = 0; i < sizeof(times) / sizeof(times[0]); i++) {
        pg_params_init(&params);
        pg_add_bool(&params, i % 2 == 0);
        pg_add_int2(&params, i % 2 == 0 ? INT16_MIN : INT16_MAX);
        pg_add_int4(&params, i % 2 == 0 ? INT32_MIN : INT32_MAX);
        pg_add_int8(&params, i % 2 == 0 ? INT64_MIN : INT64_MAX);
        pg_add_float8(&params, i % 2 == 0 ? 13.5116 : -HUGE_VAL);
        pg_add_text(&params, SLICE("Zinder \xe2\x80\x93 'x'\\"));
        pg_add_bytea(&params, slice_make("\0\1\xff", 3));
        pg_add_uuid(&params, &uuid);
        pg_add_time(&params, times[i]);
        pg_add_null(&params);
        PGresult *result =
            run(*state,
                "SELECT $1::boolean, $2::smallint, $3::integer, $4::bigint, $5::float8, $6::text, $7::bytea, "
                "$8::uuid, $9::timestamptz, $10::text, (extract(epoch FROM $9) * 1000000)::bigint, "
                "$8::text",
                &params);
        char text[UUID_TEXT_SIZE + 1];
        assert_int_equal(pg_get_bool(result, 0, 0), i % 2 == 0);
        assert_true(pg_get_int(result, 0, 1) == (i % 2 == 0 ? INT16_MIN : INT16_MAX));
        assert_true(pg_get_int(result, 0, 2) == (i % 2 == 0 ? INT32_MIN : INT32_MAX));
        assert_true(pg_get_int(result, 0, 3) == (i % 2 == 0 ? INT64_MIN : INT64_MAX));
        assert_true(pg_get_float8(result, 0, 4) == (i % 2 == 0 ? 13.5116 : -HUGE_VAL));
        assert_true(slice_equal(pg_get_slice(result, 0, 5), SLICE("Zinder \xe2\x80\x93 'x'\\")));
        assert_true(slice_equal(pg_get_slice(result, 0, 6), slice_make("\0\1\xff", 3)));
        assert_true(pg_get_uuid(result, 0, 7, &read) && uuid_equal(&read, &uuid));
        assert_true(pg_get_time(result, 0, 8) == times[i]);
        assert_true(pg_is_null(result, 0, 9) && !pg_is_null(result, 0, 0));
        assert_true(pg_get_int(result, 0, 10) == times[i]); /* the server agrees on which instant it is */
        assert_true(slice_equal(pg_get_slice(result, 0, 11), uuid_format(&uuid, text)));
        PQclear(result);
    }
}

/* The server writes each array as text; an element is null wherever `i % 3 == 1`. */
static void check_column(PGconn *conn, enum pg_type type, const char *name, size_t count, const char *expected)
{
    static const struct uuid uuid = {{0xff}};
    char sql[128];
    struct pg_params params;
    pg_params_init(&params);
    pg_column_begin(&params, type);
    for (size_t i = 0; i < count; i++) {
        if (i % 3 == 1) {
            pg_add_null(&params);
            continue;
        }
        switch (type) {
        case PG_BOOL:
            pg_add_bool(&params, i == 0);
            break;
        case PG_INT2:
            pg_add_int2(&params, (int16_t)-i);
            break;
        case PG_INT4:
            pg_add_int4(&params, (int32_t)-i);
            break;
        case PG_INT8:
            pg_add_int8(&params, -(int64_t)i);
            break;
        case PG_TEXT:
            pg_add_text(&params, i == 0 ? SLICE("") : SLICE("a,\"b\"\\"));
            break;
        case PG_BYTEA:
            pg_add_bytea(&params, slice_make("\0\xff", i));
            break;
        case PG_UUID:
            pg_add_uuid(&params, &uuid);
            break;
        case PG_TIMESTAMPTZ:
            pg_add_time(&params, (int64_t)i * 1500000);
            break;
        case PG_FLOAT8:
            pg_add_float8(&params, (double)i / 4);
            break;
        }
    }
    pg_column_end(&params);
    (void)snprintf(sql, sizeof(sql), "SELECT $1::%s[]::text", name);
    PGresult *result = run(conn, sql, &params);
    struct slice text = pg_get_slice(result, 0, 0);
    if (!slice_equal(text, slice_of(expected))) {
        fail_msg("%s[%zu]: %.*s", name, count, SLICE_ARGS(text));
    }
    PQclear(result);
}

static void columns_arrive(void **state)
{
    static const struct {
        enum pg_type type;
        const char *name, *one, *three;
    } cases[] = {
        {PG_BOOL, "boolean", "{t}", "{t,NULL,f}"},
        {PG_INT2, "smallint", "{0}", "{0,NULL,-2}"},
        {PG_INT4, "integer", "{0}", "{0,NULL,-2}"},
        {PG_INT8, "bigint", "{0}", "{0,NULL,-2}"},
        {PG_TEXT, "text", "{\"\"}", "{\"\",NULL,\"a,\\\"b\\\"\\\\\"}"},
        {PG_BYTEA, "bytea", "{\"\\\\x\"}", "{\"\\\\x\",NULL,\"\\\\x00ff\"}"},
        {PG_UUID, "uuid", "{ff000000-0000-0000-0000-000000000000}",
         "{ff000000-0000-0000-0000-000000000000,NULL,ff000000-0000-0000-0000-000000000000}"},
        {PG_TIMESTAMPTZ, "timestamptz", "{\"1970-01-01 00:00:00+00\"}",
         "{\"1970-01-01 00:00:00+00\",NULL,\"1970-01-01 00:00:03+00\"}"},
        {PG_FLOAT8, "float8", "{0}", "{0,NULL,0.5}"},
    };
    (void)fixture_sql(*state, "SET timezone = 'UTC'");
    for (size_t i = 0; i < sizeof(cases) / sizeof(cases[0]); i++) {
        check_column(*state, cases[i].type, cases[i].name, 0, "{}");
        check_column(*state, cases[i].type, cases[i].name, 1, cases[i].one);
        check_column(*state, cases[i].type, cases[i].name, 3, cases[i].three);
    }
}

/* What does not fit what is asked for reads as nothing, never as memory beyond it. */
static void misreadings_are_harmless(void **state)
{
    struct pg_params params;
    struct uuid uuid;
    pg_params_init(&params);
    PGresult *result =
        run(*state, "SELECT 'abc'::text, NULL::integer, 7::integer, 'infinity'::timestamptz, '-infinity'::timestamptz",
            &params);
    assert_int_equal(pg_get_int(result, 0, 0), 0);
    assert_false(pg_get_bool(result, 0, 0));
    assert_true(pg_get_float8(result, 0, 2) == 0);
    assert_int_equal(pg_get_time(result, 0, 2), 0);
    assert_int_equal(pg_get_time(result, 0, 1), 0);
    assert_true(pg_get_time(result, 0, 3) == INT64_MAX);
    assert_true(pg_get_time(result, 0, 4) < INT64_MIN / 2);
    assert_false(pg_get_uuid(result, 0, 0, &uuid));
    assert_int_equal(pg_get_slice(result, 0, 1).length, 0);
    assert_true(pg_is_null(result, 1, 0) && pg_is_null(result, 0, 5)); /* beyond the last row and column */
    assert_int_equal(pg_get_int(result, 1, 2), 0);
    assert_int_equal(pg_get_slice(result, 0, 9).length, 0);
    PQclear(result);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(scalars_come_back),
        cmocka_unit_test(columns_arrive),
        cmocka_unit_test(misreadings_are_harmless),
    };
    return cmocka_run_group_tests_name("pg.rows", tests, connect_owner, disconnect_owner);
}
