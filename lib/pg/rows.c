/* SPDX-License-Identifier: Apache-2.0
 * Reading rows in binary format. */
#include <string.h>

#include "pg/pool.h"

static const int64_t postgres_epoch_us = INT64_C(946684800000000);

static bool is_there(const PGresult *result, int row, int column)
{
    return row < PQntuples(result) && column < PQnfields(result) && !PQgetisnull(result, row, column);
}

bool pg_is_null(const PGresult *result, int row, int column)
{
    return !is_there(result, row, column);
}

static uint64_t big_endian(const PGresult *result, int row, int column, int length)
{
    const unsigned char *bytes = (const unsigned char *)PQgetvalue(result, row, column);
    uint64_t value = 0;
    for (int i = 0; i < length; i++) {
        value = (value << 8) | bytes[i];
    }
    return value;
}

bool pg_get_bool(const PGresult *result, int row, int column)
{
    return is_there(result, row, column) && PQgetlength(result, row, column) == 1 &&
           PQgetvalue(result, row, column)[0] != 0;
}

int64_t pg_get_int(const PGresult *result, int row, int column)
{
    if (!is_there(result, row, column)) {
        return 0;
    }
    switch (PQgetlength(result, row, column)) {
    case 2:
        return (int16_t)big_endian(result, row, column, 2);
    case 4:
        return (int32_t)big_endian(result, row, column, 4);
    case 8:
        return (int64_t)big_endian(result, row, column, 8);
    default:
        return 0;
    }
}

double pg_get_float8(const PGresult *result, int row, int column)
{
    double value = 0;
    if (is_there(result, row, column) && PQgetlength(result, row, column) == 8) {
        uint64_t bits = big_endian(result, row, column, 8);
        memcpy(&value, &bits, sizeof(value));
    }
    return value;
}

int64_t pg_get_time(const PGresult *result, int row, int column)
{
    if (!is_there(result, row, column) || PQgetlength(result, row, column) != 8) {
        return 0;
    }
    int64_t time_us = 0; /* "infinity" is the end of int64_t, and stays it */
    return __builtin_add_overflow(pg_get_int(result, row, column), postgres_epoch_us, &time_us) ? INT64_MAX : time_us;
}

struct slice pg_get_slice(const PGresult *result, int row, int column)
{
    if (!is_there(result, row, column)) {
        return (struct slice){NULL, 0};
    }
    return slice_make(PQgetvalue(result, row, column), (size_t)PQgetlength(result, row, column));
}

bool pg_get_uuid(const PGresult *result, int row, int column, struct uuid *uuid)
{
    struct slice bytes = pg_get_slice(result, row, column);
    if (bytes.length != UUID_SIZE) {
        memset(uuid, 0, sizeof(*uuid));
        return false;
    }
    memcpy(uuid->bytes, bytes.data, UUID_SIZE);
    return true;
}
