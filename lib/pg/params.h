/* SPDX-License-Identifier: Apache-2.0
 * The parameters of one statement in PostgreSQL's binary format: scalars, and columns (one-dimensional arrays) for unnest.
 * Source: PostgreSQL 15, src/backend/utils/adt/{array,uuid,timestamp}*.c send/receive functions. */
#ifndef PG_PARAMS_H
#define PG_PARAMS_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#include "core/buffer.h"
#include "core/id.h"
#include "core/slice.h"

enum { PG_PARAMS_MAX = 48 };

enum pg_type { PG_BOOL, PG_INT2, PG_INT4, PG_INT8, PG_TEXT, PG_BYTEA, PG_UUID, PG_TIMESTAMPTZ, PG_FLOAT8 };

/* Owns its bytes; release after the call was started (libpq copies). One sticky failure, checked by pg_params_ok. */
struct pg_params {
    struct buffer bytes;
    unsigned count;
    size_t offset[PG_PARAMS_MAX];
    size_t length[PG_PARAMS_MAX];
    bool null[PG_PARAMS_MAX];
    bool in_column; /* between column_begin and column_end */
    size_t column_items_at;
    uint32_t column_items;
    bool column_has_null;
};

void pg_params_init(struct pg_params *params);
void pg_params_release(struct pg_params *params);
bool pg_params_ok(const struct pg_params *params);

/* Each adds the next parameter ($1, $2, ...), or within a column the next element. */
void pg_add_null(struct pg_params *params);
void pg_add_bool(struct pg_params *params, bool value);
void pg_add_int2(struct pg_params *params, int16_t value);
void pg_add_int4(struct pg_params *params, int32_t value);
void pg_add_int8(struct pg_params *params, int64_t value);
void pg_add_float8(struct pg_params *params, double value);
void pg_add_text(struct pg_params *params, struct slice value);
void pg_add_bytea(struct pg_params *params, struct slice value);
void pg_add_uuid(struct pg_params *params, const struct uuid *value);
void pg_add_time(struct pg_params *params, int64_t time_us); /* microseconds since 1970; PostgreSQL counts from 2000 */
/* Text or bytea that is null when the slice is empty. */
void pg_add_text_or_null(struct pg_params *params, struct slice value);
void pg_add_bytea_or_null(struct pg_params *params, struct slice value);

/* The next parameter is an array of `type`; the pg_add_* calls up to column_end are its elements. */
void pg_column_begin(struct pg_params *params, enum pg_type type);
void pg_column_end(struct pg_params *params);

#endif
