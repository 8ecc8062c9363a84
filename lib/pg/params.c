/* SPDX-License-Identifier: Apache-2.0
 * PostgreSQL's binary parameter format. */
#include "pg/params.h"

#include <assert.h>
#include <string.h>

enum { PARAMS_BYTES_MAX = 64 * 1024 * 1024, COLUMN_HEADER = 20 };

/* pg_type.dat */
static const uint32_t type_oids[] = {
    [PG_BOOL] = 16,  [PG_INT2] = 21,   [PG_INT4] = 23,          [PG_INT8] = 20,    [PG_TEXT] = 25,
    [PG_BYTEA] = 17, [PG_UUID] = 2950, [PG_TIMESTAMPTZ] = 1184, [PG_FLOAT8] = 701,
};

/* 2000-01-01T00:00:00Z, PostgreSQL's epoch, in microseconds since 1970. */
static const int64_t postgres_epoch_us = INT64_C(946684800000000);

void pg_params_init(struct pg_params *params)
{
    memset(params, 0, sizeof(*params));
    buffer_init(&params->bytes, PARAMS_BYTES_MAX);
}

void pg_params_release(struct pg_params *params)
{
    buffer_release(&params->bytes);
}

bool pg_params_ok(const struct pg_params *params)
{
    return !params->bytes.failed && !params->in_column;
}

/* Opens a value of `length` bytes: an element of the column, or the next parameter. */
static void begin_value(struct pg_params *params, size_t length)
{
    if (params->in_column) {
        buffer_add_u32(&params->bytes, (uint32_t)length);
        params->column_items++;
        return;
    }
    if (params->count >= PG_PARAMS_MAX || length > INT32_MAX) {
        params->bytes.failed = true;
        return;
    }
    params->offset[params->count] = params->bytes.length;
    params->length[params->count] = length;
    params->null[params->count++] = false;
}

void pg_add_null(struct pg_params *params)
{
    if (params->in_column) {
        buffer_add_u32(&params->bytes, UINT32_MAX); /* length -1 */
        params->column_items++;
        params->column_has_null = true;
        return;
    }
    begin_value(params, 0);
    if (params->count > 0) {
        params->null[params->count - 1] = true;
    }
}

void pg_add_bool(struct pg_params *params, bool value)
{
    begin_value(params, 1);
    buffer_add_byte(&params->bytes, value ? 1 : 0);
}

void pg_add_int2(struct pg_params *params, int16_t value)
{
    begin_value(params, 2);
    buffer_add_u16(&params->bytes, (uint16_t)value);
}

void pg_add_int4(struct pg_params *params, int32_t value)
{
    begin_value(params, 4);
    buffer_add_u32(&params->bytes, (uint32_t)value);
}

void pg_add_int8(struct pg_params *params, int64_t value)
{
    begin_value(params, 8);
    buffer_add_u64(&params->bytes, (uint64_t)value);
}

void pg_add_float8(struct pg_params *params, double value)
{
    uint64_t bits = 0;
    memcpy(&bits, &value, sizeof(bits));
    begin_value(params, 8);
    buffer_add_u64(&params->bytes, bits);
}

void pg_add_text(struct pg_params *params, struct slice value)
{
    begin_value(params, value.length);
    buffer_add_slice(&params->bytes, value);
}

void pg_add_bytea(struct pg_params *params, struct slice value)
{
    pg_add_text(params, value); /* the binary form of both is the bytes themselves */
}

void pg_add_uuid(struct pg_params *params, const struct uuid *value)
{
    pg_add_text(params, slice_make(value->bytes, UUID_SIZE));
}

void pg_add_time(struct pg_params *params, int64_t time_us)
{
    pg_add_int8(params, time_us - postgres_epoch_us);
}

void pg_add_text_or_null(struct pg_params *params, struct slice value)
{
    if (value.length > 0) {
        pg_add_text(params, value);
    } else {
        pg_add_null(params);
    }
}

void pg_add_bytea_or_null(struct pg_params *params, struct slice value)
{
    pg_add_text_or_null(params, value);
}

void pg_column_begin(struct pg_params *params, enum pg_type type)
{
    assert(!params->in_column);
    begin_value(params, 0);
    params->in_column = true;
    params->column_items = 0;
    params->column_has_null = false;
    params->column_items_at = params->bytes.length;
    buffer_add_u32(&params->bytes, 1); /* dimensions; the rest is patched at the end */
    buffer_add_u32(&params->bytes, 0); /* has nulls */
    buffer_add_u32(&params->bytes, type_oids[type]);
    buffer_add_u32(&params->bytes, 0); /* elements */
    buffer_add_u32(&params->bytes, 1); /* lower bound */
}

static void patch_u32(struct pg_params *params, size_t at, uint32_t value)
{
    for (size_t i = 0; i < 4; i++) {
        params->bytes.data[at + i] = (char)(value >> (24 - 8 * i));
    }
}

void pg_column_end(struct pg_params *params)
{
    params->in_column = false;
    if (params->bytes.failed) {
        return;
    }
    size_t at = params->column_items_at;
    patch_u32(params, at + 4, params->column_has_null ? 1 : 0);
    patch_u32(params, at + 12, params->column_items);
    if (params->column_items == 0) { /* an empty array has no dimension */
        patch_u32(params, at, 0);
        params->bytes.length = at + 12;
    }
    params->length[params->count - 1] = params->bytes.length - at;
}
