/* SPDX-License-Identifier: Apache-2.0
 * Parameters, byte for byte as PostgreSQL's receive functions want them. */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <string.h>

#include <cmocka.h>

#include "core/id.h"
#include "pg/params.h"

static void check(const struct pg_params *params, unsigned index, const char *hex)
{
    char text[512];
    assert_true(pg_params_ok(params));
    assert_true(index < params->count);
    assert_true(params->length[index] * 2 < sizeof(text));
    (void)hex_format(params->length[index] > 0 ? params->bytes.data + params->offset[index] : "", params->length[index],
                     text);
    assert_string_equal(text, hex);
}

static void scalars_are_big_endian(void **state)
{
    static const struct uuid uuid = {
        {0x01, 0x98, 0xa1, 0xb2, 0xc3, 0xd4, 0x7e, 0xf5, 0x86, 0x07, 0x18, 0x29, 0x3a, 0x4b, 0x5c, 0x6d}};
    struct pg_params params;
    (void)state;
    pg_params_init(&params);
    pg_add_bool(&params, true);
    pg_add_bool(&params, false);
    pg_add_int2(&params, -2);
    pg_add_int4(&params, 0x01020304);
    pg_add_int8(&params, INT64_MIN);
    pg_add_float8(&params, -13.5);
    pg_add_text(&params, SLICE("h\xc3\xa9"));
    pg_add_bytea(&params, slice_make("\0\xff", 2));
    pg_add_uuid(&params, &uuid);
    pg_add_time(&params, INT64_C(946684800000000)); /* 2000-01-01 */
    pg_add_time(&params, 0);                        /* 1970-01-01 */
    static const char *const expected[] = {
        "01",
        "00",
        "fffe",
        "01020304",
        "8000000000000000",
        "c02b000000000000",
        "68c3a9",
        "00ff",
        "0198a1b2c3d47ef5860718293a4b5c6d",
        "0000000000000000",
        "fffca2fec4c82000",
    };
    assert_int_equal(params.count, sizeof(expected) / sizeof(expected[0]));
    for (unsigned i = 0; i < params.count; i++) {
        assert_false(params.null[i]);
        check(&params, i, expected[i]);
    }
    pg_params_release(&params);
}

static void null_is_not_empty(void **state)
{
    struct pg_params params;
    (void)state;
    pg_params_init(&params);
    pg_add_null(&params);
    pg_add_text(&params, SLICE(""));
    pg_add_text_or_null(&params, SLICE(""));
    pg_add_bytea_or_null(&params, SLICE("x"));
    static const bool null[] = {true, false, true, false};
    for (unsigned i = 0; i < 4; i++) {
        assert_int_equal(params.null[i], null[i]);
        assert_int_equal(params.length[i], i == 3 ? 1 : 0);
    }
    assert_true(pg_params_ok(&params));
    pg_params_release(&params);
}

/* src/backend/utils/adt/arrayfuncs.c, array_recv: dimensions, has nulls, element type, then size and lower bound of each dimension. */
static void columns_have_their_header(void **state)
{
    struct pg_params params;
    (void)state;
    pg_params_init(&params);
    pg_add_int4(&params, 7);
    pg_column_begin(&params, PG_INT2);
    pg_add_int2(&params, 1);
    pg_add_int2(&params, -1);
    pg_column_end(&params);
    pg_column_begin(&params, PG_TEXT);
    pg_add_text(&params, SLICE("ab"));
    pg_add_null(&params);
    pg_add_text_or_null(&params, SLICE(""));
    pg_add_text(&params, SLICE(""));
    pg_column_end(&params);
    pg_column_begin(&params, PG_UUID);
    pg_column_end(&params);
    pg_add_bool(&params, true);
    assert_int_equal(params.count, 5);
    check(&params, 0, "00000007");
    check(&params, 1,
          "00000001"
          "00000000"
          "00000015"
          "00000002"
          "00000001"
          "00000002"
          "0001"
          "00000002"
          "ffff");
    check(&params, 2,
          "00000001"
          "00000001"
          "00000019"
          "00000004"
          "00000001"
          "00000002"
          "6162"
          "ffffffff"
          "ffffffff"
          "00000000");
    check(&params, 3,
          "00000000"
          "00000000"
          "00000b86"); /* an empty array has no dimension */
    check(&params, 4, "01");
    pg_params_release(&params);
}

static void too_many_fail_and_stay_failed(void **state)
{
    struct pg_params params;
    (void)state;
    pg_params_init(&params);
    for (unsigned i = 0; i < PG_PARAMS_MAX; i++) {
        pg_add_int4(&params, 1);
    }
    assert_true(pg_params_ok(&params));
    pg_column_begin(&params, PG_INT4);
    pg_add_int4(&params, 1);
    pg_column_end(&params);
    pg_add_null(&params);
    assert_false(pg_params_ok(&params));
    assert_int_equal(params.count, PG_PARAMS_MAX);
    pg_params_release(&params);
}

static void an_open_column_is_not_whole(void **state)
{
    struct pg_params params;
    (void)state;
    pg_params_init(&params);
    pg_column_begin(&params, PG_BOOL);
    pg_add_bool(&params, true);
    assert_false(pg_params_ok(&params));
    pg_column_end(&params);
    assert_true(pg_params_ok(&params));
    pg_params_release(&params);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(scalars_are_big_endian),      cmocka_unit_test(null_is_not_empty),
        cmocka_unit_test(columns_have_their_header),   cmocka_unit_test(too_many_fail_and_stay_failed),
        cmocka_unit_test(an_open_column_is_not_whole),
    };
    return cmocka_run_group_tests_name("pg.params", tests, NULL, NULL);
}
